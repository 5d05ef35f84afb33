"""V07, judged from plain data."""

from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.gcs.lifecycle import judge_lifecycle
from byob_components.verify.result import Record


def delete(**condition: Any) -> dict[str, Any]:
    return {"action": {"type": "Delete"}, "condition": condition}


def abort(**condition: Any) -> dict[str, Any]:
    return {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": condition}


OLD, UPLOADS = delete(daysSinceNoncurrentTime=30, isLive=False), abort(age=7)


@pytest.mark.parametrize(
    "rule",
    [
        delete(age=90, matchesPrefix=["robotics/", "vision2/"]),
        delete(age=90, isLive=False, matchesPrefix=["robotics/"]),
        delete(daysSinceCustomTime=30),
        delete(customTimeBefore="2026-01-01"),
        delete(daysSinceNoncurrentTime=90),
        {"action": {"type": "SetStorageClass", "storageClass": "NEARLINE"}, "condition": {"age": 30}},
        {"action": {"type": "SetStorageClass", "storageClass": "ARCHIVE"}, "condition": {"age": 365}},
    ],
)
def test_rules_that_leave_current_objects_alone(rule: dict[str, Any]) -> None:
    record = Record()
    judge_lifecycle(record, [OLD, UPLOADS, rule], "vision", 30)
    assert (record.state, record.evidence) == (
        State.PASS,
        ["unfinished uploads are dropped after 7 days", "old generations expire after 30 days", "current objects stay"],
    )


@pytest.mark.parametrize(
    ("condition", "path", "shown"),
    [
        ({"age": 90}, "vision", "age 90"),
        ({"age": 0, "isLive": True}, "vision", "age 0, isLive True"),
        ({"createdBefore": "2026-01-01"}, "vision", "createdBefore 2026-01-01"),
        ({"age": 90, "matchesPrefix": ["vision/"]}, "vision", "age 90, matchesPrefix ['vision/']"),
        ({"age": 90, "matchesPrefix": ["robotics/", "vis"]}, "vision", "age 90, matchesPrefix ['robotics/', 'vis']"),
        ({"age": 90, "matchesPrefix": ["vision/old-runs/"]}, "vision", "age 90, matchesPrefix ['vision/old-runs/']"),
        ({"age": 90, "matchesSuffix": [".tmp"]}, "vision", "age 90, matchesSuffix ['.tmp']"),
        ({"age": 90, "matchesStorageClass": ["ARCHIVE"]}, "vision", "age 90, matchesStorageClass ['ARCHIVE']"),
        ({"numNewerVersions": 0}, "vision", "numNewerVersions 0"),
        ({"age": 90, "matchesPrefix": ["anything/"]}, "", "age 90, matchesPrefix ['anything/']"),
    ],
)
def test_rules_that_expire_wandbs_objects(condition: dict[str, Any], path: str, shown: str) -> None:
    record = Record()
    judge_lifecycle(record, [OLD, UPLOADS, delete(**condition)], path, 30)
    assert record.state is State.FAIL
    assert record.evidence[0] == f"a rule deletes current objects ({shown}): run history is lost"


@pytest.mark.parametrize(
    ("rules", "declared", "state", "said"),
    [
        ([OLD, UPLOADS], 0, State.PASS, "old generations expire after 30 days"),
        ([delete(daysSinceNoncurrentTime=30, numNewerVersions=3), UPLOADS], 30, State.PASS, "old generations expire after 30 days"),
        ([OLD, UPLOADS], 60, State.FAIL, "old generations expire after 30 days, declared 60"),
        ([UPLOADS], 30, State.FAIL, "old generations never expire, declared 30 days"),
        ([UPLOADS], 0, State.WARN, "old generations are kept, and paid for, for ever"),
        ([delete(daysSinceNoncurrentTime=30, matchesPrefix=["robotics/"]), UPLOADS], 30, State.FAIL,
         "old generations never expire, declared 30 days"),
        ([delete(daysSinceNoncurrentTime=30, matchesSuffix=[".log"]), UPLOADS], 30, State.FAIL,
         "old generations never expire, declared 30 days"),
        ([OLD, UPLOADS, delete(numNewerVersions=1)], 30, State.FAIL,
         "a rule deletes old generations without waiting (numNewerVersions 1): what was overwritten today can be gone today"),
        ([OLD, UPLOADS, delete(age=30, isLive=False)], 30, State.FAIL,
         "a rule deletes old generations without waiting (age 30, isLive False): what was overwritten today can be gone today"),
        ([OLD], 30, State.WARN, "unfinished multipart uploads are kept, and paid for, for ever"),
        ([OLD, abort(age=7, matchesPrefix=["robotics/"])], 30, State.WARN, "unfinished multipart uploads are kept, and paid for, for ever"),
        ([OLD, abort(age=1)], 30, State.FAIL, "a rule drops uploads after 1 days, while their URLs may live for 24 hours"),
        ([], 30, State.FAIL, "old generations never expire, declared 30 days"),
    ],
)  # fmt: skip
def test_what_must_be_cleared_away(rules: list[dict[str, Any]], declared: int, state: State, said: str) -> None:
    record = Record()
    judge_lifecycle(record, rules, "vision", declared)
    assert record.state is state
    assert said in record.evidence
