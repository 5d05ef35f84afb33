"""Who acts on the local CoreWeave: the customer's administrator, W&B for this customer and for another, and a stranger."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.clouds.s3_compatible.server import Store
from sandbox.clouds.seaweedfs.server import User

DOMAIN = "cwobject.localhost"
"""The local name of cwobject.com; a bucket stands before it."""
ZONE = "US-EAST-04A"
STORAGE_ORGANIZATION = "cwacme"
"""The customer's organization at CoreWeave."""
WANDB_ORGANIZATION = "acme-prod"
"""The customer's namespace at W&B."""
OTHER_ORGANIZATION = "umbrella-prod"
"""Another customer's."""
DEDICATED = "arn:aws:iam::wandb:static/wandb-integration"
MULTI_TENANT = "arn:aws:iam::wandb:static/wandb-integration-public"


@dataclass(frozen=True)
class Principal:
    """Somebody with keys.

    Args:
        arn: As CoreWeave's policies name them.
        organization: The W&B organization that these keys act for; empty for everybody who is not W&B. The real W&B has
            one identity and tells the organization with each request; here each organization has keys of its own.
        user: The server's own user.
    """

    arn: str
    organization: str
    user: User


@dataclass(frozen=True)
class Accounts:
    """Everybody on the local CoreWeave."""

    deployer: Principal
    """The customer's administrator, who runs Pulumi."""
    colleague: Principal
    """Another user of the customer's organization at CoreWeave."""
    wandb: Principal
    """W&B's principal, acting for the customer."""
    wandb_elsewhere: Principal
    """The same principal, acting for another customer."""
    wandb_multi_tenant: Principal
    """W&B's other principal, acting for the customer."""
    stranger: Principal
    """A user of another organization at CoreWeave."""

    @classmethod
    def make(cls) -> Accounts:
        """Everybody, with keys that were never used before."""
        own = f"arn:aws:iam::{STORAGE_ORGANIZATION}:"
        return cls(
            deployer=_principal(f"{own}user/deployer", actions=("Admin",)),
            colleague=_principal(f"{own}user/colleague"),
            wandb=_principal(DEDICATED, WANDB_ORGANIZATION),
            wandb_elsewhere=_principal(DEDICATED, OTHER_ORGANIZATION),
            wandb_multi_tenant=_principal(MULTI_TENANT, WANDB_ORGANIZATION),
            stranger=_principal("arn:aws:iam::cwumbrella:user/stranger"),
        )

    def everybody(self) -> tuple[Principal, ...]:
        """All of them, the administrator first."""
        others = self.colleague, self.wandb, self.wandb_elsewhere, self.wandb_multi_tenant, self.stranger
        return self.deployer, *others

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
        found = {}
        for name, one in json.loads(file.read_text()).items():
            user = User(**{**one["user"], "actions": tuple(one["user"]["actions"])})
            found[name] = Principal(one["arn"], one["organization"], user)
        return cls(**found)


def _principal(arn: str, organization: str = "", actions: tuple[str, ...] = ()) -> Principal:
    name = f"{arn.rpartition('/')[2]}-{organization}".rstrip("-")
    user = User(name, f"CW{secrets.token_hex(9).upper()}", f"cwo{secrets.token_urlsafe(30)}", actions)
    return Principal(arn, organization, user)


def start(directory: Path, accounts: Accounts, *, daemon: bool = False) -> Store:
    """Start the store for some accounts.

    Args:
        directory: Its folder.
        accounts: Who has keys.
        daemon: Outlive this process.
    """
    everybody = accounts.everybody()
    given = {
        "flavour": "coreweave",
        "domain": DOMAIN,
        "region": ZONE,
        "users": [asdict(one.user) for one in everybody],
        "principals": [{"arn": one.arn, "organization": one.organization, "behind": one.user.arn} for one in everybody],
    }
    return Store.start(directory, given, host=DOMAIN, plain=False, daemon=daemon)
