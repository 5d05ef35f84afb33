"""Where the local cloud keeps its things."""

from __future__ import annotations

import os
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
LIVE = Path(os.environ.get("BYOB_SANDBOX_LIVE") or STATE)
"""What belongs to the servers that run. A test names another folder, and has a local cloud of its own with the same engine."""
BACKEND = LIVE / "state"
CONFIG = LIVE / "config"
RUN = LIVE / "run"
LOG = LIVE / "log"
PYTHON = ROOT / ".venv" / "bin" / "python"


def python() -> Path:
    """The interpreter of host, plugins and programs: the project's environment, else the one that runs this."""
    return PYTHON if PYTHON.exists() else Path(sys.executable)
