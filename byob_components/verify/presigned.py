"""Presigned URLs on every cloud: what W&B uploads and reads back, and that an URL opens nothing else (V10, V11, V21)."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any

from byob_components.verify.refusal import Verdict, verdict
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.stage import Stage
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
_RANGE = (100, 199)


def uploads(stage: Stage[Any, Any], record: Record, more: str = USER_QUERY) -> None:
    """V10: as the SDK uploads, with a signed Content-Type and Content-MD5 and W&B's extra query parameter.

    Args:
        stage: What it acts with.
        record: Of the check.
        more: What goes with the headers on this cloud.
    """
    actor = stage.wandb(record)
    for name, size in OBJECTS.items():
        key, body = stage.prefix + name, os.urandom(size)
        answer = stage.call(actor, "PUT", key, headers=stage.upload_headers(body), body=body)
        if answer.ok:
            stage.presigned[key] = body
        else:
            record.fail(f"PUT of {name!r} ({size} B): {answer}")
    taken = len(stage.presigned)
    record.saw(f"{taken} of {len(OBJECTS)} uploads taken, with Content-Type, Content-MD5 and {more}")


def read_back(stage: Stage[Any, Any], record: Record) -> tuple[Any, str, Answer]:
    """V11, but for the encryption: GET of everything that W&B uploaded, Range and HEAD of one.

    Returns:
        Who read, the key of the one, and the answer to its HEAD.
    """
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
    first, last = _RANGE
    part = stage.call(actor, "GET", big, extra={"Range": f"bytes={first}-{last}"})
    if part.status != 206 or part.body != stored[big][first : last + 1]:
        record.fail(f"GET of bytes {first} to {last}: {part}, {len(part.body)} B")
    head = stage.call(actor, "HEAD", big)
    if not head.ok:
        record.fail(f"HEAD: {head}")
    elif head.headers.get("content-length") != str(len(stored[big])) or "etag" not in head.headers:
        record.fail(f"HEAD says {head.headers.get('content-length')} B for {len(stored[big])}, or names no ETag")
    record.saw(f"{len(stored)} objects, HEAD, GET and Range tried")
    return actor, big, head


def dead_urls(stage: Stage[Any, Any], record: Record, bad_keys: Collection[str]) -> None:
    """V21: an URL that expired an hour ago, one whose signature was changed, one for another object or method.

    Args:
        stage: What it acts with.
        record: Of the check.
        bad_keys: The cloud's codes that say who asks is not known: also a refusal, of an URL.
    """
    planted = stage.plant("dead-url.txt")
    actor = stage.reader(planted, record)
    good = stage.sign(actor, "GET", planted.key)
    other = stage.plant("other.txt", b"another")
    tries = {
        "expired": ("GET", stage.sign(actor, "GET", planted.key, expires=60, age=3600), None),
        # Both clouds that sign this way put the signature last, in hexadecimal digits.
        "with a changed signature": ("GET", good[:-1] + ("0" if good[-1] != "0" else "1"), None),
        "for another object": ("GET", good.replace(stage.url(planted.key), stage.url(other.key)), None),
        "for reading, used to write": ("PUT", good, b"overwritten"),
    }
    for what, (method, url, body) in tries.items():
        answer = stage.web.send(method, url, body=body)
        if answer.ok:
            record.fail(f"an URL {what} opens: {answer}")
        elif verdict(answer, bad_keys) is Verdict.UNCLEAR and answer.status != 400:
            raise UndecidedError(f"an URL {what} is answered {answer}, neither opened nor refused")
        else:
            record.saw(f"{what}: {answer}")
