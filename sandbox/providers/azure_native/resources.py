"""Resource groups, identities, roles, locks and diagnostic settings."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from sandbox.providers.azure_native.handler import ArmResource, filled, same_place, same_text
from sandbox.providers.azure_native.naming import Naming
from sandbox.providers.framework.contract import shape
from sandbox.providers.framework.resource import Props

_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_IDENTITY = f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"


class ResourceGroup(ArmResource):
    token = "azure-native:resources:ResourceGroup"
    title = "Resource Group"
    path = _GROUP
    version = "2024-03-01"
    carried_out = shape("location resourceGroupName tags")
    cloud_decides = frozenset({"location"})
    replace_on = frozenset({"location", "resourceGroupName"})
    computed = frozenset({"name", "type", "azureApiVersion", "properties"})
    equal = {"location": same_place}
    auto_name = Naming("resourceGroupName")

    def told(self, found: Props) -> Props:
        return {**super().told(found), "properties": found.get("properties")}


class UserAssignedIdentity(ArmResource):
    token = "azure-native:managedidentity:UserAssignedIdentity"
    title = "User Assigned Identity"
    path = _IDENTITY
    version = "2023-01-31"
    carried_out = shape("location resourceGroupName resourceName tags")
    cloud_decides = frozenset({"location"})
    replace_on = frozenset({"location", "resourceGroupName", "resourceName"})
    read_only = frozenset({"clientId", "principalId", "tenantId"})
    computed = frozenset({"clientId", "principalId", "tenantId", "name", "type", "azureApiVersion"})
    equal = {"location": same_place}
    auto_name = Naming("resourceName")


class FederatedIdentityCredential(ArmResource):
    token = "azure-native:managedidentity:FederatedIdentityCredential"
    title = "Federated Identity Credential"
    path = f"{_IDENTITY}/federatedIdentityCredentials/{{federatedIdentityCredentialResourceName}}"
    version = "2023-01-31"
    carried_out = shape("audiences federatedIdentityCredentialResourceName issuer resourceGroupName resourceName subject")  # fmt: skip
    replace_on = frozenset({"federatedIdentityCredentialResourceName", "resourceGroupName", "resourceName"})
    computed = frozenset({"name", "type", "azureApiVersion"})
    auto_name = Naming("federatedIdentityCredentialResourceName", way="copy")


class RoleAssignment(ArmResource):
    token = "azure-native:authorization:RoleAssignment"
    title = "Role Assignment"
    path = "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"
    version = "2022-04-01"
    carried_out = shape("condition conditionVersion description principalId principalType roleAssignmentName roleDefinitionId scope")  # fmt: skip
    cloud_decides = frozenset({"principalType"})
    replace_on = frozenset({"principalId", "roleAssignmentName", "scope"})
    read_only = frozenset({"createdBy", "createdOn", "updatedBy", "updatedOn"})
    computed = frozenset({"createdBy", "createdOn", "updatedBy", "updatedOn", "name", "type", "azureApiVersion"})
    changing = frozenset({"updatedBy", "updatedOn"})
    equal = {"scope": lambda a, b: same_text(str(a).strip("/"), str(b).strip("/")), "principalId": same_text, "roleDefinitionId": lambda a, b: _guid(a) == _guid(b)}  # fmt: skip
    auto_name = Naming("roleAssignmentName", way="uuid")

    def said(self, found: Props) -> Props:
        return {name: value for name, value in super().said(found).items() if name != "scope"}


def _guid(id: object) -> str:
    """A role by its definition's last part: Azure answers with the subscription's own spelling of the id."""
    return str(id).rsplit("/", 1)[-1].lower()


class ManagementLock(ArmResource):
    token = "azure-native:authorization:ManagementLockByScope"
    title = "Management Lock"
    path = "/{scope}/providers/Microsoft.Authorization/locks/{lockName}"
    version = "2020-05-01"
    carried_out = shape("level lockName notes scope")
    replace_on = frozenset({"lockName", "scope"})
    computed = frozenset({"name", "type", "azureApiVersion"})
    equal = {"scope": lambda a, b: same_text(str(a).strip("/"), str(b).strip("/"))}
    auto_name = Naming("lockName", way="copy")


class DiagnosticSetting(ArmResource):
    token = "azure-native:monitor:DiagnosticSetting"
    title = "Diagnostic Setting"
    path = "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}"
    version = "2021-05-01-preview"
    carried_out = shape("logAnalyticsDestinationType logs metrics name resourceUri storageAccountId workspaceId")
    cloud_decides = frozenset({"logs", "metrics"})
    replace_on = frozenset({"name", "resourceUri"})
    computed = frozenset({"type", "azureApiVersion"})
    equal = {"resourceUri": lambda a, b: same_text(str(a).strip("/"), str(b).strip("/")), "logs": filled([]), "metrics": filled([])}  # fmt: skip
    auto_name = Naming("name", way="copy")
