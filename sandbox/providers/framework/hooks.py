"""Two windows for tests: a log of every call, and a death at a chosen moment."""

import json
import os
import signal
import threading
import time
from typing import Any

CALL_LOG = "BYOB_SANDBOX_CALL_LOG"
"""Names a file: one JSON line a call (method, urn, n, preview, pid, started, seconds)."""
KILL_AFTER = "BYOB_SANDBOX_KILL_AFTER"
"""A number n: the n-th real Create, Update or Delete of this process is carried out in the cloud, and then the engine dies
by SIGKILL before it has the answer. Each provider of a program is a process of its own and counts for itself."""

_COUNTED = {"Create", "Update", "Delete"}


class Hooks:
    """Reads the environment once, when the plugin starts."""

    def __init__(self) -> None:
        self._log = os.environ.get(CALL_LOG)
        self._kill_after = int(os.environ.get(KILL_AFTER) or 0)
        self._lock = threading.Lock()
        self._count = 0

    def carried_out(self, method: str, urn: str, started: float, preview: bool, error: str = "") -> None:
        """Called when a call has done its work and before it is answered.

        Args:
            method: The protocol's method.
            urn: The resource's URN; a function's token for Invoke.
            started: `time.time()` at its arrival.
            preview: Whether nothing real was done.
            error: The message, when it failed.
        """
        counted = method in _COUNTED and not preview and not error
        with self._lock:
            self._count += counted
            number = self._count
        if self._log:
            line: dict[str, Any] = {
                "method": method,
                "urn": urn,
                "n": number,
                "preview": preview,
                "pid": os.getpid(),
                "started": started,
                "seconds": round(time.time() - started, 4),
            }
            if error:
                line["error"] = error
            # One write to a file opened for appending: several plugins share the log.
            with open(self._log, "a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")
        if counted and self._kill_after and number == self._kill_after:
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(137)
