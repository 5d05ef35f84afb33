"""Who gets at blobs: account keys, tokens, and URLs that are signed by key or in somebody's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.sandbox_azure.conftest import World, refused

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]

MISMATCH = (403, "AuthorizationPermissionMismatch")
NO_KEYS = (403, "KeyBasedAuthenticationNotPermitted")
RULES = {"corsRules": [{"allowedOrigins": ["https://wandb.example"], "allowedMethods": ["GET", "PUT"], "allowedHeaders": ["*"], "exposedHeaders": ["*"], "maxAgeInSeconds": 3000}]}  # fmt: skip
BLOCK = {"x-ms-blob-type": "BlockBlob"}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("x-ms-error-code", "")


def by_key(world: World, account: str, blob: str, permission: str, key: str = "", **more: Any) -> str:
    from azure.storage.blob import generate_blob_sas

    name = account.rsplit("/", 1)[-1]
    more.setdefault("expiry", datetime.now(UTC) + timedelta(minutes=10))
    sas = generate_blob_sas(name, "data", blob, account_key=key or world.key(account), permission=permission, **more)
    return f"{world.server.blob}/{name}/data/{blob}?{sas}"


def test_roles_decide_what_a_token_may(world: World) -> None:
    account, who = world.account(), world.accounts.wandb_console
    blobs = world.blobs(account, who)
    blob = blobs.get_blob_client("data", "vision/a")
    assert refused(lambda: blob.upload_blob(b"a")) == MISMATCH
    world.grant(account, "Reader", who)
    assert refused(lambda: blob.upload_blob(b"a")) == MISMATCH, "a reader of the account reads no data"
    world.grant(account, "Storage Blob Data Contributor", who)
    blob.upload_blob(b"a", metadata={"run": "1"})
    assert blob.download_blob().readall() == b"a"
    blob.stage_block("AAAA", b"part")
    blob.commit_block_list(["AAAA"])
    assert [one.name for one in blobs.get_container_client("data").list_blobs()] == ["vision/a"]
    assert [one.name for one in blobs.list_containers()] == ["data"]
    assert blobs.get_service_properties()["delete_retention_policy"].enabled is False
    assert refused(lambda: blobs.get_container_client("data").set_container_access_policy({})) == MISMATCH
    assert refused(lambda: blob.set_blob_tags({"a": "b"})) == MISMATCH, "the role has no right on tags"
    blob.delete_blob()
    deployer = world.blobs(account, world.accounts.deployer).get_blob_client("data", "vision/a")
    assert refused(lambda: deployer.upload_blob(b"a")) == MISMATCH, "an owner has no right on data"


def test_a_role_on_one_container_opens_no_other(world: World) -> None:
    account, who = world.account(), world.accounts.wandb_other
    world.done("PUT", f"{account}/blobServices/default/containers/other", {})
    world.grant(f"{account}/blobServices/default/containers/data", "Storage Blob Data Reader", who)
    owner = world.blobs(account, world.key(account))
    for container in ("data", "other"):
        owner.get_blob_client(container, "a").upload_blob(b"a")
    mine = world.blobs(account, who)
    assert mine.get_blob_client("data", "a").download_blob().readall() == b"a"
    assert refused(lambda: mine.get_blob_client("other", "a").download_blob()) == MISMATCH
    assert refused(lambda: mine.get_blob_client("data", "a").delete_blob()) == MISMATCH
    assert refused(lambda: list(mine.list_containers())) == MISMATCH
    now = datetime.now(UTC)
    assert refused(lambda: mine.get_user_delegation_key(now, now + timedelta(hours=1))) == MISMATCH, "an action of the account"  # fmt: skip


def test_keys_that_are_switched_off_open_nothing(world: World) -> None:
    account = world.account()
    key = world.key(account)
    blob = world.blobs(account, key).get_blob_client("data", "a")
    blob.upload_blob(b"a")
    url = by_key(world, account, "a", "r")
    assert world.web.get(url).content == b"a"
    assert code(world.web.get(url.replace("sp=r", "sp=rw")))[0] == 403
    assert code(world.web.put(url, content=b"x", headers=BLOCK))[0] == 403
    assert code(world.web.get(by_key(world, account, "a", "r", expiry=datetime.now(UTC) - timedelta(minutes=1))))[0] == 403  # fmt: skip
    world.done("PATCH", account, {"properties": {"allowSharedKeyAccess": False}})
    assert refused(lambda: blob.download_blob()) == NO_KEYS
    assert code(world.web.get(url)) == NO_KEYS
    world.grant(account, "Storage Blob Data Contributor", world.accounts.wandb_console)
    assert world.blobs(account, world.accounts.wandb_console).get_blob_client("data", "a").download_blob().readall() == b"a"  # fmt: skip
    assert world.web.get(world.delegated(account, world.accounts.wandb_console, "a", "r")).content == b"a"


def test_urls_in_somebodys_name(world: World) -> None:
    account, who = world.account(allowSharedKeyAccess=False), world.accounts.wandb_console
    role = world.grant(account, "Storage Blob Data Contributor", who).json()["id"]
    put = world.delegated(account, who, "run/a", "cw", correlation_id="9f3a2f4e-8f0c-5a0e-9d8e-111111111111")
    assert world.web.put(put, content=b"data", headers=BLOCK).status_code == 201
    assert world.web.put(f"{put}&comp=block&blockid=AAAA", content=b"part").status_code == 201
    listed = '<?xml version="1.0"?><BlockList><Latest>AAAA</Latest></BlockList>'
    assert world.web.put(f"{put}&comp=blocklist", content=listed).status_code == 201
    get = world.delegated(account, who, "run/a", "r", content_type="text/x-own")
    answer = world.web.get(get, headers={"Range": "bytes=1-2"})
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (206, b"ar", "text/x-own")
    assert world.web.head(get).headers["content-length"] == "4"
    assert code(world.web.put(get, content=b"x", headers=BLOCK))[0] == 403, "read is not write"
    assert code(world.web.delete(put))[0] == 403
    assert code(world.web.get(get.replace("run/a", "run/b"))) == (403, "AuthenticationFailed")
    assert code(world.web.get(get.replace("sp=r", "sp=rd"))) == (403, "AuthenticationFailed")
    stale = world.delegated(account, who, "run/a", "r", expiry=datetime.now(UTC) - timedelta(minutes=1))
    assert code(world.web.get(stale))[0] == 403
    world.done("DELETE", role)
    assert code(world.web.get(get)) == MISMATCH, "a URL is worth what its maker may"


def test_a_delegation_key_ends_within_a_week(world: World) -> None:
    account, who = world.account(), world.accounts.wandb_console
    world.grant(account, "Storage Blob Delegator", who)
    blobs, now = world.blobs(account, who), datetime.now(UTC)
    assert blobs.get_user_delegation_key(now, now + timedelta(days=6)).signed_oid == who.object_id
    assert refused(lambda: blobs.get_user_delegation_key(now, now + timedelta(days=8)))[0] == 400
    assert code(world.web.get(world.delegated(account, who, "a", "r"))) == MISMATCH, "a delegator alone reads nothing"


def test_nobody_and_strangers(world: World) -> None:
    account = world.account()
    world.blobs(account, world.key(account)).get_blob_client("data", "a").upload_blob(b"a")
    address = f"{world.server.blob}/{account.rsplit('/', 1)[-1]}/data/a"
    assert code(world.web.get(address)) == (409, "PublicAccessNotPermitted")
    assert code(world.web.get(address, headers={"Authorization": "Bearer x.y.z"})) == (401, "InvalidAuthenticationInfo")
    wrong = world.credential(world.accounts.deployer).get_token(f"{world.server.arm}/.default").token
    assert code(world.web.get(address, headers={"Authorization": f"Bearer {wrong}"})) == (401, "InvalidAuthenticationInfo")  # fmt: skip
    assert refused(lambda: world.blobs(account, world.accounts.stranger).get_blob_client("data", "a").download_blob()) == MISMATCH  # fmt: skip
    assert code(world.web.get(f"{world.server.blob}/nobodysaccount/data/a")) == (404, "ResourceNotFound")
    world.done("PATCH", account, {"properties": {"allowBlobPublicAccess": True}})
    world.done("PUT", f"{account}/blobServices/default/containers/data", {"properties": {"publicAccess": "Blob"}})
    assert world.web.get(address).content == b"a"


def test_cors_answers_by_the_services_rules(world: World) -> None:
    account, who = world.account(service={"cors": RULES}), world.accounts.wandb_console
    world.grant(account, "Storage Blob Data Contributor", who)
    url = world.delegated(account, who, "a", "cw")

    def preflight(origin: str, method: str) -> httpx.Response:
        return world.web.options(url, headers={"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "x-ms-blob-type,content-md5"})  # fmt: skip

    good = preflight("https://wandb.example", "PUT")
    assert (good.status_code, good.headers["access-control-allow-origin"], good.headers["access-control-max-age"]) == (200, "https://wandb.example", "3000")  # fmt: skip
    assert preflight("https://elsewhere.example", "PUT").status_code == 403
    assert preflight("https://wandb.example", "DELETE").status_code == 403
    sent = world.web.put(url, content=b"a", headers={**BLOCK, "Origin": "https://wandb.example"})
    assert sent.headers["access-control-allow-origin"] == "https://wandb.example"
    assert "etag" in sent.headers["access-control-expose-headers"].lower()
    assert "access-control-allow-origin" not in world.web.put(url, content=b"a", headers={**BLOCK, "Origin": "https://elsewhere.example"}).headers  # fmt: skip
    found = world.blobs(account, world.key(account)).get_service_properties()["cors"][0]
    assert (found.allowed_origins, found.exposed_headers) == ("https://wandb.example", "*")


def test_network_rules(world: World) -> None:
    account = world.account()
    blob = world.blobs(account, world.key(account)).get_blob_client("data", "a")
    blob.upload_blob(b"a")
    world.done("PATCH", account, {"properties": {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "192.0.2.1", "action": "Allow"}]}}})  # fmt: skip
    assert refused(lambda: blob.download_blob()) == (403, "AuthorizationFailure")
    world.done("PATCH", account, {"properties": {"networkAcls": {"ipRules": [{"value": "127.0.0.1", "action": "Allow"}]}}})  # fmt: skip
    assert blob.download_blob().readall() == b"a"
    world.done("PATCH", account, {"properties": {"publicNetworkAccess": "Disabled"}})
    assert refused(lambda: blob.download_blob()) == (403, "AuthorizationFailure")


def test_what_is_not_carried_out_says_so(world: World) -> None:
    account = world.account()
    blobs = world.blobs(account, world.key(account))
    blobs.get_blob_client("data", "a").upload_blob(b"a")
    assert refused(lambda: blobs.get_container_client("data").delete_blobs("a"))[0] == 501
    assert refused(lambda: blobs.set_service_properties(cors=[]))[0] == 501
    assert refused(lambda: blobs.get_blob_client("data", "b").start_copy_from_url("https://elsewhere.example/x"))[0] == 501  # fmt: skip
    assert blobs.get_blob_client("data", "a").download_blob().readall() == b"a"
