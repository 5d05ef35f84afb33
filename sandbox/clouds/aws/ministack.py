"""The AWS of the local cloud: ministack with its access checks on, over TLS, with a plain-HTTP twin."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from sandbox.clouds.certificates import write_certificates
from sandbox.venvs import ensure_venv

ROOT_SECRET = "test"
"""The secret of every account's root: a 12-digit access key. Root is only used to make the first users; no refusal is tested with it."""
LAUNCHER = Path(__file__).resolve().parent / "launcher.py"
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Servers that this process has started: a child that nobody holds would be reported as lost while it runs."""


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Ministack:
    """A running server.

    Args:
        endpoint: HTTPS.
        plain_endpoint: The same server over HTTP.
        ca_bundle: The authority to verify it with.
        pid: Its process, the leader of its group.
        directory: Its certificates and log.
    """

    endpoint: str
    plain_endpoint: str
    ca_bundle: Path
    pid: int
    directory: Path

    @classmethod
    def start(cls, directory: Path, *, daemon: bool = False, auth: bool = True, timeout: float = 30) -> Ministack:
        """Start a server of its own, with nothing in it.

        Args:
            directory: Its folder.
            daemon: Outlive this process; else the server dies with it.
            auth: Check access, as AWS does. Off only as the KMS behind another server.
            timeout: Seconds until it must answer.

        Raises:
            RuntimeError: It does not answer; the log's end is in the message.
        """
        directory.mkdir(parents=True, exist_ok=True)
        ca, certificate, key = write_certificates(directory / "tls")
        secure, plain = free_port(), free_port()
        python, _ = ensure_venv("ministack")
        env = {
            "PATH": os.environ["PATH"], "HOME": str(directory), "AUTH": "true" if auth else "false", "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(secure), "MINISTACK_HOST": "localhost", "BYOB_PLAIN_PORT": str(plain), "USE_SSL": "1",
            "MINISTACK_SSL_CERT": str(certificate), "MINISTACK_SSL_KEY": str(key), "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": ROOT_SECRET, "PYTHONUNBUFFERED": "1",
            **({} if daemon else {"BYOB_DIE_WITH_PARENT": "1"}),
        }  # fmt: skip
        with (directory / "ministack.log").open("ab") as log:
            process = subprocess.Popen(
                [str(python), "-P", str(LAUNCHER)], env=env, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        _CHILDREN[process.pid] = process
        made = cls(f"https://localhost:{secure}", f"http://localhost:{plain}", ca, process.pid, directory)
        deadline = time.monotonic() + timeout
        while not made.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                made.stop()
                end = (directory / "ministack.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"ministack does not answer on {made.endpoint}; the end of its log:\n{end}")
            time.sleep(0.1)
        return made

    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        try:
            health = f"{self.plain_endpoint}/_ministack/health"
            with urllib.request.urlopen(health, timeout=2) as answer:  # noqa: S310 - our own address
                return answer.status == 200 and self.alive()
        except (urllib.error.URLError, OSError):
            return False

    def alive(self) -> bool:
        """Whether its process is there and runs the launcher."""
        try:
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return False
        return str(LAUNCHER).encode() in command

    def stop(self) -> None:
        """End it and wait until it is gone. All that it holds is in memory, so it is not given long to say goodbye."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.alive():
                os.killpg(self.pid, sign)
            for _ in range(10):
                if not self.alive():
                    if self.pid in _CHILDREN:  # our own child must be waited for, or it stays as a zombie
                        _CHILDREN.pop(self.pid).wait()
                    return
                time.sleep(0.1)

    def __enter__(self) -> Ministack:
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
    def left_in(cls, directory: Path) -> list[Ministack]:
        """Every server that runs in a folder, written down or not; only good for being stopped.

        Args:
            directory: The folder that it was started with.
        """
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            made = cls("", "", directory, int(entry.name), directory)
            with contextlib.suppress(OSError):
                if made.alive() and (entry / "cwd").resolve() == directory.resolve():
                    found.append(made)
        return found

    @classmethod
    def load(cls, file: Path) -> Ministack | None:
        """The server that was written down, running or not.

        Args:
            file: Where it was written.
        """
        if not file.exists():
            return None
        data = json.loads(file.read_text())
        return cls(**{**data, "ca_bundle": Path(data["ca_bundle"]), "directory": Path(data["directory"])})
