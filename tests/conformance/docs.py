"""The table of defaults names every argument that a reader can find there, and none that does not exist.

One class for the clouds that have a table of their own below that of AWS, in `docs/defaults.md`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

DOCS = Path(__file__).parents[2] / "docs"


class DefaultsPageContract:
    """The contract; not collected by itself."""

    heading: ClassVar[str]
    """The heading of the cloud's part of the page."""
    composite: ClassVar[str]
    """The name of the composite."""
    arguments: ClassVar[type]
    """Its TypedDict."""
    elsewhere: ClassVar[frozenset[str]]
    """Arguments that are named in the table of AWS, and the same here."""
    no_default_worth_a_row: ClassVar[frozenset[str]]
    """Arguments that are nowhere on the page."""

    def section(self) -> str:
        """The cloud's part of the page."""
        text = (DOCS / "defaults.md").read_text()
        return text.partition(f"## {self.heading}\n")[2].partition("\n## ")[0]

    def test_the_table_and_the_arguments_agree(self) -> None:
        section = self.section()
        required: set[str] = self.arguments.__required_keys__  # type: ignore[attr-defined]
        assert set(re.findall(r"`(\w+)`", section.partition("\n|")[0])) == required | {self.composite}
        columns = [line.rpartition(" | ")[2] for line in section.splitlines() if line.startswith("| ")][1:]
        named = set(re.findall(r"`(\w+)`", " ".join(columns)))
        assert named <= self.arguments.__annotations__.keys()
        known = named | required | self.elsewhere | self.no_default_worth_a_row
        assert known == set(self.arguments.__annotations__)

    def test_what_stands_elsewhere_on_the_page_stands_there(self) -> None:
        text = (DOCS / "defaults.md").read_text()
        assert {name for name in self.elsewhere if f"`{name}" not in text} == set()
