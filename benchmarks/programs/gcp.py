"""Stores on Google Cloud: by composites, and by hand."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp
from pulumi import ComponentResource, ResourceOptions

from benchmarks.programs import Program, export, names

LOCATION = "europe-west4"
WANDB = "serviceAccount:deploy@wandb-production.iam.gserviceaccount.com"


def composite(count: int) -> None:
    """Each store by one call.

    Args:
        count: How many.
    """
    from byob_components.gcp import GcpByob

    for name in names(count):
        store = GcpByob(name, {"deployment": "dedicated", "level": "team", "location": LOCATION})
        export(name, store.storage_addresses, store.bucket_name, store.region, store.kms_key_id)


# --------------------------------------------------------------------------------------------- by hand
def _addresses(bucket: str) -> dict[str, str]:
    return {"/": f"gs://{bucket}"}


def _bucket(name: str, opts: ResourceOptions | None) -> gcp.storage.Bucket:
    return gcp.storage.Bucket(
        name, location=LOCATION, uniform_bucket_level_access=True, public_access_prevention="enforced", force_destroy=False,
        versioning={"enabled": True}, soft_delete_policy={"retention_duration_seconds": 604800},
        lifecycle_rules=[
            {"action": {"type": "Delete"}, "condition": {"days_since_noncurrent_time": 30, "with_state": "ARCHIVED"}},
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}},
        ],
        cors=[{"origins": ["*"], "methods": ["GET", "HEAD", "PUT"], "response_headers": ["*"], "max_age_seconds": 3000}],
        labels={"wandb-byob-store": f"{pulumi.get_project()}_{pulumi.get_stack()}_{name}"}, opts=opts,
    )  # fmt: skip


def _member(name: str, bucket: gcp.storage.Bucket, opts: ResourceOptions | None) -> None:
    # The name that the composite makes of role and member, so that the two can be held against each other.
    gcp.storage.BucketIAMMember(
        f"{name}-storage-admin-ae886aa6", bucket=bucket.name, role="roles/storage.admin", member=WANDB, opts=opts
    )


def loose(count: int) -> None:
    """The same resources, side by side.

    Args:
        count: How many stores.
    """
    for name in names(count):
        bucket = _bucket(name, None)
        _member(name, bucket, None)
        export(name, bucket.name.apply(_addresses), bucket.name, bucket.location.apply(str.lower), "")


def bare(count: int) -> None:
    """The same resources under components that do nothing, with the composite's options.

    Args:
        count: How many stores.
    """
    for name in names(count):
        whole = ComponentResource("by-hand:index:GcpByob", name, {})
        place = ComponentResource("by-hand:index:GcpBucket", name, {}, ResourceOptions(parent=whole))
        bucket = _bucket(name, ResourceOptions(parent=place, protect=True))
        options = ResourceOptions(parent=place, protect=False, depends_on=[bucket], deleted_with=bucket)
        _member(name, bucket, options)
        region = bucket.location.apply(str.lower)
        place.register_outputs({"bucketName": bucket.name, "region": region})
        whole.register_outputs({"bucketName": bucket.name, "region": region, "kmsKeyId": ""})
        export(name, bucket.name.apply(_addresses), bucket.name, region, "")


PROGRAMS: dict[str, Program] = {"composite": composite, "bare": bare, "loose": loose}
