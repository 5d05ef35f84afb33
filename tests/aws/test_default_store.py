"""The smallest call, resource by resource: type, name, parent, inputs, options and order."""

import json
from typing import Any

import pytest

from byob_components.aws import AwsByob
from tests.mocks.aws import record
from tests.mocks.monitor import Run

ROOT = "arn:aws:iam::830241207209:root"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
TAG = {"wandb-byob:store": "byob/test/vision"}
BUCKET = "vision-a1b2c3d"

# kind -> (whole type, parent's kind, protected, deleted with the bucket, comes after)
RESOURCES: dict[str, tuple[str, str, bool, bool, str]] = {
    "AwsByob": ("wandb-byob:index:AwsByob", "Stack", False, False, ""),
    "AwsKey": ("wandb-byob:index:AwsKey", "AwsByob", False, False, ""),
    "Key": ("aws:kms/key:Key", "AwsKey", True, False, ""),
    "Alias": ("aws:kms/alias:Alias", "AwsKey", True, False, "Key"),
    "AwsBucket": ("wandb-byob:index:AwsBucket", "AwsByob", False, False, "Key Alias"),
    "Bucket": ("aws:s3/bucket:Bucket", "AwsBucket", True, False, ""),
    "BucketPublicAccessBlock": (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "AwsBucket",
        True,
        True,
        "Bucket",
    ),
    "BucketOwnershipControls": (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "AwsBucket",
        True,
        True,
        "Bucket BucketPublicAccessBlock",
    ),
    "BucketVersioning": (
        "aws:s3/bucketVersioning:BucketVersioning",
        "AwsBucket",
        True,
        True,
        "Bucket BucketOwnershipControls",
    ),
    "BucketServerSideEncryptionConfiguration": (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "AwsBucket",
        True,
        True,
        "Bucket BucketVersioning Key",
    ),
    "BucketPolicy": (
        "aws:s3/bucketPolicy:BucketPolicy",
        "AwsBucket",
        False,
        True,
        "Bucket BucketServerSideEncryptionConfiguration",
    ),
    "BucketCorsConfiguration": (
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "AwsBucket",
        True,
        True,
        "Bucket BucketPolicy",
    ),
    "BucketLifecycleConfiguration": (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "AwsBucket",
        True,
        True,
        "Bucket BucketCorsConfiguration",
    ),
}
INPUTS: dict[str, dict[str, Any]] = {
    "AwsByob": {},
    "AwsKey": {},
    "AwsBucket": {},
    "Key": {
        "description": "Encrypts the W&B storage vision",
        "keyUsage": "ENCRYPT_DECRYPT",
        "enableKeyRotation": True,
        "rotationPeriodInDays": 365,
        "deletionWindowInDays": 30,
        "tags": TAG,
        "policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AccountAdministration",
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Sid": "WAndBKeyUse",
                    "Effect": "Allow",
                    "Principal": {"AWS": ROOT},
                    "Action": [
                        "kms:Decrypt",
                        "kms:Describe*",
                        "kms:Encrypt",
                        "kms:ReEncrypt*",
                        "kms:GenerateDataKey*",
                    ],
                    "Resource": "*",
                },
            ],
        },
    },
    "Alias": {"targetKeyId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"},
    "Bucket": {"forceDestroy": False, "tags": TAG},
    "BucketPublicAccessBlock": {
        "bucket": BUCKET,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    },
    "BucketOwnershipControls": {"bucket": BUCKET, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
    "BucketVersioning": {"bucket": BUCKET, "versioningConfiguration": {"status": "Enabled"}},
    "BucketServerSideEncryptionConfiguration": {
        "bucket": BUCKET,
        "rules": [
            {
                "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY},
                "bucketKeyEnabled": True,
            }
        ],
    },
    "BucketPolicy": {
        "bucket": BUCKET,
        "policy": {
            "Version": "2012-10-17",
            "Id": "WandBAccess",
            "Statement": [
                {
                    "Sid": "DenyInsecureTransport",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
                {
                    "Sid": "DenyOldTls",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
                    "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
                },
                {
                    "Sid": "DenyCustomerProvidedKeys",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:PutObject",
                    "Resource": f"arn:aws:s3:::{BUCKET}/*",
                    "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
                },
                {
                    "Sid": "WAndBAccountAccess",
                    "Effect": "Allow",
                    "Principal": {"AWS": ROOT},
                    "Action": [
                        "s3:GetObject*",
                        "s3:GetEncryptionConfiguration",
                        "s3:ListBucket",
                        "s3:ListBucketMultipartUploads",
                        "s3:ListBucketVersions",
                        "s3:AbortMultipartUpload",
                        "s3:DeleteObject",
                        "s3:PutObject",
                        "s3:GetBucketCORS",
                        "s3:GetBucketLocation",
                        "s3:GetBucketVersioning",
                    ],
                    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
                },
            ],
        },
    },
    "BucketCorsConfiguration": {
        "bucket": BUCKET,
        "corsRules": [
            {
                "allowedMethods": ["GET", "HEAD", "PUT"],
                "allowedHeaders": ["*"],
                "allowedOrigins": ["*"],
                "exposeHeaders": ["ETag"],
                "maxAgeSeconds": 3000,
            }
        ],
    },
    "BucketLifecycleConfiguration": {
        "bucket": BUCKET,
        "rules": [
            {
                "id": "noncurrent-versions",
                "status": "Enabled",
                "filter": {},
                "noncurrentVersionExpiration": {"noncurrentDays": 30},
                "expiration": {"expiredObjectDeleteMarker": True},
            },
            {
                "id": "abort-uploads",
                "status": "Enabled",
                "filter": {},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            },
        ],
    },
}


@pytest.fixture(scope="module")
def made() -> Run:
    return record(AwsByob, {"deployment": "dedicated", "level": "team"})


def test_it_registers_these_resources_and_no_others(made: Run) -> None:
    assert sorted(made.keys()) == sorted(f"{kind}::vision" for kind in RESOURCES)


@pytest.mark.parametrize("kind", RESOURCES)
def test_type_parent_and_options(made: Run, kind: str) -> None:
    type_, parent, protected, with_bucket, after = RESOURCES[kind]
    found = made.one(kind)
    assert found.type == type_
    assert found.custom is not type_.startswith("wandb-byob:")
    assert found.parent.rpartition("::")[0].rpartition(":")[2] == parent
    assert found.protect is protected
    assert found.deleted_with == ("aws:s3/bucket:Bucket::vision" if with_bucket else "")
    assert found.dependencies == {made.one(other).key for other in after.split()}
    assert found.retain_on_delete is None
    assert found.ignore_changes == ()
    assert found.provider == ""


@pytest.mark.parametrize("kind", RESOURCES)
def test_inputs_are_these_and_none_is_secret(made: Run, kind: str) -> None:
    inputs = dict(made.one(kind).inputs)
    if "policy" in inputs:
        inputs["policy"] = json.loads(inputs["policy"])
    assert inputs == INPUTS[kind]


def test_each_component_registers_its_outputs_once_the_composite_last(made: Run) -> None:
    assert [key.rpartition("::")[0].rpartition(":")[2] for key in made.registered_outputs] == [
        "AwsKey",
        "AwsBucket",
        "AwsByob",
    ]


def test_outputs(made: Run) -> None:
    assert made.value("storage_addresses") == {"/": f"s3://{BUCKET}"}
    assert made.value("bucket_name") == BUCKET
    assert made.value("bucket_arn") == f"arn:aws:s3:::{BUCKET}"
    assert made.value("paths") == ["/"]
    assert made.value("region") == "eu-west-1"
    assert made.value("kms_key_id") == KEY
    assert made.value("principals") == [ROOT]
    assert made.value("principals_date") == "2026-08-19"
    assert list(made.value("handoffs")) == ["/"]
    assert made.value("server_env") == {}
    assert made.value("server_secrets") == {}
    assert [name for name, seen in made.outputs.items() if seen.secret] == ["server_secrets"]


def test_registered_outputs_are_those_of_the_class(made: Run) -> None:
    assert sorted(made.one("AwsByob").outputs) == sorted(
        name.split("_")[0] + "".join(part.capitalize() for part in name.split("_")[1:]) for name in made.outputs
    )


def test_a_preview_knows_what_it_can_and_nothing_more() -> None:
    seen = record(AwsByob, {"deployment": "dedicated", "level": "team"}, preview=True)
    assert sorted(seen.keys()) == sorted(f"{kind}::vision" for kind in RESOURCES)
    assert {name for name, one in seen.outputs.items() if one.known} == {
        "bucket_name",
        "paths",
        "principals",
        "principals_date",
        # W&B runs the server of Dedicated Cloud: there is nothing to set, whatever the bucket will be called.
        "server_env",
        "server_secrets",
    }
