"""The AWS that `make up` runs: one ministack that stays, the accounts on it, the stack's configuration and its verification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.clouds.aws.accounts import (
    CUSTOMER,
    NODE_ROLE,
    OTHER_ROLE,
    REGION,
    Accounts,
    Credentials,
    provider_config,
    seed,
)
from sandbox.clouds.aws.ministack import Ministack
from sandbox.places import LOG, RUN

if TYPE_CHECKING:
    from byob_components.verify import Identity

SERVER, ACCOUNTS = RUN / "ministack.json", RUN / "aws-accounts.json"
FOLDER = LOG / "ministack"
BROWSER = "chromium"


def start() -> bool:
    """Start the server and make its accounts, unless they are there."""
    known = Ministack.load(SERVER)
    if known is not None and known.answers() and ACCOUNTS.exists():
        return False
    stop()
    server = Ministack.start(FOLDER, daemon=True)
    # Written down at once: whatever comes next may be interrupted. The accounts come last, and say that all of it is there.
    server.save(SERVER)
    seed(server).save(ACCOUNTS)
    return True


def stop() -> None:
    """End the server, and any other that an interrupted start has left in its folder."""
    for server in Ministack.left_in(FOLDER):
        server.stop()
    for file in (SERVER, ACCOUNTS):
        file.unlink(missing_ok=True)


def running() -> str:
    """Where it serves."""
    known = Ministack.load(SERVER)
    return (
        f"ministack {known.endpoint}, plain HTTP {known.plain_endpoint}, pid {known.pid}"
        if known and known.answers()
        else ""
    )


def _loaded() -> tuple[Ministack, Accounts]:
    server = Ministack.load(SERVER)
    if server is None:
        raise RuntimeError("the local AWS is not running")
    return server, Accounts.load(ACCOUNTS)


def config() -> tuple[dict[str, Any], dict[str, str]]:
    """Three teams: every default; minimal access for one role and one path; access keys for W&B on another cloud."""
    server, accounts = _loaded()
    provider = provider_config(server, accounts.deployer)
    secret = provider.pop("secretKey")
    plain = {f"aws:{key}": value for key, value in provider.items()}
    plain |= {
        "byob:deployment": "dedicated",
        "byob:level": "team",
        "byob:teams": {
            "vision": {},
            "robotics": {
                "access": "minimal",
                "paths": ["robotics"],
                "principals": [NODE_ROLE],
                "corsOrigins": ["https://wandb.example.com"],
            },
            "lidar": {"encryption": "provider_managed", "credentialKeys": ["first"]},
        },
    }
    return plain, {"aws:secretKey": secret}


def verify(outputs: dict[str, Any]) -> dict[str, Any]:
    """Every store as W&B's side sees it.

    Args:
        outputs: The stack's.
    """
    import shutil

    from byob_components.verify import Cast, S3Store, verify_s3

    server, accounts = _loaded()
    accounts = accounts.renewed(server)
    keys = _keys(outputs)
    reports = {}
    for team, store in outputs["teams"].items():
        named = store["principals"] == [NODE_ROLE]
        outsiders = [
            _identity("a user of another account", accounts.stranger),
            _identity("W&B's Multi-tenant role, which has no grant here", accounts.wandb_multi_tenant),
            *(key for owner, key in keys.items() if owner != team),
        ]
        if named:
            outsiders.append(_identity(f"another role of W&B's account ({OTHER_ROLE})", accounts.wandb_other_role))
        path = store["paths"][0]
        target = S3Store(
            bucket=store["bucketName"],
            region=REGION,
            path="" if path == "/" else path,
            endpoint=server.endpoint,
            plain_endpoint=server.plain_endpoint,
            ca_bundle=str(server.ca_bundle),
            path_style=True,
            kms_key_id=store["kmsKeyId"],
            encryption="aws:kms" if store["kmsKeyId"] else "AES256",
            access="minimal" if named else "documented",
            cors_origins=("https://wandb.example.com",) if named else ("*",),
            noncurrent_days=30,
            account_id=CUSTOMER,
        )
        cast = Cast(
            wandb=keys.get(team, _identity(f"W&B ({NODE_ROLE})", accounts.wandb_dedicated)),
            owner=_identity("the bucket's owner", accounts.deployer),
            outsiders=tuple(outsiders),
        )
        reports[team] = verify_s3(target, cast, browser=shutil.which(BROWSER))
    return reports


def _identity(name: str, who: Credentials) -> Identity:
    from byob_components.verify import Identity

    return Identity(name, who.access_key, who.secret_key, who.session_token or "")


def _keys(outputs: dict[str, Any]) -> dict[str, Identity]:
    """The teams whose address holds access keys, and who acts with them."""
    from byob_components.verify import Identity
    from byob_components.wandb.address import parse

    found = {team: parse(next(iter(store["storageAddresses"].values()))) for team, store in outputs["teams"].items()}
    return {
        team: Identity(f"the access key of team {team}", address.access_key, address.secret_key)
        for team, address in found.items()
        if address.secret_key
    }
