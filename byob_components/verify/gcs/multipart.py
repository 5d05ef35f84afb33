"""Uploads in pieces: completed and given up (V12, V13).

W&B's SDK uploads in parts on S3 only; to Cloud Storage it sends one PUT, whatever the size (wandb/wandb#5377, #7659). What a
server writes itself goes through Google's clients, which upload in pieces: a resumable upload.
"""

from __future__ import annotations

import io
import os
from functools import partial

from byob_components.verify.gcs.stage import RETRY, Stage
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.web import TIMEOUT_SECONDS

PIECE_BYTES = 256 * 1024
"""The least size of a piece that is not the last, and every piece's is a multiple of it (Google, resumable uploads)."""
GONE = (404, 410, 499)
"""What a cancelled upload answers: 499 to its cancelling and to every question after it (Google, resumable uploads)."""
_TYPE = "application/octet-stream"
_GRANT = "give W&B's principal the roles of its page on the bucket; the project's Cloud Storage agent needs the use of the key"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check("V12", "Uploads in pieces are put together", _GRANT, partial(complete, stage)),
        Check("V13", "An upload in pieces can be given up", _GRANT, partial(cancel, stage)),
    ]


def complete(stage: Stage, record: Record) -> None:
    """V12: a resumable upload by Google's client, as a server makes it."""
    actor, key = stage.wandb(record), f"{stage.prefix}pieces.bin"
    body = os.urandom(2 * PIECE_BYTES + 1)
    # Without a size the client cannot take a short cut through a single request.
    actor.bucket.blob(key, chunk_size=PIECE_BYTES).upload_from_file(
        io.BytesIO(body), content_type=_TYPE, timeout=TIMEOUT_SECONDS, retry=RETRY
    )
    got = actor.bucket.blob(key).download_as_bytes(timeout=TIMEOUT_SECONDS, retry=RETRY)
    if got == body:
        record.saw(f"3 pieces of at most {PIECE_BYTES // 1024} KiB; the whole reads back equal")
    else:
        record.fail(f"the whole reads back with {len(got)} B of {len(body)}, or other ones")


def cancel(stage: Stage, record: Record) -> None:
    """V13: begun, one piece sent, cancelled; the upload is no longer known, and no object was made."""
    actor, key = stage.wandb(record), f"{stage.prefix}given-up.bin"
    blob = actor.bucket.blob(key)
    place = blob.create_resumable_upload_session(
        content_type=_TYPE, size=2 * PIECE_BYTES, timeout=TIMEOUT_SECONDS, retry=RETRY
    )
    stage.sessions.append(place)
    first = {"Content-Type": _TYPE, "Content-Range": f"bytes 0-{PIECE_BYTES - 1}/{2 * PIECE_BYTES}"}
    sent = stage.web.send("PUT", place, first, os.urandom(PIECE_BYTES))
    if sent.status != 308:
        record.fail(f"the first piece of an upload is answered {sent}, not 308")
        return
    stage.sessions.remove(place)
    given_up = stage.web.send("DELETE", place, {"Content-Length": "0"})
    if given_up.status in (405, 501):
        raise UndecidedError(f"this server does not cancel uploads ({given_up})")
    asked = stage.web.send("PUT", place, {"Content-Range": f"bytes */{2 * PIECE_BYTES}"}, b"")
    if asked.status not in GONE:
        record.fail(f"the upload is still known after it was cancelled ({given_up}): {asked}")
    elif stage.who_reads(key):
        record.fail("the upload was cancelled, and made an object")
    else:
        record.saw(f"begun, cancelled ({given_up}), and gone: {asked}")
