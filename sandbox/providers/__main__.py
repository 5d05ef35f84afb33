"""One plugin process: `python -m sandbox.providers aws`, started by the engine."""

from __future__ import annotations

import importlib
import sys

from sandbox.providers.framework.service import Provider
from sandbox.providers.framework.serving import run

if __name__ == "__main__":
    run(Provider(importlib.import_module(f"sandbox.providers.{sys.argv[1]}.plugin").PLUGIN))
