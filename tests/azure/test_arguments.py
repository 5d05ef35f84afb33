"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else."""

from byob_components import azure
from tests.azure.changes import CONTAINER, CONTAINER_CHANGES, KEY_CHANGES, PLACE, STORE
from tests.azure.changes_of_stores import GRANT, GRANT_CHANGES, STORE_CHANGES
from tests.conformance.arguments import ArgumentsContract, Component
from tests.mocks.azure import record

COMPONENTS: dict[str, Component] = {
    "AzureByob": (azure.AzureByob, azure.AzureByobArgs, STORE, STORE_CHANGES),
    "AzureContainer": (azure.AzureContainer, azure.AzureContainerArgs, CONTAINER, CONTAINER_CHANGES),
    "AzureKey": (azure.AzureKey, azure.AzureKeyArgs, PLACE, KEY_CHANGES),
    "AzureGrant": (azure.AzureGrant, azure.AzureGrantArgs, GRANT, GRANT_CHANGES),
}


class TestAzure(ArgumentsContract):
    components = COMPONENTS
    record = staticmethod(record)
    named = frozenset({"RoleAssignment", "UserAssignedIdentity"})
