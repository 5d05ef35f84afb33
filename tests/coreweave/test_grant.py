"""W&B's rights on a bucket made elsewhere: the policy is written whole, and nothing that others have put there is lost."""

import json
from typing import Any

import pytest

from byob_components.coreweave import CoreWeaveGrant
from byob_components.store import ByobRunError
from tests.mocks.aws import record
from tests.mocks.monitor import Run

WANDB = "arn:aws:iam::wandb:static/wandb-integration"
WHO = {"CW": "arn:aws:iam::ab1cd2:coreweave/auditor"}
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": WHO, "Action": "s3:GetObject", "Resource": "*"}
GRANT: dict[str, Any] = {
    "deployment": "dedicated",
    "wandb_organization_id": "acme",
    "bucket_name": "theirs",
    "bucket_policy_statements": [],
}


def live(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def sids(seen: Run) -> list[str]:
    return [one["Sid"] for one in json.loads(seen.value("bucket_policy"))["Statement"]]


def test_it_writes_one_policy_that_stays_when_it_goes() -> None:
    seen = record(CoreWeaveGrant, GRANT)
    assert sorted(seen.keys()) == ["BucketPolicy::vision", "CoreWeaveGrant::vision"]
    one = seen.one("BucketPolicy")
    assert (one.protect, one.retain_on_delete, one.deleted_with, one.ignore_changes) == (False, True, "", ())
    assert one.inputs["bucket"] == "theirs"
    assert [(token, args) for token, args, _ in seen.calls] == [
        ("aws:s3/getBucketPolicy:getBucketPolicy", {"bucket": "theirs"})
    ]
    assert (seen.value("bucket_name"), seen.value("principals")) == ("theirs", [WANDB])
    assert sids(seen) == ["AllowWandbUser"]


def test_revoking_and_statements_of_others() -> None:
    people = {**GRANT, "storage_organization_id": "ab1cd2"}
    assert sids(record(CoreWeaveGrant, {**people, "principals": []})) == ["AllowUsersInOrg"]
    given = {**people, "bucket_policy_statements": [OWN], "access": "minimal"}
    assert sids(record(CoreWeaveGrant, given, live_policy=live(OWN))) == [
        "AllowWandbUser",
        "AllowWandbUserObjects",
        "AllowUsersInOrg",
        "Own",
    ]


def test_what_we_wrote_before_may_go() -> None:
    whole = {**GRANT, "access": "minimal", "storage_organization_id": "ab1cd2"}
    before = json.loads(record(CoreWeaveGrant, whole).value("bucket_policy"))["Statement"]
    assert sids(record(CoreWeaveGrant, GRANT, live_policy=live(*before))) == ["AllowWandbUser"]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (OWN, "the bucket's policy holds the statement 'Own', which would be lost"),
        ({k: v for k, v in OWN.items() if k != "Sid"}, "holds a statement without a Sid"),
    ],
)
def test_what_others_have_put_on_the_bucket_is_not_lost(statement: dict[str, Any], text: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(CoreWeaveGrant, GRANT, live_policy=live(statement))
    assert [fault.code for fault in refused.value.faults] == ["BYOB-CW-028"]
    assert text in str(refused.value)
