"""Azurite, the blob server behind the gate: installed from a committed lock, and run with accounts that come and go."""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from pathlib import Path

from sandbox.places import STATE

_HERE = Path(__file__).parent
_LOCKED = ("package.json", "package-lock.json")
_ENTRY = "dist/src/blob/main.js"
FOLDER = STATE / "npm" / "azurite"


def ensure_azurite() -> tuple[Path, bool]:
    """Azurite's folder, installed when it is missing or its lock has changed.

    The lock holds a checksum for every package and no address: whichever registry npm is set up for delivers the same bytes.

    Returns:
        The folder of the package, and whether it was installed just now.

    Raises:
        RuntimeError: There is no Node.js or no npm, or npm refuses.
    """
    digest = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _LOCKED)).hexdigest()
    node()
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "azurite.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once install it once
        stamp, package = FOLDER / "made-of", FOLDER / "node_modules" / "azurite"
        if stamp.exists() and stamp.read_text() == digest:
            return package, False
        fresh = FOLDER.with_name("azurite.new")
        for folder in (fresh, FOLDER):
            shutil.rmtree(folder, ignore_errors=True)
        _install(fresh)
        (fresh / "made-of").write_text(digest)
        fresh.rename(FOLDER)
        return package, True


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("the local Azure needs npm, which comes with Node.js 20 or newer, and there is none in PATH")
    folder.mkdir()
    for name in _LOCKED:
        shutil.copyfile(_HERE / name, folder / name)
    # `install` and not `ci`, which unpacks nothing from a lock without addresses. The checksums of the lock hold all the same; that
    # the lock fits package.json is seen by its being unchanged. No package's own scripts run.
    command = [npm, "install", "--omit=dev", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--loglevel=error"]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0 or not (folder / "node_modules" / "azurite" / _ENTRY).exists():
        raise RuntimeError(f"npm cannot install Azurite: {done.stderr.strip()[-600:]}")
    if (folder / "package-lock.json").read_bytes() != (_HERE / "package-lock.json").read_bytes():
        raise RuntimeError("Azurite was installed from another list of packages than the committed one: package-lock.json does not fit package.json")  # fmt: skip


def node() -> str:
    """Node.js.

    Raises:
        RuntimeError: There is none.
    """
    found = shutil.which("node")
    if found is None:
        raise RuntimeError("the local Azure needs Node.js 20 or newer (its blob server Azurite runs on it), and there is none in PATH")  # fmt: skip
    return found


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def new_key() -> str:
    """An account key, as Azure makes them: 64 bytes in base64."""
    return b64encode(secrets.token_bytes(64)).decode()


class Azurite:
    """A running Azurite, child of this process.

    Args:
        folder: For its data and its accounts; what an earlier run left is removed.
        port: On the loopback address.
        certificate: A file.
        key: Its private key, a file.
    """

    def __init__(self, folder: Path, port: int, certificate: str, key: str) -> None:
        package, _ = ensure_azurite()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.port = port
        self._accounts, self._file = dict[str, tuple[str, str]](), folder / "accounts.json"
        self._lock = threading.Lock()
        self._write()
        env = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "BYOB_AZURITE": str(package),
            "BYOB_AZURITE_ACCOUNTS": str(self._file), "NODE_OPTIONS": "",
        }  # fmt: skip
        command = [
            node(), "--require", str(_HERE / "accounts.js"), str(package / _ENTRY), "--blobHost", "127.0.0.1",
            "--blobPort", str(port), "--location", str(folder / "data"), "--cert", certificate, "--key", key, "--disableTelemetry",
            "--skipApiVersionCheck", "--silent",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stdout, stderr=sys.stderr, preexec_fn=_die_with_parent
        )  # fmt: skip

    def wait(self, seconds: float = 25) -> None:
        """Until it listens.

        Raises:
            RuntimeError: It has ended, or does not listen in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError("Azurite does not listen; the log says more")

    def put(self, account: str, keys: tuple[str, str]) -> None:
        """Make an account, or give it other keys; it holds from the next request on.

        Args:
            account: Its name.
            keys: Both of its keys.
        """
        with self._lock:
            self._accounts[account] = keys
            self._write()

    def drop(self, account: str) -> None:
        """Forget an account; its data must be gone before."""
        with self._lock:
            self._accounts.pop(account, None)
            self._write()

    def _write(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._accounts))
        os.replace(fresh, self._file)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
