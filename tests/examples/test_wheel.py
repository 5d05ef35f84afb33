"""What is in the wheel, and what it says it needs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

from packaging.requirements import Requirement

from tests.examples.conftest import ROOT, Environment

DECLARED = {
    "pulumi": {""},
    "pulumi-aws": {"aws", "all"},
    "pulumi-gcp": {"gcp", "all"},
    "pydantic": {"stack", "all"},
    "pulumi-azure-native": {"azure", "all"},
    "click": {"cli", "all"},
    "pulumi-policy": {"policy"},
    "boto3": {"verify-aws", "all"},
    "google-cloud-storage": {"verify-gcp", "all"},
    "azure-identity": {"verify-azure", "all"},
    "azure-storage-blob": {"verify-azure", "all"},
    "httpx": {"verify-aws", "verify-gcp", "verify-azure", "all"},
}
"""Distribution to the extras that bring it; an empty one is the base install."""
MODULES = {
    "pulumi": "pulumi",
    "pulumi_aws": "pulumi-aws",
    "pulumi_gcp": "pulumi-gcp",
    "pulumi_azure_native": "pulumi-azure-native",
    "pydantic": "pydantic",
    "click": "click",
    "pulumi_policy": "pulumi-policy",
    "grpc": "pulumi",
    "boto3": "boto3",
    "httpx": "httpx",
    "botocore": "boto3",
    "google": "google-cloud-storage",
    "requests": "google-cloud-storage",
    "azure": "azure-storage-blob",
}
"""Top-level module to the distribution that brings it; botocore is a part of boto3's own interface, as google.auth and requests are of Google's client, and grpc is of
pulumi's wire protocol."""


def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"byob_components", "byob_components-0.1.0.dist-info"}
    library = {name for name in names if name.startswith("byob_components/")}
    assert "byob_components/py.typed" in library
    assert {Path(name).suffix for name in library} == {".py", ".typed"}
    source = {str(p.relative_to(ROOT)) for p in (ROOT / "byob_components").rglob("*.py")}
    assert source <= library


def test_the_wheel_declares_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        metadata = message_from_bytes(opened.read("byob_components-0.1.0.dist-info/METADATA"))
    assert metadata["Name"] == "byob-components"
    assert metadata["Requires-Python"] == ">=3.11"
    needed = [Requirement(text) for text in metadata.get_all("Requires-Dist")]
    extras = metadata.get_all("Provides-Extra")
    found: dict[str, set[str]] = {}
    for requirement in needed:
        if requirement.marker is None:
            found.setdefault(requirement.name, set()).add("")
            continue
        for extra in extras:
            if requirement.marker.evaluate({"extra": extra}):
                found.setdefault(requirement.name, set()).add(extra)
    assert found == DECLARED
    assert all("<" in str(requirement.specifier) for requirement in needed), "bounded by the next major version"


def test_every_import_is_declared() -> None:
    tops: set[str] = set()
    for file in (ROOT / "byob_components").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                tops |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                tops.add(node.module.split(".")[0])
    foreign = tops - sys.stdlib_module_names - {"byob_components"}
    assert {MODULES.get(top) for top in foreign} <= DECLARED.keys(), sorted(foreign - MODULES.keys())


def test_the_aws_extra_is_enough_for_the_composite_and_a_missing_one_is_named(environment: Environment) -> None:
    assert "pydantic" not in environment.distributions
    assert "boto3" not in environment.distributions
    told = _python(
        environment,
        "import byob_components\n"
        "print(byob_components.__file__)\n"
        "from byob_components import AwsByob, Deployment\n"
        "print(AwsByob.__name__)\n"
        "try:\n"
        "    import byob_components.stack\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error)\n",
    )
    where, composite, missing = told.splitlines()
    assert Path(where).is_relative_to(environment.folder)
    assert composite == "AwsByob"
    assert missing == (
        "byob_components.stack needs pydantic, which is not installed: pip install 'byob-components[stack]'"
    )


def _python(environment: Environment, code: str) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(environment.python), "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=env,
        cwd=environment.folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
