"""The Google Cloud that `make up` runs: one server that stays, the stack's configuration and its verification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.clouds.gcp.accounts import REGION, Credentials, environment, provider_config
from sandbox.clouds.gcp.server import GoogleCloud
from sandbox.places import LOG, RUN

if TYPE_CHECKING:
    from byob_components.verify import GcsIdentity

SERVER = RUN / "gcs.json"
FOLDER = LOG / "gcs"
BROWSER = "chromium"
PAGE = "https://wandb.example.com"


def start() -> bool:
    """Start the server, unless it is there."""
    known = GoogleCloud.load(SERVER)
    if known is not None and known.answers():
        return False
    stop()
    GoogleCloud.start(FOLDER, daemon=True).save(SERVER)
    return True


def stop() -> None:
    """End the server, and any other that an interrupted start has left in its folder."""
    for server in GoogleCloud.left_in(FOLDER):
        server.stop()
    SERVER.unlink(missing_ok=True)


def running() -> str:
    """Where it serves."""
    known = GoogleCloud.load(SERVER)
    if known is None or not known.answers():
        return ""
    return f"Cloud Storage {known.storage}, KMS and IAM {known.apis}, pid {known.pid}"


def loaded() -> GoogleCloud:
    """The server that runs.

    Raises:
        RuntimeError: None does.
    """
    server = GoogleCloud.load(SERVER)
    if server is None:
        raise RuntimeError("the local Google Cloud is not running")
    return server


def provider() -> tuple[dict[str, Any], dict[str, str]]:
    """The `gcp:` configuration of a stack, and apart its secrets."""
    server = loaded()
    settings = provider_config(server, server.accounts.deployer)
    secret = settings.pop("credentials")
    return {f"gcp:{key}": value for key, value in settings.items()}, {"gcp:credentials": secret}


def config() -> tuple[dict[str, Any], dict[str, str]]:
    """Three teams: every default; minimal access for one instance's account, with a key of the team's own; an account key for
    W&B on another cloud."""
    accounts = loaded().accounts
    plain, secrets = provider()
    plain |= {
        "byob:deployment": "dedicated",
        "byob:level": "team",
        "byob:defaults": {"location": REGION},
        "byob:teams": {
            "vision": {"cloud": "gcp"},
            "robotics": {
                "cloud": "gcp",
                "access": "minimal",
                "paths": ["robotics"],
                "principals": [accounts.wandb_instance.email],
                "encryption": "new_key",
                "corsOrigins": [PAGE],
            },
            "lidar": {"cloud": "gcp", "credentialKeys": ["first"]},
        },
    }
    return plain, secrets


def verify(outputs: dict[str, Any]) -> dict[str, Any]:
    """Every store as W&B's side sees it.

    Args:
        outputs: The stack's.
    """
    import shutil

    from byob_components.verify import Cast, GcsStore, verify_gcs

    server = loaded()
    accounts = server.accounts
    keys = _keys(server, outputs)
    reports = {}
    for team, store in outputs["teams"].items():
        named = store["principals"] == [accounts.wandb_instance.email]
        wandb, other = accounts.wandb_dedicated, accounts.wandb_instance
        if named:
            wandb, other = other, wandb
        outsiders = [
            _identity("the owner of another project", accounts.stranger),
            _identity("W&B's Multi-tenant account, which has no grant here", accounts.wandb_multi_tenant),
            _identity(f"another account of W&B's project ({other.email})", other),
            *(key for owner, key in keys.items() if owner != team),
        ]
        target = GcsStore.from_outputs(
            store,
            endpoint=server.storage,
            kms_endpoint=server.apis,
            credentials_endpoint=server.apis,
            ca_bundle=str(server.ca_bundle),
            access="minimal" if named else "documented",
            cors_origins=(PAGE,) if named else ("*",),
            noncurrent_days=30,
            soft_delete_days=7,
        )
        cast = Cast(
            wandb=keys.get(team, _identity(f"W&B ({wandb.email})", wandb)),
            owner=_identity("the bucket's owner", accounts.deployer),
            outsiders=tuple(outsiders),
        )
        reports[team] = verify_gcs(target, cast, browser=shutil.which(BROWSER))
    return reports


def _identity(name: str, who: Credentials) -> GcsIdentity:
    from byob_components.verify import GcsIdentity

    return GcsIdentity(name, who.email, who.key_file)


def _keys(server: GoogleCloud, outputs: dict[str, Any]) -> dict[str, GcsIdentity]:
    """The teams whose address holds an account key, and who acts with them."""
    from byob_components.verify import GcsIdentity
    from byob_components.wandb.address import parse

    token_uri = server.accounts.deployer.key_file["token_uri"]
    found = {team: parse(next(iter(store["storageAddresses"].values()))) for team, store in outputs["teams"].items()}
    return {
        team: GcsIdentity(
            f"the account key of team {team}",
            address.access_key,
            {"client_email": address.access_key, "private_key": address.secret_key, "token_uri": token_uri},
        )
        for team, address in found.items()
        if address.secret_key
    }


def env() -> Mapping[str, str]:
    """What the engine's environment needs besides."""
    return environment(loaded())
