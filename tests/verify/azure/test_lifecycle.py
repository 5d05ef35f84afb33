"""V07, judged from plain data."""

from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.azure.lifecycle import judge_lifecycle
from byob_components.verify.result import Record

PLACE = "wandb/vision/"


def rule(name: str, actions: dict[str, Any], enabled: bool = True, **filters: Any) -> dict[str, Any]:
    definition = {"actions": actions, "filters": {"blobTypes": ["blockBlob"], **filters}}
    return {"name": name, "enabled": enabled, "type": "Lifecycle", "definition": definition}


OLD = rule("previous-versions", {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}})
DELETE = {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 90}}}


@pytest.mark.parametrize(
    "more",
    [
        rule("logs", DELETE, prefixMatch=["logs/"]),
        rule("logs", DELETE, prefixMatch=["wandb/robotics/", "wandb/vision2/"]),
        rule("logs", DELETE, enabled=False),
        rule("logs", DELETE, blobTypes=["appendBlob"]),
        rule("logs", DELETE, blobIndexMatch=[{"name": "temporary", "op": "==", "value": "yes"}]),
        rule("cool", {"baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}}}),
        rule("snapshots", {"snapshot": {"delete": {"daysAfterCreationGreaterThan": 1}}}),
    ],
)
def test_rules_that_leave_current_blobs_alone(more: dict[str, Any]) -> None:
    record = Record()
    judge_lifecycle(record, [OLD, more], PLACE, 30, True)
    assert (record.state, record.evidence) == (
        State.PASS,
        ["previous versions are removed after 30 days", "current blobs stay"],
    )


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"prefixMatch": ["wandb"]},
        {"prefixMatch": ["logs/", "wandb/vis"]},
        {"prefixMatch": ["wandb/vision/old-runs/"]},
    ],
)
def test_rules_that_remove_wandbs_blobs(filters: dict[str, Any]) -> None:
    record = Record()
    judge_lifecycle(record, [OLD, rule("logs", DELETE, **filters)], PLACE, 30, True)
    assert record.state is State.FAIL
    assert record.evidence[0] == "rule 'logs' removes current blobs: run history is lost"


def test_a_rule_that_archives_wandbs_blobs() -> None:
    record = Record()
    cold = rule("cold", {"baseBlob": {"tierToArchive": {"daysAfterModificationGreaterThan": 90}}})
    judge_lifecycle(record, [OLD, cold], PLACE, 30, True)
    assert (record.state, record.evidence[0]) == (
        State.FAIL,
        "rule 'cold' archives current blobs: downloads fail until they are brought back",
    )


@pytest.mark.parametrize(
    ("rules", "declared", "versioned", "state", "said"),
    [
        ([OLD], 0, True, State.PASS, "previous versions are removed after 30 days"),
        ([OLD], 60, True, State.FAIL, "previous versions are removed after 30 days, declared 60"),
        ([], 30, True, State.FAIL, "previous versions are never removed, declared 30 days"),
        ([], 0, True, State.WARN, "previous versions are kept, and paid for, for ever: W&B's roles do not clear them away"),
        ([], 0, False, State.PASS, "current blobs stay"),
        ([{**OLD, "enabled": False}], 30, True, State.FAIL, "previous versions are never removed, declared 30 days"),
        ([rule("old", {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}, prefixMatch=["wandb/robotics/"])], 30, True,
         State.FAIL, "previous versions are never removed, declared 30 days"),
        ([rule("old", {"version": {"delete": {"daysAfterCreationGreaterThan": 30.0}}}, prefixMatch=["wandb/"])], 30, True,
         State.PASS, "previous versions are removed after 30 days"),
    ],
)  # fmt: skip
def test_what_becomes_of_previous_versions(
    rules: list[dict[str, Any]], declared: int, versioned: bool, state: State, said: str
) -> None:
    record = Record()
    judge_lifecycle(record, rules, PLACE, declared, versioned)
    assert (record.state, record.evidence[0]) == (state, said)
