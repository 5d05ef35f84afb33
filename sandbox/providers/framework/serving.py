"""The plugin as a process: a free port, its number on the first line, and a clean end."""

import os
import select
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sandbox.providers.framework.protos import grpc, provider_pb2_grpc

_LARGEST_MESSAGE = 400 << 20
"""The engine's own limit; gRPC's default of 4 MB is too small for a large schema."""


def _wait_for_the_end() -> Callable[[], None]:
    """A function that waits for SIGINT, SIGTERM or the death of the parent.

    A byte in a pipe cannot be lost; with `signal.pause()` or `Event.wait()` one signal in some 200 is. The engine does
    not always stop what it started, hence the look at the parent.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    parent = os.getppid()

    def wait() -> None:
        while not select.select([reader], [], [], 1)[0] and os.getppid() == parent:
            pass

    return wait


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
    wait = _wait_for_the_end()
    _, port = start(servicer)
    print(port, flush=True)  # the engine reads the port from the first line
    wait()  # SIGINT is how the engine stops a plugin; after 5 s it kills
    os._exit(0)  # an ordinary exit waits for gRPC's threads, and now and then hangs
