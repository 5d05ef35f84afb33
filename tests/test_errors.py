"""Faults and their codes: what a message says, and that code, page and tests know the same ones."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from byob_components.errors import ByobError, Fault, shown

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"BYOB-[A-Z0-9]+-\d{3}")
PAGE = ROOT / "docs" / "errors.md"


def _codes_in(files: list[Path]) -> set[str]:
    return {code for file in files for code in CODE.findall(file.read_text(encoding="utf-8"))}


SOURCES = sorted((ROOT / "byob_components").rglob("*.py"))
IN_CODE = _codes_in(SOURCES)
ENTRIES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| BYOB-")
]
LISTED = [entry[0] for entry in ENTRIES]


def test_every_code_has_its_entry_and_every_entry_its_code() -> None:
    assert set(LISTED) == IN_CODE
    assert len(IN_CODE) >= 90


def test_entries_say_what_is_wrong_and_what_to_do_and_stand_in_order() -> None:
    assert [code for code, count in Counter(LISTED).items() if count > 1] == []
    for code, what, *_, fix in ENTRIES:
        assert CODE.fullmatch(code), code
        assert len(what) > 10, code
        assert len(fix) > 5, code
    areas = dict.fromkeys(code.split("-")[1] for code in LISTED)
    assert [code for area in areas for code in sorted(c for c in LISTED if f"-{area}-" in c)] == LISTED


def test_every_code_has_a_row_in_the_tests_and_no_test_has_a_code_of_its_own() -> None:
    tested = _codes_in([file for file in (ROOT / "tests").rglob("*.py") if file != Path(__file__)])
    assert IN_CODE - tested == set(), "codes without a test"
    assert tested - IN_CODE == set(), "tests of codes that do not exist"


def _faults(file: Path) -> list[ast.Call]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault"
    ]


@pytest.mark.parametrize("file", [f for f in SOURCES if _faults(f)], ids=lambda f: str(f.relative_to(ROOT)))
def test_every_fault_says_what_is_allowed_or_how_to_mend_it(file: Path) -> None:
    for call in _faults(file):
        allowed_or_fix = call.args[4:] + [k.value for k in call.keywords if k.arg in ("allowed", "fix")]
        said = [a for a in allowed_or_fix if not (isinstance(a, ast.Constant) and a.value in ("", None))]
        assert said, f"{file.name}:{call.lineno} tells neither"


# ------------------------------------------------------------------------------------------ the message
@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            Fault("BYOB-ARG-004", "paths[1]", "is a whole number", 7, "text", "give text"),
            "BYOB-ARG-004 paths[1]: 7 is a whole number; allowed: text; fix: give text",
        ),
        (Fault("BYOB-ARG-001", "x", "is not an argument"), "BYOB-ARG-001 x: is not an argument"),
        (Fault("BYOB-AWS-003", "region", "is no region", "eu"), "BYOB-AWS-003 region: 'eu' is no region"),
        (Fault("BYOB-AWS-003", "region", "is no region", ""), "BYOB-AWS-003 region: '' is no region"),
        (Fault("BYOB-AWS-021", "f", "is on", True, "", "drop it"), "BYOB-AWS-021 f: True is on; fix: drop it"),
        (Fault("BYOB-AWS-021", "f", "is on", None, "off"), "BYOB-AWS-021 f: is on; allowed: off"),
    ],
)
def test_a_fault_as_a_sentence(fault: Fault, text: str) -> None:
    assert str(fault) == text


def test_values_stay_on_one_line_and_are_cut() -> None:
    assert shown("a\nb") == "'a\\nb'"
    assert shown(["a", 1]) == "['a', 1]"
    assert len(shown("x" * 500)) == 120
    assert shown("x" * 500).endswith("…")


def test_an_error_holds_every_fault() -> None:
    faults = [Fault("BYOB-ARG-001", "a", "is wrong"), Fault("BYOB-ARG-002", "b", "is missing")]
    error = ByobError(iter(faults), "AwsByob 'vision'")
    assert error.faults == tuple(faults)
    assert str(error) == "AwsByob 'vision': 2 faults\n  BYOB-ARG-001 a: is wrong\n  BYOB-ARG-002 b: is missing"
    assert str(ByobError(faults[:1])) == "1 fault\n  BYOB-ARG-001 a: is wrong"


def test_an_error_without_a_fault_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one fault"):
        ByobError([])
