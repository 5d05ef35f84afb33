"""Steps are one line each, also those that fail and those that take long."""

from __future__ import annotations

import re
import time

import pytest

from sandbox import progress
from sandbox.progress import step


def test_a_step_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    step("Pulumi engine", lambda: "built before")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert re.fullmatch(r"Pulumi engine +built before \(\d+\.\d s\)\n", shown.err)


def test_a_step_that_fails_says_so_and_the_failure_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> str:
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError, match="no disk"):
        step("Pulumi engine", work)
    assert re.fullmatch(r"Pulumi engine +failed\n", capsys.readouterr().err)


def test_a_long_step_shows_signs_of_life(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.05)

    def work() -> str:
        time.sleep(0.4)
        return "done"

    step("Long", work)
    assert re.fullmatch(r"Long +\.{2,}done \(0\.\d s\)\n", capsys.readouterr().err)


def test_a_terminal_shows_the_passing_seconds(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    def work() -> str:
        time.sleep(1.2)
        return "done"

    step("Long", work)
    lines = capsys.readouterr().err.split("\r")
    assert lines[1] == f"{'Long':<28} 1 s"
    assert re.fullmatch(r"Long +done \(1\.\d s\)\n", lines[-1])
