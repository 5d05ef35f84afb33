"""Settings of Cloud Storage that are no arguments here, because W&B cannot use a bucket that has them."""

from collections.abc import Mapping
from typing import Any

from byob_components.arguments import parse_args
from byob_components.errors import Check, Fault

REASONS = {
    "retention_policy": "forbids to overwrite and delete objects until they are old enough, which W&B does all the time",
    "enable_object_retention": "lets objects be locked against overwriting and deletion, which W&B does all the time",
    "default_event_based_hold": "holds every new object, so that W&B could neither overwrite nor delete one",
    "requester_pays": "makes every request name a project that pays, and W&B's requests name none: all would fail",
    "hierarchical_namespace": "excludes object versioning, by which overwritten and deleted objects can be had back",
    "autoclass": "moves objects by itself and excludes lifecycle rules that move them; use lifecycle_rules instead",
}
"""The provider's name of each setting, and what it does to W&B."""
_FIXES = {"autoclass": "drop it, and give lifecycle_rules with a storage_class"}


def parse(
    kind: type, given: Mapping[str, Any] | None, checks: Mapping[str, Check]
) -> tuple[dict[str, Any], list[Fault]]:
    """`parse_args`, which says why a known setting of Cloud Storage is no argument.

    Args:
        kind: The TypedDict of the component.
        given: What the caller passed.
        checks: Argument name to the check of its value.
    """
    values, faults = parse_args(kind, given, checks)
    return values, [_told(fault) for fault in faults]


def _told(fault: Fault) -> Fault:
    if fault.code != "BYOB-ARG-001" or fault.where not in REASONS:
        return fault
    fix = _FIXES.get(fault.where, "drop it; a bucket that must have it cannot serve W&B")
    return Fault(
        "BYOB-GCP-016", fault.where, f"is refused: it {REASONS[fault.where]}", None, "a bucket without it", fix
    )
