"""The rules of Azure."""

from byob_components.policies.azure import access, account, service
from byob_components.policies.rule import Rule

RULES: tuple[Rule, ...] = (*account.RULES, *service.RULES, *access.RULES)
"""All rules of Azure."""
