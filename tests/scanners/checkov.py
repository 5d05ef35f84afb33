"""Checkov, in its own environment, over plans: one process for all of them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

Name = TypeVar("Name")


@dataclass
class Scan:
    """What Checkov says of one plan.

    Args:
        failed: Check ids with a finding.
        passed: Check ids that looked and found nothing.
        judged: The types of the resources that any check looked at.
    """

    failed: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)


def scan(python: Path, plans: Mapping[Name, dict[str, Any]], folder: Path) -> dict[Name, Scan]:
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
    scans = {name: Scan() for name in plans}
    for verdict in ("failed", "passed"):
        for finding in results[f"{verdict}_checks"]:
            one = scans[files[folder / Path(finding["file_path"]).name]]
            getattr(one, verdict).add(finding["check_id"])
            one.judged.add(finding["resource"].partition(".")[0])
    return scans
