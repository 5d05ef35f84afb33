"""Lifecycle rules: what clears away old versions and dead uploads, and what must never touch current objects."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

from byob_components.combinations import records
from byob_components.errors import Fault
from byob_components.lifecycle_faults import RuleWords, rule_faults


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


_WORDS = RuleWords("BYOB-GCP-017", "BYOB-GCP-015")


def check_rules(values: Mapping[str, Any]) -> list[Fault]:
    """Rules of the user's own.

    Args:
        values: The arguments that were given; `lifecycle_rules`, whose records may misshape a field, and
            `allow_data_expiry`, whether current objects may expire.
    """
    return [
        fault
        for i, rule in enumerate(records(values, "lifecycle_rules"))
        for fault in rule_faults(rule, f"lifecycle_rules[{i}]", values, _WORDS)
    ]


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
