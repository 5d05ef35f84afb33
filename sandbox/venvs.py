"""Environments of the servers: each its own, because some of them pin libraries exactly."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from sandbox.places import ROOT, VENVS

LINKS = {"policy": ROOT / "policies" / "venv"}
"""Where an environment is looked for by something that is not the local cloud's."""


def ensure_venv(name: str) -> tuple[Path, bool]:
    """The environment of `requirements/<name>.txt`, made when it is missing or has changed.

    Args:
        name: Of the requirement file and the environment.

    Returns:
        Its interpreter, and whether it was made just now.
    """
    wanted = ROOT / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()
    folder = VENVS / name
    stamp, python = folder / "made-of", folder / "bin" / "python"
    if name in LINKS and not LINKS[name].exists():
        LINKS[name].unlink(missing_ok=True)
        LINKS[name].symlink_to(os.path.relpath(folder, LINKS[name].parent))
    if stamp.exists() and stamp.read_text() == digest:
        return python, False
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*install, "-r", str(wanted)], check=True)
    stamp.write_text(digest)
    return python, True
