"""The two windows of the kill tests: the call log, and the death of the engine at a chosen call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.places import ROOT
from sandbox.providers.framework.hooks import Hooks

PLUGIN = """
import os, time
from sandbox.providers.framework.hooks import Hooks
hooks = Hooks()
for preview in (True, False):
    hooks.carried_out("Create", "urn:a", time.time(), preview)
hooks.carried_out("Read", "urn:a", time.time(), False)
hooks.carried_out("Update", "urn:b", time.time(), False, "refused")
hooks.carried_out("Delete", "urn:c", time.time(), False)
print("still here", flush=True)
"""
ENGINE = f"""
import subprocess, sys, time
subprocess.run([sys.executable, "-c", {PLUGIN!r}])
time.sleep(0.3)
print("the engine lives", flush=True)
"""


def engine(tmp_path: Path, **env: str) -> tuple[int, str, list[dict[str, object]]]:
    """A stand-in for the engine, which starts a plugin: its exit code, what both said, and the log."""
    log = tmp_path / "calls"
    done = subprocess.run(
        [sys.executable, "-c", ENGINE], cwd=ROOT, env={"PYTHONPATH": str(ROOT), "BYOB_SANDBOX_CALL_LOG": str(log), **env},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    lines = log.read_text().splitlines() if log.exists() else []
    return done.returncode, done.stdout, [json.loads(line) for line in lines]


def test_every_call_is_logged(tmp_path: Path) -> None:
    code, said, calls = engine(tmp_path)
    assert (code, said) == (0, "still here\nthe engine lives\n")
    told = [(c["method"], c["urn"], c["n"], c["preview"], c.get("error")) for c in calls]
    assert told == [
        ("Create", "urn:a", 0, True, None),
        ("Create", "urn:a", 1, False, None),
        ("Read", "urn:a", 1, False, None),
        ("Update", "urn:b", 1, False, "refused"),
        ("Delete", "urn:c", 2, False, None),
    ]
    assert all(c["seconds"] >= 0 and c["pid"] for c in calls)  # type: ignore[operator]


@pytest.mark.parametrize(("number", "last"), [("1", "Create"), ("2", "Delete")])
def test_the_engine_dies_after_the_chosen_real_call(tmp_path: Path, number: str, last: str) -> None:
    code, said, calls = engine(tmp_path, BYOB_SANDBOX_KILL_AFTER=number)
    assert code == -9, "by SIGKILL"
    assert said == ""
    assert (calls[-1]["method"], calls[-1]["preview"]) == (last, False)


def test_without_the_environment_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BYOB_SANDBOX_CALL_LOG", raising=False)
    monkeypatch.delenv("BYOB_SANDBOX_KILL_AFTER", raising=False)
    monkeypatch.chdir(tmp_path)
    Hooks().carried_out("Create", "urn", 0.0, False)
    assert list(tmp_path.iterdir()) == []
