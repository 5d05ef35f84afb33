"""The Azure of the local cloud: one process with Resource Manager and sign-in on one HTTPS port, blobs on a second, and Azurite behind it."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from sandbox.clouds.azure.accounts import Accounts, make, seed
from sandbox.clouds.azure.azurite import ensure_azurite
from sandbox.clouds.certificates import write_certificates
from sandbox.clouds.process import ServerProcess
from sandbox.loopback import free_ports
from sandbox.places import python


@dataclass(frozen=True, kw_only=True)
class AzureCloud(ServerProcess):
    """A running server.

    Args:
        arm: Resource Manager, sign-in and the metadata that leads to them, HTTPS.
        blob: Blob storage, HTTPS: `<blob>/<account>/<container>/<blob>`.
        plain_blob: The same over plain HTTP, which accounts refuse unless they are set to take it.
    """

    module = "sandbox.clouds.azure.launcher"
    log = "azure.log"
    arm: str
    blob: str
    plain_blob: str

    @classmethod
    def start(cls, directory: Path, *, daemon: bool = False, timeout: float = 30) -> AzureCloud:
        """Start a server of its own: subscription and principals are there, and nothing else.

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

        def begin() -> AzureCloud:
            arm_port, blob_port, plain_port, azurite_port = free_ports(4)
            arm, blob = f"https://localhost:{arm_port}", f"https://localhost:{blob_port}"
            accounts = make(arm)
            accounts.save(directory / "accounts.json")
            settings = {
                **seed(accounts, arm), "arm": arm, "arm_port": arm_port, "blob": blob, "blob_port": blob_port,
                "azurite_port": azurite_port, "plain_port": plain_port, "certificate": str(certificate), "key": str(key),
                "ca": str(ca),
            }  # fmt: skip
            pid = cls.launch(python(), directory, settings, daemon)
            plain = f"http://localhost:{plain_port}"
            return cls(arm=arm, blob=blob, plain_blob=plain, ca_bundle=ca, pid=pid, directory=directory)

        return cls.answering(begin, timeout)

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
