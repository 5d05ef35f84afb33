"""Stores on Google Cloud in a stack: settings, provider keys, secrets, and two clouds beside each other."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime import mocks

from byob_components.errors import ByobError
from byob_components.stack import build, load
from byob_components.stack.clouds import CLOUDS
from byob_components.wandb.deployment import Cloud
from tests.mocks.aws import AwsMocks
from tests.mocks.gcp import GcpMocks
from tests.mocks.monitor import Run, Secret, run

TEAM = {"deployment": "dedicated", "level": "team"}
PLACE = {"cloud": "gcp", "location": "europe-west4"}
NODE = "acme-node@wandb-production.iam.gserviceaccount.com"


class BothMocks(mocks.Mocks):
    """Two clouds, each asked what is its own."""

    def __init__(self) -> None:
        self.aws, self.gcp = AwsMocks(), GcpMocks()

    def call(self, args: mocks.MockCallArgs) -> Any:
        return (self.gcp if args.token.startswith("gcp:") else self.aws).call(args)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return (self.gcp if args.typ.startswith("gcp:") else self.aws).new_resource(args)


def built(config: Mapping[str, Any], secret_keys: tuple[str, ...] = ()) -> Run:
    settings = load({**TEAM, **config}, secret_keys)
    return run(lambda: build(settings), BothMocks())


def faults(config: Mapping[str, Any]) -> list[str]:
    with pytest.raises(ByobError) as told:
        load({**TEAM, **config})
    return [f"{fault.code} {fault.where}" for fault in told.value.faults]


def test_two_teams_with_what_they_share_in_defaults() -> None:
    seen = built(
        {"teams": {"a": {"cloud": "gcp"}, "b": {**PLACE}}, "defaults": {"location": "EU", "softDeleteDays": 9}}
    )
    found = {r.name: r.inputs for r in seen.resources if r.kind == "Bucket"}
    assert {name: inputs["location"] for name, inputs in found.items()} == {"a": "EU", "b": "europe-west4"}
    assert {inputs["softDeletePolicy"]["retentionDurationSeconds"] for inputs in found.values()} == {777600}
    teams = seen.value("teams")
    assert teams["a"]["storageAddresses"] == {"/": "gs://a-a1b2c3d"}
    assert teams["b"]["handoffs"]["/"]["title"] == "W&B storage for team b"


def test_the_instance() -> None:
    settings = load({**TEAM, "level": "instance", "store": {**PLACE, "encryption": "new_key"}}, ())
    seen = run(lambda: build(settings), BothMocks())
    assert seen.value("store")["bucketName"] == "wandb-a1b2c3d"
    assert seen.one("KeyRing").name == "wandb"


def test_stores_on_two_clouds_and_one_list_for_the_server() -> None:
    teams = {"a": {**PLACE, "credentialKeys": ["one"]}, "b": {"cloud": "aws", "credentialKeys": ["one"]}, "c": PLACE}
    seen = built({"deployment": "self_managed", "teams": {**teams, "c": {**PLACE, "principals": [NODE]}}})
    pem = "-----BEGIN%20PRIVATE%20KEY-----%0Aconfidential%2Bof%2Fa-one%3D%0A-----END%20PRIVATE%20KEY-----%0A"
    assert seen.value("supportedFileStores") == (
        f"gs://a-a1b2c3d%40acme-storage.iam.gserviceaccount.com:{pem}@a-a1b2c3d,"
        "s3://b-one-id:secret%2Bof%2Fb-one%3D@s3.eu-west-1.amazonaws.com/b-a1b2c3d?region=eu-west-1"
    )
    assert seen.outputs["supportedFileStores"].secret


def test_lifecycle_rules_are_written_in_camel_case() -> None:
    rule = {"prefix": "old/", "transitionDays": 90, "storageClass": "COLDLINE"}
    seen = built({"teams": {"a": {**PLACE, "lifecycleRules": [rule]}}})
    assert seen.one("Bucket").inputs["lifecycleRules"][2]["action"] == {
        "type": "SetStorageClass",
        "storageClass": "COLDLINE",
    }


@pytest.mark.parametrize(
    ("team", "told"),
    [
        ({"cloud": "gcp"}, ["BYOB-ARG-002 byob:teams.a.location"]),
        ({**PLACE, "softDeleteDays": 0}, ["BYOB-GCP-011 byob:teams.a.softDeleteDays"]),
        ({**PLACE, "region": "europe-west4"}, ["BYOB-SET-001 byob:teams.a.region"]),
        (
            {**PLACE, "kmsKeyName": "x", "bucketName": "B"},
            ["BYOB-WANDB-027 byob:teams.a.bucketName", "BYOB-GCP-009 byob:teams.a.kmsKeyName"],
        ),
        (
            {**PLACE, "lifecycleRules": [{"expirationDays": 3}]},
            ["BYOB-GCP-015 byob:teams.a.lifecycleRules[0].expirationDays"],
        ),
    ],
)
def test_faults_are_told_by_their_config_path(team: dict[str, Any], told: list[str]) -> None:
    assert faults({"teams": {"a": team}}) == told


def test_a_suspended_team_of_a_shared_store_needs_a_bucket_of_its_own() -> None:
    stores = {"shared": {**PLACE, "access": "minimal", "principals": [NODE]}}
    teams = {
        "a": {"store": "shared", "path": "a"},
        "b": {"store": "shared", "path": "b", "state": "suspended"},
    }
    assert faults({"stores": stores, "teams": teams}) == ["BYOB-GCP-030 byob:stores.shared.state"]
    both = {name: {**team, "state": "suspended"} for name, team in teams.items()}
    seen = built({"stores": stores, "teams": both})
    assert not [r.key for r in seen.resources if r.kind == "BucketIAMMember"]


@pytest.mark.parametrize(("state", "options"), [("active", (True, None)), ("released", (False, True))])
def test_states_of_a_team(state: str, options: tuple[bool, bool | None]) -> None:
    seen = built({"teams": {"a": {**PLACE, "state": state}}})
    bucket = seen.one("Bucket")
    assert (bucket.protect, bucket.retain_on_delete) == options


def test_a_name_that_only_one_bucket_can_have() -> None:
    teams = {name: {**PLACE, "bucketName": "acme-vision"} for name in ("a", "b")}
    assert faults({"teams": teams}) == ["BYOB-SET-020 byob:teams.b.bucketName"]


@pytest.mark.parametrize("argument", ["bucketName", "credentialAccountId", "kmsKeyName", "kmsKeyRingName", "paths"])
def test_what_names_something_of_one_store_is_no_default(argument: str) -> None:
    assert faults({"teams": {"a": PLACE}, "defaults": {argument: "x"}}) == [f"BYOB-SET-001 byob:defaults.{argument}"]


# ------------------------------------------------------------------------------------------ providers
PROVIDER = {"cloud": "gcp", "project": "acme-other", "region": "europe-west4"}


def provided(provider: dict[str, Any], secret_keys: tuple[str, ...] = ()) -> dict[str, Any]:
    config = {"teams": {"a": {**PLACE, "provider": "other"}}, "providers": {"other": provider}}
    seen = built(config, secret_keys)
    (made,) = [r for r in seen.resources if r.type == "pulumi:providers:gcp"]
    assert {r.provider for r in seen.resources if r.type.startswith("gcp:")} == {"pulumi:providers:gcp::other"}
    return made.inputs


def test_a_provider_by_name() -> None:
    assert provided(PROVIDER) == {"project": "acme-other", "region": "europe-west4"}


@pytest.mark.parametrize("setting", ["accessToken", "credentials"])
def test_the_providers_secrets_are_secret_at_once(setting: str) -> None:
    assert provided({**PROVIDER, setting: "hunter2"})[setting] == Secret("hunter2")


def test_nested_settings_and_the_secret_one_among_them() -> None:
    external = {"audience": "x", "serviceAccountEmail": NODE, "identityToken": "hunter2"}
    made = provided({**PROVIDER, "externalCredentials": external, "batching": {"sendAfter": "3s"}})
    assert isinstance(made["externalCredentials"], Secret)
    assert not isinstance(made["batching"], Secret)


def test_a_whole_secret_entry_makes_every_value_a_secret() -> None:
    made = provided(PROVIDER, ("providers",))
    assert made == {"project": Secret("acme-other"), "region": Secret("europe-west4")}


def test_unknown_settings_of_a_provider_are_faults_and_never_echoed() -> None:
    config = {
        "teams": {"a": {**PLACE, "provider": "other"}},
        "providers": {"other": {**PROVIDER, "acessToken": "hunter2", "batching": {"sendafter": "hunter2"}}},
    }
    assert faults(config) == [
        "BYOB-SET-001 byob:providers.other.acessToken",
        "BYOB-SET-001 byob:providers.other.batching.sendafter",
    ]


def test_a_provider_of_another_cloud_is_refused() -> None:
    config = {"teams": {"a": {**PLACE, "provider": "other"}}, "providers": {"other": {"cloud": "aws"}}}
    assert faults(config) == ["BYOB-SET-010 byob:teams.a.provider"]


def test_every_setting_that_is_a_secret_is_one_of_the_sdk() -> None:
    entry = CLOUDS[Cloud.GCP]
    assert entry.secret_settings <= entry.provider_settings().keys()
    assert entry.secret_settings == {"accessToken", "credentials", "externalCredentials"}
    assert entry.one_store <= entry.argument_names().keys()
