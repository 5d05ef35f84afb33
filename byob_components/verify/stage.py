"""What the stages of all clouds have in common: who acts, the folder that is ours, objects to try things with, the browser."""

from __future__ import annotations

import base64
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from byob_components.verify.browser import Browser
from byob_components.verify.certificate import pin
from byob_components.verify.folder import FOLDER
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.web import Answer, Web
from byob_components.wandb.transfer import UPLOAD_HEADERS

URL_SECONDS = 300
USER = "byob-verify"
"""Whom signed URLs name in W&B's extra query parameter."""
STAND_IN = "the owner acted in W&B's place: this shows that the store works, not that W&B's grant does"


class Declared(Protocol):
    """A store as it was declared, in what every cloud's has."""

    @property
    def path(self) -> str: ...
    @property
    def ca_bundle(self) -> str: ...
    @property
    def cors_origins(self) -> Sequence[str]: ...
    @property
    def restricted(self) -> bool: ...


class Acting(Protocol):
    """Somebody who acts."""

    name: str


@dataclass(frozen=True)
class Planted:
    """An object that a check put there to have something to read.

    Args:
        key: Its key.
        body: Its bytes.
        version: Its version id or generation; empty where the bucket keeps none.
    """

    key: str
    body: bytes
    version: str


S = TypeVar("S", bound=Declared)
A = TypeVar("A", bound=Acting)


class Stage(ABC, Generic[S, A]):
    """Everything that checks act with.

    Args:
        store: What is verified.
        run: The run's id, the name of its folder.
        mask: Hides secrets.
        browser: The path of a Chromium; none means no browser.
    """

    VERSION_HEADER: ClassVar[str] = ""
    """The header by which the store names an object's version."""
    CANNOT: ClassVar[tuple[type[Exception], ...]] = (UndecidedError,)
    """What is raised for an actor who cannot make a request at all."""
    UPLOAD_HEADERS: ClassVar[tuple[str, ...]] = UPLOAD_HEADERS
    """The headers that a page must be allowed to send."""

    def __init__(self, store: S, run: str, mask: Mask, browser: str | None = None) -> None:
        self.store, self.run, self._program = store, run, browser
        self._stack = ExitStack()
        self.web = self._stack.enter_context(Web(store.ca_bundle, mask))
        self._wandb: A | None = None
        self._owner: A | None = None
        self.outsiders: tuple[A, ...] = ()
        self.read_only = False
        """Whether only settings are read: then it does not matter to the result who reads them."""
        self.prefix = f"{store.path}/{FOLDER}/{run}/" if store.path else f"{FOLDER}/{run}/"
        self.presigned: dict[str, bytes] = {}
        """What W&B's presigned uploads have put there: key and bytes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # ------------------------------------------------------------------------------------------ who
    def wandb(self, record: Record) -> A:
        """Act as W&B; as the owner, with a warning, when no identity of W&B was given.

        Args:
            record: Of the check, which notes it.
        """
        if self._wandb is not None:
            record.acted(self._wandb.name)
            return self._wandb
        owner = self.owner(record)
        if not self.read_only and STAND_IN not in record.evidence:
            record.warn(STAND_IN, "give an identity that holds W&B's grant")
        return owner

    def owner(self, record: Record) -> A:
        """Act as the owner.

        Args:
            record: Of the check, which notes it.

        Raises:
            UndecidedError: No owner was given.
        """
        if self._owner is None:
            raise UndecidedError("no identity of the owner was given, and W&B may not do this")
        record.acted(self._owner.name)
        return self._owner

    @property
    def has_owner(self) -> bool:
        """Whether the owner was given."""
        return self._owner is not None

    def insiders(self) -> tuple[A, ...]:
        """W&B and the owner, as far as they were given."""
        return tuple(actor for actor in (self._wandb, self._owner) if actor is not None)

    # -------------------------------------------------------------------------------------- requests
    def upload_headers(self, body: bytes) -> dict[str, str]:
        """The headers of W&B's uploads to this store.

        Args:
            body: What is uploaded.
        """
        return upload_headers(body)

    @abstractmethod
    def url(self, key: str = "", endpoint: str = "") -> str:
        """The address of an object, or of the bucket.

        Args:
            key: The object's key.
            endpoint: The server's address; default the store's own.
        """

    @abstractmethod
    def sign(
        self,
        actor: A,
        method: str,
        key: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        expires: int = URL_SECONDS,
        age: int = 0,
        endpoint: str = "",
    ) -> str:
        """A presigned URL as W&B's server makes it, with its extra query parameter.

        Args:
            actor: Whose signature.
            method: For which request.
            key: Of which object; empty for the bucket.
            query: Further parameters.
            headers: Headers that the request will have to carry.
            expires: Seconds until it expires.
            age: Seconds since it was signed.
            endpoint: The server's address; default the store's own.
        """

    def call(
        self,
        actor: A,
        method: str,
        key: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
        body: bytes | None = None,
        endpoint: str = "",
    ) -> Answer:
        """Sign an URL and call it at once.

        Args:
            actor: Whose signature.
            method: The request's method.
            key: Of which object; empty for the bucket.
            query: Further parameters.
            headers: Headers that are signed.
            extra: Headers that are not, as a browser adds them.
            body: What is sent.
            endpoint: The server's address; default the store's own.
        """
        url = self.sign(actor, method, key, query=query, headers=headers, endpoint=endpoint)
        return self.web.send(method, url, {**(headers or {}), **(extra or {})}, body)

    def attempt(self, actor: A, method: str, key: str, **more: Any) -> Answer:
        """Make a request in the way that is natural for an actor; default by a presigned URL.

        Args:
            actor: Who.
            method: The request's method.
            key: Of which object.
            more: As for `call`.
        """
        return self.call(actor, method, key, **more)

    def plant(self, name: str, body: bytes = b"planted", prefix: str = "", first: A | None = None) -> Planted:
        """Put an object there, as W&B or else as the owner: whether W&B may is another check's question.

        Args:
            name: Its name in our folder.
            body: Its bytes.
            prefix: Another folder of ours.
            first: Who tries first; default W&B.

        Raises:
            UndecidedError: Neither may.
        """
        key, seen = (prefix or self.prefix) + name, []
        for actor in dict.fromkeys(who for who in (first, self._wandb, self._owner) if who is not None):
            try:
                answer = self.attempt(actor, "PUT", key, headers=self.upload_headers(body), body=body)
            except self.CANNOT as problem:
                seen.append(f"{actor.name}: {problem}")
                continue
            if answer.ok:
                return Planted(key, body, answer.headers.get(self.VERSION_HEADER, ""))
            seen.append(f"{actor.name}: {answer}")
        raise UndecidedError(f"no object could be put there to try it with ({'; '.join(seen)})")

    def reader(self, planted: Planted, record: Record | None = None) -> A:
        """Somebody who can read an object by a presigned URL: the positive side of every refusal, and good where it does
        not matter who.

        Args:
            planted: The object.
            record: Of the check, when the reader acts in it and is to be noted.

        Raises:
            UndecidedError: Neither W&B nor the owner can.
        """
        seen = []
        for actor in self.insiders():
            try:
                answer = self.call(actor, "GET", planted.key)
            except self.CANNOT as problem:
                seen.append(f"{actor.name}: {problem}")
                continue
            if answer.ok and answer.body == planted.body:
                if record is not None:
                    record.acted(actor.name)
                return actor
            seen.append(f"{actor.name}: {answer}")
        raise UndecidedError(f"nobody can read the object, so a refusal would show nothing ({'; '.join(seen)})")

    # --------------------------------------------------------------------------------------- browser
    @cached_property
    def browser(self) -> Browser:
        """The browser, started when it is first used. A private authority is trusted by the server's key alone.

        Raises:
            UndecidedError: None was given.
            BrowserError: It does not start.
        """
        if not self._program:
            raise UndecidedError("no browser was given; only its requests were played (V16, V17)")
        url, pins = self.url(), list[str]()
        if self.store.ca_bundle and url.startswith("https:"):
            pins.append(pin(url, self.store.ca_bundle))
        return self._stack.enter_context(Browser(self._program, pins))


def upload_headers(body: bytes) -> dict[str, str]:
    """The headers of W&B's uploads.

    Args:
        body: What is uploaded.
    """
    digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    return {"Content-Type": "application/octet-stream", "Content-MD5": digest}
