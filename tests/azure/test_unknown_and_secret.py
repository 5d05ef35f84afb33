"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

import asyncio
import functools
import inspect
import json
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

import pulumi
import pulumi_azure_native
import pytest

from byob_components import azure
from byob_components.store import ByobRunError
from tests.mocks.azure import AzureMocks, record
from tests.mocks.monitor import Run, marks, plain, run

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

# argument -> (what goes with it, the inputs it lands in, the outputs it lands in)
Row = tuple[dict[str, Any], set[str], set[str]]
BY_NAME = {"storage_addresses", "handoffs", "server_env", "server_secrets"}
IN_GROUP = {
    f"{kind}.resourceGroupName"
    for kind in ("StorageAccount", "BlobServiceProperties", "BlobContainer", "ManagementPolicy")
}
IN_ACCOUNT = {f"{kind}.accountName" for kind in ("BlobServiceProperties", "BlobContainer", "ManagementPolicy")}
ROLE = {"RoleAssignment.roleAssignmentName", "RoleAssignment.roleDefinitionId"}
STORE: dict[str, Row] = {
    "location": (
        NEW,
        {"StorageAccount.location", "Vault.location", "UserAssignedIdentity.location"},
        {"region", "handoffs"},
    ),
    "principals": ({}, {"RoleAssignment.principalId"}, {"principals", "handoffs"}),
    "identity_client_id": ({}, set(), {"managed_identity_client_id", "handoffs"}),
    "identity_tenant_id": ({}, set(), {"managed_identity_tenant_id", "handoffs"}),
    "oidc_issuer_url": (CLUSTER, {"FederatedIdentityCredential.issuer"}, {"handoffs"}),
    "kubernetes_namespace": (CLUSTER, {"FederatedIdentityCredential.subject"}, set()),
    "resource_group_name": ({}, IN_GROUP, set()),
    "subscription_id": ({"principals": [NODE]}, ROLE, set()),
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
    "subscription_id": ({}, ROLE, set()),
    "tenant_id": ({}, {"Vault.properties"}, set()),
    "tags": ({}, {f"{kind}.tags" for kind in ("Vault", "Key", "UserAssignedIdentity")}, set()),
    "kms_vault_name": ({}, {"Vault.vaultName", "Key.vaultName"}, {"kms_key_id"}),
    "kms_key_name": ({}, {"Key.keyName"}, {"kms_key_id"}),
}
GRANT: dict[str, Row] = {
    "account_id": (
        CLUSTER,
        {
            "RoleAssignment.scope",
            "UserAssignedIdentity.resourceGroupName",
            "FederatedIdentityCredential.resourceGroupName",
            *ROLE,
        },
        {"account_name"},
    ),
    "container_name": ({"access": "minimal"}, {"RoleAssignment.scope"}, {"container_name"}),
    "principals": ({}, {"RoleAssignment.principalId"}, {"principals"}),
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
COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], type, dict[str, Any], dict[str, Row]]] = {
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
ALWAYS_SECRET = {"AzureByob": {"server_secrets"}}


def passed_through(kind: type) -> set[str]:
    """The arguments that may be an Output, at any depth, from the types."""
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any})

    def takes_output(hint: Any) -> bool:
        return hint is pulumi.Output or get_origin(hint) is pulumi.Output or any(map(takes_output, get_args(hint)))

    return {name for name, hint in hints.items() if takes_output(hint)}


CASES = [(c, argument) for c, (_, kind, *_) in COMPONENTS.items() for argument in sorted(passed_through(kind))]
WHOLE = [case for case in CASES if case[0] != "AzureContainer"]
"""Without the part that the composite hands all of these on to, where one of the two is enough."""
SHAPES = [(*case, "whole") for case in CASES] + [(*case, "inside") for case in CASES if case[1] == "tags"]
"""An Output is the argument itself (or the element of a list), or a value inside a mapping."""


def opened(value: Any, shape: str, wrap: Any) -> Any:
    """The value with an Output in the place of itself, or, in a list, of its elements."""
    if isinstance(value, list):
        return [wrap(one) for one in value]
    if isinstance(value, dict) and shape == "inside":
        return {key: wrap(one) for key, one in value.items()}
    return wrap(value)


def landed(seen: Run, mark: str) -> set[str]:
    return {f"{r.kind}.{field}" for r in seen.resources for field, v in r.inputs.items() if mark in marks(v)}


def secrets(seen: Run) -> set[str]:
    return {name for name, one in seen.outputs.items() if one.secret}


def make(component: str, argument: str, shape: str, wrap: Any, preview: bool = False) -> Run:
    cls, _, base, rows = COMPONENTS[component]
    # Wrapped inside the program: an Output belongs to one run.
    args = {**base, **rows[argument][0]}

    def program() -> dict[str, Any]:
        made = cls("vision", {**args, argument: opened(VALUES[argument], shape, wrap)})  # type: ignore[call-arg, arg-type]
        return {output: getattr(made, output) for output in inspect.get_annotations(cls)}

    return run(program, AzureMocks(preview=preview), preview=preview)


@functools.cache
def plainly(component: str, argument: str, preview: bool = False) -> Run:
    cls, _, base, rows = COMPONENTS[component]
    return record(cls, {**base, **rows[argument][0], argument: VALUES[argument]}, preview=preview)


def always(component: str) -> set[str]:
    """Outputs that are secret whatever is given."""
    return ALWAYS_SECRET.get(component, set())


def unknown(value: Any) -> pulumi.Output[Any]:
    """The value as another resource's computed property would be: unknown in a preview."""
    data: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    data.set_result(None)
    no: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    no.set_result(False)
    return pulumi.Output(set(), data, no).apply(lambda _: value)


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_pass_through_argument_is_without_a_row(component: str) -> None:
    _, kind, _, rows = COMPONENTS[component]
    wanted = passed_through(kind)
    assert wanted
    assert wanted <= VALUES.keys()
    assert wanted <= rows.keys()


@pytest.mark.parametrize(("component", "argument", "shape"), SHAPES)
def test_a_secret_stays_secret_where_it_lands_and_nothing_else_becomes_one(
    component: str, argument: str, shape: str
) -> None:
    _, inputs, outputs = COMPONENTS[component][3][argument]
    seen = make(component, argument, shape, pulumi.Output.secret)
    assert inputs <= landed(seen, "secret")
    assert landed(seen, "secret") == inputs
    assert secrets(seen) == outputs | always(component)
    assert not [text for text in seen.warnings if "confidential" in text]


@pytest.mark.parametrize(("component", "argument", "shape"), [s for s in SHAPES if s[:2] in WHOLE])
def test_an_output_that_is_known_gives_what_a_plain_value_gives(component: str, argument: str, shape: str) -> None:
    seen = make(component, argument, shape, pulumi.Output.from_input)
    wanted = plainly(component, argument)

    def inputs(one: Run) -> list[Any]:
        # An assignment is named by its principal when that is known.
        named = {"roleAssignmentName"} if argument == "principals" else set()
        kept = [(r.kind, {k: v for k, v in r.inputs.items() if k not in named}) for r in one.resources]
        return sorted((kind, json.dumps(found, sort_keys=True)) for kind, found in kept)

    assert inputs(seen) == inputs(wanted)
    assert {name: one.value for name, one in seen.outputs.items()} == {
        name: one.value for name, one in wanted.outputs.items()
    }


@pytest.mark.parametrize(("component", "argument", "shape"), SHAPES)
def test_unknown_stays_unknown_in_a_preview(component: str, argument: str, shape: str) -> None:
    _, inputs, outputs = COMPONENTS[component][3][argument]
    seen = make(component, argument, shape, unknown, preview=True)
    known = plainly(component, argument, preview=True)
    assert sorted(r.type for r in seen.resources) == sorted(r.type for r in known.resources)
    assert landed(seen, "unknown") == landed(known, "unknown") | inputs
    still = {name for name, one in known.outputs.items() if one.known} - outputs
    assert {name for name, one in seen.outputs.items() if one.known} == still
    assert not any(marks(r.inputs) & {"secret"} for r in seen.resources)


@pytest.mark.parametrize(("component", "argument"), WHOLE)
def test_an_unknown_secret_is_still_marked_as_secret(component: str, argument: str) -> None:
    _, inputs, outputs = COMPONENTS[component][3][argument]
    seen = make(component, argument, "whole", lambda value: pulumi.Output.secret(unknown(value)), preview=True)
    assert inputs <= landed(seen, "secret")
    assert secrets(seen) == outputs | always(component)


def test_a_bad_value_is_told_later_without_its_value_when_secret() -> None:
    with pytest.raises(ByobRunError) as refused:
        record(azure.AzureKey, {**PLACE, "location": pulumi.Output.secret("confidential-location-1")})
    assert "BYOB-AZURE-002" in str(refused.value)
    assert "confidential" not in str(refused.value)


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
