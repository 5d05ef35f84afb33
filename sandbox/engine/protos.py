"""The engine's wire types without the SDK around them: half the start time and memory of a plugin."""

from __future__ import annotations

import importlib.util
import os
import sys
import types


def proto_only() -> None:
    """Make `pulumi.runtime.proto` importable without running pulumi/__init__.py, unless it is there already."""
    if "pulumi.runtime" in sys.modules:
        return
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("the sandbox's Python has no pulumi")
    root = spec.submodule_search_locations[0]
    for name, path in (("pulumi", root), ("pulumi.runtime", os.path.join(root, "runtime"))):
        module = types.ModuleType(name)
        module.__path__ = [path]
        sys.modules[name] = module
