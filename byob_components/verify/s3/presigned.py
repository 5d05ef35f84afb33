"""Presigned URLs: upload, metadata, download, ranges, and that an URL opens nothing else (V10, V11, V21)."""

from __future__ import annotations

from functools import partial

from byob_components.verify import presigned
from byob_components.verify.presigned import OBJECTS
from byob_components.verify.result import Record
from byob_components.verify.runner import Check
from byob_components.verify.s3.encryption import same_key
from byob_components.verify.s3.meaning import BAD_KEYS
from byob_components.verify.s3.stage import Stage
from byob_components.verify.s3.store import KMS
from byob_components.verify.web import Answer

__all__ = ["OBJECTS", "checks", "dead_urls", "downloads", "judge_headers"]

ENCRYPTION_HEADER = "x-amz-server-side-encryption"
KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"
_GRANT = "give W&B's principal the object actions of its page on everything below the path, and the use of the key"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    signatures = "put a store behind it that checks signatures: this one lets anybody in"
    return [
        Check("V10", "Presigned uploads are taken", _GRANT, partial(presigned.uploads, stage)),
        Check("V11", "Presigned downloads give the same bytes", _GRANT, partial(downloads, stage)),
        Check("V21", "An URL that has expired or was changed opens nothing", signatures, partial(dead_urls, stage)),
    ]


def downloads(stage: Stage, record: Record) -> None:
    """V11."""
    _, _, head = presigned.read_back(stage, record)
    if head.ok:
        judge_headers(record, head, stage.store.encryption, stage.store.kms_key_id)


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
    """V21."""
    presigned.dead_urls(stage, record, BAD_KEYS)
