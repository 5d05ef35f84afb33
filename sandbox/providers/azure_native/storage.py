"""Storage: the account, its blob service, its containers and its clean-up rules."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.azure_native.cloud import Azure
from sandbox.providers.azure_native.handler import ArmResource, filled, same_place
from sandbox.providers.azure_native.naming import Naming
from sandbox.providers.framework.contract import shape
from sandbox.providers.framework.resource import Props
from sandbox.providers.framework.wire import UNKNOWN

_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_ACCOUNT = f"{_GROUP}/providers/Microsoft.Storage/storageAccounts/{{accountName}}"
_VERSION = "2024-01-01"
_SERVICE = {"enabled": True, "keyType": "Account"}


class StorageAccount(ArmResource):
    token = "azure-native:storage:StorageAccount"
    title = "Storage Account"
    path = _ACCOUNT
    version = _VERSION
    carried_out = shape(
        "accessTier accountName allowBlobPublicAccess allowCrossTenantReplication allowSharedKeyAccess allowedCopyScope "
        "defaultToOAuthAuthentication enableHttpsTrafficOnly encryption{encryptionIdentity{encryptionUserAssignedIdentity} keySource "
        "keyVaultProperties{keyName keyVaultUri keyVersion} requireInfrastructureEncryption services{blob file queue table}} "
        "identity{type userAssignedIdentities} isHnsEnabled isLocalUserEnabled isSftpEnabled keyPolicy kind location minimumTlsVersion "
        "networkRuleSet publicNetworkAccess resourceGroupName sasPolicy sku tags"
    )
    renamed = {"enableHttpsTrafficOnly": "supportsHttpsTrafficOnly", "networkRuleSet": "networkAcls"}
    cloud_decides = frozenset(
        {
            "accessTier", "allowBlobPublicAccess", "allowCrossTenantReplication", "enableHttpsTrafficOnly", "encryption", "identity",
            "location", "minimumTlsVersion", "networkRuleSet", "publicNetworkAccess",
        }
    )  # fmt: skip
    replace_on = frozenset({"accountName", "isHnsEnabled", "location", "resourceGroupName"})
    read_only = frozenset({"creationTime", "keyCreationTime", "primaryEndpoints", "primaryLocation", "privateEndpointConnections", "provisioningState", "statusOfPrimary"})  # fmt: skip
    computed = read_only | {"name", "type", "azureApiVersion"}
    equal = {
        "encryption": filled({"keySource": "Microsoft.Storage", "services": {"blob": _SERVICE, "file": _SERVICE}}),
        "networkRuleSet": filled(
            {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [{"action": "Allow"}]}
        ),
        "location": same_place,
        "sku": lambda a, b: a.get("name") == b.get("name"),
        "identity": lambda a, b: _identity(a) == _identity(b),
        "sasPolicy": filled({"expirationAction": "Log"}),
    }
    auto_name = Naming("accountName")

    def body(self, cloud: Azure, new: Props) -> Props:
        found = super().body(cloud, new)
        inside = found["properties"]
        if "encryption" in inside:
            inside["encryption"] = _encryption_to_api(inside["encryption"])
        if "networkAcls" in inside:
            inside["networkAcls"] = _network(inside["networkAcls"], {"iPAddressOrRange": "value", "virtualNetworkResourceId": "id"})  # fmt: skip
        if mine := found.get("identity"):
            found["identity"] = {"type": mine["type"], **({"userAssignedIdentities": {id: {} for id in mine["userAssignedIdentities"]}} if mine.get("userAssignedIdentities") else {})}  # fmt: skip
        return found

    def said(self, found: Props) -> Props:
        shown = super().said(found)
        if shown.get("encryption"):
            shown["encryption"] = _encryption_from_api(shown["encryption"])
        if shown.get("networkRuleSet"):
            shown["networkRuleSet"] = _network(shown["networkRuleSet"], {"value": "iPAddressOrRange", "id": "virtualNetworkResourceId"})  # fmt: skip
        if mine := shown.get("identity"):
            shown["identity"] = {"type": mine["type"], "userAssignedIdentities": sorted(mine.get("userAssignedIdentities") or {})}  # fmt: skip
        shown["sku"] = {"name": shown["sku"]["name"]}
        return shown

    def told(self, found: Props) -> Props:
        # A list of ids goes in, a mapping with their principals comes out.
        return {**super().told(found), **({"identity": found["identity"]} if found.get("identity") else {})}

    def planned(self, cloud: Azure, new: Props) -> Props:
        """The identities' principals are Azure's to say."""
        return {**super().planned(cloud, new), **({"identity": UNKNOWN} if "identity" in new else {})}


def _identity(value: Props) -> tuple[str, tuple[str, ...]]:
    return str(value.get("type")), tuple(sorted(id.lower() for id in value.get("userAssignedIdentities") or []))


def _encryption_to_api(value: Props) -> Props:
    found = {k: v for k, v in value.items() if k not in ("keyVaultProperties", "encryptionIdentity")}
    if key := value.get("keyVaultProperties"):
        found["keyvaultproperties"] = {k.lower(): v for k, v in key.items()}
    if who := value.get("encryptionIdentity"):
        found["identity"] = {"userAssignedIdentity": who.get("encryptionUserAssignedIdentity")}
    return found


def _encryption_from_api(value: Props) -> Props:
    found = {k: v for k, v in value.items() if k not in ("keyvaultproperties", "identity")}
    if key := value.get("keyvaultproperties"):
        names = {"keyname": "keyName", "keyvaulturi": "keyVaultUri", "keyversion": "keyVersion"}
        found["keyVaultProperties"] = {names[k]: v for k, v in key.items() if k in names and v}
    if who := value.get("identity"):
        found["encryptionIdentity"] = {"encryptionUserAssignedIdentity": who.get("userAssignedIdentity")}
    return found


def _network(value: Props, names: dict[str, str]) -> Props:
    def one(rule: Any) -> Any:
        return {names.get(k, k): v for k, v in rule.items()} if isinstance(rule, dict) else rule

    return {k: [one(rule) for rule in v] if isinstance(v, list) else v for k, v in value.items()}


class BlobServiceProperties(ArmResource):
    token = "azure-native:storage:BlobServiceProperties"
    title = "Blob Service Properties"
    path = f"{_ACCOUNT}/blobServices/{{blobServicesName}}"
    version = _VERSION
    singleton = True
    carried_out = shape("accountName blobServicesName containerDeleteRetentionPolicy cors deleteRetentionPolicy isVersioningEnabled resourceGroupName")  # fmt: skip
    cloud_decides = frozenset({"containerDeleteRetentionPolicy", "cors", "deleteRetentionPolicy"})
    replace_on = frozenset({"accountName", "blobServicesName", "resourceGroupName"})
    computed = frozenset({"name", "type", "azureApiVersion", "sku"})
    equal = {name: filled({}) for name in ("containerDeleteRetentionPolicy", "cors", "deleteRetentionPolicy")}
    auto_name = Naming("blobServicesName", way="copy")

    def told(self, found: Props) -> Props:
        return {**super().told(found), "sku": found.get("sku")}


class BlobContainer(ArmResource):
    token = "azure-native:storage:BlobContainer"
    title = "Blob Container"
    path = f"{_ACCOUNT}/blobServices/default/containers/{{containerName}}"
    version = _VERSION
    carried_out = shape("accountName containerName metadata publicAccess resourceGroupName")
    cloud_decides = frozenset({"publicAccess"})
    replace_on = frozenset({"accountName", "containerName", "resourceGroupName"})
    read_only = frozenset({"deleted", "hasImmutabilityPolicy", "hasLegalHold", "lastModifiedTime", "leaseState", "leaseStatus", "remainingRetentionDays"})  # fmt: skip
    computed = read_only | {"etag", "name", "type", "azureApiVersion"}
    changing = frozenset({"etag", "lastModifiedTime"})
    auto_name = Naming("containerName", way="copy")

    def told(self, found: Props) -> Props:
        return {**super().told(found), "etag": found.get("etag")}


class ManagementPolicy(ArmResource):
    token = "azure-native:storage:ManagementPolicy"
    title = "Management Policy"
    path = f"{_ACCOUNT}/managementPolicies/{{managementPolicyName}}"
    version = _VERSION
    carried_out = shape("accountName managementPolicyName policy resourceGroupName")
    replace_on = frozenset({"accountName", "managementPolicyName", "resourceGroupName"})
    read_only = frozenset({"lastModifiedTime"})
    computed = frozenset({"lastModifiedTime", "name", "type", "azureApiVersion"})
    changing = frozenset({"lastModifiedTime"})
    equal = {"policy": filled({"rules": [{"enabled": True}]})}
    auto_name = Naming("managementPolicyName", way="copy")
