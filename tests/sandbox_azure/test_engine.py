"""The stand-in provider under the real engine: stores with a customer's key and W&B's identity, from preview to destroy and up again."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from sandbox.clouds.azure.accounts import environment, provider_config
from sandbox.engine.install import install_plugins
from tests.engine.workbench import UNKNOWN, Workbench, installed_engine_exists
from tests.sandbox_azure.conftest import ROLES, Require, World

pytestmark = [pytest.mark.server, pytest.mark.engine, pytest.mark.xdist_group("azure")]

PROGRAM = """
import pulumi
import pulumi_azure_native as azure
from pulumi import ResourceOptions

config = pulumi.Config()
days, issuer = config.get_int("days") or 7, config.require("issuer")
client = azure.authorization.get_client_config()
role = lambda guid: f"/subscriptions/{client.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
group = azure.resources.ResourceGroup("vision")
where = {"resource_group_name": group.name}
vault = azure.keyvault.Vault("vault", **where, properties={
    "tenant_id": client.tenant_id, "sku": {"family": "A", "name": "standard"}, "enable_rbac_authorization": True,
    "enable_purge_protection": True, "soft_delete_retention_in_days": 7})
key = azure.keyvault.Key("key", **where, vault_name=vault.name, properties={
    "kty": "RSA", "key_size": 3072, "key_ops": ["wrapKey", "unwrapKey"],
    "rotation_policy": {"lifetime_actions": [{"action": {"type": "rotate"}, "trigger": {"time_after_create": "P90D"}}]}})
reader = azure.managedidentity.UserAssignedIdentity("reader", **where)
use = azure.authorization.RoleAssignment(
    "use", scope=key.id, principal_id=reader.principal_id, principal_type="ServicePrincipal", role_definition_id=role("%(use)s"))
account = azure.storage.StorageAccount(
    "store", **where, kind="StorageV2", sku={"name": "Standard_ZRS"}, allow_blob_public_access=False, minimum_tls_version="TLS1_2",
    allow_shared_key_access=False, tags={"team": "vision"}, key_policy={"key_expiration_period_in_days": 90},
    identity={"type": "UserAssigned", "user_assigned_identities": [reader.id]},
    encryption={"key_source": "Microsoft.Keyvault", "encryption_identity": {"encryption_user_assigned_identity": reader.id},
                "key_vault_properties": {"key_name": key.name, "key_vault_uri": vault.properties.vault_uri},
                "services": {"blob": {"enabled": True, "key_type": "Account"}}},
    opts=ResourceOptions(depends_on=[use]))
inside = {**where, "account_name": account.name}
service = azure.storage.BlobServiceProperties(
    "service", **inside, blob_services_name="default", is_versioning_enabled=True,
    delete_retention_policy={"enabled": True, "days": days}, container_delete_retention_policy={"enabled": True, "days": 30},
    cors={"cors_rules": [{"allowed_origins": ["*"], "allowed_methods": ["GET", "HEAD", "PUT"], "allowed_headers": ["*"],
                          "exposed_headers": ["*"], "max_age_in_seconds": 3000}]})
container = azure.storage.BlobContainer("data", **inside, public_access="None")
azure.storage.ManagementPolicy("cleanup", **inside, management_policy_name="default", policy={"rules": [{
    "name": "wandbOldVersions", "type": "Lifecycle", "enabled": True, "definition": {
        "filters": {"blob_types": ["blockBlob"], "prefix_match": ["data/"]},
        "actions": {"version": {"delete": {"days_after_creation_greater_than": 30}}}}}]})
connector = azure.managedidentity.UserAssignedIdentity("connector", **where)
before = []
for pod in ("wandb-app", "wandb-bucket-access"):
    before = [azure.managedidentity.FederatedIdentityCredential(
        pod, **where, resource_name_=connector.name, issuer=issuer, subject=f"system:serviceaccount:default:{pod}",
        audiences=["api://AzureADTokenExchange"], opts=ResourceOptions(depends_on=before))]
azure.authorization.RoleAssignment("data-of-connector", scope=account.id, principal_id=connector.principal_id,
                                   principal_type="ServicePrincipal", role_definition_id=role("%(data)s"))
if config.get_bool("locked"):
    azure.authorization.ManagementLockByScope("stays", scope=account.id, level="CanNotDelete", notes="team data")
if adopted := config.get("adopted"):
    azure.storage.StorageAccount("adopted", account_name=adopted, resource_group_name="made-by-hand", location="westeurope",
                                 kind="StorageV2", sku={"name": "Standard_ZRS"})
pulumi.export("account", account.name)
pulumi.export("id", account.id)
pulumi.export("client", connector.client_id)
pulumi.export("vault", vault.name)
pulumi.export("uri", key.key_uri)
pulumi.export("keys", pulumi.Output.secret(azure.storage.list_storage_account_keys_output(**inside).keys[0].value))
"""
ALL = {
    "ResourceGroup vision", "Vault vault", "Key key", "UserAssignedIdentity reader", "RoleAssignment use", "StorageAccount store",
    "BlobServiceProperties service", "BlobContainer data", "ManagementPolicy cleanup", "UserAssignedIdentity connector",
    "FederatedIdentityCredential wandb-app", "FederatedIdentityCredential wandb-bucket-access", "RoleAssignment data-of-connector",
}  # fmt: skip


@pytest.fixture
def bench(world: World, require: Require, tmp_path: Path) -> Workbench:
    require(installed_engine_exists(), "the Pulumi CLI, or Go to build it: run `make setup`")
    require(importlib.util.find_spec("pulumi_azure_native") is not None, "pulumi-azure-native in the environment")
    install_plugins()
    settings = provider_config(world.server, world.accounts.deployer)
    secret = settings.pop("clientSecret")
    config = {**{f"azure-native:{k}": v for k, v in settings.items()}, "demo:issuer": world.accounts.cluster.issuer}
    program = PROGRAM % {"use": ROLES["Key Vault Crypto Service Encryption User"], "data": ROLES["Storage Blob Data Contributor"]}  # fmt: skip
    made = Workbench(tmp_path / "bench", config, program=program, env=dict(environment(world.server)))
    made.set_secret("azure-native:clientSecret", secret)
    return made


def configured(bench: Workbench, **more: str) -> None:
    bench.configure({**bench.settings()["config"], **{f"demo:{k}": v for k, v in more.items()}})


def test_life(world: World, bench: Workbench) -> None:
    planned = bench.preview().ok()
    assert planned.ops() == dict.fromkeys(ALL, "create")
    assert planned.step("StorageAccount store").inputs["encryption"]["keyVaultProperties"] == {"keyName": UNKNOWN, "keyVaultUri": UNKNOWN}  # fmt: skip
    assert bench.up().ok().ops() == dict.fromkeys(ALL, "create")
    found = bench.outputs()
    account, id = found["account"], found["id"]
    assert account.startswith("store")
    assert len(account) == len("store") + 8
    body = world.done("GET", id)
    assert (body["location"], body["tags"], body["properties"]["allowSharedKeyAccess"]) == ("westeurope", {"team": "vision"}, False)  # fmt: skip
    assert body["properties"]["encryption"]["keyvaultproperties"]["keyname"] == "key"
    assert body["properties"]["keyPolicy"] == {"keyExpirationPeriodInDays": 90}

    # A pod of W&B's cluster acts as the identity that was made, and reads and writes; one with another name does not get in.
    pod = world.accounts.identity(found["client"])
    blob = world.blobs(id, pod).get_blob_client("data", "run/a")
    blob.upload_blob(b"data")
    assert blob.download_blob().readall() == b"data"
    from azure.core.exceptions import ClientAuthenticationError

    other = world.accounts.identity(found["client"], "system:serviceaccount:default:somebody-else")
    with pytest.raises(ClientAuthenticationError, match="AADSTS700213"):
        world.credential(other).get_token("https://storage.azure.com/.default")

    bench.preview("--expect-no-changes").ok()
    bench.refresh("--expect-no-changes").ok()
    state = json.dumps(bench.export())
    assert world.accounts.deployer.secret not in state
    assert found["keys"] not in state

    # Somebody changes it behind Pulumi's back; settings that the program does not speak of are left alone.
    world.done("PUT", f"{id}/blobServices/default", {"properties": {"isVersioningEnabled": False}})
    world.done("PATCH", id, {"properties": {"defaultToOAuthAuthentication": True}, "tags": {"team": "nobody"}})
    changed = bench.up("--refresh").ok()
    assert changed.ops()["BlobServiceProperties service"] == "update"
    assert changed.ops()["StorageAccount store"] == "update"
    assert world.done("GET", f"{id}/blobServices/default")["properties"]["isVersioningEnabled"] is True
    assert world.done("GET", id)["tags"] == {"team": "vision"}

    made = world.account()
    name = made.rsplit("/", 1)[-1]
    imported = {"resources": [{"type": "azure-native:storage:StorageAccount", "name": "adopted", "id": made}]}
    bench.import_file(imported).ok()
    configured(bench, adopted=name)
    bench.preview("--expect-no-changes").ok()
    configured(bench, days="14", locked="true")
    changed = bench.up().ok()
    assert changed.step("BlobServiceProperties service").differs == ("deleteRetentionPolicy",)
    assert changed.ops()["ManagementLockByScope stays"] == "create"

    # A locked account stays, and nothing on it is taken off; without the lock all goes but the vault's name.
    assert world.code("DELETE", id) == (409, "ScopeLocked")
    assert world.code("DELETE", f"{id}/managementPolicies/default") == (409, "ScopeLocked")
    configured(bench, locked="false")
    bench.up().ok()
    bench.destroy().ok()
    assert world.call("GET", id).status_code == 404
    gone = f"/subscriptions/{id.split('/')[2]}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/{found['vault']}"  # fmt: skip
    assert world.done("GET", gone)["properties"]["purgeProtectionEnabled"] is True
    assert bench.up().ok().ops() == dict.fromkeys([*ALL, "StorageAccount adopted"], "create")
    assert bench.outputs()["vault"] != found["vault"]
    bench.destroy().ok()
