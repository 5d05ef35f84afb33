"""Listing: objects, versions and unfinished uploads, as W&B's server does it (V08, V09)."""

from __future__ import annotations

from functools import partial

from byob_components.verify.result import Record
from byob_components.verify.runner import Check
from byob_components.verify.s3.stage import Stage

_NAME = "listed: 100% of a+b & ü.txt"
_GRANT = "give W&B's principal the bucket actions of its page, on the bucket itself and not on its objects"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check("V08", "Objects can be listed below a prefix", _GRANT, partial(objects, stage)),
        Check("V09", "Versions and uploads can be listed", _GRANT, partial(versions_and_uploads, stage)),
    ]


def objects(stage: Stage, record: Record) -> None:
    """V08: the listing works, and names come back as they were written."""
    planted = stage.plant(_NAME)
    answer = stage.wandb(record).s3.list_objects_v2(Bucket=stage.store.bucket, Prefix=planted.key)
    keys = [found["Key"] for found in answer.get("Contents", [])]
    if keys == [planted.key]:
        record.saw(f"ListObjectsV2 finds {_NAME!r}")
    else:
        record.fail(f"ListObjectsV2 finds {keys} in the place of {planted.key!r}")


def versions_and_uploads(stage: Stage, record: Record) -> None:
    """V09."""
    s3, where = stage.wandb(record).s3, {"Bucket": stage.store.bucket, "Prefix": stage.prefix}
    s3.list_object_versions(**where)
    record.saw("ListObjectVersions answers")
    s3.list_multipart_uploads(**where)
    record.saw("ListMultipartUploads answers")
