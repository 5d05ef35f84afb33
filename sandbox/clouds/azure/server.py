"""The Azure of the local cloud: one process with Resource Manager and sign-in on one HTTPS port, blobs on a second, and Azurite behind it."""

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
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from sandbox.clouds.azure.accounts import Accounts, make, seed
from sandbox.clouds.azure.azurite import ensure_azurite
from sandbox.clouds.certificates import write_certificates
from sandbox.clouds.seaweedfs.server import free_ports
from sandbox.places import ROOT, python

MODULE = "sandbox.clouds.azure.launcher"
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Servers that this process has started: a child that nobody holds would be reported as lost while it runs."""
_ATTEMPTS = 3


@dataclass(frozen=True)
class AzureCloud:
    """A running server.

    Args:
        arm: Resource Manager, sign-in and the metadata that leads to them, HTTPS.
        blob: Blob storage, HTTPS: `<blob>/<account>/<container>/<blob>`.
        plain_blob: The same over plain HTTP, which accounts refuse unless they are set to take it.
        ca_bundle: The authority to verify both with.
        pid: Its process, the leader of its group.
        directory: Its certificates, accounts and log.
    """

    arm: str
    blob: str
    plain_blob: str
    ca_bundle: Path
    pid: int
    directory: Path

    @classmethod
    def start(cls, directory: Path, *, daemon: bool = False, timeout: float = 30) -> AzureCloud:
        """Start a server of its own: projects and accounts are there, and nothing else.

        Args:
            directory: Its folder.
            daemon: Outlive this process; else the server dies with it.
            timeout: Seconds until it must answer.

        Raises:
            RuntimeError: It does not answer (the log's end is in the message), or there is no Node.js.
        """
        directory.mkdir(parents=True, exist_ok=True)
        ensure_azurite()
        ca, certificate, key = write_certificates(directory / "tls")
        for _ in range(_ATTEMPTS):
            arm_port, blob_port, plain_port, azurite_port = free_ports(4)
            plain = f"http://localhost:{plain_port}"
            arm, blob = f"https://localhost:{arm_port}", f"https://localhost:{blob_port}"
            accounts = make(arm)
            accounts.save(directory / "accounts.json")
            settings = directory / "settings.json"
            settings.write_text(
                json.dumps(
                    {
                        **seed(accounts, arm), "arm": arm, "arm_port": arm_port, "blob": blob, "blob_port": blob_port, "azurite_port": azurite_port, "plain_port": plain_port,
                        "certificate": str(certificate), "key": str(key), "ca": str(ca),
                    },
                    indent=2,
                )
            )  # fmt: skip
            made = cls(arm, blob, plain, ca, _run(directory, settings, daemon), directory)
            deadline = time.monotonic() + timeout
            while made.alive() and time.monotonic() < deadline:
                if made.answers():
                    return made
                time.sleep(0.05)
            if made.alive():
                break
            # It ended by itself: somebody took one of the ports between the choice and the start.
        made.stop()
        end = (directory / "azure.log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"the local Azure does not answer on {made.arm}; the end of its log:\n{end}")

    @property
    def accounts(self) -> Accounts:
        """Everybody on it."""
        return Accounts.load(self.directory / "accounts.json")

    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        try:
            trust = ssl.create_default_context(cafile=str(self.ca_bundle))
            with urllib.request.urlopen(f"{self.arm}/health", timeout=2, context=trust) as answer:  # noqa: S310 - our own address
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
        """End it and wait until it is gone."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive():
                break
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            for _ in range(50):
                if not self.alive():
                    break
                time.sleep(0.1)
        if child := _CHILDREN.pop(self.pid, None):
            child.wait()

    def __enter__(self) -> AzureCloud:
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
        file.write_text(
            json.dumps({k: str(v) if isinstance(v, Path) else v for k, v in asdict(self).items()}, indent=2)
        )

    @classmethod
    def left_in(cls, directory: Path) -> list[AzureCloud]:
        """Every server that runs in a folder, written down or not; only good for being stopped.

        Args:
            directory: The folder that it was started with.
        """
        made = [cls("", "", "", directory, int(entry.name), directory) for entry in Path("/proc").glob("[0-9]*")]
        return [one for one in made if one._serves_here()]

    @classmethod
    def load(cls, file: Path) -> AzureCloud | None:
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
    with (directory / "azure.log").open("ab") as log:
        process = subprocess.Popen(
            [str(python()), "-P", "-m", MODULE, str(settings)], env=env, cwd=directory, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    _CHILDREN[process.pid] = process
    return process.pid
