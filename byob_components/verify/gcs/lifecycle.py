"""Lifecycle rules: nothing of W&B's may expire, what W&B cannot clear away must (V07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from byob_components.verify.gcs.settings import properties
from byob_components.verify.gcs.stage import Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check
from byob_components.wandb.transfer import WRITE_URL_HOURS

ABORT_DAYS = WRITE_URL_HOURS // 24 + 1
"""The least age of an unfinished upload that a rule may drop: its URL must have died."""
Rule = Mapping[str, Any]
_PLAIN = {"daysSinceNoncurrentTime", "isLive", "numNewerVersions", "matchesPrefix", "age"}
"""Conditions that every object of W&B's can meet."""
_NEVER = ("daysSinceCustomTime", "customTimeBefore")
"""Conditions that none does: W&B sets no custom time."""


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V07",
            "Lifecycle rules keep current objects and clear the rest",
            "take the rules of GcpBucket: old generations expire, unfinished uploads are dropped, nothing else",
            partial(lifecycle, stage),
        )
    ]


def lifecycle(stage: Stage, record: Record) -> None:
    """V07."""
    rules = (properties(stage, stage.settler(record)).get("lifecycle") or {}).get("rule") or []
    judge_lifecycle(record, rules, stage.store.path, stage.store.noncurrent_days)


def judge_lifecycle(record: Record, rules: Sequence[Rule], path: str, noncurrent_days: int) -> None:
    """Whether the rules leave W&B's current objects alone and clear away what W&B's clean-up does not.

    All of Cloud Storage's classes can be read at once, so a rule that moves objects is fine.

    Args:
        record: Where it is noted.
        rules: `lifecycle.rule` of the bucket.
        path: W&B's path; empty for the whole bucket.
        noncurrent_days: Days after which old generations shall expire; 0 when nothing was declared.
    """
    touching = [rule for rule in rules if _touches(_condition(rule), path)]
    deleting = [_condition(rule) for rule in touching if _action(rule) == "Delete"]
    for condition in deleting:
        if not _noncurrent_only(condition):
            record.fail(f"a rule deletes current objects ({_shown(condition)}): run history is lost", "drop the rule")
    _judge_uploads(
        record, [_condition(rule) for rule in touching if _action(rule) == "AbortIncompleteMultipartUpload"], path
    )
    _judge_noncurrent(record, [one for one in deleting if _noncurrent_only(one)], path, noncurrent_days)
    if not record.fixes:
        record.saw("current objects stay")


def _judge_uploads(record: Record, touching: Sequence[Rule], path: str) -> None:
    for condition in touching:
        if condition.get("age", ABORT_DAYS) < ABORT_DAYS:
            record.fail(
                f"a rule drops uploads after {condition['age']} days, while their URLs may live for {WRITE_URL_HOURS} hours",
                f"drop them after {ABORT_DAYS} days or more",
            )
    found = [condition for condition in touching if _covers(condition, path)]
    if found:
        record.saw(f"unfinished uploads are dropped after {found[0].get('age')} days")
    else:
        record.warn("unfinished multipart uploads are kept, and paid for, for ever")


def _judge_noncurrent(record: Record, touching: Sequence[Rule], path: str, declared: int) -> None:
    for condition in touching:
        if "daysSinceNoncurrentTime" not in condition:
            record.fail(
                f"a rule deletes old generations without waiting ({_shown(condition)}): what was overwritten today can be "
                "gone today",
                "give the rule daysSinceNoncurrentTime",
            )
    waiting = [one for one in touching if "daysSinceNoncurrentTime" in one and _covers(one, path)]
    days = min((one["daysSinceNoncurrentTime"] for one in waiting), default=None)
    if days is None and declared:
        record.fail(f"old generations never expire, declared {declared} days")
    elif days is None:
        record.warn("old generations are kept, and paid for, for ever")
    elif declared and days != declared:
        record.fail(f"old generations expire after {days} days, declared {declared}")
    else:
        record.saw(f"old generations expire after {days} days")


def _action(rule: Rule) -> str:
    return str((rule.get("action") or {}).get("type", ""))


def _condition(rule: Rule) -> Rule:
    found: Rule = rule.get("condition") or {}
    return found


def _noncurrent_only(condition: Rule) -> bool:
    """Whether no live object meets it: a live one has no newer generation, and never became noncurrent."""
    aged = condition.get("daysSinceNoncurrentTime") is not None or condition.get("noncurrentTimeBefore")
    return condition.get("isLive") is False or bool(aged) or int(condition.get("numNewerVersions") or 0) > 0


def _touches(condition: Rule, path: str) -> bool:
    """Whether the rule concerns some of W&B's objects."""
    folder, prefixes = f"{path}/" if path else "", condition.get("matchesPrefix") or [""]
    met = not any(condition.get(name) for name in _NEVER)
    return met and any(folder.startswith(prefix) or prefix.startswith(folder) for prefix in prefixes)


def _covers(condition: Rule, path: str) -> bool:
    """Whether the rule concerns all of W&B's objects."""
    folder, prefixes = f"{path}/" if path else "", condition.get("matchesPrefix") or [""]
    return set(condition) <= _PLAIN and any(folder.startswith(prefix) for prefix in prefixes)


def _shown(condition: Rule) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(condition.items())) or "always"
