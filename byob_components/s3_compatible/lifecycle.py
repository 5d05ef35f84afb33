"""Lifecycle rules: what clears away old versions and dead uploads, as far as the server can, and what must never touch
current objects."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from byob_components.aws import lifecycle as s3_rules
from byob_components.combinations import readable, records
from byob_components.errors import Fault
from byob_components.s3_compatible import checks
from byob_components.s3_compatible.capability import S3CompatibleCapability, capabilities, lacking


class S3CompatibleLifecycleRuleArgs(TypedDict):
    """A lifecycle rule of the user's own."""

    id: str
    """The rule's name, unique in the bucket."""
    prefix: NotRequired[str]
    """The keys it concerns; default all."""
    expiration_days: NotRequired[int]
    """Days after which current objects expire. Needs `allow_data_expiry`: it loses run history."""
    noncurrent_days: NotRequired[int]
    """Days after which noncurrent versions below the prefix expire."""


def check_rules(values: Mapping[str, Any]) -> list[Fault]:
    """Rules of the user's own, held against themselves and against what the server can do.

    Args:
        values: The arguments that were given.
    """
    faults = checks.own_codes(s3_rules.check_rules(values))
    for i, rule in enumerate(records(values, "lifecycle_rules")):
        faults += readable(_check_versions, rule, f"lifecycle_rules[{i}].noncurrent_days", values)
    return faults


def _check_versions(rule: Mapping[str, Any], at: str, values: Mapping[str, Any]) -> list[Fault]:
    return lacking(values, at, S3CompatibleCapability.NONCURRENT_EXPIRY) if "noncurrent_days" in rule else []


def bucket_rules(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bucket's rules, in the shape of the bucket's own setting in pulumi_aws.

    Args:
        values: The arguments that were given.
    """
    has = capabilities(values)
    own: Sequence[Any] = values.get("lifecycle_rules", [])
    versions, uploads, *others = s3_rules.rules(
        values.get("noncurrent_days", 30), 0, values.get("abort_upload_days", 7), own
    )
    if S3CompatibleCapability.NONCURRENT_EXPIRY not in has:
        del versions["noncurrent_version_expiration"]
    if S3CompatibleCapability.DELETE_MARKER_EXPIRY not in has:
        del versions["expiration"]
    made = others
    if S3CompatibleCapability.ABORT_UPLOADS in has:
        made = [uploads, *made]
    if "noncurrent_version_expiration" in versions or "expiration" in versions:
        made = [versions, *made]
    return s3_rules.inline(made)
