"""The stacks of the local cloud: a table, so that another cloud is one more entry."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox import recovery
from sandbox.clouds.aws import local as aws
from sandbox.clouds.azure import local as azure
from sandbox.clouds.azure.azurite import ensure_azurite
from sandbox.clouds.coreweave import local as coreweave
from sandbox.clouds.gcp import local as gcp
from sandbox.clouds.s3_compatible import local as s3_compatible
from sandbox.engine.install import engine_env, ensure_engine
from sandbox.places import BACKEND, CONFIG, HOME, LIVE, ROOT
from sandbox.venvs import ensure_venv

PROJECT = "byob"
"""The name of the root's project."""
STAND_IN = LIVE / "project"
"""A project file of that name, for commands that write stack configuration: it must not land in stacks/config."""


class StackError(Exception):
    """The engine refused; its own words are the message."""


SHOWN = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Shows the flag `--event-log`, which the engine hides, and changes nothing else."""


@dataclass(frozen=True)
class LocalStack:
    """One stack of the local cloud.

    Args:
        name: Its name, and the name that `CLOUD=` takes.
        start: Starts its servers; tells whether they are new, and so empty.
        stop: Ends them.
        running: Whether they run, in words, or an empty text. The words are others for other servers.
        config: The stack's configuration and, apart, its secrets.
        verify: Verifies every store from the stack's outputs: reports by store.
        needs: What its servers need on this machine, each with the work that makes it and says what was done.
        env: What the engine's environment needs besides.
    """

    name: str
    start: Callable[[], bool]
    stop: Callable[[], None]
    running: Callable[[], str]
    config: Callable[[], tuple[dict[str, Any], dict[str, str]]]
    verify: Callable[[dict[str, Any]], dict[str, Any]]
    needs: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    env: Callable[[], Mapping[str, str]] = dict

    @property
    def config_file(self) -> Path:
        """Its configuration, under `.sandbox/`."""
        return CONFIG / f"Pulumi.{self.name}.yaml"

    @property
    def backend(self) -> Path:
        """The folder of its state: one a stack, so that one can be forgotten without the others."""
        return BACKEND / self.name


def venv(name: str) -> dict[str, Callable[[], str]]:
    """The virtual environment of a server, as a stack needs it.

    Args:
        name: Of its requirement file.
    """
    return {f"Environment of {name}": lambda: "made now" if ensure_venv(name)[1] else "made before"}


def azurite() -> str:
    """Azurite, as the stack of Azure needs it."""
    return "installed now" if ensure_azurite()[1] else "installed before"


def _stack(name: str, local: Any, needs: Mapping[str, Callable[[], str]]) -> LocalStack:
    """A stack whose cloud has the usual functions in its module `local`."""
    env = getattr(local, "env", dict)
    return LocalStack(name, local.start, local.stop, local.running, local.config, local.verify, needs, env)


STACKS = {
    stack.name: stack
    for stack in (
        _stack("aws", aws, venv("ministack")),
        _stack("gcp", gcp, venv("gcs")),
        _stack("azure", azure, {"Azurite": azurite}),
        _stack("s3_compatible", s3_compatible, venv("seaweedfs")),
        _stack("coreweave", coreweave, venv("seaweedfs")),
    )
}
"""Every stack, in the order in which they come up."""


def pulumi(stack: LocalStack, *arguments: str, cwd: Path = ROOT, show: bool = False, stdin: str | None = None) -> str:
    """Run the engine in the sandbox's environment.

    Args:
        stack: On which backend.
        arguments: Of `pulumi`.
        cwd: The project's folder.
        show: Let it write to the terminal.
        stdin: What it reads; secrets go this way, never through arguments.

    Raises:
        StackError: It failed.
    """
    engine, _ = ensure_engine()
    done = subprocess.run(
        [str(engine), *arguments, "--non-interactive"], cwd=cwd, env={**engine_env(HOME, stack.backend), **stack.env(), **SHOWN}, input=stdin, text=True, check=False,
        pass_fds=recovery.held(),
        stdout=None if show else subprocess.PIPE, stderr=None if show else subprocess.PIPE,
        **({"stdin": subprocess.DEVNULL} if stdin is None else {}),
    )  # fmt: skip
    if done.returncode:
        said = "" if show else f":\n{(done.stdout + done.stderr).strip()[-4000:]}"
        raise StackError(f"`pulumi {' '.join(arguments)}` ended with {done.returncode}{said}")
    return done.stdout or ""


def forget(stack: LocalStack) -> None:
    """Drop the stack's state and configuration.

    Args:
        stack: Which one.
    """
    shutil.rmtree(stack.backend, ignore_errors=True)
    stack.config_file.unlink(missing_ok=True)


def ready(stack: LocalStack) -> str:
    """Make the state fit the servers that run: a state made with other servers speaks of nothing that is there, and what a killed
    run has left is cleared.

    Args:
        stack: Which one; its servers run.

    Returns:
        What was done.
    """
    stamp, servers = stack.backend / "made-with", stack.running()
    if not stamp.exists() or stamp.read_text() != servers:
        had = stack.backend.exists()
        forget(stack)
        stack.backend.mkdir(parents=True)
        stamp.write_text(servers)
        return "new servers: the old state was dropped" if had else "new"
    done = recovery.clear(stack.backend)
    if recovery.pending(stack.backend, PROJECT, stack.name):
        chosen = ("--stack", stack.name, "--config-file", str(stack.config_file))
        pulumi(stack, "refresh", "--yes", "--skip-preview", "--clear-pending-creates", *chosen)
        done.append("refreshed, because a run was killed in the middle of an operation")
    return "; ".join(dict.fromkeys(done)) or "kept"


def configure(stack: LocalStack) -> str:
    """Make the stack if it is missing, and write its configuration.

    Args:
        stack: Which one.

    Returns:
        What was done.
    """
    STAND_IN.mkdir(parents=True, exist_ok=True)
    CONFIG.mkdir(parents=True, exist_ok=True)
    (STAND_IN / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\nstackConfigDir: ../config\n")
    made = not (stack.backend / ".pulumi" / "stacks" / PROJECT / f"{stack.name}.json").exists()
    if made:
        pulumi(stack, "stack", "init", stack.name, cwd=STAND_IN)
    plain, secrets = stack.config()
    # Secrets first: the engine writes the whole file when it adds one, and turns what is no text into text.
    for key, value in secrets.items():
        if key not in _written(stack).get("config", {}):
            pulumi(stack, "config", "set", "--secret", key, "--stack", stack.name, cwd=STAND_IN, stdin=value)
    written = _written(stack)
    have = written.get("config", {})
    wanted = {**plain, **{k: have[k] for k in secrets}}
    if have != wanted:
        half = stack.config_file.with_suffix(".half")
        half.write_text(yaml.safe_dump({**written, "config": wanted}, sort_keys=False))
        half.replace(stack.config_file)
        made = True
    return "written" if made else "as before"


def _written(stack: LocalStack) -> dict[str, Any]:
    found = yaml.safe_load(stack.config_file.read_text()) if stack.config_file.exists() else None
    return found or {}


def bring_up(stack: LocalStack) -> dict[str, Any]:
    """`pulumi up` of the root project, and its outputs.

    Args:
        stack: Which one.
    """
    chosen = ("--stack", stack.name, "--config-file", str(stack.config_file))
    pulumi(stack, "up", "--yes", "--suppress-outputs", *chosen, show=True)
    shown = pulumi(stack, "stack", "output", "--json", "--show-secrets", "--stack", stack.name)
    outputs: dict[str, Any] = json.loads(shown)
    return outputs
