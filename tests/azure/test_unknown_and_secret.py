"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

from collections.abc import Mapping
from typing import Any

import pulumi_azure_native

from byob_components import azure
from tests.conformance.unknown_and_secret import Component, PassThroughContract, Row
from tests.mocks.azure import AzureMocks
from tests.mocks.monitor import plain, run

NODE = "55555555-5555-5555-5555-555555555555"
CLIENT = "77777777-7777-7777-7777-777777777777"
ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
KEY = "https://confidential-keys.vault.azure.net/keys/wandb"
THERE = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/confidential/providers"
ACCOUNT = f"{THERE}/Microsoft.Storage/storageAccounts/confidentialdata"
SELF = {
    "deployment": "self_managed",
    "level": "instance",
    "location": "westeurope",
    "resource_group_name": "acme",
    "principals": [],
    "access": "documented",
}
NEW = {"encryption": "new_key", "subscription_id": CLIENT}
EXISTING = {
    "encryption": "existing_key",
    "kms_key_id": KEY,
    "kms_identity_id": f"{THERE}/Microsoft.ManagedIdentity/userAssignedIdentities/confidential-encryption",
}
CLUSTER = {"principals": None, "oidc_issuer_url": ISSUER, "service_accounts": ["wandb-app"]}

VALUES: dict[str, Any] = {
    "location": "westeurope",
    "principals": [NODE],
    "identity_client_id": CLIENT,
    "identity_tenant_id": CLIENT,
    "oidc_issuer_url": ISSUER,
    "kubernetes_namespace": "confidential",
    "resource_group_name": "confidential-group",
    "subscription_id": CLIENT,
    "tenant_id": CLIENT,
    "tags": {"team": "confidential"},
    "kms_key_id": KEY,
    "kms_identity_id": EXISTING["kms_identity_id"],
    "kms_vault_name": "confidential-vault",
    "kms_key_name": "confidential-key",
    "account_name": "confidentialname",
    "container_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "access_log_workspace_id": f"{THERE}/Microsoft.OperationalInsights/workspaces/confidential-logs",
    "access_log_account_id": f"{THERE}/Microsoft.Storage/storageAccounts/confidentiallogs",
    "account_id": ACCOUNT,
}
"""A good value of every argument that is passed through."""

BY_NAME = {"storage_addresses", "handoffs", "server_env", "server_secrets"}
IN_GROUP = {
    f"{kind}.resourceGroupName"
    for kind in ("StorageAccount", "BlobServiceProperties", "BlobContainer", "ManagementPolicy")
}
IN_ACCOUNT = {f"{kind}.accountName" for kind in ("BlobServiceProperties", "BlobContainer", "ManagementPolicy")}
ROLE = "RoleAssignment.roleDefinitionId"
WHO = {"RoleAssignment.principalId", "RoleAssignment.roleAssignmentName"}
"""An assignment's name is made of scope, role and principal."""
ON = {"RoleAssignment.scope", "RoleAssignment.roleAssignmentName"}
STORE: dict[str, Row] = {
    "location": (
        NEW,
        {"StorageAccount.location", "Vault.location", "UserAssignedIdentity.location"},
        {"region", "handoffs"},
    ),
    "principals": ({}, WHO, {"principals", "handoffs"}),
    "identity_client_id": ({}, set(), {"managed_identity_client_id", "handoffs"}),
    "identity_tenant_id": ({}, set(), {"managed_identity_tenant_id", "handoffs"}),
    "oidc_issuer_url": (CLUSTER, {"FederatedIdentityCredential.issuer"}, {"handoffs"}),
    "kubernetes_namespace": (CLUSTER, {"FederatedIdentityCredential.subject"}, set()),
    "resource_group_name": ({}, IN_GROUP, set()),
    "subscription_id": ({"principals": [NODE]}, {ROLE}, set()),
    "tenant_id": (NEW, {"Vault.properties"}, set()),
    "tags": (NEW, {f"{kind}.tags" for kind in ("StorageAccount", "Vault", "Key", "UserAssignedIdentity")}, set()),
    "kms_key_id": (EXISTING, {"StorageAccount.encryption"}, {"kms_key_id"}),
    "kms_identity_id": (EXISTING, {"StorageAccount.encryption", "StorageAccount.identity"}, set()),
    "kms_vault_name": (NEW, {"Vault.vaultName", "Key.vaultName", "StorageAccount.encryption"}, {"kms_key_id"}),
    "kms_key_name": (NEW, {"Key.keyName", "StorageAccount.encryption"}, {"kms_key_id"}),
    "account_name": ({}, {"StorageAccount.accountName", *IN_ACCOUNT}, BY_NAME | {"account_name"}),
    "container_name": (
        {},
        {"BlobContainer.containerName", "ManagementPolicy.policy"},
        BY_NAME | {"bucket_name"},
    ),
    "cors_origins": ({}, {"BlobServiceProperties.cors"}, set()),
    "access_log_workspace_id": ({}, {"DiagnosticSetting.workspaceId"}, set()),
    "access_log_account_id": ({}, {"DiagnosticSetting.storageAccountId"}, set()),
}
CONTAINER: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "location": ({}, {"StorageAccount.location"}, {"region"}),
    "tags": ({}, {"StorageAccount.tags"}, set()),
    "account_name": ({}, {"StorageAccount.accountName", *IN_ACCOUNT}, {"account_name"}),
    "container_name": ({}, {"BlobContainer.containerName", "ManagementPolicy.policy"}, {"container_name"}),
}
KEYS: dict[str, Row] = {
    "location": ({}, {"Vault.location", "UserAssignedIdentity.location"}, set()),
    "resource_group_name": (
        {},
        {f"{kind}.resourceGroupName" for kind in ("Vault", "Key", "UserAssignedIdentity")},
        set(),
    ),
    "subscription_id": ({}, {ROLE}, set()),
    "tenant_id": ({}, {"Vault.properties"}, set()),
    "tags": ({}, {f"{kind}.tags" for kind in ("Vault", "Key", "UserAssignedIdentity")}, set()),
    "kms_vault_name": ({}, {"Vault.vaultName", "Key.vaultName"}, {"kms_key_id"}),
    "kms_key_name": ({}, {"Key.keyName"}, {"kms_key_id"}),
}
GRANT: dict[str, Row] = {
    "account_id": (
        CLUSTER,
        {
            *ON,
            ROLE,
            "UserAssignedIdentity.resourceGroupName",
            "FederatedIdentityCredential.resourceGroupName",
        },
        {"account_name"},
    ),
    "container_name": ({"access": "minimal"}, ON, {"container_name"}),
    "principals": ({}, WHO, {"principals"}),
    "identity_client_id": ({}, set(), {"managed_identity_client_id"}),
    "identity_tenant_id": ({}, set(), {"managed_identity_tenant_id"}),
    "oidc_issuer_url": (CLUSTER, {"FederatedIdentityCredential.issuer"}, set()),
    "kubernetes_namespace": (CLUSTER, {"FederatedIdentityCredential.subject"}, set()),
    "resource_group_name": (
        CLUSTER,
        {"UserAssignedIdentity.resourceGroupName", "FederatedIdentityCredential.resourceGroupName"},
        set(),
    ),
    "location": (CLUSTER, {"UserAssignedIdentity.location"}, set()),
    "tags": (CLUSTER, {"UserAssignedIdentity.tags"}, set()),
}
PLACE = {"location": "westeurope", "resource_group_name": "acme"}
COMPONENTS: dict[str, Component] = {
    "AzureByob": (azure.AzureByob, azure.AzureByobArgs, SELF, STORE),
    "AzureContainer": (
        azure.AzureContainer,
        azure.AzureContainerArgs,
        {**PLACE, "mode": "keyless"},
        CONTAINER,
    ),
    "AzureKey": (azure.AzureKey, azure.AzureKeyArgs, PLACE, KEYS),
    "AzureGrant": (
        azure.AzureGrant,
        azure.AzureGrantArgs,
        {
            "deployment": "self_managed",
            "level": "instance",
            "account_id": ACCOUNT.replace("confidential", "acme"),
            "container_name": "theirs",
            "principals": [NODE],
            "allow_account_wide": True,
        },
        GRANT,
    ),
}


class TestAzure(PassThroughContract):
    components = COMPONENTS
    values = VALUES
    mocks = AzureMocks
    inside = {"tags": ("team",)}  # noqa: RUF012
    always_secret = {"AzureByob": {"server_secrets"}}  # noqa: RUF012
    parts = frozenset({"AzureContainer"})
    bad = (azure.AzureKey, PLACE, "location", "confidential-location-1", "BYOB-AZURE-002")


def test_real_resources_outputs_can_be_passed() -> None:
    """The case all of this is for: the group, the log account and the server's identity made in the same program."""

    def program() -> Mapping[str, Any]:
        group = pulumi_azure_native.resources.ResourceGroup("acme", location="westeurope")
        server = pulumi_azure_native.managedidentity.UserAssignedIdentity("server", resource_group_name=group.name)
        args = {**SELF, "resource_group_name": group.name, "principals": [server.principal_id]}
        made = azure.AzureByob("vision", args)  # type: ignore[arg-type]
        return {"principals": made.principals}

    seen = run(program, AzureMocks())
    held = seen.one("StorageAccount", "vision")
    assert plain(held.inputs["resourceGroupName"]) == "acmea1b2c3d4"
    assert "azure-native:resources:ResourceGroup::acme" in held.dependencies
    assert seen.value("principals") == ["aaaaaaaa-0000-0000-0000-000000000663"]
    assert {r.name for r in seen.resources if r.kind == "RoleAssignment"} == {
        "vision-reader-0",
        "vision-storage-blob-data-contributor-0",
    }
