"""The store of the local cloud: one process with the gate in it and SeaweedFS below it, for S3-compatible and for CoreWeave."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox.clouds.certificates import write_certificates
from sandbox.clouds.seaweedfs.server import free_ports
from sandbox.places import ROOT, python
from sandbox.venvs import ensure_venv

MODULE = "sandbox.clouds.s3_compatible.launcher"
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Servers that this process has started: a child that nobody holds would be reported as lost while it runs."""
_ATTEMPTS = 3


@dataclass(frozen=True)
class Store:
    """A running server.

    Args:
        endpoint: HTTPS.
        plain_endpoint: The same over HTTP; empty where there is none.
        ca_bundle: The authority to verify it with.
        pid: Its process, the leader of its group.
        directory: Its data, settings, certificates and log.
    """

    endpoint: str
    plain_endpoint: str
    ca_bundle: Path
    pid: int
    directory: Path

    @classmethod
    def start(
        cls, directory: Path, given: Mapping[str, Any], *, host: str = "localhost", plain: bool = True, daemon: bool = False,
        timeout: float = 60,
    ) -> Store:  # fmt: skip
        """Start a server of its own, with nothing in it.

        Args:
            directory: Its folder.
            given: What the launcher reads besides ports and certificate: `flavour`, `domain`, `region`, `users` and,
                for CoreWeave, `principals`.
            host: The name of its address.
            plain: Whether it answers over plain HTTP too.
            daemon: Outlive this process; else the server dies with it.
            timeout: Seconds until it must answer.

        Raises:
            RuntimeError: It does not answer; the log's end is in the message.
        """
        directory.mkdir(parents=True, exist_ok=True)
        ensure_venv("seaweedfs")
        more = (given["domain"], f"*.{given['domain']}") if given["domain"] else ()
        ca, certificate, key = write_certificates(directory / "tls", more)
        for _ in range(_ATTEMPTS):
            secure_port, plain_port = free_ports(2)
            settings = directory / "settings.json"
            settings.touch(mode=0o600)
            own = {"secure_port": secure_port, "plain_port": plain_port if plain else 0, "certificate": str(certificate), "key": str(key)}  # fmt: skip
            settings.write_text(json.dumps({**given, **own}, indent=2))
            http = f"http://{host}:{plain_port}" if plain else ""
            made = cls(f"https://{host}:{secure_port}", http, ca, _run(directory, settings, daemon), directory)
            deadline = time.monotonic() + timeout
            while made.alive() and time.monotonic() < deadline:
                if made.answers():
                    return made
                time.sleep(0.1)
            if made.alive():
                break
            # It ended by itself: somebody took one of the ports between the choice and the start.
        made.stop()
        end = (directory / "store.log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"the store does not answer on {made.endpoint}; the end of its log:\n{end}")

    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        try:
            trust = ssl.create_default_context(cafile=str(self.ca_bundle))
            port = self.endpoint.rpartition(":")[2]
            with urllib.request.urlopen(f"https://localhost:{port}/status", timeout=5, context=trust) as answer:
                return answer.status == 200 and self.alive()
        except (urllib.error.URLError, OSError):
            return False

    def alive(self) -> bool:
        """Whether its process is there and is ours."""
        if child := _CHILDREN.get(self.pid):
            return child.poll() is None  # its command line is empty for a moment, when it has just become itself
        return self._serves_here()

    def _serves_here(self) -> bool:
        try:
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return False
        return MODULE.encode() in command and f"{self.directory}/settings.json".encode() in command

    def stop(self) -> None:
        """End it and wait until it is gone; the SeaweedFS below it goes with it."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive():
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            for _ in range(50):
                if not self.alive():
                    break
                time.sleep(0.1)
        if child := _CHILDREN.pop(self.pid, None):
            child.wait()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def save(self, file: Path) -> None:
        """Write down where it is, for later commands.

        Args:
            file: Where to.
        """
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".half")
        half.write_text(
            json.dumps({k: str(v) if isinstance(v, Path) else v for k, v in asdict(self).items()}, indent=2)
        )
        half.replace(file)

    @classmethod
    def left_in(cls, directory: Path) -> list[Store]:
        """Every server that runs in a folder, written down or not; only good for being stopped.

        Args:
            directory: The folder that it was started with.
        """
        made = [cls("", "", directory, int(entry.name), directory) for entry in Path("/proc").glob("[0-9]*")]
        return [one for one in made if one._serves_here()]

    @classmethod
    def load(cls, file: Path) -> Store | None:
        """The server that was written down, running or not.

        Args:
            file: Where it was written.
        """
        if not file.exists():
            return None
        data = json.loads(file.read_text())
        return cls(**{**data, "ca_bundle": Path(data["ca_bundle"]), "directory": Path(data["directory"])})


def _run(directory: Path, settings: Path, daemon: bool) -> int:
    env = {
        "PATH": os.environ["PATH"], "HOME": str(directory), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1",
        **({} if daemon else {"BYOB_DIE_WITH_PARENT": "1"}),
    }  # fmt: skip
    with (directory / "store.log").open("ab") as log:
        process = subprocess.Popen(
            [str(python()), "-P", "-m", MODULE, str(settings)], env=env, cwd=directory, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    _CHILDREN[process.pid] = process
    return process.pid
