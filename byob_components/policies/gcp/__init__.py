"""The rules of Google Cloud."""

from byob_components.policies.rule import Rule

RULES: tuple[Rule, ...] = ()
