"""Versions, deleted blobs and deleted containers: what was overwritten or deleted can be got back, as long as the account keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox_azure.conftest import World, refused

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]

SOFT = {"deleteRetentionPolicy": {"enabled": True, "days": 7}}
BOTH = {**SOFT, "isVersioningEnabled": True}
CONTAINERS = {"containerDeleteRetentionPolicy": {"enabled": True, "days": 30}}


def client(world: World, service: dict[str, Any]) -> tuple[str, Any]:
    account = world.account(service=service)
    return account, world.blobs(account, world.key(account))


def listed(blobs: Any, *include: str) -> list[tuple[str, bool, bool]]:
    """Name, whether it is the current version, whether it is deleted."""
    found = blobs.get_container_client("data").list_blobs(include=list(include))
    return [(one.name, bool(one.is_current_version), bool(one.deleted)) for one in found]


def test_each_write_leaves_a_version(world: World) -> None:
    _, blobs = client(world, BOTH)
    blob = blobs.get_blob_client("data", "run/ä b")
    first = blob.upload_blob(b"one", metadata={"n": "1"}, content_settings=None)["version_id"]
    second = blob.upload_blob(b"two!", overwrite=True)["version_id"]
    assert first < second
    assert blob.get_blob_properties().version_id == second
    assert blob.get_blob_properties().is_current_version is True
    assert blob.download_blob(version_id=first).readall() == b"one"
    assert blob.download_blob(version_id=first, offset=1, length=1).readall() == b"n"
    assert blob.download_blob(version_id=second).readall() == b"two!"
    old = blobs.get_blob_client("data", "run/ä b", version_id=first).get_blob_properties()
    assert (old.size, old.metadata, old.version_id, old.copy.id) == (3, {"n": "1"}, first, None)
    blob.set_blob_metadata({"n": "3"})
    assert [one[1] for one in listed(blobs, "versions")] == [False, False, True]
    assert listed(blobs) == [("run/ä b", False, False)]
    blob.stage_block("AAAA", b"three")
    assert len(listed(blobs, "versions")) == 3, "a staged block changes nothing yet"
    blob.commit_block_list(["AAAA"])
    assert len(listed(blobs, "versions")) == 4
    assert refused(lambda: blob.download_blob(version_id="2020-01-01T00:00:00.0000000Z"))[0] == 404


def test_what_is_deleted_stays_as_a_version_and_comes_back_by_a_copy(world: World) -> None:
    _, blobs = client(world, BOTH)
    blob = blobs.get_blob_client("data", "a")
    blob.upload_blob(b"one")
    last = blob.upload_blob(b"two", overwrite=True)["version_id"]
    blob.delete_blob()
    assert refused(lambda: blob.download_blob())[0] == 404
    assert listed(blobs) == []
    assert listed(blobs, "versions") == [("a", False, False), ("a", False, False)]
    assert blob.download_blob(version_id=last).readall() == b"two"
    blob.start_copy_from_url(f"{blob.url}?versionid={last}")
    assert blob.download_blob().readall() == b"two"
    assert listed(blobs, "versions")[-1] == ("a", True, False)


def test_a_deleted_version_comes_back_by_undelete(world: World) -> None:
    account, blobs = client(world, BOTH)
    blob = blobs.get_blob_client("data", "a")
    first = blob.upload_blob(b"one")["version_id"]
    current = blob.upload_blob(b"two", overwrite=True)["version_id"]
    who = world.accounts.wandb_console
    world.grant(account, "Storage Blob Data Contributor", who)
    theirs = world.blobs(account, who).get_blob_client("data", "a")
    assert theirs.download_blob(version_id=first).readall() == b"one"
    assert refused(lambda: theirs.delete_blob(version_id=first)) == (403, "AuthorizationPermissionMismatch"), "W&B's role deletes no version"  # fmt: skip
    assert refused(lambda: blob.delete_blob(version_id=current))[0] == 403
    blob.delete_blob(version_id=first)
    assert refused(lambda: blob.download_blob(version_id=first))[0] == 404
    assert listed(blobs, "versions") == [("a", True, False)]
    assert listed(blobs, "versions", "deleted") == [("a", False, True), ("a", True, False)]
    blob.undelete_blob()
    assert blob.download_blob(version_id=first).readall() == b"one"


def test_without_versions_a_deleted_blob_comes_back_itself(world: World) -> None:
    _, blobs = client(world, SOFT)
    blob = blobs.get_blob_client("data", "a")
    blob.upload_blob(b"one", metadata={"n": "1"})
    blob.delete_blob()
    assert refused(lambda: blob.download_blob())[0] == 404
    (gone,) = blobs.get_container_client("data").list_blobs(include=["deleted"])
    assert (gone.name, gone.deleted, gone.remaining_retention_days, gone.version_id, gone.size) == ("a", True, 7, None, 3)  # fmt: skip
    blob.undelete_blob()
    assert blob.download_blob().readall() == b"one"
    assert blob.get_blob_properties().metadata == {"n": "1"}
    assert listed(blobs, "deleted") == [("a", False, False)]
    assert refused(lambda: blobs.get_blob_client("data", "never").undelete_blob())[0] == 404


def test_where_nothing_is_kept_nothing_comes_back(world: World) -> None:
    _, blobs = client(world, {})
    blob = blobs.get_blob_client("data", "a")
    assert blob.upload_blob(b"one").get("version_id") is None
    blob.delete_blob()
    assert listed(blobs, "versions", "deleted") == []
    assert refused(lambda: blob.undelete_blob())[0] == 404


def test_a_refused_write_leaves_nothing(world: World) -> None:
    _, blobs = client(world, BOTH)
    blob = blobs.get_blob_client("data", "a")
    blob.upload_blob(b"one")
    assert refused(lambda: blob.upload_blob(b"two"))[0] == 409, "it exists"
    stranger = world.web.put(blob.url, content=b"x", headers={"x-ms-blob-type": "BlockBlob"})
    assert stranger.status_code == 409
    assert listed(blobs, "versions", "deleted") == [("a", True, False)]


def test_prefixes_and_delimiters(world: World) -> None:
    _, blobs = client(world, BOTH)
    for name in ("a/1", "a/2", "b/1"):
        blobs.get_blob_client("data", name).upload_blob(b"1")
        blobs.get_blob_client("data", name).upload_blob(b"2", overwrite=True)
    container = blobs.get_container_client("data")
    assert [one.name for one in container.list_blobs(name_starts_with="a/", include=["versions"])] == ["a/1", "a/1", "a/2", "a/2"]  # fmt: skip
    assert [one.name for one in container.walk_blobs(delimiter="/")] == ["a/", "b/"]


def test_a_deleted_container_comes_back_with_all_that_was_in_it(world: World) -> None:
    account, blobs = client(world, {**BOTH, **CONTAINERS})
    blob = blobs.get_blob_client("data", "a")
    first = blob.upload_blob(b"one")["version_id"]
    blob.upload_blob(b"two", overwrite=True)
    world.done("DELETE", f"{account}/blobServices/default/containers/data")
    assert [one.name for one in blobs.list_containers()] == []
    assert refused(lambda: blob.download_blob()) == (404, "ContainerNotFound")
    assert world.code("GET", f"{account}/blobServices/default/containers/data")[0] == 404
    (gone,) = blobs.list_containers(include_deleted=True)
    assert (gone.name, gone.deleted) == ("data", True)
    assert refused(lambda: blobs.undelete_container("data", "01D0"))[0] == 404
    blobs.undelete_container("data", gone.version)
    assert blob.download_blob().readall() == b"two"
    assert blob.download_blob(version_id=first).readall() == b"one"
    blobs.delete_container("data")
    blobs.create_container("data")
    assert listed(blobs, "versions") == [], "a new container of the name is empty"


def test_without_retention_a_container_is_gone(world: World) -> None:
    _, blobs = client(world, BOTH)
    blobs.get_blob_client("data", "a").upload_blob(b"one")
    blobs.delete_container("data")
    assert list(blobs.list_containers(include_deleted=True)) == []
    assert refused(lambda: blobs.delete_container("data")) == (404, "ContainerNotFound")


def test_what_the_gate_keeps_is_nobodys_to_see(world: World) -> None:
    _, blobs = client(world, BOTH)
    blob = blobs.get_blob_client("data", "a")
    blob.upload_blob(b"one")
    blob.upload_blob(b"two", overwrite=True)
    assert [one.name for one in blobs.list_containers()] == ["data"]
    hidden = blobs.get_container_client("byob-local-cloud-versions")
    assert refused(lambda: list(hidden.list_blobs())) == (404, "ContainerNotFound")
    assert refused(lambda: hidden.create_container())[0] == 400
    assert refused(lambda: hidden.delete_container())[0] == 404
