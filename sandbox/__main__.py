"""The commands of the local cloud: setup, up, policy, down, status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from byob_components.review.policies import PolicyFinding
from sandbox import stacks
from sandbox.engine.install import SetupError, ensure_engine, install_plugins
from sandbox.engine.yaml_host import ensure_yaml_host
from sandbox.judging import PROFILES, judge, told
from sandbox.places import LIVE
from sandbox.progress import step
from sandbox.recovery import Busy, alone
from sandbox.stacks import STACKS, LocalStack, StackError, venv

JUDGES = ("seaweedfs", "checkov", "policy")
"""Environments that only the tests need."""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let nobody else change the local cloud meanwhile, and say what went wrong without a traceback."""
    try:
        with alone(LIVE / "lock"):
            yield
    except (Busy, SetupError, StackError, RuntimeError, subprocess.CalledProcessError) as problem:
        click.echo(f"\n{problem}", err=True)
        sys.exit(3)


def prepare(wanted: Sequence[LocalStack], judges: Sequence[str] = (), *, skip: bool = False) -> dict[str, str]:
    """Make what stacks need on this machine.

    Args:
        wanted: The stacks.
        judges: Environments beside theirs.
        skip: Go on without a stack whose needs cannot be met here.

    Returns:
        Each stack that must be left out, and why.
    """
    done: set[str] = set()
    left_out: dict[str, str] = {}
    for stack in wanted:
        for title, work in stack.needs.items():
            if title in done or stack.name in left_out:
                continue
            try:
                step(title, work)
            except (SetupError, RuntimeError, subprocess.CalledProcessError) as problem:
                if not skip:
                    raise
                left_out[stack.name] = str(problem)
            else:
                done.add(title)
    for name in judges:
        for title, work in venv(name).items():
            if title not in done:
                step(title, work)
    step("Pulumi engine", lambda: ensure_engine()[1])
    step("Provider plugins", install_plugins)
    return left_out


def chosen(cloud: str) -> list[LocalStack]:
    if cloud and cloud not in STACKS:
        raise click.UsageError(f"CLOUD={cloud}: there is {', '.join(STACKS)}")
    return [STACKS[cloud]] if cloud else list(STACKS.values())


@click.group(help=__doc__)
def main() -> None:
    pass


@main.command()
def setup() -> None:
    """Make what up and the tests need."""
    with one_at_a_time():
        prepare(list(STACKS.values()), JUDGES)
        step("Language host of YAML programs", ensure_yaml_host)


@main.command()
@click.option("--cloud", envvar="CLOUD", default="", help="only this one")
def up(cloud: str) -> None:
    """Servers, `pulumi up`, verification, hand-off."""
    wanted = chosen(cloud)
    ok = True
    with one_at_a_time():
        # What was asked for by name must come up, and in CI everything must.
        left_out = prepare(wanted, skip=not cloud and not os.environ.get("CI"))
        for stack in wanted:
            ok &= stack.name in left_out or _up(stack)
    for name, why in left_out.items():
        click.echo(f"{name} was left out: {why}", err=True)
    sys.exit(0 if ok else 1)


def _up(stack: LocalStack) -> bool:
    step(f"Servers of {stack.name}", lambda: f"{'started' if stack.start() else 'running'}: {stack.running()}")
    step(f"State of {stack.name}", lambda: stacks.ready(stack))
    step(f"Configuration of {stack.name}", lambda: stacks.configure(stack))
    click.echo(f"\npulumi up, stack {stack.name}", err=True)
    outputs = stacks.bring_up(stack)
    click.echo(err=True)
    reports: dict[str, Any] = {}

    def verify() -> str:
        reports.update(stack.verify(outputs))
        bad = [name for name, report in reports.items() if not report.ok]
        return f"{len(reports)} stores, {'not right: ' + ', '.join(bad) if bad else 'all right'}"

    step(f"Verification of {stack.name}", verify)
    _show(outputs, reports)
    return all(report.ok for report in reports.values())


def _show(outputs: dict[str, Any], reports: dict[str, Any]) -> None:
    """The reports, and last what the user takes away."""
    from byob_components.wandb.handoff import Handoff

    for name, report in reports.items():
        click.echo(f"\nVerification of {name}\n\n{report.to_text()}")
    for store in outputs["teams"].values():
        for data in store["handoffs"].values():
            click.echo(f"\n{Handoff.from_dict(data).to_markdown()}")


@main.command()
@click.option("--cloud", envvar="CLOUD", default="", help="only this one")
@click.option("--profile", envvar="PROFILE", type=click.Choice(PROFILES), default="production", help="of the pack")
def policy(cloud: str, profile: str) -> None:
    """The policy pack over every stack that runs; exit code 1 on a mandatory violation."""
    blocked = False
    with one_at_a_time():
        running = [stack for stack in chosen(cloud) if stack.running() and stack.config_file.exists()]
        if not running:
            raise StackError("no stack of the local cloud is up: run `make up` first")
        prepare([], ["policy"])
        for stack in running:
            blocked |= _judged(stack, profile)
    sys.exit(1 if blocked else 0)


def _judged(stack: LocalStack, profile: str) -> bool:
    found: list[PolicyFinding] = []

    def look() -> str:
        found.extend(judge(stack, profile))
        blocking = sum(one.mandatory for one in found)
        return f"{blocking} mandatory, {len(found) - blocking} advisory"

    step(f"Policies on {stack.name}", look)
    click.echo(f"{stack.name}: {'blocked' if any(one.mandatory for one in found) else 'passes'}")
    for one in found:
        click.echo(f"  {told(one)}")
    return any(one.mandatory for one in found)


@main.command()
@click.option("--cloud", envvar="CLOUD", default="", help="only this one")
def down(cloud: str) -> None:
    """Stop the servers, and forget what they held."""
    wanted = chosen(cloud)
    with one_at_a_time():
        for stack in wanted:
            was = stack.running()
            stack.stop()
            stacks.forget(stack)
            click.echo(f"{stack.name}: {'stopped' if was else 'was not running'}")


@main.command()
def status() -> None:
    """What runs, and where."""
    for stack in STACKS.values():
        click.echo(f"{stack.name}: {stack.running() or 'not running'}")


if __name__ == "__main__":
    main()
