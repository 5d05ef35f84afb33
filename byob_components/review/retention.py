"""For how long what was deleted can be had back: days that a change shortens, rules that expire what is current."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from byob_components.review import kinds
from byob_components.review.danger import Danger, danger
from byob_components.review.reading import SECRET, UNKNOWN, Change

FOR_EVER = float("inf")


def retention(change: Change) -> Iterator[Danger]:
    """Dangers to what is kept.

    Args:
        change: What is planned for one resource.
    """
    for title, was, becomes in _soft_delete(change):
        if becomes < was:
            yield danger("006", change, f"{title}: {_days(was)} becomes {_days(becomes)}")
    was_old, becomes_old = _noncurrent(change, change.was), _noncurrent(change, change.becomes)
    if change.before and change.after and was_old is not None and becomes_old is not None and becomes_old < was_old:
        yield danger("007", change, f"noncurrent versions: {_days(was_old)} becomes {_days(becomes_old)}")
    before = set(_expiring(change, change.was))
    for rule in sorted(set(_expiring(change, change.becomes)) - before):
        yield danger("008", change, rule)


# --------------------------------------------------------------------------------------------- soft delete
def _soft_delete(change: Change) -> Iterator[tuple[str, float, float]]:
    if not change.before:
        return
    if change.kind == "gcp:storage/bucket:Bucket":
        path = ("softDeletePolicy", "retentionDurationSeconds")
        was, becomes = change.was(*path), change.becomes(*path)
        if is_number(was) and becomes not in (UNKNOWN, SECRET):
            # Without a policy Google takes its own default of 7 days.
            yield "soft delete", was / 86400, (becomes / 86400 if is_number(becomes) else 7.0)
    if change.kind in kinds.BLOB_SERVICE:
        for title, name in (("blobs", "deleteRetentionPolicy"), ("containers", "containerDeleteRetentionPolicy")):
            was = _kept(change.was(name))
            becomes = _kept(change.becomes(name)) if change.after else 0.0
            if was is not None and becomes is not None:
                yield f"soft delete of {title}", was, becomes


def _kept(policy: Any) -> float | None:
    if policy in (UNKNOWN, SECRET):
        return None
    if not isinstance(policy, Mapping) or policy.get("enabled") is not True:
        return 0.0
    days = policy.get("days")
    return float(days) if isinstance(days, int | float) else None


# --------------------------------------------------------------------------------------------- rules
def _noncurrent(change: Change, side: Any) -> float | None:
    """Days for which noncurrent versions stay at least; None where it cannot be told."""
    days = [value for rule in _rules(change, side) for value in _noncurrent_days(change.kind, rule)]
    if any(value in (UNKNOWN, SECRET) for value in days):
        return None
    numbers = [float(value) for value in days if is_number(value)]
    return min(numbers, default=FOR_EVER) if change.kind in kinds.LIFECYCLE | kinds.BUCKETS else None


def _noncurrent_days(kind: str, rule: Mapping[str, Any]) -> Iterator[Any]:
    expiration = rule.get("noncurrentVersionExpiration")
    for one in expiration if isinstance(expiration, list) else [expiration]:
        if isinstance(one, Mapping):
            yield one.get("noncurrentDays", one.get("days"))
    condition, action = _mapping(rule.get("condition")), _mapping(rule.get("action"))
    if kind.startswith("gcp:") and action.get("type") == "Delete" and condition.get("daysSinceNoncurrentTime"):
        yield condition["daysSinceNoncurrentTime"]


ARCHIVES = ("GLACIER", "DEEP_ARCHIVE", "ARCHIVE", "Archive")
"""Tiers from which an object cannot be read at once."""


def _expiring(change: Change, side: Any) -> Iterator[str]:
    for rule in _rules(change, side):
        name = str(rule.get("id") or _prefix(rule) or "every object")
        if change.kind.startswith("gcp:"):
            yield from _expiring_gcp(rule, name)
            continue
        if rule.get("status", "Enabled") != "Enabled" or rule.get("enabled") is False:
            continue
        expiration = rule.get("expiration")
        for one in expiration if isinstance(expiration, list) else [expiration]:
            if isinstance(one, Mapping) and (one.get("days") or one.get("date")):
                yield f"rule {name!r} expires current objects after {one.get('days') or one.get('date')}"
        transitions = rule.get("transitions")
        for one in map(_mapping, transitions if isinstance(transitions, list) else []):
            if one.get("storageClass") in ARCHIVES:
                yield f"rule {name!r} archives current objects to {one['storageClass']}"


def _expiring_gcp(rule: Mapping[str, Any], name: str) -> Iterator[str]:
    action, condition = _mapping(rule.get("action")), _mapping(rule.get("condition"))
    old_only = condition.get("withState") == "ARCHIVED" or any(
        condition.get(key) for key in ("daysSinceNoncurrentTime", "numNewerVersions", "noncurrentTimeBefore")
    )
    if old_only:
        return
    if action.get("type") == "Delete":
        yield f"rule {name!r} deletes current objects"
    if action.get("type") == "SetStorageClass" and action.get("storageClass") in ARCHIVES:
        yield f"rule {name!r} archives current objects to {action['storageClass']}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _prefix(rule: Mapping[str, Any]) -> str:
    where = rule.get("filter") or rule
    found = where.get("prefix") if isinstance(where, Mapping) else None
    return found if isinstance(found, str) else ""


def _rules(change: Change, side: Any) -> list[Mapping[str, Any]]:
    name = "rules" if change.kind in kinds.LIFECYCLE else "lifecycleRules"
    found = side(name) if change.kind in kinds.LIFECYCLE | kinds.BUCKETS else None
    return [rule for rule in found if isinstance(rule, Mapping)] if isinstance(found, list) else []


def is_number(value: Any) -> bool:
    """Whether a value is a number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _days(value: float) -> str:
    return "for ever" if value == FOR_EVER else f"{value:g} days"
