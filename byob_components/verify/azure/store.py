"""What is verified on Azure: the store as it was declared, and identities with a token or with an account key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from byob_components.errors import ByobError, Fault
from byob_components.verify.cast import Cast
from byob_components.verify.declaration import check_choice, check_endpoints, check_given, check_shared, fault
from byob_components.wandb.access import Access, AzureMode, AzureRoles, azure_roles
from byob_components.wandb.address import parse
from byob_components.wandb.deployment import Level
from byob_components.wandb.names import check_account_name

ARM = "https://management.azure.com"
"""Azure Resource Manager of the public cloud."""
_CONTAINER = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")
_RESOURCE = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Storage/storageAccounts/(?P<account>[a-z0-9]+)",
    re.IGNORECASE,
)
_KEY = re.compile(r"https://[^/]+/keys/[0-9A-Za-z-]+(/[0-9a-f]+)?")


class TokenCredential(Protocol):
    """A credential of `azure-identity`, or anything else that gets tokens for a scope."""

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """A token with its expiry.

        Args:
            scopes: For which service, for example `https://storage.azure.com/.default`.
            options: As `azure-core` passes them.
        """
        ...


@dataclass(frozen=True)
class AzureIdentity:
    """Somebody with tokens, or with an account key.

    Args:
        name: What the report calls them, for example `W&B's connector`.
        credential: Gets their tokens; any credential of `azure-identity`.
        client_id: What tells a credential from others: the client id or object id of the identity.
        account_key: The key of an account, in the place of a credential.
        account: Whose key it is, where it is not of the account that is verified: another team's account, whose key must
            open nothing here.

    Raises:
        ByobError: It has neither, or both, or a key that is none.
    """

    name: str
    credential: TokenCredential | None = field(default=None, repr=False)
    client_id: str = ""
    account_key: str = field(default="", repr=False)
    account: str = ""

    def __post_init__(self) -> None:
        if (self.credential is None) == (not self.account_key):
            wrong, fix = "holds neither a credential nor a key, or both", "give either credential or account_key"
        elif self.account_key and not _is_key(self.account_key):
            wrong, fix = "holds what is not an account's key", "give the key as Azure shows it, in Base64"
        else:
            return
        found = Fault("BYOB-VERIFY-010", "identity", wrong, self.name, "one way to sign in", fix)
        raise ByobError([found], "verification")

    @property
    def login(self) -> str:
        """What tells it from others: the client id, or a digest of the key."""
        if self.credential is None:
            return f"key {hashlib.sha256(self.account_key.encode()).hexdigest()}"
        return self.client_id or f"credential {id(self.credential)}"


@dataclass(frozen=True)
class AzureStore:
    """A store on Azure, as it was declared: what the verification expects to find.

    Args:
        account: The storage account's name.
        container: The container's name.
        region: Where the account was put, for example `westeurope`.
        mode: How W&B comes to its rights and signs: `team_connector` (an identity that lists the account's key, and signs
            with it), `keyless` (one that signs with a user delegation key), or `access_key`.
        path: The sub-path that W&B uses, without slashes at the ends; empty or `/` for the container's root.
        resource_id: The account's, `/subscriptions/…/storageAccounts/…`.
        subscription_id: The subscription that the account is looked up in, in the place of `resource_id`. Without either no
            setting can be read that only Azure Resource Manager shows, and the checks of those are skipped.
        endpoint: The account's address; empty for `https://<account>.blob.core.windows.net`. It may hold the account in
            its path, as local servers have it.
        plain_endpoint: The same over plain HTTP, where it is not at the same host's port 80.
        arm_endpoint: Azure Resource Manager; another one in sovereign clouds.
        ca_bundle: A file with the authorities to trust; empty for those this machine trusts.
        kms_key_id: The customer key, `https://<vault>/keys/<name>`; empty when Microsoft manages the key.
        access: Which set of rights W&B has.
        principals: Object ids of W&B's identities, whose roles are held against what was declared.
        other_container: Another container of the account, which W&B must not open under `minimal`.
        cors_origins: Whose pages may call; `*` for everybody's.
        versioning: Whether previous versions are kept.
        soft_delete_days: Days in which a deleted blob can be had back; 0 when nothing was declared.
        container_soft_delete_days: The same of a deleted container.
        noncurrent_days: Days after which previous versions are removed; 0 when nothing was declared.
        tls_only: Whether plain HTTP must be refused.

    Raises:
        ByobError: With everything that is wrong.
    """

    account: str
    container: str
    region: str
    mode: AzureMode
    path: str = ""
    resource_id: str = ""
    subscription_id: str = ""
    endpoint: str = ""
    plain_endpoint: str = ""
    arm_endpoint: str = ARM
    ca_bundle: str = ""
    kms_key_id: str = ""
    access: Access = Access.DOCUMENTED
    principals: Sequence[str] = ()
    other_container: str = ""
    cors_origins: Sequence[str] = ("*",)
    versioning: bool = True
    soft_delete_days: int = 0
    container_soft_delete_days: int = 0
    noncurrent_days: int = 0
    tls_only: bool = True

    def __post_init__(self) -> None:
        faults = [
            *check_choice("mode", self.mode, tuple(AzureMode)),
            *check_choice("access", self.access, tuple(Access)),
            *check_account_name(self.account, "account"),
            *check_given({"region": self.region}),
            *check_endpoints({"arm_endpoint": self.arm_endpoint}),
        ]
        for name in ("container", "other_container"):
            value = getattr(self, name)
            if (value or name == "container") and not _CONTAINER.fullmatch(value):
                allowed = "3 to 63 lower-case letters, digits and single hyphens"
                faults.append(fault(name, "is not the name of a container", value, allowed))
        if self.other_container == self.container:
            faults.append(fault("other_container", "is the container itself", self.other_container, "another one"))
        found = _RESOURCE.fullmatch(self.resource_id)
        if self.resource_id and (found is None or found["account"] != self.account):
            allowed = f"/subscriptions/…/storageAccounts/{self.account}"
            faults.append(fault("resource_id", "is not the account's", self.resource_id, allowed))
        for name, schemes in (("endpoint", ("https", "http")), ("plain_endpoint", ("http",))):
            value = getattr(self, name)
            if value and not _is_place(value, schemes):
                allowed = f"{schemes[0]}://host[:port], with the account behind it where the server wants it there"
                faults.append(fault(name, "is not an account's address", value, allowed))
        if self.kms_key_id and not _KEY.fullmatch(self.kms_key_id):
            faults.append(fault("kms_key_id", "is not a key's address", self.kms_key_id, "https://<vault>/keys/<name>"))
        days = ("soft_delete_days", "container_soft_delete_days", "noncurrent_days")
        faults += check_shared(
            self.path, self.cors_origins, self.ca_bundle, {name: getattr(self, name) for name in days}
        )
        if faults:
            raise ByobError(faults, "AzureStore")
        object.__setattr__(self, "path", self.path.strip("/"))
        object.__setattr__(self, "mode", AzureMode(self.mode))
        object.__setattr__(self, "access", Access(self.access))
        object.__setattr__(self, "principals", tuple(self.principals))
        object.__setattr__(self, "cors_origins", tuple(self.cors_origins))
        object.__setattr__(self, "region", plain_region(self.region))

    @classmethod
    def from_outputs(cls, outputs: Mapping[str, Any], path: str | None = None, **declared: Any) -> AzureStore:
        """The store of a stack's outputs, with what outputs do not say: what was asked of mode, CORS, access and days.

        Args:
            outputs: Those of one store: `bucketName`, `region`, `paths`, `kmsKeyId`, `principals`, `storageAddresses`, which
                name the account, as `pulumi stack output --json --show-secrets` gives them.
            path: Which of its paths; default the first.
            declared: Further fields; `mode` is needed.
        """
        return cls(
            account=parse(next(iter(outputs["storageAddresses"].values()))).account,
            container=outputs["bucketName"],
            region=outputs["region"],
            path=outputs["paths"][0] if path is None else path,
            kms_key_id=outputs["kmsKeyId"],
            principals=tuple(outputs["principals"]),
            **declared,
        )

    @property
    def restricted(self) -> bool:
        """Whether only some pages may call."""
        return "*" not in self.cors_origins

    @property
    def url(self) -> str:
        """The account's address, without a slash at the end."""
        return self.endpoint.rstrip("/") or f"https://{self.account}.blob.core.windows.net"

    @property
    def roles(self) -> AzureRoles:
        """What W&B's identity has in this mode, and whether the account's keys must open it (W&B's pages)."""
        return azure_roles(Level.TEAM, self.access, self.mode)

    def subject(self) -> dict[str, Any]:
        """What a report says about it; nothing of it is secret."""
        return {
            "account": self.account,
            "container": self.container,
            "region": self.region,
            "path": self.path or "/",
            "cloud": "azure",
            "mode": str(self.mode),
            "endpoint": self.endpoint,
            "key": self.kms_key_id,
            "access": str(self.access),
            "origins": list(self.cors_origins),
        }


AzureCast = Cast[AzureIdentity]


def plain_region(text: str) -> str:
    """A region's name as Azure compares it: `West Europe` and `westeurope` are one.

    Args:
        text: Either form.
    """
    return text.replace(" ", "").lower()


def _is_key(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False


def _is_place(value: str, schemes: Sequence[str]) -> bool:
    parts = urlsplit(value)
    whole = parts.scheme in schemes and bool(parts.hostname)
    return whole and "/" not in parts.path.strip("/") and not parts.query and not parts.fragment
