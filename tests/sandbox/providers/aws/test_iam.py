"""IAM types through their whole life, and what is special about them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import ACCOUNT, Life, by_key, live, policy
from tests.sandbox.providers.caller import UNKNOWN, Refusal, secret

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("aws-handlers")]

TRUST = policy("sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
TRUST_SERVICE = policy("sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})
READ = policy("s3:GetObject", Resource="*")
WRITE = policy("s3:PutObject", Resource="*")


def _user(world: World, name: str) -> str:
    world.client("iam").create_user(UserName=name)
    return name


def _role(world: World, name: str) -> str:
    world.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    return name


def _policy(world: World, name: str) -> str:
    made: str = world.client("iam").create_policy(PolicyName=name, PolicyDocument=json.dumps(READ))["Policy"]["Arn"]
    return made


def _managed(world: World, arn: str) -> Any:
    iam = world.client("iam")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


LIVES = {
    "user": Life(
        "aws:iam/user:User",
        lambda w: {"name": "life-user", "path": "/wandb/", "tags": {"a": "1"}},
        {"tags": {"b": "2"}},
        lambda w, t: (
            w.client("iam").get_user(UserName=t.id)["User"]["Path"],
            by_key(w.client("iam").list_user_tags(UserName=t.id)["Tags"]),
        ),
        ("/wandb/", {"a": "1"}),
        ("/wandb/", {"b": "2"}),
        "NoSuchEntity",
        {"forceDestroy": False},
    ),
    "user policy": Life(
        "aws:iam/userPolicy:UserPolicy",
        lambda w: {"user": _user(w, "life-user-policy"), "name": "reads", "policy": json.dumps(READ)},
        {"policy": json.dumps(WRITE)},
        lambda w, t: w.client("iam").get_user_policy(UserName="life-user-policy", PolicyName="reads")["PolicyDocument"],
        READ,
        WRITE,
        "NoSuchEntity",
    ),
    "access key": Life(
        "aws:iam/accessKey:AccessKey",
        lambda w: {"user": _user(w, "life-access-key")},
        {"status": "Inactive"},
        lambda w, t: [
            k["Status"] for k in w.client("iam").list_access_keys(UserName="life-access-key")["AccessKeyMetadata"]
        ],
        ["Active"],
        ["Inactive"],
        [],
    ),
    "role": Life(
        "aws:iam/role:Role",
        lambda w: {"name": "life-role", "assumeRolePolicy": json.dumps(TRUST), "description": "one"},
        {"assumeRolePolicy": json.dumps(TRUST_SERVICE), "maxSessionDuration": 7200, "description": "two"},
        lambda w, t: [
            w.client("iam").get_role(RoleName=t.id)["Role"][k]
            for k in ("Description", "MaxSessionDuration", "AssumeRolePolicyDocument")
        ],
        ["one", 3600, TRUST],
        ["two", 7200, TRUST_SERVICE],
        "NoSuchEntity",
        {"forceDetachPolicies": False},
    ),
    "role policy": Life(
        "aws:iam/rolePolicy:RolePolicy",
        lambda w: {"role": _role(w, "life-role-policy"), "name": "reads", "policy": json.dumps(READ)},
        {"policy": json.dumps(WRITE)},
        lambda w, t: w.client("iam").get_role_policy(RoleName="life-role-policy", PolicyName="reads")["PolicyDocument"],
        READ,
        WRITE,
        "NoSuchEntity",
    ),
    "policy": Life(
        "aws:iam/policy:Policy",
        lambda w: {"name": "life-managed", "policy": json.dumps(READ)},
        {"policy": json.dumps(WRITE), "tags": {"a": "1"}},
        lambda w, t: _managed(w, t.id),
        READ,
        WRITE,
        "NoSuchEntity",
    ),
    "user policy attachment": Life(
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        lambda w: {"user": _user(w, "life-attached"), "policyArn": _policy(w, "life-attached")},
        {},
        lambda w, t: [
            p["PolicyName"]
            for p in w.client("iam").list_attached_user_policies(UserName="life-attached")["AttachedPolicies"]
        ],
        ["life-attached"],
        ["life-attached"],
        [],
    ),
    "role policy attachment": Life(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        lambda w: {"role": _role(w, "life-attached"), "policyArn": _policy(w, "life-attached-role")},
        {},
        lambda w, t: [
            p["PolicyName"]
            for p in w.client("iam").list_attached_role_policies(RoleName="life-attached")["AttachedPolicies"]
        ],
        ["life-attached-role"],
        ["life-attached-role"],
        [],
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_life(world: World, name: str) -> None:
    live(LIVES[name], world)


USER, ACCESS_KEY = "aws:iam/user:User", "aws:iam/accessKey:AccessKey"


def test_the_secret_of_an_access_key_is_told_once_and_stays_hidden(world: World) -> None:
    user = _user(world, "hidden-key")
    made = world.caller.create(ACCESS_KEY, "k", {"user": user})
    value = made.outputs["secret"]["value"]
    assert made.outputs["secret"] == secret(value)
    assert len(value) > 20
    found = world.caller.read(made)
    assert found is not None
    assert found.outputs["secret"] == secret(value), "a refresh keeps what cannot be read again"
    off = world.caller.update(made, {"user": user, "status": "Inactive"})
    assert off.outputs["secret"] == secret(value)
    assert str(off.outputs).count(value) == 1
    planned = world.caller.update(made, {"user": user, "status": "Inactive"}, preview=True)
    assert planned.outputs["secret"] == secret(value)
    imported = world.caller.imported(ACCESS_KEY, made.id)
    assert imported is not None
    assert imported.inputs["user"] == user
    assert "secret" not in imported.outputs


def test_an_access_key_that_does_not_exist_yet_has_an_unknown_secret(world: World) -> None:
    planned = world.caller.preview(ACCESS_KEY, "k", {"user": UNKNOWN})
    assert planned["user"] == UNKNOWN
    assert planned["secret"] == secret(UNKNOWN)


def test_a_user_with_keys_goes_only_by_force(world: World) -> None:
    iam = world.client("iam")
    made = world.caller.create(USER, "kept", {"name": "kept"})
    iam.create_access_key(UserName="kept")
    iam.put_user_policy(UserName="kept", PolicyName="p", PolicyDocument=json.dumps(READ))
    with pytest.raises(Refusal, match=r"deleting IAM User \(kept\): .*DeleteConflict"):
        world.caller.delete(made)
    forced = world.caller.update(made, {"name": "kept", "forceDestroy": True})
    world.caller.delete(forced)
    assert [u["UserName"] for u in iam.list_users()["Users"] if u["UserName"] == "kept"] == []


def test_names_of_users(world: World) -> None:
    filled, _ = world.caller.check(USER, "Vision", {})
    assert filled["name"] == "Vision-abababa"
    _, failures = world.caller.check(USER, "x", {"name": "two words", "path": "no-slash"})
    assert list(failures) == ["name", "path"]
    _, failures = world.caller.check(USER, "x", {"name": "b"}, {"name": "a"})
    assert failures == {"name": "renaming a user is a real update, but not carried out by this stand-in"}
    _, failures = world.caller.check(USER, "x" * 60, {})
    assert failures == {"name": f"'{'x' * 60}-abababa' is longer than 64 characters"}


def test_an_inline_policy_is_found_by_owner_and_name_only(world: World) -> None:
    with pytest.raises(Refusal, match="the id of an IAM User Policy is <user>:<policy name>, not 'no-colon'"):
        world.caller.imported("aws:iam/userPolicy:UserPolicy", "no-colon")


def test_a_managed_policy_makes_room_for_its_sixth_version(world: World) -> None:
    made = world.caller.create("aws:iam/policy:Policy", "versions", {"name": "versions", "policy": json.dumps(READ)})
    for i in range(5):
        made = world.caller.update(made, {"name": "versions", "policy": json.dumps(policy(f"s3:Get{i}", Resource="*"))})
    versions = world.client("iam").list_policy_versions(PolicyArn=made.id)["Versions"]
    assert sorted(v["VersionId"] for v in versions) == ["v2", "v3", "v4", "v5", "v6"]
    assert _managed(world, made.id)["Statement"][0]["Action"] == ["s3:Get4"]
    world.caller.delete(made)
