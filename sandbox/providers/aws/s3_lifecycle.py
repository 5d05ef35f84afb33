"""S3: what clears away old versions and dead uploads."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.s3_access import GONE, BucketSetting
from sandbox.providers.aws.spelling import Table, from_api, pruned, same_set, to_api
from sandbox.providers.framework.contract import Failure, Shape, shape
from sandbox.providers.framework.resource import Live, Props, Refused

_SIZES: Table = {"objectSizeGreaterThan": "ObjectSizeGreaterThan", "objectSizeLessThan": "ObjectSizeLessThan"}
_TRANSITION: Table = {"days": "Days", "storageClass": "StorageClass"}
_EXPIRATION: Table = {"days": "Days", "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}
_NONCURRENT: Table = {"noncurrentDays": "NoncurrentDays", "newerNoncurrentVersions": "NewerNoncurrentVersions"}
_RULE: Table = {
    "id": "ID",
    "status": "Status",
    "prefix": "Prefix",
    "abortIncompleteMultipartUpload": (
        "AbortIncompleteMultipartUpload",
        {"daysAfterInitiation": "DaysAfterInitiation"},
    ),
    "expiration": ("Expiration", _EXPIRATION),
    "noncurrentVersionExpiration": ("NoncurrentVersionExpiration", _NONCURRENT),
    "noncurrentVersionTransitions": ("NoncurrentVersionTransitions", {**_NONCURRENT, "storageClass": "StorageClass"}),
    "transitions": ("Transitions", _TRANSITION),
    "filter": ("Filter", {"prefix": "Prefix", "tag": ("Tag", {"key": "Key", "value": "Value"}), **_SIZES}),
}
DEFAULT_SIZE = "all_storage_classes_128K"


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule for the API. It wants a filter or a prefix; an empty filter stands for every object."""
    made = to_api(rule, _RULE)
    both = (rule.get("filter") or {}).get("and")
    if both:
        made["Filter"] = {"And": {**to_api(both, {"prefix": "Prefix", **_SIZES}),
                                  "Tags": [{"Key": k, "Value": v} for k, v in (both.get("tags") or {}).items()]}}  # fmt: skip
    if not made.get("Filter") and not rule.get("prefix"):
        made.pop("Prefix", None)
        made["Filter"] = {"Prefix": ""}
    return made


def _read(rule: dict[str, Any]) -> dict[str, Any]:
    found = from_api(rule, _RULE)
    both = (rule.get("Filter") or {}).get("And")
    if both:
        told = from_api(both, {"prefix": "Prefix", **_SIZES})
        if not told.get("objectSizeGreaterThan"):  # S3 tells a zero that nobody asked for
            told.pop("objectSizeGreaterThan", None)
        if both.get("Tags"):
            told["tags"] = {t["Key"]: t["Value"] for t in both["Tags"]}
        found["filter"] = {"and": told}
    return found


def _told_again(sent: list[dict[str, Any]], told: list[dict[str, Any]]) -> bool:
    """Whether a server tells the rules as they were sent: a filter as a filter, not as the older prefix."""
    same = same_set([_read(rule) for rule in sent], [_read(rule) for rule in told])
    return same and sorted("Filter" in r for r in sent) == sorted("Filter" in r for r in told)


INLINE: Shape = shape(
    "id enabled prefix abortIncompleteMultipartUploadDays expiration{days expiredObjectDeleteMarker} "
    "noncurrentVersionExpiration{days}"
)
"""The older rules, as `lifecycleRules` of a bucket: the real provider puts them and waits for nothing."""


def inline_to_api(rule: dict[str, Any]) -> dict[str, Any]:
    """An inline rule for the API.

    Args:
        rule: The program's.
    """
    made: dict[str, Any] = {
        "ID": rule["id"],
        "Status": "Enabled" if rule["enabled"] else "Disabled",
        "Filter": {"Prefix": rule.get("prefix") or ""},
    }
    if rule.get("abortIncompleteMultipartUploadDays"):
        made["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule["abortIncompleteMultipartUploadDays"]}
    if rule.get("expiration"):
        made["Expiration"] = to_api(pruned(rule["expiration"]), _EXPIRATION)
    if (rule.get("noncurrentVersionExpiration") or {}).get("days"):
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule["noncurrentVersionExpiration"]["days"]}
    return made


def inline_from_api(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule of the API as an inline one.

    Args:
        rule: The API's.
    """
    held = rule.get("Filter") or {}
    found: dict[str, Any] = {
        "id": rule.get("ID", ""),
        "enabled": rule["Status"] == "Enabled",
        "prefix": rule.get("Prefix") or held.get("Prefix") or (held.get("And") or {}).get("Prefix"),
        "abortIncompleteMultipartUploadDays": (rule.get("AbortIncompleteMultipartUpload") or {}).get("DaysAfterInitiation"),
        "expiration": from_api(rule.get("Expiration") or {}, _EXPIRATION),
        "noncurrentVersionExpiration": {"days": (rule.get("NoncurrentVersionExpiration") or {}).get("NoncurrentDays")},
    }  # fmt: skip
    # Whether a rule is on stays, off or on.
    return {**pruned(found), "enabled": found["enabled"]}


class BucketLifecycleConfiguration(BucketSetting):
    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    title = "S3 Bucket Lifecycle Configuration"
    carried_out = shape(
        "bucket region transitionDefaultMinimumObjectSize rules{id status prefix abortIncompleteMultipartUpload "
        "expiration{days expiredObjectDeleteMarker} noncurrentVersionExpiration noncurrentVersionTransitions "
        "transitions{days storageClass} filter}"
    )
    cloud_decides = frozenset({"transitionDefaultMinimumObjectSize"})
    equal = {"rules": same_set}
    absent = GONE | {"NoSuchLifecycleConfiguration"}

    def check(self, new: Props, old: Props) -> list[Failure]:
        rules = new.get("rules")
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            return [] if rules is not None else [Failure("rules", "needs at least one rule")]
        return [
            Failure(f"rules[{i}].status", "must be one of Enabled, Disabled")
            for i, rule in enumerate(rules)
            if isinstance(rule.get("status"), str) and rule["status"] not in ("Enabled", "Disabled")
        ]

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        """The real provider then waits three minutes for the server to tell the same again, the size in its header too, and
        fails when it does not (issues #43333, #46021 and #49019). Here the failure comes at once."""
        s3, rules = self.client(cloud, new), [_rule(rule) for rule in new["rules"]]
        size = new.get("transitionDefaultMinimumObjectSize") or DEFAULT_SIZE
        s3.put_bucket_lifecycle_configuration(
            Bucket=name, LifecycleConfiguration={"Rules": rules}, TransitionDefaultMinimumObjectSize=size
        )
        told = s3.get_bucket_lifecycle_configuration(Bucket=name)
        if told.get("TransitionDefaultMinimumObjectSize") != size or not _told_again(rules, told["Rules"]):
            raise Refused(
                f"creating S3 Bucket ({name}) Lifecycle Configuration: While waiting: timeout while waiting for state to become "
                "'true' (last state: 'false', timeout: 3m0s)"
            )

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_lifecycle_configuration(Bucket=id)
        size = found.get("TransitionDefaultMinimumObjectSize")
        told = {"rules": [_read(rule) for rule in found["Rules"]], "transitionDefaultMinimumObjectSize": size}
        return self.live(cloud, id, told, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_bucket_lifecycle(Bucket=id)
