"""What the life-cycle tests need to know of stores that speak S3: SeaweedFS, and CoreWeave on a gate of ours before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from byob_components.wandb.address import parse
from sandbox.clouds.coreweave import accounts as coreweave
from sandbox.clouds.s3_compatible import accounts as s3_compatible
from sandbox.clouds.s3_compatible.server import Store
from sandbox.clouds.seaweedfs.server import User
from sandbox.loopback import know_localhost
from tests.life.cloud import ByHand, Change, LocalCloud, Made, Reading, Remainder, Suspension

PAGE = "https://wandb.example.com"
_ABSENT = ("NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration", "NoSuchBucketPolicy", "NoSuchTagSet")
WHOLE = frozenset({"Bucket", "BucketVersioning", "BucketPolicy", "BucketCorsConfiguration"})
BUCKET_READS = (
    "s3:GetEncryptionConfiguration", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:GetBucketCORS",
    "s3:GetBucketLocation", "s3:GetBucketVersioning",
)  # fmt: skip
DOCUMENTED = (*BUCKET_READS, "s3:GetObject*", "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject")
"""The actions of W&B's page."""
MINIMAL_OBJECT = (
    "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAttributes", "s3:GetObjectVersionAttributes", "s3:PutObject",
    "s3:DeleteObject", "s3:AbortMultipartUpload",
)  # fmt: skip
BUCKET, EVERYTHING = "arn:aws:s3:::BUCKET", ("arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*")


def right(principal: Mapping[str, Any], actions: tuple[str, ...], *resources: str, **more: Any) -> dict[str, Any]:
    """A statement as a reading has it."""
    sorted_ = {"Action": tuple(sorted(actions)), "Resource": tuple(sorted(resources))}
    return {"Effect": "Allow", "Principal": principal, **sorted_, **more}


def cors(origin: str) -> list[dict[str, Any]]:
    return [
        {
            "AllowedHeaders": ["*"],
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedOrigins": [origin],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 3000,
        }
    ]


def lifecycle(noncurrent_days: int) -> dict[str, Any]:
    """The rules by what they do."""
    return {
        "NoncurrentVersionExpiration": {"NoncurrentDays": noncurrent_days},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }


def kinds(team: str, *names: str) -> frozenset[str]:
    return frozenset(f"{name} {team}" for name in names)


class S3Cloud(LocalCloud):
    """What both have in common."""

    unknown: frozenset[str] = frozenset()
    planned = {  # noqa: RUF012
        "Bucket vision": {"forceDestroy": False},
        "BucketVersioning vision": {"versioningConfiguration": {"status": "Enabled"}},
    }
    whole: Mapping[str, Any] = {}  # type: ignore[misc]
    replacing = (({"bucketName": "fixed-elsewhere"}, "aws:s3/bucket:Bucket"),)
    forgets = frozenset({"BucketPolicy"})
    shared = {"access": "minimal"}  # noqa: RUF012
    leaving = {"paths": ["vision"]}  # noqa: RUF012
    leaving_store = kinds("vision", *WHOLE)
    not_empty = "BucketNotEmpty"
    refusing = frozenset({"Bucket"})
    put_again = {  # noqa: RUF012
        "BucketVersioning vision": "create",
        "BucketPolicy vision": "create",
        "BucketCorsConfiguration vision": "create",
    }
    drifted = (
        {
            "Bucket drift": "update", "BucketVersioning drift": "update", "BucketPolicy drift": "delete",
            "BucketCorsConfiguration drift": "delete",
        },
        {
            "Bucket drift": "update", "BucketVersioning drift": "update", "BucketPolicy drift": "create",
            "BucketCorsConfiguration drift": "create",
        },
    )  # fmt: skip

    def __init__(self, store: Store) -> None:
        self.store = store
        self._clients: dict[str, Any] = {}

    def stop(self) -> None:
        self.store.stop()

    def client(self, who: User) -> Any:
        """boto3 for somebody."""
        raise NotImplementedError

    @property
    def s3(self) -> Any:
        """boto3 for the administrator."""
        raise NotImplementedError

    # -- reads
    def setting(self, call: str, bucket: str, key: str) -> Any:
        """A setting of a bucket; None where there is none."""
        try:
            return getattr(self.s3, f"get_bucket_{call}")(Bucket=bucket).get(key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ABSENT:
                raise
            return None

    def read(self, made: Made) -> Reading:
        bucket = made.bucket
        rules = self.setting("lifecycle_configuration", bucket, "Rules") or []
        done = {k: v for rule in rules if rule["Status"] == "Enabled" for k, v in rule.items() if k not in ("ID", "Status", "Filter", "Prefix")}  # fmt: skip
        policy = self.setting("policy", bucket, "Policy")
        listed = self.s3.list_object_versions(Bucket=bucket)
        return {
            "versioning": self.setting("versioning", bucket, "Status"),
            "cors": self.setting("cors", bucket, "CORSRules"),
            "lifecycle": done,
            "tags": self.setting("tagging", bucket, "TagSet"),
            "policy": None if policy is None else statements(json.loads(policy.replace(bucket, "BUCKET"))),
            "objects": sorted(
                (one["Key"], one["VersionId"], one.get("ETag", "deleted"))
                for one in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
            ),
        }

    def inventory(self) -> dict[str, str]:
        return {f"bucket {one['Name']}": "" for one in self.s3.list_buckets()["Buckets"]}

    def reads(self, s3: Any, made: Made, key: str) -> bool:
        """Whether somebody gets an object."""
        try:
            s3.get_object(Bucket=made.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            return False
        return True

    # -- writes behind Pulumi's back
    def put(self, made: Made, key: str, body: bytes = b"data") -> None:
        self.s3.put_object(Bucket=made.bucket, Key=key, Body=body)

    def empty(self, made: Made) -> None:
        listed = self.s3.list_object_versions(Bucket=made.bucket)
        for one in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
            self.s3.delete_object(Bucket=made.bucket, Key=one["Key"], VersionId=one["VersionId"])

    def cors_ops(self, team: str) -> dict[str, str]:
        return {f"BucketCorsConfiguration {team}": "update"}

    def foreign(self, made: Made) -> None:
        # The bucket's settings have one owner each; what others put there are objects.
        self.put(made, "somebody/elses")

    def drift(self, made: Made) -> None:
        bucket = {"Bucket": made.bucket}
        self.s3.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Suspended"})
        for setting in ("cors", "lifecycle", "policy"):
            getattr(self.s3, f"delete_bucket_{setting}")(**bucket)

    def ways(self, purpose: str) -> dict[str, dict[str, Any]]:
        return {
            "vision": dict(self.team),
            "robotics": {**self.team, "access": "minimal", "paths": ["run"], "corsOrigins": [PAGE]},
        }

    def remainders(self, made: Made) -> dict[str, Remainder]:
        return {}

    def hand_made(self, name: str, place: str) -> Made:
        """A bucket with versions off and somebody's CORS rule."""
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": place})
        theirs = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://old.example.com"]}
        self.s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [theirs]})
        return Made({"bucketName": name}, {})


def statements(document: Mapping[str, Any]) -> dict[str, Any]:
    """A policy's statements by their Sid; one value and a list of one are the same."""
    found = {}
    for statement in document["Statement"]:
        plain = {k: v for k, v in statement.items() if k != "Sid"}
        lists = {
            k: tuple(sorted([v] if isinstance(v, str) else v)) for k, v in plain.items() if k in ("Action", "Resource")
        }
        found[statement["Sid"]] = {**plain, **lists}
    return found


def settled(policy: Mapping[str, Any]) -> dict[str, Any]:
    """A whole store as `up` leaves it."""
    return {"versioning": "Enabled", "cors": cors("*"), "lifecycle": lifecycle(30), "tags": None, "policy": policy}


def changes(minimal: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes in place; the policy under minimal access is the cloud's own."""
    return (
        # The documented rights hold for the whole bucket; only the address knows the path.
        Change({"paths": ["vision"]}, {}, {}, ("vision",)),
        Change(
            {"corsOrigins": [PAGE]}, {"BucketCorsConfiguration vision": "update"}, {"cors": cors(PAGE)}, ("vision",)
        ),
        Change(
            {"access": "minimal", "paths": ["vision", "nlp"]},
            {"BucketPolicy vision": "update"},
            {"policy": minimal},
            ("vision", "nlp"),
        ),
        Change({"noncurrentDays": 5}, {"Bucket vision": "update"}, {"lifecycle": lifecycle(5)}, ("vision", "nlp")),
    )


PATHS = "arn:aws:s3:::BUCKET/nlp/*", "arn:aws:s3:::BUCKET/vision/*"
WANDB_USER = {"AWS": "arn:aws:iam::000000000000:user/wandb-vision"}
TLS = right("*", ("s3:*",), *EVERYTHING, Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})  # type: ignore[arg-type]
SEAWEEDFS = ("s3:GetBucketCors",)
"""The one action that SeaweedFS knows in a spelling of its own."""


class LocalStore(S3Cloud):
    """The S3-compatible store of the sandbox."""

    stack = {"deployment": "self_managed"}  # noqa: RUF012
    whole_store = kinds("vision", "S3CompatibleByob", "S3CompatibleBucket", *WHOLE)
    settled = settled(
        {"DenyInsecureTransport": TLS, "WAndBAccountAccess": right(WANDB_USER, (*DOCUMENTED, *SEAWEEDFS), *EVERYTHING)}
    )
    changes = changes(
        {
            "DenyInsecureTransport": TLS,
            "WAndBAccountAccess": right(WANDB_USER, (*BUCKET_READS, *SEAWEEDFS), BUCKET),
            "WAndBObjectAccess": right(WANDB_USER, MINIMAL_OBJECT, *PATHS),
        }
    )
    suspended = {  # noqa: RUF012
        "vision": Suspension(
            {"BucketPolicy vision": "update"}, {"BucketPolicy vision": "update"}, frozenset({"policy"})
        )
    }
    apart = Suspension({"BucketPolicy ml": "update"}, {"BucketPolicy ml": "update"}, frozenset({"policy"}))
    bad = ({"noncurrentDays": 0, "server": "floppy"}, ("BYOB-S3C",))

    def __init__(self, store: Store, accounts: s3_compatible.Accounts) -> None:
        super().__init__(store)
        self.accounts, who = accounts, accounts.wandb
        self.host = store.endpoint.removeprefix("https://")
        self.team = {
            "cloud": "s3_compatible",
            "provider": "store",
            "server": "seaweedfs",
            "endpoint": self.host,
            "region": "local",
            "accessKey": who.access_key,
            "secretKey": who.secret_key,
            "principals": [who.arn],
        }
        self.first = {
            "paths": ["/"],
            "region": "local",
            "kmsKeyId": "",
            "principals": ["arn:aws:iam::000000000000:user/wandb-vision"],
            "principalsDate": "",
        }

    @classmethod
    def start(cls, folder: Path) -> LocalStore:
        accounts = s3_compatible.Accounts.make()
        return cls(s3_compatible.start(folder, accounts), accounts)

    def config(self) -> tuple[dict[str, Any], dict[str, str]]:
        settings = s3_compatible.provider_config(self.store, self.accounts.deployer)
        return {}, {"byob:providers": json.dumps({"store": {"cloud": "s3_compatible", **settings}})}

    def client(self, who: User) -> Any:
        if who.access_key not in self._clients:
            self._clients[who.access_key] = s3_compatible.client(self.store, who)
        return self._clients[who.access_key]

    @property
    def s3(self) -> Any:
        return self.client(self.accounts.deployer)

    def wandb_reads(self, made: Made, key: str) -> bool:
        told = parse(next(iter(made.outputs["storageAddresses"].values())))
        return self.reads(self.client(User("W&B", told.access_key, told.secret_key)), made, key)

    def address(self, made: Made, path: str) -> str:
        who, below = self.accounts.wandb, "" if path == "/" else f"/{path}"
        return f"s3://{who.access_key}:{who.secret_key}@{self.host}/{made.bucket}{below}?region=local&tls=true"

    def by_hand(self, name: str) -> ByHand:
        return ByHand(
            {"bucketName": name},
            self.hand_made(name, "local"),
            {"Bucket": name, "BucketCorsConfiguration": name},
            {
                "Bucket vision": "update", "BucketVersioning vision": "create", "BucketPolicy vision": "create",
                "BucketCorsConfiguration vision": "update",
            },
            frozenset({"versioning", "policy", "cors", "lifecycle"}),
        )  # fmt: skip


WANDB_ITSELF = {"CW": "arn:aws:iam::wandb:static/wandb-integration"}
CUSTOMER = {"Condition": {"StringLike": {"wandb:OrgID": ["acme-prod"]}}}


class LocalCoreWeave(S3Cloud):
    """The CoreWeave of the sandbox."""

    stack = {"deployment": "dedicated"}  # noqa: RUF012
    team = {  # noqa: RUF012
        "cloud": "coreweave",
        "provider": "store",
        "wandbOrganizationId": coreweave.WANDB_ORGANIZATION,
    }
    whole_store = kinds("vision", "CoreWeaveByob", "CoreWeaveBucket", *WHOLE)
    settled = settled({"AllowWandbUser": right(WANDB_ITSELF, DOCUMENTED, *EVERYTHING, **CUSTOMER)})
    changes = changes(
        {
            "AllowWandbUser": right(WANDB_ITSELF, BUCKET_READS, BUCKET, **CUSTOMER),
            "AllowWandbUserObjects": right(WANDB_ITSELF, MINIMAL_OBJECT, *PATHS, **CUSTOMER),
        }
    )
    first = {  # noqa: RUF012
        "paths": ["/"],
        "region": "us-east-1",  # the provider's word for a region that is none of AWS's
        "kmsKeyId": "",
        "principals": ["arn:aws:iam::wandb:static/wandb-integration"],
    }
    suspended = {  # noqa: RUF012
        "vision": Suspension(
            {"BucketPolicy vision": "delete"}, {"BucketPolicy vision": "create"}, frozenset({"policy"})
        )
    }
    apart = Suspension({"BucketPolicy ml": "update"}, {"BucketPolicy ml": "update"}, frozenset({"policy"}))
    bad = ({"bucketName": "cw-acme", "noncurrentDays": 0}, ("BYOB-CW",))

    def __init__(self, store: Store, accounts: coreweave.Accounts) -> None:
        super().__init__(store)
        self.accounts = accounts
        know_localhost()

    @classmethod
    def start(cls, folder: Path) -> LocalCoreWeave:
        accounts = coreweave.Accounts.make()
        return cls(coreweave.start(folder, accounts), accounts)

    def config(self) -> tuple[dict[str, Any], dict[str, str]]:
        who = self.accounts.deployer.user
        settings = s3_compatible.provider_config(self.store, who, coreweave.ZONE, path_style=False)
        return {}, {"byob:providers": json.dumps({"store": {"cloud": "coreweave", **settings}})}

    def client(self, who: User) -> Any:
        if who.access_key not in self._clients:
            self._clients[who.access_key] = s3_compatible.client(self.store, who, coreweave.ZONE, path_style=False)
        return self._clients[who.access_key]

    @property
    def s3(self) -> Any:
        return self.client(self.accounts.deployer.user)

    def wandb_reads(self, made: Made, key: str) -> bool:
        return self.reads(self.client(self.accounts.wandb.user), made, key)

    def address(self, made: Made, path: str) -> str:
        return f"cw://{made.bucket}" + ("" if path == "/" else f"/{path}")

    def by_hand(self, name: str) -> ByHand:
        return ByHand(
            {"bucketName": name},
            self.hand_made(name, coreweave.ZONE),
            {"Bucket": name, "BucketCorsConfiguration": name},
            {
                "Bucket vision": "update", "BucketVersioning vision": "create", "BucketPolicy vision": "create",
                "BucketCorsConfiguration vision": "update",
            },
            frozenset({"versioning", "policy", "cors", "lifecycle"}),
        )  # fmt: skip
