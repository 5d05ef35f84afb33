"""What the builders register for a configuration, under mocks: resources, providers, names and outputs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byob_components.errors import ByobError
from byob_components.stack import Settings, build, check, load
from byob_components.store import ByobRunError
from tests.stack.recording import Recording, record

TEAM = {"deployment": "dedicated", "level": "team"}
ROOT = "arn:aws:iam::830241207209:root"
ROLE = "arn:aws:iam::830241207209:role/acme-node"
STORE_KINDS = (
    "Alias",
    "AwsBucket",
    "AwsByob",
    "AwsKey",
    "Bucket",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
    "BucketOwnershipControls",
    "BucketPolicy",
    "BucketPublicAccessBlock",
    "BucketServerSideEncryptionConfiguration",
    "BucketVersioning",
    "Key",
)
OUTPUTS = {
    "storageAddresses",
    "bucketName",
    "paths",
    "region",
    "kmsKeyId",
    "principals",
    "principalsDate",
    "handoffs",
    "serverEnv",
    "serverSecrets",
}


def whole(*names: str) -> list[str]:
    """The registrations of whole stores with these names."""
    return sorted(f"{kind} {name}" for name in names for kind in STORE_KINDS)


def built(config: dict[str, Any], secret_keys: tuple[str, ...] = (), *, preview: bool = False) -> Recording:
    settings_ = load(config, secret_keys)
    return record(lambda: build(settings_), preview=preview)


def test_an_instance_is_exactly_one_store() -> None:
    made = built({"deployment": "dedicated", "level": "instance"})
    assert made.names == whole("wandb")
    assert made.outputs.keys() == {"store"}
    assert made.outputs["store"].keys() == OUTPUTS
    assert made.outputs["store"]["storageAddresses"] == {"/": "s3://wandb-a1b2c3d"}
    assert made.outputs["store"]["handoffs"]["/"]["title"] == "W&B storage for the instance"


def test_teams_have_stores_of_their_own() -> None:
    made = built({**TEAM, "teams": {"vision": {}, "robotics": {"region": "eu-central-1", "paths": ["r/d"]}}})
    assert made.names == whole("robotics", "vision")
    teams = made.outputs["teams"]
    assert made.outputs.keys() == {"teams"}
    assert {team: store.keys() for team, store in teams.items()} == {"robotics": OUTPUTS, "vision": OUTPUTS}
    assert teams["vision"]["storageAddresses"] == {"/": "s3://vision-a1b2c3d"}
    assert teams["robotics"]["storageAddresses"] == {"r/d": "s3://robotics-a1b2c3d/r/d"}
    assert teams["robotics"]["region"] == "eu-central-1"
    assert teams["vision"]["principals"] == [ROOT]
    regions = {r.name: r.inputs.get("region") for r in made.resources.values() if r.type.startswith("aws:s3")}
    assert regions == {"vision": None, "robotics": "eu-central-1"}


def test_defaults_hold_for_every_store_that_does_not_say_otherwise() -> None:
    made = built(
        {
            **TEAM,
            "defaults": {"tags": {"owner": "ml"}, "kmsDeletionWindowDays": 14},
            "teams": {"a": {}, "b": {"kmsDeletionWindowDays": 7}},
        }
    )
    keys = made.of("Key")
    assert {name: key.inputs["deletionWindowInDays"] for name, key in keys.items()} == {"a": 14, "b": 7}
    assert {name: key.inputs["tags"]["owner"] for name, key in keys.items()} == {"a": "ml", "b": "ml"}


def test_names_have_no_place_in_the_defaults() -> None:
    with pytest.raises(ByobError) as told:
        load(
            {**TEAM, "defaults": {"bucketName": "acme", "paths": ["x"], "kmsAliasName": "alias/x"}, "teams": {"a": {}}}
        )
    assert [f.where for f in told.value.faults] == [
        "byob:defaults.bucketName",
        "byob:defaults.paths",
        "byob:defaults.kmsAliasName",
    ]


def test_teams_share_a_store_with_a_path_each() -> None:
    made = built(
        {
            **TEAM,
            "stores": {"language": {"access": "minimal", "principals": [ROLE]}},
            "teams": {
                "speech": {"store": "language", "path": "speech"},
                "translation": {"store": "language", "path": "nl/translation"},
                "vision": {},
            },
        }
    )
    assert made.names == whole("language", "vision")
    teams = made.outputs["teams"]
    assert teams.keys() == {"speech", "translation", "vision"}
    assert teams["speech"]["paths"] == ["speech"]
    assert teams["speech"]["storageAddresses"] == {"speech": "s3://language-a1b2c3d/speech"}
    assert teams["translation"]["storageAddresses"] == {"nl/translation": "s3://language-a1b2c3d/nl/translation"}
    assert teams["speech"]["bucketName"] == teams["translation"]["bucketName"] == "language-a1b2c3d"
    handoff = teams["speech"]["handoffs"]
    assert handoff.keys() == {"speech"}
    assert handoff["speech"]["title"] == "W&B storage for team speech, path speech"
    told = [f for step in handoff["speech"]["steps"] for f in step["fields"] if f["name"] == "Team"]
    assert told == [{"name": "Team", "value": "speech", "note": ""}]
    objects = [s["Resource"] for s in made.policy("language").values() if "/" in str(s["Resource"])]
    bucket = "arn:aws:s3:::language-a1b2c3d"
    assert [f"{bucket}/speech/*", f"{bucket}/nl/translation/*"] in objects


def test_cross_cloud_credentials_are_listed_for_the_server_as_one_secret() -> None:
    made = built(
        {
            "deployment": "self_managed",
            "level": "team",
            "teams": {
                "a": {"credentialKeys": ["one"]},
                "b": {"credentialKeys": ["one", "two"], "region": "eu-central-1", "paths": ["b"]},
                "c": {"principals": [ROLE]},
            },
        }
    )
    assert made.outputs["supportedFileStores"] == (
        "s3://a-one-id:secret%2Bof%2Fa-one%3D@s3.eu-west-1.amazonaws.com/a-a1b2c3d?region=eu-west-1,"
        "s3://b-two-id:secret%2Bof%2Fb-two%3D@s3.eu-central-1.amazonaws.com/b-a1b2c3d?region=eu-central-1"
    )
    assert made.secret_outputs["supportedFileStores"]
    assert "secret%2Bof" not in str([team["handoffs"] for team in made.outputs["teams"].values()])
    assert sorted(made.of("AccessKey")) == ["a-one", "b-one", "b-two"]


def test_a_preview_plans_the_same_and_knows_what_it_cannot_know() -> None:
    config = {
        **TEAM,
        "stores": {"s": {"access": "minimal"}},
        "teams": {
            "a": {"store": "s", "path": "a"},
            "b": {"store": "s", "path": "b", "state": "suspended"},
            "c": {"credentialKeys": ["one"]},
        },
    }
    preview, up = built(config, preview=True), built(config)
    assert preview.names == up.names
    assert preview.outputs == {"teams": None, "supportedFileStores": None}
    assert preview.secret_outputs == {"teams": True, "supportedFileStores": True}


def test_without_a_credential_there_is_nothing_to_list() -> None:
    assert built({**TEAM, "teams": {"a": {}}}).outputs.keys() == {"teams"}


def test_a_fault_in_one_store_registers_none() -> None:
    bad = Settings.model_validate({**TEAM, "teams": {"good": {}, "bad": {"region": "Ireland"}}})
    told: list[ByobRunError] = []

    def program() -> dict[str, Any]:
        try:
            return build(bad)
        except ByobRunError as error:
            told.append(error)
            return {}

    assert record(program).resources == {}
    assert [f.where for f in told[0].faults] == ["byob:teams.bad.region"]
    assert [f.where for f in check(bad)] == ["byob:teams.bad.region"]


NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True), min_size=2, max_size=4, unique=True)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(["eu-west-1", "us-east-1"]),
        "access": st.sampled_from(["documented", "minimal"]),
        "encryption": st.sampled_from(["new_key", "provider_managed"]),
        "noncurrentDays": st.integers(1, 90),
        "paths": st.sampled_from([["a"], ["a", "b"]]),
        "credentialKeys": st.sampled_from([["2026-11"], ["2026-10", "2026-11"]]),
        "state": st.sampled_from(["active", "suspended", "released"]),
    },
)


@settings(max_examples=12)
@given(names=NAMES, options=st.data())
def test_adding_a_team_adds_that_team_and_changes_nothing_else(names: list[str], options: st.DataObject) -> None:
    teams = {name: options.draw(OPTIONS) for name in names}
    *before, last = names
    small = built({**TEAM, "teams": {name: teams[name] for name in before}})
    # The new team stands first, so that nothing can hang on the order.
    large = built({**TEAM, "teams": {last: teams[last], **{name: teams[name] for name in before}}})
    assert {urn: large.resources.get(urn) for urn in small.resources} == small.resources
    added = [large.resources[urn] for urn in large.resources.keys() - small.resources.keys()]
    assert added
    assert {r.name for r in added} <= {last, *(f"{last}-{key}" for key in teams[last].get("credentialKeys", []))}
    assert {name: large.outputs["teams"][name] for name in before} == small.outputs["teams"]
