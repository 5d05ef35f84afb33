"""Storage accounts as Resource Manager serves them, by Microsoft's own client and by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.clouds.azure.accounts import LOCATION, SUBSCRIPTION, SUBSCRIPTION_SCOPE
from tests.sandbox_azure.conftest import GROUP, World, refused

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]

ACCOUNTS = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
NEW = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}}


@pytest.fixture(scope="module")
def management(world: World) -> Iterator[Any]:
    """Microsoft's own client of storage management."""
    from azure.mgmt.storage import StorageManagementClient

    made = StorageManagementClient(
        world.credential(world.accounts.deployer), SUBSCRIPTION, base_url=world.server.arm,
        credential_scopes=[f"{world.server.arm}/.default"], connection_verify=str(world.server.ca_bundle),
    )  # fmt: skip
    yield made
    made.close()


def test_microsofts_own_client_makes_changes_and_deletes_one(management: Any, world: World) -> None:
    name = world.name()
    made = management.storage_accounts.begin_create("made-by-hand", name, {**NEW, "location": "West Europe", "properties": {"minimumTlsVersion": "TLS1_2"}}).result()  # fmt: skip
    assert (made.name, made.location, made.sku.name) == (name, "westeurope", "Standard_ZRS")
    assert made.primary_endpoints.blob == f"{world.server.blob}/{name}/"
    assert (made.enable_https_traffic_only, made.minimum_tls_version, made.allow_blob_public_access) == (True, "TLS1_2", False)  # fmt: skip
    changed = management.storage_accounts.update("made-by-hand", name, {"tags": {"team": "vision"}, "properties": {"allowSharedKeyAccess": False}})  # fmt: skip
    assert (changed.tags, changed.allow_shared_key_access, changed.minimum_tls_version) == ({"team": "vision"}, False, "TLS1_2")  # fmt: skip
    assert [one.name for one in management.storage_accounts.list_by_resource_group("made-by-hand") if one.name == name] == [name]  # fmt: skip
    service = management.blob_services.set_service_properties("made-by-hand", name, {"properties": {"isVersioningEnabled": True, "deleteRetentionPolicy": {"enabled": True, "days": 7}}})  # fmt: skip
    assert (service.is_versioning_enabled, service.delete_retention_policy.days) == (True, 7)
    container = management.blob_containers.create("made-by-hand", name, "data", {"properties": {"metadata": {"a": "1"}}})  # fmt: skip
    assert (container.name, container.public_access) == ("data", "None")
    assert [one.name for one in management.blob_containers.list("made-by-hand", name)] == ["data"]
    policy = {"rules": [{"name": "old", "type": "Lifecycle", "definition": {"filters": {"blobTypes": ["blockBlob"]}, "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}}}]}  # fmt: skip
    kept = management.management_policies.create_or_update("made-by-hand", name, "default", {"properties": {"policy": policy}})  # fmt: skip
    assert kept.policy.rules[0].enabled is True
    management.storage_accounts.delete("made-by-hand", name)
    assert refused(lambda: management.storage_accounts.get_properties("made-by-hand", name))[0] == 404


@pytest.mark.parametrize(
    ("name", "change", "status", "code"),
    [
        ("Vision-1", {}, 400, "AccountNameInvalid"),
        ("ab", {}, 400, "AccountNameInvalid"),
        ("a" * 25, {}, 400, "AccountNameInvalid"),
        ("", {"sku": {"name": "Gold"}}, 400, "InvalidAccountType"),
        ("", {"kind": "Tape"}, 400, "InvalidAccountKind"),
        ("", {"location": ""}, 400, "LocationRequired"),
        ("", {"properties": {"minimumTlsVersion": "TLS9"}}, 400, "InvalidRequestPropertyValue"),
        ("", {"properties": {"keyPolicy": {"keyExpirationPeriodInDays": 0}}}, 400, "InvalidValuesForRequestParameters"),
        ("", {"properties": {"isHnsEnabled": True}}, 501, "NotImplemented"),
        ("", {"identity": {"type": "SystemAssigned"}}, 501, "NotImplemented"),
        ("", {"properties": {"encryption": {"keySource": "Microsoft.Keyvault"}}}, 400, "InvalidValuesForRequestParameters"),
    ],
)  # fmt: skip
def test_bad_accounts(world: World, name: str, change: dict[str, Any], status: int, code: str) -> None:
    assert world.code("PUT", f"{ACCOUNTS}/{name or world.name()}", {**NEW, **change}) == (status, code)


def test_a_name_is_taken_everywhere(world: World) -> None:
    name = world.account().rsplit("/", 1)[-1]
    other = f"{SUBSCRIPTION_SCOPE}/resourceGroups/another"
    world.done("PUT", other, {"location": LOCATION})
    assert world.code("PUT", f"{other}/providers/Microsoft.Storage/storageAccounts/{name}", NEW) == (409, "StorageAccountAlreadyTaken")  # fmt: skip
    assert world.code("PUT", f"{ACCOUNTS}/{name}", {**NEW, "location": "northeurope"}) == (409, "InvalidResourceLocation")  # fmt: skip
    world.done("DELETE", other)


def test_two_keys_that_can_be_made_anew(world: World) -> None:
    id = world.account()
    first, second = world.key(id), world.key(id, 1)
    assert [one.name for one in world.blobs(id, first).list_containers()] == ["data"]
    assert [one.name for one in world.blobs(id, second).list_containers()] == ["data"]
    world.done("POST", f"{id}/regenerateKey", {"keyName": "key1"})
    assert refused(lambda: list(world.blobs(id, first).list_containers())) == (403, "AuthorizationFailure")
    assert world.key(id) != first
    assert [one.name for one in world.blobs(id, world.key(id)).list_containers()] == ["data"]
    assert [one.name for one in world.blobs(id, second).list_containers()] == ["data"], "the other key holds"
    assert world.code("POST", f"{id}/listKeys", who=world.accounts.stranger) == (403, "AuthorizationFailed")


@pytest.mark.parametrize(
    ("settings", "status", "code"),
    [
        ({"deleteRetentionPolicy": {"enabled": True, "days": 0}}, 400, "InvalidRequestPropertyValue"),
        ({"containerDeleteRetentionPolicy": {"enabled": True, "days": 366}}, 400, "InvalidRequestPropertyValue"),
        ({"changeFeed": {"enabled": True}}, 501, "NotImplemented"),
        ({"cors": {"corsRules": [{"allowedOrigins": ["*"], "allowedMethods": ["FLY"], "allowedHeaders": [], "exposedHeaders": [], "maxAgeInSeconds": 0}]}}, 400, "InvalidXmlDocument"),
        ({"cors": {"corsRules": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"], "allowedHeaders": [], "exposedHeaders": [], "maxAgeInSeconds": 0}] * 6}}, 400, "InvalidXmlDocument"),
    ],
)  # fmt: skip
def test_bad_settings_of_the_blob_service(world: World, settings: dict[str, Any], status: int, code: str) -> None:
    id = world.account("accountwithbadsettings")
    assert world.code("PUT", f"{id}/blobServices/default", {"properties": settings}) == (status, code)


def test_the_blob_service_is_there_with_its_account(world: World) -> None:
    id = world.account()
    found = world.done("GET", f"{id}/blobServices/default")["properties"]
    assert (found["isVersioningEnabled"], found["deleteRetentionPolicy"]["enabled"]) == (False, False)
    assert world.code("DELETE", f"{id}/blobServices/default") == (405, "MethodNotAllowed")
    assert world.code("GET", f"{id}/blobServices/other") == (404, "ResourceNotFound")


def test_a_container_is_one_thing_for_both_sides(world: World) -> None:
    id = world.account()
    blobs = world.blobs(id, world.key(id))
    blobs.create_container("from-a-client")
    path = f"{id}/blobServices/default/containers"
    assert world.done("GET", f"{path}/from-a-client")["name"] == "from-a-client"
    assert [one["name"] for one in world.done("GET", path)["value"]] == ["data", "from-a-client"]
    world.done("DELETE", f"{path}/from-a-client")
    assert [one.name for one in blobs.list_containers()] == ["data"]
    assert world.call("DELETE", f"{path}/from-a-client").status_code == 204
    blobs.delete_container("data")
    assert world.code("GET", f"{path}/data")[0] == 404
    assert world.code("PUT", f"{path}/No", {}) == (400, "InvalidResourceName")
    assert world.code("PUT", f"{path}/open", {"properties": {"publicAccess": "Blob"}}) == (409, "PublicAccessNotPermitted")  # fmt: skip


def test_a_group_takes_everything_with_it(world: World) -> None:
    group = f"{SUBSCRIPTION_SCOPE}/resourceGroups/Short-Lived"
    world.done("PUT", group, {"location": LOCATION})
    id = f"{group}/providers/Microsoft.Storage/storageAccounts/{world.name()}"
    world.done("PUT", id, NEW)
    assert world.done("GET", id.replace("Short-Lived", "SHORT-lived").replace("storageAccounts", "storageaccounts"))["id"] == id, "capitals do not matter"  # fmt: skip
    world.done("DELETE", group)
    assert world.code("GET", group) == (404, "ResourceGroupNotFound")
    assert world.code("GET", id) == (404, "ResourceGroupNotFound")
    assert world.code("PUT", id, NEW) == (404, "ResourceGroupNotFound")


def test_who_is_nobody_gets_nothing(world: World) -> None:
    url = f"{world.server.arm}{GROUP}?api-version=2024-01-01"
    assert world.web.get(url).status_code == 401
    assert world.web.get(url, headers={"Authorization": "Bearer a.b.c"}).status_code == 401
    token = world.credential(world.accounts.deployer).get_token("https://storage.azure.com/.default").token
    answer = world.web.get(url, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationTokenAudience")
    assert world.code("GET", GROUP, who=world.accounts.stranger) == (403, "AuthorizationFailed")
    other = f"/subscriptions/{'1' * 8}-{'1' * 4}-{'1' * 4}-{'1' * 4}-{'1' * 12}/resourceGroups/x"
    assert world.code("GET", other) == (404, "SubscriptionNotFound")
    assert world.done("GET", SUBSCRIPTION_SCOPE)["tenantId"] == "7b1c0d6e-3a52-4f0e-9a57-6c1f2d3e4b5a"
