"""The `azure-native` stand-in, put together."""

from sandbox.providers.azure_native import cloud, functions, keyvault, resources, storage
from sandbox.providers.framework.service import Plugin

RESOURCES = (
    resources.ResourceGroup(),
    storage.StorageAccount(),
    storage.BlobServiceProperties(),
    storage.BlobContainer(),
    storage.ManagementPolicy(),
    resources.UserAssignedIdentity(),
    resources.FederatedIdentityCredential(),
    resources.RoleAssignment(),
    resources.ManagementLock(),
    resources.DiagnosticSetting(),
    keyvault.Vault(),
    keyvault.Key(),
)

PLUGIN = Plugin(
    name="azure-native",
    sdk="pulumi_azure_native",
    resources=RESOURCES,
    functions=functions.FUNCTIONS,
    settings=cloud.SETTINGS,
    configure=cloud.configure,
)
