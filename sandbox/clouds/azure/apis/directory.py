"""Entra: who there is, whom identities trust, and the access tokens that everybody gets."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.clouds.azure.apis import tokens
from sandbox.clouds.azure.apis.web import ArmError, Request

TOKEN_SECONDS = 3600
_KID = "byob-local-azure"


@dataclass
class Principal:
    """A service principal: of an application with a secret, or of a managed identity.

    Args:
        object_id: What role assignments name.
        client_id: What it signs in with.
        name: For people.
        secret: The SHA-256 of its client secret; empty when it has none.
        trusts: Its federated credentials: issuer, subject and audiences.
    """

    object_id: str
    client_id: str
    name: str = ""
    secret: str = ""
    trusts: list[Mapping[str, object]] = field(default_factory=list)


class Directory:
    """One tenant's principals.

    Args:
        tenant: Its id.
        issuers: The OIDC issuers of this world, and their public keys.
    """

    def __init__(self, tenant: str, issuers: Mapping[str, rsa.RSAPublicKey]) -> None:
        self.tenant, self.issuers = tenant, issuers
        self._key = rsa.generate_private_key(65537, 2048)
        self._by_object: dict[str, Principal] = {}
        self._lock = threading.RLock()

    def add(self, name: str, object_id: str = "", client_id: str = "", secret: str = "", trusts: Sequence[Mapping[str, object]] = ()) -> Principal:  # fmt: skip
        """Make a principal.

        Args:
            name: For people.
            object_id: Its id; a new one by default.
            client_id: Its application's id; a new one by default.
            secret: The SHA-256 of its secret.
            trusts: Its federated credentials.
        """
        made = Principal(object_id or str(uuid.uuid4()), client_id or str(uuid.uuid4()), name, secret, list(trusts))
        with self._lock:
            self._by_object[made.object_id] = made
        return made

    def drop(self, object_id: str) -> None:
        """Remove a principal; role assignments to it stay, and mean nobody."""
        with self._lock:
            self._by_object.pop(object_id, None)

    def principal(self, object_id: str) -> Principal | None:
        """A principal by object id."""
        return self._by_object.get(object_id.lower())

    def application(self, client_id: str) -> Principal | None:
        """A principal by client id."""
        with self._lock:
            return next((p for p in self._by_object.values() if p.client_id == client_id.lower()), None)

    def knows_secret(self, who: Principal, secret: str) -> bool:
        """Whether a client secret is the right one."""
        return bool(who.secret) and hmac.compare_digest(who.secret, hashlib.sha256(secret.encode()).hexdigest())

    def token(self, who: Principal, audience: str, issuer: str) -> str:
        """A new access token.

        Args:
            who: For whom.
            audience: Which API it is good for.
            issuer: This tenant's own address.
        """
        now = int(time.time())
        said = {
            "aud": audience, "iss": issuer, "iat": now, "nbf": now, "exp": now + TOKEN_SECONDS, "appid": who.client_id, "oid": who.object_id,
            "sub": who.object_id, "tid": self.tenant, "idtyp": "app", "ver": "1.0", "uti": uuid.uuid4().hex,
        }  # fmt: skip
        return tokens.sign(self._key, said, _KID)

    def keys(self) -> list[dict[str, str]]:
        """The public keys that tokens are checked with."""
        return [tokens.jwk(self._key.public_key(), _KID)]

    def bearer(self, request: Request, audiences: set[str]) -> Principal:
        """Who calls.

        Args:
            request: Must carry a token of this tenant.
            audiences: Which tokens count, without a slash at the end.

        Raises:
            ArmError: There is none, or not a good one.
        """
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise ArmError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        try:
            said = tokens.verified(token, self._key.public_key())
        except ValueError:
            raise ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.") from None
        if str(said["aud"]).rstrip("/") not in audiences:
            raise ArmError(401, "InvalidAuthenticationTokenAudience", f"The access token has been obtained for wrong audience or resource '{said['aud']}'.")  # fmt: skip
        found = self.principal(str(said["oid"]))
        if found is None:
            raise ArmError(401, "InvalidAuthenticationToken", "The access token is from a principal that is gone.")
        return found
