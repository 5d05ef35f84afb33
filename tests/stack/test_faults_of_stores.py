"""Faults that composites, providers and clouds add to those of a stack's configuration, and what is never shown."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byob_components.stack import load
from tests.stack.faults import INSTANCE, ROLE, SECRET, TEAM, faults


def test_a_cloud_of_a_later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    from byob_components.stack.clouds import CLOUDS
    from byob_components.wandb.deployment import Cloud

    monkeypatch.delitem(CLOUDS, Cloud.COREWEAVE)
    told = faults({**TEAM, "teams": {"a": {"cloud": "coreweave"}}, "providers": {"p": {"cloud": "coreweave"}}})
    assert [line.split(": ")[0] for line in told] == [
        "BYOB-SET-008 byob:teams.a.cloud",
        "BYOB-SET-008 byob:providers.p.cloud",
    ]
    assert "'coreweave' has no components in this version" in told[0]


@pytest.mark.parametrize("cloud", ["s3_compatible", "coreweave"])
def test_a_store_that_the_default_provider_cannot_make(cloud: str) -> None:
    told = faults({**TEAM, "teams": {"a": {"cloud": cloud}}})
    assert told[0] == (
        "BYOB-SET-021 byob:teams.a.provider: is required: the stack's own `aws:` configuration is that of another cloud; "
        f"allowed: a name of byob:providers; fix: add a provider with cloud {cloud} to byob:providers, and name it here"
    )


def test_a_provider_of_another_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    from byob_components.stack.clouds import CLOUDS
    from byob_components.wandb.deployment import Cloud

    monkeypatch.setitem(CLOUDS, Cloud.GCP, CLOUDS[Cloud.AWS])
    told = faults({**TEAM, "teams": {"a": {"provider": "p"}}, "providers": {"p": {"cloud": "gcp"}}})
    assert told == [
        "BYOB-SET-010 byob:teams.a.provider: 'p' is for gcp, the store on aws; allowed: a provider for aws; "
        "fix: name a provider of the store's cloud"
    ]


def test_a_missing_sdk_is_answered_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)
    assert faults({**TEAM, "teams": {"a": {}}}) == [
        "BYOB-SET-018 byob:teams.a.cloud: 'aws' needs pulumi_aws, which is not installed; "
        "fix: pip install 'byob-components[aws,stack]'"
    ]


COMPOSITE_ROWS: list[tuple[str, dict[str, Any], list[str]]] = [
    # configuration at team level, and the code and config path of each fault of the composites
    (
        "an argument",
        {"teams": {"v": {"kmsKeyArn": "alias/x", "encryption": "existing_key"}}},
        ["BYOB-AWS-004 byob:teams.v.kmsKeyArn"],
    ),
    ("an element", {"teams": {"v": {"paths": ["ok", "/bad/"]}}}, ["BYOB-WANDB-021 byob:teams.v.paths[1]"]),
    ("a shape", {"teams": {"v": {"noncurrentDays": "many"}}}, ["BYOB-ARG-004 byob:teams.v.noncurrentDays"]),
    ("an enum", {"teams": {"v": {"access": "minimum"}}}, ["BYOB-ARG-005 byob:teams.v.access"]),
    (
        "inside a record",
        {"teams": {"v": {"lifecycleRules": [{"id": "a", "transitionDays": 40, "storageClass": "TAPE"}]}}},
        ["BYOB-ARG-005 byob:teams.v.lifecycleRules[0].storageClass"],
    ),
    (
        "a key of the user's own keeps its spelling",
        {"teams": {"v": {"tags": {"cost_center": 4711}}}},
        ["BYOB-ARG-004 byob:teams.v.tags.cost_center"],
    ),
    (
        "a default, told once and in its place",
        {"defaults": {"noncurrentDays": 0}, "teams": {"v": {}, "w": {}}},
        ["BYOB-AWS-012 byob:defaults.noncurrentDays"],
    ),
    (
        "the team's own value in the place of a default",
        {"defaults": {"noncurrentDays": 30}, "teams": {"v": {"noncurrentDays": 0}, "w": {}}},
        ["BYOB-AWS-012 byob:teams.v.noncurrentDays"],
    ),
    (
        "the path of a team in a shared store",
        {"stores": {"s": {}}, "teams": {"a": {"store": "s", "path": "a"}, "b": {"store": "s", "path": "../b"}}},
        ["BYOB-WANDB-022 byob:teams.b.path"],
    ),
    (
        "two teams of a shared store with one path",
        {"stores": {"s": {}}, "teams": {"a": {"store": "s", "path": "x"}, "b": {"store": "s", "path": "x"}}},
        ["BYOB-WANDB-025 byob:teams.b.path"],
    ),
    (
        "several stores together",
        {"teams": {"v": {"region": "Ireland"}, "w": {"principals": ["*"], "kmsRotationDays": 1}}},
        [
            "BYOB-AWS-003 byob:teams.v.region",
            "BYOB-WANDB-011 byob:teams.w.principals",
            "BYOB-AWS-007 byob:teams.w.kmsRotationDays",
        ],
    ),
    (
        "faults of settings and of composites together",
        {"teams": {"v": {"region": "Ireland", "pathes": ["x"]}, "w": {"state": "gone"}}, "stores": {"s": {}}},
        [
            "BYOB-SET-004 byob:teams.w.state",
            "BYOB-SET-001 byob:teams.v.pathes",
            "BYOB-AWS-003 byob:teams.v.region",
        ],
    ),
]


@pytest.mark.parametrize(
    ("config", "expected"), [row[1:] for row in COMPOSITE_ROWS], ids=[row[0] for row in COMPOSITE_ROWS]
)
def test_faults_of_composites_have_a_config_path(config: dict[str, Any], expected: list[str]) -> None:
    assert sorted(line.split(": ")[0] for line in faults({**TEAM, **config})) == sorted(expected)


def test_what_wandb_does_not_offer_is_told_once_at_its_place() -> None:
    told = faults({"deployment": "multi_tenant", "level": "instance"})
    assert [line.split(": ")[0] for line in told] == ["BYOB-WANDB-001 byob:level"]


def test_no_preset_principal() -> None:
    told = faults({"deployment": "self_managed", "level": "instance"})
    assert [line.split(": ")[0] for line in told] == ["BYOB-WANDB-010 byob:store.principals"]


def test_the_smallest_configurations_are_fine() -> None:
    assert faults(INSTANCE) == []
    assert faults({**INSTANCE, "store": ""}) == []  # how the engine hands over `byob:store:` with nothing behind it
    assert faults(TEAM) == []  # after the last team has been released
    assert faults({**TEAM, "teams": {"vision": None}}) == []  # `vision:` with nothing behind it


def test_a_fault_in_a_secret_key_shows_nothing_of_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from byob_components.stack.clouds import CLOUDS
    from byob_components.wandb.deployment import Cloud

    # A cloud whose store takes a secret argument: then the whole of byob:teams may be secret.
    entry = replace(CLOUDS[Cloud.AWS], secret_arguments=frozenset({"access_log_prefix"}))
    monkeypatch.setitem(CLOUDS, Cloud.AWS, entry)
    config = {
        **TEAM,
        "teams": {"v": {"accessLogPrefix": f"/{SECRET}", "accessLogBucket": "acme-logs", "bucketName": SECRET + "!"}},
    }
    assert sorted(faults(config, ("teams",))) == [
        "BYOB-AWS-023 byob:teams.v.accessLogPrefix: is not accepted; it stands in a secret key, so the value is not shown; "
        "fix: docs/errors.md tells what BYOB-AWS-023 allows",
        "BYOB-WANDB-027 byob:teams.v.bucketName: is not accepted; it stands in a secret key, so the value is not shown; "
        "fix: docs/errors.md tells what BYOB-WANDB-027 allows",
    ]
    settings = load({**TEAM, "teams": {"v": {"accessLogBucket": "acme-logs", "accessLogPrefix": SECRET}}}, ("teams",))
    assert SECRET not in repr(settings)


NAME = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=60)


@given(name=NAME)
def test_names_are_accepted_exactly_when_buckets_can_be_made_of_them(name: str) -> None:
    good = re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", name, re.ASCII) is not None and len(name) <= 54
    told = faults({**TEAM, "teams": {name: {}}})
    assert told == [] if good else told[0].startswith("BYOB-SET-005 byob:teams.")


@given(key=NAME, place=st.sampled_from(["top", "team", "store", "defaults", "provider", "nested"]))
def test_unknown_keys_are_faults_whose_value_is_not_shown(key: str, place: str) -> None:
    key = "x" + key  # no key of ours starts so
    config: dict[str, Any] = {**TEAM, "stores": {"s": {}}, "teams": {"a": {"store": "s", "path": "a"}, "v": {}}}
    config["providers"], config["defaults"] = {"p": {"cloud": "aws", "defaultTags": {}}}, {}
    holder, where = {
        "top": (config, "byob:"),
        "team": (config["teams"]["v"], "byob:teams.v."),
        "store": (config["stores"]["s"], "byob:stores.s."),
        "defaults": (config["defaults"], "byob:defaults."),
        "provider": (config["providers"]["p"], "byob:providers.p."),
        "nested": (config["providers"]["p"]["defaultTags"], "byob:providers.p.defaultTags."),
    }[place]
    holder[key] = SECRET
    told = faults(config, ("providers",))
    assert len(told) == 1
    assert told[0].startswith(f"BYOB-SET-001 {where}{key}: is not a setting")


def test_settings_show_no_value_of_a_provider() -> None:
    settings = load(
        {**TEAM, "providers": {"p": {"cloud": "aws", "secretKey": SECRET, "assumeRoles": [{"roleArn": ROLE}]}}},
        ("providers",),
    )
    shown = f"{settings!r} {settings!s} {settings.model_dump_json()}"
    assert SECRET not in shown
    assert ROLE not in shown
