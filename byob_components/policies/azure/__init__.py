"""The rules of Azure."""

from byob_components.policies.azure import access, account, service, vault
from byob_components.policies.rule import Rule

RULES: tuple[Rule, ...] = (*account.RULES, *service.RULES, *access.RULES, *vault.RULES)
"""All rules of Azure."""
