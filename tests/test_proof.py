"""docs/proof.md keeps to its words: each row has a verdict, and what is called proved names a test that runs what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "proof.md"
HEAD = ["what", "verdict", "by", "how, and its limit", "test"]
INDEPENDENT = "proved on an independent server"
GATE = "proved on a gate of ours"
VERDICTS = (INDEPENDENT, GATE, "registered only", "not provable here")
RUNS_SOMETHING = re.compile(r"pytest\.mark\.(server|engine|browser)\b")


@dataclass(frozen=True)
class Row:
    """One claim."""

    cloud: str
    what: str
    verdict: str
    by: str
    how: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.cloud}: {self.what}"


def rows(page: str) -> Iterator[Row]:
    """The rows of every table under a cloud's heading that has a column `verdict`; any other table there is a fault."""
    cloud, head = "", False
    for line in page.splitlines():
        if line.startswith("## "):
            cloud = line.removeprefix("## ")
        if not line.startswith("|"):
            head = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells == ["verdict", "it means"]:
            cloud = ""
        if not cloud or set("".join(cells)) <= set("-:"):
            continue
        if not head:
            assert cells == HEAD, f"a table under {cloud} has other columns: {cells}"
            head = True
            continue
        assert len(cells) == len(HEAD), f"a row with {len(cells)} cells: {line}"
        yield Row(cloud, *cells[:4], tuple(re.findall(r"`([^`]+)`", cells[4])))


ROWS = list(rows(PAGE.read_text(encoding="utf-8")))


def faults(row: Row) -> list[str]:
    """What is wrong with a row."""
    found = []
    if row.verdict not in VERDICTS:
        found.append(f"its verdict is {row.verdict!r}")
    missing = [test for test in row.tests if not _is_test(ROOT / test)]
    if missing:
        found.append(f"no such test: {missing}")
    proved = row.verdict.startswith("proved")
    if proved and not row.tests:
        found.append("it is proved by no test")
    if proved and not (row.by and row.how):
        found.append("it does not say by what, or how")
    if row.verdict == INDEPENDENT and not all(map(_runs_something, set(row.tests) - set(missing))):
        found.append("it is proved on a server, and a test of it runs none")
    if not proved and not row.how and row.tests:
        found.append("it does not say why it is not proved")
    return found


def _is_test(file: Path) -> bool:
    return file.is_file() and file.name.startswith("test_") and file.suffix == ".py"


def _runs_something(test: str) -> bool:
    return bool(RUNS_SOMETHING.search((ROOT / test).read_text(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_row_has_a_verdict_and_its_reason(row: Row) -> None:
    assert faults(row) == []


def test_the_table_is_read_whole() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    claims = [line for line in lines if any(f"| {verdict} |" in line for verdict in VERDICTS)]
    meanings = [line for line in lines if line.startswith(tuple(f"| {verdict} |" for verdict in VERDICTS))]
    assert len(meanings) == len(VERDICTS)
    assert len(ROWS) == len(claims) - len(meanings)
    for cloud in ("AWS", "Google Cloud"):
        assert {row.verdict for row in ROWS if row.cloud == cloud} == set(VERDICTS)


def test_no_claim_stands_twice() -> None:
    claims = [(row.cloud, row.what) for row in ROWS]
    assert len(claims) == len(set(claims))


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (Row("AWS", "x", "surely proved", "ministack", "calls", ()), "its verdict is 'surely proved'"),
        (Row("AWS", "x", INDEPENDENT, "ministack", "calls", ()), "it is proved by no test"),
        (Row("AWS", "x", GATE, "", "calls", ("tests/test_proof.py",)), "it does not say by what, or how"),
        (Row("AWS", "x", GATE, "us", "calls", ("tests/test_gone.py",)), "no such test: ['tests/test_gone.py']"),
        (Row("AWS", "x", GATE, "us", "calls", ("docs/proof.md",)), "no such test: ['docs/proof.md']"),
        (
            Row("AWS", "x", INDEPENDENT, "ministack", "calls", ("tests/aws/test_documents.py",)),
            "it is proved on a server, and a test of it runs none",
        ),
    ],
)
def test_a_row_that_claims_too_much_is_found(row: Row, wrong: str) -> None:
    assert faults(row) == [wrong]
