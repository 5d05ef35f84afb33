"""Who acts in `byob verify`: W&B, the owner and outsiders, from the environment, the addresses and `--as`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from byob_components.declared import Target
from byob_components.declared.s3 import sts_endpoint
from byob_components.errors import ByobError, Fault
from byob_components.verify import AzureIdentity, Cast, GcsIdentity, Identity
from byob_components.verify.login import WAYS, families, refused, split
from byob_components.wandb.address import StorageAddress
from byob_components.wandb.deployment import Cloud

ROLES = {"wandb": "W&B's stand-in", "owner": "the owner", "outsider": "an outsider"}
"""What `--as` takes, and what a report calls them."""
_CLIENTS = {"boto3", "botocore", "google", "azure", "httpx", "requests"}
_EXTRAS = {"s3": "verify-aws", "gcs": "verify-gcp", "azure": "verify-azure"}
_KEYLESS = (Cloud.S3_COMPATIBLE, Cloud.COREWEAVE)
"""Servers that know nothing of the keys in this machine's environment, which are another provider's."""


class MissingExtraError(Exception):
    """A cloud's clients are not installed; the message has the line that installs them."""


@dataclass(frozen=True)
class As:
    """One `--as`.

    Args:
        role: `wandb`, `owner` or `outsider`.
        way: How they sign in.
    """

    role: str
    way: str


def parse_as(text: str) -> As:
    """An `--as`.

    Args:
        text: For example `wandb=profile:stand-in`.

    Raises:
        ByobError: It is none.
    """
    role, _, way = text.partition("=")
    if role not in ROLES:
        raise _fault(text, "does not say who", f"{', '.join(ROLES)}, then = and how they sign in")
    if not families(way):
        known = "; ".join(told for ways in WAYS.values() for told in ways.values())
        raise _fault(text, "does not say how to sign in", known)
    return As(role, way)


def _fault(text: str, what: str, allowed: str, fix: str = "write for example --as wandb=profile:stand-in") -> ByobError:
    return ByobError([Fault("BYOB-CLI-006", "--as", what, text, allowed, fix)], "byob verify")


def load(target: Target) -> Any:
    """The module by which somebody signs in to a target's cloud.

    Args:
        target: Whose cloud.

    Raises:
        MissingExtraError: Its clients are not installed.
    """
    try:
        importlib.import_module(f"byob_components.verify.{target.family}.run")
        return importlib.import_module(f"byob_components.verify.{target.family}.login")
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _CLIENTS:
            raise
        install = f"pip install 'byob-components[{_EXTRAS[target.family]}]'"
        raise MissingExtraError(
            f"{target.title}: {missing.name} is needed, which is not installed: {install}"
        ) from None


@dataclass
class Casting:
    """Makes the casts; somebody who acts in several stores signs in once.

    Args:
        given: Every `--as`.
        note: Tells what should be known, on the way.
    """

    given: Sequence[As]
    note: Callable[[str], None]
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def check(self, targets: Sequence[Target]) -> None:
        """See that each `--as` fits a store.

        Args:
            targets: Every store.

        Raises:
            ByobError: One fits none.
        """
        for one in self.given:
            if not any(_fits(one, target) for target in targets):
                clouds = ", ".join(dict.fromkeys(str(target.cloud) for target in targets))
                raise _fault(
                    f"{one.role}={one.way}", "fits no store", f"a way to sign in on {clouds}", "see docs/verify.md"
                )

    def cast(self, target: Target) -> tuple[Target, Cast[Any]]:
        """Who acts in a store, and the store with what only they could tell.

        Args:
            target: The store.

        Raises:
            ByobError: Nobody can act, or somebody cannot sign in.
        """
        mine = [one for one in self.given if _fits(one, target)]
        wandb = self._given(target, mine, "wandb") or _by_address(target)
        owner = self._given(target, mine, "owner") or self._environment(target, alone=wandb is None)
        outsiders = tuple(
            self._sign_in(target, f"{ROLES['outsider']}" if i == 0 else f"outsider {i + 1}", one.way)
            for i, one in enumerate(one for one in mine if one.role == "outsider")
        )
        if wandb is None and owner is None:
            raise _nobody(target)
        account = self._known.get(("account", getattr(owner, "login", "")), "")
        if account and target.cloud is Cloud.AWS and not getattr(target.store, "account_id", ""):
            target = replace(target, store=replace(target.store, account_id=account))
        return target, Cast(wandb, owner, outsiders)

    def _given(self, target: Target, mine: Sequence[As], role: str) -> Any:
        ways = [one.way for one in mine if one.role == role]
        if len(ways) > 1:
            raise _fault(
                role, "is given twice for one store", f"one {role}", "give --store as well, and run it for each"
            )
        return self._sign_in(target, ROLES[role], ways[0]) if ways else None

    def _environment(self, target: Target, *, alone: bool) -> Any:
        if target.cloud in _KEYLESS:
            return None
        try:
            return self._sign_in(target, ROLES["owner"], "")
        except ByobError as problem:
            if alone:
                raise
            self.note(f"{target.name}: without the owner's identity: {problem.faults[0].what}")
            return None

    def _sign_in(self, target: Target, role: str, way: str) -> Any:
        if split(way)[0] == "provider":
            return _by_provider(target, role)
        sts = sts_endpoint(target.provider) if target.family == "s3" else ""
        region = getattr(target.store, "region", "") if target.family == "s3" else ""
        key = (role, way, target.family, target.cloud, target.store.ca_bundle, region, sts)
        if key not in self._known:
            sign_in = load(target).sign_in
            if target.family == "s3":
                login = sign_in(role, way, target.store, sts)
                self._known[key] = login.identity
                self._known["account", login.identity.login] = login.account
            else:
                self._known[key] = sign_in(role, way, target.store)
        return self._known[key]


def _fits(one: As, target: Target) -> bool:
    own = split(one.way)[0] != "provider" or target.cloud in _KEYLESS
    return target.family in families(one.way) and own


def _by_address(target: Target) -> Any:
    """W&B itself, where its keys are in the address."""
    found: StorageAddress | None = target.address
    if found is None:
        return None
    name = f"W&B by the keys in the address of {target.name}"
    if target.family == "s3":
        return Identity(name, found.access_key, found.secret_key)
    if target.family == "azure":
        return AzureIdentity(name, account_key=found.secret_key, account=found.account)
    file: Mapping[str, str] = {
        "client_email": found.access_key,
        "private_key": found.secret_key,
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return GcsIdentity(name, found.access_key, file)


def _by_provider(target: Target, role: str) -> Identity:
    access, secret = (target.provider.get(name) for name in ("accessKey", "secretKey"))
    token = target.provider.get("token")
    if not isinstance(access, str) or not isinstance(secret, str):
        why = "the state shows no static keys of the store's provider"
        raise refused(
            role, why, "name the stack with --stack, so that its secrets can be read, or give --as owner=profile:NAME"
        )
    name = f"{role} (the keys of the stack's provider)"
    return Identity(name, access, secret, token if isinstance(token, str) else "")


def _nobody(target: Target) -> ByobError:
    fix = "give --as owner=provider (the keys by which Pulumi makes the bucket) or --as owner=profile:NAME"
    what = f"{target.title}: there is nobody to act: the address holds no keys that can be read, and keys of this environment are another provider's"
    return ByobError([Fault("BYOB-CLI-006", "--as", what, None, "somebody", fix)], "byob verify")
