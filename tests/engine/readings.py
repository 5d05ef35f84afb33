"""What is really in the cloud, read with the owner's own keys: two readings that are equal mean that nothing was touched."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from sandbox.clouds.aws.accounts import Accounts, Credentials, client
from sandbox.clouds.aws.ministack import Ministack

_NONE = {
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
}


class LocalAws:
    """The local AWS of a test session: its server, its accounts, and readings of what is there.

    Args:
        server: The server.
        accounts: Everybody on it.
    """

    def __init__(self, server: Ministack, accounts: Accounts) -> None:
        self.server, self.accounts = server, accounts
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, who: Credentials | None = None) -> Any:
        """A boto3 client.

        Args:
            service: For example `s3`.
            who: Whose keys; default the deployer, who owns everything in the customer's account.
        """
        who = who or self.accounts.deployer
        key = (service, who.access_key)
        if key not in self._clients:
            self._clients[key] = client(self.server, service, who)
        return self._clients[key]

    # -- S3
    def put(self, bucket: str, key: str, body: bytes = b"data") -> str:
        """Put an object as the owner; gives its version.

        Args:
            bucket: Where.
            key: Its key.
            body: Its bytes.
        """
        made: str = self.client("s3").put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        return made

    def bucket_exists(self, bucket: str) -> bool:
        """Whether the bucket is there."""
        return bucket in [b["Name"] for b in self.client("s3").list_buckets()["Buckets"]]

    def policy(self, bucket: str) -> dict[str, dict[str, Any]]:
        """The bucket policy's statements by Sid; empty when there is no policy."""
        text = self._setting("get_bucket_policy", bucket, "Policy")
        return {} if text is None else {s["Sid"]: s for s in json.loads(text)["Statement"]}

    def cors(self, bucket: str) -> list[dict[str, Any]] | None:
        """The CORS rules; None when there are none."""
        found: list[dict[str, Any]] | None = self._setting("get_bucket_cors", bucket, "CORSRules")
        return found

    def bucket(self, bucket: str) -> dict[str, Any]:
        """Every setting and every object version of a bucket."""
        s3 = self.client("s3")
        policy = self._setting("get_bucket_policy", bucket, "Policy")
        tags = self._setting("get_bucket_tagging", bucket, "TagSet") or []
        listed = s3.list_object_versions(Bucket=bucket)
        return {
            "versioning": s3.get_bucket_versioning(Bucket=bucket).get("Status"),
            "encryption": self._setting("get_bucket_encryption", bucket, "ServerSideEncryptionConfiguration"),
            "policy": None if policy is None else json.loads(policy),
            "cors": self.cors(bucket),
            "lifecycle": self._setting("get_bucket_lifecycle_configuration", bucket, "Rules"),
            "public access": self._setting("get_public_access_block", bucket, "PublicAccessBlockConfiguration"),
            "ownership": self._setting("get_bucket_ownership_controls", bucket, "OwnershipControls"),
            "tags": {t["Key"]: t["Value"] for t in tags},
            "logging": s3.get_bucket_logging(Bucket=bucket).get("LoggingEnabled"),
            "objects": sorted(
                (v["Key"], v["VersionId"], v.get("ETag", "deleted"), v.get("Size", 0), v["IsLatest"])
                for v in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
            ),
        }

    def _setting(self, call: str, bucket: str, part: str) -> Any:
        try:
            return getattr(self.client("s3"), call)(Bucket=bucket)[part]
        except ClientError as error:
            if error.response["Error"]["Code"] in _NONE:
                return None
            raise

    # -- KMS
    def key(self, arn: str) -> dict[str, Any]:
        """A key with its policy, rotation, tags, aliases and grants."""
        kms = self.client("kms")
        grants = kms.list_grants(KeyId=arn)["Grants"]
        return {
            "key": kms.describe_key(KeyId=arn)["KeyMetadata"],
            "policy": json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]),
            "rotation": kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"],
            "tags": sorted((t["TagKey"], t["TagValue"]) for t in kms.list_resource_tags(KeyId=arn)["Tags"]),
            "aliases": sorted(a["AliasName"] for a in kms.list_aliases(KeyId=arn)["Aliases"]),
            "grants": sorted(
                ({k: v for k, v in g.items() if k != "CreationDate"} for g in grants), key=lambda g: g["GrantId"]
            ),
        }

    # -- IAM
    def user(self, name: str) -> dict[str, Any]:
        """A user with its policies and access keys."""
        iam = self.client("iam")
        keys = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        return {
            "user": iam.get_user(UserName=name)["User"],
            "tags": iam.list_user_tags(UserName=name)["Tags"],
            "policies": {
                p: iam.get_user_policy(UserName=name, PolicyName=p)["PolicyDocument"]
                for p in iam.list_user_policies(UserName=name)["PolicyNames"]
            },
            "keys": sorted((k["AccessKeyId"], k["Status"]) for k in keys),
        }

    def user_names(self) -> set[str]:
        """Everybody in the customer's account."""
        return {u["UserName"] for u in self.client("iam").list_users()["Users"]}


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs between two readings; empty when nothing was touched.

    Args:
        before: A reading.
        after: A later one of the same thing.
    """
    return {k: (before.get(k), after.get(k)) for k in {**before, **after} if before.get(k) != after.get(k)}
