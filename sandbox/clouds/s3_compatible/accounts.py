"""Who acts on the local S3-compatible store: the administrator, W&B's user, another team's, and a stranger."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.clouds.s3_compatible.server import Store
from sandbox.clouds.seaweedfs.server import User

REGION = "local"
"""What the store's region is called: none of AWS's names, as with most stores of this kind."""


@dataclass(frozen=True)
class Accounts:
    """Everybody on the local store."""

    deployer: User
    """The administrator, who runs Pulumi."""
    wandb: User
    """The user whose keys W&B gets for the team vision."""
    other_team: User
    """The user whose keys W&B gets for the team robotics."""
    stranger: User
    """A user of the store without any right."""

    @classmethod
    def make(cls) -> Accounts:
        """Everybody, with keys that were never used before."""
        return cls(
            deployer=_user("deployer", ("Admin",)),
            wandb=_user("wandb-vision"),
            other_team=_user("wandb-robotics"),
            stranger=_user("stranger"),
        )

    def everybody(self) -> tuple[User, ...]:
        """All of them, the administrator first."""
        return self.deployer, self.wandb, self.other_team, self.stranger

    def save(self, file: Path) -> None:
        """Write them down; readable by the owner only.

        Args:
            file: Where to.
        """
        half = file.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(json.dumps(asdict(self), indent=2))
        half.replace(file)

    @classmethod
    def load(cls, file: Path) -> Accounts:
        """The accounts that were written down.

        Args:
            file: Where.
        """
        found = json.loads(file.read_text())
        return cls(**{name: User(**{**user, "actions": tuple(user["actions"])}) for name, user in found.items()})


def _user(name: str, actions: tuple[str, ...] = ()) -> User:
    return User(name, f"AK{secrets.token_hex(9).upper()}", secrets.token_urlsafe(30), actions)


def start(directory: Path, accounts: Accounts, *, daemon: bool = False) -> Store:
    """Start the store for some accounts.

    Args:
        directory: Its folder.
        accounts: Who has keys.
        daemon: Outlive this process.
    """
    given = {
        "flavour": "s3_compatible",
        "domain": "",
        "region": REGION,
        "users": [asdict(user) for user in accounts.everybody()],
    }
    return Store.start(directory, given, daemon=daemon)


def provider_config(store: Store, who: User, region: str = REGION, path_style: bool = True) -> dict[str, Any]:
    """The settings of an `aws` provider that works on a store, and never calls AWS.

    Args:
        store: The store.
        who: Who runs Pulumi.
        region: What requests are signed for.
        path_style: Whether buckets stand in the path.
    """
    return {
        "region": region,
        "accessKey": who.access_key,
        "secretKey": who.secret_key,
        "endpoints": [{"s3": store.endpoint}],
        "s3UsePathStyle": path_style,
        "customCaBundle": str(store.ca_bundle),
        "skipCredentialsValidation": True,
        "skipRequestingAccountId": True,
        "skipMetadataApiCheck": True,
        "skipRegionValidation": True,
    }


def client(store: Store, who: User, region: str = REGION, path_style: bool = True) -> Any:
    """A boto3 client of the store for somebody, over TLS.

    Args:
        store: The store.
        who: Whose keys.
        region: What requests are signed for.
        path_style: Whether buckets stand in the path.
    """
    import boto3
    from botocore.config import Config

    session = boto3.Session(aws_access_key_id=who.access_key, aws_secret_access_key=who.secret_key)
    style = "path" if path_style else "virtual"
    return session.client(
        "s3", region_name=region, endpoint_url=store.endpoint, verify=str(store.ca_bundle),
        config=Config(s3={"addressing_style": style}, retries={"max_attempts": 2}, signature_version="s3v4", request_checksum_calculation="when_required"),
    )  # fmt: skip
