"""Lifecycle rules: nothing of W&B's may be removed, what W&B cannot clear away must (V07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from byob_components.verify.azure.stage import Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check

SLOW = "tierToArchive"
"""The tier whose blobs must be brought back, for hours, before they can be read."""
AFTER = "daysAfterCreationGreaterThan"
Rule = Mapping[str, Any]


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V07",
            "Lifecycle rules keep current blobs and clear the rest",
            "take the rule of AzureContainer: previous versions are removed, nothing else",
            partial(lifecycle, stage),
        )
    ]


def lifecycle(stage: Stage, record: Record) -> None:
    """V07. Blocks that were never put together go by themselves, after a week (Microsoft, Put Block)."""
    store, rules = stage.store, stage.owner(record).arm.management_rules()
    place = f"{store.container}/{store.path}/" if store.path else f"{store.container}/"
    judge_lifecycle(record, rules, place, store.noncurrent_days, store.versioning)


def judge_lifecycle(record: Record, rules: Sequence[Rule], place: str, noncurrent_days: int, versioned: bool) -> None:
    """Whether the rules that are on leave W&B's current blobs alone and clear away what W&B cannot.

    Args:
        record: Where it is noted.
        rules: Of the account's management policy.
        place: Container and path, with a slash at the end.
        noncurrent_days: Days after which previous versions shall be removed; 0 when nothing was declared.
        versioned: Whether there are such versions.
    """
    on = [rule for rule in rules if rule.get("enabled") is not False]
    for rule in on:
        if _touches(rule, place):
            _judge_current(record, rule)
    whole = [rule for rule in on if _covers(rule, place)]
    found = [days for rule in whole if (days := _version_days(rule)) is not None]
    if not found and noncurrent_days:
        record.fail(f"previous versions are never removed, declared {noncurrent_days} days")
    elif not found and versioned:
        record.warn("previous versions are kept, and paid for, for ever: W&B's roles do not clear them away")
    elif found and noncurrent_days and min(found) != noncurrent_days:
        record.fail(f"previous versions are removed after {min(found):g} days, declared {noncurrent_days}")
    elif found:
        record.saw(f"previous versions are removed after {min(found):g} days")
    if not record.fixes:
        record.saw("current blobs stay")


def _judge_current(record: Record, rule: Rule) -> None:
    actions, name = _actions(rule).get("baseBlob") or {}, f"rule {rule.get('name', 'without a name')!r}"
    if actions.get("delete"):
        record.fail(f"{name} removes current blobs: run history is lost", "drop the rule's delete of base blobs")
    if actions.get(SLOW):
        record.fail(
            f"{name} archives current blobs: downloads fail until they are brought back",
            "choose a tier that can be read at once",
        )


def _version_days(rule: Rule) -> float | None:
    days = ((_actions(rule).get("version") or {}).get("delete") or {}).get(AFTER)
    return None if days is None else float(days)


def _actions(rule: Rule) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (rule.get("definition") or {}).get("actions") or {}
    return found


def _filters(rule: Rule) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (rule.get("definition") or {}).get("filters") or {}
    return found


def _prefixes(rule: Rule) -> list[str]:
    return list(_filters(rule).get("prefixMatch") or [""])


def _of_blocks(rule: Rule) -> bool:
    return "blockBlob" in (_filters(rule).get("blobTypes") or ["blockBlob"]) and not _filters(rule).get(
        "blobIndexMatch"
    )


def _touches(rule: Rule, place: str) -> bool:
    """Whether the rule concerns some of W&B's blobs; they are block blobs, without index tags."""
    return _of_blocks(rule) and any(place.startswith(prefix) or prefix.startswith(place) for prefix in _prefixes(rule))


def _covers(rule: Rule, place: str) -> bool:
    """Whether the rule concerns all of W&B's blobs."""
    return _of_blocks(rule) and any(place.startswith(prefix) for prefix in _prefixes(rule))
