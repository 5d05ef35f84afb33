"""The steps of a command: what is done, that it goes on, what became of it, and how long it took."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

EVERY = 15.0
"""Seconds between signs of life where no terminal shows the passing time."""


def step(title: str, work: Callable[[], str]) -> None:
    """Do a step and show it on stderr, one line a step.

    Args:
        title: What is done.
        work: Does it, and says what became of it.
    """
    begin, over = time.monotonic(), threading.Event()
    terminal = sys.stderr.isatty()
    print(f"{title:<28} ", end="", file=sys.stderr, flush=True)

    def alive() -> None:
        while not over.wait(1 if terminal else EVERY):
            passing = f"\r{title:<28} {time.monotonic() - begin:.0f} s" if terminal else "."
            print(passing, end="", file=sys.stderr, flush=True)

    ticker = threading.Thread(target=alive, daemon=True)
    ticker.start()
    try:
        result = work()
    except BaseException:
        over.set()
        ticker.join()
        print("failed", file=sys.stderr, flush=True)
        raise
    over.set()
    ticker.join()
    back = f"\r{title:<28} " if terminal else ""
    print(f"{back}{result} ({time.monotonic() - begin:.1f} s)", file=sys.stderr, flush=True)
