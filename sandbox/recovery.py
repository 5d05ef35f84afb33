"""What a killed run leaves in a file backend, and how it is cleared.

Only called by one who knows that no engine is at work on the backend: the local cloud's commands hold a lock of their own.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another command of the local cloud is at work."""


_held: list[int] = []


@contextmanager
def alone(file: Path, patience: float = 10) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends, and with the engine that it started (see `held`).

    Args:
        file: What is locked; made when absent.
        patience: Seconds to wait for it: what a killed engine had started needs a moment to see that it is gone.

    Raises:
        Busy: Somebody else holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lock:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy("another command of the local cloud, or an engine it started, is at work; wait for it to end") from None  # fmt: skip
            time.sleep(0.1)
        _held.append(lock.fileno())
        try:
            yield
        finally:
            _held.clear()


def held() -> tuple[int, ...]:
    """What a child must inherit to keep the lock: an engine whose command was killed works on, and nobody may clear its lock."""
    return tuple(_held)


def clear(backend: Path) -> list[str]:
    """Remove what stops every later command: the locks of engines that were killed, and checkpoints written by half.

    Args:
        backend: The folder of the file backend.

    Returns:
        What was done, in words.
    """
    done = []
    for lock in sorted((backend / ".pulumi" / "locks").rglob("*.json")):
        lock.unlink()
        lock.with_name(lock.name + ".attrs").unlink(missing_ok=True)
        done.append("removed the lock of a killed engine")
    for attributes in sorted((backend / ".pulumi").rglob("*.attrs")):
        if attributes.stat().st_size == 0:  # every command would say `failed to load checkpoint: EOF`
            attributes.unlink()
            done.append("removed an empty file beside a checkpoint")
    for backup in sorted((backend / ".pulumi" / "stacks").rglob("*.json.bak")):
        checkpoint = backup.with_suffix("")
        if not _reads(checkpoint) and _reads(backup):
            checkpoint.write_bytes(backup.read_bytes())
            checkpoint.with_name(checkpoint.name + ".attrs").unlink(missing_ok=True)
            done.append("put the backup in the place of a checkpoint that was written by half")
    return done


def _reads(file: Path) -> bool:
    try:
        return "checkpoint" in json.loads(file.read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def pending(backend: Path, project: str, stack: str) -> int:
    """How many operations the engine had begun when it was killed.

    Args:
        backend: The folder of the file backend.
        project: The project's name.
        stack: The stack's name.
    """
    file = backend / ".pulumi" / "stacks" / project / f"{stack}.json"
    if not file.exists():
        return 0
    latest = (json.loads(file.read_bytes()).get("checkpoint") or {}).get("latest") or {}
    return len(latest.get("pending_operations") or [])
