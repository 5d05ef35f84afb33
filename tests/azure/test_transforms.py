"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_azure_native

from byob_components.azure import AzureByob
from tests.conformance.transforms import TransformsContract
from tests.mocks.azure import AzureMocks
from tests.mocks.monitor import run

STORE: dict[str, Any] = {
    "deployment": "self_managed",
    "level": "team",
    "location": "westeurope",
    "oidc_issuer_url": "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/",
    "service_accounts": ["wandb-app"],
    "encryption": "new_key",
    "lock": True,
    "access_log_account_id": "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme/providers/"
    "Microsoft.Storage/storageAccounts/acmelogs",
}
KINDS = {
    "BlobContainer": 1,
    "BlobServiceProperties": 1,
    "DiagnosticSetting": 1,
    "FederatedIdentityCredential": 1,
    "Key": 1,
    "ManagementLockByScope": 1,
    "ManagementPolicy": 1,
    "ResourceGroup": 1,
    "RoleAssignment": 3,  # two of W&B's, and the one of Azure Storage on the key
    "StorageAccount": 1,
    "UserAssignedIdentity": 2,  # one for each of them
    "Vault": 1,
}


class TestAzure(TransformsContract):
    composite = AzureByob
    mocks = AzureMocks
    package = "azure-native"
    store = STORE
    kinds = KINDS
    looked_up = ("getClientConfig",)
    unprotected = frozenset({"FederatedIdentityCredential", "ManagementLockByScope", "RoleAssignment"})

    @staticmethod
    def provider() -> pulumi.ProviderResource:
        return pulumi_azure_native.Provider("there", subscription_id="55555555-5555-5555-5555-555555555555")

    def test_the_provider_is_asked_for_the_account_keys_too(self) -> None:
        def program() -> dict[str, Any]:
            by_key = {"deployment": "dedicated", "level": "team", "location": "westeurope", "mode": "access_key"}
            made = AzureByob("speech", by_key, pulumi.ResourceOptions(providers=[self.provider()]))  # type: ignore[arg-type]
            return {"addresses": made.storage_addresses}

        seen = run(program, AzureMocks())
        there = "pulumi:providers:azure-native::there"
        assert len(self.children(seen)) == 5
        assert {r.provider for r in self.children(seen)} == {there}
        assert {(token.rpartition(":")[2], provider) for token, _, provider in seen.calls} == {
            ("listStorageAccountKeys", there)
        }
