"""`byob policy`: the policy pack in a project of your own."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import version
from pathlib import Path

import click

from byob_components.errors import ByobError, Fault
from byob_components.policies.starter import pack_files


@click.group()
def policy() -> None:
    """The policy pack in a project of your own, in any language."""


@policy.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Write a ready policy pack into DIR; files that are there already are never overwritten."""
    files = pack_files(version("byob-components"))
    there = [name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        fix = "give another folder, or move these files away"
        fault = Fault("BYOB-CLI-001", str(folder), f"holds {', '.join(there)} already", None, "a folder without", fix)
        click.echo(str(ByobError([fault], "byob policy init")), err=True)
        sys.exit(2)
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as problem:
        click.echo(f"byob policy init: {folder} cannot be written: {problem.strerror}", err=True)
        sys.exit(3)
    pack = shlex.quote(str(folder))
    click.echo(f"Written to {folder}: {', '.join(files)}\n")
    click.echo("Its environment, once (the folder venv is not for version control):")
    click.echo(f"  python3 -m venv {pack}/venv")
    click.echo(f"  {pack}/venv/bin/pip install -r {pack}/requirements.txt\n")
    click.echo("Then, in a project in any language:")
    click.echo(f"  pulumi preview --policy-pack {pack} --policy-pack-config {pack}/profiles/production.json")
