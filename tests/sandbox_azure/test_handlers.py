"""The stand-in provider's resource types through their whole life on the local Azure, and what is special about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.clouds.azure.accounts import AUDIENCE, LOCATION, SUBSCRIPTION, SUBSCRIPTION_SCOPE, TENANT
from tests.sandbox.providers.caller import UNKNOWN, Caller, Refusal, Thing, changed
from tests.sandbox_azure.conftest import GROUP, ROLES, World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]

STORAGE = "azure-native:storage"
ACCOUNT, SERVICE, CONTAINER, POLICY = (f"{STORAGE}:{n}" for n in ("StorageAccount", "BlobServiceProperties", "BlobContainer", "ManagementPolicy"))  # fmt: skip
RESOURCE_GROUP = "azure-native:resources:ResourceGroup"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
TRUST = "azure-native:managedidentity:FederatedIdentityCredential"
ROLE, LOCK = "azure-native:authorization:RoleAssignment", "azure-native:authorization:ManagementLockByScope"
LOGS = "azure-native:monitor:DiagnosticSetting"
VAULT, KEY = "azure-native:keyvault:Vault", "azure-native:keyvault:Key"
IN = {"resourceGroupName": "made-by-hand"}
RULE = {"name": "old", "type": "Lifecycle", "definition": {"filters": {"blobTypes": ["blockBlob"]}, "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}}}  # fmt: skip
CORS = {"allowedOrigins": ["*"], "allowedMethods": ["GET"], "allowedHeaders": ["*"], "exposedHeaders": ["*"], "maxAgeInSeconds": 1}  # fmt: skip
VAULT_SAID = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True, "enablePurgeProtection": True}  # fmt: skip


@dataclass
class Life:
    """One type: what is asked for, then changed, and what must be seen in the cloud."""

    token: str
    inputs: Callable[[World], dict[str, Any]]
    change: dict[str, Any]
    look: Callable[[dict[str, Any]], Any]
    before: Any
    after: Any
    outputs: tuple[str, ...] = ()
    stays: bool = False
    imported: dict[str, Any] = field(default_factory=dict)


def inside(world: World) -> dict[str, str]:
    return {**IN, "accountName": world.account().rsplit("/", 1)[-1]}


def identity(world: World) -> dict[str, Any]:
    return world.done("PUT", f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{world.name('identity')}", {"location": LOCATION})  # fmt: skip


def vault(world: World) -> dict[str, Any]:
    return world.done("PUT", f"{GROUP}/providers/Microsoft.KeyVault/vaults/{world.name('vault')}", {"location": LOCATION, "properties": VAULT_SAID})  # fmt: skip


LIVES = {
    "group": Life(
        RESOURCE_GROUP, lambda w: {"location": "West Europe", "tags": {"a": "1"}}, {"tags": {"a": "2"}}, lambda b: (b["location"], b["tags"]),
        ("westeurope", {"a": "1"}), ("westeurope", {"a": "2"}),
    ),
    "account": Life(
        ACCOUNT,
        lambda w: {
            **IN, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "allowSharedKeyAccess": False, "enableHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_2",
            "allowBlobPublicAccess": False, "networkRuleSet": {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": [{"iPAddressOrRange": "192.0.2.0/24"}]},
            "encryption": {"keySource": "Microsoft.Storage", "services": {"blob": {"enabled": True, "keyType": "Account"}}}, "isHnsEnabled": False,
            "sasPolicy": {"sasExpirationPeriod": "1.00:00:00", "expirationAction": "Log"},
        },
        {"allowSharedKeyAccess": True, "tags": {"team": "vision"}, "networkRuleSet": {"defaultAction": "Allow"}},
        lambda b: (b["properties"]["allowSharedKeyAccess"], b["properties"]["supportsHttpsTrafficOnly"], b["properties"]["networkAcls"]["defaultAction"], b["tags"]),
        (False, True, "Deny", {}), (True, True, "Allow", {"team": "vision"}), ("primaryEndpoints", "creationTime", "name"),
    ),
    "service": Life(
        SERVICE, lambda w: {**inside(w), "blobServicesName": "default", "isVersioningEnabled": True, "deleteRetentionPolicy": {"enabled": True, "days": 7}, "cors": {"corsRules": [CORS]}},
        {"deleteRetentionPolicy": {"enabled": True, "days": 14}}, lambda b: (b["properties"]["isVersioningEnabled"], b["properties"]["deleteRetentionPolicy"]["days"]),
        (True, 7), (True, 14), ("sku",), stays=True,
    ),
    "container": Life(
        CONTAINER, lambda w: {**inside(w), "publicAccess": "None"}, {"metadata": {"team": "vision"}}, lambda b: b["properties"].get("metadata"), None, {"team": "vision"}, ("etag", "leaseState"),
    ),
    "policy": Life(
        POLICY, lambda w: {**inside(w), "managementPolicyName": "default", "policy": {"rules": [RULE]}}, {"policy": {"rules": [{**RULE, "enabled": False}]}},
        lambda b: b["properties"]["policy"]["rules"][0]["enabled"], True, False, ("lastModifiedTime",),
    ),
    "identity": Life(
        IDENTITY, lambda w: {**IN}, {"tags": {"a": "1"}}, lambda b: b["tags"], {}, {"a": "1"}, ("clientId", "principalId", "tenantId"),
    ),
    "trust": Life(
        TRUST, lambda w: {**IN, "resourceName": identity(w)["name"], "issuer": "https://issuer.example/", "subject": "one", "audiences": [AUDIENCE]}, {"subject": "two"},
        lambda b: b["properties"]["subject"], "one", "two",
    ),
    "role": Life(
        ROLE,
        lambda w: {
            "scope": w.account(), "principalId": w.accounts.stranger.object_id, "principalType": "ServicePrincipal", "description": "one",
            "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{ROLES['Reader']}",
        },
        {"description": "two"}, lambda b: b["properties"]["description"], "one", "two", ("createdOn", "updatedBy"),
    ),
    "lock": Life(LOCK, lambda w: {"scope": w.account(), "level": "CanNotDelete", "notes": "one"}, {"notes": "two"}, lambda b: b["properties"]["notes"], "one", "two"),
    "logs": Life(
        LOGS,
        lambda w: {"resourceUri": f"{w.account()}/blobServices/default", "storageAccountId": w.account(), "logs": [{"category": "StorageRead", "enabled": True}]},
        {"logs": [{"category": "StorageRead", "enabled": True}, {"category": "StorageWrite", "enabled": True}]}, lambda b: [one["category"] for one in b["properties"]["logs"]],
        ["StorageRead"], ["StorageRead", "StorageWrite"],
    ),
    "vault": Life(
        VAULT, lambda w: {**IN, "properties": {**VAULT_SAID, "softDeleteRetentionInDays": 7}}, {"properties": {**VAULT_SAID, "softDeleteRetentionInDays": 7, "publicNetworkAccess": "Disabled"}},
        lambda b: b["properties"]["publicNetworkAccess"], "Enabled", "Disabled",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIVES)
def test_life(world: World, caller: Caller, name: str) -> None:
    life = LIVES[name]
    inputs = life.inputs(world)
    logical = world.name(name)
    planned = caller.preview(life.token, logical, inputs)
    assert planned["azureApiVersion"]
    assert all(planned[output] == UNKNOWN for output in life.outputs)
    made = caller.create(life.token, logical, inputs)
    assert made.id.startswith("/")
    assert life.look(world.done("GET", made.id)) == life.before
    assert all(made.outputs[output] not in (None, UNKNOWN) for output in (*life.outputs, "name", "type"))
    assert changed(caller.diff(made, inputs)) == {}
    found = caller.read(made)
    assert found is not None
    assert changed(caller.diff(found, inputs)) == {}, "a refresh changes nothing"

    wanted = {**inputs, **life.change}
    assert set(changed(caller.diff(made, wanted))) == set(life.change)
    made = caller.update(made, wanted)
    assert life.look(world.done("GET", made.id)) == life.after
    again = caller.imported(life.token, made.id)
    assert again is not None
    named = {k: v for k, v in made.inputs.items() if k in again.inputs and k != "__defaults"}
    assert changed(caller.diff(again, {**named, **wanted})) == {}, "an import fits the program"

    if not life.stays:
        with pytest.raises(Refusal, match="cannot create already existing resource"):
            caller.create(life.token, logical, {**named, **wanted})
    caller.delete(made)
    assert (world.call("GET", made.id).status_code == 200) is life.stays
    caller.delete(made)
    if not life.stays:
        assert caller.read(made) is None


def test_a_key_is_made_deleted_by_the_vault_and_never_changed(world: World, caller: Caller) -> None:
    home = vault(world)
    said = {"kty": "RSA", "keySize": 3072, "keyOps": ["wrapKey", "unwrapKey"]}
    inputs = {**IN, "vaultName": home["name"], "properties": said}
    made = caller.create(KEY, "data", inputs)
    assert made.outputs["keyUri"] == f"{home['properties']['vaultUri']}keys/data"
    assert made.outputs["keyUriWithVersion"].startswith(f"{made.outputs['keyUri']}/")
    wanted = {**inputs, "properties": {**said, "attributes": {"enabled": False}}}
    assert changed(caller.diff(made, wanted)) == {"properties": "UPDATE"}
    after = caller.update(made, wanted)
    found = caller.read(after)
    assert found is not None
    assert found.inputs["properties"]["attributes"] == {"enabled": True}, "a refresh tells that nothing has happened"
    again = caller.imported(KEY, made.id)
    assert again is not None
    assert changed(caller.diff(again, inputs)) == {}
    caller.delete(made)
    assert caller.read(made) is None
    with pytest.raises(Refusal, match='Status=409 Code="Conflict" Message="Key data is currently in a deleted but recoverable state'):  # fmt: skip
        caller.create(KEY, "data", inputs)


@pytest.mark.parametrize(
    ("token", "property", "inputs", "form"),
    [
        (ACCOUNT, "accountName", {**IN, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}}, "visionabababab"),
        (RESOURCE_GROUP, "resourceGroupName", {}, "visionabababab"),
        (IDENTITY, "resourceName", IN, "visionabababab"),
        (VAULT, "vaultName", {**IN, "properties": VAULT_SAID}, "visionabababab"),
        (CONTAINER, "containerName", {**IN, "accountName": "a"}, "vision"),
        (KEY, "keyName", {**IN, "vaultName": "v", "properties": {}}, "vision"),
        (LOCK, "lockName", {"scope": "s", "level": "CanNotDelete"}, "vision"),
        (ROLE, "roleAssignmentName", {"scope": "s", "principalId": "p", "roleDefinitionId": "r"}, "abababab-abab-abab-abab-abababababab"),
    ],
)  # fmt: skip
def test_names(caller: Caller, token: str, property: str, inputs: dict[str, Any], form: str) -> None:
    filled, failures = caller.check(token, "vision", inputs)
    assert failures == {}
    assert filled[property] == form
    kept, _ = caller.check(token, "vision", inputs, {**inputs, property: "before"})
    assert kept[property] == "before"


@pytest.mark.parametrize(
    ("token", "inputs", "property", "reason"),
    [
        (ACCOUNT, {**IN, "kind": "StorageV2"}, "sku", "is required"),
        (ACCOUNT, {**IN, "kind": "StorageV2", "sku": {"name": "x"}, "allowSharedKeyAcces": True}, "allowSharedKeyAcces", "no such property; did you mean 'allowSharedKeyAccess'?"),
        (ACCOUNT, {**IN, "kind": "StorageV2", "sku": {"name": "x"}, "enableNfsV3": True}, "enableNfsV3", "a real property, but not carried out by this stand-in"),
        (CONTAINER, {**IN, "accountName": "a", "publicAccess": "all"}, "publicAccess", "must be one of Container, Blob, None"),
        (TRUST, {**IN, "resourceName": "i", "issuer": "i", "subject": "s"}, "audiences", "is required"),
    ],
)  # fmt: skip
def test_check(caller: Caller, token: str, inputs: dict[str, Any], property: str, reason: str) -> None:
    assert caller.check(token, "x", inputs)[1].get(property) == reason


@pytest.mark.parametrize(
    ("change", "replaced"),
    [
        ({"location": "West Europe"}, {}),
        ({"location": "northeurope"}, {"location": "UPDATE_REPLACE"}),
        ({"accountName": "another"}, {"accountName": "UPDATE_REPLACE"}),
        ({"isHnsEnabled": True}, {"isHnsEnabled": "ADD_REPLACE"}),
        ({"sku": {"name": "Standard_LRS"}}, {"sku": "UPDATE"}),
        ({"encryption": {"keySource": "Microsoft.Storage"}}, {}),
        ({"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/B", "/a"]}}, {}),
        ({"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a"]}}, {"identity": "UPDATE"}),
    ],
)
def test_what_replaces_an_account(caller: Caller, change: dict[str, Any], replaced: dict[str, str]) -> None:
    inputs = {
        **IN, "accountName": "one", "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "location": "westeurope",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a", "/b"]}, "encryption": {"keySource": "Microsoft.Storage", "services": {"blob": {"enabled": True}}},
    }  # fmt: skip
    thing = Thing(ACCOUNT, "r", "/x", inputs, inputs)
    assert changed(caller.diff(thing, {**inputs, **change})) == replaced


def test_a_role_is_replaced_for_another_person_and_refused_another_right(world: World, caller: Caller) -> None:
    inputs = LIVES["role"].inputs(world)
    made = caller.create(ROLE, "role", inputs)
    other = {**inputs, "principalId": world.accounts.wandb_other.object_id}
    assert changed(caller.diff(made, other)) == {"principalId": "UPDATE_REPLACE"}
    long = {**inputs, "roleDefinitionId": SUBSCRIPTION_SCOPE + inputs["roleDefinitionId"]}
    assert changed(caller.diff(made, long)) == {}, "the same role, spelled otherwise"
    more = {**inputs, "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{ROLES['Storage Blob Data Owner']}"}  # fmt: skip
    assert changed(caller.diff(made, more)) == {"roleDefinitionId": "UPDATE"}
    with pytest.raises(Refusal, match=r'updating Role Assignment .*: Status=400 Code="RoleAssignmentUpdateNotPermitted"'):  # fmt: skip
        caller.update(made, more)


def test_drift_is_seen_and_what_nobody_asked_for_is_left_alone(world: World, caller: Caller) -> None:
    inputs = {**LIVES["account"].inputs(world), "tags": {"team": "vision"}}
    made = caller.create(ACCOUNT, "drift", inputs)
    world.done("PATCH", made.id, {"tags": {"team": "x"}, "properties": {"allowSharedKeyAccess": True, "accessTier": "Cool"}})  # fmt: skip
    found = caller.read(made)
    assert found is not None
    assert changed(caller.diff(found, inputs)) == {"allowSharedKeyAccess": "UPDATE", "tags": "UPDATE"}
    caller.update(found, inputs)
    body = world.done("GET", made.id)
    assert (body["tags"], body["properties"]["allowSharedKeyAccess"], body["properties"]["accessTier"]) == ({"team": "vision"}, False, "Cool")  # fmt: skip
    world.done("DELETE", made.id)
    assert caller.read(found) is None


def test_locations_come_from_the_group_or_the_settings(world: World, caller: Caller) -> None:
    group = caller.create(RESOURCE_GROUP, "elsewhere", {"location": "northeurope"})
    made = caller.create(IDENTITY, "identity", {"resourceGroupName": group.outputs["resourceGroupName"]})
    assert made.outputs["location"] == "northeurope"
    plain = caller.create(RESOURCE_GROUP, "here", {})
    assert plain.outputs["location"] == LOCATION
    caller.delete(group)
    assert caller.read(made) is None, "it went with its group"


def test_functions(world: World, caller: Caller) -> None:
    found = caller.invoke("azure-native:authorization:getClientConfig", {})
    deployer = world.accounts.deployer
    assert found == {"clientId": deployer.client_id, "objectId": deployer.object_id, "subscriptionId": SUBSCRIPTION, "tenantId": TENANT}  # fmt: skip
    account = world.account()
    keys = caller.invoke("azure-native:storage:listStorageAccountKeys", {**IN, "accountName": account.rsplit("/", 1)[-1]})["keys"]  # fmt: skip
    assert [one["keyName"] for one in keys] == ["key1", "key2"]
    assert keys[0]["value"] == world.key(account)
    with pytest.raises(Refusal, match='Status=404 Code="ResourceNotFound"'):
        caller.invoke("azure-native:storage:listStorageAccountKeys", {**IN, "accountName": "nothere"})


def test_an_id_of_another_type_is_refused(caller: Caller) -> None:
    with pytest.raises(Refusal, match="is not of the form /subscriptions/"):
        caller.imported(ACCOUNT, "/subscriptions/x")
