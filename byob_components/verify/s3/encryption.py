"""Encryption as it is declared, and the state of its key (V04)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import NOT_OFFERED, code_of
from byob_components.verify.s3.stage import Stage
from byob_components.verify.s3.store import KMS

USAGE = "ENCRYPT_DECRYPT"
"""The only usage that S3 works with."""


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V04",
            "Encryption and its key are as declared",
            "set the bucket's default encryption to what was declared; objects that are there keep their key",
            partial(encryption, stage),
        )
    ]


def encryption(stage: Stage, record: Record) -> None:
    """V04."""
    if not stage.store.encryption:
        raise UndecidedError("no encryption was declared")
    wandb = stage.wandb(record)
    try:
        answer = wandb.s3.get_bucket_encryption(Bucket=stage.store.bucket)
        rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    except ClientError as problem:
        if code_of(problem) in NOT_OFFERED:
            raise UndecidedError("this server has no default encryption to read") from None
        if code_of(problem) != "ServerSideEncryptionConfigurationNotFoundError":
            raise
        rules = []
    judge_encryption(record, rules, stage.store.encryption, stage.store.kms_key_id)
    if stage.store.encryption != KMS:
        return
    # The key is the owner's: whether W&B may look at its state is no condition.
    keeper = stage.owner(record) if stage.has_owner else wandb
    judge_key(record, keeper.kms.describe_key(KeyId=stage.store.kms_key_id)["KeyMetadata"])


def judge_encryption(record: Record, rules: Sequence[Mapping[str, Any]], algorithm: str, key: str) -> None:
    """Whether new objects are encrypted as declared.

    Args:
        record: Where it is noted.
        rules: Of GetBucketEncryption.
        algorithm: `aws:kms` or `AES256`.
        key: The key's ARN or id, with `aws:kms`.
    """
    defaults = [rule.get("ApplyServerSideEncryptionByDefault") or {} for rule in rules]
    found = next((default for default in defaults if default), {})
    if found.get("SSEAlgorithm") != algorithm:
        record.fail(f"default encryption {found.get('SSEAlgorithm', 'not set')}, declared {algorithm}")
        return
    if algorithm == KMS and not same_key(found.get("KMSMasterKeyID", ""), key):
        used = found.get("KMSMasterKeyID") or "aws/s3, a key that no other account can use"
        record.fail(f"default key {used}, declared {key}")
        return
    record.saw(f"default encryption {algorithm}" + (f" with {key}" if key else ""))


def judge_key(record: Record, key: Mapping[str, Any]) -> None:
    """Whether a key works, and goes on working.

    Args:
        record: Where it is noted.
        key: `KeyMetadata` of DescribeKey.
    """
    state, usage = key.get("KeyState"), key.get("KeyUsage")
    if state == "PendingDeletion":
        date = f", deleted on {key['DeletionDate']:%Y-%m-%d}" if "DeletionDate" in key else ""
        record.fail(
            f"the key is pending deletion{date}: every object is lost with it",
            "cancel the key's deletion and enable it again, today",
        )
    elif state != "Enabled" or key.get("Enabled") is False:
        record.fail(f"the key is {state or 'not enabled'}: nothing can be read or written", "enable the key")
    if usage != USAGE:
        record.fail(f"the key's usage is {usage}, S3 needs {USAGE}", "make a symmetric encryption key")
    if state == "Enabled" and usage == USAGE:
        record.saw(f"the key is enabled, {USAGE}, not pending deletion")


def same_key(found: str, declared: str) -> bool:
    """Whether two names mean one key; either may be an ARN or its id.

    Args:
        found: What the store says.
        declared: What was declared.
    """
    if not found or not declared:
        return False
    if found.startswith("arn:") and declared.startswith("arn:"):
        return found == declared
    return found.rsplit("/", 1)[-1] == declared.rsplit("/", 1)[-1]
