"""The pack that `byob policy init` writes: its text, and a run on the real engine with nothing but the wheel."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

from byob_components.policies.starter import pack_files
from sandbox.places import ROOT
from tests.engine import conftest as on_engine
from tests.engine.workbench import Workbench
from tests.policies.test_on_engine import SPLIT, said, use

engine = on_engine.engine
FILES = pack_files("0.1.0")


@pytest.mark.parametrize("name", ["development", "production", "regulated"])
def test_the_profiles_are_those_of_the_repository(name: str) -> None:
    ours = json.loads((ROOT / "policies" / "profiles" / f"{name}.json").read_text(encoding="utf-8"))
    assert json.loads(FILES[f"profiles/{name}.json"]) == ours


def test_the_project_names_its_environment_and_one_version() -> None:
    project = yaml.safe_load(FILES["PulumiPolicy.yaml"])
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": "venv"}}
    assert project["version"] == "0.1.0"
    assert FILES["requirements.txt"].splitlines()[-1] == "byob-components[policy]==0.1.0"
    assert FILES[".gitignore"].splitlines() == ["venv/", "__pycache__/"]


@pytest.fixture
def pack(tmp_path: Path, pack_python: Path) -> Path:
    """The folder that the wheel's own command writes, with an environment of the wheel and what its extra `policy` brings."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path / "installed")
    click = Path(__import__("click").__file__).parents[1]
    write = (
        "import sys; from byob_components.cli.main import run; sys.argv[1:] = ['policy', 'init', sys.argv[1]]; run()"
    )
    paths = f"import sys; sys.path[:0] = [{str(tmp_path / 'installed')!r}]; sys.path.append({str(click)!r}); "
    folder = tmp_path / "guard"
    command = [sys.executable, "-I", "-S", "-c", paths + write, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    venv.EnvBuilder(symlinks=True).create(folder / "venv")
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (needed,) = (pack_python.parent.parent / "lib").glob("python*/site-packages")
    (site / "paths.pth").write_text(f"{tmp_path / 'installed'}\n{needed}\n")
    return folder


@pytest.mark.engine
@pytest.mark.xdist_group("policies-on-engine")
def test_the_written_pack_blocks_and_advises(engine: None, pack: Path, tmp_path: Path) -> None:
    stack = Workbench(tmp_path / "bench", {}, program=SPLIT)
    use(stack, {"name": "python", "options": {"virtualenv": str(ROOT / ".venv")}})
    blocked = stack.preview("--policy-pack", str(pack)).refused("BYOB-POL-AWS-001", "BYOB-POL-AWS-002")
    assert said(blocked.events)["byob-aws-bucket-versioning"] == {("mandatory", "vision")}
    assert said(blocked.events)["byob-aws-bucket-versioning-missing"] == {("mandatory", "nlp")}
    assert "byob policies run through pulumi-policy" not in blocked.said, "the own analyzer is in the wheel"
    development = ("--policy-pack-config", str(pack / "profiles" / "development.json"))
    advised = stack.preview("--policy-pack", str(pack), *development).ok()
    assert said(advised.events)["byob-aws-bucket-versioning"] == {("advisory", "vision")}
