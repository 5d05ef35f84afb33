"""S3-compatible servers keep the contract of all stores."""

from typing import Any

from byob_components.s3_compatible import S3CompatibleByob, S3CompatibleByobArgs
from byob_components.wandb.deployment import Cloud
from tests.conformance.contract import StoreContract
from tests.mocks.aws import AwsMocks

USER = "arn:aws:iam::000000000000:user/wandb"


class TestS3Compatible(StoreContract):
    cloud = Cloud.S3_COMPATIBLE
    composite = S3CompatibleByob
    arguments = S3CompatibleByobArgs
    smallest = {  # noqa: RUF012
        "deployment": "dedicated",
        "level": "team",
        "server": "seaweedfs",
        "endpoint": "store.acme.example:8333",
        "access_key": "confidential-id",
        "secret_key": "confidential+of/wandb=",
    }
    named = {**smallest, "principals": [USER]}  # noqa: RUF012
    stores = {  # noqa: RUF012
        "MinIO": {"server": "minio", "principals": [], "capabilities": ["versioning", "noncurrent_expiry"]},
        "AIStor": {"server": "aistor", "principals": []},
        "Ceph": {"server": "ceph", "principals": ["arn:aws:iam:::user/wandb"]},
        "another server": {"server": "generic"},
        "a server that can do nothing": {"server": "generic", "principals": [], "capabilities": []},
        "plain HTTP": {"tls": False},
        "minimal": {"access": "minimal"},
        "several principals": {"principals": [USER, "arn:aws:iam::000000000000:user/wandb-next"]},
        "a region": {"region": "north-1"},
    }
    full = {  # noqa: RUF012
        **named,
        "access": "minimal",
        "paths": ["vision", "nlp"],
        "lifecycle_rules": [{"id": "old", "prefix": "old/", "noncurrent_days": 3}],
        "cors_origins": ["https://wandb.example.com"],
        "bucket_policy_statements": [
            {"Sid": "Audit", "Effect": "Allow", "Principal": {"AWS": USER}, "Action": "s3:GetObject", "Resource": "*"}
        ],
    }
    budget = 8
    keyed = ""
    own_key = None
    provider_key = ""
    protected = frozenset({"Bucket", "BucketVersioning", "BucketCorsConfiguration"})
    unprotected = frozenset({"BucketPolicy"})
    preset = ([], "")

    def mocks(self, preview: bool) -> Any:
        return AwsMocks(preview=preview)
