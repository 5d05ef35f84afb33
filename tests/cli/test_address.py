"""`byob address` as a person calls it: no key is ever shown unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from byob_components.cli.commands import byob

SECRET = "s3cr3t/Key+1"
WHOLE = "s3://AKIDEXAMPLE:s3cr3t%2FKey%2B1@s3.eu-west-1.amazonaws.com/acme-lidar/runs?region=eu-west-1"
MASKED = "s3://****:****@s3.eu-west-1.amazonaws.com/acme-lidar/runs?region=eu-west-1"


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(byob, ["address", *arguments], input=stdin)
    return done.exit_code, done.stdout, done.stderr


def test_the_parts_of_an_address() -> None:
    code, out, err = run("parse", "az://acmestore/vision/team")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "address          az://acmestore/vision/team",
        "cloud            azure",
        "account          acmestore",
        "bucket           vision",
        "path             team",
        "keys             no",
    ]


def test_an_address_with_keys_comes_by_stdin_and_is_masked() -> None:
    code, out, err = run("parse", "--format", "json", stdin=WHOLE + "\n")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["address"], told["keys"], told["region"], told["faults"]) == (MASKED, True, "eu-west-1", [])
    assert "AKIDEXAMPLE" not in out
    assert "s3cr3t" not in out
    code, out, err = run("parse", WHOLE)
    assert code == 0
    assert "give it on stdin" in err
    assert "s3cr3t" not in out + err


def test_an_address_that_wandb_cannot_use_ends_with_1() -> None:
    code, out, _ = run("parse", stdin="s3://AKIDEXAMPLE:s3cr3t@acme-lidar")
    assert code == 1
    assert "wrong            BYOB-WANDB-046 address: with keys names no region" in out


@pytest.mark.parametrize("text", ["https://acme.example/bucket", "s3://a:b@c@"])
def test_what_is_no_address_ends_with_2_and_is_not_repeated(text: str) -> None:
    code, out, err = run("parse", text)
    assert (code, out) == (2, "")
    assert "BYOB-WANDB-0" in err
    assert text not in err


def test_an_address_is_built() -> None:
    assert run("build", "--cloud", "gcp", "--bucket", "acme", "--path", "vision") == (0, "gs://acme/vision\n", "")
    store = ("--cloud", "coreweave", "--bucket", "acme-vision", "--format", "json")
    assert json.loads(run("build", *store)[1]) == {"address": "cw://acme-vision"}


def test_keys_are_masked_unless_they_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"accessKey": "AKIDEXAMPLE", "secretKey": SECRET}))
    store = ("build", "--cloud", "aws", "--bucket", "acme-lidar", "--path", "runs", "--region", "eu-west-1")
    store = (*store, "--endpoint", "s3.eu-west-1.amazonaws.com")
    assert run(*store, "--keys", str(file)) == (0, MASKED + "\n", "")
    assert run(*store, "--keys", "-", "--show-secrets", stdin=file.read_text()) == (0, WHOLE + "\n", "")


@pytest.mark.parametrize("keys", ["no", "[]", '{"accessKey": "s3cr3t"}', '{"secretKey": 7}'])
def test_wrong_keys_end_with_2_and_are_not_repeated(keys: str) -> None:
    code, out, err = run("build", "--cloud", "aws", "--bucket", "acme-lidar", "--keys", "-", stdin=keys)
    assert (code, out) == (2, "")
    assert "BYOB-CLI-003 --keys: is not what it should be" in err
    assert "s3cr3t" not in err


def test_a_wrong_part_ends_with_2() -> None:
    code, out, err = run("build", "--cloud", "azure", "--bucket", "vision")
    assert (code, out) == (2, "")
    assert "BYOB-WANDB-044" in err
    assert run("build", "--cloud", "oracle", "--bucket", "x")[0] == 2
