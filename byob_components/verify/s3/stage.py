"""The stage of a verification on S3: the actors with their clients, the folders that are ours, and ways to act."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, cached_property
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.session import Session as BotocoreSession

from byob_components.verify.browser import Browser
from byob_components.verify.certificate import pin
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.s3.sigv4 import Signer, encode_key
from byob_components.verify.s3.store import Identity, S3Cast, S3Store
from byob_components.verify.web import TIMEOUT_SECONDS, Answer, Web
from byob_components.wandb.transfer import USER_QUERY

FOLDER = ".wandb-byob-verify"
"""The folder, below the path, that holds everything a verification writes; one folder a run in it."""
_URL_SECONDS = 300
_USER = "byob-verify"
STAND_IN = "the owner acted in W&B's place: this shows that the store works, not that W&B's grant does"


@cache
def _session() -> Any:
    """The session of every client: it holds the descriptions of services, which take longest to load, and no keys.

    Keys are given to each client. So a profile that this machine's environment names is neither needed nor looked for.
    """
    return boto3.Session(botocore_session=BotocoreSession({"profile": (None, None, None, None)}))


class Actor:
    """Somebody who can sign, with clients made when they are first used.

    Args:
        stage: Where they act.
        identity: Their keys.
    """

    def __init__(self, stage: Stage, identity: Identity) -> None:
        self._stage, self.name = stage, identity.name
        self._identity = identity
        self.signer = Signer(stage.store.region, identity.access_key, identity.secret_key, identity.session_token)

    @cached_property
    def s3(self) -> Any:
        """A client of S3."""
        return self._stage.client("s3", self._identity, self._stage.store.endpoint)

    @cached_property
    def kms(self) -> Any:
        """A client of the place where the keys are."""
        return self._stage.client("kms", self._identity, self._stage.store.kms_endpoint or self._stage.store.endpoint)

    @cached_property
    def s3control(self) -> Any:
        """A client of the account's settings; AWS's own endpoint only."""
        return self._stage.client("s3control", self._identity, "")


@dataclass(frozen=True)
class Planted:
    """An object that a check put there to have something to read.

    Args:
        key: Its key.
        body: Its bytes.
        version: Its version id; empty where the bucket keeps none.
    """

    key: str
    body: bytes
    version: str


class Stage:
    """Everything that checks act with.

    Args:
        store: What is verified.
        cast: Who acts.
        run: The run's id, the name of its folder.
        mask: Hides secrets.
        browser: The path of a Chromium; none means no browser.
    """

    def __init__(self, store: S3Store, cast: S3Cast, run: str, mask: Mask, browser: str | None = None) -> None:
        self.store, self.run, self._program = store, run, browser
        self._stack = ExitStack()
        self.web = self._stack.enter_context(Web(store.ca_bundle, mask))
        self._wandb = Actor(self, cast.wandb) if cast.wandb else None
        self._owner = Actor(self, cast.owner) if cast.owner else None
        self.outsiders = tuple(Actor(self, outsider) for outsider in cast.outsiders)
        self.prefix = f"{store.path}/{FOLDER}/{run}/" if store.path else f"{FOLDER}/{run}/"
        # Where `minimal` must not let W&B: at the root, and in a folder whose name begins with the path.
        self.outside = (f"{FOLDER}/{run}/", f"{store.path}{FOLDER}/{run}/") if store.path else ()
        self.presigned: dict[str, bytes] = {}
        """What W&B's presigned uploads have put there: key and bytes."""

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # ------------------------------------------------------------------------------------------ who
    def wandb(self, record: Record) -> Actor:
        """Act as W&B; as the owner, with a warning, when no identity of W&B was given.

        Args:
            record: Of the check, which notes it.
        """
        if self._wandb is not None:
            record.acted(self._wandb.name)
            return self._wandb
        owner = self.owner(record)
        if STAND_IN not in record.evidence:
            record.warn(STAND_IN, "give an identity that holds W&B's grant")
        return owner

    def owner(self, record: Record) -> Actor:
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

    def insiders(self) -> tuple[Actor, ...]:
        """W&B and the owner, as far as they were given."""
        return tuple(actor for actor in (self._wandb, self._owner) if actor is not None)

    # ---------------------------------------------------------------------------------------- clients
    def client(self, service: str, identity: Identity, endpoint: str) -> Any:
        """A boto3 client, for nothing but what the store declares: not the endpoints of this machine's configuration.

        Args:
            service: For example `s3`.
            identity: Whose.
            endpoint: Empty for AWS's own.
        """
        style = "path" if self.store.path_in_url else "virtual"
        return _session().client(
            service,
            region_name=self.store.region,
            endpoint_url=endpoint or None,
            verify=self.store.ca_bundle or None,
            aws_access_key_id=identity.access_key,
            aws_secret_access_key=identity.secret_key,
            aws_session_token=identity.session_token or None,
            config=Config(
                s3={"addressing_style": style},
                signature_version="s3v4" if service == "s3" else None,
                retries={"total_max_attempts": 3, "mode": "standard"},
                connect_timeout=10,
                read_timeout=TIMEOUT_SECONDS,
                ignore_configured_endpoint_urls=True,
            ),
        )

    @cached_property
    def endpoint(self) -> str:
        """The server's address."""
        return self.store.endpoint or str(self.insiders()[0].s3.meta.endpoint_url)

    def url(self, key: str = "", endpoint: str = "") -> str:
        """The address of an object, or of the bucket.

        Args:
            key: The object's key.
            endpoint: The server's address; default the store's own.
        """
        parts = urlsplit(endpoint or self.endpoint)
        if self.store.path_in_url:
            return f"{parts.scheme}://{parts.netloc}/{self.store.bucket}" + (f"/{encode_key(key)}" if key else "")
        return f"{parts.scheme}://{self.store.bucket}.{parts.netloc}/{encode_key(key)}"

    # -------------------------------------------------------------------------------------- requests
    def sign(
        self,
        actor: Actor,
        method: str,
        key: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        expires: int = _URL_SECONDS,
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
        return actor.signer.presign(
            method,
            self.url(key, endpoint),
            query={**(query or {}), USER_QUERY: _USER},
            headers=headers,
            expires=expires,
            at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age),
        )

    def call(
        self,
        actor: Actor,
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

    def plant(self, name: str, body: bytes = b"planted", prefix: str = "", first: Actor | None = None) -> Planted:
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
        for actor in dict.fromkeys(filter(None, (first, self._wandb, self._owner))):
            answer = self.call(actor, "PUT", key, headers=upload_headers(body), body=body)
            if answer.ok:
                return Planted(key, body, answer.headers.get("x-amz-version-id", ""))
            seen.append(f"{actor.name}: {answer}")
        raise UndecidedError(f"no object could be put there to try it with ({'; '.join(seen)})")

    def reader(self, planted: Planted, record: Record | None = None) -> Actor:
        """Somebody who can read an object: the positive side of every refusal, and good where it does not matter who.

        Args:
            planted: The object.
            record: Of the check, when the reader acts in it and is to be noted.

        Raises:
            UndecidedError: Neither W&B nor the owner can.
        """
        seen = []
        for actor in self.insiders():
            answer = self.call(actor, "GET", planted.key)
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
