"""How each Azure resource rule judges each of its types: expected verdicts, written down."""

from __future__ import annotations

from typing import Any

from byob_components.policies.tree import UNKNOWN
from tests.policies.rows import Row

ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"
SERVICE = "azure-native:storage:BlobServiceProperties"
LIFECYCLE = "azure-native:storage:ManagementPolicy"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
VAULT, KEY = "azure-native:keyvault:Vault", "azure-native:keyvault:Key"
SCOPE = "/subscriptions/1/resourceGroups/acme/providers/Microsoft.Storage/storageAccounts/acme"
CORS = {
    "allowedMethods": ["GET", "HEAD", "PUT"],
    "allowedOrigins": ["https://wandb.example.com"],
    "allowedHeaders": ["*"],
    "exposedHeaders": ["*"],
}
IN_VAULT = {"keySource": "Microsoft.Keyvault", "keyVaultProperties": {"keyName": "wandb", "keyVaultUri": "https://v"}, "encryptionIdentity": {"encryptionUserAssignedIdentity": "/id"}}  # fmt: skip
PURGE = {"enablePurgeProtection": True, "enableSoftDelete": True, "softDeleteRetentionInDays": 90}


def assignment(role: str, scope: Any = SCOPE, principal: str = "5") -> dict[str, Any]:
    """A role assignment, by the name of the role's definition."""
    return {
        "scope": scope,
        "principalId": principal,
        "roleDefinitionId": f"/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/{role}",
    }


def lifecycle(enabled: Any = True, **actions: Any) -> dict[str, Any]:
    """Lifecycle rules with one rule."""
    return {"policy": {"rules": [{"name": "one", "enabled": enabled, "definition": {"actions": actions}}]}}


def kept(name: str, **more: Any) -> dict[str, Any]:
    """A retention of deleted things."""
    return {name: {"enabled": True, "days": 7, **more}}


def federated(**changes: Any) -> dict[str, Any]:
    """Whose tokens an identity takes."""
    good = {
        "issuer": "https://oidc.example.com/1",
        "subject": "system:serviceaccount:default:wandb-app",
        "audiences": ["api://AzureADTokenExchange"],
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def vault(default: Any, bypass: str = "", public: str = "Enabled") -> dict[str, Any]:
    """The network of a vault."""
    rules = {"defaultAction": default, **({"bypass": bypass} if bypass else {})}
    return {"properties": {"publicNetworkAccess": public, "networkAcls": rules}}


def rotation(after: Any = None, before: Any = None, action: str = "Rotate") -> dict[str, Any]:
    """A key with one action in its rotation policy."""
    trigger = {name: value for name, value in (("timeAfterCreate", after), ("timeBeforeExpiry", before)) if value}
    return {"properties": {"rotationPolicy": {"lifetimeActions": [{"action": {"type": action}, "trigger": trigger}]}}}


FEDERATION = "azure-native:managedidentity:FederatedIdentityCredential"
ON_KEY = "/subscriptions/1/resourceGroups/acme/providers/Microsoft.KeyVault/vaults/acme/keys/vision"
ENCRYPTS = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
CONTRIBUTOR, OWNER = "17d1049b-9a84-46fb-8f53-869881c3d3ab", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
DATA_OWNER = "B7E6DC6D-F1E8-4753-8033-0F276BB0955B"
BLOBS, CONTAINERS = "deleteRetentionPolicy", "containerDeleteRetentionPolicy"
ROWS: list[tuple[str, Row]] = [
    ("byob-azure-account-https", Row(ACCOUNT, ({}, {"enableHttpsTrafficOnly": True}), (({"enableHttpsTrafficOnly": False}, "enableHttpsTrafficOnly"),), ({"enableHttpsTrafficOnly": UNKNOWN},))),
    ("byob-azure-account-tls-version", Row(ACCOUNT, ({"minimumTlsVersion": "TLS1_2"}, {"minimumTlsVersion": "TLS1_3"}), (({}, "minimumTlsVersion"), ({"minimumTlsVersion": "TLS1_0"}, "minimumTlsVersion"), ({"minimumTlsVersion": "TLS1_1"}, "minimumTlsVersion")), ({"minimumTlsVersion": UNKNOWN},))),
    ("byob-azure-public-access", Row(ACCOUNT, ({"allowBlobPublicAccess": False},), (({"allowBlobPublicAccess": True}, "allowBlobPublicAccess"), ({}, "allowBlobPublicAccess")), ({"allowBlobPublicAccess": UNKNOWN},))),
    ("byob-azure-public-access", Row(CONTAINER, ({}, {"publicAccess": "None"}), (({"publicAccess": "Blob"}, "publicAccess"), ({"publicAccess": "Container"}, "publicAccess")), ({"publicAccess": UNKNOWN},))),
    ("byob-azure-account-cross-tenant", Row(ACCOUNT, ({"allowCrossTenantReplication": False},), (({"allowCrossTenantReplication": True}, "allowCrossTenantReplication"), ({}, "allowCrossTenantReplication")), ({"allowCrossTenantReplication": UNKNOWN},))),
    ("byob-azure-account-encryption", Row(ACCOUNT,
        ({"encryption": IN_VAULT}, {"encryption": {**IN_VAULT, "keyVaultProperties": {"keyName": UNKNOWN, "keyVaultUri": UNKNOWN}}}, {"encryption": {k: v for k, v in IN_VAULT.items() if k != "encryptionIdentity"}, "identity": {"type": "SystemAssigned, UserAssigned"}}),
        (({"encryption": {**IN_VAULT, "keyVaultProperties": {"keyVaultUri": "https://v"}}}, "keyName"), ({"encryption": {**IN_VAULT, "keyVaultProperties": {"keyName": "k"}}}, "keyVaultUri"), ({"encryption": {k: v for k, v in IN_VAULT.items() if k != "encryptionIdentity"}}, "encryptionUserAssignedIdentity")),
        ({"encryption": UNKNOWN},), ({}, {"encryption": {"keySource": "Microsoft.Storage"}}))),
    ("byob-azure-protect", Row(ACCOUNT, (), (({}, "protect"),), protect=False)),
    ("byob-azure-protect", Row(CONTAINER, ({},), ())),
    ("byob-azure-immutability", Row(CONTAINER, ({}, {"immutableStorageWithVersioning": {"enabled": False}}), (({"immutableStorageWithVersioning": {"enabled": True}}, "immutableStorageWithVersioning.enabled"),), ({"immutableStorageWithVersioning": UNKNOWN},))),
    ("byob-azure-immutability", Row(ACCOUNT, ({},), (({"immutableStorageWithVersioning": {"enabled": True}}, "immutableStorageWithVersioning.enabled"),))),
    ("byob-azure-immutability", Row("azure-native:storage:BlobContainerImmutabilityPolicy", (), (({"immutabilityPeriodSinceCreationInDays": 1}, "immutabilityPeriodSinceCreationInDays"),))),
    ("byob-azure-account-shared-key", Row(ACCOUNT, ({"allowSharedKeyAccess": False, "isLocalUserEnabled": False},), (({"allowSharedKeyAccess": False, "isLocalUserEnabled": True}, "isLocalUserEnabled"), ({"allowSharedKeyAccess": False}, "isLocalUserEnabled"), ({"allowSharedKeyAccess": True}, "allowSharedKeyAccess"), ({}, "allowSharedKeyAccess")), ({"allowSharedKeyAccess": UNKNOWN},))),
    ("byob-azure-account-network", Row(ACCOUNT, ({}, {"publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Allow"}}), (({"publicNetworkAccess": "Disabled"}, "publicNetworkAccess"), ({"networkRuleSet": {"defaultAction": "Deny"}}, "networkRuleSet.defaultAction")), ({"networkRuleSet": UNKNOWN},))),
    ("byob-azure-blob-versioning", Row(SERVICE, ({"isVersioningEnabled": True},), (({"isVersioningEnabled": False}, "isVersioningEnabled"), ({}, "isVersioningEnabled")), ({"isVersioningEnabled": UNKNOWN},))),
    ("byob-azure-blob-soft-delete", Row(SERVICE, (kept(BLOBS),), ((kept(BLOBS, days=6), f"{BLOBS}.days"), (kept(BLOBS, enabled=False), f"{BLOBS}.enabled"), (kept(BLOBS, allowPermanentDelete=True), "allowPermanentDelete"), ({}, f"{BLOBS}.enabled")), (kept(BLOBS, days=UNKNOWN),))),
    ("byob-azure-container-soft-delete", Row(SERVICE, (kept(CONTAINERS),), ((kept(CONTAINERS, days=1), f"{CONTAINERS}.days"), ({}, f"{CONTAINERS}.enabled")), ({CONTAINERS: UNKNOWN},))),
    ("byob-azure-cors", Row(SERVICE,
        ({"cors": {"corsRules": [CORS]}}, {"cors": {"corsRules": [{**CORS, "exposedHeaders": ["ETag"]}]}}),
        (({}, "cors.corsRules"), ({"cors": {"corsRules": [{**CORS, "allowedMethods": ["GET"]}]}}, "cors.corsRules"), ({"cors": {"corsRules": [{**CORS, "exposedHeaders": []}]}}, "cors.corsRules"), ({"cors": {"corsRules": [{**CORS, "allowedHeaders": ["x"]}]}}, "cors.corsRules")),
        ({"cors": UNKNOWN}, {"cors": {"corsRules": [{**CORS, "allowedMethods": UNKNOWN}]}}))),
    ("byob-azure-cors-origins", Row(SERVICE, ({"cors": {"corsRules": [CORS]}}, {}), (({"cors": {"corsRules": [{**CORS, "allowedOrigins": ["*"]}]}}, "allowedOrigins[0]"),), ({"cors": {"corsRules": [{**CORS, "allowedOrigins": [UNKNOWN]}]}},))),
    ("byob-azure-expiry", Row(LIFECYCLE, (lifecycle(version={"delete": {"daysAfterCreationGreaterThan": 30}}), lifecycle(baseBlob={"tierToCool": {}}), lifecycle(False, baseBlob={"delete": {}})), ((lifecycle(baseBlob={"delete": {"daysAfterModificationGreaterThan": 365}}), "baseBlob.delete"), (lifecycle(baseBlob={"tierToArchive": {"daysAfterModificationGreaterThan": 90}}), "baseBlob.tierToArchive")), ({"policy": UNKNOWN}, lifecycle(baseBlob=UNKNOWN)))),
    ("byob-azure-noncurrent-days", Row(LIFECYCLE, (lifecycle(version={"delete": {"daysAfterCreationGreaterThan": 7}}), lifecycle()), ((lifecycle(version={"delete": {"daysAfterCreationGreaterThan": 6}}), "daysAfterCreationGreaterThan"),), (lifecycle(version=UNKNOWN),))),
    ("byob-azure-grant-width", Row(ASSIGNMENT, (assignment(CONTRIBUTOR), assignment(DATA_OWNER), assignment("acdd72a7-3385-48ef-bd42-f606fba81ae7", f"{SCOPE}/blobServices/default/containers/c")), ((assignment(OWNER), "roleDefinitionId"), (assignment(OWNER, SCOPE.lower()), "roleDefinitionId"), (assignment("99999999-0000-0000-0000-000000000000"), "roleDefinitionId")), (assignment(CONTRIBUTOR, UNKNOWN),), (assignment(OWNER, "/subscriptions/1"), assignment(OWNER, principal="admin")), changes={"principals": ("adm*",)})),
    ("byob-azure-grant-width", Row(ASSIGNMENT, (assignment(CONTRIBUTOR), assignment(ENCRYPTS, ON_KEY)), ((assignment(CONTRIBUTOR, "/subscriptions/1/resourceGroups/acme"), "scope"), (assignment(ENCRYPTS, ON_KEY.rpartition("/keys/")[0]), "scope"), (assignment(OWNER, ON_KEY), "roleDefinitionId")), (assignment(CONTRIBUTOR, UNKNOWN),), below="wandb-byob:index:AzureByob")),
    ("byob-azure-federation", Row(FEDERATION, (federated(), federated(audiences=["api://AzureADTokenExchangeUSGov"])), ((federated(issuer="http://oidc.example.com"), "issuer"), (federated(issuer=None), "issuer"), (federated(subject="repo:acme/wandb"), "subject"), (federated(subject="system:serviceaccount:default:*"), "subject"), (federated(subject="system:serviceaccount:default"), "subject"), (federated(audiences=[]), "audiences"), (federated(audiences=["api://AzureADTokenExchange", "sts.amazonaws.com"]), "audiences")), (federated(subject=UNKNOWN), federated(audiences=[UNKNOWN])), below="wandb-byob:index:AzureByob")),
    ("byob-azure-federation", Row(FEDERATION, (), (), spared=(federated(subject="repo:acme/wandb"),))),
    ("byob-azure-account-contributor", Row(ASSIGNMENT, (assignment(DATA_OWNER),), ((assignment(CONTRIBUTOR), "roleDefinitionId"),), (assignment(CONTRIBUTOR, UNKNOWN),), (assignment(CONTRIBUTOR, "/subscriptions/1"),))),
    ("byob-azure-vault-purge-protection", Row(VAULT, ({"properties": PURGE}, {"properties": {"enablePurgeProtection": True}}), (({"properties": {**PURGE, "enablePurgeProtection": False}}, "enablePurgeProtection"), ({"properties": {**PURGE, "enableSoftDelete": False}}, "enableSoftDelete"), ({"properties": {**PURGE, "softDeleteRetentionInDays": 7}}, "softDeleteRetentionInDays"), ({}, "enablePurgeProtection")), ({"properties": UNKNOWN},))),
    ("byob-azure-vault-rbac", Row(VAULT, ({"properties": {"enableRbacAuthorization": True, "enabledForDiskEncryption": False}},), (({"properties": {}}, "enableRbacAuthorization"), *(({"properties": {"enableRbacAuthorization": True, name: True}}, name) for name in ("enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment"))), ({"properties": UNKNOWN},))),
    ("byob-azure-vault-network", Row(VAULT, (vault("Deny"), vault("Deny", "AzureServices"), vault("Allow", public="Disabled")), ((vault("Allow"), "networkAcls.defaultAction"), ({}, "networkAcls.defaultAction"), (vault("Deny", "None"), "networkAcls.bypass")), ({"properties": UNKNOWN}, vault(UNKNOWN)))),
    ("byob-azure-key-rotation", Row(KEY, (rotation("P90D"), rotation("P365D"), rotation("P1Y"), rotation("P6M"), rotation("P2W"), rotation(before="P30D")), ((rotation("P366D"), "lifetimeActions"), (rotation("P10Y"), "lifetimeActions"), (rotation("soon"), "lifetimeActions"), (rotation("P"), "lifetimeActions"), (rotation(), "lifetimeActions"), (rotation("P90D", action="notify"), "lifetimeActions"), ({}, "lifetimeActions")), ({"properties": UNKNOWN}, rotation(UNKNOWN)))),
    ("byob-azure-key-enabled", Row(KEY, ({}, {"properties": {"attributes": {"enabled": True}}}), (({"properties": {"attributes": {"enabled": False}}}, "attributes.enabled"), ({"properties": {"attributes": {"exp": 1900000000}}}, "attributes.exp")), ({"properties": {"attributes": UNKNOWN}},))),
    ("byob-azure-key-protect", Row(VAULT, (), (({}, "protect"),), protect=False)),
    ("byob-azure-key-protect", Row(KEY, ({},), ())),
]  # fmt: skip
