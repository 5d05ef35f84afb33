"""CoreWeave keeps the contract of all stores."""

from typing import Any

from byob_components.coreweave import CoreWeaveByob, CoreWeaveByobArgs
from byob_components.wandb.deployment import Cloud
from tests.conformance.contract import StoreContract
from tests.mocks.aws import AwsMocks

WANDB = "arn:aws:iam::wandb:static/wandb-integration"


class TestCoreWeave(StoreContract):
    cloud = Cloud.COREWEAVE
    composite = CoreWeaveByob
    arguments = CoreWeaveByobArgs
    smallest = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}  # noqa: RUF012
    named = {**smallest, "principals": [WANDB]}  # noqa: RUF012
    stores = {  # noqa: RUF012
        "own people": {"storage_organization_id": "ab1cd2"},
        "minimal": {"access": "minimal"},
        "multi-tenant": {"deployment": "multi_tenant"},
        "self-managed": {"deployment": "self_managed"},
    }
    full = {  # noqa: RUF012
        **named,
        "access": "minimal",
        "storage_organization_id": "ab1cd2",
        "paths": ["vision", "nlp"],
        "lifecycle_rules": [{"id": "old", "prefix": "old/", "noncurrent_days": 3}],
        "cors_origins": ["https://wandb.example.com"],
    }
    budget = 8
    keyed = None
    own_key = None
    provider_key = ""
    protected = frozenset({"Bucket", "BucketVersioning", "BucketCorsConfiguration"})
    unprotected = frozenset({"BucketPolicy"})
    preset = ([WANDB], "2026-08-19")

    def mocks(self, preview: bool) -> Any:
        return AwsMocks(preview=preview)
