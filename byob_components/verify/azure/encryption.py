"""Encryption as it is declared, and the state of its key (V04)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from byob_components.verify.azure.arm import Arm, ArmError
from byob_components.verify.azure.stage import Stage
from byob_components.verify.result import Record, State
from byob_components.verify.runner import Check

MICROSOFT, VAULT = "Microsoft.Storage", "Microsoft.Keyvault"
"""Who manages the key, as Azure Resource Manager writes it."""
USES = ("wrapKey", "unwrapKey")
"""What a storage account does with a customer key (Microsoft, customer-managed keys)."""
ENCRYPTED = "x-ms-server-encrypted"
"""The header by which every blob says that it is encrypted; it names no customer key."""


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V04",
            "Encryption and its key are as declared",
            "set the account's encryption to what was declared",
            partial(encryption, stage),
        )
    ]


def encryption(stage: Stage, record: Record) -> None:
    """V04."""
    owner = stage.owner(record)
    judge_encryption(record, owner.arm.account().get("properties", {}).get("encryption") or {}, stage.store.kms_key_id)
    if stage.store.kms_key_id and record.state is not State.FAIL:
        key = _key(owner.arm, stage.store.kms_key_id)
        judge_key(record, key, datetime.datetime.now(datetime.UTC))


def _key(arm: Arm, key_id: str) -> Mapping[str, Any]:
    """A key by its vault, or by Azure Resource Manager where the vault lets nobody in but Azure Storage, as ours do."""
    try:
        return arm.vault_key(key_id)
    except ArmError as problem:
        if problem.status_code != 403 or not (found := arm.managed_key(key_id)):
            raise
        return found


def judge_encryption(record: Record, found: Mapping[str, Any], declared: str) -> None:
    """Whether blobs are encrypted as declared.

    Args:
        record: Where it is noted.
        found: `encryption` of the account.
        declared: The key's address; empty when Microsoft manages the key.
    """
    source = str(found.get("keySource") or MICROSOFT)
    if not declared:
        if source == MICROSOFT:
            record.saw("Microsoft manages the key")
        else:
            record.fail(f"the key is {_shown(found)}, declared one that Microsoft manages")
        return
    if source != VAULT:
        record.fail(f"Microsoft manages the key, declared {declared}")
        return
    if not same_key(_shown(found), declared):
        record.fail(f"the key is {_shown(found)}, declared {declared}")
        return
    record.saw(f"the key is {_shown(found)}")
    if _vault(found).get("keyversion"):
        record.warn(
            "the account names one version of the key: a rotation does not reach it",
            "name the key without its version",
        )


def judge_key(record: Record, key: Mapping[str, Any], now: datetime.datetime) -> None:
    """Whether a key works, and goes on working.

    Args:
        record: Where it is noted.
        key: As its vault shows it.
        now: The time.
    """
    attributes, operations = key.get("attributes") or {}, (key.get("key") or {}).get("key_ops")
    if attributes.get("enabled") is not True:
        record.fail("the key is disabled: nothing can be read or written", "enable the key")
    expiry = attributes.get("exp")
    if expiry is not None:
        date = datetime.datetime.fromtimestamp(int(expiry), datetime.UTC)
        if date <= now:
            record.fail(f"the key expired on {date:%Y-%m-%d}", "rotate the key")
        else:
            record.saw(f"the key expires on {date:%Y-%m-%d}")
    missing = [use for use in USES if operations is not None and use not in operations]
    if missing:
        record.fail(f"the key may not {' and '.join(missing)}", "allow these operations on the key")
    if not record.fixes:
        record.saw(f"the key is enabled, {', '.join(USES)}")


def same_key(found: str, declared: str) -> bool:
    """Whether two addresses mean one key, whatever its version.

    Args:
        found: What the account says.
        declared: What was declared.
    """
    return bool(found) and _bare(found) == _bare(declared)


def _bare(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc.lower(), "/".join(parts.path.strip("/").split("/")[:2]).lower()


def _vault(found: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of the key. Their names are written in more than one way: in small letters by the service itself."""
    low = {name.lower(): value for name, value in found.items()}
    return {name.lower(): value for name, value in (low.get("keyvaultproperties") or {}).items()}


def _shown(found: Mapping[str, Any]) -> str:
    vault = str(_vault(found).get("keyvaulturi") or "").rstrip("/")
    return f"{vault}/keys/{_vault(found).get('keyname') or ''}" if vault else "(none)"
