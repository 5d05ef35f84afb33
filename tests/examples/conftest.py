"""The built wheel in an environment that holds what the wheel declares and nothing else; the engine for those who need it."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.engine.conftest import aws, engine, provider_settings

__all__ = ["aws", "engine", "provider_settings"]
ROOT = Path(__file__).resolve().parents[2]
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


@dataclass(frozen=True)
class Environment:
    """A virtual environment.

    Args:
        folder: Where it is.
        distributions: What is installed in it, beside pip: name to version.
    """

    folder: Path
    distributions: dict[str, str]

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release builds it, without a network."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """What `pip install 'byob-components[aws]'` gives, without a network: the wheel is installed without its dependencies, and
    then exactly those that its metadata declares are linked in, from the environment that runs the tests. A dependency
    that is used and not declared is missing there, as it would be for a user."""
    folder = tmp_path_factory.mktemp("project") / "venv"
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    (site,) = (folder / "lib").glob("python*/site-packages")
    install = [*PIP, "install", "--no-deps", "--no-index", "--no-compile", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (own,) = importlib.metadata.distributions(name="byob-components", path=[str(site)])
    found = {"byob-components": own.version, "pip": importlib.metadata.version("pip")}
    for requirement in map(Requirement, own.requires or []):
        if requirement.marker is None or requirement.marker.evaluate({"extra": "aws"}):
            _add(requirement, found)
    for name in found.keys() - {"byob-components"}:
        _link(name, site)
    return Environment(folder, found)


def _add(requirement: Requirement, found: dict[str, str]) -> None:
    """The requirement with everything it needs in turn."""
    name, here = canonicalize_name(requirement.name), importlib.metadata.distribution(requirement.name)
    assert requirement.specifier.contains(here.version), f"{requirement} is not what is installed: {here.version}"
    if name in found:
        return
    found[name] = here.version
    for text in here.requires or []:
        inner = Requirement(text)
        extras = requirement.extras or {""}
        if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in extras):
            _add(inner, found)


def _link(name: str, site: Path) -> None:
    here = importlib.metadata.distribution(name)
    tops = {file.parts[0] for file in here.files or [] if ".." not in file.parts and file.parts[0] != "__pycache__"}
    for top in tops:
        source, target = Path(str(here.locate_file(top))), site / top
        if source.is_dir() and (target.is_dir() or top == "google"):
            # A package that several distributions share, such as google.protobuf.
            target.mkdir(exist_ok=True)
            for part in {file.parts[1] for file in here.files or [] if file.parts[0] == top and len(file.parts) > 1}:
                if not (target / part).exists():
                    (target / part).symlink_to(source / part)
        elif not target.exists():
            target.symlink_to(source)
