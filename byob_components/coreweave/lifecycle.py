"""Lifecycle rules: what clears away old versions and dead uploads, and what must never touch current objects."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from byob_components.aws import lifecycle as s3_rules
from byob_components.coreweave import checks
from byob_components.errors import Fault


class CoreWeaveLifecycleRuleArgs(TypedDict):
    """A lifecycle rule of the user's own; CoreWeave has no storage classes to move objects to."""

    id: str
    """The rule's name, unique in the bucket."""
    prefix: NotRequired[str]
    """The keys it concerns; default all."""
    expiration_days: NotRequired[int]
    """Days after which current objects expire. Needs `allow_data_expiry`: it loses run history."""
    noncurrent_days: NotRequired[int]
    """Days after which noncurrent versions below the prefix expire."""


def check_rules(values: Mapping[str, Any]) -> list[Fault]:
    """Rules of the user's own.

    Args:
        values: The arguments that were given.
    """
    return checks.own_codes(s3_rules.check_rules(values))


def bucket_rules(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bucket's rules, in the shape of the bucket's own setting in pulumi_aws.

    Args:
        values: The arguments that were given.
    """
    days, uploads = values.get("noncurrent_days", 30), values.get("abort_upload_days", 7)
    return s3_rules.inline(s3_rules.rules(days, 0, uploads, values.get("lifecycle_rules", [])))
