"""The store of the local cloud: one process with the gate in it and SeaweedFS below it, for S3-compatible and for CoreWeave."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.clouds.certificates import write_certificates
from sandbox.clouds.process import ServerProcess
from sandbox.loopback import free_ports
from sandbox.places import python
from sandbox.venvs import ensure_venv


@dataclass(frozen=True, kw_only=True)
class Store(ServerProcess):
    """A running server.

    Args:
        endpoint: HTTPS.
        plain_endpoint: The same over HTTP; empty where there is none.
    """

    module = "sandbox.clouds.s3_compatible.launcher"
    log = "store.log"
    endpoint: str
    plain_endpoint: str

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

        def begin() -> Store:
            secure_port, plain_port = free_ports(2)
            own = {"secure_port": secure_port, "plain_port": plain_port if plain else 0, "certificate": str(certificate), "key": str(key)}  # fmt: skip
            pid = cls.launch(python(), directory, {**given, **own}, daemon)
            http = f"http://{host}:{plain_port}" if plain else ""
            https = f"https://{host}:{secure_port}"
            return cls(endpoint=https, plain_endpoint=http, ca_bundle=ca, pid=pid, directory=directory)

        return cls.answering(begin, timeout)

    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        try:
            trust = ssl.create_default_context(cafile=str(self.ca_bundle))
            port = self.endpoint.rpartition(":")[2]
            with urllib.request.urlopen(f"https://localhost:{port}/status", timeout=5, context=trust) as answer:
                return answer.status == 200 and self.alive()
        except (urllib.error.URLError, OSError):
            return False
