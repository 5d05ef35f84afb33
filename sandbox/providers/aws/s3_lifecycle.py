"""S3: what clears away old versions and dead uploads."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.s3_access import GONE, BucketSetting
from sandbox.providers.aws.spelling import Table, from_api, same_set, to_api
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import Live, Props

_SIZES: Table = {"objectSizeGreaterThan": "ObjectSizeGreaterThan", "objectSizeLessThan": "ObjectSizeLessThan"}
_TRANSITION: Table = {"days": "Days", "storageClass": "StorageClass"}
_NONCURRENT: Table = {"noncurrentDays": "NoncurrentDays", "newerNoncurrentVersions": "NewerNoncurrentVersions"}
_RULE: Table = {
    "id": "ID",
    "status": "Status",
    "prefix": "Prefix",
    "abortIncompleteMultipartUpload": (
        "AbortIncompleteMultipartUpload",
        {"daysAfterInitiation": "DaysAfterInitiation"},
    ),
    "expiration": ("Expiration", {"days": "Days", "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}),
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
        self.client(cloud, new).put_bucket_lifecycle_configuration(
            Bucket=name,
            LifecycleConfiguration={"Rules": [_rule(rule) for rule in new["rules"]]},
            TransitionDefaultMinimumObjectSize=new.get("transitionDefaultMinimumObjectSize") or DEFAULT_SIZE,
        )

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_lifecycle_configuration(Bucket=id)
        size = found.get("TransitionDefaultMinimumObjectSize") or DEFAULT_SIZE
        told = {"rules": [_read(rule) for rule in found["Rules"]], "transitionDefaultMinimumObjectSize": size}
        return self.live(cloud, id, told, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_bucket_lifecycle(Bucket=id)
