"""Uploads in parts: completed and aborted (V12, V13)."""

from __future__ import annotations

import os
from functools import partial

from botocore.exceptions import ClientError

from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import code_of
from byob_components.verify.s3.stage import Actor, Stage, upload_headers
from byob_components.wandb.cors import EXPOSED

PART_BYTES = 5 * 1024 * 1024
"""The least size of a part that is not the last (AWS, multipart upload limits)."""
_GRANT = "give W&B's principal the object actions of its page on everything below the path, and the use of the key"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check("V12", "Uploads in parts are put together", _GRANT, partial(complete, stage)),
        Check("V13", "An upload in parts can be given up", _GRANT, partial(abort, stage)),
    ]


def complete(stage: Stage, record: Record) -> None:
    """V12: W&B's server opens and completes the upload, the SDK puts the parts to presigned URLs."""
    actor, key = stage.wandb(record), f"{stage.prefix}parts.bin"
    where = {"Bucket": stage.store.bucket, "Key": key}
    upload = actor.s3.create_multipart_upload(**where, ContentType="application/octet-stream")["UploadId"]
    bodies, parts = [os.urandom(PART_BYTES), os.urandom(PART_BYTES)], []
    for number, body in enumerate(bodies, 1):
        answer = stage.call(
            actor,
            "PUT",
            key,
            query={"partNumber": str(number), "uploadId": upload},
            headers=upload_headers(body),
            body=body,
        )
        etag = answer.headers.get(EXPOSED.lower(), "")
        if not answer.ok or not etag:
            record.fail(f"PUT of part {number}: {answer}, {EXPOSED} {etag or 'missing'}")
            return
        parts.append({"PartNumber": number, "ETag": etag})
    actor.s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})
    got = stage.call(actor, "GET", key)
    if got.ok and got.body == b"".join(bodies):
        record.saw(f"2 parts of {PART_BYTES // 1024 // 1024} MiB, each with its {EXPOSED}; the whole reads back equal")
    else:
        record.fail(f"GET of the whole: {got}, {len(got.body)} B of {2 * PART_BYTES}")


def abort(stage: Stage, record: Record) -> None:
    """V13."""
    actor, key = stage.wandb(record), f"{stage.prefix}given-up.bin"
    where = {"Bucket": stage.store.bucket, "Key": key}
    opener, upload = _open(stage, actor, where)
    if upload not in _listed(stage, key):
        raise UndecidedError("an upload that was just opened is not listed, so its absence would show nothing")
    actor.s3.abort_multipart_upload(**where, UploadId=upload)
    if upload in _listed(stage, key):
        record.fail("the upload is still listed after it was aborted")
    else:
        record.saw(
            "opened, aborted, and gone from the list" + ("" if opener is actor else f"; opened by {opener.name}")
        )


def _open(stage: Stage, first: Actor, where: dict[str, str]) -> tuple[Actor, str]:
    """Open an upload, as W&B or else as the owner: whether W&B may is the question of V12."""
    for actor in dict.fromkeys((first, *stage.insiders())):
        try:
            return actor, actor.s3.create_multipart_upload(**where)["UploadId"]
        except ClientError as problem:
            if code_of(problem) != "AccessDenied":
                raise
    raise UndecidedError("nobody may open an upload")


def _listed(stage: Stage, key: str) -> list[str]:
    """The uploads of a key, listed by W&B or else by the owner."""
    for actor in stage.insiders():
        try:
            found = actor.s3.list_multipart_uploads(Bucket=stage.store.bucket, Prefix=key).get("Uploads", [])
        except ClientError as problem:
            if code_of(problem) != "AccessDenied":
                raise
        else:
            return [upload["UploadId"] for upload in found]
    raise UndecidedError("nobody may list uploads")
