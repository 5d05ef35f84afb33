"""Managed identities of users' own, and whom they trust."""

from __future__ import annotations

import re
import threading
import time

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.directory import Principal
from sandbox.clouds.azure.apis.ids import Where
from sandbox.clouds.azure.apis.kind import Body, Kind, place, properties
from sandbox.clouds.azure.apis.web import ArmError, refused

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
MOST = 20
_WRITE_SECONDS = 0.02
"""How long a write takes: long enough for a second one to meet it."""


class Identities(Kind):
    """User-assigned identities; each is a principal of the directory."""

    type = IDENTITIES
    tracked = True

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        if not re.fullmatch(r"[A-Za-z0-9][\w-]{2,127}", at.name):
            raise refused("InvalidResourceName", f"The Resource '{IDENTITIES}/{at.name}' has an invalid name: 3 to 128 letters, digits, hyphens and underscores.")  # fmt: skip
        where = place(body, old)
        if old is not None:
            return {**old, "tags": body.get("tags") or {}}
        made = self.arm.directory.add(at.name)
        said = {"tenantId": self.arm.directory.tenant, "principalId": made.object_id, "clientId": made.client_id}
        return {"location": where, "tags": body.get("tags") or {}, "properties": said}

    def removing(self, at: Where, held: Body) -> None:
        self.arm.directory.drop(held["properties"]["principalId"])


class Federations(Kind):
    """Federated identity credentials. Two writes to one identity at a time are refused, as Azure does."""

    type = f"{IDENTITIES}/federatedIdentityCredentials"
    serial = False

    def __init__(self, arm: Arm) -> None:
        super().__init__(arm)
        self._writing: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        with self._guard:
            lock = self._writing.setdefault(at.parent.lower(), threading.Lock())
        if not lock.acquire(blocking=False):
            raise ArmError(409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", "Too many Federated Identity Credentials are written concurrently for the managed identity. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.")  # fmt: skip
        try:
            time.sleep(_WRITE_SECONDS)
            return self._prepared(at, properties(body), old)
        finally:
            lock.release()

    def _prepared(self, at: Where, said: Body, old: Body | None) -> Body:
        if not re.fullmatch(r"[A-Za-z0-9][\w-]{2,119}", at.name):
            raise refused("BadRequest", f"The federated identity credential name '{at.name}' is not valid: 3 to 120 letters, digits, hyphens and underscores.")  # fmt: skip
        for name in ("issuer", "subject", "audiences"):
            if not said.get(name):
                raise refused("BadRequest", f"The property '{name}' is required and must not be empty.")
        if len(said["audiences"]) != 1:
            raise refused("BadRequest", "A federated identity credential must have exactly one audience.")
        if not str(said["issuer"]).startswith("https://"):
            raise refused("BadRequest", "The issuer must be an HTTPS address.")
        others = [held for found, held in self.arm.below(at.parent, self.type) if found.key != at.key]
        if old is None and len(others) >= MOST:
            raise refused("BadRequest", f"Too many Federated Identity Credentials: an identity has at most {MOST}.")
        pair = (said["issuer"], said["subject"])
        if any((held["properties"]["issuer"], held["properties"]["subject"]) == pair for held in others):
            raise ArmError(409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.")
        return {"properties": {name: said[name] for name in ("issuer", "subject", "audiences")}}

    def stored(self, at: Where, held: Body, new: bool) -> None:
        self._tell(at)

    def removing(self, at: Where, held: Body) -> None:
        self._tell(at, without=at.key)

    def _tell(self, at: Where, without: str = "") -> None:
        identity = self.arm.get(at.parent)
        person = self.arm.directory.principal(identity["properties"]["principalId"]) if identity else None
        if person is not None:
            trusts = [
                held["properties"] for found, held in self.arm.below(at.parent, self.type) if found.key != without
            ]
            person.trusts = list(trusts)
