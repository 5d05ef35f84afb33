"""Who acts on the local Google Cloud: the customer, W&B in its own project, and strangers; all with real service account keys."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from sandbox.clouds.gcp.server import GoogleCloud

CUSTOMER, CUSTOMER_NUMBER = "byob-customer", "111122223333"
WANDB, WANDB_NUMBER = "wandb-production", "640412345678"
STRANGER, STRANGER_NUMBER = "somebody-else", "444455556666"
REGION = "europe-west1"
_EMAILS = {
    "deployer": ("deployer", CUSTOMER, "roles/owner"),
    "server": ("wandb-server", CUSTOMER, ""),
    "wandb_dedicated": ("deploy", WANDB, ""),
    "wandb_instance": ("sandbox-instance", WANDB, ""),
    "wandb_other_instance": ("another-customer", WANDB, ""),
    "wandb_multi_tenant": ("wandb-integration", WANDB, ""),
    "stranger": ("stranger", STRANGER, "roles/owner"),
}


@dataclass(frozen=True)
class Credentials:
    """A service account and a key of it.

    Args:
        email: Who it is.
        key_file: What its owner holds: the JSON key file, complete.
    """

    email: str
    key_file: dict[str, str] = field(repr=False)

    @property
    def member(self) -> str:
        """How policies name it."""
        return f"serviceAccount:{self.email}"

    @cached_property
    def google(self) -> Any:
        """The same, as the client libraries take it."""
        from google.oauth2 import service_account

        scopes = ["https://www.googleapis.com/auth/cloud-platform"]
        return service_account.Credentials.from_service_account_info(self.key_file, scopes=scopes)


@dataclass(frozen=True)
class Accounts:
    """Everybody on the local Google Cloud."""

    deployer: Credentials
    """The customer's administrator, who runs Pulumi: an owner of the project."""
    server: Credentials
    """The account of a W&B server that the customer runs."""
    wandb_dedicated: Credentials
    """W&B: the account of Dedicated Cloud that its documentation names."""
    wandb_instance: Credentials
    """W&B: the account of the customer's own Dedicated Cloud instance, as its console would show it."""
    wandb_other_instance: Credentials
    """W&B's project, but the account of another customer's instance."""
    wandb_multi_tenant: Credentials
    """W&B: the account of Multi-tenant Cloud."""
    stranger: Credentials
    """The owner of another project."""

    def save(self, file: Path) -> None:
        """Write them down; readable by the owner only.

        Args:
            file: Where to.
        """
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self), indent=2))

    @classmethod
    def load(cls, file: Path) -> Accounts:
        """The accounts that were written down.

        Args:
            file: Where.
        """
        return cls(**{name: Credentials(**one) for name, one in json.loads(file.read_text()).items()})


def make(token_uri: str) -> Accounts:
    """Make everybody's keys.

    Args:
        token_uri: Where they get their tokens.
    """
    return Accounts(**{one.name: _credentials(*_EMAILS[one.name][:2], token_uri) for one in fields(Accounts)})


def _credentials(name: str, project: str, token_uri: str) -> Credentials:
    email = f"{name}@{project}.iam.gserviceaccount.com"
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Credentials(
        email,
        {
            "type": "service_account", "project_id": project, "private_key_id": secrets.token_hex(20), "private_key": pem.decode(),
            "client_email": email, "token_uri": token_uri, "universe_domain": "googleapis.com",
        },
    )  # fmt: skip


def seed(accounts: Accounts) -> dict[str, list[dict[str, str]]]:
    """What the server must know of them; no private key.

    Args:
        accounts: Everybody.
    """
    numbers = ((CUSTOMER, CUSTOMER_NUMBER), (WANDB, WANDB_NUMBER), (STRANGER, STRANGER_NUMBER))
    return {
        "projects": [{"id": id, "number": number} for id, number in numbers],
        "accounts": [_seeded(getattr(accounts, name), project, role) for name, (_, project, role) in _EMAILS.items()],
    }


def _seeded(who: Credentials, project: str, role: str) -> dict[str, str]:
    private = serialization.load_pem_private_key(who.key_file["private_key"].encode(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {"email": who.email, "project": project, "role": role, "key_id": who.key_file["private_key_id"], "public_key": public.decode()}  # fmt: skip


def session(cloud: GoogleCloud, who: Credentials) -> Any:
    """An HTTP session that sends somebody's token, over verified TLS.

    Args:
        cloud: The local Google Cloud.
        who: Whose token.
    """
    import requests
    from google.auth.transport.requests import AuthorizedSession, Request

    plain = requests.Session()
    made = AuthorizedSession(who.google, auth_request=Request(plain))
    for one in (plain, made):
        # Else an authority or a proxy that the environment names would win over this one.
        one.trust_env, one.verify = False, str(cloud.ca_bundle)
    return made


def storage_client(cloud: GoogleCloud, who: Credentials) -> Any:
    """Google's own storage client for somebody.

    Args:
        cloud: The local Google Cloud.
        who: Whose keys.
    """
    from google.cloud import storage

    project = who.key_file["project_id"]
    options = {"api_endpoint": cloud.storage}
    return storage.Client(project, who.google, _http=session(cloud, who), client_options=options)


def provider_config(cloud: GoogleCloud, who: Credentials, region: str = REGION) -> dict[str, Any]:
    """The `gcp:` configuration of a stack that runs on the local Google Cloud; `credentials` is a secret.

    Args:
        cloud: The local Google Cloud.
        who: Who runs Pulumi.
        region: The default region.
    """
    return {
        "project": CUSTOMER,
        "region": region,
        "credentials": json.dumps(who.key_file),
        "storageCustomEndpoint": f"{cloud.storage}/storage/v1/",
        "kmsCustomEndpoint": f"{cloud.apis}/v1/",
        "iamCustomEndpoint": f"{cloud.apis}/v1/",
        "iamCredentialsCustomEndpoint": f"{cloud.apis}/v1/",
        "resourceManagerCustomEndpoint": f"{cloud.apis}/v1/",
    }


def environment(cloud: GoogleCloud) -> Mapping[str, str]:
    """What the engine's environment needs besides: the provider has no setting for an authority, but honours OpenSSL's variable.

    Args:
        cloud: The local Google Cloud.
    """
    return {"SSL_CERT_FILE": str(cloud.ca_bundle)}
