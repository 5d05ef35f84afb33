"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_gcp

from byob_components.gcp import GcpByob
from tests.conformance.transforms import TransformsContract
from tests.mocks.gcp import GcpMocks

STORE: dict[str, Any] = {
    "deployment": "self_managed",
    "level": "team",
    "location": "EU",
    "principals": ["wandb@acme-servers.iam.gserviceaccount.com"],
    "encryption": "new_key",
    "credential_keys": ["a"],
    "signer": True,
}
KINDS = {
    "Account": 1,
    "Bucket": 1,
    "BucketIAMMember": 2,  # the server, and the credential
    "CryptoKey": 1,
    "CryptoKeyIAMMember": 1,
    "IAMMember": 1,
    "Key": 1,
    "KeyRing": 1,
}


class TestGcp(TransformsContract):
    composite = GcpByob
    mocks = GcpMocks
    package = "gcp"
    store = STORE
    kinds = KINDS
    looked_up = ("getProjectServiceAccount",)
    unprotected = frozenset({"BucketIAMMember", "CryptoKeyIAMMember", "IAMMember", "Key"})

    @staticmethod
    def provider() -> pulumi.ProviderResource:
        return pulumi_gcp.Provider("there", project="acme-there")
