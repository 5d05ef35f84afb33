"""The runnable pack: its profiles, what importing the rules loads, and what is said when the extra is missing."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from byob_components.policies import RULES, Level
from byob_components.policies.configuration import check_configuration
from sandbox.places import ROOT

PACK = ROOT / "policies"
RULES_ONLY = sorted(
    file for file in (ROOT / "byob_components" / "policies").rglob("*.py") if "serving" not in file.parts
)


def profile(name: str) -> dict[str, str]:
    """A profile, as `--policy-pack-config` takes it."""
    found: dict[str, str] = json.loads((PACK / "profiles" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_the_profiles() -> None:
    assert sorted(file.stem for file in (PACK / "profiles").iterdir()) == ["development", "production", "regulated"]
    assert profile("development") == {"all": "advisory"}
    assert profile("production") == {}
    assert profile("regulated") == {one.name: "mandatory" for one in RULES if one.level is Level.ADVISORY}
    assert check_configuration({one.name: one for one in RULES}, {key: {} for key in profile("regulated")}) == []


def test_the_project_file() -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": "venv"}}
    assert project["version"] == "0.1.0"


@pytest.mark.parametrize("file", RULES_ONLY, ids=lambda file: str(file.relative_to(ROOT / "byob_components")))
def test_rules_need_nothing_but_the_library(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.split(".")[0] in {"byob_components", *sys.stdlib_module_names}, name
            assert not name.startswith("byob_components.policies.serving"), name


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)


def test_importing_the_rules_loads_neither_pulumi_nor_grpc() -> None:
    done = run("import sys, byob_components.policies; print(*{name.split('.')[0] for name in sys.modules})")
    assert done.returncode == 0, done.stderr
    assert not {"pulumi", "pulumi_policy", "grpc", "google", "pydantic", "boto3"} & set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "hidden"),
    [
        ("import byob_components.policies.serving", "pulumi"),
        ("from byob_components.policies.serving.pack import _serve_sdk; _serve_sdk(None, '', '')", "pulumi_policy"),
    ],
)
def test_a_missing_extra_is_answered_with_the_line_that_installs_it(code: str, hidden: str) -> None:
    hide = f"""
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
"""
    done = run(f"{hide}\n{code}")
    assert done.returncode == 1
    assert "pip install 'byob-components[policy]'" in done.stderr.strip().splitlines()[-1]
