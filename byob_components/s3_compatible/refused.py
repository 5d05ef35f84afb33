"""Arguments of stores on AWS that are none here, each with its reason: said better than that they are unknown."""

from collections.abc import Mapping
from typing import Any

from byob_components.arguments import parse_args
from byob_components.errors import Check, Fault

REASONS = {
    "encryption": "encryption is the server's own setting, for all its buckets; W&B is told a key on AWS only",
    "kms_key_arn": "W&B is told a key on AWS only, where encryption is the bucket's; here it is the server's own setting",
    "tags": "tags travel inside CreateBucket, which AWS alone understands: other servers drop them without a word",
    "noncurrent_versions": "the bucket's own lifecycle setting, the only one that works on other stores than AWS, has no "
    "place for it",
    "credential_keys": "the store's users and keys are made by its own administration; give access_key and secret_key",
    "access_log_bucket": "access logs are the server's own setting",
    "access_log_prefix": "access logs are the server's own setting",
    "object_lock_enabled": "locked objects can be neither overwritten nor deleted, which W&B does all the time",
}
"""The argument, and why it is none."""


def parse(
    kind: type, given: Mapping[str, Any] | None, checks: Mapping[str, Check]
) -> tuple[dict[str, Any], list[Fault]]:
    """`parse_args`, which says why a known argument of other clouds is none here.

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
    what = f"is no argument of a store on an S3-compatible server: {REASONS[fault.where]}"
    return Fault("BYOB-S3C-016", fault.where, what, None, "", "drop it")
