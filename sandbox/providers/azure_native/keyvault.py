"""Key Vault: the vault and its keys."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from urllib.parse import quote

from sandbox.providers.azure_native.cloud import Azure
from sandbox.providers.azure_native.handler import ArmResource, filled
from sandbox.providers.azure_native.naming import Naming
from sandbox.providers.framework.contract import shape
from sandbox.providers.framework.resource import Props, Refused
from sandbox.providers.framework.wire import UNKNOWN

_VAULT = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}"  # fmt: skip
_VERSION = "2024-11-01"
_AUDIENCE = "https://vault.azure.net"
_VAULT_DEFAULTS = {"enableSoftDelete": True, "softDeleteRetentionInDays": 90, "publicNetworkAccess": "Enabled"}
_KEY_DEFAULTS = {"keySize": 2048, "attributes": {"enabled": True}}


def _lower(value: Props) -> Props:
    return {**value, "publicNetworkAccess": str(value.get("publicNetworkAccess", "Enabled")).capitalize()}


class Vault(ArmResource):
    token = "azure-native:keyvault:Vault"
    title = "Vault"
    path = _VAULT
    version = _VERSION
    bag = True
    carried_out = shape(
        "location properties{createMode enablePurgeProtection enableRbacAuthorization enableSoftDelete enabledForDeployment "
        "enabledForDiskEncryption enabledForTemplateDeployment networkAcls publicNetworkAccess sku softDeleteRetentionInDays tenantId} "
        "resourceGroupName tags vaultName"
    )
    cloud_decides = frozenset({"location"})
    replace_on = frozenset({"resourceGroupName", "vaultName"})
    computed = frozenset({"name", "type", "azureApiVersion"})
    equal = {"properties": lambda a, b: filled(_VAULT_DEFAULTS)(_lower(a), _lower(b))}
    auto_name = Naming("vaultName")

    def told(self, found: Props) -> Props:
        # Of `properties` the outputs say more than the inputs: the vault's address.
        return {**super().told(found), "properties": found["properties"]}

    def planned(self, cloud: Azure, new: Props) -> Props:
        """The address is known only when the vault is there."""
        return {**super().planned(cloud, new), "properties": UNKNOWN}


class Key(ArmResource):
    """A key. Resource Manager makes it and never changes it: an update has no effect, as with the real provider. It is deleted by the
    vault's own API, which takes a right on data."""

    token = "azure-native:keyvault:Key"
    title = "Key"
    path = f"{_VAULT}/keys/{{keyName}}"
    version = _VERSION
    bag = True
    carried_out = shape(
        "keyName properties{attributes{enabled expires} keyOps keySize kty rotationPolicy} resourceGroupName tags vaultName"
    )
    replace_on = frozenset({"keyName", "resourceGroupName", "vaultName"})
    read_only = frozenset({"attributes", "keyOps", "keySize", "keyUri", "keyUriWithVersion", "kty", "rotationPolicy"})
    computed = read_only | {"location", "name", "type", "azureApiVersion"}
    changing = frozenset({"attributes", "keyUriWithVersion"})
    equal = {"properties": filled(_KEY_DEFAULTS)}
    auto_name = Naming("keyName", way="copy")

    def said(self, found: Props) -> Props:
        shown = super().said(found)
        inside = shown["properties"]
        inside["attributes"] = {k: v for k, v in (inside.get("attributes") or {}).items() if k == "enabled"}
        return shown

    def told(self, found: Props) -> Props:
        return {**super().told(found), "location": found.get("location")}

    def delete(self, cloud: Azure, id: str, state: Props) -> None:
        vault, key = id.rsplit("/keys/", 1)
        try:
            address = cloud.call("GET", quote(vault), self.version)["properties"]["vaultUri"]
        except Exception as problem:
            if cloud.error_code(problem) in self.absent:
                return
            raise
        if not str(address).startswith("https://localhost:"):
            raise Refused("this stand-in never calls the real cloud")
        cloud.send("DELETE", f"{address}keys/{quote(key)}?api-version=7.4", _AUDIENCE)
