"""AWS keeps the contract of all stores."""

from typing import Any

from byob_components.aws import AwsByob, AwsByobArgs
from byob_components.wandb.deployment import Cloud
from tests.conformance.contract import StoreContract
from tests.mocks.aws import AwsMocks

KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"


class TestAws(StoreContract):
    cloud = Cloud.AWS
    composite = AwsByob
    arguments = AwsByobArgs
    smallest = {"deployment": "dedicated", "level": "team"}  # noqa: RUF012
    named = {**smallest, "principals": ["arn:aws:iam::830241207209:role/acme-node"]}  # noqa: RUF012
    stores = {  # noqa: RUF012
        "existing key": {"encryption": "existing_key", "kms_key_arn": KEY},
        "provider's key": {"encryption": "provider_managed"},
        "credential": {"credential_keys": ["2026-05", "2026-11"]},
        "access logs": {"access_log_bucket": "acme-logs"},
        "minimal": {"access": "minimal"},
        "several principals": {
            "principals": ["arn:aws:iam::830241207209:role/acme-node", "arn:aws:iam::444455556666:role/wandb"],
        },
        "guarded key": {"kms_key_guard": ["arn:aws:iam::111122223333:role/break-glass"]},
    }
    full = {  # noqa: RUF012
        **named,
        "paths": ["vision", "nlp"],
        "kms_key_admins": ["arn:aws:iam::111122223333:role/security"],
        "kms_key_users": ["arn:aws:iam::111122223333:role/etl"],
        "kms_alias_name": "alias/vision",
        "lifecycle_rules": [{"id": "cold", "transition_days": 90, "storage_class": "STANDARD_IA"}],
        "cors_origins": ["https://wandb.example.com"],
        "tags": {"team": "vision"},
    }
    budget = 13
    keyed = "credential"
    own_key = ""
    provider_key = "provider's key"
    protected = frozenset(
        {
            "Key",
            "Alias",
            "Bucket",
            "BucketPublicAccessBlock",
            "BucketOwnershipControls",
            "BucketVersioning",
            "BucketServerSideEncryptionConfiguration",
            "BucketCorsConfiguration",
            "BucketLifecycleConfiguration",
            "BucketLogging",
            "User",
            "UserPolicy",
        }
    )
    unprotected = frozenset({"BucketPolicy", "Grant", "AccessKey"})
    preset = (["arn:aws:iam::830241207209:root"], "2026-08-19")

    def mocks(self, preview: bool) -> Any:
        return AwsMocks(preview=preview)
