"""The stacks of the local cloud: a table, so that another cloud is one more entry."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.clouds.aws import local as aws
from sandbox.engine.install import engine_env, ensure_engine
from sandbox.places import BACKEND, CONFIG, HOME, ROOT, STATE

PROJECT = STATE / "project"
"""A project file of the same name as the root's, for commands that write stack configuration: it must not land in stacks/config."""


class StackError(Exception):
    """The engine refused; its own words are the message."""


@dataclass(frozen=True)
class LocalStack:
    """One stack of the local cloud.

    Args:
        name: Its name, and the name that `CLOUD=` takes.
        start: Starts its servers; tells whether they are new, and so empty.
        stop: Ends them.
        running: Whether they run, in words, or an empty text.
        config: The stack's configuration and, apart, its secrets.
        verify: Verifies every store from the stack's outputs: reports by store.
    """

    name: str
    start: Callable[[], bool]
    stop: Callable[[], None]
    running: Callable[[], str]
    config: Callable[[], tuple[dict[str, Any], dict[str, str]]]
    verify: Callable[[dict[str, Any]], dict[str, Any]]

    @property
    def config_file(self) -> Path:
        """Its configuration, under `.sandbox/`."""
        return CONFIG / f"Pulumi.{self.name}.yaml"


STACKS = {"aws": LocalStack("aws", aws.start, aws.stop, aws.running, aws.config, aws.verify)}


def pulumi(*arguments: str, cwd: Path = ROOT, show: bool = False, stdin: str | None = None) -> str:
    """Run the engine in the sandbox's environment.

    Args:
        arguments: Of `pulumi`.
        cwd: The project's folder.
        show: Let it write to the terminal.
        stdin: What it reads; secrets go this way, never through arguments.

    Raises:
        StackError: It failed.
    """
    engine, _ = ensure_engine()
    done = subprocess.run(
        [str(engine), *arguments, "--non-interactive"], cwd=cwd, env=engine_env(HOME, BACKEND), input=stdin, text=True, check=False,
        stdout=None if show else subprocess.PIPE, stderr=None if show else subprocess.PIPE,
        **({"stdin": subprocess.DEVNULL} if stdin is None else {}),
    )  # fmt: skip
    if done.returncode:
        said = "" if show else f":\n{(done.stdout + done.stderr).strip()[-4000:]}"
        raise StackError(f"`pulumi {' '.join(arguments)}` ended with {done.returncode}{said}")
    return done.stdout or ""


def forget_state() -> None:
    """Drop every stack's state: their servers are new, and hold nothing of it."""
    shutil.rmtree(BACKEND, ignore_errors=True)
    shutil.rmtree(CONFIG, ignore_errors=True)


def configure(stack: LocalStack) -> None:
    """Make the stack if it is missing, and write its configuration.

    Args:
        stack: Which one.
    """
    PROJECT.mkdir(parents=True, exist_ok=True)
    CONFIG.mkdir(parents=True, exist_ok=True)
    (PROJECT / "Pulumi.yaml").write_text("name: byob\nruntime: python\nstackConfigDir: ../config\n")
    listed = json.loads(pulumi("stack", "ls", "--json", cwd=PROJECT))
    if stack.name not in [entry["name"].rsplit("/", 1)[-1] for entry in listed]:
        pulumi("stack", "init", stack.name, cwd=PROJECT)
    plain, secrets = stack.config()
    written = yaml.safe_load(stack.config_file.read_text()) or {}
    have = written.get("config", {})
    if {k: v for k, v in have.items() if k not in secrets} != plain:
        written["config"] = {**plain, **{k: have[k] for k in secrets if k in have}}
        stack.config_file.write_text(yaml.safe_dump(written, sort_keys=False))
    for key, value in secrets.items():
        if key not in have:
            pulumi("config", "set", "--secret", key, "--stack", stack.name, cwd=PROJECT, stdin=value)


def bring_up(stack: LocalStack) -> dict[str, Any]:
    """`pulumi up` of the root project, and its outputs.

    Args:
        stack: Which one.
    """
    chosen = ("--stack", stack.name, "--config-file", str(stack.config_file))
    pulumi("up", "--yes", "--suppress-outputs", *chosen, show=True)
    outputs: dict[str, Any] = json.loads(pulumi("stack", "output", "--json", "--show-secrets", "--stack", stack.name))
    return outputs
