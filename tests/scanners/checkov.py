"""Checkov, in its own environment, over plans: one process for all of them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Scan:
    """What Checkov says of one plan.

    Args:
        failed: Check ids with a finding.
        passed: Check ids that looked and found nothing.
    """

    failed: frozenset[str]
    passed: frozenset[str]


def scan(python: Path, plans: Mapping[str, dict[str, Any]], folder: Path) -> dict[str, Scan]:
    """Scan plans.

    Args:
        python: The interpreter of Checkov's environment.
        plans: By name.
        folder: Where the files may be written.
    """
    files = {folder / f"{i}.json": name for i, name in enumerate(plans)}
    for file, name in files.items():
        file.write_text(json.dumps(plans[name]), encoding="utf-8")
    options = ["--framework", "terraform_plan", "--output", "json", "--compact", "--skip-download"]
    done = subprocess.run(
        [str(python), "-m", "checkov.main", "-d", str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=folder,
        # Nothing is sent or fetched, and the user's own settings do not count.
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LOG_LEVEL": "ERROR", "ANSI_COLORS_DISABLED": "1"},
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    found = report[0] if isinstance(report, list) else report
    results = found["results"]
    assert found["summary"]["parsing_errors"] == 0, results.get("parsing_errors")
    ids: dict[str, dict[str, set[str]]] = {name: {"failed": set(), "passed": set()} for name in plans}
    for verdict in ("failed", "passed"):
        for finding in results[f"{verdict}_checks"]:
            name = files[folder / Path(finding["file_path"]).name]
            ids[name][verdict].add(finding["check_id"])
    return {name: Scan(frozenset(one["failed"]), frozenset(one["passed"])) for name, one in ids.items()}
