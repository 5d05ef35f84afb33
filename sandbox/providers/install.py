"""Writes plugins as the engine wants them: for each a folder with one executable that runs our code."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from sandbox.places import ROOT

PACKAGES = {"aws": "pulumi-aws", "gcp": "pulumi-gcp", "azure-native": "pulumi-azure-native"}
"""Name of each provider package that has a stand-in, to the distribution of its SDK."""
HERE = Path(__file__).resolve().parent


def executable(package: str) -> str:
    """The file's name, as the engine looks for it.

    Args:
        package: The provider's package name.
    """
    return f"pulumi-resource-{package}"


def release(package: str) -> str:
    """The version under which the plugin is installed: that of the installed SDK.

    Args:
        package: The provider's package name.
    """
    return version(PACKAGES[package])


def launch_script(python: Path, package: str = "aws") -> str:
    """The text of the executable.

    It runs the code of this repository where it stands, so that a changed handler needs no new installation, and finds
    the contract files beside itself; what decides what is in those stands in the first comment, so that a change of it is
    seen. `exec` keeps the engine the parent of the plugin, which the plugin watches.

    Args:
        python: The interpreter, with the provider's SDK in it, unless `BYOB_PYTHON` names another.
        package: The provider's package name.
    """
    return (
        "#!/bin/sh\n"
        f"# {_made_of(package)}\n"
        f'export PYTHONPATH="{ROOT}" PYTHONDONTWRITEBYTECODE=\n'
        'export BYOB_SANDBOX_CONTRACTS="${BYOB_SANDBOX_CONTRACTS:-$(dirname "$0")}"\n'
        f'exec "${{BYOB_PYTHON:-{python}}}" -u -m sandbox.providers {_folder(package)} "$@"\n'
    )


def write_plugin(folder: Path, python: Path, package: str = "aws") -> Path:
    """Write a plugin: the executable and the contract of the installed SDK.

    Args:
        folder: Where to; made when absent.
        python: The interpreter that shall run it.
        package: The provider's package name.

    Returns:
        The folder, as `pulumi plugin install --file` takes it.

    Raises:
        RuntimeError: When the SDK cannot be read.
    """
    import importlib

    from sandbox.providers.framework.contract import write

    plugin = importlib.import_module(f"sandbox.providers.{_folder(package)}.plugin").PLUGIN
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / executable(package)
    script.write_text(launch_script(python, package))
    script.chmod(0o755)
    write(folder, plugin.sdk, plugin.tokens, str(python))
    return folder


def _folder(package: str) -> str:
    return package.replace("-", "_")


def _made_of(package: str) -> str:
    """Changes with the list of resources and with the way a contract is read."""
    files = (
        HERE / _folder(package) / "plugin.py",
        HERE / "framework" / "contract.py",
        HERE / "framework" / "introspect.py",
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
