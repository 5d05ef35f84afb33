"""The stage of a verification on Azure: the actors with their clients, the folder that is ours, and ways to act."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from azure.core.exceptions import HttpResponseError

from byob_components.verify import stage
from byob_components.verify.azure.actor import STORAGE_SCOPE, Actor
from byob_components.verify.azure.arm import NO_ACCOUNT, ArmError
from byob_components.verify.azure.sas import VERSION, Signer, encode_name
from byob_components.verify.azure.store import AzureCast, AzureIdentity, AzureStore
from byob_components.verify.folder import FOLDER
from byob_components.verify.masking import Mask
from byob_components.verify.result import UndecidedError
from byob_components.verify.stage import URL_SECONDS, USER, Planted
from byob_components.verify.web import Answer
from byob_components.wandb.access import AzureMode
from byob_components.wandb.transfer import AZURE_BLOB_TYPE, AZURE_UPLOAD_HEADERS

__all__ = ["FOLDER", "Actor", "Planted", "Stage"]

_SKEW = datetime.timedelta(minutes=5)
"""How long before its making a signature begins, for clocks that differ (Microsoft, best practices for SAS)."""
CORRELATION = str(uuid.uuid5(uuid.NAMESPACE_DNS, USER))
"""W&B puts such an id of the user into URLs that are signed with a user delegation key."""
_PERMISSIONS = {"GET": "r", "HEAD": "r", "PUT": "cw", "DELETE": "d", "LIST": "l"}


class Stage(stage.Stage[AzureStore, Actor]):
    """Everything that checks act with.

    Args:
        store: What is verified.
        cast: Who acts.
        run: The run's id, the name of its folder.
        mask: Hides secrets.
        browser: The path of a Chromium; none means no browser.
    """

    VERSION_HEADER = "x-ms-version-id"
    CANNOT = (UndecidedError, ArmError, HttpResponseError)
    UPLOAD_HEADERS = AZURE_UPLOAD_HEADERS

    def __init__(self, store: AzureStore, cast: AzureCast, run: str, mask: Mask, browser: str | None = None) -> None:
        super().__init__(store, run, mask, browser)
        self.mask = mask
        # Which containers the clean-up looks into: another one only when W&B could write there, which it must not.
        self.containers = [store.container]
        self._wandb = self._actor(cast.wandb, store.mode) if cast.wandb else None
        self._owner = self._actor(cast.owner, None if cast.wandb else store.mode) if cast.owner else None
        self.outsiders = tuple(self._actor(outsider, None) for outsider in cast.outsiders)

    def _actor(self, identity: AzureIdentity, mode: AzureMode | None) -> Actor:
        actor = Actor(self.store, identity, self.web, self.mask, mode, lambda: self.resource_id)
        self._stack.callback(actor.close)
        return actor

    @cached_property
    def resource_id(self) -> str:
        """The account's id, given or looked up by whoever may: W&B's roles do not show it a subscription.

        Raises:
            UndecidedError: It was not given, and cannot be looked up.
        """
        store, seen = self.store, list[str]()
        if store.resource_id:
            return store.resource_id
        if not store.subscription_id:
            raise UndecidedError(NO_ACCOUNT)
        for actor in reversed(self.insiders()):
            try:
                found = actor.arm.find(store.subscription_id, store.account)
            except ArmError as problem:
                seen.append(f"{actor.name}: {problem.status_code} {problem.error_code}")
            except UndecidedError as problem:
                seen.append(problem.because)
            else:
                if found:
                    return found
                seen.append(f"{actor.name} sees no account {store.account} in the subscription")
        raise UndecidedError(f"the account's id could not be looked up ({'; '.join(seen)})")

    @property
    def endpoint(self) -> str:
        """The account's address."""
        return self.store.url

    def url(self, key: str = "", endpoint: str = "") -> str:
        """The address of a blob, or of the container.

        Args:
            key: The blob's name.
            endpoint: The account's address; default the store's own.
        """
        place = f"{(endpoint or self.endpoint).rstrip('/')}/{self.store.container}"
        return f"{place}/{encode_name(key)}" if key else place

    def upload_headers(self, body: bytes) -> dict[str, str]:
        """The headers of an upload: on Azure it must also say what kind of blob it is.

        Args:
            body: What is uploaded.
        """
        return {**super().upload_headers(body), **dict([AZURE_BLOB_TYPE])}

    # -------------------------------------------------------------------------------------- requests
    def sign(
        self,
        actor: Actor,
        method: str,
        key: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        expires: int = URL_SECONDS,
        age: int = 0,
        endpoint: str = "",
        signer: Signer | None = None,
        protocol: str = "",
    ) -> str:
        """A signed URL as W&B's server makes it: for one blob, and for no more than the method needs.

        Args:
            actor: Whose signature.
            method: For which request; `LIST` for the container's listing.
            key: Of which blob; empty for the container.
            query: Further parameters; Azure signs none of them.
            headers: Azure signs none of them either.
            expires: Seconds until it expires.
            age: Seconds since it was signed.
            endpoint: The account's address; default the store's own.
            signer: Signs; default as the actor does.
            protocol: `https`, or `https,http`; default what the endpoint needs.
        """
        by, place = signer or actor.signer, self.url(key, endpoint)
        then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age)
        signature = by.sign(
            self.store.container,
            key,
            permissions=_PERMISSIONS[method],
            start=then - _SKEW,
            expiry=then + datetime.timedelta(seconds=expires),
            protocol=protocol or ("https" if place.startswith("https:") else "https,http"),
            correlation="" if isinstance(by.key, str) else CORRELATION,
        )
        more = "".join(f"&{name}={encode_name(value)}" for name, value in (query or {}).items())
        return f"{place}?{signature}{more}"

    def attempt(self, actor: Actor, method: str, key: str, **more: Any) -> Answer:
        """Make a request as somebody comes to Azure who is not W&B: with a token, or with an URL that they sign.

        Args:
            actor: Who.
            method: The request's method; `LIST` for the container's listing.
            key: Of which blob; empty for the container.
            more: `query`, `headers` and `body`.
        """
        query, headers = {**more.get("query", {})}, {**more.get("headers", {})}
        if method == "LIST":
            query |= {"restype": "container", "comp": "list", "prefix": self.prefix}
        verb, body = "GET" if method == "LIST" else method, more.get("body")
        if not actor.has_token:
            return self.web.send(verb, self.sign(actor, method, key, query=query), headers, body)
        asked = "&".join(f"{name}={encode_name(value)}" for name, value in query.items())
        return self.as_token(actor, verb, f"{self.url(key)}?{asked}" if asked else self.url(key), headers, body)

    def as_token(self, actor: Actor, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Make a request with somebody's token.

        Args:
            actor: Whose.
            method: The request's method.
            url: Without a signature.
            headers: Beside those of every such request.
            body: What is sent.

        Raises:
            UndecidedError: They hold a key in the place of a token.
        """
        if not actor.has_token:
            raise UndecidedError(f"{actor.name} holds a key, which opens the whole account")
        token = {"Authorization": f"Bearer {actor.token(STORAGE_SCOPE)}", "x-ms-version": VERSION}
        return self.web.send(method, url, {**headers, **token}, body)
