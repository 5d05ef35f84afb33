"""S3: the bucket itself."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.handler import Tagged, as_list, as_map
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, Props, matches

_ZONES = {"us-east-1": "Z3AQBSTGFYJSTF", "us-west-2": "Z3BJ6K6RIION7M", "eu-west-1": "Z1BKCTXD74EZPE", "eu-central-1": "Z21DNDUVLTQW6Q"}  # fmt: skip
"""Route 53 zone of the region's website endpoints; the others stay empty here."""


class Bucket(Tagged):
    """The older inline settings of the type (policy, versioning, …) have resource types of their own, and only those are
    carried out."""

    token = "aws:s3/bucket:Bucket"
    title = "S3 Bucket"
    service = "s3"
    carried_out = shape("bucket forceDestroy objectLockEnabled region tags")
    defaults = {"forceDestroy": False}
    cloud_decides = frozenset({"objectLockEnabled"})
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
        region, name = new.get("region") or cloud.region, new["bucket"]
        where: dict[str, Any] = {} if region == "us-east-1" else {"LocationConstraint": region}
        # Tags come with the bucket, so that one that never reached the state can still be found by them.
        if tags := self.all_tags(cloud, new):
            where["Tags"] = as_list(tags)
        asked: Props = {"CreateBucketConfiguration": where} if where else {}
        if new.get("objectLockEnabled"):
            asked["ObjectLockEnabledForBucket"] = True
        self.client(cloud, new).create_bucket(Bucket=name, **asked)
        return Created(name)

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        s3 = self.client(cloud, inputs, state)
        region = s3.head_bucket(Bucket=id)["BucketRegion"]
        tags = self._tags(cloud, s3, id)
        domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        return Live(
            {"bucket": id, "tags": self.own_tags(cloud, tags, inputs), "region": region, "objectLockEnabled": self._locked(cloud, s3, id)},
            {
                "arn": f"arn:{cloud.partition}:s3:::{id}",
                "bucketDomainName": f"{id}.s3.{domain}",
                "bucketRegion": region,
                "bucketRegionalDomainName": f"{id}.s3.{region}.{domain}",
                "hostedZoneId": _ZONES.get(region, ""),
                "tagsAll": tags,
            },
        )  # fmt: skip

    @staticmethod
    def _tags(cloud: Aws, s3: Any, name: str) -> dict[str, str]:
        try:
            return as_map(s3.get_bucket_tagging(Bucket=name)["TagSet"])
        except Exception as e:
            if cloud.error_code(e) == "NoSuchTagSet":
                return {}
            raise

    @staticmethod
    def _locked(cloud: Aws, s3: Any, name: str) -> bool:
        try:
            found = s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
            return bool(found.get("ObjectLockEnabled") == "Enabled")
        except Exception as e:
            if cloud.error_code(e) == "ObjectLockConfigurationNotFoundError":
                return False
            raise

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        s3, wanted = self.client(cloud, new), self.all_tags(cloud, new)
        if wanted == self._tags(cloud, s3, id):
            return
        if wanted:
            s3.put_bucket_tagging(Bucket=id, Tagging={"TagSet": as_list(wanted)})
        else:
            s3.delete_bucket_tagging(Bucket=id)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        s3 = self.client(cloud, state)
        if state.get("forceDestroy"):
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=id):
                found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                for one in found:
                    s3.delete_object(Bucket=id, Key=one["Key"], VersionId=one["VersionId"])
        s3.delete_bucket(Bucket=id)
