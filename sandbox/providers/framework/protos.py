"""The engine's protocol classes, in one place.

A plugin process calls `sandbox.engine.protos.proto_only` before it imports this, and so never runs `pulumi/__init__.py`.
"""

import grpc
from google.protobuf import any_pb2, json_format, struct_pb2
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import (
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
