"""Every rule, in the order of its code."""

from __future__ import annotations

from byob_components.policies import aws, azure, gcp, s3_compatible
from byob_components.policies.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted((*aws.RULES, *azure.RULES, *gcp.RULES, *s3_compatible.RULES), key=lambda rule: rule.code)
)
"""All rules."""
_BY_NAME = {one.name: one for one in RULES}


def rule(name: str) -> Rule:
    """A rule.

    Args:
        name: Its name.

    Raises:
        KeyError: There is none of that name.
    """
    return _BY_NAME[name]


def rules_for(cloud: str) -> tuple[Rule, ...]:
    """The rules of a cloud.

    Args:
        cloud: As in the rules' names, for example `aws`.
    """
    return tuple(one for one in RULES if one.cloud == cloud)
