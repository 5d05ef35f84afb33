"""IAM types through their whole life, and what is special about them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import ACCOUNT, Life, by_key, live, policy

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
