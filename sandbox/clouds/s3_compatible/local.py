"""The S3-compatible store that `make up` runs: one SeaweedFS that stays, the stack's configuration and its verification."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.clouds.s3_compatible.accounts import REGION, Accounts, provider_config
from sandbox.clouds.s3_compatible.accounts import start as start_store
from sandbox.clouds.s3_compatible.server import Store
from sandbox.clouds.seaweedfs.server import User
from sandbox.places import LOG, RUN

if TYPE_CHECKING:
    from byob_components.verify import Identity

SERVER, ACCOUNTS = RUN / "s3-compatible.json", RUN / "s3-compatible-accounts.json"
FOLDER = LOG / "s3-compatible"
BROWSER = "chromium"
PAGE = "https://wandb.example.com"


def start() -> bool:
    """Start the server with its accounts, unless it is there."""
    known = Store.load(SERVER)
    if known is not None and ACCOUNTS.exists() and known.answers():
        return False
    stop()
    accounts = Accounts.make()
    # The accounts first: the server is made of them.
    RUN.mkdir(parents=True, exist_ok=True)
    accounts.save(ACCOUNTS)
    start_store(FOLDER, accounts, daemon=True).save(SERVER)
    return True


def stop() -> None:
    """End the server, and any other that an interrupted start has left in its folder."""
    for server in Store.left_in(FOLDER):
        server.stop()
    for file in (SERVER, ACCOUNTS):
        file.unlink(missing_ok=True)


def running() -> str:
    """Where it serves."""
    known = Store.load(SERVER)
    if known is None or not known.answers():
        return ""
    return f"SeaweedFS behind a gate {known.endpoint}, plain HTTP {known.plain_endpoint}, pid {known.pid}"


def _loaded() -> tuple[Store, Accounts]:
    server = Store.load(SERVER)
    if server is None:
        raise RuntimeError("the local S3-compatible store is not running")
    return server, Accounts.load(ACCOUNTS)


def config() -> tuple[dict[str, Any], dict[str, str]]:
    """Two teams with keys of their own: every default, and minimal access for one path."""
    server, accounts = _loaded()
    common = {
        "cloud": "s3_compatible",
        "provider": "store",
        "server": "seaweedfs",
        "endpoint": server.endpoint.removeprefix("https://"),
        # The provider tells us-east-1 for a region that is none of AWS's.
        "region": REGION,
    }
    teams = {
        "vision": {**common, **_keys(accounts.wandb)},
        "robotics": {
            **common,
            **_keys(accounts.other_team),
            "access": "minimal",
            "paths": ["robotics"],
            "corsOrigins": [PAGE],
        },
    }
    providers = {"store": {"cloud": "s3_compatible", **provider_config(server, accounts.deployer)}}
    plain = {"byob:deployment": "self_managed", "byob:level": "team"}
    return plain, {"byob:providers": json.dumps(providers), "byob:teams": json.dumps(teams)}


def _keys(user: User) -> dict[str, Any]:
    """What a team says of the user whose keys W&B gets."""
    return {"accessKey": user.access_key, "secretKey": user.secret_key, "principals": [user.arn]}


def verify(outputs: dict[str, Any]) -> dict[str, Any]:
    """Every store as W&B's side sees it, by the keys in its address.

    Args:
        outputs: The stack's.
    """
    import shutil

    from byob_components.verify import Cast, S3Store, verify_s3
    from byob_components.wandb.address import parse

    server, accounts = _loaded()
    users = {"vision": accounts.wandb, "robotics": accounts.other_team}
    reports = {}
    for team, store in outputs["teams"].items():
        path = store["paths"][0]
        address = parse(store["storageAddresses"][path])
        named = path != "/"
        target = S3Store(
            bucket=store["bucketName"],
            region=REGION,
            path="" if path == "/" else path,
            cloud="s3_compatible",
            endpoint=server.endpoint,
            plain_endpoint=server.plain_endpoint,
            ca_bundle=str(server.ca_bundle),
            path_style=True,
            access="minimal" if named else "documented",
            cors_origins=(PAGE,) if named else ("*",),
            noncurrent_days=30,
        )
        others = [user for name, user in users.items() if name != team]
        cast = Cast(
            wandb=_named(f"W&B by the keys in the address of team {team}", address.access_key, address.secret_key),
            owner=_identity("the store's administrator", accounts.deployer),
            outsiders=(
                _identity("a user without any right", accounts.stranger),
                *(_identity(f"the user of another team ({user.name})", user) for user in others),
            ),
        )
        reports[team] = verify_s3(target, cast, browser=shutil.which(BROWSER))
    return reports


def _identity(name: str, user: User) -> Identity:
    return _named(name, user.access_key, user.secret_key)


def _named(name: str, access_key: str, secret_key: str) -> Identity:
    from byob_components.verify import Identity

    return Identity(name, access_key, secret_key)
