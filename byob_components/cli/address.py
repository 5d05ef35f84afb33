"""`byob address`: storage addresses, read and built; keys are masked."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TextIO

import click

from byob_components.errors import ByobError, Fault
from byob_components.wandb.address import StorageAddress, build, check_address, masked, parse
from byob_components.wandb.deployment import Cloud

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group()
def address() -> None:
    """Storage addresses, the s3://, gs://, az:// and cw:// strings that W&B takes."""


@address.command("parse")
@click.argument("text", metavar="[ADDRESS]", default="-")
@_FORMAT
def parse_address(text: str, form: str) -> None:
    """Say what ADDRESS means; without it, or with -, it is read from stdin, where one with keys belongs.

    The exit code is 1 when W&B could not use it.
    """
    given = text != "-"
    try:
        parts = parse(text if given else sys.stdin.read().strip())
    except ByobError as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    if given and parts.secret_key:
        click.echo("this address holds keys, which stay in the shell's history: give it on stdin", err=True)
    faults = check_address(parts)
    told = {**_told(parts), "faults": [str(fault) for fault in faults]}
    if form == "json":
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _print({name: value for name, value in told.items() if value not in ("", None, [])})
    sys.exit(1 if faults else 0)


@address.command("build")
@click.option(
    "--cloud", required=True, type=click.Choice([str(cloud) for cloud in Cloud]), help="Who stores the bytes."
)
@click.option("--bucket", required=True, help="The bucket; on Azure the container.")
@click.option("--path", default="", help="The path in the bucket; default the root.")
@click.option("--account", default="", help="Azure's storage account.")
@click.option("--endpoint", default="", help="host[:port] of a store with keys.")
@click.option("--region", default="", help="The region; required with keys for S3.")
@click.option("--tls/--no-tls", default=None, help="Whether an S3-compatible store speaks TLS; default not said.")
@click.option("--path-style/--no-path-style", default=None, help="Whether the bucket stands in the path.")
@click.option("--keys", type=click.File(encoding="utf-8"), help="JSON with accessKey and secretKey; - reads stdin.")
@click.option("--show-secrets", is_flag=True, help="Print the keys too.")
@_FORMAT
def build_address(
    cloud: str,
    bucket: str,
    path: str,
    account: str,
    endpoint: str,
    region: str,
    tls: bool | None,
    path_style: bool | None,
    keys: TextIO | None,
    show_secrets: bool,
    form: str,
) -> None:
    """Print the address of a store; its keys are masked unless they are asked for."""
    parts = StorageAddress(
        Cloud(cloud),
        bucket,
        path,
        account=account,
        endpoint=endpoint,
        region=region,
        tls=tls,
        force_path_style=path_style,
    )
    try:
        parts = _with_keys(parts, keys.read()) if keys else parts
        whole = build(parts)
    except (ByobError, UnicodeDecodeError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    told = whole if show_secrets else masked(parts)
    click.echo(json.dumps({"address": told}, indent=2) if form == "json" else told)


def _with_keys(parts: StorageAddress, text: str) -> StorageAddress:
    try:
        data = json.loads(text)
        access, secret = data.get("accessKey", ""), data["secretKey"]
    except (ValueError, KeyError, TypeError, AttributeError):
        access = secret = None
    if not isinstance(access, str) or not isinstance(secret, str):
        what, allowed = "is not what it should be", '{"accessKey": "…", "secretKey": "…"}, on Azure without the first'
        fault = Fault("BYOB-CLI-003", "--keys", what, None, allowed, "give such a file; its content is never shown")
        raise ByobError([fault], "byob address build")
    return replace(parts, access_key=access, secret_key=secret)


def _told(parts: StorageAddress) -> dict[str, object]:
    return {
        "address": masked(parts),
        "cloud": str(parts.cloud),
        "account": parts.account,
        "bucket": parts.bucket,
        "path": parts.path or "/",
        "endpoint": parts.endpoint,
        "region": parts.region,
        "tls": parts.tls,
        "force_path_style": parts.force_path_style,
        "keys": bool(parts.secret_key),
    }


def _print(told: dict[str, object]) -> None:
    for name, value in told.items():
        if isinstance(value, list):
            for one in value:
                click.echo(f"{'wrong':<17}{one}")
        else:
            said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
            click.echo(f"{name.replace('_', ' '):<17}{said}")
