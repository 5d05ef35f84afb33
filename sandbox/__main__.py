"""The commands of the local cloud: setup, up, down, status."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from sandbox import stacks
from sandbox.engine.install import SetupError, ensure_engine, install_plugins
from sandbox.engine.yaml_host import ensure_yaml_host
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


def prepare(wanted: Sequence[LocalStack], judges: Sequence[str] = ()) -> None:
    needs = {title: work for stack in wanted for title, work in stack.needs.items()}
    for name in judges:
        needs |= venv(name)
    for title, work in needs.items():
        step(title, work)
    step("Pulumi engine", lambda: ensure_engine()[1])
    step("Provider plugins", install_plugins)


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
        prepare(wanted)
        for stack in wanted:
            ok &= _up(stack)
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
