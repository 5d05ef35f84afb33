"""What a program's properties break of the real provider's contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.providers.framework import contract
from sandbox.providers.framework.contract import Contract, Failure, shape
from sandbox.providers.framework.wire import UNKNOWN, Asset

THING = "toy:index/thing:Thing"
RULE = {"object": {"days": "integer", "mode": {"enum": ["a", "b"], "open": False}, "tags": {"map": "string"}}, "required": ["days"]}  # fmt: skip
TOY = Contract(
    "pulumi_toy",
    "1.0.0",
    frozenset({THING}),
    {
        THING: {
            "inputs": {
                "name": "string",
                "on": "boolean",
                "share": "number",
                "rules": {"list": RULE},
                "region": {"enum": ["here"], "open": True},
                "policy": "any",
                "source": "asset",
                "acl": "string",
            },
            "required": ["name"],
            "outputs": {},
        }
    },
    {"object": {"region": "string", "endpoints": {"list": {"map": "string"}}}, "required": []},
)
CARRIED = shape("name on share rules{days mode tags} region policy source")


def broken(**props: Any) -> dict[str, str]:
    return {f.property: f.reason for f in TOY.check(THING, props, CARRIED)}


def test_a_shape_is_read_from_names_and_braces() -> None:
    assert shape("a b{c d{e}} f") == {"a": {}, "b": {"c": {}, "d": {"e": {}}}, "f": {}}


def test_a_whole_and_right_object_breaks_nothing() -> None:
    rules = [{"days": 1, "mode": "a", "tags": {"x": "y"}}]
    source = Asset("asset", {"text": "x"})
    assert broken(name="n", on=True, share=0.5, rules=rules, region="elsewhere", policy={"any": 1}, source=source) == {}
    assert broken(name="n", __defaults=["on"]) == {}


@pytest.mark.parametrize(
    ("props", "expected"),
    [
        ({}, {"name": "is required"}),
        ({"name": "n", "nam": "x"}, {"nam": "no such property; did you mean 'name'?"}),
        ({"name": "n", "qqq": "x"}, {"qqq": "no such property"}),
        ({"name": "n", "acl": "x"}, {"acl": "a real property, but not carried out by this stand-in"}),
        ({"name": 1}, {"name": "must be of type string, not integer"}),
        ({"name": "n", "on": "true"}, {"on": "must be of type boolean, not string"}),
        ({"name": "n", "share": True}, {"share": "must be of type number, not boolean"}),
        ({"name": "n", "region": 5}, {"region": "must be of type string, not integer"}),
        ({"name": "n", "source": "file"}, {"source": "must be of type asset, not string"}),
        ({"name": "n", "rules": {}}, {"rules": "must be a list, not object"}),
        ({"name": "n", "rules": ["x"]}, {"rules[0]": "must be an object, not string"}),
        ({"name": "n", "rules": [{}]}, {"rules[0].days": "is required"}),
        ({"name": "n", "rules": [{"days": 1}, {"days": 1.5}]}, {"rules[1].days": "must be of type integer, not number"}),
        ({"name": "n", "rules": [{"days": 1, "mode": "c"}]}, {"rules[0].mode": "must be one of a, b"}),
        ({"name": "n", "rules": [{"days": 1, "tags": {"k": 1}}]}, {"rules[0].tags.k": "must be of type string, not integer"}),
        ({"name": "n", "rules": [{"days": 1, "dys": 1}]}, {"rules[0].dys": "no such property; did you mean 'days'?"}),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_with_its_place(props: dict[str, Any], expected: dict[str, str]) -> None:
    assert broken(**props) == expected


def test_what_is_not_known_yet_breaks_nothing() -> None:
    assert broken(name=UNKNOWN, rules=UNKNOWN) == {}
    assert broken(name="n", rules=[{"days": UNKNOWN}, UNKNOWN]) == {}


def test_all_failures_come_together() -> None:
    assert TOY.check(THING, {"acl": "x", "on": 1}, CARRIED) == [
        Failure("acl", "a real property, but not carried out by this stand-in"),
        Failure("on", "must be of type boolean, not integer"),
        Failure("name", "is required"),
    ]


def test_settings_are_checked_too() -> None:
    found = TOY.check_settings({"region": "x", "endpoints": [{"s3": 1}]}, shape("region endpoints"))
    assert found == [Failure("endpoints[0].s3", "must be of type string, not integer")]


def test_the_contract_of_the_installed_sdk_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = ["aws:s3/bucketVersioning:BucketVersioning", "aws:kms/alias:Alias"]
    made = contract.load("pulumi_aws", tokens, tmp_path)
    assert made.version.split(".")[0] == "7"
    assert set(made.resources) == set(tokens)
    assert len(made.tokens) > 1000
    assert made.provider["required"] == []
    versioning = made.resources["aws:s3/bucketVersioning:BucketVersioning"]
    assert versioning["required"] == ["bucket", "versioningConfiguration"]
    # Not the type of the same name that belongs to a property of Bucket (engine.md, pitfall 7).
    assert versioning["inputs"]["versioningConfiguration"] == {
        "object": {"status": "string", "mfaDelete": "string"},
        "required": ["status"],
    }
    assert made.resources["aws:kms/alias:Alias"]["outputs"]["targetKeyArn"] == "string"

    monkeypatch.setattr(contract.subprocess, "run", lambda *a, **k: pytest.fail("a file that is there is kept"))
    assert contract.load("pulumi_aws", reversed(tokens), tmp_path) == made


def test_a_type_the_sdk_does_not_have_cannot_be_described(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the SDK pulumi_aws cannot be read: KeyError: 'aws:s3/bukkit:Bukkit'"):
        contract.load("pulumi_aws", ["aws:s3/bukkit:Bukkit"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BYOB_SANDBOX_CONTRACTS", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    assert contract.directory() == tmp_path / "byob-contracts"
    monkeypatch.setenv("BYOB_SANDBOX_CONTRACTS", str(tmp_path / "named"))
    assert contract.directory() == tmp_path / "named"
