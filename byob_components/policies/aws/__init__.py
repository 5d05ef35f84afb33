"""The rules of AWS."""

from byob_components.policies.aws import access, bucket, credential, key, objects, presence
from byob_components.policies.rule import Rule

RULES: tuple[Rule, ...] = (*bucket.RULES, *presence.RULES, *access.RULES, *objects.RULES, *key.RULES, *credential.RULES)
"""All rules of AWS."""
