"""Stores at CoreWeave in a stack: settings, the provider that a store must name, and what a server lists."""

from collections.abc import Mapping
from typing import Any

import pytest

from byob_components.errors import ByobError
from byob_components.stack import build, load
from byob_components.stack.clouds import CLOUDS
from byob_components.wandb.deployment import Cloud
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import Run, run

TEAM = {"deployment": "self_managed", "level": "team"}
PROVIDERS = {"cw": {"cloud": "coreweave", "region": "US-EAST-04A", "endpoints": [{"s3": "https://cwobject.com"}]}}
STORE = {"cloud": "coreweave", "provider": "cw", "wandbOrganizationId": "acme"}


def built(config: Mapping[str, Any], secret_keys: tuple[str, ...] = ()) -> Run:
    settings = load({**TEAM, "providers": PROVIDERS, **config}, secret_keys)
    return run(lambda: build(settings), AwsMocks())


def faults(config: Mapping[str, Any], secret_keys: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ByobError) as told:
        load({**TEAM, "providers": PROVIDERS, **config}, secret_keys)
    return [f"{fault.code} {fault.where}" for fault in told.value.faults]


@pytest.mark.parametrize(
    ("deployment", "listed"), [("self_managed", "cw://"), ("dedicated", "cw://"), ("multi_tenant", None)]
)
def test_the_servers_list_has_coreweave_once(deployment: str, listed: str | None) -> None:
    seen = built({"deployment": deployment, "teams": {"a": STORE, "b": STORE}})
    assert (seen.value("supportedFileStores") if "supportedFileStores" in seen.outputs else None) == listed
    assert seen.value("teams")["a"]["storageAddresses"] == {"/": "cw://a-a1b2c3d"}
    assert {r.provider for r in seen.resources if r.type.startswith("aws:")} == {"pulumi:providers:aws::cw"}


def test_two_teams_share_a_store_and_one_is_suspended() -> None:
    teams = {"a": {"store": "shared", "path": "a"}, "b": {"store": "shared", "path": "b", "state": "suspended"}}
    seen = built({"stores": {"shared": {**STORE, "access": "minimal"}}, "teams": teams})
    assert "shared-a1b2c3d/a/*" in seen.one("BucketPolicy").inputs["policy"]
    assert "shared-a1b2c3d/b/*" not in seen.one("BucketPolicy").inputs["policy"]


@pytest.mark.parametrize(
    ("team", "told"),
    [
        (
            {"cloud": "coreweave"},
            ["BYOB-SET-021 byob:teams.a.provider", "BYOB-ARG-002 byob:teams.a.wandbOrganizationId"],
        ),
        ({**STORE, "wandbOrganizationId": "*"}, ["BYOB-CW-001 byob:teams.a.wandbOrganizationId"]),
        ({**STORE, "region": "US-EAST-04A"}, ["BYOB-SET-001 byob:teams.a.region"]),
        ({**STORE, "bucketName": "cw-a"}, ["BYOB-WANDB-028 byob:teams.a.bucketName"]),
        ({**STORE, "lifecycleRules": [{"id": "a"}]}, ["BYOB-CW-017 byob:teams.a.lifecycleRules[0]"]),
    ],
)
def test_faults_are_told_by_their_config_path(team: dict[str, Any], told: list[str]) -> None:
    assert faults({"teams": {"a": team}}) == told


def test_a_team_whose_name_makes_no_bucket_name_is_refused() -> None:
    with pytest.raises(ByobError, match="BYOB-CW-031"):
        built({"teams": {"cw-vision": STORE}})


def test_nothing_of_a_store_is_a_secret() -> None:
    assert faults({"teams": {"a": STORE}}, ("teams",)) == ["BYOB-SET-002 byob:teams"]


def test_a_name_can_be_given_once_and_is_free_at_amazon() -> None:
    named = {**STORE, "bucketName": "acme"}
    assert faults({"teams": {"a": named, "b": named}}) == ["BYOB-SET-020 byob:teams.b.bucketName"]
    assert built({"teams": {"a": named, "b": {"bucketName": "acme", "credentialKeys": ["one"]}}}).resources


def test_what_the_entry_names_exists() -> None:
    entry = CLOUDS[Cloud.COREWEAVE]
    assert entry.secret_settings <= entry.provider_settings().keys()
    assert entry.one_store <= entry.argument_names().keys()
