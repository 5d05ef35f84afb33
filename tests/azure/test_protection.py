"""Protected, unprotected, released, locked: the options of every child, and what a removal would do with them."""

import functools
from typing import Any

import pytest

from byob_components.azure import AzureByob, AzureGrant
from tests.mocks.azure import record
from tests.mocks.deletion import all_needs, batches, reaches_cloud
from tests.mocks.monitor import Registered, Run

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
DATA = {
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
GRANTS = {"RoleAssignment", "FederatedIdentityCredential", "ManagementLockByScope"}
COMPONENTS = {"AzureByob", "AzureKey", "AzureContainer"}


@functools.cache
def store(name: str, protection: str | None = None) -> Run:
    more = {} if protection is None else {"protection": protection}
    return record(AzureByob, {**BASE, **STORES[name], **more})


def children(run: Run) -> list[Registered]:
    return [r for r in run.resources if not r.type.startswith("pulumi:")]


def place(run: Run, kind: str, name: str = "vision") -> int:
    """The batch in which a resource is deleted."""
    return next(
        i for i, batch in enumerate(batches(children(run))) if (kind, name) in {(r.kind, r.name) for r in batch}
    )


@pytest.mark.parametrize("name", STORES)
def test_protected_is_what_describes_data_keys_and_identity_and_nothing_else(name: str) -> None:
    for resource in children(store(name)):
        assert resource.kind in DATA | GRANTS | COMPONENTS
        assert resource.protect is (resource.kind in DATA), resource.key


@pytest.mark.parametrize("name", STORES)
def test_a_removal_stops_before_anything_is_touched_or_forgotten(name: str) -> None:
    """Azure's provider makes nothing that is there already, so that what the state forgot would not come back by itself."""
    first = batches(children(store(name)))[0]
    assert first
    assert all(r.protect for r in first), [r.key for r in first]


@pytest.mark.parametrize("name", STORES)
def test_a_removal_touches_nothing_even_when_the_engine_goes_on_after_errors(name: str) -> None:
    made = children(store(name))
    spared = {key for r in made if r.protect for key in all_needs(r, made)}
    for resource in made:
        touched = not resource.protect and reaches_cloud(resource, made) and resource.key not in spared
        assert not touched, resource.key


@pytest.mark.parametrize("name", STORES)
def test_a_removal_that_is_refused_at_the_account_leaves_key_and_identity_known(name: str) -> None:
    made = children(store(name))
    (account,) = [r for r in made if r.kind == "StorageAccount"]
    before = {r.key for r in made if r.kind in ("Vault", "Key", "UserAssignedIdentity", "FederatedIdentityCredential")}
    assert before <= all_needs(account, made)


@pytest.mark.parametrize("name", STORES)
def test_unprotected_is_everything(name: str) -> None:
    assert not [r.key for r in children(store(name, "unprotected")) if r.protect]


# kind -> with what it goes, in a destroy; "" means that it is deleted itself
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


@pytest.mark.parametrize("name", STORES)
def test_what_a_destroy_leaves_to_account_key_and_identity(name: str) -> None:
    for resource in children(store(name, "unprotected")):
        wanted = GOES_WITH.get(resource.kind, "")
        if resource.parent.startswith("wandb-byob:index:AzureKey") and resource.kind == "RoleAssignment":
            wanted = "azure-native:keyvault:Key::vision"
        assert resource.deleted_with == wanted, resource.key
        assert resource.retain_on_delete is None


def test_a_destroy_takes_the_account_before_its_key_and_wandbs_identity_and_the_group_last() -> None:
    made = store("new key", "unprotected")
    account = place(made, "StorageAccount")
    assert account < place(made, "Key") < place(made, "Vault") < place(made, "ResourceGroup")
    assert account < place(made, "UserAssignedIdentity") < place(made, "ResourceGroup")
    assert account < place(made, "UserAssignedIdentity", "vision-encryption")


def test_a_destroy_takes_the_lock_before_the_roles_and_these_before_the_account() -> None:
    """Else Azure would refuse: below a lock nothing is deleted."""
    made = store("locked", "unprotected")
    lock, account = place(made, "ManagementLockByScope"), place(made, "StorageAccount")
    for role in ("vision-storage-account-contributor-0", "vision-storage-blob-data-owner-0"):
        assert lock < place(made, "RoleAssignment", role) < account


@pytest.mark.parametrize("name", STORES)
def test_released_changes_nothing_and_deletes_nothing(name: str) -> None:
    for resource in children(store(name, "released")):
        if resource.custom:
            assert (resource.protect, resource.retain_on_delete, resource.ignore_changes) == (False, True, ("*",))


@pytest.mark.parametrize("protection", ["protected", "unprotected"])
def test_nothing_is_ignored_otherwise(protection: str) -> None:
    for name in STORES:
        assert not [r.key for r in children(store(name, protection)) if r.ignore_changes]


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("protection", ["unprotected", "released"])
def test_names_and_inputs_do_not_depend_on_protection(name: str, protection: str) -> None:
    """Else releasing a store would first change it."""

    def inputs(run: Run) -> dict[str, Any]:
        return {r.key: r.inputs for r in children(run)}

    assert inputs(store(name, protection)) == inputs(store(name))


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
