"""Registered resources of Azure as those of Terraform's `azurerm`.

Pulumi's provider speaks Azure Resource Manager, whose templates Checkov reads too: its checks of the resources here are a
part of those it has for `azurerm`, without the ones for shared keys, signatures, soft delete, customer keys and logs. So each
property is translated. Where versions of `azurerm` spell it in different ways, the one that Checkov reads is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.mocks.monitor import Registered, plain
from tests.scanners.terraform_plan import Resource, address

_BLOB_SERVICE = "azure-native:storage:BlobServiceProperties"
TYPES = {
    "azure-native:resources:ResourceGroup": "azurerm_resource_group",
    "azure-native:storage:StorageAccount": "azurerm_storage_account",
    "azure-native:storage:BlobContainer": "azurerm_storage_container",
    "azure-native:storage:ManagementPolicy": "azurerm_storage_management_policy",
    "azure-native:keyvault:Vault": "azurerm_key_vault",
    "azure-native:keyvault:Key": "azurerm_key_vault_key",
    "azure-native:authorization:RoleAssignment": "azurerm_role_assignment",
    "azure-native:authorization:ManagementLockByScope": "azurerm_management_lock",
    "azure-native:managedidentity:UserAssignedIdentity": "azurerm_user_assigned_identity",
    "azure-native:managedidentity:FederatedIdentityCredential": "azurerm_federated_identity_credential",
    "azure-native:monitor:DiagnosticSetting": "azurerm_monitor_diagnostic_setting",
}
_RENAMED = {
    "ResourceGroup": {"resourceGroupName": "name"},
    "StorageAccount": {
        "accountName": "name",
        "kind": "account_kind",
        "accessTier": "access_tier",
        "enableHttpsTrafficOnly": "enable_https_traffic_only",
        "minimumTlsVersion": "min_tls_version",
        "allowBlobPublicAccess": "allow_nested_items_to_be_public",
        "allowCrossTenantReplication": "cross_tenant_replication_enabled",
        "allowSharedKeyAccess": "shared_access_key_enabled",
        "defaultToOAuthAuthentication": "default_to_oauth_authentication",
        "isLocalUserEnabled": "local_user_enabled",
    },
    "BlobContainer": {"accountName": "storage_account_name", "containerName": "name"},
    "ManagementPolicy": {"accountName": "storage_account_id"},
    "Vault": {
        "vaultName": "name",
        "tenantId": "tenant_id",
        "enableRbacAuthorization": "enable_rbac_authorization",
        "enableSoftDelete": "soft_delete_enabled",
        "enablePurgeProtection": "purge_protection_enabled",
        "softDeleteRetentionInDays": "soft_delete_retention_days",
        "enabledForDeployment": "enabled_for_deployment",
        "enabledForDiskEncryption": "enabled_for_disk_encryption",
        "enabledForTemplateDeployment": "enabled_for_template_deployment",
    },
    "Key": {
        "keyName": "name",
        "vaultName": "key_vault_id",
        "kty": "key_type",
        "keySize": "key_size",
        "keyOps": "key_opts",
    },
    "RoleAssignment": {
        "roleAssignmentName": "name",
        "roleDefinitionId": "role_definition_id",
        "scope": "scope",
        "principalId": "principal_id",
        "principalType": "principal_type",
        "description": "description",
    },
    "ManagementLockByScope": {"lockName": "name", "scope": "scope", "level": "lock_level", "notes": "notes"},
    "UserAssignedIdentity": {"resourceName": "name"},
    "FederatedIdentityCredential": {
        "federatedIdentityCredentialResourceName": "name",
        "resourceName": "parent_id",
        "issuer": "issuer",
        "subject": "subject",
        "audiences": "audience",
    },
    "DiagnosticSetting": {
        "resourceUri": "target_resource_id",
        "workspaceId": "log_analytics_workspace_id",
        "storageAccountId": "storage_account_id",
    },
}
_EVERYWHERE = {"resourceGroupName": "resource_group_name", "location": "location", "tags": "tags"}
_LEFT_OUT = {
    # `azurerm` has no such attribute.
    "StorageAccount": {"keyPolicy"},
    "BlobContainer": {"resourceGroupName"},
    "ManagementPolicy": {"managementPolicyName", "policy", "resourceGroupName"},  # and Checkov has no check of policies
    "Key": {"resourceGroupName"},
}
_RANDOM = {"StorageAccount", "Vault"}
"""Pulumi puts eight hexadecimal digits behind their logical names."""


def translate(resources: Iterable[Registered]) -> list[Resource]:
    """The same resources in the spelling of `azurerm`.

    Args:
        resources: Registrations; components are left out.

    Raises:
        KeyError: A type or a property that the scanner would not see.
    """
    made = [r for r in resources if r.custom and not r.type.startswith("pulumi:")]
    # `azurerm` has these settings inside the account.
    services = {
        held: _blob_service(plain(r.inputs))
        for r in made
        if r.type == _BLOB_SERVICE
        for held in r.property_dependencies["accountName"]
    }
    made = [r for r in made if r.type != _BLOB_SERVICE]
    addresses = {r.key: address(TYPES[r.type], r.name) for r in made}
    translated = []
    for r in made:
        values = _values(r)
        if r.key in services:
            values["blob_properties"] = [services[r.key]]
        references = {
            _attribute(r.kind, name): tuple(addresses[key] for key in sorted(keys) if key in addresses)
            for name, keys in r.property_dependencies.items()
        }
        translated.append(Resource(TYPES[r.type], r.name, values, references))
    return translated


def _attribute(kind: str, name: str) -> str:
    blocks = {"encryption": "customer_managed_key"}
    return {**_EVERYWHERE, **blocks, **_RENAMED[kind]}.get(name, name)


def _values(resource: Registered) -> dict[str, Any]:
    kind = resource.kind
    left = dict(plain(resource.inputs))
    left |= left.pop("properties", {})
    values: dict[str, Any] = {}
    for name, special in _SPECIAL.get(kind, {}).items():
        if name in left:
            values |= special(left.pop(name))
    for name, attribute in {**_EVERYWHERE, **_RENAMED[kind]}.items():
        if name in left and name not in _LEFT_OUT.get(kind, ()):
            values[attribute] = left.pop(name)
    if kind in _RANDOM:
        values.setdefault("name", f"{resource.name}0a1b2c3d")
    unknown = left.keys() - _LEFT_OUT.get(kind, set())
    if unknown:
        raise KeyError(f"{kind}: {', '.join(sorted(unknown))}")
    return values


def _network(access: str) -> dict[str, Any]:
    return {"public_network_access_enabled": access == "Enabled"}


def _sku(sku: Mapping[str, str]) -> dict[str, Any]:
    tier, _, replication = sku["name"].partition("_")
    return {"account_tier": tier, "account_replication_type": replication}


def _encryption(encryption: Mapping[str, Any]) -> dict[str, Any]:
    if encryption["keySource"] != "Microsoft.Keyvault":
        return {}
    key = encryption["keyVaultProperties"]
    identity = encryption["encryptionIdentity"]["encryptionUserAssignedIdentity"]
    key_id = f"{key['keyVaultUri']}/keys/{key['keyName']}"
    return {"customer_managed_key": [{"key_vault_key_id": key_id, "user_assigned_identity_id": identity}]}


def _identity(identity: Mapping[str, Any]) -> dict[str, Any]:
    return {"identity": [{"type": identity["type"], "identity_ids": identity["userAssignedIdentities"]}]}


def _public_access(access: str) -> dict[str, Any]:
    return {"container_access_type": {"None": "private", "Blob": "blob", "Container": "container"}[access]}


def _acls(acls: Mapping[str, str]) -> dict[str, Any]:
    return {"network_acls": [{"bypass": acls["bypass"], "default_action": acls["defaultAction"]}]}


def _rotation(policy: Mapping[str, Any]) -> dict[str, Any]:
    (action,) = policy["lifetimeActions"]
    return {"rotation_policy": [{"automatic": [{"time_after_creation": action["trigger"]["timeAfterCreate"]}]}]}


def _logs(logs: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {"enabled_log": [{"category": log["category"]} for log in logs if log["enabled"]]}


def _blob_service(inputs: Mapping[str, Any]) -> dict[str, Any]:
    left = {name: value for name, value in inputs.items() if name not in {"accountName", "resourceGroupName"}}
    assert left.pop("blobServicesName") == "default"
    made: dict[str, Any] = {"versioning_enabled": left.pop("isVersioningEnabled")}
    kept = {
        "deleteRetentionPolicy": "delete_retention_policy",
        "containerDeleteRetentionPolicy": "container_delete_retention_policy",
    }
    for name, block in kept.items():
        policy = left.pop(name)
        if policy["enabled"]:
            made[block] = [{"days": policy["days"]}]
    made["cors_rule"] = [
        {
            "allowed_origins": rule["allowedOrigins"],
            "allowed_methods": rule["allowedMethods"],
            "allowed_headers": rule["allowedHeaders"],
            "exposed_headers": rule["exposedHeaders"],
            "max_age_in_seconds": rule["maxAgeInSeconds"],
        }
        for rule in left.pop("cors")["corsRules"]
    ]
    if left:
        raise KeyError(f"BlobServiceProperties: {', '.join(sorted(left))}")
    return made


_SPECIAL: dict[str, dict[str, Callable[[Any], dict[str, Any]]]] = {
    "StorageAccount": {
        "sku": _sku,
        "encryption": _encryption,
        "identity": _identity,
        "publicNetworkAccess": _network,
    },
    "BlobContainer": {"publicAccess": _public_access},
    "Vault": {
        "sku": lambda sku: {"sku_name": sku["name"]},
        "networkAcls": _acls,
        "publicNetworkAccess": _network,
    },
    "Key": {"rotationPolicy": _rotation},
    "DiagnosticSetting": {"logs": _logs},
}
