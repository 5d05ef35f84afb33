"""Stores on S3-compatible servers in a stack: settings, a provider for each server, secrets, and other clouds beside them."""

from collections.abc import Mapping
from typing import Any

import pytest

from byob_components.errors import ByobError
from byob_components.stack import build, load
from byob_components.stack.clouds import CLOUDS
from byob_components.wandb.deployment import Cloud
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import Run, Secret, run

TEAM = {"deployment": "self_managed", "level": "team"}
PROVIDER = {
    "cloud": "s3_compatible",
    "region": "us-east-1",
    "endpoints": [{"s3": "https://store.acme.example"}],
    "s3UsePathStyle": True,
    "skipCredentialsValidation": True,
    "skipMetadataApiCheck": True,
    "skipRegionValidation": True,
    "skipRequestingAccountId": True,
}
PROVIDERS = {"store": PROVIDER}
STORE = {
    "cloud": "s3_compatible",
    "provider": "store",
    "server": "seaweedfs",
    "endpoint": "store.acme.example",
    "accessKey": "id",
    "secretKey": "hunter2",
    "principals": ["arn:aws:iam::000000000000:user/wandb"],
}
ADDRESS = "s3://id:hunter2@store.acme.example/a-a1b2c3d?region=us-east-1&tls=true"
"""With the region of the provider's settings: the mocks' buckets tell eu-west-1."""


def built(config: Mapping[str, Any], secret_keys: tuple[str, ...] = (), *, preview: bool = False) -> Run:
    settings = load({**TEAM, "providers": PROVIDERS, **config}, secret_keys)
    return run(lambda: build(settings), AwsMocks(preview=preview), preview=preview)


def faults(config: Mapping[str, Any], secret_keys: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ByobError) as told:
        load({**TEAM, "providers": PROVIDERS, **config}, secret_keys)
    assert "hunter2" not in str(told.value)
    return [f"{fault.code} {fault.where}" for fault in told.value.faults]


def test_a_team_and_its_one_list_for_the_server() -> None:
    seen = built({"teams": {"a": STORE}}, ("providers", "teams"))
    assert seen.value("teams")["a"]["storageAddresses"] == {"/": ADDRESS}
    assert seen.value("supportedFileStores") == ADDRESS
    assert seen.outputs["supportedFileStores"].secret
    assert {r.provider for r in seen.resources if r.type.startswith("aws:")} == {"pulumi:providers:aws::store"}


@pytest.mark.parametrize(
    ("provider", "store", "region"),
    [
        ({"region": "minio-local"}, {}, "minio-local"),
        ({"region": "minio-local"}, {"region": "eu-1"}, "eu-1"),
        ({"region": None}, {}, "eu-west-1"),
    ],
)
def test_the_region_in_the_address_is_the_one_that_the_provider_signs_with(
    provider: dict[str, Any], store: dict[str, Any], region: str
) -> None:
    settings = {key: value for key, value in {**PROVIDER, **provider}.items() if value is not None}
    seen = built({"providers": {"store": settings}, "teams": {"a": {**STORE, **store}}})
    assert seen.value("supportedFileStores") == ADDRESS.replace("us-east-1", region)
    assert seen.value("teams")["a"]["region"] == region


def test_a_region_of_the_provider_that_no_address_can_have_is_told_at_the_store() -> None:
    odd = {"store": {**PROVIDER, "region": "one two"}}
    assert faults({"providers": odd, "teams": {"a": STORE}}) == ["BYOB-S3C-003 byob:teams.a.region"]


def test_the_instance() -> None:
    settings = load({**TEAM, "level": "instance", "store": STORE, "providers": PROVIDERS}, ())
    store = run(lambda: build(settings), AwsMocks()).value("store")
    assert store["serverSecrets"] == {"BUCKET": ADDRESS.replace("a-a1b2c3d", "wandb-a1b2c3d")}


def test_beside_stores_on_aws_and_coreweave() -> None:
    teams = {
        "a": STORE,
        "b": {"credentialKeys": ["one"], "encryption": "provider_managed"},
        "c": {"cloud": "coreweave", "provider": "cw", "wandbOrganizationId": "acme"},
    }
    coreweave = {"cloud": "coreweave", "region": "US-EAST-04A", "endpoints": [{"s3": "https://cwobject.com"}]}
    seen = built({"teams": teams, "providers": {"store": PROVIDER, "cw": coreweave}})
    amazon = "s3://b-one-id:secret%2Bof%2Fb-one%3D@s3.eu-west-1.amazonaws.com/b-a1b2c3d?region=eu-west-1"
    assert seen.value("supportedFileStores") == f"{ADDRESS},{amazon},cw://"
    providers = {(r.name, r.provider) for r in seen.resources if r.kind == "Bucket"}
    assert providers == {
        ("a", "pulumi:providers:aws::store"),
        ("b", ""),
        ("c", "pulumi:providers:aws::cw"),
    }


def test_two_teams_share_a_store_each_with_its_path() -> None:
    stores = {"shared": {**STORE, "access": "minimal"}}
    teams = {
        "a": {"store": "shared", "path": "a"},
        "b": {"store": "shared", "path": "b", "state": "suspended"},
    }
    seen = built({"stores": stores, "teams": teams})
    place = "store.acme.example/shared-a1b2c3d/{}?region=us-east-1&tls=true"
    for team in ("a", "b"):
        share = seen.value("teams")[team]
        assert share["storageAddresses"] == {team: f"s3://id:hunter2@{place.format(team)}"}
        assert share["handoffs"][team]["address"] == f"s3://****:****@{place.format(team)}"


def test_what_teams_have_in_common() -> None:
    common = {key: STORE[key] for key in ("server", "endpoint", "principals")}
    own = {"cloud": "s3_compatible", "provider": "store", "accessKey": "id", "secretKey": "hunter2"}
    seen = built({"teams": {"a": own, "b": own}, "defaults": {**common, "noncurrentDays": 5}})
    rules = [r.inputs["lifecycleRules"][0] for r in seen.resources if r.kind == "Bucket"]
    assert [rule["noncurrentVersionExpiration"] for rule in rules] == [{"days": 5}, {"days": 5}]


@pytest.mark.parametrize(
    ("team", "told"),
    [
        ({**STORE, "provider": "other"}, ["BYOB-SET-009 byob:teams.a.provider"]),
        ({**STORE, "endpoint": "https://store"}, ["BYOB-WANDB-050 byob:teams.a.endpoint"]),
        ({**STORE, "secretKey": "hunter2 "}, ["BYOB-S3C-002 byob:teams.a.secretKey"]),
        ({**STORE, "secretKey": ["hunter2"]}, ["BYOB-ARG-004 byob:teams.a.secretKey"]),
        ({**STORE, "server": "minio"}, ["BYOB-S3C-010 byob:teams.a.principals"]),
        ({**STORE, "tags": {"a": "b"}}, ["BYOB-SET-001 byob:teams.a.tags"]),
        ({**STORE, "state": "suspended", "principals": []}, ["BYOB-S3C-032 byob:teams.a.state"]),
    ],
)
def test_faults_are_told_by_their_config_path(team: dict[str, Any], told: list[str]) -> None:
    assert faults({"teams": {"a": team}}) == told


def test_what_is_missing_is_told_together() -> None:
    assert faults({"teams": {"a": {"cloud": "s3_compatible"}}}) == [
        "BYOB-SET-021 byob:teams.a.provider",
        "BYOB-ARG-002 byob:teams.a.accessKey",
        "BYOB-ARG-002 byob:teams.a.endpoint",
        "BYOB-ARG-002 byob:teams.a.secretKey",
        "BYOB-ARG-002 byob:teams.a.server",
    ]


def test_a_provider_for_aws_is_none_for_a_server_of_ones_own() -> None:
    config = {"teams": {"a": STORE}, "providers": {"store": {**PROVIDER, "cloud": "aws"}}}
    assert faults(config) == ["BYOB-SET-010 byob:teams.a.provider"]


def test_a_name_is_free_on_another_server() -> None:
    teams = {"a": {**STORE, "bucketName": "acme"}, "b": {**STORE, "bucketName": "acme"}}
    assert faults({"teams": teams}) == ["BYOB-SET-020 byob:teams.b.bucketName"]
    teams["b"] |= {"provider": "other"}
    assert built({"teams": teams, "providers": {"store": PROVIDER, "other": PROVIDER}}).resources
    amazon = {"a": {**STORE, "bucketName": "acme"}, "b": {"bucketName": "acme", "credentialKeys": ["one"]}}
    assert built({"teams": amazon}).resources


def test_keys_are_secret_wherever_they_stand() -> None:
    """Neither the teams' key nor the providers' has to be secret as a whole for that."""
    config = {"teams": {"a": STORE}, "providers": {"store": {**PROVIDER, "accessKey": "id", "secretKey": "hunter2"}}}
    seen = built(config)
    (provider,) = [r.inputs for r in seen.resources if r.type == "pulumi:providers:aws"]
    assert (provider["accessKey"], provider["secretKey"]) == (Secret("id"), Secret("hunter2"))
    for resource in seen.resources:
        if resource.type != "pulumi:providers:aws":
            assert "hunter2" not in str(resource.inputs)
    told = built(config, preview=True).warnings
    assert [text.partition(" ")[0] for text in told if "clear text" in text] == [
        "byob:teams.a.accessKey",
        "byob:teams.a.secretKey",
        "byob:providers.store.accessKey",
        "byob:providers.store.secretKey",
    ]


def test_a_secret_team_is_accepted_and_its_faults_show_nothing() -> None:
    assert built({"teams": {"a": STORE}}, ("teams",)).resources
    assert faults({"teams": {"a": {**STORE, "endpoint": "hunter2"}}}, ("teams",)) == [
        "BYOB-S3C-001 byob:teams.a.endpoint"
    ]


@pytest.mark.parametrize(("state", "options"), [("active", (True, None)), ("released", (False, True))])
def test_states_of_a_team(state: str, options: tuple[bool, bool | None]) -> None:
    bucket = built({"teams": {"a": {**STORE, "state": state}}}).one("Bucket")
    assert (bucket.protect, bucket.retain_on_delete) == options


def test_every_secret_of_the_entry_exists() -> None:
    entry = CLOUDS[Cloud.S3_COMPATIBLE]
    assert entry.secret_settings <= entry.provider_settings().keys()
    assert entry.secret_arguments <= entry.argument_names().keys()
    assert entry.one_store <= entry.argument_names().keys()
    assert {"s3", "s3control", "sts", "iam"} <= entry.nested_names("endpoints")
