"""Protected, unprotected, released: the options of every child, and what a removal would do with them."""

from typing import Any

from byob_components.coreweave import CoreWeaveByob
from tests.conformance.protection import ProtectionContract
from tests.mocks.aws import record

BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
STORES: dict[str, dict[str, Any]] = {
    "smallest": {},
    "minimal": {"access": "minimal", "paths": ["a", "b"]},
    "own people": {"storage_organization_id": "ab1cd2"},
    "nobody": {"principals": []},
}
DATA = frozenset({"Bucket", "BucketVersioning", "BucketCorsConfiguration"})
GRANTS = frozenset({"BucketPolicy"})


class TestCoreWeave(ProtectionContract):
    composite = CoreWeaveByob
    record = staticmethod(record)
    smallest = BASE
    stores = STORES
    data = DATA
    grants = GRANTS
    parts = frozenset({"CoreWeaveByob", "CoreWeaveBucket"})
    goes_with = dict.fromkeys(
        ("BucketVersioning", "BucketCorsConfiguration", "BucketPolicy"), "aws:s3/bucket:Bucket::vision"
    )
