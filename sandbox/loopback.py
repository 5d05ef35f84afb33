"""Names under `.localhost` lead to this machine (RFC 6761, 6.3). Python asks the system, and not every system knows."""

from __future__ import annotations

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
