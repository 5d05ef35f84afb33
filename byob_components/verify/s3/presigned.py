"""Presigned URLs: upload, metadata, download, ranges, and that an URL opens nothing else (V10, V11, V21)."""

from __future__ import annotations

import os
from functools import partial

from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.encryption import same_key
from byob_components.verify.s3.meaning import Verdict, verdict
from byob_components.verify.s3.stage import Actor, Stage, upload_headers
from byob_components.verify.s3.store import KMS
from byob_components.verify.web import Answer
from byob_components.wandb.transfer import USER_QUERY

KIB = 1024
OBJECTS = {
    "empty.bin": 0,
    "one-kib.bin": KIB,
    "with spaces and_special-characters.txt": 11,
    "100%25 done%.txt": 12,
    "a+b=c & d?e#f.txt": 13,
    "Größe 日本語 🙂.txt": 14,
}
"""Names and sizes: W&B's own verification uses such names, and files of no bytes occur."""
ENCRYPTION_HEADER = "x-amz-server-side-encryption"
KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"
_GRANT = "give W&B's principal the object actions of its page on everything below the path, and the use of the key"
_RANGE = (100, 199)


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    signatures = "put a store behind it that checks signatures: this one lets anybody in"
    return [
        Check("V10", "Presigned uploads are taken", _GRANT, partial(uploads, stage)),
        Check("V11", "Presigned downloads give the same bytes", _GRANT, partial(downloads, stage)),
        Check("V21", "An URL that has expired or was changed opens nothing", signatures, partial(dead_urls, stage)),
    ]


def uploads(stage: Stage, record: Record) -> None:
    """V10: as the SDK uploads, with a signed Content-Type and Content-MD5 and W&B's extra query parameter."""
    actor = stage.wandb(record)
    for name, size in OBJECTS.items():
        key, body = stage.prefix + name, os.urandom(size)
        answer = stage.call(actor, "PUT", key, headers=upload_headers(body), body=body)
        if answer.ok:
            stage.presigned[key] = body
        else:
            record.fail(f"PUT of {name!r} ({size} B): {answer}")
    taken = len(stage.presigned)
    record.saw(f"{taken} of {len(OBJECTS)} uploads taken, with Content-Type, Content-MD5 and {USER_QUERY}")


def downloads(stage: Stage, record: Record) -> None:
    """V11."""
    stored = dict(stage.presigned)
    big = f"{stage.prefix}one-kib.bin"
    if big not in stored:  # W&B's upload failed: another check's result; here the owner's object is read
        planted = stage.plant("read.bin", os.urandom(KIB))
        big, stored = planted.key, {**stored, planted.key: planted.body}
    actor = stage.wandb(record)
    for key, body in stored.items():
        answer = stage.call(actor, "GET", key)
        name = key.removeprefix(stage.prefix)
        if not answer.ok:
            record.fail(f"GET of {name!r}: {answer}")
        elif answer.body != body:
            record.fail(f"GET of {name!r} gives {len(answer.body)} other bytes than the {len(body)} that were put")
    _partly(stage, record, actor, big, stored[big])
    head = stage.call(actor, "HEAD", big)
    if not head.ok:
        record.fail(f"HEAD: {head}")
        return
    if head.headers.get("content-length") != str(len(stored[big])) or "etag" not in head.headers:
        record.fail(f"HEAD says {head.headers.get('content-length')} B for {len(stored[big])}, or names no ETag")
    judge_headers(record, head, stage.store.encryption, stage.store.kms_key_id)
    record.saw(f"{len(stored)} objects, HEAD, GET and Range tried")


def _partly(stage: Stage, record: Record, actor: Actor, key: str, body: bytes) -> None:
    first, last = _RANGE
    answer = stage.call(actor, "GET", key, extra={"Range": f"bytes={first}-{last}"})
    if answer.status != 206 or answer.body != body[first : last + 1]:
        record.fail(f"GET of bytes {first} to {last}: {answer}, {len(answer.body)} B")


def judge_headers(record: Record, answer: Answer, algorithm: str, key: str) -> None:
    """Whether an object says that it is encrypted as declared.

    Args:
        record: Where it is noted.
        answer: To a HEAD or GET.
        algorithm: `aws:kms` or `AES256`; empty when nothing was declared.
        key: The key's ARN or id, with `aws:kms`.
    """
    found, used = answer.headers.get(ENCRYPTION_HEADER, ""), answer.headers.get(KEY_HEADER, "")
    if not algorithm:
        record.saw(f"the object is encrypted with {found or 'nothing that it names'}; nothing was declared")
    elif found != algorithm:
        record.fail(f"the object is encrypted with {found or 'nothing that it names'}, declared {algorithm}")
    elif algorithm == KMS and not same_key(used, key):
        record.fail(f"the object names the key {used or '(none)'}, declared {key}")
    else:
        record.saw(f"the object is encrypted with {found}" + (f" and {used}" if used else ""))


def dead_urls(stage: Stage, record: Record) -> None:
    """V21: an URL that expired an hour ago, one whose signature was changed, one for another object or method."""
    planted = stage.plant("dead-url.txt")
    actor = stage.reader(planted, record)
    good = stage.sign(actor, "GET", planted.key)
    other = stage.plant("other.txt", b"another")
    tries = {
        "expired": ("GET", stage.sign(actor, "GET", planted.key, expires=60, age=3600), None),
        "with a changed signature": ("GET", good[:-1] + ("0" if good[-1] != "0" else "1"), None),
        "for another object": ("GET", good.replace(stage.url(planted.key), stage.url(other.key)), None),
        "for reading, used to write": ("PUT", good, b"overwritten"),
    }
    for what, (method, url, body) in tries.items():
        answer = stage.web.send(method, url, body=body)
        if answer.ok:
            record.fail(f"an URL {what} opens: {answer}")
        elif verdict(answer) is Verdict.UNCLEAR and answer.status != 400:
            raise UndecidedError(f"an URL {what} is answered {answer}, neither opened nor refused")
        else:
            record.saw(f"{what}: {answer}")
