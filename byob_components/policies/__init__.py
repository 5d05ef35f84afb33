"""Policies that guard every bucket: rules as plain data, and what runs them.

The rules need neither pulumi nor a cloud's SDK; `byob_components.policies.serving` runs them for the engine.
"""

from byob_components.policies.finding import Finding, Verdict
from byob_components.policies.registry import RULES, rule, rules_for
from byob_components.policies.rule import Framework, Level, Rule, Scope, Settings, Severity
from byob_components.policies.session import Session

__all__ = [
    "RULES",
    "Finding",
    "Framework",
    "Level",
    "Rule",
    "Scope",
    "Session",
    "Settings",
    "Severity",
    "Verdict",
    "rule",
    "rules_for",
]
