"""Vaults and keys: their rules, their own API by Microsoft's client, and the account that is encrypted with one."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.clouds.azure.accounts import LOCATION, SUBSCRIPTION_SCOPE, TENANT, Credentials
from tests.sandbox_azure.conftest import GROUP, World, refused

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]

VAULTS = f"{GROUP}/providers/Microsoft.KeyVault/vaults"
USE = "Key Vault Crypto Service Encryption User"
POLICY = {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}]}


def described(**change: Any) -> dict[str, Any]:
    said = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True, "enablePurgeProtection": True}  # fmt: skip
    return {"location": LOCATION, "properties": {**said, **change}}


def vault(world: World, **change: Any) -> dict[str, Any]:
    return world.done("PUT", f"{VAULTS}/{world.name('vault')}", described(**change))


def key(world: World, vault: dict[str, Any], **change: Any) -> dict[str, Any]:
    said = {"kty": "RSA", "keySize": 2048, "keyOps": ["wrapKey", "unwrapKey"], "rotationPolicy": POLICY, **change}
    return world.done("PUT", f"{vault['id']}/keys/data", {"properties": said})


def client(world: World, vault: dict[str, Any], who: Credentials) -> Any:
    """Microsoft's own client of keys."""
    from azure.keyvault.keys import KeyClient

    return KeyClient(vault["properties"]["vaultUri"], world.credential(who), connection_verify=str(world.server.ca_bundle), verify_challenge_resource=False)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "status", "code"),
    [
        ("1vault", {}, 400, "VaultNameNotValid"),
        ("two--hyphens", {}, 400, "VaultNameNotValid"),
        ("v" * 25, {}, 400, "VaultNameNotValid"),
        ("", {"tenantId": "somebody-else"}, 400, "BadRequest"),
        ("", {"sku": {"family": "A", "name": "gold"}}, 400, "BadRequest"),
        ("", {"enableRbacAuthorization": False}, 501, "NotImplemented"),
        ("", {"enablePurgeProtection": False}, 400, "BadRequest"),
        ("", {"softDeleteRetentionInDays": 6}, 400, "BadRequest"),
        ("", {"enableSoftDelete": False}, 400, "BadRequest"),
    ],
)
def test_bad_vaults(world: World, name: str, change: dict[str, Any], status: int, code: str) -> None:
    assert world.code("PUT", f"{VAULTS}/{name or world.name('vault')}", described(**change)) == (status, code)


def test_a_deleted_vault_keeps_its_name_and_its_keys(world: World) -> None:
    made = vault(world)
    key(world, made)
    assert world.code("PUT", made["id"], described(softDeleteRetentionInDays=30)) == (400, "BadRequest")
    world.done("DELETE", made["id"])
    assert world.code("GET", made["id"]) == (404, "ResourceNotFound")
    assert world.code("PUT", made["id"], described()) == (409, "ConflictError")
    deleted = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.KeyVault/locations/{LOCATION}/deletedVaults/{made['name']}"
    assert world.done("GET", deleted)["properties"]["vaultId"] == made["id"]
    every = world.done("GET", f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.KeyVault/deletedVaults")["value"]
    assert [one["id"] for one in every if one["properties"]["vaultId"] == made["id"]] == [deleted]
    assert world.code("POST", f"{deleted}/purge") == (400, "BadRequest"), "purge protection"
    world.done("PUT", made["id"], described(createMode="recover"))
    assert world.done("GET", f"{made['id']}/keys/data")["properties"]["kty"] == "RSA"
    unprotected = world.done("PUT", f"{VAULTS}/{world.name('vault')}", {"location": LOCATION, "properties": {k: v for k, v in described()["properties"].items() if k != "enablePurgeProtection"}})  # fmt: skip
    world.done("DELETE", unprotected["id"])
    world.done("POST", f"{deleted.rsplit('/', 1)[0]}/{unprotected['name']}/purge")
    world.done("PUT", unprotected["id"], described())


def test_resource_manager_makes_a_key_and_never_changes_it(world: World) -> None:
    made = vault(world)
    first = key(world, made)
    uri = f"{made['properties']['vaultUri']}keys/data"
    assert first["properties"]["keyUri"] == uri
    assert first["properties"]["rotationPolicy"] == POLICY
    again = key(world, made, keySize=4096, rotationPolicy=None)
    assert again["properties"] == first["properties"]
    assert world.code("PUT", f"{made['id']}/keys/ec", {"properties": {"kty": "EC"}}) == (400, "BadRequest")
    assert world.code("PUT", f"{made['id']}/keys/hsm", {"properties": {"kty": "RSA-HSM"}}) == (400, "BadRequest")
    bad = {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "90 days"}}]}
    assert world.code("PUT", f"{made['id']}/keys/bad", {"properties": {"kty": "RSA", "rotationPolicy": bad}}) == (400, "BadRequest")  # fmt: skip


def test_the_vaults_own_api(world: World) -> None:
    made = vault(world)
    key(world, made)
    keys = client(world, made, world.accounts.deployer)
    found = keys.get_key("data")
    assert (found.name, found.key_type, len(found.key.n)) == ("data", "RSA", 256)
    rotated = keys.rotate_key("data")
    assert rotated.properties.version != found.properties.version
    assert len(list(keys.list_properties_of_key_versions("data"))) == 2
    assert keys.update_key_properties("data", enabled=False).properties.enabled is False
    assert keys.get_key_rotation_policy("data").lifetime_actions[0].time_after_create == "P90D"
    assert refused(lambda: client(world, made, world.accounts.stranger).get_key("data"))[0] == 403
    gone = keys.begin_delete_key("data").result()
    assert gone.recovery_id == f"{made['properties']['vaultUri']}deletedkeys/data"
    assert world.code("GET", f"{made['id']}/keys/data")[0] == 404
    assert world.code("PUT", f"{made['id']}/keys/data", {"properties": {"kty": "RSA"}}) == (409, "Conflict")
    assert refused(lambda: keys.purge_deleted_key("data"))[0] == 403
    assert keys.begin_recover_deleted_key("data").result().name == "data"
    keys.close()
    shut = vault(world, networkAcls={"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": []})
    key(world, shut)
    keys = client(world, shut, world.accounts.deployer)
    assert refused(lambda: keys.get_key("data"))[0] == 403, "the vault's network rules"
    keys.close()


def encrypted(vault: dict[str, Any], identity: str) -> dict[str, Any]:
    key = {"keyvaulturi": vault["properties"]["vaultUri"], "keyname": "data"}
    encryption = {"keySource": "Microsoft.Keyvault", "keyvaultproperties": key, "identity": {"userAssignedIdentity": identity}}  # fmt: skip
    return {
        "location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "properties": {"encryption": encryption},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
    }  # fmt: skip


def test_a_customers_key_from_the_right_on_it_to_its_end(world: World) -> None:
    shut = {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [{"value": "127.0.0.0/8"}]}
    made = vault(world, networkAcls=shut)
    identity = world.done("PUT", f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{world.name('reader')}", {"location": LOCATION})  # fmt: skip
    person = identity["properties"]["principalId"]
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{world.name()}"
    body = encrypted(made, identity["id"])
    assert world.grant(made["id"], "Reader", person).status_code == 201
    assert world.code("PUT", account, body) == (403, "KeyVaultAuthenticationFailure")
    grant = world.grant(made["id"], USE, person).json()["id"]
    assert world.code("PUT", account, body) == (403, "KeyVaultEncryptionKeyNotFound")
    key(world, made)
    assert world.code("PUT", account, {**body, "identity": None}) == (400, "InvalidValuesForRequestParameters")
    world.done("PUT", account, body)
    world.done("PUT", f"{account}/blobServices/default/containers/data", {})
    blob = world.blobs(account, world.key(account)).get_blob_client("data", "a")
    blob.upload_blob(b"a")

    keys = client(world, made, world.accounts.deployer)
    keys.rotate_key("data")
    assert blob.download_blob().readall() == b"a"
    keys.update_key_properties("data", enabled=False)
    assert refused(lambda: blob.download_blob()) == (403, "KeyVaultEncryptionKeyNotFound")
    assert refused(lambda: blob.upload_blob(b"b", overwrite=True)) == (403, "KeyVaultEncryptionKeyNotFound")
    assert world.call("GET", account).status_code == 200, "the account itself stays"
    keys.update_key_properties("data", enabled=True)
    assert blob.download_blob().readall() == b"a"
    world.done("DELETE", grant)
    assert refused(lambda: blob.download_blob()) == (403, "KeyVaultAuthenticationFailure")
    assert world.grant(f"{made['id']}/keys/data", USE, person).status_code == 201
    assert blob.download_blob().readall() == b"a"
    keys.begin_delete_key("data").result()
    assert refused(lambda: blob.download_blob()) == (403, "KeyVaultEncryptionKeyNotFound")
    keys.close()


def test_a_vault_that_can_be_purged_is_no_home_for_a_key_of_data(world: World) -> None:
    said = {k: v for k, v in described()["properties"].items() if k != "enablePurgeProtection"}
    made = world.done("PUT", f"{VAULTS}/{world.name('vault')}", {"location": LOCATION, "properties": said})
    key(world, made)
    identity = world.done("PUT", f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{world.name('reader')}", {"location": LOCATION})  # fmt: skip
    assert world.grant(made["id"], USE, identity["properties"]["principalId"]).status_code == 201
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{world.name()}"
    assert world.code("PUT", account, encrypted(made, identity["id"])) == (400, "KeyVaultPolicyError")
