"""Signed URLs: upload, metadata, download, ranges, that an URL opens nothing else, and signing by IAM (V10, V11, V21, V24)."""

from __future__ import annotations

from functools import partial

from byob_components.verify import presigned
from byob_components.verify.gcs.encryption import same_key
from byob_components.verify.gcs.meaning import BAD_KEYS, SIGNER, SigningError
from byob_components.verify.gcs.stage import RETRY, Stage, upload_headers
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check

_GRANT = "give W&B's principal the roles of its page on the bucket; the project's Cloud Storage agent needs the use of the key"


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
        Check("V24", "IAM signs URLs for W&B's account", SIGNER, partial(sign_blob, stage)),
    ]


def downloads(stage: Stage, record: Record) -> None:
    """V11, and whether the object names the declared key: in the JSON API, which W&B may read like the object."""
    actor, key, head = presigned.read_back(stage, record)
    if head.ok:
        blob = actor.bucket.blob(key)
        blob.reload(retry=RETRY)
        judge_key_name(record, blob.kms_key_name or "", stage.store.kms_key_id)


def judge_key_name(record: Record, found: str, declared: str) -> None:
    """Whether an object says that it is encrypted as declared.

    Args:
        record: Where it is noted.
        found: `kmsKeyName` of the object; empty when it names none.
        declared: The key; empty where Google manages it.
    """
    if same_key(found, declared):
        record.saw(f"the object is encrypted with {found}" if found else "the object names no key: Google manages it")
    else:
        record.fail(f"the object names the key {found or '(none)'}, declared {declared or '(none)'}")


def dead_urls(stage: Stage, record: Record) -> None:
    """V21."""
    presigned.dead_urls(stage, record, BAD_KEYS)


def sign_blob(stage: Stage, record: Record) -> None:
    """V24: W&B's account signs without a private key, as a server does that runs with a workload's identity."""
    actor = stage.wandb(record)
    key, body = f"{stage.prefix}signed-by-iam.txt", b"signed by IAM"
    headers = upload_headers(body)
    try:
        put = stage.sign(actor, "PUT", key, headers=headers, signer=actor.iam_signer)
    except SigningError as refusal:
        if stage.store.signer or not actor.signs_itself:
            raise
        raise UndecidedError(f"{refusal}; nobody declared that it should, and it signs without (V10)") from None
    answer = stage.web.send("PUT", put, headers, body)
    if not answer.ok:
        record.fail(f"PUT by an URL that IAM has signed: {answer}", _GRANT)
        return
    got = stage.web.send("GET", stage.sign(actor, "GET", key, signer=actor.iam_signer))
    if got.ok and got.body == body:
        record.saw("signBlob signs; PUT and GET by such URLs give the same bytes")
    else:
        record.fail(f"GET by an URL that IAM has signed: {got}, {len(got.body)} B of {len(body)}", _GRANT)
