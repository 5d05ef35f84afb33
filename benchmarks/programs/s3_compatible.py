"""Stores on an S3-compatible server: by composites, and by hand."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, ResourceOptions

from benchmarks.programs import Program, export, names

ENDPOINT, REGION = "store.acme.example:8333", "us-east-1"
ACCESS_KEY, SECRET_KEY = "AKBENCH", "bench"


def composite(count: int) -> None:
    """Each store by one call.

    Args:
        count: How many.
    """
    from byob_components.s3_compatible import S3CompatibleByob

    for name in names(count):
        store = S3CompatibleByob(
            name,
            {
                "deployment": "dedicated",
                "level": "team",
                "server": "seaweedfs",
                "endpoint": ENDPOINT,
                "access_key": ACCESS_KEY,
                "secret_key": SECRET_KEY,
            },
        )
        export(name, store.storage_addresses, store.bucket_name, store.region, "")


# --------------------------------------------------------------------------------------------- by hand
def _addresses(bucket: str) -> dict[str, str]:
    return {"/": f"s3://{ACCESS_KEY}:{SECRET_KEY}@{ENDPOINT}/{bucket}?region={REGION}&tls=true"}


def policy(bucket: str) -> str:
    """Plain HTTP is refused.

    Args:
        bucket: The bucket's name.
    """
    whole = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    deny = {"Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": whole,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip
    return json.dumps({"Version": "2012-10-17", "Statement": [deny]})


def bucket_by_hand(name: str, opts: ResourceOptions | None) -> aws.s3.Bucket:
    """The bucket, with lifecycle rules in the older shape that every server takes.

    Args:
        name: The store's.
        opts: Its options.
    """
    return aws.s3.Bucket(
        name, force_destroy=False, opts=opts,
        lifecycle_rules=[
            {"id": "noncurrent-versions", "enabled": True, "noncurrent_version_expiration": {"days": 30},
             "expiration": {"expired_object_delete_marker": True}},
            {"id": "abort-uploads", "enabled": True, "abort_incomplete_multipart_upload_days": 7},
        ],
    )  # fmt: skip


def settings_by_hand(name: str, bucket: aws.s3.Bucket, text: pulumi.Output[str], place: ResourceOptions | None) -> None:
    """Versioning, policy and CORS, one after the other where there is a place for them.

    Args:
        name: The store's.
        bucket: The bucket.
        text: The policy.
        place: Parent of all three; None for loose ones without options.
    """

    def after(last: pulumi.Resource, protect: bool) -> ResourceOptions | None:
        if place is None:
            return None
        return ResourceOptions(parent=place.parent, protect=protect, depends_on=[last], deleted_with=bucket)

    last: pulumi.Resource = aws.s3.BucketVersioning(
        name, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=after(bucket, True)
    )
    last = aws.s3.BucketPolicy(name, bucket=bucket.bucket, policy=text, opts=after(last, False))
    aws.s3.BucketCorsConfiguration(
        name, bucket=bucket.bucket, opts=after(last, True),
        cors_rules=[{"allowed_methods": ["GET", "HEAD", "PUT"], "allowed_headers": ["*"], "allowed_origins": ["*"],
                     "expose_headers": ["ETag"], "max_age_seconds": 3000}],
    )  # fmt: skip


def loose(count: int) -> None:
    """The same resources, side by side.

    Args:
        count: How many stores.
    """
    for name in names(count):
        bucket = bucket_by_hand(name, None)
        settings_by_hand(name, bucket, bucket.bucket.apply(policy), None)
        export(name, pulumi.Output.secret(bucket.bucket.apply(_addresses)), bucket.bucket, REGION, "")


def bare(count: int) -> None:
    """The same resources under components that do nothing, with the composite's options.

    Args:
        count: How many stores.
    """
    for name in names(count):
        whole = ComponentResource("by-hand:index:S3CompatibleByob", name, {})
        place = ComponentResource("by-hand:index:S3CompatibleBucket", name, {}, ResourceOptions(parent=whole))
        bucket = bucket_by_hand(name, ResourceOptions(parent=place, protect=True))
        settings_by_hand(name, bucket, bucket.bucket.apply(policy), ResourceOptions(parent=place))
        place.register_outputs({"bucketName": bucket.bucket, "region": REGION})
        whole.register_outputs({"bucketName": bucket.bucket, "region": REGION, "kmsKeyId": ""})
        export(name, pulumi.Output.secret(bucket.bucket.apply(_addresses)), bucket.bucket, REGION, "")


PROGRAMS: dict[str, Program] = {"composite": composite, "bare": bare, "loose": loose}
