"""One plugin process: `python -m sandbox.providers aws`, started by the engine."""

from __future__ import annotations

import importlib
import sys

from sandbox.engine.protos import proto_only

proto_only()

from sandbox.providers.framework.service import Provider  # noqa: E402 - after proto_only
from sandbox.providers.framework.serving import run  # noqa: E402 - after proto_only

if __name__ == "__main__":
    run(Provider(importlib.import_module(f"sandbox.providers.{sys.argv[1]}.plugin").PLUGIN))
