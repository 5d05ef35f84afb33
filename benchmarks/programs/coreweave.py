"""Stores on CoreWeave: by composites, and by hand."""

from __future__ import annotations

import json

from pulumi import ComponentResource, ResourceOptions

from benchmarks.programs import Program, export, names
from benchmarks.programs.aws import READ, SETTINGS, WRITE
from benchmarks.programs.s3_compatible import bucket_by_hand, settings_by_hand

WANDB, ORGANIZATION = "arn:aws:iam::wandb:static/wandb-integration", "acme"


def composite(count: int) -> None:
    """Each store by one call.

    Args:
        count: How many.
    """
    from byob_components.coreweave import CoreWeaveByob

    for name in names(count):
        store = CoreWeaveByob(
            name,
            {
                "deployment": "dedicated",
                "level": "team",
                "wandb_organization_id": ORGANIZATION,
            },
        )
        export(name, store.storage_addresses, store.bucket_name, store.region, "")


# --------------------------------------------------------------------------------------------- by hand
def _addresses(bucket: str) -> dict[str, str]:
    return {"/": f"cw://cwobject.com/{bucket}"}


def _policy(bucket: str) -> str:
    whole = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    allow = {"Sid": "AllowWandbUser", "Effect": "Allow", "Principal": {"CW": WANDB}, "Action": [*READ, *WRITE, *SETTINGS],
             "Resource": whole, "Condition": {"StringLike": {"wandb:OrgID": [ORGANIZATION]}}}  # fmt: skip
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


def loose(count: int) -> None:
    """The same resources, side by side.

    Args:
        count: How many stores.
    """
    for name in names(count):
        bucket = bucket_by_hand(name, None)
        settings_by_hand(name, bucket, bucket.bucket.apply(_policy), None)
        export(name, bucket.bucket.apply(_addresses), bucket.bucket, bucket.region, "")


def bare(count: int) -> None:
    """The same resources under components that do nothing, with the composite's options.

    Args:
        count: How many stores.
    """
    for name in names(count):
        whole = ComponentResource("by-hand:index:CoreWeaveByob", name, {})
        place = ComponentResource("by-hand:index:CoreWeaveBucket", name, {}, ResourceOptions(parent=whole))
        bucket = bucket_by_hand(name, ResourceOptions(parent=place, protect=True))
        settings_by_hand(name, bucket, bucket.bucket.apply(_policy), ResourceOptions(parent=place))
        place.register_outputs({"bucketName": bucket.bucket, "region": bucket.region})
        whole.register_outputs({"bucketName": bucket.bucket, "region": bucket.region, "kmsKeyId": ""})
        export(name, bucket.bucket.apply(_addresses), bucket.bucket, bucket.region, "")


PROGRAMS: dict[str, Program] = {"composite": composite, "bare": bare, "loose": loose}
