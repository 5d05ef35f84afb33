"""Roles and locks: who may do what, and what nobody may while a lock is there."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from sandbox.clouds.azure.accounts import SUBSCRIPTION_SCOPE
from sandbox.clouds.azure.apis.ids import chain, located
from sandbox.clouds.azure.apis.roles import BUILT_IN
from tests.sandbox_azure.conftest import GROUP, ROLES, World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]

DEFINITIONS = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions"


def lock(level: str) -> dict[str, Any]:
    return {"properties": {"level": level, "notes": "team data"}}


def test_a_role_holds_below_its_scope_and_nowhere_else(world: World) -> None:
    mine, other, who = world.account(), world.account(), world.accounts.stranger
    assert world.code("GET", mine, who=who) == (403, "AuthorizationFailed")
    made = world.grant(mine, "Reader", who)
    assert made.status_code == 201
    assert world.call("GET", mine, who=who).status_code == 200
    assert world.call("GET", f"{mine}/blobServices/default/containers/data", who=who).status_code == 200
    assert world.code("GET", other, who=who) == (403, "AuthorizationFailed")
    assert world.code("PATCH", mine, {"tags": {}}, who) == (403, "AuthorizationFailed"), "a reader only reads"
    assert world.code("POST", f"{mine}/listKeys", who=who) == (403, "AuthorizationFailed")
    assert world.grant(mine, "Storage Account Contributor", who).status_code == 201
    assert world.call("POST", f"{mine}/listKeys", who=who).status_code == 200
    assert world.code("DELETE", made.json()["id"], who=who) == (403, "AuthorizationFailed"), "no contributor grants"
    assert world.call("DELETE", made.json()["id"]).status_code == 200
    assert world.call("DELETE", made.json()["id"]).status_code == 204


def test_assignments_that_are_refused(world: World) -> None:
    account, who = world.account(), world.accounts.wandb_other
    begin = f"{account}/providers/Microsoft.Authorization/roleAssignments"
    reader = {"roleDefinitionId": f"{DEFINITIONS}/{ROLES['Reader']}", "principalId": who.object_id}

    def put(name: str, **change: Any) -> tuple[int, str]:
        return world.code("PUT", f"{begin}/{name}", {"properties": {**reader, **change}})

    first = str(uuid.uuid4())
    world.done("PUT", f"{begin}/{first}", {"properties": {**reader, "description": "one"}})
    assert world.done("PUT", f"{begin}/{first}", {"properties": {**reader, "description": "two"}})["properties"]["description"] == "two"  # fmt: skip
    assert put(str(uuid.uuid4())) == (409, "RoleAssignmentExists")
    assert put(first, roleDefinitionId=f"{DEFINITIONS}/{ROLES['Storage Blob Delegator']}") == (400, "RoleAssignmentUpdateNotPermitted")  # fmt: skip
    elsewhere = f"{world.account()}/providers/Microsoft.Authorization/roleAssignments/{first}"
    assert world.code("PUT", elsewhere, {"properties": reader}) == (400, "RoleAssignmentUpdateNotPermitted"), (
        "a name is unique"
    )
    assert put("not-a-uuid") == (400, "InvalidRoleAssignmentId")
    assert put(str(uuid.uuid4()), principalId=str(uuid.uuid4())) == (400, "PrincipalNotFound")
    assert put(str(uuid.uuid4()), roleDefinitionId=f"{DEFINITIONS}/{uuid.uuid4()}") == (404, "RoleDefinitionDoesNotExist")  # fmt: skip
    assert put(str(uuid.uuid4()), principalType="User") == (400, "UnmatchedPrincipalType")
    assert put(str(uuid.uuid4()), condition="@Resource[x] StringEquals 'y'") == (501, "NotImplemented")
    nowhere = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/nothere/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"  # fmt: skip
    assert world.code("PUT", nowhere, {"properties": reader}) == (404, "ResourceNotFound")
    listed = world.done("GET", f"{begin}?$filter=principalId eq '{who.object_id}'")["value"]
    assert [one["name"] for one in listed] == [first]


def test_a_lock_keeps_the_account_and_everything_in_it_and_on_it(world: World) -> None:
    account = world.account()
    role = world.grant(account, "Reader", world.accounts.stranger).json()["id"]
    name = f"{account}/providers/Microsoft.Authorization/locks/stays"
    world.done("PUT", name, lock("CanNotDelete"))
    refused = (409, "ScopeLocked")
    assert world.code("DELETE", account) == refused
    assert world.code("DELETE", f"{account}/blobServices/default/containers/data") == refused
    assert world.code("DELETE", role) == refused
    assert world.code("DELETE", GROUP) == refused
    world.done("PATCH", account, {"tags": {"team": "vision"}})
    assert world.call("POST", f"{account}/listKeys").status_code == 200
    blobs = world.blobs(account, world.key(account))
    blobs.get_blob_client("data", "a").upload_blob(b"a")
    blobs.get_blob_client("data", "a").delete_blob()
    world.done("PUT", name, lock("ReadOnly"))
    assert world.code("PATCH", account, {"tags": {}}) == refused
    assert world.code("POST", f"{account}/listKeys") == refused
    world.done("DELETE", name)
    assert world.call("DELETE", role).status_code == 200
    world.done("DELETE", account)
    assert world.code("PUT", f"{GROUP}/providers/Microsoft.Authorization/locks/x", lock("Never")) == (400, "InvalidLockLevel")  # fmt: skip


def test_roles_can_be_looked_up_by_name_and_made(world: World) -> None:
    found = world.done("GET", f"{DEFINITIONS}?$filter=roleName eq 'Storage Blob Data Contributor'")["value"]
    assert [one["name"] for one in found] == ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"]
    own = str(uuid.uuid4())
    rights = {"actions": ["Microsoft.Storage/storageAccounts/read"], "dataActions": []}
    world.done("PUT", f"{DEFINITIONS}/{own}", {"properties": {"roleName": "Own", "permissions": [rights], "assignableScopes": [SUBSCRIPTION_SCOPE]}})  # fmt: skip
    account, who = world.account(), world.accounts.wandb_other
    path = f"{account}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    world.done("PUT", path, {"properties": {"roleDefinitionId": f"{DEFINITIONS}/{own}", "principalId": who.object_id}})
    assert world.call("GET", account, who=who).status_code == 200
    assert world.code("GET", f"{account}/blobServices/default", who=who) == (403, "AuthorizationFailed")
    assert world.code("PUT", f"{DEFINITIONS}/{ROLES['Reader']}", {"properties": {}}) == (403, "RoleDefinitionUpdateNotPermitted")  # fmt: skip


@pytest.mark.parametrize(
    ("role", "action", "data", "allowed"),
    [
        ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Microsoft.Storage/storageAccounts/blobServices/read", False, True),
        ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", True, False),
        ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", True, False),
        ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Microsoft.KeyVault/vaults/keys/delete", True, False),
        ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Microsoft.Authorization/roleAssignments/write", False, False),
        ("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/deleteBlobVersion/action", True, False),
        ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/deleteBlobVersion/action", True, True),
        ("db58b8e5-c6ad-4a2a-8342-4190687cbf4a", "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action", False, True),
        ("db58b8e5-c6ad-4a2a-8342-4190687cbf4a", "Microsoft.Storage/storageAccounts/read", False, False),
        ("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Microsoft.KeyVault/vaults/keys/wrap/action", True, True),
        ("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Microsoft.KeyVault/vaults/keys/delete", True, False),
    ],
)  # fmt: skip
def test_what_a_role_holds(role: str, action: str, data: bool, allowed: bool) -> None:
    assert BUILT_IN[role].allows(action, data) is allowed


def test_ids() -> None:
    at = located("/subscriptions/s/resourceGroups/G/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/c")  # fmt: skip
    assert (at.type, at.name, at.group) == ("Microsoft.Storage/storageAccounts/blobServices/containers", "c", "G")
    assert at.parent.endswith("/storageAccounts/a/blobServices/default")
    assert chain(at.id) == [
        "/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/a/blobservices/default/containers/c",
        "/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/a/blobservices/default",
        "/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/a",
        "/subscriptions/s/resourcegroups/g",
        "/subscriptions/s",
    ]
    on = located("/subscriptions/s/resourceGroups/G/providers/Microsoft.Storage/storageAccounts/a/providers/Microsoft.Authorization/locks/l")  # fmt: skip
    assert (on.type, on.name, on.scope) == ("Microsoft.Authorization/locks", "l", "/subscriptions/s/resourceGroups/G/providers/Microsoft.Storage/storageAccounts/a")  # fmt: skip
