"""Names of resources, lifecycle rules and own statements: what S3 would refuse is refused before it is asked."""

from typing import Any

import pytest

from byob_components import aws
from byob_components.aws import lifecycle, policy
from byob_components.store import ByobRunError
from tests.mocks.aws import record

ROLE = "arn:aws:iam::830241207209:role/acme-node"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "principals": [ROLE]}
BUCKET: dict[str, Any] = {"encryption": "provider_managed"}


@pytest.mark.parametrize("name", ["a", "vision", "Vision-2", "v" * 55, "2026"])
def test_a_resource_name_that_a_bucket_name_can_begin_with(name: str) -> None:
    assert record(aws.AwsByob, STORE, name=name).one("Bucket").name == name


@pytest.mark.parametrize("name", ["my_team", "-vision", "team.vision", "v" * 56, "équipe", "team vision", "a/b"])
@pytest.mark.parametrize("component", ["AwsByob", "AwsBucket"])
def test_a_resource_name_that_it_cannot(name: str, component: str) -> None:
    args = STORE if component == "AwsByob" else BUCKET
    with pytest.raises(ByobRunError) as refused:
        record(getattr(aws, component), args, name=name)
    assert [(fault.code, fault.where, fault.value) for fault in refused.value.faults] == [
        ("BYOB-AWS-031", "name", name)
    ]
    made = record(getattr(aws, component), {**args, "bucket_name": "acme-vision"}, name=name)
    assert made.one("Bucket").inputs["bucket"] == "acme-vision"


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({"transition_days": 29, "storage_class": "STANDARD_IA"}, "lifecycle_rules[0].transition_days"),
        ({"transition_days": 0, "storage_class": "ONEZONE_IA"}, "lifecycle_rules[0].transition_days"),
        (
            {"transition_days": 90, "storage_class": "GLACIER_IR", "expiration_days": 90},
            "lifecycle_rules[0].expiration_days",
        ),
        ({"transition_days": 90}, "lifecycle_rules[0]"),
        ({"storage_class": "GLACIER_IR"}, "lifecycle_rules[0]"),
        ({"prefix": "x/"}, "lifecycle_rules[0]"),
    ],
)
def test_rules_that_s3_refuses(rule: dict[str, Any], where: str) -> None:
    faults = lifecycle.check_rules({"lifecycle_rules": [{"id": "x", **rule}], "allow_data_expiry": True})
    assert {fault.code for fault in faults} == {"BYOB-AWS-017"}
    assert where in {fault.where for fault in faults}


@pytest.mark.parametrize(
    "rule",
    [
        {"transition_days": 30, "storage_class": "STANDARD_IA"},
        {"transition_days": 0, "storage_class": "INTELLIGENT_TIERING"},
        {"transition_days": 90, "storage_class": "GLACIER_IR", "expiration_days": 91},
        {"noncurrent_days": 1},
    ],
)
def test_rules_that_s3_takes(rule: dict[str, Any]) -> None:
    assert lifecycle.check_rules({"lifecycle_rules": [{"id": "x", **rule}], "allow_data_expiry": True}) == []


@pytest.mark.parametrize(
    ("resource", "placed"),
    [
        ("{bucket_arn}", "arn:aws:s3:::b"),
        ("{bucket_arn}/*", "arn:aws:s3:::b/*"),
        (["{bucket_arn}", "arn:aws:s3:::b/x/*"], ["arn:aws:s3:::b", "arn:aws:s3:::b/x/*"]),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:username}/*"),
    ],
)
@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_the_buckets_arn_in_own_statements(element: str, resource: Any, placed: Any) -> None:
    statement = {"Sid": "{bucket_arn}", element: resource}
    assert policy.placed(statement, "arn:aws:s3:::b") == {"Sid": "{bucket_arn}", element: placed}


def test_a_bucket_alone_refuses_principals_of_another_partition() -> None:
    with pytest.raises(ByobRunError, match="BYOB-WANDB-013"):
        record(aws.AwsBucket, {**BUCKET, "region": "us-gov-west-1", "principals": [ROLE]})


def test_a_partition_that_is_not_the_regions_is_refused() -> None:
    with pytest.raises(ByobRunError, match="BYOB-AWS-025 partition"):
        record(aws.AwsByob, {**STORE, "region": "eu-west-1", "partition": "aws-cn"})
