"""The bucket's plain settings: where it is, whether the public is kept out, whether it keeps versions (V02, V03, V06)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from byob_components.verify.result import HopelessError, Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import BAD_KEYS, NOT_OFFERED, code_of
from byob_components.verify.s3.stage import Stage
from byob_components.verify.s3.store import Lack
from byob_components.wandb.deployment import Cloud

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
"""The four settings of S3's Block Public Access."""
_OLD_NAMES = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}
"""How GetBucketLocation writes two regions (AWS, S3 API reference)."""


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V02",
            "The bucket is there, in the declared region",
            "correct the region that was declared; a bucket cannot be moved",
            partial(location, stage),
            gate=True,
        ),
        Check(
            "V03",
            "Public access is blocked",
            "turn all four settings of the bucket's public access block on",
            partial(public_access, stage),
        ),
        Check(
            "V06",
            "Versioning is on",
            "enable versioning: W&B's artifact clean-up waits for it, and lost objects can be had back",
            partial(versioning, stage),
        ),
    ]


def location(stage: Stage, record: Record) -> None:
    """V02, and whether the keys of W&B and of the owner are taken at all: nothing else could be learned without."""
    wandb = stage.wandb(record)
    try:
        found = wandb.s3.get_bucket_location(Bucket=stage.store.bucket).get("LocationConstraint")
    except ClientError as problem:
        if code_of(problem) == "NoSuchBucket":
            raise HopelessError(f"there is no bucket {stage.store.bucket}") from None
        raise
    judge_location(record, found, stage.store.region, stage.store.cloud)
    for actor in stage.insiders():
        try:
            actor.s3.list_object_versions(Bucket=stage.store.bucket, Prefix=stage.prefix, MaxKeys=1)
        except ClientError as problem:  # what they may not do is told by the check of that right
            if code_of(problem) in BAD_KEYS:
                raise


def judge_location(record: Record, found: str | None, declared: str, cloud: Cloud) -> None:
    """Whether the bucket is where it was declared.

    Args:
        record: Where it is noted.
        found: What GetBucketLocation says.
        declared: The region.
        cloud: Elsewhere than on AWS a location is the server's own word (Ceph's zone group), and this answer itself shows
            that signatures for the declared region are taken.

    Raises:
        HopelessError: It is elsewhere.
    """
    if cloud is not Cloud.AWS and found != declared:
        named = f"calls its place {found!r}" if found else "names no region"
        record.saw(f"the server {named}; it takes signatures for {declared}")
        return
    region = _OLD_NAMES.get(found, found)
    if region == declared:
        record.saw(f"region {region}")
    else:
        raise HopelessError(f"region {region}, declared {declared}: no signature for the declared one is taken there")


def public_access(stage: Stage, record: Record) -> None:
    """V03."""
    if Lack.PUBLIC_ACCESS_BLOCK in stage.store.lacks:
        raise UndecidedError("the server was declared without a public access block: the bucket's policy alone decides")
    owner = stage.owner(record)
    try:
        block = owner.s3.get_public_access_block(Bucket=stage.store.bucket)["PublicAccessBlockConfiguration"]
    except ClientError as problem:
        if code_of(problem) in NOT_OFFERED:
            raise UndecidedError("this server has no public access block") from None
        if code_of(problem) != "NoSuchPublicAccessBlockConfiguration":
            raise
        block = {}
    account: Mapping[str, Any] = {}
    if not all(block.get(name) for name in BLOCKS) and stage.store.account_id and not stage.store.endpoint:
        # No such block, or no right to see it: then the bucket's own settings are all there is.
        with suppress(ClientError):
            account = owner.s3control.get_public_access_block(AccountId=stage.store.account_id)[
                "PublicAccessBlockConfiguration"
            ]
    judge_public_access(record, block, account)


def judge_public_access(record: Record, bucket: Mapping[str, Any], account: Mapping[str, Any]) -> None:
    """Whether the public is kept out: S3 applies the stricter of the bucket's and the account's settings.

    Args:
        record: Where it is noted.
        bucket: The bucket's settings.
        account: The account's; empty when not known.
    """
    off = [name for name in BLOCKS if not bucket.get(name)]
    open_ = [name for name in off if not account.get(name)]
    if open_:
        record.fail(f"off: {', '.join(open_)}")
    elif off:
        record.warn(f"held by the account's settings only, off on the bucket: {', '.join(off)}")
    else:
        record.saw(f"on: {', '.join(BLOCKS)}")


def versioning(stage: Stage, record: Record) -> None:
    """V06."""
    if Lack.VERSIONING in stage.store.lacks:
        raise UndecidedError("the server was declared without versions: what W&B overwrites or deletes is gone")
    answer = stage.wandb(record).s3.get_bucket_versioning(Bucket=stage.store.bucket)
    judge_versioning(record, answer)


def judge_versioning(record: Record, answer: Mapping[str, Any]) -> None:
    """Whether old versions are kept.

    Args:
        record: Where it is noted.
        answer: Of GetBucketVersioning.
    """
    status = answer.get("Status")
    if status == "Enabled":
        record.saw("versioning is enabled")
    else:
        record.fail(f"versioning is {str(status).lower() if status else 'not set'}")
    if answer.get("MFADelete") == "Enabled":
        record.warn(
            "MFA delete is on: nobody removes a version without a code, and lifecycle rules cannot be set",
            "turn MFA delete off, or see to old versions by hand",
        )
