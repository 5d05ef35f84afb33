"""What each argument of a whole store, of its key, of its container and of a grant changes among the registered inputs."""

import uuid
from collections.abc import Mapping
from typing import Any

NODE = "55555555-5555-5555-5555-555555555555"
OTHER = "66666666-6666-6666-6666-666666666666"
CLIENT = "77777777-7777-7777-7777-777777777777"
ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
OTHER_ISSUER = "https://westeurope.oic.prod-aks.azure.com/9999-abcd/5678-ef01/"
KEY = "https://acme-keys.vault.azure.net/keys/wandb"
SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"
THERE = f"{SUBSCRIPTION}/resourceGroups/acme/providers"
ENCRYPTION = f"{THERE}/Microsoft.ManagedIdentity/userAssignedIdentities/acme-encryption"
LOGS = f"{THERE}/Microsoft.Storage/storageAccounts/acmelogs"
WORKSPACE = f"{THERE}/Microsoft.OperationalInsights/workspaces/acme-logs"
ACCOUNT = f"{THERE}/Microsoft.Storage/storageAccounts/visiona1b2c3d4"
PLACE = {"location": "westeurope", "resource_group_name": "acme"}
CONTAINER = {**PLACE, "mode": "keyless", "principals": [NODE]}
STORE = {
    **PLACE,
    "deployment": "dedicated",
    "level": "team",
    "oidc_issuer_url": ISSUER,
    "service_accounts": ["wandb-app"],
    "encryption": "new_key",
}
HELD, SERVICE = "StorageAccount", "BlobServiceProperties"
READER, DATA = "RoleAssignment#vision-reader-eec458d3", "RoleAssignment#vision-storage-blob-data-contributor-eec458d3"
CONTRIBUTOR, OWNER = (
    "RoleAssignment#vision-storage-account-contributor-0",
    "RoleAssignment#vision-storage-blob-data-owner-0",
)
FEDERATED = "FederatedIdentityCredential"
RULES = "ManagementPolicy.policy.rules"
ENCRYPTED = f"{HELD}.encryption"
SERVICES = {name: {"enabled": True, "keyType": "Account"} for name in ("blob", "file")}
IDS = {
    "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Storage Account Contributor": "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Delegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
}

Change = dict[str, Any]
EMPTY: Change = {}


class _Guid:
    """Equal to every assignment's name, which is tested by itself."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and uuid.UUID(other).version == 5

    __hash__ = None  # type: ignore[assignment]


ANY = _Guid()


def assigned(role: str, who: str = NODE, scope: str = ACCOUNT) -> Change:
    return {
        "scope": scope,
        "principalId": who,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{IDS[role]}",
        "roleAssignmentName": ANY,
        "description": "wandb-byob:store: byob/test/vision",
    }


def moved(role: str, scope: str) -> Change:
    """What another scope changes of an assignment: its name too."""
    return {f"{role}.scope": scope, f"{role}.roleAssignmentName": ANY}


def subscribed(roles: Mapping[str, str]) -> Change:
    """What another subscription, CLIENT, changes of assignments: not their names."""
    begin = f"/subscriptions/{CLIENT}/providers/Microsoft.Authorization/roleDefinitions"
    return {f"{assignment}.roleDefinitionId": f"{begin}/{IDS[role]}" for assignment, role in roles.items()}


def rule(name: str, prefix: str, actions: Change) -> Change:
    filters = {"blobTypes": ["blockBlob"], "prefixMatch": [prefix]}
    return {
        "name": name,
        "type": "Lifecycle",
        "enabled": True,
        "definition": {"filters": filters, "actions": actions},
    }


def diagnostics(**where: str) -> Change:
    logs = [{"category": f"Storage{what}", "enabled": True} for what in ("Read", "Write", "Delete")]
    return {"DiagnosticSetting": {"resourceUri": f"{ACCOUNT}/blobServices/default", "logs": logs, **where}}


TAGS = {"tags": {"team": "vision"}}
MOVED = ACCOUNT.replace("visiona1b2c3d4", "acmevision")
OF_ACCOUNT: dict[str, tuple[dict[str, Any], Change]] = {
    "redundancy": ({"redundancy": "RAGZRS"}, {f"{HELD}.sku.name": "Standard_RAGZRS"}),
    "cors_origins": (
        {"cors_origins": ["https://wandb.example.com"]},
        {f"{SERVICE}.cors.corsRules[0].allowedOrigins": ["https://wandb.example.com"]},
    ),
    "cors_max_age_seconds": ({"cors_max_age_seconds": 60}, {f"{SERVICE}.cors.corsRules[0].maxAgeInSeconds": 60}),
    "soft_delete_days": ({"soft_delete_days": 365}, {f"{SERVICE}.deleteRetentionPolicy.days": 365}),
    "container_soft_delete_days": (
        {"container_soft_delete_days": 7},
        {f"{SERVICE}.containerDeleteRetentionPolicy.days": 7},
    ),
    "noncurrent_days": (
        {"noncurrent_days": 90},
        {f"{RULES}[0].definition.actions.version.delete.daysAfterCreationGreaterThan": 90},
    ),
    "lifecycle_rules": (
        {"lifecycle_rules": [{"prefix": "old/", "transition_days": 90, "access_tier": "cold", "noncurrent_days": 5}]},
        {
            f"{RULES}[1]": rule(
                "own0",
                "vision/old/",
                {
                    "baseBlob": {"tierToCold": {"daysAfterModificationGreaterThan": 90}},
                    "version": {"delete": {"daysAfterCreationGreaterThan": 5}},
                },
            )
        },
    ),
    "allow_data_expiry": (
        {
            "allow_data_expiry": True,
            "lifecycle_rules": [{"transition_days": 30, "access_tier": "cool", "expiration_days": 400}],
        },
        {
            f"{RULES}[1]": rule(
                "own0",
                "vision/",
                {
                    "baseBlob": {
                        "delete": {"daysAfterModificationGreaterThan": 400},
                        "tierToCool": {"daysAfterModificationGreaterThan": 30},
                    }
                },
            )
        },
    ),
    "access_log_workspace_id": ({"access_log_workspace_id": WORKSPACE}, diagnostics(workspaceId=WORKSPACE)),
    "access_log_account_id": ({"access_log_account_id": LOGS}, diagnostics(storageAccountId=LOGS)),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "lock": (
        {"lock": True},
        {
            "ManagementLockByScope": {
                "scope": ACCOUNT,
                "level": "CanNotDelete",
                "notes": "W&B storage: a team's storage can never change",
            }
        },
    ),
    "container_name": (
        {"container_name": "runs"},
        {"BlobContainer.containerName": "runs", f"{RULES}[0].definition.filters.prefixMatch": ["runs/"]},
    ),
}


def named(*roles: str) -> Change:
    """What the account's name changes."""
    return {
        f"{HELD}.accountName": "acmevision",
        **{f"{kind}.accountName": "acmevision" for kind in (SERVICE, "BlobContainer", "ManagementPolicy")},
        **{place: value for role in roles for place, value in moved(role, MOVED).items()},
    }


def grouped(*kinds: str) -> Change:
    """What the resource group changes."""
    return {
        f"{kind}.resourceGroupName": "other" for kind in (HELD, SERVICE, "BlobContainer", "ManagementPolicy", *kinds)
    }


OTHER_GROUP = ACCOUNT.replace("/acme/", "/other/")
MINIMAL: Change = {
    READER: assigned("Reader"),
    "RoleAssignment#vision-storage-blob-delegator-eec458d3": assigned("Storage Blob Delegator"),
    DATA: assigned("Storage Blob Data Contributor", scope=f"{ACCOUNT}/blobServices/default/containers/vision"),
}
CONTAINER_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    **OF_ACCOUNT,
    "location": ({"location": "North Europe"}, {f"{HELD}.location": "northeurope"}),
    "resource_group_name": (
        {"resource_group_name": "other"},
        {**grouped(), **moved(READER, OTHER_GROUP), **moved(DATA, OTHER_GROUP)},
    ),
    "mode": (
        {"mode": "team_connector"},
        {
            READER: None,
            DATA: None,
            "RoleAssignment#vision-storage-account-contributor-eec458d3": assigned("Storage Account Contributor"),
            "RoleAssignment#vision-storage-blob-data-owner-eec458d3": assigned("Storage Blob Data Owner"),
            f"{HELD}.allowSharedKeyAccess": True,
            f"{HELD}.keyPolicy": {"keyExpirationPeriodInDays": 90},
        },
    ),
    "principals": (
        {"principals": [NODE, OTHER]},
        {
            "RoleAssignment#vision-reader-02c15bde": assigned("Reader", OTHER),
            "RoleAssignment#vision-storage-blob-data-contributor-02c15bde": assigned(
                "Storage Blob Data Contributor", OTHER
            ),
        },
    ),
    "access": ({"access": "minimal"}, MINIMAL),
    "suspended": ({"suspended": True}, EMPTY),
    "subscription_id": (
        {"subscription_id": CLIENT},
        subscribed({READER: "Reader", DATA: "Storage Blob Data Contributor"}),
    ),
    "tags": (TAGS, {f"{HELD}.tags.team": "vision"}),
    "encryption": (
        {"encryption": "existing_key", "kms_key_id": KEY, "kms_identity_id": ENCRYPTION},
        {
            f"{HELD}.identity": {"type": "UserAssigned", "userAssignedIdentities": [ENCRYPTION]},
            ENCRYPTED: {
                "keySource": "Microsoft.Keyvault",
                "services": SERVICES,
                "encryptionIdentity": {"encryptionUserAssignedIdentity": ENCRYPTION},
                "keyVaultProperties": {"keyVaultUri": "https://acme-keys.vault.azure.net", "keyName": "wandb"},
            },
        },
    ),
    "account_name": ({"account_name": "acmevision"}, named(READER, DATA)),
    "other_containers": ({"other_containers": True, "access": "minimal"}, MINIMAL),
    "allow_account_wide": ({"other_containers": True, "allow_account_wide": True}, EMPTY),
    "account_key_expiry_days": (
        {"mode": "access_key", "principals": None, "account_key_expiry_days": 30},
        {
            READER: None,
            DATA: None,
            f"{HELD}.allowSharedKeyAccess": True,
            f"{HELD}.keyPolicy": {"keyExpirationPeriodInDays": 30},
        },
    ),
}
CONTAINER_CHANGES["kms_key_id"] = CONTAINER_CHANGES["kms_identity_id"] = CONTAINER_CHANGES["encryption"]

FOR_KEY = "UserAssignedIdentity#vision-encryption"
USER = "RoleAssignment#vision-key-vault-crypto-service-encryption-user-encryption"
VAULT = f"{THERE}/Microsoft.KeyVault/vaults/visiona1b2c3d4/keys/vision"
KEY_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "location": ({"location": "northeurope"}, {"Vault.location": "northeurope", f"{FOR_KEY}.location": "northeurope"}),
    "resource_group_name": (
        {"resource_group_name": "other"},
        {
            **{f"{kind}.resourceGroupName": "other" for kind in ("Vault", "Key", FOR_KEY)},
            **moved(USER, VAULT.replace("/acme/", "/other/")),
        },
    ),
    "subscription_id": ({"subscription_id": CLIENT}, subscribed({USER: "Key Vault Crypto Service Encryption User"})),
    "tenant_id": ({"tenant_id": CLIENT}, {"Vault.properties.tenantId": CLIENT}),
    "tags": (TAGS, {f"{kind}.tags.team": "vision" for kind in ("Vault", "Key", FOR_KEY)}),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "kms_vault_name": (
        {"kms_vault_name": "acme-wandb"},
        {
            "Vault.vaultName": "acme-wandb",
            "Key.vaultName": "acme-wandb",
            **moved(USER, VAULT.replace("visiona1b2c3d4", "acme-wandb")),
        },
    ),
    "kms_key_name": (
        {"kms_key_name": "store"},
        {"Key.keyName": "store", **moved(USER, VAULT.replace("keys/vision", "keys/store"))},
    ),
    "kms_deletion_window_days": (
        {"kms_deletion_window_days": 7},
        {"Vault.properties.softDeleteRetentionInDays": 7},
    ),
    "kms_rotation_days": (
        {"kms_rotation_days": 365},
        {"Key.properties.rotationPolicy.lifetimeActions[0].trigger.timeAfterCreate": "P365D"},
    ),
}
