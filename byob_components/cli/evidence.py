"""`byob evidence`: a dated record of each store, for auditors."""

from __future__ import annotations

import datetime
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import click

from byob_components.errors import ByobError
from byob_components.evidence import Record, read_source, read_verifications, records, to_markdown
from byob_components.evidence.policies import read_configuration
from byob_components.policies import RULES
from byob_components.review.waivers import read_waivers


def _json(record: Record) -> str:
    return json.dumps(record.data, indent=2, ensure_ascii=False) + "\n"


FORMATS = {"json": _json, "markdown": to_markdown}
SUFFIXES = {"json": "json", "markdown": "md"}


@click.command()
@click.argument("source", type=click.File(encoding="utf-8"))
@click.option(
    "--verification",
    "reports",
    type=click.File(encoding="utf-8"),
    multiple=True,
    help="What `byob verify --record` wrote.",
)
@click.option(
    "--waivers", type=click.File(encoding="utf-8"), help="TOML file of exceptions, each with a name and a last day."
)
@click.option("--policy-config", type=click.File(encoding="utf-8"), help="The pack's configuration; default none.")
@click.option("--store", "names", multiple=True, help="Only this store.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="markdown", show_default=True)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Write both formats of each record to this folder."
)
def evidence(
    source: TextIO,
    reports: tuple[TextIO, ...],
    waivers: TextIO | None,
    policy_config: TextIO | None,
    names: tuple[str, ...],
    form: str,
    into: Path | None,
) -> None:
    """Record the stores of SOURCE, the output of `pulumi stack export` or of `pulumi stack output --json`; - reads it from stdin.

    No secret is written, also when the export shows them. The exit code is 1 when a mandatory policy is broken and not
    waived, or a verification did not end well.
    """
    now = datetime.datetime.now(datetime.UTC)
    try:
        excused = read_waivers(waivers.read(), now.date(), [rule.code for rule in RULES]) if waivers else []
        configured = read_configuration(policy_config.read()) if policy_config else None
        shown = [one for report in reports for one in read_verifications(report.read(), report.name)]
        made = records(read_source(source.read()), now, version("byob-components"), shown, configured, excused)
    except (ByobError, UnicodeDecodeError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    missing = set(names) - {one.name for one in made}
    if missing:
        raise click.UsageError(f"--store: there is {', '.join(one.name for one in made)}, no {', '.join(missing)}")
    chosen = [one for one in made if not names or one.name in names]
    if into:
        _write(chosen, into)
    elif form == "json":
        click.echo(json.dumps([one.data for one in chosen], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(to_markdown(one) for one in chosen), nl=False)
    sys.exit(0 if all(one.ok for one in chosen) else 1)


def _write(chosen: list[Record], into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for one in chosen:
        cloud = one.data["store"]["cloud"]
        stem = re.sub(r"[^A-Za-z0-9._-]", "_", f"{one.name}-{cloud}-{one.data['date']}")
        for form, write in FORMATS.items():
            file = into / f"{stem}.{SUFFIXES[form]}"
            file.write_text(write(one), encoding="utf-8")
            click.echo(str(file))
