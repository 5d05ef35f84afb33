"""The rules of Google Cloud."""

from byob_components.policies.gcp import access, bucket, credential, key, objects
from byob_components.policies.rule import Rule

RULES: tuple[Rule, ...] = (*bucket.RULES, *objects.RULES, *access.RULES, *key.RULES, *credential.RULES)
"""All rules of Google Cloud."""
