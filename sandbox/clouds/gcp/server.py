"""The Google Cloud of the local cloud: one process, with Cloud Storage on one HTTPS port and the other APIs on a second."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from sandbox.clouds.certificates import write_certificates
from sandbox.clouds.gcp.accounts import Accounts, make, seed
from sandbox.clouds.process import ServerProcess
from sandbox.loopback import free_ports
from sandbox.venvs import ensure_venv


@dataclass(frozen=True, kw_only=True)
class GoogleCloud(ServerProcess):
    """A running server.

    Args:
        storage: Cloud Storage, HTTPS.
        apis: The other APIs, HTTPS.
    """

    module = "sandbox.clouds.gcp.launcher"
    log = "gcs.log"
    storage: str
    apis: str

    @classmethod
    def start(cls, directory: Path, *, daemon: bool = False, timeout: float = 30) -> GoogleCloud:
        """Start a server of its own: projects and accounts are there, and nothing else.

        Args:
            directory: Its folder.
            daemon: Outlive this process; else the server dies with it.
            timeout: Seconds until it must answer.

        Raises:
            RuntimeError: It does not answer; the log's end is in the message.
        """
        directory.mkdir(parents=True, exist_ok=True)
        ca, certificate, key = write_certificates(directory / "tls")
        python, _ = ensure_venv("gcs")

        def begin() -> GoogleCloud:
            storage_port, apis_port = free_ports(2)
            storage, apis = f"https://localhost:{storage_port}", f"https://localhost:{apis_port}"
            token_uri = f"{apis}/token"
            accounts = make(token_uri)
            accounts.save(directory / "accounts.json")
            settings = {
                **seed(accounts), "storage": storage, "storage_port": storage_port, "apis_port": apis_port, "token_uri": token_uri,
                "certificate": str(certificate), "key": str(key),
            }  # fmt: skip
            pid = cls.launch(python, directory, settings, daemon)
            return cls(storage=storage, apis=apis, ca_bundle=ca, pid=pid, directory=directory)

        return cls.answering(begin, timeout)

    @property
    def accounts(self) -> Accounts:
        """Everybody on it."""
        return Accounts.load(self.directory / "accounts.json")

    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        try:
            trust = ssl.create_default_context(cafile=str(self.ca_bundle))
            with urllib.request.urlopen(f"{self.apis}/health", timeout=2, context=trust) as answer:  # noqa: S310 - our own address
                return answer.status == 200 and self.alive()
        except (urllib.error.URLError, OSError):
            return False
