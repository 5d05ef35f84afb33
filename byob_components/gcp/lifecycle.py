"""Lifecycle rules: what clears away old versions and dead uploads, and what must never touch current objects."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

from byob_components.combinations import displayed, readable, records
from byob_components.errors import Fault


class GcpStorageClass(StrEnum):
    """Storage classes that an object can move to by rule; all can be read at once."""

    NEARLINE = "NEARLINE"
    """For about one read a month; at least 30 days are billed, and each read."""
    COLDLINE = "COLDLINE"
    """For about one read a quarter; at least 90 days are billed, and each read."""
    ARCHIVE = "ARCHIVE"
    """For less than one read a year; at least 365 days are billed, and each read."""


class GcpLifecycleRuleArgs(TypedDict):
    """A lifecycle rule of the user's own; each of its days becomes one rule of the bucket."""

    prefix: NotRequired[str]
    """The objects it concerns; default all."""
    expiration_days: NotRequired[int]
    """Days after which current objects expire. Needs `allow_data_expiry`: it loses run history."""
    transition_days: NotRequired[int]
    """Days after which current objects move to `storage_class`."""
    storage_class: NotRequired[GcpStorageClass]
    """Where they move to."""
    noncurrent_days: NotRequired[int]
    """Days after which noncurrent versions below the prefix expire."""


_BOUNDS = (("expiration_days", 1), ("transition_days", 1), ("noncurrent_days", 1))


def check_rules(values: Mapping[str, Any]) -> list[Fault]:
    """Rules of the user's own.

    Args:
        values: The arguments that were given; `lifecycle_rules`, whose records may misshape a field, and
            `allow_data_expiry`, whether current objects may expire.
    """
    faults: list[Fault] = []
    for i, rule in enumerate(records(values, "lifecycle_rules")):
        at = f"lifecycle_rules[{i}]"
        for field, low in _BOUNDS:
            faults += readable(_check_bound, rule, at, field, low)
        for check in (_check_move, _check_order, _check_action):
            faults += readable(check, rule, at)
        faults += readable(_check_expiry, rule, at, values)
    return faults


def _check_bound(rule: Mapping[str, Any], at: str, field: str, low: int) -> list[Fault]:
    if field not in rule or rule[field] >= low:
        return []
    allowed = f"{low} days or more"
    return [Fault("BYOB-GCP-017", f"{at}.{field}", "is too small", rule[field], allowed, "give more days")]


def _check_move(rule: Mapping[str, Any], at: str) -> list[Fault]:
    if ("transition_days" in rule) == ("storage_class" in rule):
        return []
    what, fix = "has only one of transition_days and storage_class", "say when the objects move and where to"
    return [Fault("BYOB-GCP-017", at, what, None, "both or neither", fix)]


def _check_order(rule: Mapping[str, Any], at: str) -> list[Fault]:
    if "transition_days" not in rule or rule.get("expiration_days", math.inf) > rule["transition_days"]:
        return []
    what = "is not after transition_days: the object would be gone before it moves"
    allowed, fix = f"more than {rule['transition_days']} days", "drop one of the two, or expire later"
    return [Fault("BYOB-GCP-017", f"{at}.expiration_days", what, rule["expiration_days"], allowed, fix)]


def _check_action(rule: Mapping[str, Any], at: str) -> list[Fault]:
    if any(field in rule for field, _ in _BOUNDS):
        return []
    allowed, fix = "at least one of the days", "drop the rule or give it an action"
    return [Fault("BYOB-GCP-017", at, "does nothing", None, allowed, fix)]


def _check_expiry(rule: Mapping[str, Any], at: str, values: Mapping[str, Any]) -> list[Fault]:
    if "expiration_days" not in rule or values.get("allow_data_expiry", False):
        return []
    what = "expires current objects, which loses run history"
    days, allowed = displayed(rule, "expiration_days"), "rules for noncurrent versions"
    fix = "drop it, or set allow_data_expiry to true if W&B may lose what the rule matches"
    return [Fault("BYOB-GCP-015", f"{at}.expiration_days", what, days, allowed, fix)]


def rules(
    noncurrent_days: int, noncurrent_versions: int, abort_upload_days: int, own: Sequence[Any]
) -> list[dict[str, Any]]:
    """The bucket's rules, in the shape of pulumi_gcp.

    Args:
        noncurrent_days: Days after which a noncurrent version expires.
        noncurrent_versions: How many newer noncurrent versions are kept in any case; 0: none.
        abort_upload_days: Days after which an unfinished upload is dropped.
        own: The user's rules.
    """
    expiry: dict[str, Any] = {"days_since_noncurrent_time": noncurrent_days, "with_state": "ARCHIVED"}
    if noncurrent_versions:
        # Google counts the live version among the newer ones.
        expiry["num_newer_versions"] = noncurrent_versions + 1
    made: list[dict[str, Any]] = [
        {"action": {"type": "Delete"}, "condition": expiry},
        {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": abort_upload_days}},
    ]
    for rule in own:
        where = {"matches_prefixes": [rule["prefix"]]} if rule.get("prefix") else {}
        if "expiration_days" in rule:
            condition = {"age": rule["expiration_days"], "with_state": "LIVE", **where}
            made.append({"action": {"type": "Delete"}, "condition": condition})
        if "transition_days" in rule:
            action = {"type": "SetStorageClass", "storage_class": str(rule["storage_class"])}
            condition = {"age": rule["transition_days"], "with_state": "LIVE", **where}
            made.append({"action": action, "condition": condition})
        if "noncurrent_days" in rule:
            condition = {
                "days_since_noncurrent_time": rule["noncurrent_days"],
                "with_state": "ARCHIVED",
                **where,
            }
            made.append({"action": {"type": "Delete"}, "condition": condition})
    return made
