"""The stage of a verification on Google Cloud: the actors with their clients and signatures, and ways to act."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import requests
from google.api_core.exceptions import from_http_response
from google.auth.credentials import Signing
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY
from google.oauth2 import service_account

from byob_components.verify import stage
from byob_components.verify.gcs.meaning import SigningError
from byob_components.verify.gcs.sigv4 import Signer, encode_key
from byob_components.verify.gcs.store import CREDENTIALS, KMS, STORAGE, GcsCast, GcsIdentity, GcsStore
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.stage import URL_SECONDS, USER, Planted, upload_headers
from byob_components.verify.web import TIMEOUT_SECONDS, Answer, ServerError
from byob_components.wandb.transfer import USER_QUERY

__all__ = ["RETRY", "Actor", "Planted", "Stage", "upload_headers"]

RETRY = DEFAULT_RETRY.with_timeout(3.0).with_delay(initial=0.5, maximum=2.0)
"""Google's own rules of what is worth another try, for as long as a person waits."""
_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


class _Trusting:
    """A session that trusts what it was told to: requests would prefer an authority that the environment names."""

    verify: Any

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """See requests."""
        told = self.verify if verify is None else verify
        return super().merge_environment_settings(url, proxies, stream, told, cert)  # type: ignore[misc]


class _Plain(_Trusting, requests.Session):
    """Asks for tokens."""


class _Authorized(_Trusting, AuthorizedSession):  # type: ignore[misc, unused-ignore]
    """Sends tokens."""


class Actor:
    """Somebody who acts, with clients made when they are first used.

    Args:
        stage: Where they act.
        identity: Their credentials.
    """

    def __init__(self, stage: Stage, identity: GcsIdentity) -> None:
        self._stage, self._identity = stage, identity
        self.name, self.email = identity.name, identity.email

    @property
    def has_key(self) -> bool:
        """Whether a private key was given, so that signing needs nobody."""
        return bool(self._identity.key_file)

    @cached_property
    def _credentials(self) -> Any:
        if not self.has_key:
            return self._identity.credentials
        file = self._identity.key_file
        return service_account.Credentials(  # type: ignore[no-untyped-call, unused-ignore]
            self._identity.signing_key, file["client_email"], file["token_uri"], scopes=_SCOPES
        )

    @cached_property
    def _request(self) -> Any:
        plain = _Plain()
        plain.verify = self._stage.store.ca_bundle or True
        return Request(plain)  # type: ignore[no-untyped-call, unused-ignore]

    @cached_property
    def session(self) -> Any:
        """An HTTP session that sends the actor's token."""
        made = _Authorized(self._credentials, auth_request=self._request)  # type: ignore[no-untyped-call, unused-ignore]
        made.verify = self._stage.store.ca_bundle or True
        return made

    def token(self) -> dict[str, str]:
        """The header that names the actor; a token is fetched when there is none, or it has expired."""
        headers: dict[str, str] = {}
        self._credentials.before_request(self._request, "GET", self._stage.endpoint, headers)
        self._stage.mask.add(str(self._credentials.token or ""))
        return headers

    @cached_property
    def storage(self) -> Any:
        """Google's own client of Cloud Storage."""
        options = {"api_endpoint": self._stage.endpoint}
        return storage.Client(project=None, credentials=self._credentials, _http=self.session, client_options=options)  # type: ignore[no-untyped-call, unused-ignore]

    @property
    def bucket(self) -> Any:
        """The bucket, as this actor's client sees it; nothing of it is read yet."""
        return self.storage.bucket(self._stage.store.bucket)

    # -------------------------------------------------------------------------------------- signatures
    @property
    def signs_itself(self) -> bool:
        """Whether signing needs no right of the account: by its key file, or by credentials that see to it themselves."""
        return self.has_key or isinstance(self._identity.credentials, Signing)

    @cached_property
    def signer(self) -> Signer:
        """Signs URLs: by the private key where there is one, by credentials that can sign (impersonated ones ask IAM on
        behalf of who impersonates), else by IAM as the account itself.

        Raises:
            UndecidedError: A user has no key that could sign.
        """
        if self.has_key:
            return Signer(self.email, self._identity.signing_key.sign)
        if self.signs_itself:
            return Signer(self.email, self._sign_with_credentials)
        if not self.email.endswith(".gserviceaccount.com"):
            raise UndecidedError(f"{self.name} is no service account, and only those sign URLs")
        return self.iam_signer

    def _sign_with_credentials(self, data: bytes) -> bytes:
        try:
            signed: bytes = self._credentials.sign_bytes(data)
        except GoogleAuthError as problem:
            said = problem.args[0] if problem.args else problem
            if isinstance(said, Exception):  # there was no answer
                raise
            raise SigningError(f"the credentials of {self.name} do not sign: {said}") from None
        return signed

    @cached_property
    def iam_signer(self) -> Signer:
        """Signs URLs by IAM (`signBlob`), with a key that Google holds."""
        return Signer(self.email, self._sign_blob)

    def _sign_blob(self, data: bytes) -> bytes:
        where = self._stage.store.credentials_endpoint or CREDENTIALS
        url = f"{where.rstrip('/')}/v1/projects/-/serviceAccounts/{self.email}:signBlob"
        body = {"payload": base64.b64encode(data).decode()}
        answer = self.session.post(url, json=body, timeout=TIMEOUT_SECONDS)
        if answer.status_code >= 500:
            raise ServerError(f"signBlob is answered {answer.status_code}")
        if not answer.ok:
            raise SigningError(f"IAM does not sign as {self.email}: {answer.status_code} {_message(answer)}".rstrip())
        return base64.b64decode(answer.json()["signedBlob"])

    # ------------------------------------------------------------------------------------------- others
    def key(self, name: str) -> Mapping[str, Any]:
        """A key of Cloud KMS, as the actor sees it.

        Args:
            name: Its resource name.

        Raises:
            GoogleAPICallError: It is not there, or not shown.
        """
        where = (self._stage.store.kms_endpoint or KMS).rstrip("/")
        answer = self.session.get(f"{where}/v1/{name}", timeout=TIMEOUT_SECONDS)
        if not answer.ok:
            raise from_http_response(answer)
        found: Mapping[str, Any] = answer.json()
        return found


class Stage(stage.Stage[GcsStore, Actor]):
    """Everything that checks act with.

    Args:
        store: What is verified.
        cast: Who acts.
        run: The run's id, the name of its folder.
        mask: Hides secrets.
        browser: The path of a Chromium; none means no browser.
    """

    VERSION_HEADER = "x-goog-generation"
    CANNOT = (UndecidedError, SigningError)

    def __init__(self, store: GcsStore, cast: GcsCast, run: str, mask: Mask, browser: str | None = None) -> None:
        super().__init__(store, run, mask, browser)
        self.mask = mask
        self._wandb = Actor(self, cast.wandb) if cast.wandb else None
        self._owner = Actor(self, cast.owner) if cast.owner else None
        self.outsiders = tuple(Actor(self, outsider) for outsider in cast.outsiders)
        self.sessions: list[str] = []
        """Resumable uploads that were begun and neither finished nor cancelled: nothing lists them."""

    def settler(self, record: Record) -> Actor:
        """Who reads settings that W&B's server need not read: the owner, or else W&B, whose roles show them too.

        Args:
            record: Of the check, which notes it.
        """
        return self.owner(record) if self._owner is not None else self.wandb(record)

    @property
    def endpoint(self) -> str:
        """The server's address."""
        return (self.store.endpoint or STORAGE).rstrip("/")

    def url(self, key: str = "", endpoint: str = "") -> str:
        """The address of an object in the XML API, which signed URLs use, or of the bucket."""
        where = (endpoint or self.endpoint).rstrip("/")
        return f"{where}/{self.store.bucket}" + (f"/{encode_key(key)}" if key else "")

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
    ) -> str:
        return (signer or actor.signer).presign(
            method,
            self.url(key, endpoint),
            query={**(query or {}), USER_QUERY: USER},
            headers=headers,
            expires=expires,
            at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age),
        )

    def by_token(
        self,
        actor: Actor,
        method: str,
        key: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Make a request with the actor's token.

        Args:
            actor: Whose.
            method: The request's method.
            key: Of which object.
            headers: More headers.
            body: What is sent.
        """
        return self.web.send(method, self.url(key), {**actor.token(), **(headers or {})}, body)

    def attempt(self, actor: Actor, method: str, key: str, **more: Any) -> Answer:
        """W&B acts by signed URLs, everybody else by a token: an owner need not be able to sign."""
        return (
            self.call(actor, method, key, **more) if actor is self._wandb else self.by_token(actor, method, key, **more)
        )

    def sees(self, planted: Planted) -> None:
        """Make sure that somebody can read an object: the positive side of every refusal.

        Args:
            planted: The object.

        Raises:
            UndecidedError: Neither W&B nor the owner can.
        """
        seen = []
        for actor in self.insiders():
            try:
                answer = self.attempt(actor, "GET", planted.key)
            except self.CANNOT as problem:
                seen.append(f"{actor.name}: {problem}")
                continue
            if answer.ok and answer.body == planted.body:
                return
            seen.append(f"{actor.name}: {answer}")
        raise UndecidedError(f"nobody can read the object, so a refusal would show nothing ({'; '.join(seen)})")

    def who_reads(self, key: str) -> str:
        """Who can still read an object that should be gone; nobody when it is. A store does not say "not found" to those
        who may not list, so that their refusal says the same.

        Args:
            key: The object's.
        """
        for actor in self.insiders():
            try:
                if self.attempt(actor, "GET", key).ok:
                    return actor.name
            except self.CANNOT:
                continue
        return ""


def _message(answer: Any) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return ""
