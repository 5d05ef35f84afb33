"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

import functools
from collections.abc import Mapping
from typing import Any

import pulumi_aws

from byob_components import aws
from tests.conformance.unknown_and_secret import Component, PassThroughContract, Row
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import plain, run

ROLE = "arn:aws:iam::830241207209:role/acme-node"
ADMIN = "arn:aws:iam::111122223333:role/security"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
OWN = {"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "{bucket_arn}"}
LIVE = '{"Version": "2012-10-17", "Statement": []}'
SELF = {"deployment": "self_managed", "level": "instance", "principals": [ROLE]}

SETTINGS = (
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
)
ALL_BUCKET = {f"{kind}.bucket" for kind in SETTINGS} | {"Bucket.bucket", "BucketPolicy.policy"}
ALL_REGION = {f"{kind}.region" for kind in ("Bucket", *SETTINGS)}

VALUES: dict[str, Any] = {
    "principals": [ROLE],
    "region": "eu-west-1",
    "tags": {"team": "confidential"},
    "account_id": "444455556666",
    "partition": "aws",
    "kms_alias_name": "alias/confidential",
    "kms_key_admins": [ADMIN],
    "kms_key_users": [ADMIN],
    "kms_key_guard": [ADMIN],
    "kms_key_arn": KEY,
    "bucket_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "bucket_policy_statements": [OWN],
    "access_log_bucket": "confidential-logs",
    "access_log_prefix": "confidential/",
}
"""A good value of every argument that is passed through."""

BY_NAME = {"storage_addresses", "bucket_name", "bucket_arn", "handoffs", "server_env"}
STORE: dict[str, Row] = {
    "principals": ({}, {"Key.policy", "BucketPolicy.policy"}, {"principals", "handoffs"}),
    "region": (
        {},
        ALL_REGION | {"Key.region", "Key.policy", "Alias.region"},
        {"region", "storage_addresses", "handoffs", "server_env"},
    ),
    "tags": ({}, {"Key.tags", "Bucket.tags"}, set()),
    "account_id": ({}, {"Key.policy"}, set()),
    "partition": ({}, {"Key.policy"}, set()),
    "kms_alias_name": ({}, {"Alias.name"}, set()),
    "kms_key_admins": ({}, {"Key.policy"}, set()),
    "kms_key_users": ({}, {"Key.policy"}, set()),
    "kms_key_guard": ({}, {"Key.policy"}, set()),
    "kms_key_arn": (
        {"encryption": "existing_key"},
        {"Grant.keyId", "BucketServerSideEncryptionConfiguration.rules"},
        {"kms_key_id", "handoffs", "server_env"},
    ),
    "bucket_name": ({}, ALL_BUCKET, BY_NAME),
    "cors_origins": ({}, {"BucketCorsConfiguration.corsRules"}, set()),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, set()),
    "access_log_bucket": ({}, {"BucketLogging.targetBucket"}, set()),
    "access_log_prefix": ({"access_log_bucket": "acme-logs"}, {"BucketLogging.targetPrefix"}, set()),
}
BUCKET: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "principals": ({}, {"BucketPolicy.policy"}, set()),
    "region": ({}, ALL_REGION, {"region"}),
    "tags": ({}, {"Bucket.tags"}, set()),
    "kms_key_arn": ({}, {"BucketServerSideEncryptionConfiguration.rules"}, set()),
    "bucket_name": ({}, ALL_BUCKET, {"bucket_name", "bucket_arn"}),
}
KEYS: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "principals": ({}, {"Key.policy"}, set()),
    "region": ({}, {"Key.region", "Key.policy", "Alias.region"}, set()),
    "tags": ({}, {"Key.tags"}, set()),
    "kms_alias_name": ({}, {"Alias.name"}, {"kms_alias_name"}),
}
GRANT: dict[str, Row] = {
    "bucket_name": ({}, {"BucketPolicy.bucket", "BucketPolicy.policy"}, {"bucket_name", "bucket_policy"}),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, {"bucket_policy"}),
    "principals": (
        {"kms_key_arn": KEY},
        {"BucketPolicy.policy", "Grant.granteePrincipal"},
        {"principals", "bucket_policy"},
    ),
    "kms_key_arn": ({}, {"Grant.keyId"}, set()),
    "region": (
        {"kms_key_arn": KEY},
        {"BucketPolicy.region", "BucketPolicy.policy", "Grant.region"},
        {"bucket_policy"},
    ),
    "partition": ({}, {"BucketPolicy.policy"}, {"bucket_policy"}),
}
CREDENTIAL: dict[str, Row] = {
    "bucket_name": ({}, {"UserPolicy.policy"}, set()),
    "kms_key_arn": ({}, {"UserPolicy.policy"}, set()),
    "region": ({"kms_key_arn": KEY, "access": "minimal"}, {"UserPolicy.policy"}, set()),
    "partition": ({}, {"UserPolicy.policy"}, set()),
    "tags": ({}, {"User.tags"}, set()),
}
COMPONENTS: dict[str, Component] = {
    "AwsByob": (aws.AwsByob, aws.AwsByobArgs, SELF, STORE),
    "AwsBucket": (aws.AwsBucket, aws.AwsBucketArgs, {"kms_key_arn": KEY, "principals": [ROLE]}, BUCKET),
    "AwsKey": (aws.AwsKey, aws.AwsKeyArgs, {"principals": [ROLE]}, KEYS),
    "AwsGrant": (
        aws.AwsGrant,
        aws.AwsGrantArgs,
        {"deployment": "dedicated", "bucket_name": "theirs", "bucket_policy_statements": [], "principals": [ROLE]},
        GRANT,
    ),
    "AwsCredential": (
        aws.AwsCredential,
        aws.AwsCredentialArgs,
        {"bucket_name": "theirs", "credential_keys": ["a"]},
        CREDENTIAL,
    ),
}
COMPUTED = {
    ("AwsByob", "bucket_name"): {"BucketPolicy.policy", "bucket_arn"},
    ("AwsBucket", "bucket_name"): {"BucketPolicy.policy", "bucket_arn"},
    ("AwsGrant", "region"): {"BucketPolicy.policy", "bucket_policy"},
}
"""What hangs on something the provider computes, which is marked as secret as soon as it is known, and not in a preview."""


class TestAws(PassThroughContract):
    components = COMPONENTS
    values = VALUES
    mocks = staticmethod(functools.partial(AwsMocks, live_policy=LIVE))
    inside = {"tags": ("team",), "bucket_policy_statements": ("Principal", "Resource")}  # noqa: RUF012
    always_secret = {"AwsByob": {"server_secrets"}, "AwsCredential": {"secret_access_key"}}  # noqa: RUF012
    computed = COMPUTED
    bad = (
        aws.AwsKey,
        {},
        "principals",
        ["arn:aws-cn:iam::830241207209:role/confidential"],
        "BYOB-WANDB-013",
    )


def test_real_resources_outputs_can_be_passed() -> None:
    """The case all of this is for: the log bucket and a role made in the same program."""

    def program() -> Mapping[str, Any]:
        logs = pulumi_aws.s3.Bucket("logs")
        made = aws.AwsByob("vision", {**SELF, "access_log_bucket": logs.bucket})  # type: ignore[typeddict-item, arg-type]
        return {"bucket_name": made.bucket_name}

    seen = run(program, AwsMocks())
    assert plain(seen.one("BucketLogging").inputs["targetBucket"]) == "logs-a1b2c3d"
    assert "aws:s3/bucket:Bucket::logs" in seen.one("BucketLogging").dependencies
