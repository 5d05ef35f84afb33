"""Ceph's object gateway as Debian packs it: one monitor, one storage daemon that keeps all in memory, one gateway.

Packages: `radosgw ceph-mon ceph-osd ceph-common`. The second real server for stores that speak S3, for one lane of tests.
"""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from sandbox.clouds.certificates import write_certificates
from sandbox.clouds.seaweedfs.server import LAUNCHER
from sandbox.loopback import free_ports

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
PACKAGES = ("radosgw", "ceph-mon", "ceph-osd", "ceph-common")
"""Where Debian has them."""
REGION = "eu-west-1"
"""What the gateway's zone group is called here. A bucket's location must be this one or none, and the real `aws` provider sends
none but one of Amazon's form."""
_ATTEMPTS = 4
_PATIENCE = 30
"""Seconds for one command: some of them wait for a monitor that is not there, for ever."""


def missing() -> list[str]:
    """Which programs this machine does not have."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass(frozen=True)
class User:
    """Somebody with keys.

    Args:
        name: The user's id.
        access_key: The access key id.
        secret_key: The secret.
    """

    name: str
    access_key: str
    secret_key: str = field(repr=False)

    @property
    def arn(self) -> str:
        """The principal, as a bucket policy names it: no account, because the user belongs to no tenant."""
        return f"arn:aws:iam:::user/{self.name}"


@dataclass(frozen=True)
class Ceph:
    """A running gateway and what is below it; all of it ends with the process that started it.

    Args:
        endpoint: HTTPS.
        plain_endpoint: The same gateway over HTTP.
        ca_bundle: The authority to verify it with.
        directory: Its data, configuration, certificates and logs.
        processes: Monitor, storage daemon and gateway.
    """

    endpoint: str
    plain_endpoint: str
    ca_bundle: Path
    directory: Path
    processes: list[subprocess.Popen[bytes]]

    @classmethod
    def start(cls, directory: Path, users: tuple[User, ...], *, timeout: float = 60) -> Ceph:
        """Start a cluster of its own, with nothing in it; it takes some twelve seconds.

        Args:
            directory: Its folder; its path must be short, because it holds sockets.
            users: Who has keys.
            timeout: Seconds until the gateway must answer.

        Raises:
            RuntimeError: A command failed, or the gateway does not answer.
        """
        ca, certificate, key = write_certificates(directory / "tls")
        for attempt in range(1, _ATTEMPTS + 1):
            monitor, plain, secure = free_ports(3)
            made = cls(f"https://localhost:{secure}", f"http://localhost:{plain}", ca, directory, [])
            _write_configuration(directory, monitor, plain, secure, certificate, key)
            try:
                made._bring_up(monitor, users, time.monotonic() + timeout)
            except RuntimeError:
                # Now and then a daemon asks the monitor something before it has its map, is refused ("wrong fsid") and ends.
                made.stop()
                if attempt == _ATTEMPTS:
                    raise
            except BaseException:
                made.stop()
                raise
            else:
                return made
        raise AssertionError("unreachable")

    def _bring_up(self, monitor: int, users: tuple[User, ...], deadline: float) -> None:
        fsid = (self.directory / "fsid").read_text()
        monmap = str(self.directory / "monmap")
        self._run("monmaptool", "--create", "--clobber", "--fsid", fsid, "--addv", "a", f"[v1:127.0.0.1:{monitor}]", monmap)  # fmt: skip
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--mon-data", str(self.directory / "mon"))
        self._daemon("ceph-mon", "-i", "a")
        identity = str(uuid.uuid4())
        self._when_ready("ceph", "osd", "create", identity)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", identity)
        self._when_ready("ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=localhost")
        self._daemon("ceph-osd", "-i", "0")
        while " 1 up" not in self._run("ceph", "osd", "stat"):
            self._expect_all(deadline)
        for user in users:
            self._add(user)
        # The zone group is there as soon as the first user is; the gateway reads its name when it starts.
        self._run("radosgw-admin", "-n", "client.rgw", "zonegroup", "modify", "--rgw-zonegroup=default", f"--api-name={REGION}")  # fmt: skip
        self._daemon("radosgw", "-n", "client.rgw", f"--rgw-data={self.directory / 'rgw'}")
        while not self.answers():
            self._expect_all(deadline)

    def _expect_all(self, deadline: float) -> None:
        """Wait a moment, unless a daemon has ended or the time is over."""
        time.sleep(0.1)
        if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
            logs = sorted((self.directory / "out").glob("*.err"))
            told = "\n".join(log.read_text(errors="replace")[-700:] for log in logs)
            raise RuntimeError(f"Ceph does not come up for {self.endpoint}; the end of its logs:\n{told}")

    def _add(self, user: User) -> None:
        # The keys come as arguments, because the tool has no other way in; they are the sandbox's own, made for this server.
        keys = f"--access-key={user.access_key}", f"--secret-key={user.secret_key}"
        told = self._run("radosgw-admin", "-n", "client.rgw", "user", "create", f"--uid={user.name}", f"--display-name={user.name}", *keys)  # fmt: skip
        if json.loads(told)["user_id"] != user.name:
            raise RuntimeError(f"radosgw-admin has made another user than {user.name}")

    @property
    def _base(self) -> tuple[str, ...]:
        return ("-c", str(self.directory / "ceph.conf"))

    def _run(self, program: str, *arguments: str) -> str:
        command = [program, *(() if program == "monmaptool" else self._base), *arguments]
        try:
            done = self._done(command)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{program} {arguments[0]} has not ended after {_PATIENCE} seconds") from None
        # The first start of a storage daemon's folder ends with an error of its own and is right all the same.
        if done.returncode and "--mkfs" not in arguments:
            raise RuntimeError(f"{program} {arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-1000:]}")
        return done.stdout.strip()

    def _done(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=self._environment(), cwd=self.directory, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=_PATIENCE, check=False,
        )  # fmt: skip

    def _when_ready(self, *command: str) -> None:
        """A command of a young monitor, which at times refuses even to say which commands it has."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._run(*command)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def _daemon(self, program: str, *arguments: str) -> None:
        path = shutil.which(program)
        with (self.directory / "out" / f"{program}.err").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", str(LAUNCHER), str(path), "-f", *self._base, *arguments], env=self._environment(),
                cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.processes.append(process)

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.directory)}

    def answers(self) -> bool:
        """Whether the gateway serves."""
        try:
            trust = ssl.create_default_context(cafile=str(self.ca_bundle))
            with urllib.request.urlopen(self.endpoint, timeout=2, context=trust) as answer:  # noqa: S310 - our own address
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """End it at once, the gateway first: all of it is in memory, and nothing is meant to outlive it."""
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        self.processes.clear()

    def __enter__(self) -> Ceph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _write_configuration(directory: Path, monitor: int, plain: int, secure: int, certificate: Path, key: Path) -> None:
    for folder in ("mon", "osd", "rgw", "out", "run"):
        shutil.rmtree(directory / folder, ignore_errors=True)
    for folder in ("mon", "osd/0", "rgw", "out", "run"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    fsid = str(uuid.uuid4())
    (directory / "fsid").write_text(fsid)
    frontend = f"endpoint=127.0.0.1:{plain} ssl_endpoint=127.0.0.1:{secure} ssl_certificate={certificate} ssl_private_key={key}"
    (directory / "ceph.conf").write_text(
        f"""[global]
fsid = {fsid}
mon host = [v1:127.0.0.1:{monitor}]
ms bind msgr2 = false
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
paxos propose interval = 0.05
paxos min wait = 0.01
log file = {directory}/out/$name.log
admin socket = {directory}/run/$name.$pid.asok
run dir = {directory}/run
crash dir = {directory}/out
[mon.a]
mon data = {directory}/mon
[osd]
osd data = {directory}/osd/$id
osd objectstore = memstore
memstore device bytes = 2147483648
osd memory target = 939524096
osd op num shards = 1
[client.rgw]
keyring = {directory}/rgw.keyring
rgw data = {directory}/rgw
rgw frontends = beast {frontend}
rgw s3 auth use keystone = false
rgw thread pool size = 16
debug rgw = 1
"""
    )
