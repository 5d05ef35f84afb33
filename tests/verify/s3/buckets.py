"""Buckets on a local AWS as a careful hand would make them, each ready to be broken in one place."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from byob_components.verify import Cast, Identity, S3Store
from sandbox.clouds.aws.accounts import CUSTOMER, NODE_ROLE, REGION, Accounts, Credentials, client
from sandbox.clouds.aws.ministack import Ministack

BUCKET_ACTIONS = [
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
]
OBJECT_ACTIONS = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
PAGE = "https://wandb.example.com"
STRANGER, OTHER_ROLE = "another account", "another role of W&B"
_numbers = itertools.count(1)


_client = cache(client)  # making one takes longer than all its calls


def identity(name: str, who: Credentials) -> Identity:
    return Identity(name, who.access_key, who.secret_key, who.session_token or "")


@dataclass
class Bucket:
    """A bucket, what was declared of it, and who acts."""

    server: Ministack
    accounts: Accounts
    name: str
    key: str
    s3: Any
    kms: Any
    store: S3Store
    cast: Cast[Identity]
    who: Any = field(default_factory=lambda: {"AWS": NODE_ROLE})

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.name}"

    def tls(self) -> dict[str, Any]:
        return {
            "Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [self.arn, f"{self.arn}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }  # fmt: skip

    def grant(self, without: str = "", objects: str = "*", who: Any = None, **more: list[str]) -> list[dict[str, Any]]:
        """W&B's grant; `minimal` when the objects are those below a path."""
        who = who or self.who
        return [
            {"Sid": "WAndBAccountAccess", "Effect": "Allow", "Principal": who, "Resource": self.arn,
             "Action": [action for action in BUCKET_ACTIONS if action != without]},
            {"Sid": "WAndBObjectAccess", "Effect": "Allow", "Principal": who, "Resource": f"{self.arn}/{objects}",
             "Action": [action for action in OBJECT_ACTIONS if action != without]},
        ]  # fmt: skip

    def policy(self, *statements: dict[str, Any]) -> None:
        document = {"Version": "2012-10-17", "Id": "WandBAccess", "Statement": list(statements)}
        self.s3.put_bucket_policy(Bucket=self.name, Policy=json.dumps(document))

    def cors(self, **changes: Any) -> None:
        rule = {
            "AllowedMethods": ["GET", "HEAD", "PUT"], "AllowedOrigins": list(self.store.cors_origins), "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 3000,
        } | changes  # fmt: skip
        self.s3.put_bucket_cors(Bucket=self.name, CORSConfiguration={"CORSRules": [rule]})

    def versioning(self, status: str) -> None:
        self.s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": status})

    def public_access(self, **changes: bool) -> None:
        self.s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=BLOCKED | changes)

    def lifecycle(self, *more: dict[str, Any], noncurrent: int = 30, abort: int = 7) -> None:
        rules = [
            {"ID": "noncurrent-versions", "Status": "Enabled", "Filter": {},
             "NoncurrentVersionExpiration": {"NoncurrentDays": noncurrent}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
            {"ID": "abort-uploads", "Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": abort}},
            *more,
        ]  # fmt: skip
        self.s3.put_bucket_lifecycle_configuration(Bucket=self.name, LifecycleConfiguration={"Rules": rules})

    def encryption(self, algorithm: str, key: str = "") -> None:
        default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
        rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(key)}
        self.s3.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": [rule]})

    def contents(self) -> list[tuple[str, str]]:
        """Every key and version, delete markers and unfinished uploads included."""
        found = self.s3.list_object_versions(Bucket=self.name)
        uploads = self.s3.list_multipart_uploads(Bucket=self.name).get("Uploads", [])
        versions = [(v["Key"], v["VersionId"]) for v in (*found.get("Versions", []), *found.get("DeleteMarkers", []))]
        return sorted([*versions, *((u["Key"], u["UploadId"]) for u in uploads)])


MakeBucket = Callable[..., Bucket]


def make(server: Ministack, accounts: Accounts, *, minimal: bool = False, encryption: str = "aws:kms") -> Bucket:
    """A good bucket with W&B's path `vision`: `documented` for everybody's pages, or `minimal` for one page."""
    s3, kms = _client(server, "s3", accounts.deployer), _client(server, "kms", accounts.deployer)
    name = f"verify-{os.getpid()}-{next(_numbers)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    key = kms.create_key()["KeyMetadata"]["Arn"] if encryption == "aws:kms" else ""
    store = S3Store(
        bucket=name, region=REGION, path="vision", endpoint=server.endpoint, plain_endpoint=server.plain_endpoint,
        ca_bundle=str(server.ca_bundle), path_style=True, encryption=encryption, kms_key_id=key, account_id=CUSTOMER,
        access="minimal" if minimal else "documented", cors_origins=(PAGE,) if minimal else ("*",), noncurrent_days=30,
    )  # fmt: skip
    cast = Cast(
        wandb=identity("W&B", accounts.wandb_dedicated),
        owner=identity("the owner", accounts.deployer),
        outsiders=(identity(STRANGER, accounts.stranger), identity(OTHER_ROLE, accounts.wandb_other_role)),
    )
    made = Bucket(server, accounts, name, key, s3, kms, store, cast)
    made.public_access()
    made.versioning("Enabled")
    made.encryption(encryption, key)
    made.policy(made.tls(), *made.grant(objects="vision/*" if minimal else "*"))
    made.cors()
    made.lifecycle()
    return made
