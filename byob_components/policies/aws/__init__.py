"""The rules of AWS."""

from byob_components.policies.aws import access, bucket, credential, key, key_use, objects, presence
from byob_components.policies.rule import Rule

RULES: tuple[Rule, ...] = (
    *bucket.RULES,
    *presence.RULES,
    *access.RULES,
    *objects.RULES,
    *key.RULES,
    *key_use.RULES,
    *credential.RULES,
)
"""All rules of AWS."""
