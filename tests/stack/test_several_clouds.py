"""Stores of several clouds in one stack: a cloud is one entry, and nothing else in the builders knows it."""

from __future__ import annotations

from typing import Any

import pytest

from byob_components.errors import ByobError
from byob_components.stack import build, load
from byob_components.stack.clouds import CLOUDS, CloudEntry
from byob_components.wandb.deployment import Cloud
from tests.mocks.monitor import Secret
from tests.stack.recording import Recording, record

TEAM = {"deployment": "self_managed", "level": "team"}
OTHER = CloudEntry(
    module="tests.stack.other_cloud",
    composite="OtherByob",
    arguments="OtherByobArgs",
    sdk="pulumi_aws",
    package="aws",
    extra="coreweave",
    secret_settings=frozenset({"token"}),
    secret_arguments=frozenset({"api_token"}),
    one_store=frozenset({"bucket_name", "paths"}),
    unique=("bucket_name",),
    listed=lambda _: True,
)
ROLE = "arn:aws:iam::111122223333:role/wandb-server"


@pytest.fixture(autouse=True)
def other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CLOUDS, Cloud.COREWEAVE, OTHER)


def built(config: dict[str, Any], secret_keys: tuple[str, ...] = ()) -> Recording:
    settings = load({**TEAM, **config}, secret_keys)
    return record(lambda: build(settings))


def test_stores_of_two_clouds_stand_beside_each_other() -> None:
    teams = {
        "a": {"principals": [ROLE]},
        "b": {"cloud": "coreweave", "zone": "north"},
        "c": {"credentialKeys": ["one"], "encryption": "provider_managed"},
        "d": {"cloud": "coreweave"},
    }
    made = built({"teams": teams})
    assert sorted(made.of("AwsByob")) == ["a", "c"]
    assert sorted(made.of("OtherByob")) == ["b", "d"]
    # One list for the server, over all clouds; CoreWeave's entry is the same for every bucket, and stands once.
    assert made.outputs["supportedFileStores"] == (
        "cw://,s3://c-one-id:secret%2Bof%2Fc-one%3D@s3.eu-west-1.amazonaws.com/c-a1b2c3d?region=eu-west-1"
    )
    assert made.secret_outputs["supportedFileStores"]
    assert made.outputs["teams"]["b"]["storageAddresses"] == {"/": "cw://bucket-b"}


def test_a_default_goes_to_the_clouds_that_have_it() -> None:
    teams = {"a": {"principals": [ROLE]}, "b": {"cloud": "coreweave"}}
    made = built({"teams": teams, "defaults": {"tags": {"o": "x"}, "zone": "south", "noncurrentDays": 5}})
    assert made.of("OtherByob")["b"].outputs["tags"] == {"o": "x"}
    assert made.of("OtherByob")["b"].outputs["zone"] == "south"
    rules = made.inputs("BucketLifecycleConfiguration", "a")["rules"]
    assert [
        r["noncurrentVersionExpiration"]["noncurrentDays"] for r in rules if "noncurrentVersionExpiration" in r
    ] == [5]
    with pytest.raises(ByobError) as told:
        load({**TEAM, "teams": {"b": {"cloud": "coreweave"}}, "defaults": {"noncurrentDays": 5, "bucketName": "x"}})
    assert [f"{f.code} {f.where}" for f in told.value.faults] == [
        "BYOB-SET-001 byob:defaults.noncurrentDays",
        "BYOB-SET-001 byob:defaults.bucketName",
    ]


def test_a_declared_secret_argument_makes_its_key_a_place_for_secrets() -> None:
    made = built({"teams": {"b": {"cloud": "coreweave", "apiToken": "hunter2"}}}, ("teams",))
    assert made.of("OtherByob")["b"].outputs["apiToken"] == Secret("hunter2")
    with pytest.raises(ByobError) as told:
        load({**TEAM, "teams": {"b": {"cloud": "coreweave", "zone": "hunter2"}}}, ("teams",))
    assert [f"{f.code} {f.where}" for f in told.value.faults] == ["BYOB-SET-002 byob:teams"]
    assert "apiToken" in told.value.faults[0].allowed
    assert "hunter2" not in str(told.value)


def test_a_secret_argument_of_the_wrong_shape_is_not_echoed() -> None:
    with pytest.raises(ByobError) as told:
        load({**TEAM, "teams": {"b": {"cloud": "coreweave", "apiToken": ["hunter2"]}}})
    assert [f"{f.code} {f.where}" for f in told.value.faults] == ["BYOB-ARG-004 byob:teams.b.apiToken"]
    assert "hunter2" not in str(told.value)
