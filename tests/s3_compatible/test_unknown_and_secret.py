"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws

from byob_components import s3_compatible
from tests.conformance.unknown_and_secret import Component, PassThroughContract, Row
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import run

USER = "arn:aws:iam::000000000000:user/confidential"
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": USER}, "Action": "s3:GetObject", "Resource": "*"}
BASE: dict[str, Any] = {
    "deployment": "self_managed",
    "level": "instance",
    "server": "seaweedfs",
    "endpoint": "store.acme.example:8333",
    "access_key": "id",
    "secret_key": "key",
    "principals": ["arn:aws:iam::000000000000:user/wandb"],
}

VALUES: dict[str, Any] = {
    "endpoint": "confidential.acme.example",
    "access_key": "confidential-id",
    "secret_key": "confidential-key",
    "region": "confidential-1",
    "principals": [USER],
    "bucket_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "bucket_policy_statements": [OWN],
}
"""A good value of every argument that is passed through."""

KEYED = {"storage_addresses", "server_secrets"}
"""What holds keys, and so is secret in every store."""
BY_NAME = {"storage_addresses", "bucket_name", "handoffs", "server_env", "server_secrets"}
PLACED = {"storage_addresses", "handoffs", "server_env", "server_secrets"}
NAMED = {"Bucket.bucket", "BucketVersioning.bucket", "BucketPolicy.bucket", "BucketCorsConfiguration.bucket"}
STORE: dict[str, Row] = {
    "endpoint": ({}, set(), PLACED),
    "access_key": ({}, set(), KEYED),
    "secret_key": ({}, set(), KEYED),
    "region": ({}, set(), {*PLACED, "region"}),
    "principals": ({}, {"BucketPolicy.policy"}, {"principals", "handoffs"}),
    "bucket_name": ({}, {*NAMED, "BucketPolicy.policy"}, BY_NAME),
    "cors_origins": ({}, {"BucketCorsConfiguration.corsRules"}, set()),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, set()),
}
BUCKET: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "bucket_name": ({}, {*NAMED, "BucketPolicy.policy"}, {"bucket_name", "bucket_arn"}),
}
GRANT: dict[str, Row] = {
    "bucket_name": ({}, {"BucketPolicy.bucket", "BucketPolicy.policy"}, {"bucket_name", "bucket_policy"}),
    "principals": ({}, {"BucketPolicy.policy"}, {"principals", "bucket_policy"}),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, {"bucket_policy"}),
}
COMPONENTS: dict[str, Component] = {
    "S3CompatibleByob": (s3_compatible.S3CompatibleByob, s3_compatible.S3CompatibleByobArgs, BASE, STORE),
    "S3CompatibleBucket": (
        s3_compatible.S3CompatibleBucket,
        s3_compatible.S3CompatibleBucketArgs,
        {"server": "seaweedfs", "principals": BASE["principals"]},
        BUCKET,
    ),
    "S3CompatibleGrant": (
        s3_compatible.S3CompatibleGrant,
        s3_compatible.S3CompatibleGrantArgs,
        {
            "server": "seaweedfs",
            "bucket_name": "theirs",
            "principals": BASE["principals"],
            "bucket_policy_statements": [],
        },
        GRANT,
    ),
}


class TestS3Compatible(PassThroughContract):
    components = COMPONENTS
    values = VALUES
    mocks = AwsMocks
    always_secret = {"S3CompatibleByob": KEYED}  # noqa: RUF012
    bad = (s3_compatible.S3CompatibleByob, BASE, "region", "confidential region", "BYOB-S3C-003")


def test_real_resources_outputs_can_be_passed() -> None:
    """The case all of this is for: the keys made in the same program, here by a user of AWS in the place of another."""

    def program() -> Mapping[str, Any]:
        key = pulumi_aws.iam.AccessKey("wandb", user="wandb")
        made = s3_compatible.S3CompatibleByob("vision", {**BASE, "secret_key": key.secret})  # type: ignore[typeddict-item]
        return {"addresses": made.storage_addresses}

    seen = run(program, AwsMocks())
    assert seen.outputs["addresses"].secret
    assert "secret%2Bof%2Fwandb%3D@" in seen.value("addresses")["/"]
