"""Stores on AWS: by composites, and by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, ResourceOptions

from benchmarks.programs import Program, export, names

WANDB = "arn:aws:iam::830241207209:root"
READ = ["s3:GetObject*", "s3:GetEncryptionConfiguration", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"]  # fmt: skip
WRITE = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
SETTINGS = ["s3:GetBucketCORS", "s3:GetBucketLocation", "s3:GetBucketVersioning"]
USE = ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]


def composite(count: int) -> None:
    """Each store by one call.

    Args:
        count: How many.
    """
    from byob_components.aws import AwsByob

    for name in names(count):
        store = AwsByob(name, {"deployment": "dedicated", "level": "team"})
        export(name, store.storage_addresses, store.bucket_name, store.region, store.kms_key_id)


# --------------------------------------------------------------------------------------------- by hand
def _addresses(bucket: str) -> dict[str, str]:
    return {"/": f"s3://{bucket}"}


def _tags(name: str) -> dict[str, str]:
    return {"wandb-byob:store": f"{pulumi.get_project()}/{pulumi.get_stack()}/{name}"}


def _key_policy(known: list[str]) -> str:
    account, arn = known
    root = f"arn:{arn.split(':')[1]}:iam::{account}:root"
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "AccountAdministration", "Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
        {"Sid": "WAndBKeyUse", "Effect": "Allow", "Principal": {"AWS": WANDB}, "Action": USE, "Resource": "*"},
    ]})  # fmt: skip


def _bucket_policy(arn: str) -> str:
    whole = [arn, f"{arn}/*"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": whole}
    return json.dumps({"Version": "2012-10-17", "Id": "WandBAccess", "Statement": [
        {"Sid": "DenyInsecureTransport", **deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Sid": "DenyOldTls", **deny, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
        {"Sid": "DenyCustomerProvidedKeys", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{arn}/*",
         "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}}},
        {"Sid": "WAndBAccountAccess", "Effect": "Allow", "Principal": {"AWS": WANDB}, "Action": [*READ, *WRITE, *SETTINGS],
         "Resource": whole},
    ]})  # fmt: skip


def _key(name: str, identity: Any, opts: ResourceOptions | None) -> tuple[aws.kms.Key, aws.kms.Alias]:
    key = aws.kms.Key(
        name, description=f"Encrypts the W&B storage {name}", key_usage="ENCRYPT_DECRYPT",
        policy=pulumi.Output.all(identity.account_id, identity.arn).apply(_key_policy), enable_key_rotation=True,
        rotation_period_in_days=365, deletion_window_in_days=30, tags=_tags(name), opts=opts,
    )  # fmt: skip
    return key, aws.kms.Alias(name, target_key_id=key.key_id, opts=opts)


def _bucket(name: str, opts: ResourceOptions | None) -> aws.s3.Bucket:
    return aws.s3.Bucket(name, force_destroy=False, tags=_tags(name), opts=opts)


def _settings(
    name: str, bucket: aws.s3.Bucket, key: aws.kms.Key, after: Callable[[pulumi.Resource, bool], ResourceOptions | None]
) -> None:
    last: pulumi.Resource = aws.s3.BucketPublicAccessBlock(
        name, bucket=bucket.bucket, block_public_acls=True, block_public_policy=True, ignore_public_acls=True,
        restrict_public_buckets=True, opts=after(bucket, True),
    )  # fmt: skip
    last = aws.s3.BucketOwnershipControls(
        name, bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, opts=after(last, True)
    )
    last = aws.s3.BucketVersioning(
        name, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=after(last, True)
    )
    by_default = {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}
    last = aws.s3.BucketServerSideEncryptionConfiguration(
        name, bucket=bucket.bucket, opts=after(last, True),
        rules=[{"apply_server_side_encryption_by_default": by_default, "bucket_key_enabled": True}],
    )  # fmt: skip
    last = aws.s3.BucketPolicy(
        name, bucket=bucket.bucket, policy=bucket.arn.apply(_bucket_policy), opts=after(last, False)
    )
    last = aws.s3.BucketCorsConfiguration(
        name, bucket=bucket.bucket, opts=after(last, True),
        cors_rules=[{"allowed_methods": ["GET", "HEAD", "PUT"], "allowed_headers": ["*"], "allowed_origins": ["*"],
                     "expose_headers": ["ETag"], "max_age_seconds": 3000}],
    )  # fmt: skip
    aws.s3.BucketLifecycleConfiguration(
        name, bucket=bucket.bucket, opts=after(last, True),
        rules=[
            {"id": "noncurrent-versions", "status": "Enabled", "filter": {}, "noncurrent_version_expiration": {"noncurrent_days": 30},
             "expiration": {"expired_object_delete_marker": True}},
            {"id": "abort-uploads", "status": "Enabled", "filter": {},
             "abort_incomplete_multipart_upload": {"days_after_initiation": 7}},
        ],
    )  # fmt: skip


def loose(count: int) -> None:
    """The same resources, side by side.

    Args:
        count: How many stores.
    """
    identity = aws.get_caller_identity_output()
    for name in names(count):
        key, _ = _key(name, identity, None)
        bucket = _bucket(name, None)
        _settings(name, bucket, key, lambda last, protect: None)
        export(name, bucket.bucket.apply(_addresses), bucket.bucket, bucket.region, key.arn)


def bare(count: int) -> None:
    """The same resources under components that do nothing, with the composite's options.

    Args:
        count: How many stores.
    """
    identity = aws.get_caller_identity_output()
    for name in names(count):
        whole = ComponentResource("by-hand:index:AwsByob", name, {})
        room = ComponentResource("by-hand:index:AwsKey", name, {}, ResourceOptions(parent=whole))
        key, alias = _key(name, identity, ResourceOptions(parent=room, protect=True))
        room.register_outputs({"kmsKeyArn": key.arn, "kmsAliasName": alias.name})
        place = ComponentResource("by-hand:index:AwsBucket", name, {}, ResourceOptions(parent=whole, depends_on=[room]))
        bucket = _bucket(name, ResourceOptions(parent=place, protect=True))

        def after(
            last: pulumi.Resource, protect: bool, place: pulumi.Resource = place, bucket: pulumi.Resource = bucket
        ) -> ResourceOptions:
            return ResourceOptions(parent=place, protect=protect, depends_on=[last], deleted_with=bucket)

        _settings(name, bucket, key, after)
        place.register_outputs({"bucketName": bucket.bucket, "bucketArn": bucket.arn, "region": bucket.region})
        whole.register_outputs({"bucketName": bucket.bucket, "region": bucket.region, "kmsKeyId": key.arn})
        export(name, bucket.bucket.apply(_addresses), bucket.bucket, bucket.region, key.arn)


PROGRAMS: dict[str, Program] = {"composite": composite, "bare": bare, "loose": loose}
