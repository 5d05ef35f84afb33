"""Arguments of other clouds that are none at CoreWeave, each with its reason: said better than that they are unknown."""

from collections.abc import Mapping
from typing import Any

from byob_components.arguments import parse_args
from byob_components.errors import Check, Fault

REASONS = {
    "encryption": "CoreWeave encrypts by itself, and W&B supports no customer key there",
    "kms_key_arn": "CoreWeave encrypts by itself, and W&B supports no customer key there",
    "tags": "tags travel inside CreateBucket, which AWS alone is known to understand",
    "noncurrent_versions": "the bucket's own lifecycle setting, the only one that works on other stores than AWS, has no "
    "place for it",
    "access_key": "W&B reaches CoreWeave by its own identity, which the bucket's policy lets in",
    "secret_key": "W&B reaches CoreWeave by its own identity, which the bucket's policy lets in",
    "credential_keys": "W&B reaches CoreWeave by its own identity, which the bucket's policy lets in",
    "endpoint": "W&B supports one endpoint, cwobject.com, and knows it",
    "region": "the bucket lies in the Availability Zone that is the provider's region",
    "zone": "the bucket lies in the Availability Zone that is the provider's region",
    "tls": "CoreWeave's endpoint takes TLS 1.3 and nothing else",
    "path_style": "CoreWeave knows the bucket by its host name alone",
    "access_log_bucket": "audit logs are a setting of CoreWeave's own API",
    "access_log_prefix": "audit logs are a setting of CoreWeave's own API",
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
    what = f"is no argument of a store at CoreWeave: {REASONS[fault.where]}"
    return Fault("BYOB-CW-016", fault.where, what, None, "", "drop it")
