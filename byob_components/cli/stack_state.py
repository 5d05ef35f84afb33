"""A stack's state, as a command gets at it: from a file, or from the engine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from byob_components.errors import ByobError, Fault


class NoEngineError(Exception):
    """The engine is not there; the message says what to do."""


def export(stack: str, folder: Path | None, *, secrets: bool = False) -> str:
    """What `pulumi stack export` writes. It is kept in memory only.

    Args:
        stack: The stack; empty for the one that is selected.
        folder: The project's folder; default this one.
        secrets: Whether secrets are shown.

    Raises:
        ByobError: The engine refuses; its own words are in the message.
        NoEngineError: There is no engine.
    """
    command = ["pulumi", "stack", "export", "--non-interactive"]
    command += ["--stack", stack] if stack else []
    command += ["--cwd", str(folder)] if folder else []
    command += ["--show-secrets"] if secrets else []
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as problem:
        fix = "install the Pulumi CLI, or give a file: `pulumi stack export > export.json`"
        raise NoEngineError(f"pulumi cannot be started ({problem.strerror}): {fix}") from None
    if done.returncode:
        raise ByobError(
            [Fault("BYOB-CLI-007", stack or "stack", _said(done.stderr), None, "", _fix(done.stderr))],
            "pulumi stack export",
        )
    return done.stdout


def _said(stderr: str) -> str:
    lines = [line.strip().removeprefix("error: ") for line in stderr.splitlines() if line.strip()]
    return f"cannot be read: {' '.join(lines)}" if lines else "cannot be read, and the engine does not say why"


def _fix(stderr: str) -> str:
    if "passphrase" in stderr:
        return "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE: the keys in an address are read from the state"
    if "no stack named" in stderr or "no stack selected" in stderr:
        return "name one of `pulumi stack ls` with --stack, and its project's folder with --cwd"
    if "no Pulumi.yaml" in stderr:
        return "run it in the project's folder, or name that with --cwd"
    return "mend what the engine says, or give a file: `pulumi stack export > export.json`"
