"""The pages' command lines exist, and the check can fail."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.places import ROOT
from tests.docs.commands import commands, wrong
from tests.engine.workbench import installed_engine_exists

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").rglob("README.md"))]
_SHELLS = ("", "sh", "shell", "bash")
pytestmark = pytest.mark.engine


@pytest.fixture(scope="module", autouse=True)
def engine(require: Callable[[bool, str], None]) -> None:
    """The engine, whose help is asked."""
    require(installed_engine_exists(), "the Pulumi CLI, or Go to build it: run `make setup`")


def lines_of(page: Path) -> list[str]:
    """The lines of a page's shell blocks, continued ones as one, without their comments."""
    lines, language = [], None
    for line in page.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line.lstrip().startswith("```"):
            language = line.strip().removeprefix("```") if language is None else None
        elif language in _SHELLS:
            lines.append(re.sub(r"(^|\s)#.*", "", line))
    return lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_to_run_exists(page: Path) -> None:
    told = [(call, problem) for line in lines_of(page) for call in commands(line) if (problem := wrong(call))]
    assert told == []


def test_an_option_that_the_engine_hides_is_shown_first() -> None:
    lines = [line for page in PAGES for line in lines_of(page) if "--event-log" in line]
    assert lines
    assert [line for line in lines if not line.startswith("PULUMI_DEBUG_COMMANDS=true ")] == []


def test_the_pages_have_commands() -> None:
    assert sum(len(list(commands(line))) for page in PAGES for line in lines_of(page)) > 30


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("byob review preview.json --policies events.json", ""),
        ("A=1 pulumi stack output --json | byob handoff - --team vision > x.md", ""),
        ("pulumi preview --json --event-log events.json > preview.json || echo no", ""),
        ("byob revue preview.json", "byob has no command revue"),
        ("byob review", "preview is missing"),
        ("byob review preview.json --waiver x", "No such option"),
        ("byob review preview.json --format html", "form is not one of text, markdown, json, sarif, junit"),
        ("pulumi preview --police-pack policies", "pulumi preview has no --police-pack"),
        ("pulumi policy analyse --file export.json", "pulumi policy has no --file"),
        ("pulumi peek", "pulumi has no command peek"),
        ("false && pulumi stack export --fil x", "pulumi stack export has no --fil"),
    ],
)
def test_what_does_not_exist_is_found(line: str, said: str) -> None:
    found = [wrong(call) for call in commands(line)]
    assert found
    assert any(one.startswith(said) for one in found) if said else found == [""] * len(found)
