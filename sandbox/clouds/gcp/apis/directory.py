"""Who there is: projects, service accounts with their keys, and the access tokens they have got."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.clouds.gcp.apis.conditions import Subject
from sandbox.clouds.gcp.apis.policies import Policies
from sandbox.clouds.gcp.apis.web import ApiError, Request

TOKEN_SECONDS = 3600


def now() -> str:
    """This moment, as the APIs write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class Key:
    """A key of a service account; only the public half is kept, for those that users made."""

    id: str
    public: rsa.RSAPublicKey
    made: str
    private: rsa.RSAPrivateKey | None = None
    """Only of the key that Google itself would hold, which signBlob signs with."""


@dataclass
class ServiceAccount:
    """A service account."""

    email: str
    project: str
    unique_id: str
    display_name: str = ""
    description: str = ""
    disabled: bool = False
    keys: dict[str, Key] = field(default_factory=dict)
    own_key: Key | None = None

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"projects/{self.project}/serviceAccounts/{self.email}"


@dataclass(frozen=True)
class Project:
    """A project."""

    id: str
    number: str

    @property
    def name(self) -> str:
        """Its resource name, the end of each chain of permissions."""
        return f"projects/{self.id}"

    @property
    def storage_agent(self) -> str:
        """The account that Cloud Storage itself acts as, against keys."""
        return f"service-{self.number}@gs-project-accounts.iam.gserviceaccount.com"


@dataclass(frozen=True)
class Caller:
    """Who calls: a service account, or nobody (an empty email)."""

    email: str = ""

    def __str__(self) -> str:
        return self.email or "Anonymous caller"


class Directory:
    """Everybody, and what they may do."""

    def __init__(self) -> None:
        self.projects: dict[str, Project] = {}
        self.accounts: dict[str, ServiceAccount] = {}
        self.policies = Policies(self.exists)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._lock = threading.RLock()

    # -- who there is
    def add_project(self, id: str, number: str) -> None:
        """Make a project.

        Args:
            id: Its id.
            number: Its number.
        """
        self.projects[id] = Project(id, number)

    def project(self, id: str) -> Project:
        """A project by id or number.

        Raises:
            ApiError: There is none.
        """
        found = next((p for p in self.projects.values() if id in (p.id, p.number)), None)
        if found is None:
            raise ApiError(403, f"Permission denied on resource project {id}, or it may not exist.")
        return found

    def exists(self, email: str) -> bool:
        """Whether there is such a service account, Google's own agents included."""
        return email in self.accounts or any(email == p.storage_agent for p in self.projects.values())

    def add_account(self, project: str, email: str, display_name: str = "", description: str = "") -> ServiceAccount:
        """Make a service account.

        Args:
            project: Its project's id.
            email: Its address.
            display_name: For people.
            description: For people.
        """
        digits = str(int(hashlib.sha256(f"{email} {secrets.token_hex(4)}".encode()).hexdigest(), 16))[:20]
        made = ServiceAccount(email, project, f"1{digits}", display_name, description)
        self.accounts[email] = made
        return made

    def account(self, name: str) -> ServiceAccount:
        """A service account by address or unique id.

        Raises:
            ApiError: There is none.
        """
        found = self.accounts.get(name) or next((a for a in self.accounts.values() if a.unique_id == name), None)
        if found is None:
            raise ApiError(404, f"Unknown service account: {name}")
        return found

    def drop_account(self, account: ServiceAccount) -> None:
        """Delete a service account; its tokens end with it."""
        with self._lock:
            self.accounts.pop(account.email, None)
            self._tokens = {t: v for t, v in self._tokens.items() if v[0] != account.email}
        self.policies.forget(account.name)

    def own_key(self, account: ServiceAccount) -> Key:
        """The key that Google holds for the account; made when first needed.

        Args:
            account: Whose.
        """
        with self._lock:
            if account.own_key is None:
                private = rsa.generate_private_key(65537, 2048)
                account.own_key = Key(secrets.token_hex(20), private.public_key(), now(), private)
            return account.own_key

    def public_keys(self, email: str) -> list[rsa.RSAPublicKey]:
        """What a signature of the account may be checked with; nothing for an account that is not there, or disabled."""
        account = self.accounts.get(email)
        if account is None or account.disabled:
            return []
        own = [account.own_key] if account.own_key else []
        return [key.public for key in [*account.keys.values(), *own]]

    # -- tokens
    def token(self, email: str, seconds: int = TOKEN_SECONDS) -> str:
        """A new access token.

        Args:
            email: For whom.
            seconds: Its life.
        """
        made = "ya29.local." + secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[made] = (email, time.time() + seconds)
        return made

    def caller(self, request: Request) -> Caller:
        """Who sent a request.

        Raises:
            ApiError: There is a token, and it is not valid.
        """
        header = request.headers.get("authorization", "")
        if not header:
            return Caller()
        scheme, _, token = header.partition(" ")
        with self._lock:
            email, until = self._tokens.get(token.strip(), ("", 0.0))
        account = self.accounts.get(email)
        if scheme.lower() != "bearer" or until < time.time() or account is None or account.disabled:
            raise ApiError(
                401, "Request had invalid authentication credentials. Expected OAuth 2 access token.", "authError"
            )
        return Caller(email)

    # -- what they may do
    def identities(self, caller: Caller, project: Project | None = None) -> set[str]:
        """All members that somebody is.

        Args:
            caller: Who.
            project: Whose owners and viewers count as such.
        """
        if not caller.email:
            return {"allUsers"}
        found = {"allUsers", "allAuthenticatedUsers", f"serviceAccount:{caller.email}"}
        if project is not None:
            roles = self.policies.roles(project.name, found)
            found |= {
                f"{word}:{project.id}"
                for role, word in (("roles/owner", "projectOwner"), ("roles/viewer", "projectViewer"))
                if role in roles
            }
        return found

    def allows(
        self, caller: Caller, permission: str, project: Project, *chain: str, subject: Subject | None = None
    ) -> bool:
        """Whether somebody may do something.

        Args:
            caller: Who.
            permission: What.
            project: Where the resource lies.
            chain: The resource and what it lies in, below the project.
            subject: What conditions are about.
        """
        known = self.identities(caller, project)
        if chain and "publicAccessPrevention" in chain:  # marks a bucket that no public grant may open
            known -= {"allUsers", "allAuthenticatedUsers"}
        return self.policies.allows([*chain, project.name], known, permission, subject or Subject("", ""))

    def demand(self, caller: Caller, permission: str, project: Project, *chain: str) -> None:
        """Refuse unless somebody may do something, as the newer APIs do.

        Raises:
            ApiError: They may not.
        """
        if not caller.email:
            raise ApiError(401, "Request is missing required authentication credential. Expected OAuth 2 access token.")
        if not self.allows(caller, permission, project, *chain):
            what = chain[0] if chain else project.name
            raise ApiError(403, f"Permission '{permission}' denied on resource '{what}' (or it may not exist).")


def unpadded(data: str) -> bytes:
    """Base64url without its padding, as JSON web tokens have it."""
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def claims(part: str) -> dict[str, Any]:
    """One part of a JSON web token.

    Raises:
        ValueError: It is none.
    """
    found = json.loads(unpadded(part))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def public_pem(key: rsa.RSAPublicKey) -> bytes:
    """A public key in PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
