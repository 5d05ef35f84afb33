"""Signed URLs: upload, metadata, download, ranges, and that an URL opens nothing else (V10, V11, V21)."""

from __future__ import annotations

from functools import partial

import httpx

from byob_components.verify import presigned
from byob_components.verify.azure.encryption import ENCRYPTED
from byob_components.verify.azure.meaning import BAD_KEYS, REFUSALS
from byob_components.verify.azure.stage import Stage
from byob_components.verify.presigned import OBJECTS
from byob_components.verify.refusal import Verdict, verdict
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.web import Answer
from byob_components.wandb.transfer import AZURE_BLOB_TYPE

__all__ = ["OBJECTS", "checks", "dead_urls", "downloads", "uploads"]

_GRANT = "give W&B's identity the roles of its page on the account (AzureGrant does), or the account's key in its mode"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    signatures = "put a store behind it that checks signatures: this one lets anybody in"
    return [
        Check("V10", "Signed uploads are taken", _GRANT, partial(uploads, stage)),
        Check("V11", "Signed downloads give the same bytes", _GRANT, partial(downloads, stage)),
        Check("V21", "An URL that has expired or was changed opens nothing", signatures, partial(dead_urls, stage)),
    ]


def uploads(stage: Stage, record: Record) -> None:
    """V10."""
    presigned.uploads(stage, record, more=": ".join(AZURE_BLOB_TYPE))


def downloads(stage: Stage, record: Record) -> None:
    """V11."""
    _, _, head = presigned.read_back(stage, record)
    if head.ok:
        judge_headers(record, head)


def judge_headers(record: Record, answer: Answer) -> None:
    """Whether a blob says that it is encrypted.

    Args:
        record: Where it is noted.
        answer: To a HEAD or GET.
    """
    if answer.headers.get(ENCRYPTED) == "true":
        record.saw("the blob is encrypted")
    else:
        record.fail(f"the blob does not say that it is encrypted ({ENCRYPTED})")


def dead_urls(stage: Stage, record: Record) -> None:
    """V21: an URL that expired an hour ago, one whose signature was changed, one for another blob, for reading only, for
    HTTPS only."""
    planted = stage.plant("dead-url.txt")
    actor = stage.reader(planted, record)
    other = stage.plant("other.txt", b"another")
    good = stage.sign(actor, "GET", planted.key)
    address, _, signature = good.rpartition("sig=")
    changed = f"{address}sig={'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    write = stage.upload_headers(b"overwritten")
    tries = {
        "expired": ("GET", stage.sign(actor, "GET", planted.key, expires=60, age=3600)),
        "with a changed signature": ("GET", changed),
        "with a later end": ("GET", good.replace("&se=2", "&se=3")),
        "for another blob": ("GET", good.replace(stage.url(planted.key), stage.url(other.key))),
        "for reading, used to write": ("PUT", good),
        "for reading, used to delete": ("DELETE", good),
    }
    for what, (method, url) in tries.items():
        put = method == "PUT"
        _judge(record, what, stage.web.send(method, url, write if put else {}, b"overwritten" if put else None))
    _over_plain_http(stage, record, good)


def _over_plain_http(stage: Stage, record: Record, good: str) -> None:
    """An URL that is for HTTPS only. Where no plain port answers, V18 says so."""
    if not stage.store.plain_endpoint or not good.startswith("https:"):
        return
    plain = good.replace(stage.endpoint, stage.store.plain_endpoint.rstrip("/"))
    try:
        answer = stage.web.send("GET", plain)
    except httpx.TransportError:
        return
    _judge(record, "for HTTPS, used over plain HTTP", answer)


def _judge(record: Record, what: str, answer: Answer) -> None:
    if answer.ok:
        record.fail(f"an URL {what} opens: {answer}")
    elif verdict(answer, BAD_KEYS, REFUSALS) is Verdict.UNCLEAR:
        raise UndecidedError(f"an URL {what} is answered {answer}, neither opened nor refused")
    else:
        record.saw(f"{what}: {answer}")
