"""`byob verify` where a user has made a mistake, or something is missing: what to do is said, and nothing is run."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from byob_components.verify.login import refused
from tests.cli.played import AWS, STATES, Clouds, Engine, run
from tests.declared import exports


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--store", "visoin"), "--store: there is vision, no visoin; did you mean vision?"),
        (("--store", "zzz"), "--store: there is vision, no zzz\n"),
        (("--as", "me=profile:x"), "BYOB-CLI-006 --as: 'me=profile:x' does not say who"),
        (("--as", "wandb=profil:x"), "BYOB-CLI-006 --as: 'wandb=profil:x' does not say how to sign in"),
        (("--as", "wandb=profile"), "BYOB-CLI-006 --as: 'wandb=profile' does not say how to sign in"),
        (("--as", "owner=cli"), "BYOB-CLI-006 --as: 'owner=cli' fits no store"),
        (("--as", "owner=provider"), "BYOB-CLI-006 --as: 'owner=provider' fits no store"),
        (("--as", "wandb=profile:a", "--as", "wandb=profile:b"), "BYOB-CLI-006 --as: 'wandb' is given twice"),
    ],
)
def test_wrong_use(clouds: Clouds, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = run("-", *arguments, stdin=AWS)
    assert (code, out, clouds.ran) == (2, "", [])
    assert told in err


@pytest.mark.parametrize(("text", "code"), [("{}", "BYOB-CLI-004"), ('{"deployment": {}}', "BYOB-CLI-005")])
def test_a_stack_without_stores(clouds: Clouds, text: str, code: str) -> None:
    ended, _, err = run("-", stdin=text)
    assert ended == 2
    assert code in err


def test_a_server_where_nobody_could_act(clouds: Clouds) -> None:
    resources = exports.server(secrets=False)
    resources[0]["inputs"] |= {"endpoints": '[{"s3":"https://store.example"}]', "region": "local"}
    code, _, err = run("-", stdin=exports.export(*resources))
    assert code == 2
    assert "BYOB-CLI-006 --as: lidar (s3_compatible): there is nobody to act" in err
    code, _, err = run("-", "--as", "owner=provider", stdin=exports.export(*resources))
    assert code == 2
    assert "BYOB-VERIFY-012 the owner: cannot sign in: the state shows no static keys of the store's provider" in err


def test_authorities_that_are_none(clouds: Clouds, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    code, out, err = run("-", "--ca-bundle", str(tmp_path / "ca.pem"), stdin=AWS)
    assert (code, out, clouds.ran) == (2, "", [])
    assert "BYOB-VERIFY-011 ca_bundle: " in err
    assert "holds no certificate" in err


def test_keys_that_have_expired(clouds: Clouds) -> None:
    clouds.refuse = lambda role, way: refused(role, "GetCallerIdentity: ExpiredToken", "take fresh keys")
    code, out, err = run("-", stdin=AWS)
    assert (code, out) == (2, "")
    assert "BYOB-VERIFY-012 the owner: cannot sign in: GetCallerIdentity: ExpiredToken" in err


def test_an_owner_who_is_not_logged_in_is_done_without_where_wandb_can_act(clouds: Clouds) -> None:
    clouds.refuse = lambda role, way: None if way else refused(role, "no keys", "log in")
    code, _, err = run("-", "--as", "wandb=profile:stand-in", stdin=AWS)
    assert code == 0
    assert "vision: without the owner's identity: cannot sign in: no keys" in err
    assert clouds.ran[0].cast.owner is None


@pytest.mark.parametrize(
    ("stderr", "told"),
    [
        ("error: no stack named 'nope' found\n", "BYOB-CLI-007 nope: cannot be read: no stack named 'nope' found; fix: name one of"),
        ("error: no Pulumi.yaml project file found\n", "fix: run it in the project's folder, or name that with --cwd"),
        ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE\n", "fix: set PULUMI_CONFIG_PASSPHRASE or"),
        ("", "cannot be read, and the engine does not say why"),
    ],
)  # fmt: skip
def test_what_the_engine_says_is_told_with_a_way_out(clouds: Clouds, engine: Engine, stderr: str, told: str) -> None:
    engine.error = stderr or " "
    code, out, err = run("--stack", "nope")
    assert (code, out) == (2, "")
    assert told in err


def test_no_engine(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*arguments: Any, **options: Any) -> Any:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(subprocess, "run", missing)
    code, _, err = run("--stack", "prod")
    assert code == 3
    assert "pulumi cannot be started (No such file or directory): install the Pulumi CLI, or give a file" in err


@pytest.mark.parametrize(
    ("state", "module", "extra"),
    [("aws", "boto3", "verify-aws"), ("gcp", "google.cloud.storage", "verify-gcp"), ("azure", "azure.identity", "verify-azure")],
)  # fmt: skip
def test_a_missing_extra_is_answered_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, state: str, module: str, extra: str
) -> None:
    def hidden(name: str, package: str | None = None) -> Any:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    monkeypatch.setattr("byob_components.cli.cast.importlib.import_module", hidden)
    code, out, err = run("-", stdin=(STATES / f"{state}.json").read_text())
    assert (code, out) == (3, "")
    assert f"{module} is needed, which is not installed: pip install 'byob-components[{extra}]'" in err
