"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_azure_native
import pytest

from byob_components.azure import AzureByob
from tests.mocks.azure import AzureMocks, record
from tests.mocks.monitor import Run, run

STORE: dict[str, Any] = {
    "deployment": "self_managed",
    "level": "team",
    "location": "westeurope",
    "oidc_issuer_url": "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/",
    "service_accounts": ["wandb-app"],
    "encryption": "new_key",
    "lock": True,
    "access_log_account_id": "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme/providers/"
    "Microsoft.Storage/storageAccounts/acmelogs",
}
KINDS = (
    "BlobContainer",
    "BlobServiceProperties",
    "DiagnosticSetting",
    "FederatedIdentityCredential",
    "Key",
    "ManagementLockByScope",
    "ManagementPolicy",
    "ResourceGroup",
    "RoleAssignment",
    "StorageAccount",
    "UserAssignedIdentity",
    "Vault",
)
MADE = 15
"""W&B has two roles and Azure Storage one on the key; each of them has an identity."""


def transformed(change: Any) -> Run:
    return record(AzureByob, STORE, opts=pulumi.ResourceOptions(transforms=[change]))


def test_the_list_of_children_is_whole() -> None:
    made = [r.kind for r in record(AzureByob, STORE).resources if r.type.startswith("azure-native:")]
    assert (sorted(set(made)), len(made)) == (sorted(KINDS), MADE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_child(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        return pulumi.ResourceTransformResult(props={**args.props, "moved": "yes"}, opts=args.opts)

    changed = {r.kind for r in transformed(change).resources if r.inputs.get("moved") == "yes"}
    assert changed == {kind}


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_childs_options(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=not args.opts.protect))
        return pulumi.ResourceTransformResult(props=args.props, opts=options)

    usual = {r.key: r.protect for r in record(AzureByob, STORE).resources}
    seen = {r.key: r.protect for r in transformed(change).resources}
    assert {key for key in usual if usual[key] != seen[key]} == {key for key in usual if f":{kind}::" in key}


def test_the_composites_provider_reaches_every_child_and_every_look_up() -> None:
    def program() -> dict[str, Any]:
        there = pulumi_azure_native.Provider("there", subscription_id="55555555-5555-5555-5555-555555555555")
        made = AzureByob("vision", STORE, pulumi.ResourceOptions(providers=[there]))  # type: ignore[arg-type]
        by_key = {"deployment": "dedicated", "level": "team", "location": "westeurope", "mode": "access_key"}
        other = AzureByob("speech", by_key, pulumi.ResourceOptions(providers=[there]))  # type: ignore[arg-type]
        return {"a": made.storage_addresses, "b": other.storage_addresses}

    seen = run(program, AzureMocks())
    made = [r for r in seen.resources if r.type.startswith("azure-native:")]
    assert len(made) == MADE + 5
    assert {r.provider for r in made} == {"pulumi:providers:azure-native::there"}
    assert {token.rpartition(":")[2] for token, *_ in seen.calls} == {"getClientConfig", "listStorageAccountKeys"}
    assert {provider for *_, provider in seen.calls} == {"pulumi:providers:azure-native::there"}


def test_no_provider_is_made_inside() -> None:
    assert not [r.key for r in record(AzureByob, STORE).resources if r.type.startswith("pulumi:providers:")]


def test_protecting_the_composite_leaves_roles_trust_and_lock_changeable() -> None:
    seen = record(AzureByob, STORE, opts=pulumi.ResourceOptions(protect=True))
    unprotected = {r.kind for r in seen.resources if r.type.startswith("azure-native:") and not r.protect}
    assert unprotected == {"FederatedIdentityCredential", "ManagementLockByScope", "RoleAssignment"}
