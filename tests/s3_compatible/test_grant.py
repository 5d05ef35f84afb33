"""W&B's rights on a bucket made elsewhere: the policy is written whole, and nothing that others have put there is lost."""

import json
from typing import Any

import pytest

from byob_components.s3_compatible import S3CompatibleGrant
from byob_components.store import ByobRunError
from tests.mocks.aws import record
from tests.mocks.monitor import Run

USER = "arn:aws:iam::000000000000:user/wandb"
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": USER}, "Action": "s3:GetObject", "Resource": "*"}
GRANT: dict[str, Any] = {
    "server": "seaweedfs",
    "bucket_name": "theirs",
    "principals": [USER],
    "bucket_policy_statements": [],
}


def live(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def sids(seen: Run) -> list[str]:
    return [one["Sid"] for one in json.loads(seen.value("bucket_policy"))["Statement"]]


def test_it_writes_one_policy_that_stays_when_it_goes() -> None:
    seen = record(S3CompatibleGrant, GRANT)
    assert sorted(seen.keys()) == ["BucketPolicy::vision", "S3CompatibleGrant::vision"]
    one = seen.one("BucketPolicy")
    assert (one.protect, one.retain_on_delete, one.deleted_with, one.ignore_changes) == (False, True, "", ())
    assert one.inputs["bucket"] == "theirs"
    assert [(token, args) for token, args, _ in seen.calls] == [
        ("aws:s3/getBucketPolicy:getBucketPolicy", {"bucket": "theirs"})
    ]
    assert (seen.value("bucket_name"), seen.value("principals")) == ("theirs", [USER])
    assert sids(seen) == ["DenyInsecureTransport", "WAndBAccountAccess"]


def test_revoking_and_statements_of_others() -> None:
    assert sids(record(S3CompatibleGrant, {**GRANT, "principals": []})) == ["DenyInsecureTransport"]
    given = {**GRANT, "bucket_policy_statements": [OWN], "access": "minimal"}
    assert sids(record(S3CompatibleGrant, given, live_policy=live(OWN))) == [
        "DenyInsecureTransport",
        "WAndBAccountAccess",
        "WAndBObjectAccess",
        "Own",
    ]


def test_what_we_wrote_before_may_go() -> None:
    before = json.loads(record(S3CompatibleGrant, {**GRANT, "access": "minimal"}).value("bucket_policy"))["Statement"]
    assert sids(record(S3CompatibleGrant, {**GRANT, "principals": []}, live_policy=live(*before))) == [
        "DenyInsecureTransport"
    ]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (OWN, "the bucket's policy holds the statement 'Own', which would be lost"),
        ({k: v for k, v in OWN.items() if k != "Sid"}, "holds a statement without a Sid"),
        (
            {"Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"},
            "holds the statement 'DenyInsecureTransport'",
        ),
    ],
)
def test_what_others_have_put_on_the_bucket_is_not_lost(statement: dict[str, Any], text: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(S3CompatibleGrant, GRANT, live_policy=live(statement))
    assert [fault.code for fault in refused.value.faults] == ["BYOB-S3C-028"]
    assert text in str(refused.value)


def test_a_deny_of_others_stays_where_none_of_ours_is_written() -> None:
    deny = {"Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    with pytest.raises(ByobRunError, match="BYOB-S3C-028"):
        record(S3CompatibleGrant, {**GRANT, "tls": False}, live_policy=live(deny))
