"""KMS types through their whole life, and what is special about them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import ACCOUNT, Life, live, policy

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("aws-handlers")]

KEY_POLICY = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Resource": "*"}


def _key(world: World, id: str) -> Any:
    kms = world.client("kms")
    found = kms.describe_key(KeyId=id)["KeyMetadata"]
    tags = {t["TagKey"]: t["TagValue"] for t in kms.list_resource_tags(KeyId=id)["Tags"]}
    rotation = kms.get_key_rotation_status(KeyId=id) if found["KeyState"] == "Enabled" else {}
    return found["KeyState"], found["Description"], rotation.get("RotationPeriodInDays"), tags


LIVES = {
    "key": Life(
        "aws:kms/key:Key",
        lambda w: {
            "description": "one",
            "deletionWindowInDays": 7,
            "enableKeyRotation": True,
            "rotationPeriodInDays": 180,
            "policy": json.dumps(policy("kms:*", **KEY_POLICY)),
            "tags": {"a": "1"},
        },
        {"description": "two", "rotationPeriodInDays": 365, "tags": {"b": "2"}},
        lambda w, t: _key(w, t.id),
        ("Enabled", "one", 180, {"a": "1"}),
        ("Enabled", "two", 365, {"b": "2"}),
        ("PendingDeletion", "two", None, {"b": "2"}),
        {"bypassPolicyLockoutSafetyCheck": False},
        ("deletionWindowInDays",),
    ),
    "alias": Life(
        "aws:kms/alias:Alias",
        lambda w: {"name": "alias/life", "targetKeyId": w.key()},
        {},
        lambda w, t: [a["AliasName"] for a in w.client("kms").list_aliases()["Aliases"] if a["AliasName"] == t.id],
        ["alias/life"],
        ["alias/life"],
        [],
    ),
    "grant": Life(
        "aws:kms/grant:Grant",
        lambda w: {
            "keyId": w.key(),
            "name": "life",
            "granteePrincipal": "arn:aws:iam::830241207209:root",
            "operations": ["Encrypt", "Decrypt"],
        },
        {"retireOnDelete": False},
        lambda w, t: [
            (g["GranteePrincipal"], g["Operations"])
            for g in w.client("kms").list_grants(KeyId=t.id.split(":")[0])["Grants"]
        ],
        [("arn:aws:iam::830241207209:root", ["Encrypt", "Decrypt"])],
        [("arn:aws:iam::830241207209:root", ["Encrypt", "Decrypt"])],
        [],
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_life(world: World, name: str) -> None:
    live(LIVES[name], world)
