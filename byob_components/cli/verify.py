"""`byob verify`: whether the stores of a stack are as declared, and whether W&B, its SDK and a browser can use them."""

from __future__ import annotations

import difflib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

import click

from byob_components import verify as verification
from byob_components.cli.cast import As, Casting, MissingExtraError, load, parse_as
from byob_components.cli.stack_state import NoEngineError, export
from byob_components.declared import Holder, Target, read_export, targets
from byob_components.errors import ByobError
from byob_components.verify import Result, State
from byob_components.verify.folder import FOLDER
from byob_components.verify.several import Verified, exit_code, to_json, to_junit, to_markdown, to_sarif, to_text
from byob_components.wandb.deployment import Cloud

FORMATS: dict[str, Callable[[Sequence[Verified]], str]] = {
    "text": to_text,
    "json": to_json,
    "markdown": to_markdown,
    "junit": to_junit,
    "sarif": lambda verified: to_sarif(verified, version("byob-components")),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@click.command()
@click.argument("source", required=False, type=click.File(encoding="utf-8"))
@click.option("--stack", default="", help="The stack; default the one that is selected.")
@click.option("--cwd", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Its project's folder.")
@click.option("--store", "names", multiple=True, help="Only this store or team; may be given several times.")
@click.option(
    "--write/--read-only",
    default=False,
    help="Also write, read and delete small objects as W&B does, and remove them. Default: only settings are read.",
)
@click.option(
    "--as",
    "given",
    multiple=True,
    metavar="WHO=HOW",
    help="Who acts, for example wandb=role:ARN, owner=profile:NAME, outsider=profile:NAME. Default: the owner is who"
    " is logged in here, and W&B comes with the keys in its address, where it has some.",
)
@click.option(
    "--browser", metavar="PATH|none", help="The Chromium that judges CORS with --write; default one that is installed."
)
@click.option(
    "--ca-bundle",
    type=click.Path(exists=True, dir_okay=False),
    help="Authorities to trust, in PEM; default what the stack's provider trusts, or SSL_CERT_FILE.",
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the JSON to this file too, for `byob evidence`.",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
def verify(
    source: TextIO | None,
    stack: str,
    cwd: Path | None,
    names: tuple[str, ...],
    write: bool,
    given: tuple[str, ...],
    browser: str | None,
    ca_bundle: str | None,
    form: str,
    record: Path | None,
    quiet: bool,
) -> None:
    """Verify the stores of a stack: their settings, and with --write that W&B, its SDK and a browser can use them.

    SOURCE is the output of `pulumi stack export`, - reads it from stdin; without it the engine is asked for --stack. The
    exit code is 0 when nothing failed, 1 when something is wrong with a store, 2 for wrong use or keys that are not
    accepted, 3 when it could not run.
    """
    told = _silent if quiet else _say
    if source is not None and (stack or cwd):
        raise click.UsageError("give either SOURCE, or --stack and --cwd")
    try:
        casting = Casting([parse_as(one) for one in given], told)
        chosen = _targets(source, stack, cwd, names, casting.given, write, ca_bundle or "", told)
        for target in chosen:
            load(target)
        casting.check(chosen)
        ready = [casting.cast(target) for target in chosen]
    except (ByobError, UnicodeDecodeError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    except (NoEngineError, MissingExtraError) as problem:
        click.echo(f"byob verify: {problem}", err=True)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
    program = _browser(browser) if write else None
    seen: list[Result] = []
    try:
        done = [_run(target, cast, write, program, told, seen) for target, cast in ready]
    except KeyboardInterrupt:
        click.echo(f"byob verify: interrupted; {_left(seen, write)}", err=True)
        sys.exit(130)
    if any("CERTIFICATE_VERIFY_FAILED" in result.because for one in done for result in one.report.results):
        told("the server's certificate is of an authority that is not trusted here: name it with --ca-bundle")
    if record:
        _record(record, done)
    click.echo(FORMATS[form](done), nl=False)
    sys.exit(exit_code(done))


def _say(text: str) -> None:
    click.echo(text, err=True)


def _silent(text: str) -> None:
    pass


# ------------------------------------------------------------------------------------------ what
def _targets(
    source: TextIO | None,
    stack: str,
    cwd: Path | None,
    names: tuple[str, ...],
    given: Sequence[As],
    write: bool,
    ca_bundle: str,
    told: Callable[[str], None],
) -> list[Target]:
    if source is None:
        told(f"reading the state of {stack or 'the selected stack'}")
    holders = _chosen(source.read() if source else export(stack, cwd), names)
    sealed = [one for one in holders if one.sealed and _needs_secrets(one, given, write)]
    if sealed and source is None:
        told(f"reading the keys in the addresses of {', '.join(one.name for one in sealed)}")
        holders = _chosen(export(stack, cwd, secrets=True), names)
    elif sealed:
        told(
            f"this export does not show the keys of {', '.join(one.name for one in sealed)}: give --stack in its place, or pipe "
            "`pulumi stack export --show-secrets` in; a file with keys should not be kept"
        )
    found = [target for one in holders for target in targets(one, ca_bundle, os.environ.get("SSL_CERT_FILE", ""))]
    return [one for one in found if not names or {one.name, one.holder} & {*names}]


def _needs_secrets(one: Holder, given: Sequence[As], write: bool) -> bool:
    """Settings are read as the owner; W&B's keys are taken from the state only to act as W&B."""
    return write or one.cloud in (Cloud.S3_COMPATIBLE, Cloud.COREWEAVE) or any("provider" in who.way for who in given)


def _chosen(text: str, names: tuple[str, ...]) -> list[Holder]:
    found = read_export(text)
    for name in names:
        if name not in found.names:
            near = difflib.get_close_matches(name, found.names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"--store: there is {', '.join(found.names)}, no {name}{hint}")
    return [one for one in found.holders if not names or one.names & {*names}]


# ------------------------------------------------------------------------------------------ how
def _browser(asked: str | None) -> str | None:
    if asked == "none":
        return None
    found = shutil.which(asked) if asked else next(filter(None, map(shutil.which, BROWSERS)), None)
    if asked and not found:
        raise click.UsageError(f"--browser: there is no program {asked}; 'none' leaves the browser out")
    return found


def _run(
    target: Target,
    cast: verification.Cast[Any],
    write: bool,
    browser: str | None,
    told: Callable[[str], None],
    seen: list[Result],
) -> Verified:
    told(f"\n{target.title}: {'settings and use' if write else 'settings only, nothing is written'}")
    if write:
        place = "/".join(filter(None, (target.store.path, FOLDER)))
        told(f"  writes below {place}/ and removes all of it at the end")

    def progress(result: Result) -> None:
        seen.append(result)
        if result.actors or result.evidence:
            told(f"  {result.id:<14} {result.state}")

    run: Callable[..., verification.Report] = getattr(verification, f"verify_{target.family}")
    return Verified(target.name, run(target.store, cast, browser=browser, on_result=progress, read_only=not write))


def _left(seen: Sequence[Result], write: bool) -> str:
    """What an interrupted run has left behind: its clean-up ran, and says so."""
    last = next((result for result in reversed(seen) if result.code == "V27"), None)
    if not write:
        return "nothing was written"
    if last is not None and last.state in (State.PASS, State.WARN):
        return "; ".join(last.evidence)
    return f"the next run names what may be left below {FOLDER}"


def _record(file: Path, done: Sequence[Verified]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(to_json(done), encoding="utf-8")
    except OSError as problem:
        click.echo(f"byob verify: {file} cannot be written: {problem.strerror}", err=True)
        sys.exit(3)
