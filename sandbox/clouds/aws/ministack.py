"""The AWS of the local cloud: ministack with its access checks on, over TLS, with a plain-HTTP twin."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from sandbox.clouds.certificates import write_certificates
from sandbox.clouds.process import ServerProcess
from sandbox.loopback import free_ports
from sandbox.venvs import ensure_venv

ROOT_SECRET = "test"
"""The secret of every account's root: a 12-digit access key. Root is only used to make the first users; no refusal is tested with it."""
LAUNCHER = Path(__file__).resolve().parent / "launcher.py"


@dataclass(frozen=True, kw_only=True)
class Ministack(ServerProcess):
    """A running server.

    Args:
        endpoint: HTTPS.
        plain_endpoint: The same server over HTTP.
    """

    log = "ministack.log"
    patience = 1.0  # all that it holds is in memory
    endpoint: str
    plain_endpoint: str

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
        python, _ = ensure_venv("ministack")

        def begin() -> Ministack:
            secure, plain = free_ports(2)
            env = {
                "AUTH": "true" if auth else "false", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(secure),
                "MINISTACK_HOST": "localhost", "BYOB_PLAIN_PORT": str(plain), "USE_SSL": "1",
                "MINISTACK_SSL_CERT": str(certificate), "MINISTACK_SSL_KEY": str(key), "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
            }  # fmt: skip
            pid = cls.run([str(python), "-P", str(LAUNCHER)], directory, env, daemon)
            https, http = f"https://localhost:{secure}", f"http://localhost:{plain}"
            return cls(endpoint=https, plain_endpoint=http, ca_bundle=ca, pid=pid, directory=directory)

        return cls.answering(begin, timeout)

    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        try:
            health = f"{self.plain_endpoint}/_ministack/health"
            with urllib.request.urlopen(health, timeout=2) as answer:  # noqa: S310 - our own address
                return answer.status == 200 and self.alive()
        except (urllib.error.URLError, OSError):
            return False

    def serves_here(self) -> bool:
        """Whether the process runs the launcher, in this folder."""
        try:
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes()
            return (
                str(LAUNCHER).encode() in command
                and Path(f"/proc/{self.pid}/cwd").resolve() == self.directory.resolve()
            )
        except OSError:
            return False
