"""docs/day-2.md: its YAML is accepted, its waiver is one, its codes and links exist; its commands are held by test_commands."""

from __future__ import annotations

import datetime
import re
import textwrap
from typing import Any

import pytest
import yaml

from byob_components.policies import RULES
from byob_components.review.danger import CODES
from byob_components.review.waivers import read_waivers
from byob_components.stack import load
from sandbox.places import ROOT

PAGE = (ROOT / "docs" / "day-2.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The page's blocks of a language, without what they are indented by in a list."""
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in found]


def settings(block: str) -> dict[str, Any]:
    """The configuration that a block is a part of, without the prefix."""
    written = yaml.safe_load(block)
    assert all(key.startswith("byob:") for key in written)
    return {"deployment": "dedicated", "level": "team"} | {k.removeprefix("byob:"): v for k, v in written.items()}


def test_there_are_the_blocks() -> None:
    assert len(blocks("yaml")) == 9
    assert len(blocks("sh")) >= 12
    assert len(blocks("toml")) == 1


@pytest.mark.parametrize("block", blocks("yaml"), ids=lambda block: " ".join(block.split())[:60])
def test_the_lines_are_accepted(block: str) -> None:
    read = load(settings(block))
    assert read.teams


def test_the_waiver_is_one() -> None:
    (waiver,) = read_waivers(blocks("toml")[0], datetime.date(2026, 11, 25))
    assert (waiver.code, waiver.resource) == ("BYOB-REV-014", "BucketPolicy vision")


def test_the_codes_exist() -> None:
    told = set(re.findall(r"BYOB-[A-Z]+(?:-[A-Z0-9]+)?-\d{3}", PAGE))
    assert told <= {*CODES, *(rule.code for rule in RULES)}
    assert len(told) == 3


def test_the_table_names_every_procedure() -> None:
    titles = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    told = re.findall(r"^\| .* \| \[(.*?)\]\(#(.*?)\) \|$", PAGE, re.MULTILINE)
    assert [title for title, _ in told] == titles
    assert [anchor for _, anchor in told] == [anchored(title) for title in titles]
    for page, anchor in re.findall(r"\]\(([\w.-]+\.md)#([\w-]+)\)", PAGE):
        there = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert anchor in {anchored(title) for title in re.findall(r"^#+ (.*)$", there, re.MULTILINE)}, anchor


def anchored(title: str) -> str:
    """A heading's anchor, as the platforms that show the page make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_a_removal_is_never_skipped_to_and_no_key_is_deleted() -> None:
    commands = "\n".join(blocks("sh"))
    assert "--skip-preview" not in re.sub(r"#.*", "", commands)
    assert "schedule-key-deletion" not in commands
    assert "destroy" not in commands
