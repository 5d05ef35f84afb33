"""Removes what a verification has put there, every version and upload of it, and nothing else (V27)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from byob_components.verify.result import Record
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import BAD_KEYS, code_of
from byob_components.verify.s3.stage import FOLDER, Actor, Stage


def check(stage: Stage) -> Check:
    """The clean-up, which is a check too.

    Args:
        stage: What it acts with.
    """
    return Check(
        "V27",
        "Nothing of the verification is left",
        "remove what is left below the named folder as the owner, every version of it (clear_s3 does it)",
        partial(clean_up, stage),
    )


def clean_up(stage: Stage, record: Record) -> None:
    """V27: as the owner, because W&B cannot delete versions; as W&B, as far as it may, when there is no owner."""
    actor = stage.insiders()[-1]
    record.acted(actor.name)
    try:
        _remove(stage, record, actor)
    except ClientError as problem:
        if code_of(problem) != "NoSuchBucket":
            raise
        record.saw("there is no bucket, and so nothing in it")
        return
    others = _other_runs(stage, actor)
    if others:
        record.warn(
            f"from other runs, ended too early or still going: {', '.join(others)}",
            "remove what ended runs have left: clear_s3 with the run's name",
        )


def _remove(stage: Stage, record: Record, actor: Actor) -> None:
    removed, refused = 0, list[str]()
    folders = (stage.prefix, *stage.outside)
    for folder in folders:
        for key, version in list(_versions(stage, actor, folder)):
            refusal = _attempt(actor.s3.delete_object, Bucket=stage.store.bucket, Key=key, VersionId=version)
            refused += refusal
            removed += not refusal
        for key, upload in list(_uploads(stage, actor, folder)):
            refusal = _attempt(actor.s3.abort_multipart_upload, Bucket=stage.store.bucket, Key=key, UploadId=upload)
            refused += refusal
            removed += not refusal
    if refused and not stage.has_owner:
        removed += _delete_current(stage, actor)
    left = [folder for folder in folders if any(_versions(stage, actor, folder)) or any(_uploads(stage, actor, folder))]
    if not left:
        record.saw(f"{removed} objects, versions, delete markers and uploads removed; none is left")
        return
    why = f"left below {', '.join(left)} ({refused[0]})" if refused else f"left below {', '.join(left)}"
    if stage.has_owner or any(_current(stage, actor)) or any(any(_uploads(stage, actor, f)) for f in folders):
        record.fail(why)
    else:
        record.warn(
            f"old versions only, {why}", "give the owner's identity, or let them expire: W&B cannot delete versions"
        )


def _current(stage: Stage, actor: Actor) -> Iterator[str]:
    """Every current object below our folder; W&B put none elsewhere."""
    for page in actor.s3.get_paginator("list_objects_v2").paginate(Bucket=stage.store.bucket, Prefix=stage.prefix):
        yield from (found["Key"] for found in page.get("Contents", []) if found["Key"].startswith(stage.prefix))


def _delete_current(stage: Stage, actor: Actor) -> int:
    """Delete what W&B may: the current objects; their versions stay."""
    keys = list(_current(stage, actor))
    return sum(not _attempt(actor.s3.delete_object, Bucket=stage.store.bucket, Key=key) for key in keys)


def _versions(stage: Stage, actor: Actor, folder: str) -> Iterator[tuple[str, str]]:
    """Every version and delete marker below a folder of ours.

    A server that ignores the prefix would list other people's objects: each key is looked at again here.
    """
    for page in actor.s3.get_paginator("list_object_versions").paginate(Bucket=stage.store.bucket, Prefix=folder):
        for found in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            if found["Key"].startswith(folder):
                yield found["Key"], found["VersionId"]


def _uploads(stage: Stage, actor: Actor, folder: str) -> Iterator[tuple[str, str]]:
    """Every unfinished upload below a folder of ours."""
    for page in actor.s3.get_paginator("list_multipart_uploads").paginate(Bucket=stage.store.bucket, Prefix=folder):
        for found in page.get("Uploads", []):
            if found["Key"].startswith(folder):
                yield found["Key"], found["UploadId"]


def _attempt(call: Any, **arguments: str) -> list[str]:
    """Nothing when a call works, else why not: one object that stays must not keep the others."""
    try:
        call(**arguments)
    except ClientError as problem:
        if code_of(problem) in BAD_KEYS:
            raise
        return [str(problem)]
    return []


def _other_runs(stage: Stage, actor: Actor) -> list[str]:
    """The names of other runs that have something in our folder."""
    above = stage.prefix.removesuffix(f"{stage.run}/")
    answer = actor.s3.list_object_versions(Bucket=stage.store.bucket, Prefix=above, Delimiter="/")
    found = [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]
    return sorted(
        name.removeprefix(above).strip("/")
        for name in found
        if name.startswith(above) and name != stage.prefix and FOLDER in name
    )
