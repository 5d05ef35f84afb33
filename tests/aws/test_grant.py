"""W&B's rights on a bucket made elsewhere: nothing that somebody else has written is lost, and revoking is an `up`."""

import json
from typing import Any

import pulumi
import pytest

from byob_components.aws import AwsGrant
from byob_components.store import ByobRunError
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import Refusal, Run, run

NODE = "arn:aws:iam::830241207209:role/acme-node"
OTHER = "arn:aws:iam::444455556666:role/wandb-eu"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
GRANT: dict[str, Any] = {
    "deployment": "dedicated",
    "bucket_name": "theirs",
    "bucket_policy_statements": [],
    "principals": [NODE],
}
LOGS = {
    "Sid": "Logs",
    "Effect": "Allow",
    "Principal": {"Service": "logging.s3.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::theirs/logs/*",
}


def live(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def written(seen: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(seen.one("BucketPolicy").inputs["policy"])
    return found


def sids(seen: Run) -> list[str]:
    return [statement["Sid"] for statement in written(seen)["Statement"]]


def test_options_of_its_children() -> None:
    seen = record(AwsGrant, {**GRANT, "kms_key_arn": KEY})
    assert sorted(seen.keys()) == ["AwsGrant::vision", "BucketPolicy::vision", "Grant::vision-712c24b2"]
    policy, grant = seen.one("BucketPolicy"), seen.one("Grant")
    assert (policy.protect, policy.retain_on_delete, policy.deleted_with, policy.ignore_changes) == (
        False,
        True,
        "",
        (),
    )
    assert (grant.protect, grant.retain_on_delete, grant.deleted_with, grant.ignore_changes) == (False, None, "", ())
    assert policy.parent == grant.parent == "wandb-byob:index:AwsGrant::vision"
    assert seen.registered_outputs == ["wandb-byob:index:AwsGrant::vision"]


def test_the_policy_on_a_bucket_that_had_none() -> None:
    seen = record(AwsGrant, GRANT)
    assert written(seen)["Id"] == "WandBAccess"
    assert sids(seen) == ["DenyInsecureTransport", "DenyOldTls", "WAndBAccountAccess"]
    assert seen.calls == [("aws:s3/getBucketPolicy:getBucketPolicy", {"bucket": "theirs"}, "")]


def test_the_preset_of_the_deployment() -> None:
    given = {k: v for k, v in GRANT.items() if k != "principals"}
    assert record(AwsGrant, given).value("principals") == ["arn:aws:iam::830241207209:root"]
    multi = record(AwsGrant, {**given, "deployment": "multi_tenant"})
    assert multi.value("principals") == ["arn:aws:iam::725579432336:role/WandbIntegration"]
    with pytest.raises(ByobRunError, match="BYOB-WANDB-010"):
        record(AwsGrant, {**given, "deployment": "self_managed"})
    with pytest.raises(ByobRunError, match="BYOB-WANDB-010"):
        record(AwsGrant, {**given, "partition": "aws-us-gov"})
    with pytest.raises(ByobRunError, match="BYOB-WANDB-010"):
        record(AwsGrant, {**given, "region": "cn-north-1"})


def test_named_statements_survive() -> None:
    seen = record(AwsGrant, {**GRANT, "bucket_policy_statements": [LOGS]}, live_policy=live(LOGS))
    assert written(seen)["Statement"][-1] == LOGS


def test_its_own_statements_are_replaced_whoever_wrote_them() -> None:
    by_hand = {
        "Sid": "WAndBAccountAccess",
        "Effect": "Allow",
        "Principal": {"AWS": OTHER},
        "Action": "s3:*",
        "Resource": "*",
    }
    seen = record(AwsGrant, GRANT, live_policy=live(by_hand))
    assert sids(seen) == ["DenyInsecureTransport", "DenyOldTls", "WAndBAccountAccess"]
    assert written(seen)["Statement"][2]["Principal"] == {"AWS": NODE}


@pytest.mark.parametrize(
    ("foreign", "named"),
    [
        (LOGS, "the statement 'Logs'"),
        ({k: v for k, v in LOGS.items() if k != "Sid"}, "a statement without a Sid"),
        ({**LOGS, "Sid": ""}, "a statement without a Sid"),
        ({**LOGS, "Sid": "DenyCustomerProvidedKeys"}, "the statement 'DenyCustomerProvidedKeys'"),
    ],
)
@pytest.mark.parametrize("preview", [True, False])
def test_a_foreign_statement_stops_the_run_before_the_policy_is_written(
    foreign: dict[str, Any], named: str, preview: bool
) -> None:
    seen: list[str] = []

    class Watching(AwsMocks):
        def new_resource(self, args: Any) -> Any:
            seen.append(args.typ)
            return super().new_resource(args)

    with pytest.raises(ByobRunError) as refused:
        run(
            lambda: AwsGrant("vision", GRANT) and None,  # type: ignore[arg-type]
            Watching(preview=preview, live_policy=live(foreign)),
            preview=preview,
        )
    assert [fault.code for fault in refused.value.faults] == ["BYOB-AWS-028"]
    assert named in str(refused.value)
    assert "s3:PutObject" in str(refused.value)
    assert "aws:s3/bucketPolicy:BucketPolicy" not in seen


def test_every_foreign_statement_is_told_together() -> None:
    with pytest.raises(ByobRunError) as refused:
        record(AwsGrant, GRANT, live_policy=live(LOGS, {**LOGS, "Sid": "More"}))
    assert len(refused.value.faults) == 2


def test_a_policy_with_one_statement_that_is_no_list() -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": LOGS})
    with pytest.raises(ByobRunError, match="'Logs'"):
        record(AwsGrant, GRANT, live_policy=policy)


def test_another_failure_of_the_look_up_is_not_taken_for_no_policy() -> None:
    class Denied(AwsMocks):
        def call(self, args: Any) -> Any:
            raise Refusal("reading S3 Bucket (theirs) Policy: AccessDenied: not authorized")

    with pytest.raises(ByobRunError, match="AccessDenied") as refused:
        run(lambda: AwsGrant("vision", GRANT) and None, Denied())  # type: ignore[arg-type]
    assert [fault.code for fault in refused.value.faults] == ["BYOB-AWS-033"]
    assert "reading it is a right of its own" in refused.value.faults[0].fix


def test_revoking_leaves_the_transport_rules_and_the_users_own() -> None:
    given = {**GRANT, "principals": [], "bucket_policy_statements": [LOGS], "kms_key_arn": KEY}
    seen = record(AwsGrant, given, live_policy=live(LOGS))
    assert sids(seen) == ["DenyInsecureTransport", "DenyOldTls", "Logs"]
    assert not [r.key for r in seen.resources if r.kind == "Grant"]
    assert seen.value("principals") == []


def test_rotating_a_principal_leaves_the_other_grants_alone() -> None:
    def grants(principals: list[str]) -> set[str]:
        seen = record(AwsGrant, {**GRANT, "principals": principals, "kms_key_arn": KEY})
        return {r.name for r in seen.resources if r.kind == "Grant"}

    both = grants([NODE, OTHER])
    assert len(both) == 2
    assert grants([OTHER, NODE]) == both
    assert grants([OTHER]) < both


def test_a_bucket_that_is_made_in_the_same_run_is_looked_up_when_it_is_known() -> None:
    seen = record(AwsGrant, {**GRANT, "bucket_name": pulumi.Output.from_input("theirs")})
    assert sids(seen) == ["DenyInsecureTransport", "DenyOldTls", "WAndBAccountAccess"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"principals": ["arn:aws-cn:iam::444455556666:role/x"]}, "BYOB-WANDB-013"),
        ({"bucket_policy_statements": [{**LOGS, "Sid": "WAndBAccountAccess"}]}, "BYOB-AWS-019"),
        ({"bucket_policy_statements": [LOGS, LOGS]}, "BYOB-AWS-019"),
        ({"bucket_policy_statements": [{**LOGS, "Principal": "*"}]}, "BYOB-AWS-020"),
        ({"kms_key_arn": KEY, "region": "us-east-1"}, "BYOB-AWS-027"),
    ],
)
def test_what_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(AwsGrant, {**GRANT, **given})
    assert [fault.code for fault in refused.value.faults] == [code]
