"""`byob doctor`: what is missing on a machine is said with the way to get it, and what is not needed stops nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from byob_components.cli.commands import byob
from byob_components.cli.doctor import doctor, look
from byob_components.cli.machine import Machine, Requirement, fits, read_requirement
from byob_components.verify import Result, State
from byob_components.wandb.deployment import Cloud

WANTED = {
    "byob-components": (
        Requirement("pulumi", "<4,>=3.259"),
        Requirement("pydantic", "<3,>=2.11", "stack"),
        Requirement("pulumi-aws", "<8,>=7.20", "aws"),
        Requirement("boto3", "<2,>=1.40", "verify-aws"),
        Requirement("google-cloud-storage", "<4,>=3", "verify-gcp"),
    ),
    "pulumi": (Requirement("protobuf", "<7,>=3.20.3"),),
    "pulumi-policy": (Requirement("protobuf", "~=5.29.5"),),
}
INSTALLED = {
    "byob-components": "0.1.0", "pulumi": "3.272.0", "protobuf": "6.33.0", "pip": "26.0", "pydantic": "2.14", "pulumi-aws": "7.51.1", "boto3": "1.44.8",
}  # fmt: skip
PROGRAMS = {name: f"/bin/{name}" for name in ("pulumi", "pulumi-language-python", "chromium")}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine on which everything is right, for AWS."""
    return Machine(
        python=(3, 12, 1),
        env={"PULUMI_BACKEND_URL": "s3://acme-state", "PULUMI_CONFIG_PASSPHRASE": "hidden", "AWS_PROFILE": "acme"},
        home=tmp_path,
        which=PROGRAMS.get,
        run=lambda program, *arguments: "v3.265.1",
        installed=INSTALLED,
        requirements=lambda name: WANTED.get(name, ()),
    )


def found(machine: Machine, *clouds: Cloud, pack: Path | None = None) -> dict[str, Result]:
    return {result.id: result for result in look(machine, list(clouds), pack)}


def test_a_machine_on_which_everything_is_right(machine: Machine) -> None:
    results = found(machine, Cloud.AWS)
    assert [id for id, result in results.items() if result.state is not State.PASS] == [
        "D07:verify-gcp",
        "D10:gcp",
        "D10:azure",
    ]
    assert {results[id].state for id in ("D07:verify-gcp", "D10:gcp", "D10:azure")} == {State.SKIP}
    assert results["D03"].evidence == ("/bin/pulumi: v3.265.1; 3.259 or newer is needed",)
    assert results["D10:aws"].evidence == ("AWS_PROFILE",)
    assert "hidden" not in str(results)


Change = Callable[[Machine], Machine]


def without(name: str) -> Change:
    return lambda machine: replace(machine, installed={k: v for k, v in INSTALLED.items() if k != name})


def having(**versions: str) -> Change:
    new = {name.replace("_", "-"): version for name, version in versions.items()}
    return lambda machine: replace(machine, installed=INSTALLED | new)


def env(**changes: str | None) -> Change:
    def change(machine: Machine) -> Machine:
        return replace(machine, env={k: v for k, v in {**machine.env, **changes}.items() if v is not None})

    return change


def programs(*gone: str) -> Change:
    return lambda machine: replace(machine, which=lambda name: None if name in gone else PROGRAMS.get(name))


@pytest.mark.parametrize(
    ("change", "id", "state", "seen", "fix"),
    [
        (lambda m: replace(m, python=(3, 10, 2)), "D01", State.FAIL, "Python 3.10.2", "install Python 3.11"),
        (having(pulumi="3.200.0"), "D02", State.FAIL, "byob-components: pulumi 3.200.0 is installed, <4,>=3.259 is needed", "pip install --upgrade"),
        (having(protobuf="7.1"), "D02", State.FAIL, "pulumi: protobuf 7.1 is installed, <7,>=3.20.3 is needed", "pip install --upgrade"),
        (programs("pulumi"), "D03", State.FAIL, "there is no program pulumi", "install it: https://www.pulumi.com"),
        (lambda m: replace(m, run=lambda *_: ""), "D03", State.FAIL, "/bin/pulumi does not say its version", "install it"),
        (lambda m: replace(m, run=lambda *_: "v3.99.0"), "D03", State.FAIL, "v3.99.0; 3.259 or newer is needed", "update it"),
        (programs("pulumi-language-python"), "D04", State.FAIL, "pulumi-language-python", "the whole archive"),
        (without("pip"), "D05", State.WARN, "has no pip", "python -m ensurepip"),
        (env(PULUMI_BACKEND_URL=None), "D06", State.WARN, "nobody is logged in", "pulumi login"),
        (env(PULUMI_CONFIG_PASSPHRASE=None), "D06", State.WARN, "s3://acme-state; no passphrase is set", "PULUMI_CONFIG_PASSPHRASE"),
        (env(PULUMI_CONFIG_PASSPHRASE=None, PULUMI_CONFIG_PASSPHRASE_FILE="x"), "D06", State.PASS, "s3://acme-state", ""),
        (env(PULUMI_BACKEND_URL=None, PULUMI_ACCESS_TOKEN="hidden"), "D06", State.PASS, "Pulumi Cloud", ""),
        (env(PULUMI_BACKEND_URL="postgres://me:hidden@db.example/state"), "D06", State.PASS, "db.example/state", ""),
        (without("pulumi-aws"), "D07:aws", State.FAIL, "pulumi-aws is not installed", "pip install 'byob-components[aws]'"),
        (having(boto3="1.30"), "D07:verify-aws", State.FAIL, "boto3 1.30 is installed, <2,>=1.40", "pip install 'byob-components[verify-aws]'"),
        (having(google_cloud_storage="2.9"), "D07:verify-gcp", State.FAIL, "google-cloud-storage 2.9 is installed", "byob-components[verify-gcp]"),
        (without("pydantic"), "D07:stack", State.SKIP, "not asked for; pip install 'byob-components[stack]'", ""),
        (having(pulumi_policy="1.21.0"), "D08", State.FAIL, "protobuf 6.33.0 is installed, ~=5.29.5 is needed", "make one for it"),
        (having(pulumi_policy="1.21.0", protobuf="5.29.6"), "D08", State.WARN, "holds protobuf at 5.29.6", "keep it apart"),
        (env(AWS_PROFILE=None), "D10:aws", State.WARN, "none in the environment", "aws configure sso"),
        (env(GOOGLE_APPLICATION_CREDENTIALS="/no/such/key.json"), "D10:gcp", State.FAIL, "names a file that is not there", "gcloud auth"),
        (env(AZURE_CLIENT_ID="c-1"), "D10:azure", State.PASS, "AZURE_CLIENT_ID", ""),
        (programs("chromium"), "D11", State.WARN, "V16:browser and V17:browser are skipped then", "install Chromium"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_its_fix(
    machine: Machine, change: Change, id: str, state: State, seen: str, fix: str
) -> None:
    result = found(change(machine), Cloud.AWS)[id]
    assert result.state is state
    assert seen in result.evidence[0]
    assert result.fix.startswith(fix) or fix in result.fix
    assert bool(result.fix) is (state in (State.FAIL, State.WARN))
    assert "hidden" not in str(result)


def test_the_host_beside_the_engine_and_a_login_in_files_are_found(machine: Machine, tmp_path: Path) -> None:
    for name in ("bin/pulumi", "bin/pulumi-language-python", ".pulumi/credentials.json", ".aws/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"current": "https://api.pulumi.com"}')
    own = replace(machine, env={}, which=lambda name: str(tmp_path / "bin" / "pulumi") if name == "pulumi" else None)
    results = found(own, Cloud.AWS)
    assert results["D04"].evidence == (str(tmp_path / "bin" / "pulumi-language-python"),)
    assert results["D06"].evidence == ("https://api.pulumi.com",)
    assert results["D10:aws"].evidence == ("~/.aws/config",)


def test_the_environment_of_a_policy_pack(machine: Machine, tmp_path: Path) -> None:
    pack, title = tmp_path / "guard", "D09"
    pack.mkdir()
    assert found(machine, pack=pack)[title].fix == f"byob policy init {pack}"
    (pack / "PulumiPolicy.yaml").touch()
    (pack / "requirements.txt").write_text("byob-components[policy]==0.1.0\n")
    lacking = found(machine, pack=pack)[title]
    assert (lacking.state, lacking.evidence) == (
        State.FAIL,
        (f"{pack}/venv lacks pulumi-policy, byob-components",),
    )
    packages = pack / "venv" / "lib" / "python3.12" / "site-packages"
    (packages / "pulumi_policy-1.21.0.dist-info").mkdir(parents=True)
    older = packages / "byob_components-0.0.9.dist-info"
    older.mkdir()
    assert found(machine, pack=pack)[title].state is State.WARN
    older.rename(packages / "byob_components-0.1.0.dist-info")
    assert found(machine, pack=pack)[title].evidence == ("pulumi-policy 1.21.0, byob-components 0.1.0",)
    (pack / "requirements.txt").unlink()
    assert found(machine, pack=pack)[title].evidence == ("pulumi-policy 1.21.0",)


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("boto3<2,>=1.40; extra == 'verify-aws'", Requirement("boto3", "<2,>=1.40", "verify-aws")),
        ('pydantic (<3,>=2.11) ; extra == "stack"', Requirement("pydantic", "<3,>=2.11", "stack")),
        ("protobuf<7,>=3.20.3", Requirement("protobuf", "<7,>=3.20.3")),
        ("coverage[toml]", Requirement("coverage", "")),
        ("grpcio<2,>=1.75; python_version >= '3.14'", None),
        ("x>1; extra == 'y' and python_version < '3.12'", None),
    ],
)
def test_requirements_are_read(text: str, requirement: Requirement | None) -> None:
    assert read_requirement(text) == requirement


@pytest.mark.parametrize(
    ("version", "bounds", "good"),
    [
        ("1.40", ">=1.40,<2", True),
        ("1.39.9", ">=1.40,<2", False),
        ("2.0.0", ">=1.40,<2", False),
        ("5.29.6", "~=5.29.5", True),
        ("5.30.0", "~=5.29.5", False),
        ("2.1", "==2.1.0", True),
        ("2.1", "!=2.1", False),
        ("2.1", ">2.1", False),
        ("2.1", "<=2.1", True),
        ("3.272.0a1", ">=3.259", True),
        ("1", "", True),
    ],
)
def test_versions_are_compared(version: str, bounds: str, good: bool) -> None:
    assert fits(version, bounds) is good


def run(machine: Machine, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr("byob_components.cli.doctor.Machine", lambda: machine)
    done = CliRunner().invoke(byob, ["doctor", *arguments], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def test_text_and_json(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = run(machine, monkeypatch, "--cloud", "aws")
    assert (code, err, out.splitlines()[-1]) == (0, "", "nothing must be mended")
    assert "PASS D07 What an extra brings is installed [aws]\n       pulumi-aws 7.51.1\n" in out
    code, out, _ = run(without("pulumi-aws")(machine), monkeypatch, "--cloud", "aws")
    assert (code, out.splitlines()[-1]) == (1, "to be mended: D07")
    assert (
        "FAIL D07 What an extra brings is installed [aws]\n       pulumi-aws is not installed\n       fix: pip install"
        in out
    )
    code, out, _ = run(programs("pulumi")(machine), monkeypatch, "--format", "json")
    told: dict[str, Any] = json.loads(out)
    assert (code, told["format"], told["ok"]) == (1, 1, False)
    assert [one["id"] for one in told["results"] if one["state"] == "fail"] == ["D03"]


def test_a_cloud_that_is_none(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(machine, monkeypatch, "--cloud", "aws3")[0] == 2


def test_this_machine_is_looked_at_without_a_traceback() -> None:
    results = list(look(Machine(), [Cloud.AWS]))
    assert {"D01", "D02", "D03", "D06", "D08", "D11"} <= {result.code for result in results}
    assert next(result for result in results if result.code == "D01").state is State.PASS


def test_the_page_has_every_code_and_option() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "doctor.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (D\d\d) \|", page, re.MULTILINE) == [f"D{number:02}" for number in range(1, 12)]
    options = {option for one in doctor.params for option in one.opts}
    assert set(re.findall(r"^\| `(--[a-z-]+)", page, re.MULTILINE)) == options
