"""The engine's protocol classes, imported without running `pulumi/__init__.py`: half the start time and memory."""

import importlib.util
import os
import sys
import types


def _proto_only() -> None:
    if "pulumi" in sys.modules:  # a test has the real one already
        return
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("this Python has no `pulumi` package; set BYOB_PYTHON to one that has")
    root = spec.submodule_search_locations[0]
    for name, path in (("pulumi", root), ("pulumi.runtime", os.path.join(root, "runtime"))):
        module = types.ModuleType(name)
        module.__path__ = [path]
        sys.modules[name] = module


_proto_only()

import grpc  # noqa: E402
from google.protobuf import any_pb2, json_format, struct_pb2  # noqa: E402
from google.protobuf.empty_pb2 import Empty  # noqa: E402
from pulumi.runtime.proto import (  # noqa: E402
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

__all__ = [
    "Empty",
    "any_pb2",
    "grpc",
    "json_format",
    "plugin_pb2",
    "provider_pb2",
    "provider_pb2_grpc",
    "status_pb2",
    "struct_pb2",
]
