"""Where the local cloud keeps its things."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository."""
STATE = ROOT / ".sandbox"
"""Everything the local cloud makes."""
BIN = STATE / "bin"
VENVS = STATE / "venvs"
HOME = STATE / "home"
"""PULUMI_HOME, with the plugin cache of our stand-in providers; never shared with real use."""
BACKEND = STATE / "state"
CONFIG = STATE / "config"
RUN = STATE / "run"
LOG = STATE / "log"
PYTHON = ROOT / ".venv" / "bin" / "python"


def python() -> Path:
    """The interpreter of host, plugins and programs: the project's environment, else the one that runs this."""
    return PYTHON if PYTHON.exists() else Path(sys.executable)
