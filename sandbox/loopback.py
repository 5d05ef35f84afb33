"""This machine's own addresses: ports that are free, and names under `.localhost`, which lead here (RFC 6761, 6.3). Python asks the
system for them, and not every system knows."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

_ask: Any = socket.getaddrinfo


def _answer(host: Any, *arguments: Any, **named: Any) -> Any:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    inside = isinstance(name, str) and name.rstrip(".").lower().endswith(".localhost")
    return _ask("localhost" if inside else host, *arguments, **named)


def know_localhost() -> None:
    """Let this process find `<account>.localhost` and `<bucket>.localhost`; a second call changes nothing."""
    socket.getaddrinfo = _answer


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody uses now, all different.

    Args:
        count: How many.
    """
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
