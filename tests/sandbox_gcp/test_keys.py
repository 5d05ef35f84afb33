"""Cloud KMS, and Cloud Storage's own account that uses keys for a bucket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox_gcp.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gcp")]

RINGS = "projects/byob-customer/locations/europe-west1/keyRings"
AGENT = "serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def key(world: World, ring: str, agent: bool = True, **settings: Any) -> str:
    assert world.call("POST", RINGS, {}, keyRingId=ring).status_code == 200
    made = world.call("POST", f"{RINGS}/{ring}/cryptoKeys", {"purpose": "ENCRYPT_DECRYPT", **settings}, cryptoKeyId="k")
    assert made.status_code == 200, made.text
    name: str = made.json()["name"]
    if agent:
        allow(world, name)
    return name


def allow(world: World, name: str, *members: str) -> None:
    done = world.call(
        "POST", f"{name}:setIamPolicy", {"policy": {"bindings": [{"role": USE, "members": list(members or (AGENT,))}]}}
    )
    assert done.status_code == 200, done.text


def test_a_key(world: World) -> None:
    name = key(world, "plain", rotationPeriod="7776000s", nextRotationTime="2027-02-22T00:00:00Z", destroyScheduledDuration="2592000s", labels={"a": "b"})  # fmt: skip
    found = world.call("GET", name).json()
    assert found.pop("createTime")
    primary = found.pop("primary")
    assert found == {
        "name": f"{RINGS}/plain/cryptoKeys/k", "purpose": "ENCRYPT_DECRYPT", "rotationPeriod": "7776000s", "nextRotationTime": "2027-02-22T00:00:00Z",
        "destroyScheduledDuration": "2592000s", "labels": {"a": "b"},
        "versionTemplate": {"protectionLevel": "SOFTWARE", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"},
    }  # fmt: skip
    assert (primary["name"], primary["state"]) == (f"{name}/cryptoKeyVersions/1", "ENABLED")
    assert world.call("POST", RINGS, {}, keyRingId="plain").status_code == 409
    assert (
        world.call("POST", f"{RINGS}/plain/cryptoKeys", {"purpose": "ENCRYPT_DECRYPT"}, cryptoKeyId="k").status_code
        == 409
    )
    assert world.call("DELETE", name).status_code == 501, "a key is never deleted"


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"rotationPeriod": "7776000s"}, 400),
        ({"rotationPeriod": "60s", "nextRotationTime": "2027-01-01T00:00:00Z"}, 400),
        ({"rotationPeriod": "90 days", "nextRotationTime": "2027-01-01T00:00:00Z"}, 400),
        ({"destroyScheduledDuration": "3600s"}, 400),
        ({"destroyScheduledDuration": "10454400s"}, 400),
        ({"purpose": "MAC"}, 501),
    ],
)
def test_a_key_is_refused(world: World, settings: dict[str, Any], status: int) -> None:
    world.call("POST", RINGS, {}, keyRingId="refused")
    body = {"purpose": "ENCRYPT_DECRYPT", **settings}
    assert world.call("POST", f"{RINGS}/refused/cryptoKeys", body, cryptoKeyId="bad").status_code == status
    assert world.call("GET", f"{RINGS}/refused/cryptoKeys/bad").status_code == 404


def test_rotation_is_changed_and_taken_off(world: World) -> None:
    name = key(world, "rotating", rotationPeriod="7776000s", nextRotationTime="2027-02-22T00:00:00Z")
    world.call("PATCH", name, {"rotationPeriod": "8640000s", "nextRotationTime": "2027-03-22T00:00:00Z"}, updateMask="rotationPeriod,nextRotationTime")  # fmt: skip
    assert world.call("GET", name).json()["rotationPeriod"] == "8640000s"
    world.call("PATCH", name, {}, updateMask="rotation_period,next_rotation_time")
    assert "rotationPeriod" not in world.call("GET", name).json()
    assert world.call("PATCH", name, {"purpose": "MAC"}, updateMask="purpose").status_code == 400


def test_strangers_have_no_right_on_a_key(world: World) -> None:
    name = key(world, "foreign")
    for who in (world.accounts.stranger, world.accounts.wandb_dedicated):
        answers = [
            world.call("GET", name, who=who),
            world.call("GET", f"{name}:getIamPolicy", who=who),
            world.call("POST", f"{name}:setIamPolicy", {"policy": {"bindings": []}}, who),
            world.call("POST", f"{name}/cryptoKeyVersions/1:destroy", {}, who),
            world.call("POST", RINGS, {}, who, keyRingId="theirs"),
        ]
        assert [a.status_code for a in answers] == [403] * 5
    assert world.anonymous().get(f"{world.server.apis}/v1/{name}").status_code == 401


def test_a_bucket_needs_a_key_that_cloud_storage_may_use(world: World) -> None:
    name = key(world, "for-bucket", agent=False)
    body = {"name": "needs-a-key", "location": "europe-west1", "encryption": {"defaultKmsKeyName": name}}
    refused = world.call("POST", "b", body, project="byob-customer")
    assert refused.status_code == 403
    assert "Permission denied on Cloud KMS key" in refused.json()["error"]["message"]
    assert world.call("GET", "b/needs-a-key").status_code == 404
    allow(world, name, world.accounts.deployer.member)
    assert world.call("POST", "b", body, project="byob-customer").status_code == 403, "its maker's right does not help"
    allow(world, name)
    assert world.call("POST", "b", body, project="byob-customer").status_code == 200
    missing = {**body, "name": "no-key", "encryption": {"defaultKmsKeyName": name + "2"}}
    assert world.call("POST", "b", missing, project="byob-customer").status_code == 403


def test_an_object_is_lost_with_its_key_and_comes_back_with_it(world: World) -> None:
    name = key(world, "disabled-later")
    bucket = world.bucket(encryption={"defaultKmsKeyName": name})
    who, session = world.accounts.wandb_dedicated, world.anonymous()
    world.grant(bucket, who, "roles/storage.objectUser")
    assert session.put(world.url(who, "PUT", bucket, "secret"), data=b"data").status_code == 200
    assert world.client().bucket(bucket).get_blob("secret").kms_key_name == f"{name}/cryptoKeyVersions/1"

    def seen() -> tuple[int, int, int]:
        blob = world.client().bucket(bucket).get_blob("secret")
        assert blob is not None, "its metadata can still be read"
        return (
            session.get(world.url(who, "GET", bucket, "secret")).status_code,
            session.put(world.url(who, "PUT", bucket, "more"), data=b"x").status_code,
            world.session(who).get(f"{world.server.storage}/storage/v1/b/{bucket}/o/secret?alt=media").status_code,
        )

    assert seen() == (200, 200, 200)
    version = f"{name}/cryptoKeyVersions/1"
    for break_it, mend_it, status in (
        (lambda: world.call("PATCH", version, {"state": "DISABLED"}, updateMask="state"), lambda: world.call("PATCH", version, {"state": "ENABLED"}, updateMask="state"), 400),
        (lambda: world.call("POST", f"{version}:destroy", {}), lambda: (world.call("POST", f"{version}:restore", {}), world.call("PATCH", version, {"state": "ENABLED"})), 400),
        (lambda: allow(world, name, world.accounts.deployer.member), lambda: allow(world, name), 403),
    ):  # fmt: skip
        break_it()
        assert seen() == (status, status, status)
        mend_it()
        assert seen() == (200, 200, 200)


def test_a_destroyed_version_is_scheduled_with_its_date(world: World) -> None:
    name = key(world, "scheduled", destroyScheduledDuration="2592000s")
    done = world.call("POST", f"{name}/cryptoKeyVersions/1:destroy", {}).json()
    assert done["state"] == "DESTROY_SCHEDULED"
    assert done["destroyTime"] > done["createTime"]
    assert world.call("POST", f"{name}/cryptoKeyVersions/1:destroy", {}).status_code == 400


def test_objects_keep_the_version_they_were_written_with(world: World) -> None:
    name = key(world, "rotated")
    bucket = world.bucket(encryption={"defaultKmsKeyName": name})
    blobs = world.client().bucket(bucket)
    blobs.blob("old").upload_from_string("x")
    world.call("POST", f"{name}/cryptoKeyVersions", {})
    world.call("POST", f"{name}:updatePrimaryVersion", {"cryptoKeyVersionId": "2"})
    blobs.blob("new").upload_from_string("x")
    assert [blobs.get_blob(n).kms_key_name[-1] for n in ("old", "new")] == ["1", "2"]
    world.call("POST", f"{name}/cryptoKeyVersions/1:destroy", {})
    read = [
        world.session(world.accounts.deployer).get(f"{world.server.storage}/{bucket}/{n}").status_code
        for n in ("old", "new")
    ]
    assert read == [400, 200]
