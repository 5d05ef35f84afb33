"""Settings of Azure Storage that are no arguments here, because W&B cannot use an account that has them, or because Azure has no
such setting."""

from collections.abc import Mapping
from typing import Any

from byob_components.arguments import parse_args
from byob_components.errors import Check, Fault

REASONS = {
    "immutable_storage_with_versioning": "forbids to overwrite and delete blobs until they are old enough, which W&B does all "
    "the time",
    "immutability_policy": "forbids to overwrite and delete blobs until they are old enough, which W&B does all the time",
    "is_hns_enabled": "makes a Data Lake account, which excludes blob versioning, by which overwritten and deleted blobs can "
    "be had back",
    "public_network_access": "would cut off W&B's servers and the browsers that call the container with signed URLs",
    "network_rule_set": "would cut off W&B's servers, whose addresses are not published, and the browsers that call the "
    "container with signed URLs",
    "allow_blob_public_access": "opens blobs to everybody; W&B's signed URLs need no public access",
    "noncurrent_versions": "does not exist on Azure, whose clean-up knows the age of a version and not its number",
    "abort_upload_days": "does not exist on Azure, which drops the blocks of an unfinished upload after a week by itself",
    "force_destroy": "does not exist on Azure, where an account always goes with everything in it",
}
"""The provider's name of each setting, or another cloud's, and why it has no place here."""
_FIXES = {
    "noncurrent_versions": "drop it; noncurrent_days says how long versions stay",
    "abort_upload_days": "drop it",
    "force_destroy": "drop it; `protection` and `lock` say whether the account may go",
    "network_rule_set": "drop it; where W&B runs in your own network, set it by a transform",
    "public_network_access": "drop it; where W&B runs in your own network, set it by a transform",
}


def parse(
    kind: type, given: Mapping[str, Any] | None, checks: Mapping[str, Check]
) -> tuple[dict[str, Any], list[Fault]]:
    """`parse_args`, which says why a known setting of Azure Storage is no argument.

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
    fix = _FIXES.get(fault.where, "drop it; an account that must have it cannot serve W&B")
    return Fault(
        "BYOB-AZURE-016", fault.where, f"is refused: it {REASONS[fault.where]}", None, "an account without it", fix
    )
