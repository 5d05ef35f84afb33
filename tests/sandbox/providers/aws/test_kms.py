"""KMS types through their whole life, and what is special about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import ACCOUNT, Life, live, policy
from tests.sandbox.providers.caller import SIGNATURE, Refusal, changed

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


KEY, ALIAS, GRANT = "aws:kms/key:Key", "aws:kms/alias:Alias", "aws:kms/grant:Grant"


def test_a_key_pending_deletion_is_gone_and_deleting_it_again_is_no_failure(world: World) -> None:
    made = world.caller.create(KEY, "doomed", {"deletionWindowInDays": 7})
    world.caller.delete(made)
    state = world.client("kms").describe_key(KeyId=made.id)["KeyMetadata"]
    assert state["KeyState"] == "PendingDeletion"
    assert 6 <= (state["DeletionDate"] - datetime.now(UTC)).days <= 7
    assert world.caller.read(made) is None
    assert world.caller.imported(KEY, made.id) is None
    world.caller.delete(made)


def test_a_key_is_switched_off_and_on(world: World) -> None:
    made = world.caller.create(KEY, "switched", {"isEnabled": False, "enableKeyRotation": True})
    kms = world.client("kms")
    assert kms.describe_key(KeyId=made.id)["KeyMetadata"]["KeyState"] == "Disabled"
    made = world.caller.update(made, {"isEnabled": True})
    assert kms.describe_key(KeyId=made.id)["KeyMetadata"]["KeyState"] == "Enabled"
    assert kms.get_key_rotation_status(KeyId=made.id)["KeyRotationEnabled"] is False


def test_a_key_whose_policy_shuts_out_who_made_it_is_half_made_or_refused(world: World) -> None:
    shut = policy("kms:Decrypt", Principal={"AWS": "arn:aws:iam::830241207209:root"}, Resource="*")
    with pytest.raises(Refusal) as refused:
        world.caller.create(KEY, "shut", {"policy": json.dumps(shut), "enableKeyRotation": True})
    half = refused.value.half
    assert half is not None, "the key exists: the state must know it"
    assert half.id
    assert "AccessDenied" in half.reasons[0]


def test_the_key_is_asked_for_its_policy_only_when_the_program_is_silent(world: World) -> None:
    made = world.caller.create(KEY, "silent", {})
    assert "policy" not in made.inputs
    told = json.loads(made.outputs["policy"])
    assert told["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert changed(world.caller.diff(made, {})) == {}
    assert changed(world.caller.diff(made, {"policy": made.outputs["policy"]})) == {}


@pytest.mark.parametrize(
    ("given", "where"),
    [({"deletionWindowInDays": 6}, "deletionWindowInDays"), ({"rotationPeriodInDays": 89}, "rotationPeriodInDays"), ({"keyUsage": "ALL"}, "keyUsage")],
)  # fmt: skip
def test_bad_key_settings_fail_before_any_call(world: World, given: dict[str, Any], where: str) -> None:
    _, failures = world.caller.check(KEY, "bad", given)
    assert list(failures) == [where]


def test_an_alias_is_named_moved_to_another_key_and_never_called_aws(world: World) -> None:
    filled, _ = world.caller.check(ALIAS, "Vision", {"targetKeyId": "k"})
    assert filled["name"] == "alias/Vision-abababa"
    first, second = world.key(), world.key()
    made = world.caller.create(ALIAS, "moves", {"name": "alias/moves", "targetKeyId": first})
    assert made.outputs["targetKeyArn"] == f"arn:aws:kms:eu-west-1:111122223333:key/{first}"
    by_arn = {"name": "alias/moves", "targetKeyId": f"arn:aws:kms:eu-west-1:111122223333:key/{first}"}
    assert changed(world.caller.diff(made, by_arn)) == {}
    moved = world.caller.update(made, {"name": "alias/moves", "targetKeyId": second})
    assert moved.outputs["targetKeyArn"].endswith(second)
    assert changed(world.caller.diff(moved, {"name": "alias/other", "targetKeyId": second})) == {"name": "UPDATE_REPLACE"}  # fmt: skip
    for name in ("vision", "alias/aws/s3", "alias/with space"):
        _, failures = world.caller.check(ALIAS, "bad", {"name": name, "targetKeyId": "k"})
        assert list(failures) == ["name"]


def test_a_grant_is_replaced_by_every_change_and_its_token_is_secret(world: World) -> None:
    asked = {"keyId": world.key(), "granteePrincipal": "arn:aws:iam::830241207209:root", "operations": ["Decrypt", "Encrypt"]}  # fmt: skip
    made = world.caller.create(GRANT, "w", asked)
    key, grant = made.id.split(":")
    assert (key, grant) == (asked["keyId"], made.outputs["grantId"])
    assert SIGNATURE in made.outputs["grantToken"]
    assert changed(world.caller.diff(made, {**asked, "operations": ["Encrypt", "Decrypt"]})) == {}
    assert changed(world.caller.diff(made, {**asked, "operations": ["Decrypt"]})) == {"operations": "UPDATE_REPLACE"}
    world.client("kms").revoke_grant(KeyId=key, GrantId=grant)
    assert world.caller.read(made) is None
