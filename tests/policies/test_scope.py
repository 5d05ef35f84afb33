"""Scope `byob`: what a setting belongs to is told by its name, as far as it is known."""

from __future__ import annotations

from typing import Any

import pytest

from byob_components.policies import Scope, Session, rule
from tests.policies.made import UNKNOWN, made, outcome, secret, session

TAG = {"wandb-byob:store": "p/s/vision"}
VERSIONING, BUCKET = "aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucket:Bucket"


def scoped(name: str, *registered: Any) -> Session:
    """A session with a rule of scope byob, that has seen some resources."""
    one = session({name: {"scope": Scope.BYOB}})
    for resource in registered:
        one.see(resource.urn, resource)
    return one


@pytest.mark.parametrize(
    ("name", "type_", "reference", "owner", "named"),
    [
        ("byob-aws-bucket-versioning", VERSIONING, "bucket", BUCKET, {"bucket": "vision-1", "tags": TAG}),
        (
            "byob-gcp-bucket-grant-principals",
            "gcp:storage/bucketIAMMember:BucketIAMMember",
            "bucket",
            "gcp:storage/bucket:Bucket",
            {"name": "vision-1", "labels": {"wandb-byob-store": "p_s_vision"}},
        ),
        (
            "byob-azure-blob-versioning",
            "azure-native:storage:BlobServiceProperties",
            "accountName",
            "azure-native:storage:StorageAccount",
            {"accountName": "vision-1", "tags": TAG},
        ),
    ],
)
def test_a_setting_counts_with_what_it_belongs_to(
    name: str, type_: str, reference: str, owner: str, named: dict[str, Any]
) -> None:
    one = scoped(name, made(owner, named), made(owner, {**named, "tags": {}, "labels": {}}, "logs"))
    assert outcome(one.judge(rule(name), made(type_, {reference: "vision-1"}))) == "violation"
    assert outcome(one.judge(rule(name), made(type_, secret({reference: "vision-1"})))) == "violation"
    assert outcome(one.judge(rule(name), made(type_, {reference: "logs-1"}))) == "not applicable"
    assert outcome(one.judge(rule(name), made(type_, {}))) == "not applicable"
    assert outcome(one.judge(rule(name), made(type_, {reference: UNKNOWN}))) == "unknown"


def test_unknown_tags_are_said() -> None:
    name = "byob-aws-bucket-force-destroy"
    bucket = made(BUCKET, {"forceDestroy": True, "tags": UNKNOWN})
    assert outcome(scoped(name).judge(rule(name), bucket)) == "unknown"
    below = made(BUCKET, {"forceDestroy": True, "tags": UNKNOWN}, below="wandb-byob:index:AwsBucket")
    assert outcome(scoped(name).judge(rule(name), below)) == "violation"
