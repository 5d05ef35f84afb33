"""A second S3 server, independent of the first: SeaweedFS, which calls a KMS for every object that is encrypted with one of its keys."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox.clouds.certificates import write_certificates
from sandbox.loopback import free_ports
from sandbox.venvs import ensure_venv

LAUNCHER = Path(__file__).resolve().parent / "launcher.py"
ACCOUNT = "000000000000"
"""The account of every user; SeaweedFS knows only this one."""
_PORTS = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port", "s3.port.https",
    "s3.port.grpc",
)  # fmt: skip
_ATTEMPTS = 3


@dataclass(frozen=True)
class Kms:
    """The KMS that the server calls, and as whom.

    Args:
        endpoint: Of an AWS KMS.
        region: The keys' region.
        access_key: Whose call it is; real S3 calls KMS as whoever reads or writes, this server always as one identity.
        secret_key: The secret.
    """

    endpoint: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True)
class User:
    """Somebody with keys.

    Args:
        name: The user's name.
        access_key: The access key id.
        secret_key: The secret.
        actions: What the user may do without any bucket policy, in SeaweedFS' own words (`Admin` is everything).
    """

    name: str
    access_key: str
    secret_key: str = field(repr=False)
    actions: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        """The principal, as a bucket policy names it."""
        return f"arn:aws:iam::{ACCOUNT}:user/{self.name}"


@dataclass(frozen=True)
class SeaweedFS:
    """A running server; it ends with the process that started it.

    Args:
        endpoint: HTTPS.
        plain_endpoint: The same server over HTTP.
        ca_bundle: The authority to verify it with.
        process: The server.
        directory: Its data, configuration, certificates and log.
    """

    endpoint: str
    plain_endpoint: str
    ca_bundle: Path
    process: subprocess.Popen[bytes]
    directory: Path

    @classmethod
    def start(cls, directory: Path, users: tuple[User, ...], *, kms: Kms | None = None, domain: str = "", timeout: float = 60) -> SeaweedFS:  # fmt: skip
        """Start a server of its own, with nothing in it.

        Args:
            directory: Its folder.
            users: Who has keys.
            kms: Whose keys SSE-KMS uses; without it a write with SSE-KMS fails.
            domain: Below which a bucket may stand before the host; empty: buckets stand in the path only.
            timeout: Seconds until it must answer.

        Raises:
            RuntimeError: It does not answer; the log's end is in the message.
        """
        data, config = directory / "data", directory / "s3.json"
        data.mkdir(parents=True, exist_ok=True)
        config.touch(mode=0o600)
        config.write_text(json.dumps(_config(users, kms)))
        ca, certificate, key = write_certificates(directory / "tls")
        fixed = [
            "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={data}", "-master.telemetry=false", "-volume.max=2000",
            "-master.volumeSizeLimitMB=64", "-filer", "-s3", f"-s3.config={config}", f"-s3.cert.file={certificate}",
            f"-s3.key.file={key}", "-s3.autoCreateBucket=false", "-s3.allowDeleteBucketNotEmpty=false", "-s3.port.iceberg=0",
            "-s3.port.lance=0", "-s3.iam=false", f"-s3.domainName={domain}",
        ]  # fmt: skip
        for _ in range(_ATTEMPTS):
            ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
            process = _run(directory, [*fixed, *(f"-{name}={port}" for name, port in ports.items())])
            secure, plain = f"https://localhost:{ports['s3.port.https']}", f"http://localhost:{ports['s3.port']}"
            made = cls(secure, plain, ca, process, directory)
            deadline = time.monotonic() + timeout
            while process.poll() is None and time.monotonic() < deadline:
                if made.answers():
                    return made
                time.sleep(0.1)
            if process.poll() is None:
                break
            # It ended by itself: somebody took one of the ports between the choice and the start.
        made.stop()
        end = (directory / "seaweedfs.log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"SeaweedFS does not answer on {made.endpoint}; the end of its log:\n{end}")

    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        try:
            with urllib.request.urlopen(f"{self.plain_endpoint}/status", timeout=2) as answer:  # noqa: S310 - our own address
                return answer.status == 200 and self.process.poll() is None
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """End it at once: nothing in it is meant to outlive it, and a polite end takes it five seconds."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> SeaweedFS:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _run(directory: Path, arguments: list[str]) -> subprocess.Popen[bytes]:
    python, _ = ensure_venv("seaweedfs")
    env = {
        "PATH": os.environ["PATH"], "HOME": str(directory),
        # One volume a bucket at first, so that many small buckets fit.
        "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
        # The server's own key, for AES256.
        "WEED_S3_SSE_KEK": secrets.token_hex(32), "WEED_S3_SSE_KEK_PASSPHRASE": secrets.token_hex(16),
    }  # fmt: skip
    with (directory / "seaweedfs.log").open("ab") as log:
        return subprocess.Popen(
            [str(python), "-P", str(LAUNCHER), str(python.parent / "weed"), *arguments], env=env, cwd=directory,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,  # Ctrl-C is ours, not the server's
        )  # fmt: skip


def _config(users: tuple[User, ...], kms: Kms | None) -> dict[str, Any]:
    identities = [
        {"name": u.name, "credentials": [{"accessKey": u.access_key, "secretKey": u.secret_key}], "actions": list(u.actions)}
        for u in users
    ]  # fmt: skip
    if kms is None:
        return {"identities": identities}
    # Without the cache every read asks the KMS, so that a key that is gone is missed at once.
    provider = {
        "type": "aws", "region": kms.region, "endpoint": kms.endpoint, "access_key": kms.access_key, "secret_key": kms.secret_key,
        "cache_enabled": False,
    }  # fmt: skip
    return {"identities": identities, "kms": {"default_provider": "aws", "providers": {"aws": provider}}}
