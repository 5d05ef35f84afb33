"""Writes a plugin as the engine wants it: a folder with one executable that runs our code."""

from __future__ import annotations

from pathlib import Path

from sandbox.places import ROOT

EXECUTABLE = "pulumi-resource-aws"


def launch_script(python: Path, cloud: str = "aws") -> str:
    """The text of the executable.

    It runs the code of this repository where it stands, so that a changed handler needs no new installation, and finds
    the contract files beside itself. `exec` keeps the engine the parent of the plugin, which the plugin watches.

    Args:
        python: The interpreter, with the provider's SDK in it.
        cloud: Which stand-in.
    """
    return (
        "#!/bin/sh\n"
        f'export PYTHONPATH="{ROOT}" PYTHONDONTWRITEBYTECODE=\n'
        'export BYOB_SANDBOX_CONTRACTS="${BYOB_SANDBOX_CONTRACTS:-$(dirname "$0")}"\n'
        f'exec "{python}" -u -m sandbox.providers {cloud} "$@"\n'
    )


def write_plugin(folder: Path, python: Path) -> Path:
    """Write the `aws` plugin: the executable and the contract of the installed SDK.

    Args:
        folder: Where to; made when absent.
        python: The interpreter that shall run it.

    Returns:
        The folder, as `pulumi plugin install --file` takes it.

    Raises:
        RuntimeError: When the SDK cannot be read.
    """
    from sandbox.providers.aws.plugin import PLUGIN
    from sandbox.providers.framework.contract import write

    folder.mkdir(parents=True, exist_ok=True)
    script = folder / EXECUTABLE
    script.write_text(launch_script(python))
    script.chmod(0o755)
    write(folder, PLUGIN.sdk, PLUGIN.tokens, str(python))
    return folder
