"""The rows of the rules see at least 95 % of the branches of every module of the rules."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from sandbox.places import ROOT

LEAST = 95.0
RULES = Path("byob_components/policies")


def test_every_module_of_the_rules_is_seen(require: Callable[[bool, str], None]) -> None:
    require(find_spec("coverage") is not None, "coverage.py, which measures branches: run `make setup`")
    command = [sys.executable, "-m", "tests.policies.exercised"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)["files"]
    modules = {
        str(path.relative_to(ROOT)) for cloud in ("aws", "azure", "gcp") for path in (ROOT / RULES / cloud).glob("*.py")
    }
    assert set(files) == {*modules, str(RULES / "iam.py"), str(RULES / "s3_compatible.py")}
    for one in files.values():
        # A module that nothing is measured of would be seen wholly.
        assert one["summary"]["num_statements"] > 2
        assert one["excluded_lines"] == []
    seen = {name: round(one["summary"]["percent_covered"], 1) for name, one in files.items()}
    missed = {name: one["missing_branches"] for name, one in files.items() if seen[name] < LEAST}
    assert missed == {}, seen
    assert sum(one["summary"]["num_branches"] for one in files.values()) > 500
