"""Who acts on the local Azure: the customer's administrator, W&B's servers with their workload identities, and a stranger."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.clouds.azure.apis import tokens

if TYPE_CHECKING:
    from sandbox.clouds.azure.server import AzureCloud

TENANT = "7b1c0d6e-3a52-4f0e-9a57-6c1f2d3e4b5a"
SUBSCRIPTION = "0f6a2c1d-8b7e-4d3c-9e5f-1a2b3c4d5e6f"
SUBSCRIPTION_SCOPE = f"/subscriptions/{SUBSCRIPTION}"
LOCATION = "westeurope"
AUDIENCE = "api://AzureADTokenExchange"
WANDB_SUBJECT = "system:serviceaccount:default:wandb-bucket-access"
_ROLES = {
    "deployer": ("Owner", "Key Vault Crypto Officer"),
    "storage_admin": ("Contributor", "Storage Blob Data Owner", "Key Vault Reader"),
}
"""Roles on the subscription, from the beginning."""


@dataclass(frozen=True)
class Credentials:
    """Somebody's identity, and what they prove it with.

    Args:
        name: For people.
        client_id: What they sign in with.
        object_id: What role assignments name: the principal id.
        secret: Of an application; empty for a managed identity.
        issuer: Whose tokens prove it instead; empty where a secret does.
        subject: Of those tokens.
    """

    name: str
    client_id: str
    object_id: str
    secret: str = field(default="", repr=False)
    issuer: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Cluster:
    """A Kubernetes cluster of W&B: the issuer of its service accounts' tokens.

    Args:
        issuer: As identities must name it, with the slash at the end.
        private_key: What it signs with, PEM.
    """

    issuer: str
    private_key: str = field(repr=False)

    def token(self, subject: str = WANDB_SUBJECT, audience: str = AUDIENCE, seconds: int = 3600) -> str:
        """What is mounted into a pod of the cluster.

        Args:
            subject: Whose pod: `system:serviceaccount:<namespace>:<name>`.
            audience: Whom it is for.
            seconds: How long it is good for.
        """
        key = serialization.load_pem_private_key(self.private_key.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        now = int(time.time())
        said = {"iss": self.issuer, "sub": subject, "aud": [audience], "iat": now, "nbf": now, "exp": now + seconds}
        return tokens.sign(key, said, "cluster")


@dataclass(frozen=True)
class Accounts:
    """Everybody on the local Azure."""

    deployer: Credentials
    """The customer's administrator, who runs Pulumi: owner of the subscription, and Key Vault Crypto Officer (deleting a key is a
    data action, which no owner has)."""
    storage_admin: Credentials
    """The customer's storage administrator, who looks after data: contributor, owner of the data in all accounts, and reader of keys."""
    wandb_console: Credentials
    """The managed identity of the W&B instance, as its System Console shows it; pods of W&B's cluster act as it."""
    wandb_other: Credentials
    """The managed identity of another W&B instance, of another cluster."""
    stranger: Credentials
    """A principal of the tenant without any role."""
    cluster: Cluster
    """W&B's cluster: the issuer that a team connector's identity must trust."""
    other_cluster: Cluster
    """Somebody else's cluster."""

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
        kinds = {one.name: Cluster if "cluster" in one.name else Credentials for one in fields(cls)}
        return cls(**{name: kinds[name](**one) for name, one in json.loads(file.read_text()).items()})

    def identity(self, client_id: str, subject: str = WANDB_SUBJECT) -> Credentials:
        """A pod of W&B's cluster that acts as a customer's identity, such as a team connector's.

        Args:
            client_id: The identity's.
            subject: Whose pod.
        """
        return Credentials("pod", client_id, "", issuer=self.cluster.issuer, subject=subject)


def make(address: str) -> Accounts:
    """Make everybody's identities and keys.

    Args:
        address: Where the local Azure serves, which the issuers lie below.
    """
    cluster, other = _cluster(f"{address}/oidc/wandb/"), _cluster(f"{address}/oidc/other/")
    return Accounts(
        _application("deployer"), _application("storage-admin"), _managed("wandb-console", cluster), _managed("wandb-other", other), _application("stranger"), cluster, other
    )  # fmt: skip


def _cluster(issuer: str) -> Cluster:
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Cluster(issuer, pem.decode())


def _ids(name: str) -> tuple[str, str]:
    """Client and object id: the same on every local Azure, so that what is named after them can be written down."""
    client, object = (str(uuid.uuid5(uuid.UUID(TENANT), f"{name}/{kind}")) for kind in ("client", "object"))
    return client, object


def _application(name: str) -> Credentials:
    return Credentials(name, *_ids(name), secrets.token_urlsafe(30))


def _managed(name: str, cluster: Cluster) -> Credentials:
    return Credentials(name, *_ids(name), issuer=cluster.issuer, subject=WANDB_SUBJECT)


def seed(accounts: Accounts, address: str) -> dict[str, Any]:
    """What the server must know of them; no secret.

    Args:
        accounts: Everybody.
        address: Where the local Azure serves.
    """
    people = [one for one in (getattr(accounts, f.name) for f in fields(accounts)) if isinstance(one, Credentials)]
    return {
        "tenant": TENANT,
        "subscription": SUBSCRIPTION,
        "principals": [
            {
                "name": one.name, "object_id": one.object_id, "client_id": one.client_id,
                "secret": hashlib.sha256(one.secret.encode()).hexdigest() if one.secret else "",
                "trusts": [{"issuer": one.issuer, "subject": one.subject, "audiences": [AUDIENCE]}] if one.issuer else [],
            }
            for one in people
        ],
        "roles": [[getattr(accounts, name).object_id, role] for name, roles in _ROLES.items() for role in roles],
        "issuers": {one.issuer: _public(one) for one in (accounts.cluster, accounts.other_cluster)},
    }  # fmt: skip


def _public(cluster: Cluster) -> str:
    private = serialization.load_pem_private_key(cluster.private_key.encode(), None)
    pem = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def credential(cloud: AzureCloud, who: Credentials) -> Any:
    """Microsoft's own credential for somebody.

    Args:
        cloud: The local Azure.
        who: Who signs in.
    """
    from azure.identity import ClientAssertionCredential, ClientSecretCredential

    more: dict[str, Any] = {"authority": cloud.arm, "disable_instance_discovery": True, "connection_verify": str(cloud.ca_bundle)}  # fmt: skip
    if who.secret:
        return ClientSecretCredential(TENANT, who.client_id, who.secret, **more)
    own = next(one for one in (cloud.accounts.cluster, cloud.accounts.other_cluster) if one.issuer == who.issuer)
    return ClientAssertionCredential(TENANT, who.client_id, lambda: own.token(who.subject), **more)


def blob_service(cloud: AzureCloud, account: str, credential: Any) -> Any:
    """Microsoft's own blob client.

    Args:
        cloud: The local Azure.
        account: The storage account.
        credential: An account key, or what `credential` makes; None for nobody.
    """
    from azure.storage.blob import BlobServiceClient

    key = {"account_name": account, "account_key": credential} if isinstance(credential, str) else credential
    return BlobServiceClient(f"{cloud.blob}/{account}", credential=key, connection_verify=str(cloud.ca_bundle))


def provider_config(cloud: AzureCloud, who: Credentials, location: str = LOCATION) -> dict[str, Any]:
    """The `azure-native:` configuration of a stack that runs on the local Azure; `clientSecret` is a secret.

    Args:
        cloud: The local Azure.
        who: Who runs Pulumi.
        location: The default location of resource groups.
    """
    return {
        "metadataHost": cloud.arm.removeprefix("https://"),
        "disableInstanceDiscovery": True,
        "tenantId": TENANT,
        "subscriptionId": SUBSCRIPTION,
        "clientId": who.client_id,
        "clientSecret": who.secret,
        "location": location,
    }


def environment(cloud: AzureCloud) -> Mapping[str, str]:
    """What the engine's environment needs besides: the provider has no setting for an authority, but honours OpenSSL's variable.

    Args:
        cloud: The local Azure.
    """
    return {"SSL_CERT_FILE": str(cloud.ca_bundle)}
