"""Encryption as it is declared, and the state of its key (V04)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from byob_components.verify.gcs.settings import properties
from byob_components.verify.gcs.stage import Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check

PURPOSE = "ENCRYPT_DECRYPT"
"""The only purpose that Cloud Storage works with."""


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V04",
            "Encryption and its key are as declared",
            "set the bucket's default key to what was declared; objects that are there keep their key",
            partial(encryption, stage),
        )
    ]


def encryption(stage: Stage, record: Record) -> None:
    """V04: as the owner, whose key it is; W&B has no right on it and needs none."""
    key = stage.store.kms_key_id
    default = (properties(stage, stage.settler(record)).get("encryption") or {}).get("defaultKmsKeyName") or ""
    judge_encryption(record, default, key)
    if not key:
        return
    if stage.has_owner:
        judge_key(record, stage.owner(record).key(key))
    else:
        record.warn("the key's state was not looked at: W&B has no right there", "give the owner's identity")


def judge_encryption(record: Record, found: str, declared: str) -> None:
    """Whether new objects are encrypted as declared.

    Args:
        record: Where it is noted.
        found: The bucket's default key; empty when it has none.
        declared: The key; empty where Google manages it.
    """
    if found == declared:
        record.saw(f"default key {found}" if found else "Google manages the key")
    else:
        record.fail(f"default key {found or '(Google manages it)'}, declared {declared or '(Google manages it)'}")


def judge_key(record: Record, key: Mapping[str, Any]) -> None:
    """Whether a key works, and goes on working.

    Args:
        record: Where it is noted.
        key: A `CryptoKey` of Cloud KMS.
    """
    primary = key.get("primary") or {}
    state, purpose = primary.get("state"), key.get("purpose")
    if state == "DESTROY_SCHEDULED":
        date = f" on {primary['destroyTime'][:10]}" if "destroyTime" in primary else ""
        record.fail(
            f"the key's primary version is destroyed{date}: what was written with it is lost then",
            "restore the key version and enable it again, today",
        )
    elif state != "ENABLED":
        record.fail(
            f"the key's primary version is {state or 'missing'}: nothing can be written", "enable the key version"
        )
    if purpose != PURPOSE:
        record.fail(f"the key's purpose is {purpose}, Cloud Storage needs {PURPOSE}", "make a symmetric encryption key")
    if state == "ENABLED" and purpose == PURPOSE:
        record.saw(f"the key's primary version is enabled, {PURPOSE}, not about to be destroyed")


def same_key(found: str, declared: str) -> bool:
    """Whether the key that an object names is the declared one: an object names the version that it was written with.

    Args:
        found: `kmsKeyName` of the object; empty when it names none.
        declared: The key; empty where Google manages it.
    """
    return found.partition("/cryptoKeyVersions/")[0] == declared
