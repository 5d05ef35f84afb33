"""Stores on Azure in a stack: settings, provider keys, secrets, and three clouds beside each other."""

from collections.abc import Mapping
from typing import Any

import pytest

from byob_components.errors import ByobError
from byob_components.stack import build, load
from byob_components.stack.clouds import CLOUDS
from byob_components.wandb.deployment import Cloud
from tests.mocks.clouds import CloudMocks
from tests.mocks.monitor import Run, Secret, run

TEAM = {"deployment": "dedicated", "level": "team"}
ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
NODE = "55555555-5555-5555-5555-555555555555"
PLACE = {"cloud": "azure", "location": "westeurope", "oidcIssuerUrl": ISSUER, "serviceAccounts": ["wandb-app"]}
BY_KEY = {"cloud": "azure", "location": "westeurope", "mode": "access_key"}


def built(config: Mapping[str, Any], secret_keys: tuple[str, ...] = ()) -> Run:
    settings = load({**TEAM, **config}, secret_keys)
    return run(lambda: build(settings), CloudMocks())


def faults(config: Mapping[str, Any]) -> list[str]:
    with pytest.raises(ByobError) as told:
        load({**TEAM, **config})
    return [f"{fault.code} {fault.where}" for fault in told.value.faults]


def test_two_teams_with_what_they_share_in_defaults() -> None:
    shared = {"location": "northeurope", "oidcIssuerUrl": ISSUER, "serviceAccounts": ["wandb-app"], "softDeleteDays": 9}
    teams = {"speech": {"cloud": "azure"}, "vision": {"cloud": "azure", "location": "westeurope", "mode": "keyless"}}
    seen = built({"teams": teams, "defaults": shared})
    found = {r.name: r.inputs for r in seen.resources if r.kind == "StorageAccount"}
    assert {name: one["location"] for name, one in found.items()} == {"speech": "northeurope", "vision": "westeurope"}
    assert {name: one["allowSharedKeyAccess"] for name, one in found.items()} == {"speech": True, "vision": False}
    services = [r.inputs["deleteRetentionPolicy"]["days"] for r in seen.resources if r.kind == "BlobServiceProperties"]
    assert services == [9, 9]
    teams_out = seen.value("teams")
    assert teams_out["speech"]["storageAddresses"] == {"/": "az://speecha1b2c3d4/speech"}
    assert teams_out["vision"]["handoffs"]["/"]["title"] == "W&B storage for team vision"


def test_the_instance() -> None:
    store = {"cloud": "azure", "location": "westeurope", "principals": [NODE], "encryption": "new_key"}
    settings = load({**TEAM, "level": "instance", "store": store}, ())
    seen = run(lambda: build(settings), CloudMocks())
    assert seen.value("store")["storageAddresses"] == {"/": "az://wandba1b2c3d4/wandb"}
    assert seen.one("Vault").name == "wandb"


def test_stores_on_three_clouds_and_one_list_for_the_server() -> None:
    teams = {
        "speech": {"cloud": "aws", "credentialKeys": ["one"]},
        "vision": BY_KEY,
        "nlp-research": PLACE,  # by identity: W&B's form takes it in the place of an entry
        "robotics": {"cloud": "gcp", "location": "EU", "credentialKeys": ["one"]},
    }
    seen = built({"deployment": "self_managed", "teams": teams})
    entries = seen.value("supportedFileStores").split(",")
    assert [entry.partition("://")[0] for entry in entries] == ["s3", "az", "gs"]
    assert entries[1] == "az://:confidential%2Bof%2Fvisiona1b2c3d4%2Fkey1%3D%3D@visiona1b2c3d4/vision"
    assert seen.outputs["supportedFileStores"].secret


def test_lifecycle_rules_are_written_in_camel_case() -> None:
    rule = {"prefix": "old/", "transitionDays": 90, "accessTier": "cold"}
    seen = built({"teams": {"vision": {**PLACE, "lifecycleRules": [rule]}}})
    made = seen.one("ManagementPolicy").inputs["policy"]["rules"][1]["definition"]["actions"]
    assert made == {"baseBlob": {"tierToCold": {"daysAfterModificationGreaterThan": 90}}}


@pytest.mark.parametrize(
    ("team", "told"),
    [
        ({"cloud": "azure", "oidcIssuerUrl": ISSUER}, ["BYOB-ARG-002 byob:teams.vision.location"]),
        ({"cloud": "azure", "location": "westeurope"}, ["BYOB-AZURE-020 byob:teams.vision.oidcIssuerUrl"]),
        ({**PLACE, "softDeleteDays": 0}, ["BYOB-AZURE-011 byob:teams.vision.softDeleteDays"]),
        ({**PLACE, "region": "westeurope"}, ["BYOB-SET-001 byob:teams.vision.region"]),
        (
            {**PLACE, "kmsKeyName": "x", "containerName": "W"},
            ["BYOB-WANDB-027 byob:teams.vision.containerName", "BYOB-AZURE-009 byob:teams.vision.kmsKeyName"],
        ),
        (
            {**PLACE, "lifecycleRules": [{"expirationDays": 3}]},
            ["BYOB-AZURE-015 byob:teams.vision.lifecycleRules[0].expirationDays"],
        ),
    ],
)
def test_faults_are_told_by_their_config_path(team: dict[str, Any], told: list[str]) -> None:
    assert faults({"teams": {"vision": team}}) == told


def test_a_suspended_team_of_a_shared_store_needs_a_container_of_its_own() -> None:
    stores = {"shared": {**PLACE, "mode": "keyless", "access": "minimal"}}
    teams = {
        "speech": {"store": "shared", "path": "speech"},
        "vision": {"store": "shared", "path": "vision", "state": "suspended"},
    }
    assert faults({"stores": stores, "teams": teams}) == ["BYOB-AZURE-030 byob:stores.shared.state"]
    both = {name: {**team, "state": "suspended"} for name, team in teams.items()}
    seen = built({"stores": stores, "teams": both})
    assert not [r.key for r in seen.resources if r.kind == "RoleAssignment"]
    assert seen.one("UserAssignedIdentity").name == "shared"


@pytest.mark.parametrize(("state", "options"), [("active", (True, None)), ("released", (False, True))])
def test_states_of_a_team(state: str, options: tuple[bool, bool | None]) -> None:
    seen = built({"teams": {"vision": {**PLACE, "state": state}}})
    account = seen.one("StorageAccount")
    assert (account.protect, account.retain_on_delete) == options


@pytest.mark.parametrize(("argument", "value"), [("accountName", "acmevision"), ("kmsVaultName", "acme-vision")])
def test_a_name_that_only_one_store_can_have(argument: str, value: str) -> None:
    more = {argument: value, "encryption": "new_key"}
    teams = {name: {**PLACE, **more} for name in ("speech", "vision")}
    assert faults({"teams": teams}) == [f"BYOB-SET-020 byob:teams.vision.{argument}"]


@pytest.mark.parametrize("argument", ["accountName", "containerName", "kmsKeyName", "kmsVaultName", "paths"])
def test_what_names_something_of_one_store_is_no_default(argument: str) -> None:
    assert faults({"teams": {"vision": PLACE}, "defaults": {argument: "x"}}) == [
        f"BYOB-SET-001 byob:defaults.{argument}"
    ]


# ------------------------------------------------------------------------------------------ providers
PROVIDER = {"cloud": "azure", "subscriptionId": NODE, "tenantId": NODE}


def provided(provider: dict[str, Any], secret_keys: tuple[str, ...] = ()) -> dict[str, Any]:
    config = {"teams": {"vision": {**PLACE, "provider": "other"}}, "providers": {"other": provider}}
    seen = built(config, secret_keys)
    (made,) = [r for r in seen.resources if r.type == "pulumi:providers:azure-native"]
    used = {r.provider for r in seen.resources if r.type.startswith("azure-native:")}
    assert used == {"pulumi:providers:azure-native::other"}
    return made.inputs


def test_a_provider_by_name() -> None:
    # The environment is the SDK's own default.
    assert provided(PROVIDER) == {"subscriptionId": NODE, "tenantId": NODE, "environment": "public"}


@pytest.mark.parametrize("setting", ["clientSecret", "clientCertificatePassword", "oidcToken", "oidcRequestToken"])
def test_the_providers_secrets_are_secret_at_once(setting: str) -> None:
    assert provided({**PROVIDER, setting: "hunter2"})[setting] == Secret("hunter2")


def test_a_whole_secret_entry_makes_every_value_a_secret() -> None:
    made = provided(PROVIDER, ("providers",))
    assert made == {"subscriptionId": Secret(NODE), "tenantId": Secret(NODE), "environment": "public"}


def test_unknown_settings_of_a_provider_are_faults_and_never_echoed() -> None:
    config = {
        "teams": {"vision": {**PLACE, "provider": "other"}},
        "providers": {"other": {**PROVIDER, "clientSecert": "hunter2"}},
    }
    assert faults(config) == ["BYOB-SET-001 byob:providers.other.clientSecert"]


def test_a_provider_of_another_cloud_is_refused() -> None:
    config = {
        "teams": {"vision": {**PLACE, "provider": "other"}},
        "providers": {"other": {"cloud": "gcp", "project": "acme-storage"}},
    }
    assert faults(config) == ["BYOB-SET-010 byob:teams.vision.provider"]


def test_every_setting_that_is_a_secret_is_one_of_the_sdk() -> None:
    entry = CLOUDS[Cloud.AZURE]
    assert entry.secret_settings <= entry.provider_settings().keys()
    named = {
        name for name in entry.provider_settings() if any(w in name.lower() for w in ("secret", "password", "token"))
    }
    assert named - entry.secret_settings == {"oidcTokenFilePath"}
    assert entry.one_store <= entry.argument_names().keys()
