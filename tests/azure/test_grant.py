"""W&B's roles on an account made elsewhere: additive assignments, and the identity that holds them."""

from typing import Any

import pytest

from byob_components.azure import AzureByob, AzureGrant
from byob_components.store import ByobRunError
from tests.mocks.azure import record

NODE = "55555555-5555-5555-5555-555555555555"
OTHER = "66666666-6666-6666-6666-666666666666"
CLIENT = "77777777-7777-7777-7777-777777777777"
ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
THERE = "/subscriptions/99999999-1111-1111-1111-111111111111/resourceGroups/acme-data/providers"
ACCOUNT = f"{THERE}/Microsoft.Storage/storageAccounts/acmedata"
GRANT: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "account_id": ACCOUNT,
    "container_name": "wandb",
    "principals": [NODE],
    "identity_client_id": CLIENT,
    "mode": "keyless",
    "access": "minimal",
}
CLUSTER = {"principals": None, "identity_client_id": None, "oidc_issuer_url": ISSUER}


def test_it_assigns_roles_and_touches_nothing_else() -> None:
    seen = record(AzureGrant, GRANT)
    assert sorted(seen.keys()) == [
        "AzureGrant::vision",
        "RoleAssignment::vision-reader-eec458d3",
        "RoleAssignment::vision-storage-blob-data-contributor-eec458d3",
        "RoleAssignment::vision-storage-blob-delegator-eec458d3",
    ]
    for one in (r for r in seen.resources if r.kind == "RoleAssignment"):
        assert (one.protect, one.retain_on_delete, one.deleted_with, one.ignore_changes) == (False, None, "", ())
        assert one.parent == "wandb-byob:index:AzureGrant::vision"
        # The definition is named in the account's subscription, which may be another one than the provider's.
        assert one.inputs["roleDefinitionId"].startswith("/subscriptions/99999999-1111-1111-1111-111111111111/")
    assert seen.registered_outputs == ["wandb-byob:index:AzureGrant::vision"]
    assert {name: one.value for name, one in seen.outputs.items()} == {
        "account_name": "acmedata",
        "container_name": "wandb",
        "principals": [NODE],
        "managed_identity_client_id": CLIENT,
        "managed_identity_tenant_id": "22222222-2222-2222-2222-222222222222",
    }


def test_the_tenant_is_asked_for_only_when_it_is_missing() -> None:
    assert len(record(AzureGrant, GRANT).calls) == 1
    assert record(AzureGrant, {**GRANT, "identity_tenant_id": CLIENT}).calls == []
    assert record(AzureGrant, {**GRANT, **CLUSTER}).calls == []
    assert record(AzureGrant, {**GRANT, "principals": []}).calls == []


def test_an_identity_is_made_in_the_accounts_group() -> None:
    seen = record(AzureGrant, {**GRANT, **CLUSTER})
    assert seen.one("UserAssignedIdentity").inputs == {
        "resourceGroupName": "acme-data",
        "tags": {"wandb-byob:store": "byob/test/vision"},
    }
    assert seen.one("FederatedIdentityCredential").name == "vision-wandb-bucket-access"
    assert seen.value("managed_identity_client_id") == "cccccccc-0000-0000-0000-000000000664"
    assert seen.value("principals") == ["aaaaaaaa-0000-0000-0000-000000000664"]
    scopes = {r.name: r.inputs["scope"] for r in seen.resources if r.kind == "RoleAssignment"}
    assert scopes == {
        "vision-reader-0": ACCOUNT,
        "vision-storage-blob-delegator-0": ACCOUNT,
        "vision-storage-blob-data-contributor-0": f"{ACCOUNT}/blobServices/default/containers/wandb",
    }


def test_a_store_and_a_grant_of_one_name_do_not_share_an_assignments_name() -> None:
    """Such a name is unique in the tenant, whatever the scope."""
    store = {
        "deployment": "dedicated",
        "level": "team",
        "location": "westeurope",
        "mode": "keyless",
        "access": "minimal",
    }
    made = record(AzureByob, {**store, "principals": [NODE], "identity_client_id": CLIENT})
    names = [
        {r.inputs["roleAssignmentName"] for r in seen.resources if r.kind == "RoleAssignment"}
        for seen in (made, record(AzureGrant, GRANT))
    ]
    assert [len(found) for found in names] == [3, 3]
    assert names[0] & names[1] == set()


def test_revoking_and_rotating() -> None:
    def of(principals: list[str]) -> dict[str, Any]:
        seen = record(AzureGrant, {**GRANT, "principals": principals})
        return {r.name: r.inputs for r in seen.resources if r.kind == "RoleAssignment"}

    both = of([NODE, OTHER])
    assert len(both) == 6
    assert of([OTHER]).items() < both.items()
    assert of([]) == {}


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"access": None}, ["BYOB-AZURE-019"]),
        ({"access": None, "mode": None}, ["BYOB-AZURE-019"]),
        ({"mode": None}, ["BYOB-WANDB-004", "BYOB-AZURE-019"]),
        ({"mode": "access_key"}, ["BYOB-AZURE-018"]),
        ({"mode": "team_connector", "level": "instance", "access": None}, ["BYOB-AZURE-018", "BYOB-AZURE-019"]),
        ({"deployment": "multi_tenant"}, ["BYOB-WANDB-001"]),
        ({"principals": None, "identity_client_id": None}, ["BYOB-AZURE-020"]),
        ({"principals": None, "identity_client_id": None, "level": "instance"}, ["BYOB-WANDB-010"]),
        ({"oidc_issuer_url": ISSUER}, ["BYOB-AZURE-020"]),
        ({"principals": ["wandb"]}, ["BYOB-WANDB-012"]),
        ({"account_id": "acmedata"}, ["BYOB-AZURE-025"]),
    ],
)
def test_what_is_refused(given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(AzureGrant, {**GRANT, **given})
    assert [fault.code for fault in refused.value.faults] == codes
