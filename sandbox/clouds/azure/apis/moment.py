"""Times, as the APIs write them."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> str:
    """This moment, to seven decimals, as Azure writes it."""
    fraction = time.time_ns() % 1_000_000_000 // 100
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.{fraction:07d}Z"


def seconds() -> int:
    """This moment in seconds since 1970."""
    return int(time.time())


def header(at: float | None = None) -> str:
    """A moment, as HTTP headers write it."""
    return f"{datetime.fromtimestamp(time.time() if at is None else at, UTC):%a, %d %b %Y %H:%M:%S} GMT"
