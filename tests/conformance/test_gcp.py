"""Google Cloud keeps the contract of all stores."""

from typing import Any

from byob_components.gcp import GcpByob, GcpByobArgs
from byob_components.wandb.deployment import Cloud
from tests.conformance.contract import StoreContract
from tests.mocks.gcp import GcpMocks

KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
NODE = "acme-node@wandb-production.iam.gserviceaccount.com"


class TestGcp(StoreContract):
    cloud = Cloud.GCP
    composite = GcpByob
    arguments = GcpByobArgs
    smallest = {"deployment": "dedicated", "level": "team", "location": "europe-west4"}  # noqa: RUF012
    # Naming the access says that one knows how wide the documented role is.
    named = {**smallest, "principals": [NODE], "access": "documented"}  # noqa: RUF012
    stores = {  # noqa: RUF012
        "new key": {"encryption": "new_key"},
        "existing key": {"encryption": "existing_key", "kms_key_id": KEY},
        "credential": {"credential_keys": ["2026-05", "2026-11"]},
        "usage logs": {"access_log_bucket": "acme-logs"},
        "minimal": {"access": "minimal"},
        "several principals": {"principals": [NODE, "wandb@acme-servers.iam.gserviceaccount.com"]},
        "signer": {"deployment": "self_managed", "signer": True},
    }
    full = {  # noqa: RUF012
        **named,
        "encryption": "new_key",
        "kms_key_ring_name": "wandb",
        "kms_key_name": "vision",
        "paths": ["vision", "nlp"],
        "lifecycle_rules": [{"prefix": "old/", "transition_days": 90, "storage_class": "NEARLINE"}],
        "cors_origins": ["https://wandb.example.com"],
        "labels": {"team": "vision"},
    }
    budget = 8
    keyed = "credential"
    own_key = "new key"
    provider_key = ""
    protected = frozenset({"KeyRing", "CryptoKey", "Bucket", "Account"})
    unprotected = frozenset({"CryptoKeyIAMMember", "BucketIAMMember", "IAMMember", "Key"})
    forgets_first = True  # members go with the bucket
    kept = frozenset({("existing key", "CryptoKeyIAMMember"), ("signer", "IAMMember")})
    preset = (["deploy@wandb-production.iam.gserviceaccount.com"], "2026-08-19")

    def mocks(self, preview: bool) -> Any:
        return GcpMocks(preview=preview)
