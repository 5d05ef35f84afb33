"""V07, judged from plain data."""

from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.result import Record
from byob_components.verify.s3.lifecycle import judge_lifecycle

OLD = {"ID": "noncurrent", "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
       "Expiration": {"ExpiredObjectDeleteMarker": True}}  # fmt: skip
UPLOADS = {
    "ID": "uploads",
    "Status": "Enabled",
    "Filter": {},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}


def expire(**where: Any) -> dict[str, Any]:
    return {"ID": "logs", "Status": "Enabled", "Expiration": {"Days": 90}, **where}


@pytest.mark.parametrize(
    "rule",
    [
        expire(Filter={"Prefix": "robotics/"}),
        expire(Filter={"Prefix": "vision2/"}),
        expire(Filter={}, Status="Disabled"),
        expire(Filter={"Tag": {"Key": "temporary", "Value": "yes"}}),
        expire(Filter={"And": {"Prefix": "vision/", "Tags": [{"Key": "temporary", "Value": "yes"}]}}),
        {"ID": "warm", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}]},
        {"ID": "instant", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 30, "StorageClass": "GLACIER_IR"}]},
    ],
)  # fmt: skip
def test_rules_that_leave_current_objects_alone(rule: dict[str, Any]) -> None:
    record = Record()
    judge_lifecycle(record, [OLD, UPLOADS, rule], "vision", 30)
    assert (record.state, record.evidence) == (
        State.PASS,
        ["unfinished uploads are dropped after 7 days", "old versions expire after 30 days", "current objects stay"],
    )


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (expire(Filter={}), "vision"),
        (expire(), "vision"),
        (expire(Filter={"Prefix": ""}), "vision"),
        (expire(Prefix="vision/"), "vision"),
        (expire(Filter={"Prefix": "vis"}), "vision"),
        (expire(Filter={"Prefix": "vision/old-runs/"}), "vision"),
        (expire(Filter={"And": {"Prefix": "vision/", "ObjectSizeGreaterThan": 1000}}), "vision"),
        (expire(Filter={"ObjectSizeGreaterThan": 1000}), "vision"),
        (expire(Filter={"Prefix": "anything/"}), ""),
    ],
)
def test_rules_that_expire_wandbs_objects(rule: dict[str, Any], path: str) -> None:
    record = Record()
    judge_lifecycle(record, [OLD, UPLOADS, rule], path, 30)
    assert record.state is State.FAIL
    assert record.evidence[0] == "rule 'logs' expires current objects after 90 days: run history is lost"


@pytest.mark.parametrize(
    ("rules", "declared", "state", "said"),
    [
        ([OLD, UPLOADS], 0, State.PASS, "old versions expire after 30 days"),
        ([OLD, UPLOADS], 60, State.FAIL, "old versions expire after 30 days, declared 60"),
        ([UPLOADS], 30, State.FAIL, "old versions never expire, declared 30 days"),
        ([UPLOADS], 0, State.WARN, "old versions are kept, and paid for, for ever: W&B has no right to delete one"),
        ([OLD | {"Filter": {"Prefix": "robotics/"}}, UPLOADS], 30, State.FAIL, "old versions never expire, declared 30 days"),
        ([OLD | {"Filter": {"ObjectSizeLessThan": 9}}, UPLOADS], 30, State.FAIL, "old versions never expire, declared 30 days"),
        ([OLD], 30, State.WARN, "unfinished uploads are kept, and paid for, for ever: W&B's SDK never aborts one"),
        ([OLD, UPLOADS | {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}], 30, State.FAIL,
         "rule 'uploads' drops uploads after 1 days, while their URLs may live for 24 hours"),
        ([OLD, UPLOADS, {"ID": "date", "Status": "Enabled", "Filter": {}, "Expiration": {"Date": "2027-01-01"}}], 30, State.FAIL,
         "rule 'date' expires current objects on 2027-01-01: run history is lost"),
        ([OLD, UPLOADS, {"ID": "cold", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 1, "StorageClass": "DEEP_ARCHIVE"}]}],
         30, State.FAIL, "rule 'cold' moves current objects to DEEP_ARCHIVE: downloads fail until restored"),
        ([], 30, State.FAIL, "old versions never expire, declared 30 days"),
    ],
)  # fmt: skip
def test_what_must_be_cleared_away(rules: list[dict[str, Any]], declared: int, state: State, said: str) -> None:
    record = Record()
    judge_lifecycle(record, rules, "vision", declared)
    assert record.state is state
    assert said in record.evidence
