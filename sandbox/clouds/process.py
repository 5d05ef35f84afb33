"""A server of the local cloud as a process: started, found again by later commands, ended with all that it holds."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from sandbox.places import ROOT

_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Servers that this process has started: a child that nobody holds would be reported as lost while it runs."""
_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class ServerProcess:
    """A running server. A cloud's own class adds where it serves, how it is asked whether it does, and how it is started.

    Args:
        ca_bundle: The authority to verify it with.
        pid: Its process, the leader of its group.
        directory: What it was started with: its folder, with settings, certificates and log.
    """

    module: ClassVar[str]
    """What Python runs as the server."""
    log: ClassVar[str]
    """The log's name in the folder."""
    patience: ClassVar[float] = 5.0
    """Seconds that it is given to end by itself."""
    ca_bundle: Path
    pid: int
    directory: Path

    # ---------------------------------------------------------------------------------------- starting
    @classmethod
    def launch(cls, python: Path, directory: Path, settings: Mapping[str, Any], daemon: bool) -> int:
        """Start the module with its settings.

        Args:
            python: The interpreter.
            directory: The server's folder.
            settings: What the module reads; they may hold secrets, and go into a file of the owner's.
            daemon: Outlive this process; else the server dies with it.

        Returns:
            The process.
        """
        file = directory / "settings.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(settings, indent=2))
        return cls.run([str(python), "-P", "-m", cls.module, str(file)], directory, {"PYTHONPATH": str(ROOT)}, daemon)

    @classmethod
    def run(cls, command: Sequence[str], directory: Path, env: Mapping[str, str], daemon: bool) -> int:
        """Start a command as the server.

        Args:
            command: What is run.
            directory: Its folder.
            env: Its environment, beside the few variables that every server has.
            daemon: Outlive this process; else the server is told to die with it.

        Returns:
            The process.
        """
        every = {"PATH": os.environ["PATH"], "HOME": str(directory), "PYTHONUNBUFFERED": "1"}
        mortal = {} if daemon else {"BYOB_DIE_WITH_PARENT": "1"}
        with (directory / cls.log).open("ab") as log:
            process = subprocess.Popen(
                command, env={**every, **mortal, **env}, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        _CHILDREN[process.pid] = process
        return process.pid

    @classmethod
    def answering(cls, begin: Callable[[], Self], timeout: float) -> Self:
        """Start a server, and wait until it answers.

        Args:
            begin: Starts it on ports that are free now; it is begun again when somebody takes one of them meanwhile.
            timeout: Seconds until it must answer.

        Raises:
            RuntimeError: It does not; the log's end is in the message.
        """
        for _ in range(_ATTEMPTS):
            made = begin()
            deadline = time.monotonic() + timeout
            while made.alive() and time.monotonic() < deadline:
                if made.answers():
                    return made
                time.sleep(0.05)
            if made.alive():
                break
        made.stop()
        end = (made.directory / cls.log).read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{cls.__name__} does not answer; the end of its log:\n{end}")

    # ---------------------------------------------------------------------------------------- running
    def answers(self) -> bool:
        """Whether it serves, and is ours."""
        raise NotImplementedError

    def alive(self) -> bool:
        """Whether its process is there and is ours."""
        if child := _CHILDREN.get(self.pid):
            return child.poll() is None  # its command line is empty for a moment, when it has just become itself
        return self.serves_here()

    def serves_here(self) -> bool:
        """Whether the process runs the module with the settings of this folder."""
        try:
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return False
        return self.module.encode() in command and f"{self.directory}/settings.json".encode() in command

    def stop(self) -> None:
        """End it and wait until it is gone; what it started goes with it."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive():
                break
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            for _ in range(int(self.patience * 10)):
                if not self.alive():
                    break
                time.sleep(0.1)
        if child := _CHILDREN.pop(self.pid, None):
            child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # ---------------------------------------------------------------------------------------- finding again
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
    def load(cls, file: Path) -> Self | None:
        """The server that was written down, running or not.

        Args:
            file: Where it was written.
        """
        if not file.exists():
            return None
        data = json.loads(file.read_text())
        return cls(**{**data, "ca_bundle": Path(data["ca_bundle"]), "directory": Path(data["directory"])})

    @classmethod
    def left_in(cls, directory: Path) -> list[Self]:
        """Every server that runs in a folder, written down or not; only good for being stopped.

        Args:
            directory: The folder that it was started with.
        """
        nowhere: dict[str, Any] = {field.name: "" for field in fields(cls)}
        known = {**nowhere, "ca_bundle": directory, "directory": directory}
        made = [cls(**{**known, "pid": int(entry.name)}) for entry in Path("/proc").glob("[0-9]*")]
        return [one for one in made if one.serves_here()]
