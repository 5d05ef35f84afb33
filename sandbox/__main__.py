"""The commands of the local cloud: setup, up, down, status."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import click

from sandbox import stacks
from sandbox.engine.install import SetupError, ensure_engine, install_plugins
from sandbox.stacks import STACKS, LocalStack, StackError
from sandbox.venvs import ensure_venv

SERVERS = ("ministack",)
"""Environments that `up` needs."""
JUDGES = ("seaweedfs", "checkov")
"""Environments that only the tests need."""


def step(title: str, work: Callable[[], str]) -> None:
    """Show a step, what became of it, and how long it took."""
    begin = time.monotonic()
    click.echo(f"{title:<28} ", nl=False, err=True)
    click.echo(f"{work()} ({time.monotonic() - begin:.1f} s)", err=True)


@contextmanager
def told() -> Any:
    """Say what went wrong without a traceback, when it is not our own fault."""
    try:
        yield
    except (SetupError, StackError, RuntimeError) as problem:
        click.echo(f"\n{problem}", err=True)
        sys.exit(3)


def prepare(names: tuple[str, ...]) -> None:
    for name in names:
        step(f"Environment of {name}", lambda name=name: "made now" if ensure_venv(name)[1] else "made before")
    step("Pulumi engine", lambda: ensure_engine()[1])
    step("Provider plugin", install_plugins)


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
    with told():
        prepare((*SERVERS, *JUDGES))


@main.command()
@click.option("--cloud", envvar="CLOUD", default="", help="only this one")
def up(cloud: str) -> None:
    """Servers, `pulumi up`, verification, hand-off."""
    wanted = chosen(cloud)
    ok = True
    with told():
        prepare(SERVERS)
        for stack in wanted:
            step(f"Servers of {stack.name}", lambda stack=stack: _start(stack))
            stacks.configure(stack)
            outputs = stacks.bring_up(stack)
            ok &= _show(stack, outputs)
    sys.exit(0 if ok else 1)


def _start(stack: LocalStack) -> str:
    fresh = stack.start()
    if fresh:
        stacks.forget_state()
    return f"{'started' if fresh else 'running'}: {stack.running()}"


def _show(stack: LocalStack, outputs: dict[str, Any]) -> bool:
    from byob_components.wandb.handoff import Handoff

    click.echo(f"\nVerification of {stack.name}\n")
    ok = True
    for name, report in stack.verify(outputs).items():
        click.echo(f"{name}\n{report.to_text()}\n")
        ok &= report.ok
    for store in outputs["teams"].values():
        for data in store["handoffs"].values():
            click.echo(Handoff.from_dict(data).to_markdown())
    return ok


@main.command()
@click.option("--cloud", envvar="CLOUD", default="", help="only this one")
def down(cloud: str) -> None:
    """Stop the servers."""
    for stack in chosen(cloud):
        was = stack.running()
        stack.stop()
        click.echo(f"{stack.name}: {'stopped' if was else 'was not running'}")


@main.command()
def status() -> None:
    """What runs, and where."""
    for stack in STACKS.values():
        click.echo(f"{stack.name}: {stack.running() or 'not running'}")


if __name__ == "__main__":
    main()
