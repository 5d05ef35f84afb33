"""The resource types of the azure-native provider that the rules look at, and Azure's built-in roles."""

from __future__ import annotations

from byob_components.policies.view import Resource, Settings, Stack

ACCOUNT = ("azure-native:storage:StorageAccount",)
SERVICE = ("azure-native:storage:BlobServiceProperties",)
CONTAINER = ("azure-native:storage:BlobContainer",)
LIFECYCLE = ("azure-native:storage:ManagementPolicy",)
IMMUTABILITY = ("azure-native:storage:BlobContainerImmutabilityPolicy",)
ASSIGNMENT = ("azure-native:authorization:RoleAssignment",)
FEDERATION = ("azure-native:managedidentity:FederatedIdentityCredential",)
DIAGNOSTICS = ("azure-native:monitor:DiagnosticSetting",)
VAULT = ("azure-native:keyvault:Vault",)
KEY = ("azure-native:keyvault:Key",)
ROLES: dict[str, str] = {
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Storage Account Contributor": "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Delegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
    "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
}
"""Built-in role to the name of its definition, the same in every tenant (Azure's list of built-in roles)."""

KEY_ROLE = ROLES["Key Vault Crypto Service Encryption User"]
ON_VAULT = "/providers/microsoft.keyvault/vaults/"


def of_account(stack: Stack, account: Resource, types: tuple[str, ...]) -> Settings:
    """The settings of some types that belong to an account.

    Args:
        stack: The stack.
        account: The storage account.
        types: Of the settings.
    """
    return stack.settings(account, types, "accountName", ACCOUNT, "accountName")


def role_of(definition: str) -> str:
    """The name of a role's definition, which ends its id.

    Args:
        definition: The id.
    """
    return definition.rpartition("/")[2].lower()
