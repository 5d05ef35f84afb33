"""Who may what: by role, by token, by signed URL; and what a policy refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox_gcp.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gcp")]

# What is tried on a bucket with one object, in this order, and by whom: the HTTP status.
CALLS = ("read settings", "list", "read", "write new", "overwrite", "read policy", "change settings", "delete")
MATRIX = {
    "roles/storage.admin": (200, 200, 200, 200, 200, 200, 200, 204),
    "roles/storage.objectAdmin": (403, 200, 200, 200, 200, 403, 403, 204),
    "roles/storage.objectUser": (403, 200, 200, 200, 200, 403, 403, 204),
    "roles/storage.objectUser+roles/storage.legacyBucketReader": (200, 200, 200, 200, 200, 403, 403, 204),
    "roles/storage.objectViewer": (403, 200, 200, 403, 403, 403, 403, 403),
    "roles/storage.objectCreator": (403, 403, 403, 200, 403, 403, 403, 403),
    "roles/storage.legacyBucketReader": (200, 200, 403, 403, 403, 403, 403, 403),
    "roles/storage.legacyBucketOwner": (200, 200, 403, 200, 200, 200, 200, 204),
    "": (403, 403, 403, 403, 403, 403, 403, 403),
}


def tried(world: World, bucket: str, session: Any) -> tuple[int, ...]:
    api, up = f"{world.server.storage}/storage/v1/b/{bucket}", f"{world.server.storage}/upload/storage/v1/b/{bucket}/o"
    return tuple(
        answer.status_code
        for answer in (
            session.get(api),
            session.get(f"{api}/o"),
            session.get(f"{api}/o/there?alt=media"),
            session.post(up, params={"uploadType": "media", "name": "new"}, data=b"x"),
            session.post(up, params={"uploadType": "media", "name": "there"}, data=b"x"),
            session.get(f"{api}/iam"),
            session.patch(api, json={"labels": {"seen": "yes"}}),
            session.delete(f"{api}/o/there"),
        )
    )


@pytest.mark.parametrize("roles", MATRIX)
def test_a_role_on_the_bucket(world: World, roles: str) -> None:
    bucket, who = world.bucket(), world.accounts.wandb_dedicated
    world.client().bucket(bucket).blob("there").upload_from_string("data")
    if roles:
        world.grant(bucket, who, *roles.split("+"))
    assert dict(zip(CALLS, tried(world, bucket, world.session(who)), strict=True)) == dict(zip(CALLS, MATRIX[roles], strict=True))  # fmt: skip
    # Nobody else got anything by it: not another account of W&B's project, not the owner of another project.
    for other in (world.accounts.wandb_other_instance, world.accounts.stranger):
        assert set(tried(world, bucket, world.session(other))) == {403}
    assert set(tried(world, bucket, world.anonymous())) == {401}


def test_the_owner_of_the_project_may_everything(world: World) -> None:
    bucket = world.bucket()
    world.client().bucket(bucket).blob("there").upload_from_string("data")
    assert tried(world, bucket, world.session(world.accounts.deployer)) == (200, 200, 200, 200, 200, 200, 200, 204)


def test_a_condition_keeps_somebody_to_a_path(world: World) -> None:
    bucket, who = world.bucket(), world.accounts.wandb_dedicated
    under = f"resource.name.startsWith('projects/_/buckets/{bucket}/objects/vision/')"
    lists = "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('vision/')"
    world.grant(
        bucket, who, "roles/storage.objectUser", condition={"title": "vision", "expression": f"{under} || {lists}"}
    )
    session = world.anonymous()
    for name, status in (("vision/a", 200), ("visionary", 403), ("robotics/a", 403), ("a", 403)):
        assert session.put(world.url(who, "PUT", bucket, name), data=b"x").status_code == status, name
    assert session.get(world.url(who, "GET", bucket, "vision/a")).status_code == 200
    listing = f"{world.server.storage}/storage/v1/b/{bucket}/o"
    assert world.session(who).get(listing, params={"prefix": "vision/"}).status_code == 200
    assert world.session(who).get(listing, params={"prefix": "robotics/"}).status_code == 403
    assert world.session(who).get(listing).status_code == 403


def test_a_revoked_role_is_gone_for_signed_urls_too(world: World) -> None:
    bucket, who = world.bucket(), world.accounts.wandb_dedicated
    world.client().bucket(bucket).blob("there").upload_from_string("data")
    url = world.url(who, "GET", bucket, "there")
    assert world.anonymous().get(url).status_code == 403
    world.grant(bucket, who, "roles/storage.objectViewer")
    assert world.anonymous().get(url).status_code == 200
    policy = world.call("GET", f"b/{bucket}/iam").json()
    policy["bindings"] = [b for b in policy["bindings"] if who.member not in b["members"]]
    assert world.call("PUT", f"b/{bucket}/iam", policy).status_code == 200
    assert world.anonymous().get(url).status_code == 403


POLICIES = [
    ({"role": "roles/storage.admin", "members": ["serviceAccount:nobody@x.iam.gserviceaccount.com"]}, 400, "does not exist"),
    ({"role": "roles/storage.boss", "members": ["serviceAccount:{wandb}"]}, 400, "roles/storage.boss"),
    ({"role": "roles/storage.admin", "members": ["{wandb}"]}, 400, "Invalid member"),
    ({"role": "roles/storage.objectViewer", "members": ["allUsers"]}, 412, "public access prevention"),
    ({"role": "roles/storage.objectViewer", "members": ["allAuthenticatedUsers"]}, 412, "public access prevention"),
    ({"role": "roles/storage.objectViewer", "members": ["serviceAccount:{wandb}"], "condition": {"title": "t", "expression": "request.time > 1"}}, 400, "not carried out"),
    ({"role": "roles/storage.legacyBucketReader", "members": ["serviceAccount:{wandb}"], "condition": {"title": "t", "expression": "resource.name == 'x'"}}, 400, "Conditions cannot be set"),
]  # fmt: skip


@pytest.mark.parametrize(("binding", "status", "message"), POLICIES)
def test_a_policy_is_refused(world: World, binding: dict[str, Any], status: int, message: str) -> None:
    uniform = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
    bucket = world.bucket(iamConfiguration=uniform)
    members = [m.format(wandb=world.accounts.wandb_dedicated.email) for m in binding["members"]]
    before = world.call("GET", f"b/{bucket}/iam").json()
    asked = {**before, "version": 3, "bindings": [*before["bindings"], {**binding, "members": members}]}
    done = world.call("PUT", f"b/{bucket}/iam", asked)
    assert done.status_code == status
    assert message in done.json()["error"]["message"]
    assert world.call("GET", f"b/{bucket}/iam").json() == before


def test_public_access_prevention_closes_what_was_open(world: World) -> None:
    bucket = world.bucket()
    world.client().bucket(bucket).blob("there").upload_from_string("data")
    policy = world.call("GET", f"b/{bucket}/iam").json()
    policy["bindings"].append({"role": "roles/storage.objectViewer", "members": ["allUsers"]})
    assert world.call("PUT", f"b/{bucket}/iam", policy).status_code == 200
    address = f"{world.server.storage}/{bucket}/there"
    assert world.anonymous().get(address).content == b"data"
    world.call("PATCH", f"b/{bucket}", {"iamConfiguration": {"publicAccessPrevention": "enforced"}})
    closed = world.anonymous().get(address)
    assert closed.status_code == 403
    assert "<Code>AccessDenied</Code>" in closed.text


def test_a_stale_policy_is_not_written(world: World) -> None:
    bucket = world.bucket()
    old = world.call("GET", f"b/{bucket}/iam").json()
    world.grant(bucket, world.accounts.wandb_dedicated, "roles/storage.admin")
    done = world.call("PUT", f"b/{bucket}/iam", old)
    assert done.status_code == 412
    assert (
        world.session(world.accounts.wandb_dedicated).get(f"{world.server.storage}/storage/v1/b/{bucket}").status_code
        == 200
    )


def test_conditions_are_hidden_from_who_does_not_know_them(world: World) -> None:
    bucket, who = world.bucket(), world.accounts.wandb_dedicated
    world.grant(bucket, who, "roles/storage.objectUser", condition={"title": "t", "expression": "resource.name == 'x'"})
    old, now = (
        world.call("GET", f"b/{bucket}/iam").json(),
        world.call("GET", f"b/{bucket}/iam", optionsRequestedPolicyVersion=3).json(),
    )
    assert (old["version"], now["version"]) == (1, 3)
    assert [b["role"] for b in old["bindings"] if who.member in b["members"]] == ["roles/storage.objectUser_withcond_0"]
    assert [b["condition"]["title"] for b in now["bindings"] if who.member in b["members"]] == ["t"]


def test_permissions_can_be_asked_for(world: World) -> None:
    bucket, who = world.bucket(), world.accounts.wandb_dedicated
    world.grant(bucket, who, "roles/storage.objectUser", "roles/storage.legacyBucketReader")
    asked = ["storage.buckets.get", "storage.buckets.update", "storage.objects.create"]
    found = world.session(who).get(
        f"{world.server.storage}/storage/v1/b/{bucket}/iam/testPermissions", params={"permissions": asked}
    )
    assert found.json()["permissions"] == ["storage.buckets.get", "storage.objects.create"]


def test_access_lists_are_refused_on_a_uniform_bucket(world: World) -> None:
    bucket = world.bucket()
    assert "uniform bucket-level access" in world.call("GET", f"b/{bucket}/acl").json()["error"]["message"]
    url = world.url(world.accounts.deployer, "PUT", bucket, "x", headers={"x-goog-acl": "public-read"})
    assert world.anonymous().put(url, data=b"", headers={"x-goog-acl": "public-read"}).status_code == 400


def test_a_bucket_is_made_in_ones_own_project_only(world: World) -> None:
    body = {"name": "foreign-bucket", "location": "US"}
    assert world.call("POST", "b", body, world.accounts.stranger, project="byob-customer").status_code == 403
    assert world.call("POST", "b", body, world.accounts.wandb_dedicated, project="wandb-production").status_code == 403
    assert world.call("POST", "b", body, world.accounts.stranger, project="somebody-else").status_code == 200
    taken = world.call("POST", "b", body, project="byob-customer")
    assert taken.status_code == 409
    assert "not available" in taken.json()["error"]["message"]
    assert world.call("GET", "b/foreign-bucket").status_code == 403
    assert world.call("GET", "b/no-such-bucket").status_code == 404
