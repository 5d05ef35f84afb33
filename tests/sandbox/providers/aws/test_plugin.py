"""Every name that a handler uses is one of the real provider's."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.providers.aws.plugin import PLUGIN
from sandbox.providers.framework.contract import Contract, load
from sandbox.providers.framework.introspect import resource_classes
from sandbox.providers.framework.resource import Resource

TYPES = [pytest.param(kind, id=kind.token.split(":")[-1]) for kind in PLUGIN.resources]


@pytest.fixture(scope="module")
def contract(contracts: Path) -> Contract:
    return load(PLUGIN.sdk, PLUGIN.tokens, contracts)


def unreal(names: Mapping[str, Any], kind: Any, path: str) -> list[str]:
    """The names that the real object does not have."""
    members = kind.get("list", kind)["object"]
    found = [f"{path}.{name}" for name in names if name not in members]
    return found + [
        bad for name, inner in names.items() if inner and name in members
        for bad in unreal(inner, members[name], f"{path}.{name}")
    ]  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_names_are_real(kind: Resource, contract: Contract) -> None:
    real = contract.resources[kind.token]
    assert unreal(kind.carried_out, {"object": real["inputs"]}, kind.token) == []
    assert set(real["required"]) <= set(kind.carried_out), "what the real provider requires must be carried out"
    for names in (kind.defaults, kind.cloud_decides, kind.replace_on, kind.equal):
        assert set(names) <= set(kind.carried_out)
    for names in (kind.computed, kind.changing, kind.secret_outputs):
        assert set(names) <= set(real["outputs"])
    assert kind.changing <= kind.computed


@pytest.mark.parametrize("kind", TYPES)
def test_secret_outputs_are_those_of_the_sdk(kind: Resource) -> None:
    module, _ = resource_classes(importlib.import_module("pulumi_aws"))[kind.token]
    source = Path(importlib.import_module(module).__path__[0])
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.token.split("/")[1].split(":")[0]).lower()
    listed = re.findall(r"additional_secret_outputs=\[(.*?)\]", (source / f"{name}.py").read_text())
    sdk = {secret for one in listed for secret in re.findall(r'"(\w+)"', one)}
    assert kind.secret_outputs == sdk & kind.computed


def test_settings_are_real(contract: Contract) -> None:
    assert unreal(PLUGIN.settings, contract.provider, "aws") == []
    assert set(contract.provider["required"]) <= set(PLUGIN.settings)
