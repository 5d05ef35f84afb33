"""Every stack rule: pass, fail, unknown, secret, excluded, not applicable; and no rule of the registry lacks one of the six."""

from __future__ import annotations

from dataclasses import replace

import pytest

from byob_components.policies import RULES, Rule, Scope, rule
from byob_components.policies.tree import Node
from tests.policies.made import judged_stack, outcome, secret
from tests.policies.rows import StackRow, Whole
from tests.policies.stack_rows import ROWS
from tests.policies.test_rules import ROWS as RESOURCE_ROWS

ALWAYS_KNOWN = {
    "byob-aws-bucket-protect", "byob-aws-key-protect", "byob-azure-protect", "byob-azure-key-protect",
    "byob-gcp-bucket-protect", "byob-gcp-key-protect",
}  # fmt: skip
"""Rules that read nothing but the option `protect`, which the engine always knows."""
each = pytest.mark.parametrize("name", ROWS)


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.name)
def test_no_rule_lacks_a_kind_of_case(one: Rule) -> None:
    """Secret and excluded cases are made from the good and the bad ones, and so is what lies outside of a scope."""
    rows: list[StackRow] = [ROWS[one.name]] if one.stack else []
    kinds = {
        "pass": [*(row.good for row in rows), *(row.good for name, row in RESOURCE_ROWS if name == one.name)],
        "fail": [*(row.bad for row in rows), *(row.bad for name, row in RESOURCE_ROWS if name == one.name)],
        "unknown": [*(row.unknown for row in rows), *(row.unknown for name, row in RESOURCE_ROWS if name == one.name)],
    }
    lacking = {kind for kind, cases in kinds.items() if not any(cases)}
    assert lacking == ({"unknown"} if one.name in ALWAYS_KNOWN else set())


def hidden(stack: Whole) -> Whole:
    """The same stack, with all that it holds marked as secret."""
    return tuple(
        replace(one, inputs=Node(secret(one.inputs.value)), outputs=Node(secret(one.outputs.value))) for one in stack
    )


@each
def test_pass(name: str) -> None:
    for stack in ROWS[name].good:
        assert outcome(judged_stack(name, stack)) == "fine", stack
        assert outcome(judged_stack(name, reversed(stack))) == "fine", stack


@each
def test_fail(name: str) -> None:
    for stack in ROWS[name].bad:
        answer = judged_stack(name, stack)
        assert outcome(answer) == "violation", stack
        assert {found.urn for found in answer.violations} <= {one.urn for one in stack if one.type in rule(name).types}
        assert all(found.message.startswith(rule(name).code) for found in answer.violations)


@each
def test_unknown(name: str) -> None:
    for stack in ROWS[name].unknown:
        answer = judged_stack(name, stack)
        assert outcome(answer) == "unknown", stack
        assert answer.undecided.startswith(f"{rule(name).code} ")


@each
def test_secret(name: str) -> None:
    for stack in (*ROWS[name].good, *ROWS[name].bad, *ROWS[name].spared):
        assert judged_stack(name, hidden(stack)) == judged_stack(name, stack), stack


@each
def test_excluded(name: str) -> None:
    for stack in ROWS[name].bad:
        for answer in (judged_stack(name, stack, exclude=("*",)), judged_stack(name, stack, include=("nobody",))):
            assert outcome(answer) == "not applicable"
            assert "configuration" in answer.not_applicable


@each
def test_not_applicable(name: str) -> None:
    assert outcome(judged_stack(name, [])) == "not applicable"
    for stack in ROWS[name].spared:
        assert outcome(judged_stack(name, stack)) == "not applicable", stack
    for stack in ROWS[name].bad:
        if not any(one.ours for one in stack):
            assert outcome(judged_stack(name, stack, scope=Scope.BYOB)) == "not applicable", stack
