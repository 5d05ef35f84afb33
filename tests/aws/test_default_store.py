"""The smallest call, resource by resource: type, name, parent, inputs, options and order."""

from typing import Any

import pytest

from byob_components.aws import AwsByob
from tests.conformance.default_store import DefaultStoreContract, Resource
from tests.mocks.aws import record
from tests.mocks.monitor import Run

ROOT = "arn:aws:iam::830241207209:root"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
TAG = {"wandb-byob:store": "byob/test/vision"}
BUCKET = "vision-a1b2c3d"

RESOURCES: dict[str, Resource] = {
    "AwsByob": ("wandb-byob:index:AwsByob", "Stack", False, "", ""),
    "AwsKey": ("wandb-byob:index:AwsKey", "AwsByob", False, "", ""),
    "Key": ("aws:kms/key:Key", "AwsKey", True, "", ""),
    "Alias": ("aws:kms/alias:Alias", "AwsKey", True, "", "Key"),
    "AwsBucket": ("wandb-byob:index:AwsBucket", "AwsByob", False, "", "Key Alias"),
    "Bucket": ("aws:s3/bucket:Bucket", "AwsBucket", True, "", ""),
    "BucketPublicAccessBlock": (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "AwsBucket",
        True,
        "Bucket",
        "Bucket",
    ),
    "BucketOwnershipControls": (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "AwsBucket",
        True,
        "Bucket",
        "Bucket BucketPublicAccessBlock",
    ),
    "BucketVersioning": (
        "aws:s3/bucketVersioning:BucketVersioning",
        "AwsBucket",
        True,
        "Bucket",
        "Bucket BucketOwnershipControls",
    ),
    "BucketServerSideEncryptionConfiguration": (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "AwsBucket",
        True,
        "Bucket",
        "Bucket BucketVersioning Key",
    ),
    "BucketPolicy": (
        "aws:s3/bucketPolicy:BucketPolicy",
        "AwsBucket",
        False,
        "Bucket",
        "Bucket BucketServerSideEncryptionConfiguration",
    ),
    "BucketCorsConfiguration": (
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "AwsBucket",
        True,
        "Bucket",
        "Bucket BucketPolicy",
    ),
    "BucketLifecycleConfiguration": (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "AwsBucket",
        True,
        "Bucket",
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


class TestAws(DefaultStoreContract):
    composite = AwsByob
    record = staticmethod(record)
    store = {"deployment": "dedicated", "level": "team"}  # noqa: RUF012
    resources = RESOURCES
    inputs = INPUTS
    calls = ("getCallerIdentity",)
    components = ("AwsKey", "AwsBucket", "AwsByob")


@pytest.fixture(scope="module")
def made() -> Run:
    return TestAws.made()


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


def test_a_preview_knows_what_it_can_and_nothing_more() -> None:
    seen = TestAws.made(preview=True)
    assert {name for name, one in seen.outputs.items() if one.known} == {
        "bucket_name",
        "paths",
        "principals",
        "principals_date",
        # W&B runs the server of Dedicated Cloud: there is nothing to set, whatever the bucket will be called.
        "server_env",
        "server_secrets",
    }
