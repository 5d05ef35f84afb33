"""The CoreWeave that `make up` runs: one server that stays, the stack's configuration and its verification."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.clouds.coreweave.accounts import (
    DEDICATED,
    OTHER_ORGANIZATION,
    STORAGE_ORGANIZATION,
    WANDB_ORGANIZATION,
    ZONE,
    Accounts,
    Principal,
)
from sandbox.clouds.coreweave.accounts import start as start_store
from sandbox.clouds.s3_compatible.accounts import provider_config
from sandbox.clouds.s3_compatible.server import Store
from sandbox.loopback import know_localhost
from sandbox.places import LOG, RUN

if TYPE_CHECKING:
    from byob_components.verify import Identity

SERVER, ACCOUNTS = RUN / "coreweave.json", RUN / "coreweave-accounts.json"
FOLDER = LOG / "coreweave"
BROWSER = "chromium"


def start() -> bool:
    """Start the server with its accounts, unless it is there."""
    known = Store.load(SERVER)
    if known is not None and ACCOUNTS.exists() and known.answers():
        return False
    stop()
    accounts = Accounts.make()
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
    return f"SeaweedFS behind a gate of ours {known.endpoint}, TLS 1.3 only, pid {known.pid}"


def _loaded() -> tuple[Store, Accounts]:
    server = Store.load(SERVER)
    if server is None:
        raise RuntimeError("the local CoreWeave is not running")
    return server, Accounts.load(ACCOUNTS)


def config() -> tuple[dict[str, Any], dict[str, str]]:
    """Two teams: every default, and minimal access for one path, with the customer's own organization let in."""
    server, accounts = _loaded()
    common = {"cloud": "coreweave", "provider": "coreweave", "wandbOrganizationId": WANDB_ORGANIZATION}
    providers = {
        "coreweave": {
            "cloud": "coreweave",
            **provider_config(server, accounts.deployer.user, ZONE, path_style=False),
        }
    }
    plain = {
        "byob:deployment": "dedicated",
        "byob:level": "team",
        "byob:teams": {
            "vision": common,
            "robotics": {
                **common,
                "access": "minimal",
                "paths": ["robotics"],
                "storageOrganizationId": STORAGE_ORGANIZATION,
            },
        },
    }
    return plain, {"byob:providers": json.dumps(providers)}


def verify(outputs: dict[str, Any]) -> dict[str, Any]:
    """Every store as W&B's side sees it.

    Args:
        outputs: The stack's.
    """
    import shutil

    from byob_components.verify import Cast, S3Store, verify_s3

    know_localhost()  # the bucket's own name stands before the host
    server, accounts = _loaded()
    reports = {}
    for team, store in outputs["teams"].items():
        path = store["paths"][0]
        named = path != "/"
        target = S3Store(
            bucket=store["bucketName"],
            region=ZONE,
            path="" if path == "/" else path,
            cloud="coreweave",
            endpoint=server.endpoint,
            ca_bundle=str(server.ca_bundle),
            access="minimal" if named else "documented",
            noncurrent_days=30,
            tls_only=False,
        )
        outsiders = [
            _identity(f"W&B for another customer ({OTHER_ORGANIZATION})", accounts.wandb_elsewhere),
            _identity("W&B's principal of another deployment", accounts.wandb_multi_tenant),
            _identity("a user of another organization", accounts.stranger),
        ]
        if not named:
            outsiders.append(_identity("a user of the customer's organization without a grant", accounts.colleague))
        cast = Cast(
            wandb=_identity(f"W&B ({DEDICATED}, {WANDB_ORGANIZATION})", accounts.wandb),
            owner=_identity("the bucket's owner", accounts.deployer),
            outsiders=tuple(outsiders),
        )
        reports[team] = verify_s3(target, cast, browser=shutil.which(BROWSER))
    return reports


def _identity(name: str, who: Principal) -> Identity:
    from byob_components.verify import Identity

    return Identity(name, who.user.access_key, who.user.secret_key)
