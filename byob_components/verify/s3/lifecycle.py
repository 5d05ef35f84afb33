"""Lifecycle rules: nothing of W&B's may expire, what W&B cannot clear away must (V07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import NOT_OFFERED, code_of
from byob_components.verify.s3.stage import Stage
from byob_components.wandb.transfer import WRITE_URL_HOURS

ARCHIVE = ("GLACIER", "DEEP_ARCHIVE")
"""Storage classes whose objects must be restored before they can be read."""
ABORT_DAYS = WRITE_URL_HOURS // 24 + 1
"""The least age of an unfinished upload that a rule may drop: its URL must have died."""
Rule = Mapping[str, Any]


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V07",
            "Lifecycle rules keep current objects and clear the rest",
            "take the rules of AwsBucket: old versions expire, unfinished uploads are dropped, nothing else",
            partial(lifecycle, stage),
        )
    ]


def lifecycle(stage: Stage, record: Record) -> None:
    """V07."""
    owner = stage.owner(record)
    try:
        rules = owner.s3.get_bucket_lifecycle_configuration(Bucket=stage.store.bucket).get("Rules", [])
    except ClientError as problem:
        if code_of(problem) in NOT_OFFERED:
            raise UndecidedError("this server has no lifecycle rules") from None
        if code_of(problem) != "NoSuchLifecycleConfiguration":
            raise
        rules = []
    judge_lifecycle(record, rules, stage.store.path, stage.store.noncurrent_days)


def judge_lifecycle(record: Record, rules: Sequence[Rule], path: str, noncurrent_days: int) -> None:
    """Whether the rules that are on leave W&B's current objects alone and clear away what W&B cannot.

    Args:
        record: Where it is noted.
        rules: Of GetBucketLifecycleConfiguration.
        path: W&B's path; empty for the whole bucket.
        noncurrent_days: Days after which old versions shall expire; 0 when nothing was declared.
    """
    on = [rule for rule in rules if rule.get("Status") == "Enabled"]
    for rule in on:
        if _touches(rule, path):
            _judge_current(record, rule)
    whole = [rule for rule in on if _covers(rule, path)]
    _judge_uploads(record, [rule for rule in on if _touches(rule, path)], whole)
    _judge_noncurrent(record, whole, noncurrent_days)
    if not record.fixes:
        record.saw("current objects stay")


def _judge_current(record: Record, rule: Rule) -> None:
    expiration = rule.get("Expiration", {})
    if "Days" in expiration or "Date" in expiration:
        when = f"after {expiration['Days']} days" if "Days" in expiration else f"on {expiration['Date']}"
        record.fail(f"{_name(rule)} expires current objects {when}: run history is lost", "drop the rule's expiration")
    for transition in rule.get("Transitions", []):
        if transition.get("StorageClass") in ARCHIVE:
            record.fail(
                f"{_name(rule)} moves current objects to {transition['StorageClass']}: downloads fail until restored",
                "choose a storage class that can be read at once",
            )


def _judge_uploads(record: Record, touching: Sequence[Rule], whole: Sequence[Rule]) -> None:
    for rule in touching:
        days = rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
        if days is not None and days < ABORT_DAYS:
            record.fail(
                f"{_name(rule)} drops uploads after {days} days, while their URLs may live for {WRITE_URL_HOURS} hours",
                f"drop them after {ABORT_DAYS} days or more",
            )
    found = [r["AbortIncompleteMultipartUpload"] for r in whole if r.get("AbortIncompleteMultipartUpload")]
    if found:
        record.saw(f"unfinished uploads are dropped after {found[0].get('DaysAfterInitiation')} days")
    else:
        record.warn("unfinished uploads are kept, and paid for, for ever: W&B's SDK never aborts one")


def _judge_noncurrent(record: Record, whole: Sequence[Rule], declared: int) -> None:
    found = [r["NoncurrentVersionExpiration"] for r in whole if r.get("NoncurrentVersionExpiration")]
    days = min((f["NoncurrentDays"] for f in found if "NoncurrentDays" in f), default=None)
    if days is None and declared:
        record.fail(f"old versions never expire, declared {declared} days")
    elif days is None:
        record.warn("old versions are kept, and paid for, for ever: W&B has no right to delete one")
    elif declared and days != declared:
        record.fail(f"old versions expire after {days} days, declared {declared}")
    else:
        record.saw(f"old versions expire after {days} days")


def _conditions(rule: Rule) -> tuple[str, bool]:
    """The rule's prefix, and whether it asks for tags, which W&B's objects do not have."""
    chosen = rule.get("Filter", {})
    both = chosen.get("And", {})
    prefix = rule.get("Prefix") or chosen.get("Prefix") or both.get("Prefix") or ""
    return prefix, bool(chosen.get("Tag") or both.get("Tags"))


def _touches(rule: Rule, path: str) -> bool:
    """Whether the rule concerns some of W&B's objects."""
    prefix, tagged = _conditions(rule)
    folder = f"{path}/" if path else ""
    return not tagged and (folder.startswith(prefix) or prefix.startswith(folder))


def _covers(rule: Rule, path: str) -> bool:
    """Whether the rule concerns all of W&B's objects, whatever their size."""
    prefix, tagged = _conditions(rule)
    sized = "ObjectSize" in str(rule.get("Filter", {}))
    return not tagged and not sized and (f"{path}/" if path else "").startswith(prefix)


def _name(rule: Rule) -> str:
    return f"rule {rule.get('ID', 'without a name')!r}"
