"""Where a secret may have leaked to: everything that a run leaves behind, and every way to write it."""

from __future__ import annotations

import base64
import json
import threading
import time
from pathlib import Path
from urllib.parse import quote, quote_plus

import psutil

from tests.engine.workbench import Run, Workbench


def spellings(secret: str) -> set[bytes]:
    """The secret as anything could have written it: raw, JSON, percent, base64 at each of its three offsets.

    Args:
        secret: The secret.
    """
    raw = secret.encode()
    texts = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], quote(secret, safe="")}
    texts |= {quote(secret), quote_plus(secret), json.dumps(json.dumps(secret))[3:-3]}
    found = {text.encode() for text in texts}
    for offset in range(3):
        # What does not depend on the neighbours: whole groups of three bytes only.
        start = (3 - offset) % 3
        whole = raw[start : start + (len(raw) - start) // 3 * 3]
        found |= {base64.b64encode(whole), base64.urlsafe_b64encode(whole)}
    return found


class Watcher:
    """Reads the arguments of every process below this one while a command runs."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._end.is_set():
            for child in me.children(recursive=True):
                try:
                    self.seen.add("\0".join(child.cmdline()))
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            time.sleep(0.02)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


def left_behind(stack: Workbench, runs: list[Run], log: Path) -> dict[str, bytes]:
    """Everything that a person, a log collector or a thief of the backend could read.

    Args:
        stack: Its folder holds project, configuration, backend and events.
        runs: Commands that were run.
        log: The call log of the provider.
    """
    found = {
        str(file.relative_to(stack.folder)): file.read_bytes() for file in stack.folder.rglob("*") if file.is_file()
    }
    found["the plugin's call log"] = log.read_bytes()
    for run in runs:
        found[f"screen of {run.arguments[:1]}"] = run.said.encode()
        found[f"events of {run.arguments[:1]}"] = json.dumps(run.events, ensure_ascii=False).encode()
    return found


def assert_nowhere(secrets: dict[str, str], places: dict[str, bytes]) -> None:
    """Fail when a secret stands anywhere.

    Args:
        secrets: Name to secret.
        places: From `left_behind`, or others.
    """
    for name, secret in secrets.items():
        for spelling in spellings(secret):
            leaks = [place for place, content in places.items() if spelling in content]
            assert not leaks, f"{name} stands in {leaks} as {spelling!r}"
