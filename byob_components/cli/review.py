"""`byob review`: what a change means for data and access."""

from __future__ import annotations

import datetime
import json
import sys
from importlib.metadata import version
from typing import TextIO

import click

from byob_components.errors import ByobError
from byob_components.policies import RULES
from byob_components.review.judging import Review, judge
from byob_components.review.junit import to_junit
from byob_components.review.markdown import to_markdown, to_text
from byob_components.review.policies import read_policies
from byob_components.review.reading import read_preview
from byob_components.review.sarif import to_sarif
from byob_components.review.waivers import read_waivers


def _json(review: Review) -> str:
    return json.dumps(review.to_dict(), indent=2) + "\n"


def _sarif(review: Review) -> str:
    return json.dumps(to_sarif(review, version("byob-components")), indent=2) + "\n"


FORMATS = {"text": to_text, "markdown": to_markdown, "json": _json, "sarif": _sarif, "junit": to_junit}


@click.command()
@click.argument("preview", type=click.File(encoding="utf-8"))
@click.option(
    "--policies", type=click.File(encoding="utf-8"), help="Event log of the same preview, with the policies' findings."
)
@click.option(
    "--waivers", type=click.File(encoding="utf-8"), help="TOML file of exceptions, each with a name and a last day."
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
def review(preview: TextIO, policies: TextIO | None, waivers: TextIO | None, form: str) -> None:
    """Say what PREVIEW, the output of `pulumi preview --json`, changes for data and access; - reads it from stdin.

    Works for any program. The exit code is 1 when data or access is at risk and no waiver covers it.
    """
    try:
        told = read_policies(policies.read()) if policies else []
        codes = [*(rule.code for rule in RULES), *(finding.code for finding in told)]
        excused = read_waivers(waivers.read(), datetime.date.today(), codes) if waivers else []
        done = judge(read_preview(preview.read()), told, excused)
    except (ByobError, UnicodeDecodeError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    click.echo(FORMATS[form](done), nl=False)
    sys.exit(0 if done.ok else 1)
