"""`byob handoff`: what to give to the W&B administrator, from a stack's outputs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import click

from byob_components.errors import ByobError, Fault
from byob_components.wandb.handoff import Handoff

_MARKS = {"title", "address", "steps"}
"""Keys that every hand-off has."""


@click.command()
@click.argument("outputs", type=click.File(encoding="utf-8"))
@click.option("--team", "names", multiple=True, help="Only this team, or this output of a program of your own.")
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
def handoff(outputs: TextIO, names: tuple[str, ...], form: str) -> None:
    """Print the hand-offs in OUTPUTS, what `pulumi stack output --json` wrote; - reads it from stdin.

    They hold no secret: an address with keys goes to W&B by a secret channel of your own.
    """
    try:
        found = _read(outputs.read(), names)
    except (ByobError, UnicodeDecodeError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    if form == "json":
        click.echo(json.dumps([one.to_dict() for one in found], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(one.to_markdown() for one in found), nl=False)


def _read(text: str, names: tuple[str, ...]) -> list[Handoff]:
    try:
        places = list(_places(json.loads(text)))
        found = [Handoff.from_dict(data) for place, data in places if not names or set(names) & set(place)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _error("cannot be read") from None
    missing = [name for name in names if not any(name in place for place, _ in places)]
    if missing or not found:
        raise _error(f"hold no hand-off of {', '.join(missing)}" if missing else "hold no hand-off")
    return found


def _places(value: Any, here: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every hand-off with the keys that lead to it, wherever a program exports it."""
    if isinstance(value, dict):
        if value.keys() >= _MARKS:
            yield here, value
            return
        for key, one in value.items():
            yield from _places(one, (*here, str(key)))


def _error(what: str) -> ByobError:
    fix = "run `pulumi stack output --json`; a program of your own exports `handoffs` of its component"
    fault = Fault("BYOB-CLI-002", "outputs", what, None, "outputs with hand-offs", fix)
    return ByobError([fault], "byob handoff")
