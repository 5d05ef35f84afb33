"""Runs every row of the rules under branch coverage, and prints coverage.py's report as JSON.

A program of its own, because the rules must be imported anew, after the measuring has begun: `python -m tests.policies.exercised`.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import coverage

RULES = Path(__file__).parents[2] / "byob_components" / "policies"
MODULES = (*(path for cloud in ("aws", "azure", "gcp") for path in sorted((RULES / cloud).glob("*.py"))), RULES / "iam.py", RULES / "s3_compatible.py")  # fmt: skip


def judge_every_row(rows: Any, stacks: Any, made: Any, not_known: type[Exception]) -> None:
    """Judge what every row holds, and mend what can be mended.

    Args:
        rows: Name and row of each resource rule.
        stacks: Name to row of each stack rule.
        made: The module that makes resources and sessions.
        not_known: What a remedy raises that cannot be decided.
    """
    session = made.session()
    for name, row in rows:
        for inputs in (*row.good, *(bad for bad, _ in row.bad), *row.unknown, *row.spared):
            resource = made.made(row.type, inputs, protect=row.protect, below=row.below)
            made.judged(name, resource, **row.changes)
            with suppress(not_known):
                session.remedy(session.rules[name], resource)
    for name, row in stacks.items():
        for stack in (*row.good, *row.bad, *row.unknown, *row.spared):
            made.judged_stack(name, stack)


def main() -> None:
    """Measure, and print."""
    measured = coverage.Coverage(
        branch=True, include=[str(path) for path in MODULES], data_file=None, config_file=False
    )
    measured.start()
    judge_every_row(
        importlib.import_module("tests.policies.test_rules").ROWS,
        importlib.import_module("tests.policies.stack_rows").ROWS,
        importlib.import_module("tests.policies.made"),
        importlib.import_module("byob_components.policies.tree").NotKnown,
    )
    measured.stop()
    measured.json_report(morfs=[str(path) for path in MODULES], outfile="-")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
