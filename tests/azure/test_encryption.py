"""Every combination of encryption, key and identity, settled before anything is registered; and Azure's right on a key."""

import itertools
from typing import Any

import pulumi
import pytest

from byob_components import azure
from byob_components.store import ByobRunError
from tests.mocks.azure import AzureMocks, record
from tests.mocks.monitor import run

KEY = "https://acme-keys.vault.azure.net/keys/wandb"
IDENTITY = (
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme/providers/Microsoft.ManagedIdentity/"
    "userAssignedIdentities/acme-encryption"
)
NODE = "55555555-5555-5555-5555-555555555555"
CLIENT = "77777777-7777-7777-7777-777777777777"
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "location": "westeurope",
    "principals": [NODE],
    "identity_client_id": CLIENT,
}
OWN = {"keyVaultUri": "https://visiona1b2c3d4.vault.azure.net", "keyName": "vision"}
THEIRS = {"keyVaultUri": "https://acme-keys.vault.azure.net", "keyName": "wandb"}
MISSING, EXTRA = "BYOB-AZURE-008", "BYOB-AZURE-010"

# (encryption, key given, identity given) -> codes of the faults, or what the account's encryption names
STORES: dict[tuple[str | None, bool, bool], Any] = {
    (None, False, False): None,
    (None, True, False): [EXTRA],
    (None, False, True): [EXTRA],
    (None, True, True): [EXTRA, EXTRA],
    ("new_key", False, False): OWN,
    ("new_key", True, False): [EXTRA],
    ("new_key", False, True): [EXTRA],
    ("new_key", True, True): [EXTRA, EXTRA],
    ("existing_key", False, False): [MISSING, MISSING],
    ("existing_key", True, False): [MISSING],
    ("existing_key", False, True): [MISSING],
    ("existing_key", True, True): THEIRS,
    ("provider_managed", False, False): None,
    ("provider_managed", True, False): [EXTRA],
    ("provider_managed", False, True): [EXTRA],
    ("provider_managed", True, True): [EXTRA, EXTRA],
}
CONTAINERS: dict[tuple[str | None, bool, bool], Any] = {
    **STORES,
    ("new_key", False, False): [MISSING, MISSING],
    ("new_key", True, False): [MISSING],
    ("new_key", False, True): [MISSING],
    ("new_key", True, True): THEIRS,
}
PLACE = {"location": "westeurope", "resource_group_name": "acme"}
COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], dict[str, Any], Any]] = {
    "AzureByob": (azure.AzureByob, STORE, STORES),
    "AzureContainer": (azure.AzureContainer, {**PLACE, "mode": "keyless"}, CONTAINERS),
}
CASES = [(name, *case) for name, (*_, table) in COMPONENTS.items() for case in table]


def arguments(name: str, encryption: str | None, with_key: bool, with_identity: bool, late: bool = False) -> Any:
    def given(value: str) -> Any:
        return pulumi.Output.from_input(value) if late else value

    chosen: dict[str, Any] = {} if encryption is None else {"encryption": encryption}
    if with_key:
        chosen["kms_key_id"] = given(KEY)
    if with_identity:
        chosen["kms_identity_id"] = given(IDENTITY)
    return {**COMPONENTS[name][1], **chosen}


def test_no_combination_is_without_a_row() -> None:
    both = [False, True]
    wanted = set(itertools.product([None, "new_key", "existing_key", "provider_managed"], both, both))
    assert set(STORES) == set(CONTAINERS) == wanted


@pytest.mark.parametrize(("name", "encryption", "with_key", "with_identity"), CASES)
def test_a_combination_is_carried_out_or_refused(
    name: str, encryption: str | None, with_key: bool, with_identity: bool
) -> None:
    cls, _, table = COMPONENTS[name]
    wanted = table[encryption, with_key, with_identity]
    args = arguments(name, encryption, with_key, with_identity)
    if isinstance(wanted, list):
        with pytest.raises(ByobRunError) as refused:
            record(cls, args)
        assert [fault.code for fault in refused.value.faults] == wanted
        return
    seen = record(cls, args)
    found = seen.one("StorageAccount").inputs
    assert found["encryption"].get("keyVaultProperties") == wanted
    assert found["encryption"]["keySource"] == ("Microsoft.Keyvault" if wanted else "Microsoft.Storage")
    assert ("identity" in found) is bool(wanted)
    assert ("AzureKey" in {r.kind for r in seen.resources}) is (wanted is OWN)
    if name == "AzureByob":
        assert seen.value("kms_key_id") == (f"{wanted['keyVaultUri']}/keys/{wanted['keyName']}" if wanted else "")


@pytest.mark.parametrize(("name", "encryption", "with_key", "with_identity"), [case for case in CASES if case[2]])
def test_a_key_that_is_not_known_yet_is_judged_the_same(
    name: str, encryption: str | None, with_key: bool, with_identity: bool
) -> None:
    cls, _, table = COMPONENTS[name]
    wanted = table[encryption, with_key, with_identity]

    def program() -> None:
        cls("vision", arguments(name, encryption, with_key, with_identity, late=True))  # type: ignore[call-arg]

    if isinstance(wanted, list):
        with pytest.raises(ByobRunError, match=wanted[0]):
            run(program, AzureMocks())
    else:
        run(program, AzureMocks())


@pytest.mark.parametrize("encryption", ["existing_key", "provider_managed"])
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("kms_vault_name", "acme-wandb"),
        ("kms_key_name", "vision"),
        ("kms_deletion_window_days", 30),
        ("kms_rotation_days", 90),
    ],
)
def test_arguments_of_a_new_key_are_refused_without_one(encryption: str, argument: str, value: Any) -> None:
    existing = encryption == "existing_key"
    given = arguments("AzureByob", encryption, existing, existing)
    with pytest.raises(ByobRunError) as refused:
        record(azure.AzureByob, {**given, argument: value})
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("BYOB-AZURE-009", argument)]


def test_azure_may_use_the_key_before_the_account_is_there_and_wandb_may_not() -> None:
    seen = record(azure.AzureByob, {**STORE, "encryption": "new_key"})
    (right,) = [r for r in seen.resources if r.kind == "RoleAssignment" and "/vaults/" in r.inputs["scope"]]
    assert right.inputs["scope"].endswith("/vaults/visiona1b2c3d4/keys/vision")
    assert right.inputs["roleDefinitionId"].endswith("/e147488a-f6f5-4113-8e2d-b22465e65bf6")
    assert right.inputs["principalId"] != NODE
    assert right.key in seen.one("AzureContainer").dependencies
    assert (right.protect, right.deleted_with) == (False, "azure-native:keyvault:Key::vision")


def test_the_identity_of_the_key_is_not_wandbs() -> None:
    issuer = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
    given = {**STORE, "principals": None, "identity_client_id": None, "oidc_issuer_url": issuer}
    seen = record(azure.AzureByob, {**given, "service_accounts": ["wandb-app"], "encryption": "new_key"})
    assert {r.name for r in seen.resources if r.kind == "UserAssignedIdentity"} == {"vision", "vision-encryption"}
    trusted = seen.one("FederatedIdentityCredential").inputs["resourceName"]
    held = seen.one("StorageAccount").inputs["identity"]["userAssignedIdentities"]
    assert trusted == "visiona1b2c3d4"
    assert [one.rpartition("/")[2] for one in held] == ["vision-encryptiona1b2c3d4"]


def test_no_key_of_kubernetes_or_of_the_data_plane_is_made() -> None:
    seen = record(azure.AzureKey, PLACE)
    assert {r.type for r in seen.resources if r.custom and not r.type.startswith("pulumi:")} == {
        "azure-native:keyvault:Vault",
        "azure-native:keyvault:Key",
        "azure-native:managedidentity:UserAssignedIdentity",
        "azure-native:authorization:RoleAssignment",
    }
    assert "accessPolicies" not in seen.one("Vault").inputs["properties"]
    assert "attributes" not in seen.one("Key").inputs["properties"]  # no expiry: the data would go with it
