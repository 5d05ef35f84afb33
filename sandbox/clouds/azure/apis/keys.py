"""Keys of a vault: their versions, whether they are enabled, and how they rotate. Nothing is really encrypted with them."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.clouds.azure.apis.tokens import jwk
from sandbox.clouds.azure.apis.web import refused

_ALL = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"]
_SIZES = (2048, 3072, 4096)


@dataclass
class Version:
    """One version of a key."""

    id: str
    size: int
    enabled: bool = True
    created: int = field(default_factory=lambda: int(time.time()))
    updated: int = field(default_factory=lambda: int(time.time()))
    expires: int | None = None

    @cached_property
    def public(self) -> rsa.RSAPublicKey:
        """Its public half, made when somebody asks: making one takes long, and mostly nobody does."""
        return rsa.generate_private_key(65537, self.size).public_key()


@dataclass
class Key:
    """A key with all its versions, the newest last."""

    name: str
    kty: str
    operations: list[str]
    tags: dict[str, str]
    recovery: str
    versions: list[Version]
    policy: dict[str, Any] | None = None
    deleted: int = 0
    days: int = 90

    @classmethod
    def made(cls, name: str, said: dict[str, Any], tags: dict[str, str], vault: dict[str, Any]) -> Key:
        """A new key.

        Args:
            name: Its name.
            said: As Resource Manager's properties have it.
            tags: Its tags.
            vault: The vault's properties.
        """
        kind, size = said.get("kty"), said.get("keySize") or 2048
        if kind not in ("RSA", "RSA-HSM") or size not in _SIZES:
            raise refused("BadRequest", f"The key type '{kind}' of {size} bits is not carried out: RSA or RSA-HSM of 2048, 3072 or 4096 bits.")  # fmt: skip
        if kind == "RSA-HSM" and vault["sku"]["name"] != "premium":
            raise refused("BadRequest", "The vault's sku 'standard' does not allow keys in an HSM: use premium.")
        operations = said.get("keyOps") or _ALL
        if not set(operations) <= set(_ALL):
            raise refused("BadRequest", f"The key operations {operations} are not known.")
        attributes = said.get("attributes") or {}
        policy = said.get("rotationPolicy")
        check_policy(policy)
        first = Version(secrets.token_hex(16), size, bool(attributes.get("enabled", True)), expires=attributes.get("exp") or attributes.get("expires"))  # fmt: skip
        recovery = "Recoverable" if vault.get("enablePurgeProtection") else "Recoverable+Purgeable"
        return cls(name, kind, list(operations), dict(tags), recovery, [first], policy, days=vault["softDeleteRetentionInDays"])  # fmt: skip

    @property
    def newest(self) -> Version:
        """The version that is used where none is named."""
        return self.versions[-1]

    def version(self, id: str) -> Version | None:
        """A version; the newest for an empty id."""
        return self.newest if not id else next((one for one in self.versions if one.id == id), None)

    def rotate(self) -> Version:
        """Make a new version."""
        self.versions.append(Version(secrets.token_hex(16), self.newest.size))
        return self.newest

    def attributes(self, one: Version) -> dict[str, Any]:
        """The attributes of a version."""
        found: dict[str, Any] = {"enabled": one.enabled, "created": one.created, "updated": one.updated, "recoveryLevel": self.recovery}  # fmt: skip
        return {**found, **({"exp": one.expires} if one.expires else {})}

    def described(self, address: str) -> dict[str, Any]:
        """As Resource Manager shows it.

        Args:
            address: The vault's.
        """
        one = self.newest
        uri = f"{address}keys/{self.name}"
        found = {"kty": self.kty, "keyOps": self.operations, "keySize": one.size, "attributes": {**self.attributes(one), "exportable": False}, "keyUri": uri, "keyUriWithVersion": f"{uri}/{one.id}"}  # fmt: skip
        return {**found, **({"rotationPolicy": self.policy} if self.policy else {})}

    def bundle(self, address: str, one: Version) -> dict[str, Any]:
        """A version as the vault's own API shows it.

        Args:
            address: The vault's.
            one: Which version.
        """
        public = {k: v for k, v in jwk(one.public, "").items() if k in ("n", "e")}
        kid = f"{address}keys/{self.name}/{one.id}"
        return {"key": {"kid": kid, "kty": self.kty, "key_ops": self.operations, **public}, "attributes": {**self.attributes(one), "recoverableDays": self.days}, "tags": self.tags}  # fmt: skip


class Keys:
    """The keys of a vault, those that are deleted and recoverable apart; by name in lower case."""

    def __init__(self) -> None:
        self.live: dict[str, Key] = {}
        self.deleted: dict[str, Key] = {}


def check_policy(policy: dict[str, Any] | None) -> None:
    """Refuse a rotation policy that Azure refuses."""
    if not policy:
        return
    for one in policy.get("lifetimeActions") or []:
        trigger = one.get("trigger") or {}
        times = [trigger.get(k) for k in ("timeAfterCreate", "timeBeforeExpiry") if trigger.get(k)]
        if len(times) != 1 or not re.fullmatch(r"P(\d+[YMD])+", times[0]):
            raise refused("BadRequest", "A lifetime action needs exactly one trigger, an ISO 8601 duration of days, months or years.")  # fmt: skip
        if str((one.get("action") or {}).get("type", "")).lower() not in ("rotate", "notify"):
            raise refused("BadRequest", "A lifetime action is rotate or notify.")
        if trigger.get("timeBeforeExpiry") and not (policy.get("attributes") or {}).get("expiryTime"):
            raise refused("BadRequest", "A trigger before expiry needs an expiryTime.")
