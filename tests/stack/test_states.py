"""The states of a team: what is registered when it is suspended or released, alone and in a shared store."""

from __future__ import annotations

from typing import Any

from byob_components.stack import build, load
from tests.stack.recording import Recording, record

TEAM = {"deployment": "dedicated", "level": "team"}
GRANT = "WAndBAccountAccess"


def built(teams: dict[str, Any], stores: dict[str, Any] | None = None) -> Recording:
    settings = load({**TEAM, "teams": teams, "stores": stores or {}})
    return record(lambda: build(settings))


def test_an_active_team_is_protected_and_has_the_grant() -> None:
    made = built({"vision": {"state": "active"}})
    bucket = made.of("Bucket")["vision"]
    assert (bucket.protect, bucket.retain_on_delete, bucket.ignore_changes) == (True, None, ())
    assert GRANT in made.policy("vision")


def test_a_suspended_team_loses_the_grant_and_nothing_else() -> None:
    active, made = built({"vision": {}}), built({"vision": {"state": "suspended"}})
    assert made.resources.keys() == active.resources.keys()
    assert made.policy("vision").keys() == active.policy("vision").keys() - {GRANT}
    assert made.of("Bucket")["vision"].protect is True
    changed = {urn for urn, one in made.resources.items() if one.inputs != active.resources[urn].inputs}
    assert changed == {
        "aws:s3/bucketPolicy:BucketPolicy::vision",
        "aws:kms/key:Key::vision",
    }
    assert "830241207209" not in made.inputs("Key", "vision")["policy"]
    vision = made.outputs["teams"]["vision"]
    assert vision["storageAddresses"] == {"/": "s3://vision-a1b2c3d"}
    assert vision["principals"] == []
    assert (
        "every path is suspended: the data is kept, and W&B cannot use the store" in vision["handoffs"]["/"]["warnings"]
    )


def test_a_suspended_team_with_several_paths_and_a_credential() -> None:
    made = built({"vision": {"state": "suspended", "paths": ["a", "b"], "credentialKeys": ["one", "two"]}})
    assert GRANT not in made.policy("vision")
    keys = made.of("AccessKey")
    assert {name: key.inputs["status"] for name, key in keys.items()} == {
        "vision-one": "Inactive",
        "vision-two": "Inactive",
    }


def test_a_suspended_team_in_a_shared_store_leaves_the_others_their_paths() -> None:
    shared = {"language": {"access": "minimal"}}
    teams: dict[str, Any] = {
        "speech": {"store": "language", "path": "speech"},
        "translation": {"store": "language", "path": "translation", "state": "suspended"},
    }
    made = built(teams, shared)
    granted = [s["Resource"] for s in made.policy("language").values() if s["Effect"] == "Allow"]
    bucket = "arn:aws:s3:::language-a1b2c3d"
    assert sorted(map(str, granted)) == sorted([bucket, f"['{bucket}/speech/*']"])
    # Address and hand-off stay, and the hand-off says so.
    translation = made.outputs["teams"]["translation"]
    assert translation["storageAddresses"] == {"translation": "s3://language-a1b2c3d/translation"}
    told = "suspended, the data is kept and W&B cannot use it: translation"
    assert told in translation["handoffs"]["translation"]["warnings"]


def test_a_released_team_is_let_go_and_left_alone() -> None:
    active, made = built({"vision": {}}), built({"vision": {"state": "released"}})
    assert made.resources.keys() == active.resources.keys()
    children = [r for r in made.resources.values() if r.type.startswith("aws:")]
    assert len(children) == 10
    assert {(r.protect, r.retain_on_delete, r.ignore_changes) for r in children} == {(False, True, ("*",))}
    # The inputs stay as they were: nothing is to change in the cloud.
    assert {urn: r.inputs for urn, r in made.resources.items()} == {
        urn: r.inputs for urn, r in active.resources.items()
    }
    loosened = made.outputs["teams"]["vision"]["handoffs"]["/"]["loosened"]
    assert len(loosened) == 1
    assert loosened[0].startswith("protection is 'released'")


def test_a_shared_store_is_released_with_all_its_teams() -> None:
    teams = {name: {"store": "language", "path": name, "state": "released"} for name in ("speech", "translation")}
    made = built(teams, {"language": {}})
    children = [r for r in made.resources.values() if r.type.startswith("aws:")]
    assert {(r.protect, r.retain_on_delete, r.ignore_changes) for r in children} == {(False, True, ("*",))}
    assert GRANT in made.policy("language")
