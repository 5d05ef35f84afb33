"""S3: the bucket itself."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.handler import Tagged, as_list
from sandbox.providers.aws.s3_lifecycle import INLINE, inline_from_api, inline_to_api
from sandbox.providers.aws.s3_reading import settings
from sandbox.providers.aws.s3_tags import Tags
from sandbox.providers.aws.spelling import same_set
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, PartlyCreated, Props, matches

_ZONES = {"us-east-1": "Z3AQBSTGFYJSTF", "us-west-2": "Z3BJ6K6RIION7M", "eu-west-1": "Z1BKCTXD74EZPE", "eu-central-1": "Z21DNDUVLTQW6Q"}  # fmt: skip
"""Route 53 zone of the region's website endpoints; the others stay empty here."""


class Bucket(Tagged):
    """The older inline settings of the type (policy, versioning, …) have resource types of their own, and only those are
    carried out; but `lifecycleRules` are, because the type of their own does not work on most other servers."""

    token = "aws:s3/bucket:Bucket"
    title = "S3 Bucket"
    service = "s3"
    carried_out = {**shape("bucket forceDestroy objectLockEnabled region tags"), "lifecycleRules": INLINE}
    defaults = {"forceDestroy": False}
    cloud_decides = frozenset({"lifecycleRules", "objectLockEnabled"})
    equal = {"lifecycleRules": same_set}
    computed = frozenset(
        {"arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId", "tagsAll"}
    )
    changing = frozenset({"tagsAll"})
    replace_on = frozenset({"bucket", "objectLockEnabled", "region"})
    absent = frozenset({"NoSuchBucket", "404"})
    auto_name = AutoName("bucket", 63, lower=True)

    def check(self, new: Props, old: Props) -> list[Failure]:
        rule = (
            "must have 3 to 63 characters: lower-case letters, digits, dots and hyphens, a letter or digit at both ends"
        )
        return matches(new, "bucket", r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", rule)

    def create(self, cloud: Aws, new: Props) -> Created:
        region, name, s3 = new.get("region") or cloud.region, new["bucket"], self.client(cloud, new)
        where: dict[str, Any] = {} if region == "us-east-1" else {"LocationConstraint": region}
        asked: Props = {"ObjectLockEnabledForBucket": True} if new.get("objectLockEnabled") else {}
        tags, tagged = self.all_tags(cloud, new), False
        if tags:
            # Tags come with the bucket, so that one that never reached the state can still be found by them.
            try:
                self._make(s3, name, {**where, "Tags": as_list(tags)}, asked)
                tagged = True
            except Exception as e:
                if not _without_tags(cloud, e):
                    raise
        if not tagged:
            self._make(s3, name, where, asked)
            try:
                Tags(cloud, s3, name).add(tags)
            except Exception as e:
                raise PartlyCreated(Created(name), e) from e
        try:
            self._put_rules(s3, name, new)
        except Exception as e:
            raise PartlyCreated(Created(name), e) from e
        return Created(name)

    @staticmethod
    def _make(s3: Any, name: str, where: Props, asked: Props) -> None:
        # The element is sent, if need be empty (#49890): AWS takes that, and Ceph does not.
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=where, **asked)

    @staticmethod
    def _put_rules(s3: Any, name: str, new: Props) -> None:
        rules = [inline_to_api(rule) for rule in new.get("lifecycleRules") or []]
        if rules:
            s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        s3 = self.client(cloud, inputs, state)
        # A server that is not AWS tells no region, and the real provider leaves it empty.
        told = s3.head_bucket(Bucket=id).get("BucketRegion") or ""
        region = told or inputs.get("region") or state.get("region") or cloud.region
        found = settings(cloud, s3, id)
        tags = Tags(cloud, s3, id).read()
        domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        locked = (found["get_object_lock_configuration"].get("ObjectLockConfiguration") or {}).get("ObjectLockEnabled")
        live = Live(
            {"bucket": id, "tags": self.own_tags(cloud, tags, inputs), "region": region, "objectLockEnabled": locked == "Enabled"},
            {
                "arn": f"arn:{cloud.partition}:s3:::{id}",
                "bucketDomainName": f"{id}.s3.{domain}",
                "bucketRegion": told,
                "bucketRegionalDomainName": f"{id}.s3.{region}.{domain}",
                "hostedZoneId": _ZONES.get(region, ""),
                "tagsAll": tags,
            },
        )  # fmt: skip
        if "lifecycleRules" in inputs or not inputs:
            rules = found["get_bucket_lifecycle_configuration"].get("Rules") or []
            live.inputs["lifecycleRules"] = [inline_from_api(rule) for rule in rules] or None
        return live

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        s3 = self.client(cloud, new)
        Tags(cloud, s3, id).change(self.all_tags(cloud, new))
        if "lifecycleRules" in new and not same_set(old.get("lifecycleRules") or [], new["lifecycleRules"] or []):
            if new["lifecycleRules"]:
                self._put_rules(s3, id, new)
            else:
                s3.delete_bucket_lifecycle(Bucket=id)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        s3 = self.client(cloud, state)
        if state.get("forceDestroy"):
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=id):
                found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                for one in found:
                    s3.delete_object(Bucket=id, Key=one["Key"], VersionId=one["VersionId"])
        s3.delete_bucket(Bucket=id)


def _without_tags(cloud: Aws, problem: Exception) -> bool:
    """Whether the real provider tries again without tags, and puts them on afterwards."""
    return cloud.error_code(problem) == "UnsupportedArgument" or "is not authorized to perform: s3:TagResource" in str(
        problem
    )
