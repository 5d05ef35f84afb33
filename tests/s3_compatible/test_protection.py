"""Protected, unprotected, released: the options of every child, and what a removal would do with them."""

from typing import Any

from byob_components.s3_compatible import S3CompatibleByob
from tests.conformance.protection import ProtectionContract
from tests.mocks.aws import record

BASE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "endpoint": "store.acme.example:8333",
    "access_key": "id",
    "secret_key": "key",
}
STORES: dict[str, dict[str, Any]] = {
    "seaweedfs": {"server": "seaweedfs", "principals": ["arn:aws:iam::000000000000:user/wandb"]},
    "ceph": {"server": "ceph", "principals": ["arn:aws:iam:::user/wandb"], "access": "minimal"},
    "minio": {"server": "minio"},
    "aistor": {"server": "aistor"},
    "generic": {"server": "generic", "capabilities": []},
}
DATA = frozenset({"Bucket", "BucketVersioning", "BucketCorsConfiguration"})
GRANTS = frozenset({"BucketPolicy"})


class TestS3Compatible(ProtectionContract):
    composite = S3CompatibleByob
    record = staticmethod(record)
    smallest = BASE
    stores = STORES
    data = DATA
    grants = GRANTS
    parts = frozenset({"S3CompatibleByob", "S3CompatibleBucket"})
    goes_with = dict.fromkeys(
        ("BucketVersioning", "BucketCorsConfiguration", "BucketPolicy"), "aws:s3/bucket:Bucket::vision"
    )
