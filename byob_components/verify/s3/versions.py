"""What is overwritten or deleted can be had back, and can be deleted (V14, V15)."""

from __future__ import annotations

from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import code_of
from byob_components.verify.s3.stage import Actor, Stage
from byob_components.verify.s3.store import Lack


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V14",
            "Overwritten and deleted objects stay readable as versions",
            "enable versioning, and give W&B's principal the read of versions (s3:GetObjectVersion, in s3:GetObject*)",
            partial(old_versions, stage),
        ),
        Check(
            "V15",
            "An object can be deleted",
            "give W&B's principal s3:DeleteObject on everything below the path: its artifact clean-up needs it",
            partial(delete, stage),
        ),
    ]


def old_versions(stage: Stage, record: Record) -> None:
    """V14."""
    if Lack.VERSIONING in stage.store.lacks:
        raise UndecidedError("the server was declared without versions")
    actor = stage.wandb(record)
    first, second = stage.plant("versions.txt", b"first"), stage.plant("versions.txt", b"second")
    versions, markers = _history(stage, first.key)
    if len(versions) != 2 or markers:
        record.fail(f"after an overwrite there are {len(versions)} versions and {len(markers)} delete markers")
        return
    _delete(stage, actor, first.key)
    versions, markers = _history(stage, first.key)
    if len(versions) != 2 or len(markers) != 1 or not markers[0].get("IsLatest"):
        record.fail(f"after the delete there are {len(versions)} versions and {len(markers)} delete markers")
        return
    for planted in (first, second):
        got = stage.call(actor, "GET", planted.key, query={"versionId": planted.version})
        if not got.ok or got.body != planted.body:
            record.fail(f"GET of the version with {planted.body.decode()!r}: {got}")
    record.saw("two versions and a delete marker; both versions were asked for after the delete")


def delete(stage: Stage, record: Record) -> None:
    """V15."""
    actor = stage.wandb(record)
    planted = stage.plant("delete.txt")
    reader = stage.reader(planted)
    answer = actor.s3.delete_object(Bucket=stage.store.bucket, Key=planted.key)
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    left = stage.call(reader, "GET", planted.key)
    if left.ok:
        record.fail(f"DELETE is answered {status}, and the object is still there")
    else:
        record.saw(f"DELETE {status}; then GET {left}")


def _history(stage: Stage, key: str) -> tuple[list[Any], list[Any]]:
    """Versions and delete markers of a key, listed by W&B or else by the owner: whether W&B may is V09's question."""
    for actor in stage.insiders():
        try:
            found = actor.s3.list_object_versions(Bucket=stage.store.bucket, Prefix=key)
        except ClientError as problem:
            if code_of(problem) != "AccessDenied":
                raise
        else:
            return found.get("Versions", []), found.get("DeleteMarkers", [])
    raise UndecidedError("nobody may list versions")


def _delete(stage: Stage, first: Actor, key: str) -> None:
    """Delete as W&B or else as the owner: whether W&B may is V15's question."""
    for actor in dict.fromkeys((first, *stage.insiders())):
        try:
            actor.s3.delete_object(Bucket=stage.store.bucket, Key=key)
        except ClientError as problem:
            if code_of(problem) != "AccessDenied":
                raise
        else:
            return
    raise UndecidedError("nobody may delete an object")
