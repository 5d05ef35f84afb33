"""The plugin as a process: a free port, its number on the first line, and a clean end."""

import os
from concurrent.futures import ThreadPoolExecutor

from sandbox.engine.stop import stop_signal
from sandbox.providers.framework.protos import grpc, provider_pb2_grpc

_LARGEST_MESSAGE = 400 << 20
"""The engine's own limit; gRPC's default of 4 MB is too small for a large schema."""


def start(servicer: "provider_pb2_grpc.ResourceProviderServicer") -> "tuple[grpc.Server, int]":
    """Serve on a free port of the loopback address.

    Args:
        servicer: The provider.

    Returns:
        The server and its port.
    """
    server = grpc.server(
        ThreadPoolExecutor(16),
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def run(servicer: "provider_pb2_grpc.ResourceProviderServicer") -> None:
    """Serve until the engine stops the plugin. Does not return.

    Args:
        servicer: The provider.
    """
    wait = stop_signal()
    _, port = start(servicer)
    print(port, flush=True)  # the engine reads the port from the first line
    wait()  # SIGINT is how the engine stops a plugin; after 5 s it kills
    os._exit(0)  # an ordinary exit waits for gRPC's threads, and now and then hangs
