"""docs/policies.md describes every rule as it is. `section` renders a rule; a section of the page must be that text."""

from __future__ import annotations

import re

from byob_components.policies import RULES, Rule
from byob_components.policies.rule import PAGE
from sandbox.places import ROOT

TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
TITLES = {"aws": "AWS", "gcp": "Google Cloud", "azure": "Azure", "s3": "S3-compatible servers and CoreWeave"}


def section(rule: Rule) -> str:
    """A rule's section of the page.

    Args:
        rule: The rule.
    """
    runs = "stack rule" if rule.stack else "resource rule"
    types = ", ".join(f"`{type_.rpartition(':')[2]}`" for type_ in rule.types)
    controls = ", ".join(map(str, rule.frameworks)) or "none: only W&B needs it"
    lines = [
        f"### {rule.name}",
        "",
        f"{rule.title} {rule.why}",
        "",
        f"- **{rule.code}**, {rule.severity}, {rule.level}, {runs} on {types}",
        f"- Controls: {controls}",
        f"- Fix: {rule.fix}.",
    ]
    if rule.principals:
        lines.append(f"- `principals`: {rule.principals}")
    if rule.minimum_days is not None:
        lines.append(f"- `minimumDays`: {rule.minimum_days}")
    if rule.remedy is not None:
        lines.append("- Can be mended at level `remediate`.")
    return "\n".join(lines)


def rendered() -> str:
    """The sections of all rules."""
    parts = []
    for cloud in dict.fromkeys(rule.cloud for rule in RULES):
        parts += [f"## {TITLES[cloud]}", *(section(rule) for rule in RULES if rule.cloud == cloud)]
    return "\n\n".join(parts) + "\n"


def test_the_page_ends_with_every_rule() -> None:
    assert TEXT.endswith(rendered())


def test_the_page_speaks_of_rules_that_exist() -> None:
    names = {rule.name for rule in RULES}
    assert set(re.findall(r"\bbyob-(?:aws|gcp|azure|s3)-[a-z0-9-]+[a-z0-9]", TEXT)) == names
    for anchor in re.findall(r"\]\(#(byob-[a-z0-9-]+)\)", TEXT):
        assert anchor in names
