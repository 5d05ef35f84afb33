"""Lifecycle rules: what clears away old versions and dead uploads, and what must never touch current objects."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

from byob_components.combinations import readable, records
from byob_components.errors import Fault
from byob_components.lifecycle_faults import RuleWords, rule_faults


class AwsStorageClass(StrEnum):
    """S3 storage classes that an object can move to by rule."""

    STANDARD_IA = "STANDARD_IA"
    """Infrequent access; objects stay 30 days before they may move here."""
    ONEZONE_IA = "ONEZONE_IA"
    """Infrequent access in a single zone, lost when the zone is; objects stay 30 days before they may move here."""
    INTELLIGENT_TIERING = "INTELLIGENT_TIERING"
    """S3 moves each object by its use."""
    GLACIER_IR = "GLACIER_IR"
    """Archive that can be read at once."""
    GLACIER = "GLACIER"
    """Archive: an object must be restored before it can be read."""
    DEEP_ARCHIVE = "DEEP_ARCHIVE"
    """The slowest archive: an object must be restored before it can be read."""


ARCHIVE = (AwsStorageClass.GLACIER, AwsStorageClass.DEEP_ARCHIVE)
"""Classes whose objects cannot be read before they are restored: a presigned GET of W&B fails."""
INFREQUENT = (AwsStorageClass.STANDARD_IA, AwsStorageClass.ONEZONE_IA)
_INFREQUENT_DAYS = 30
"""S3 refuses an earlier move to these classes (S3 user guide, constraints of lifecycle transitions)."""


class AwsLifecycleRuleArgs(TypedDict):
    """A lifecycle rule of the user's own."""

    id: str
    """The rule's name, unique in the bucket."""
    prefix: NotRequired[str]
    """The keys it concerns; default all."""
    expiration_days: NotRequired[int]
    """Days after which current objects expire. Needs `allow_data_expiry`: it loses run history."""
    transition_days: NotRequired[int]
    """Days after which current objects move to `storage_class`."""
    storage_class: NotRequired[AwsStorageClass]
    """Where they move to. The archive classes need `allow_data_expiry`."""
    noncurrent_days: NotRequired[int]
    """Days after which noncurrent versions below the prefix expire."""


OWN_IDS = ("noncurrent-versions", "abort-uploads")
_WORDS = RuleWords("BYOB-AWS-017", "BYOB-AWS-015", least_move=0)


def check_rules(values: Mapping[str, Any]) -> list[Fault]:
    """Rules of the user's own.

    Args:
        values: The arguments that were given; `lifecycle_rules`, whose records may lack or misshape a field, and
            `allow_data_expiry`, whether current objects may expire or become unreadable.
    """
    faults: list[Fault] = []
    seen = set(OWN_IDS)
    for i, rule in enumerate(records(values, "lifecycle_rules")):
        at = f"lifecycle_rules[{i}]"
        faults += readable(_check_id, rule, at, seen)
        faults += rule_faults(rule, at, values, _WORDS)
        faults += readable(_check_infrequent, rule, at)
        faults += readable(_check_archive, rule, at, values)
    return faults


def _check_id(rule: Mapping[str, Any], at: str, seen: set[str]) -> list[Fault]:
    name, faults = rule["id"], []
    if not name or len(name) > 255 or name in seen:
        faults.append(
            Fault(
                "BYOB-AWS-017",
                f"{at}.id",
                "is empty, too long or in use",
                name,
                f"1 to 255 characters, each once, not {' or '.join(map(repr, OWN_IDS))}",
                "give the rule a name of its own",
            )
        )
    seen.add(name)
    return faults


def _check_infrequent(rule: Mapping[str, Any], at: str) -> list[Fault]:
    if rule.get("storage_class") not in INFREQUENT or rule.get("transition_days", _INFREQUENT_DAYS) >= _INFREQUENT_DAYS:
        return []
    what, days = f"is too small for {rule['storage_class']}", rule["transition_days"]
    allowed = f"{_INFREQUENT_DAYS} days or more"
    return [Fault("BYOB-AWS-017", f"{at}.transition_days", what, days, allowed, "give more days")]


def _check_archive(rule: Mapping[str, Any], at: str, values: Mapping[str, Any]) -> list[Fault]:
    if rule.get("storage_class") not in ARCHIVE or values.get("allow_data_expiry", False):
        return []
    what, allowed = "makes objects unreadable until they are restored", [c for c in AwsStorageClass if c not in ARCHIVE]
    fix = "choose a class that can be read at once, or set allow_data_expiry to true"
    return [Fault("BYOB-AWS-016", f"{at}.storage_class", what, rule["storage_class"], ", ".join(allowed), fix)]


def rules(
    noncurrent_days: int, noncurrent_versions: int, abort_upload_days: int, own: Sequence[Any]
) -> list[dict[str, Any]]:
    """The bucket's rules, in the shape of pulumi_aws.

    Args:
        noncurrent_days: Days after which a noncurrent version expires.
        noncurrent_versions: How many newer noncurrent versions are kept in any case; 0: none.
        abort_upload_days: Days after which an unfinished upload is dropped.
        own: The user's rules.
    """
    expiry: dict[str, Any] = {"noncurrent_days": noncurrent_days}
    if noncurrent_versions:
        expiry["newer_noncurrent_versions"] = noncurrent_versions
    made: list[dict[str, Any]] = [
        {
            "id": OWN_IDS[0],
            "status": "Enabled",
            "filter": {},
            "noncurrent_version_expiration": expiry,
            "expiration": {"expired_object_delete_marker": True},
        },
        {
            "id": OWN_IDS[1],
            "status": "Enabled",
            "filter": {},
            "abort_incomplete_multipart_upload": {"days_after_initiation": abort_upload_days},
        },
    ]
    for rule in own:
        one: dict[str, Any] = {
            "id": rule["id"],
            "status": "Enabled",
            "filter": {"prefix": rule["prefix"]} if rule.get("prefix") else {},
        }
        if "expiration_days" in rule:
            one["expiration"] = {"days": rule["expiration_days"]}
        if "transition_days" in rule:
            one["transitions"] = [{"days": rule["transition_days"], "storage_class": rule["storage_class"]}]
        if "noncurrent_days" in rule:
            one["noncurrent_version_expiration"] = {"noncurrent_days": rule["noncurrent_days"]}
        made.append(one)
    return made


def inline(made: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same rules as the older setting of the bucket itself takes them, for stores that speak S3 and are not AWS.

    The newer resource waits for a header that AWS alone sends back (hashicorp/terraform-provider-aws#46021). The older
    setting has no place for newer versions to keep.

    Args:
        made: From `rules`, without versions to keep and without moves to another class.
    """
    inlined = []
    for rule in made:
        one: dict[str, Any] = {"id": rule["id"], "enabled": True, **rule["filter"]}
        if "expiration" in rule:
            one["expiration"] = rule["expiration"]
        if "noncurrent_version_expiration" in rule:
            one["noncurrent_version_expiration"] = {"days": rule["noncurrent_version_expiration"]["noncurrent_days"]}
        if "abort_incomplete_multipart_upload" in rule:
            days = rule["abort_incomplete_multipart_upload"]["days_after_initiation"]
            one["abort_incomplete_multipart_upload_days"] = days
        inlined.append(one)
    return inlined
