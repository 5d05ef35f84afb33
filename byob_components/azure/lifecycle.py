"""Lifecycle rules: what clears away old versions, and what must never touch current blobs."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

from byob_components.combinations import records
from byob_components.errors import Fault
from byob_components.lifecycle_faults import RuleWords, rule_faults


class AzureAccessTier(StrEnum):
    """Access tiers that a blob can move to by rule; both can be read at once. From Azure's archive nothing can be read for
    hours, so it is not among them."""

    COOL = "cool"
    """For about one read a month; at least 30 days are billed, and each read."""
    COLD = "cold"
    """For about one read a quarter; at least 90 days are billed, and each read."""


class AzureLifecycleRuleArgs(TypedDict):
    """A lifecycle rule of the user's own; it becomes one rule of the account, for this container alone."""

    prefix: NotRequired[str]
    """The blobs it concerns, by the start of their names in the container; default all."""
    expiration_days: NotRequired[int]
    """Days after their last change after which current blobs expire. Needs `allow_data_expiry`: it loses run history."""
    transition_days: NotRequired[int]
    """Days after their last change after which current blobs move to `access_tier`."""
    access_tier: NotRequired[AzureAccessTier]
    """Where they move to."""
    noncurrent_days: NotRequired[int]
    """Days after which previous versions below the prefix expire, counted from when they were written."""


_WORDS = RuleWords("BYOB-AZURE-017", "BYOB-AZURE-015", target="access_tier", thing="blob")
_TIERS = {AzureAccessTier.COOL: "tier_to_cool", AzureAccessTier.COLD: "tier_to_cold"}


def check_rules(values: Mapping[str, Any]) -> list[Fault]:
    """Rules of the user's own.

    Args:
        values: The arguments that were given; `lifecycle_rules`, whose records may misshape a field, and
            `allow_data_expiry`, whether current blobs may expire.
    """
    return [
        fault
        for i, rule in enumerate(records(values, "lifecycle_rules"))
        for fault in rule_faults(rule, f"lifecycle_rules[{i}]", values, _WORDS)
    ]


def rules(noncurrent_days: int, own: Sequence[Any], within: Callable[[str], Any]) -> list[dict[str, Any]]:
    """The account's rules, in the shape of pulumi_azure_native.

    Args:
        noncurrent_days: Days after which a previous version expires. Azure counts them from when the version was written, not
            from when it was replaced.
        own: The user's rules.
        within: Makes the start of blob names in the container one in the account: an adopted account may have containers
            that are nobody's business here.
    """
    clean_up = {"version": {"delete": {"days_after_creation_greater_than": noncurrent_days}}}
    made = [_rule("wandbOldVersions", within(""), clean_up)]
    for i, rule in enumerate(own):
        current: dict[str, Any] = {}
        if "expiration_days" in rule:
            current["delete"] = {"days_after_modification_greater_than": rule["expiration_days"]}
        if "transition_days" in rule:
            tier = _TIERS[AzureAccessTier(rule["access_tier"])]
            current[tier] = {"days_after_modification_greater_than": rule["transition_days"]}
        actions: dict[str, Any] = {"base_blob": current} if current else {}
        if "noncurrent_days" in rule:
            actions["version"] = {"delete": {"days_after_creation_greater_than": rule["noncurrent_days"]}}
        made.append(_rule(f"own{i}", within(rule.get("prefix", "")), actions))
    return made


def _rule(name: str, prefix: Any, actions: dict[str, Any]) -> dict[str, Any]:
    # Azure takes letters and digits alone in a rule's name.
    filters = {"blob_types": ["blockBlob"], "prefix_match": [prefix]}
    return {
        "name": name,
        "type": "Lifecycle",
        "enabled": True,
        "definition": {"filters": filters, "actions": actions},
    }
