"""Protected, unprotected, released, locked: the options of every child, and what a removal would do with them."""

from typing import Any

import pytest

from byob_components.azure import AzureByob, AzureGrant
from tests.conformance.protection import ProtectionContract
from tests.mocks.azure import record
from tests.mocks.deletion import all_needs
from tests.mocks.monitor import Registered

GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme/providers"
ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
NODE = "55555555-5555-5555-5555-555555555555"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "westeurope"}
CLUSTER = {"oidc_issuer_url": ISSUER, "service_accounts": ["wandb-app", "wandb-bucket-access"]}
EXISTING = {
    "encryption": "existing_key",
    "kms_key_id": "https://acme-keys.vault.azure.net/keys/wandb",
    "kms_identity_id": f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/acme-encryption",
}
STORES: dict[str, dict[str, Any]] = {
    "connector": CLUSTER,
    "new key": {**CLUSTER, "encryption": "new_key"},
    "existing key": {**CLUSTER, **EXISTING},
    "keyless": {"level": "instance", "principals": [NODE], "resource_group_name": "acme"},
    "minimal": {**CLUSTER, "mode": "keyless", "access": "minimal"},
    "access key": {"mode": "access_key"},
    "locked": {**CLUSTER, "lock": True, "encryption": "new_key"},
    "logs": {**CLUSTER, "access_log_account_id": f"{GROUP}/Microsoft.Storage/storageAccounts/acmelogs"},
}
DATA = frozenset(
    {
        "ResourceGroup",
        "StorageAccount",
        "BlobServiceProperties",
        "BlobContainer",
        "ManagementPolicy",
        "DiagnosticSetting",
        "UserAssignedIdentity",
        "Vault",
        "Key",
    }
)
GRANTS = frozenset({"RoleAssignment", "FederatedIdentityCredential", "ManagementLockByScope"})
HELD = "azure-native:storage:StorageAccount::vision"
GOES_WITH = {
    "BlobServiceProperties": HELD,
    "BlobContainer": HELD,
    "ManagementPolicy": HELD,
    "DiagnosticSetting": HELD,
    # The provider deletes a key by the vault's own API, which the vault's network rules shut to it.
    "Key": "azure-native:keyvault:Vault::vision",
    "FederatedIdentityCredential": "azure-native:managedidentity:UserAssignedIdentity::vision",
}


class TestAzure(ProtectionContract):
    composite = AzureByob
    record = staticmethod(record)
    smallest = BASE
    stores = STORES
    data = DATA
    grants = GRANTS
    parts = frozenset({"AzureByob", "AzureKey", "AzureContainer"})
    goes_with = GOES_WITH

    def holder(self, resource: Registered) -> str:
        """The right of Azure Storage on the key goes with the key."""
        if resource.parent.startswith("wandb-byob:index:AzureKey") and resource.kind == "RoleAssignment":
            return "azure-native:keyvault:Key::vision"
        return super().holder(resource)

    def test_a_removal_that_is_refused_at_the_account_leaves_key_and_identity_known(self, store: str) -> None:
        """Azure's provider makes nothing that is there already: what the state forgot would not come back by itself."""
        made = self.children(store)
        (account,) = [r for r in made if r.kind == "StorageAccount"]
        kinds = ("Vault", "Key", "UserAssignedIdentity", "FederatedIdentityCredential")
        assert {r.key for r in made if r.kind in kinds} <= all_needs(account, made)

    def test_a_destroy_takes_the_account_before_its_key_and_wandbs_identity_and_the_group_last(self) -> None:
        account, group = self.place("new key", "StorageAccount"), self.place("new key", "ResourceGroup")
        assert account < self.place("new key", "Key") < self.place("new key", "Vault") < group
        assert account < self.place("new key", "UserAssignedIdentity", "vision") < group
        assert account < self.place("new key", "UserAssignedIdentity", "vision-encryption")

    def test_a_destroy_takes_the_lock_before_the_roles_and_these_before_the_account(self) -> None:
        """Else Azure would refuse: below a lock nothing is deleted."""
        lock, account = self.place("locked", "ManagementLockByScope"), self.place("locked", "StorageAccount")
        for role in ("vision-storage-account-contributor-0", "vision-storage-blob-data-owner-0"):
            assert lock < self.place("locked", "RoleAssignment", role) < account


@pytest.mark.parametrize(("protection", "protected"), [(None, True), ("protected", True), ("unprotected", False)])
def test_the_identity_of_a_grant_is_protected_and_its_roles_are_not(protection: str | None, protected: bool) -> None:
    account = f"{GROUP}/Microsoft.Storage/storageAccounts/acmewandb"
    args = {**CLUSTER, "deployment": "dedicated", "level": "team", "account_id": account, "container_name": "wandb"}
    made = record(AzureGrant, {**args, "allow_account_wide": True, "protection": protection})
    assert made.one("UserAssignedIdentity").protect is protected
    for resource in made.resources:
        if resource.kind in GRANTS:
            assert (resource.protect, resource.retain_on_delete) == (False, None)
            # Roles on an account of others are taken away, and not forgotten.
            assert bool(resource.deleted_with) is (resource.kind == "FederatedIdentityCredential")
