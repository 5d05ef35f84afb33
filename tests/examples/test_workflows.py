"""The workflow files that users copy: they parse, their commands exist, and they never do what the docs warn of."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from byob_components.policies.starter import pack_files
from sandbox.places import ROOT
from tests.docs.commands import commands, wrong
from tests.engine.workbench import installed_engine_exists

FOLDER = ROOT / "examples" / "workflows"
GITHUB = sorted((FOLDER / "github").glob("*.yml"))
GITLAB = FOLDER / "gitlab" / ".gitlab-ci.yml"
FILES = [*GITHUB, GITLAB]
KEYWORDS = {"image", "stages", "variables"}
"""Top-level names of a GitLab file that are no jobs."""


def read(file: Path) -> dict[str, Any]:
    """The file; GitHub's `on` is a truth value to YAML."""
    found: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in found.items()}


def scripts(file: Path) -> Iterator[str]:
    """Every script of the file."""
    data = read(file)
    if file == GITLAB:
        for name, job in data.items():
            if name not in KEYWORDS:
                yield from [*job.get("before_script", []), *job.get("script", [])]
    else:
        for job in data["jobs"].values():
            yield from (step["run"] for step in job["steps"] if "run" in step)


def calls(file: Path) -> list[list[str]]:
    """Every call of byob and of the engine."""
    return [call for script in scripts(file) for call in commands(script)]


@pytest.fixture(scope="module")
def engine(require: Callable[[bool, str], None]) -> None:
    """The engine, whose help is asked."""
    require(installed_engine_exists(), "the Pulumi CLI, or Go to build it: run `make setup`")


def test_there_are_the_files_that_the_page_tells_of() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\]\(((?:github|gitlab)/[^)]+)\)", page))
    assert told == {str(file.relative_to(FOLDER)) for file in FILES}
    assert len(FILES) == 4


@pytest.mark.engine
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_commands_and_options_exist(engine: None, file: Path) -> None:
    found = calls(file)
    assert len(found) >= 3
    assert [(call, problem) for call in found if (problem := wrong(call))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_scripts_are_shell(file: Path) -> None:
    for script in scripts(file):
        text = re.sub(r"\$\{\{.*?\}\}", "EXPRESSION", script)
        done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_files_that_a_command_reads_are_there_or_were_written_before(file: Path) -> None:
    pack = {f"guard/{name}" for name in pack_files("0.1.0")}
    there = pack | {"guard", "waivers.toml", "guard/venv/bin/pip"}
    for line in (line for script in scripts(file) for line in script.splitlines()):
        for call in commands(line):
            names = {word for word in call[1:] if re.fullmatch(r"[\w/-]+\.(json|toml)|guard\S*", word)}
            written = {call[i + 1] for i, word in enumerate(call) if word in ("--event-log", "--record")}
            assert names - written <= there, call
            there |= written
        there |= set(re.findall(r">\s*([\w/-]+\.\w+)", line))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_removal_is_never_carried_out_unseen_and_no_policy_is_left_out(file: Path) -> None:
    for call in calls(file):
        assert "--skip-preview" not in call
        if call[1] in ("up", "preview"):
            assert "--policy-pack" in call
            assert "guard/profiles/production.json" in call
        assert call[1] not in ("destroy", "cancel")
        assert "--show-secrets" not in call
        assert "--write" not in call, "a job that runs by itself writes nothing into a customer's bucket"
        if "--event-log" in call:
            assert 'PULUMI_DEBUG_COMMANDS: "true"' in file.read_text(encoding="utf-8"), "the engine hides the option"


@pytest.mark.parametrize("file", GITHUB, ids=lambda file: file.name)
def test_github_rights_are_said_and_small(file: Path) -> None:
    data = read(file)
    more = {"pull-requests": "write"} if file.stem == "storage-review" else {}
    assert data["permissions"] == {"contents": "read", "id-token": "write", **more}
    assert "pull_request_target" not in data["on"], "would run a stranger's program with our secrets"
    (job,) = data["jobs"].values()
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", one) for one in uses), uses


def test_when_each_github_workflow_runs() -> None:
    on = {file.stem: read(file)["on"] for file in GITHUB}
    assert set(on["storage-review"]) == {"pull_request"}
    assert on["storage-up"] == {"push": {"branches": ["main"]}}
    assert set(on["storage-nightly"]) == {"schedule", "workflow_dispatch"}
    jobs = {file.stem: next(iter(read(file)["jobs"].values())) for file in GITHUB}
    assert "github.repository" in jobs["storage-review"]["if"], "not for forks"
    assert jobs["storage-up"]["environment"] == "production", "which asks for an approval"
    assert "environment" not in jobs["storage-review"]
    roles = {
        name: re.findall(r"vars\.(ROLE_\w+)", next(s for s in job["steps"] if "aws" in s.get("uses", ""))["with"]["role-to-assume"])
        for name, job in jobs.items()
    }  # fmt: skip
    assert roles == {"storage-review": ["ROLE_READ"], "storage-up": ["ROLE_UP"], "storage-nightly": ["ROLE_READ"]}


def test_when_each_gitlab_job_runs() -> None:
    data = read(GITLAB)
    jobs = {name: job for name, job in data.items() if name not in KEYWORDS and not name.startswith(".")}
    assert [job["stage"] for job in jobs.values()] == data["stages"] == ["review", "up", "nightly"]
    assert jobs["up"]["rules"][0]["when"] == "manual"
    assert jobs["up"]["environment"] == "production"
    assert jobs["nightly"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    assert jobs["review"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert {name: job["variables"]["AWS_ROLE_ARN"] for name, job in jobs.items()} == {
        "review": "$ROLE_READ",
        "up": "$ROLE_UP",
        "nightly": "$ROLE_READ",
    }
    assert all(isinstance(line, str) for file in FILES for line in scripts(file)), "a colon makes a mapping of a line"


@pytest.mark.parametrize("file", [FOLDER / "github" / "storage-nightly.yml", GITLAB], ids=lambda file: file.name)
def test_every_night_stores_are_verified_and_the_record_shows_it(file: Path) -> None:
    verified = [call for call in calls(file) if call[:2] == ["byob", "verify"]]
    assert [call[call.index("--record") + 1] for call in verified] == ["verification.json"]
    (evidence,) = [script for script in scripts(file) if "byob evidence" in script]
    shown = next(script for script in scripts(file) if 'shown="--verification verification.json"' in script)
    assert "[ -s verification.json ]" in shown, "there is no file when it could not run"
    assert "byob evidence export.json $shown " in evidence
