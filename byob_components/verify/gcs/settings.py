"""The bucket's plain settings: where it is, whether the public is kept out, whether it keeps what is lost (V02, V03, V06)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, NotFound

from byob_components.verify.gcs.stage import RETRY, Actor, Stage
from byob_components.verify.result import HopelessError, Record
from byob_components.verify.runner import Check

DAY = 86400
SERVER_REFUSES = "W&B's server refuses a bucket without soft delete"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V02",
            "The bucket is there, in the declared location",
            "correct the location that was declared; a bucket cannot be moved",
            partial(location, stage),
            gate=True,
        ),
        Check(
            "V03",
            "Public access is prevented, and access is uniform",
            "enforce public access prevention and uniform bucket-level access on the bucket",
            partial(public_access, stage),
        ),
        Check(
            "V06",
            "Versioning and soft delete are on",
            "enable versioning, which W&B's artifact clean-up waits for, and soft delete of 7 days or more",
            partial(versioning, stage),
        ),
    ]


def properties(stage: Stage, actor: Actor) -> Mapping[str, Any]:
    """The bucket as the JSON API describes it.

    Args:
        stage: Which bucket.
        actor: Who reads it.
    """
    found: Mapping[str, Any] = actor.storage.get_bucket(stage.store.bucket, retry=RETRY)._properties
    return found


def location(stage: Stage, record: Record) -> None:
    """V02, and whether the keys of W&B and of the owner are taken at all: nothing else could be learned without."""
    for actor in stage.insiders():
        actor.token()
    try:
        found = properties(stage, stage.wandb(record))
    except NotFound:
        raise HopelessError(f"there is no bucket {stage.store.bucket}") from None
    judge_location(record, str(found.get("location", "")), stage.store.location)
    for actor in stage.insiders():
        try:
            next(
                iter(actor.storage.list_blobs(stage.store.bucket, prefix=stage.prefix, max_results=1, retry=RETRY)),
                None,
            )
        except GoogleAPICallError as problem:  # what they may not do is told by the check of that right
            if problem.code == 401:
                raise


def judge_location(record: Record, found: str, declared: str) -> None:
    """Whether the bucket is where it was declared.

    Args:
        record: Where it is noted.
        found: What the bucket says.
        declared: The location.
    """
    if found.lower() == declared.lower():
        record.saw(f"location {found.lower()}")
    else:
        record.fail(f"location {found.lower()}, declared {declared.lower()}")


def public_access(stage: Stage, record: Record) -> None:
    """V03."""
    judge_public_access(record, properties(stage, stage.settler(record)).get("iamConfiguration") or {})


def judge_public_access(record: Record, access: Mapping[str, Any]) -> None:
    """Whether the public is kept out, whatever policies say.

    Args:
        record: Where it is noted.
        access: `iamConfiguration` of the bucket.
    """
    prevention = access.get("publicAccessPrevention") or "inherited"
    if prevention == "enforced":
        record.saw("public access prevention is enforced")
    else:
        record.fail(
            f"public access prevention is {prevention}: an organization's policy may enforce it, the bucket does not"
        )
    if (access.get("uniformBucketLevelAccess") or {}).get("enabled"):
        record.saw("access is uniform: no access lists")
    else:
        record.fail("access is not uniform: an object's own access list can let anybody in")


def versioning(stage: Stage, record: Record) -> None:
    """V06: as W&B, whose server reads both."""
    judge_versioning(record, properties(stage, stage.wandb(record)), stage.store.soft_delete_days)


def judge_versioning(record: Record, bucket: Mapping[str, Any], soft_delete_days: int) -> None:
    """Whether what is lost is kept, and nothing keeps W&B from deleting.

    Args:
        record: Where it is noted.
        bucket: The bucket's properties.
        soft_delete_days: As declared; 0 when nothing was.
    """
    if (bucket.get("versioning") or {}).get("enabled"):
        record.saw("versioning is enabled")
    else:
        record.fail("versioning is off")
    seconds = int((bucket.get("softDeletePolicy") or {}).get("retentionDurationSeconds") or 0)
    if not seconds:
        record.fail(f"soft delete is off: {SERVER_REFUSES}")
    elif soft_delete_days and seconds != soft_delete_days * DAY:
        record.fail(f"soft delete keeps {seconds / DAY:g} days, declared {soft_delete_days}")
    else:
        record.saw(f"soft delete keeps {seconds / DAY:g} days")
    for setting, words in _IN_THE_WAY.items():
        if bucket.get(setting):
            record.warn(f"{words} is on: W&B cannot overwrite or delete", f"turn {words} off")


_IN_THE_WAY = {
    "retentionPolicy": "a retention policy",
    "objectRetention": "object retention",
    "defaultEventBasedHold": "the default event-based hold",
}
