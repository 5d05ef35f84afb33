"""The stage of a verification on S3: the actors with their clients, the folders that are ours, and ways to act."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.session import Session as BotocoreSession

from byob_components.verify import stage
from byob_components.verify.folder import FOLDER
from byob_components.verify.masking import Mask
from byob_components.verify.s3.sigv4 import Signer, encode_key
from byob_components.verify.s3.store import Identity, S3Cast, S3Store
from byob_components.verify.stage import URL_SECONDS, USER, Planted, upload_headers
from byob_components.verify.web import TIMEOUT_SECONDS
from byob_components.wandb.transfer import USER_QUERY

__all__ = ["FOLDER", "Actor", "Planted", "Stage", "upload_headers"]


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


class Stage(stage.Stage[S3Store, Actor]):
    """Everything that checks act with.

    Args:
        store: What is verified.
        cast: Who acts.
        run: The run's id, the name of its folder.
        mask: Hides secrets.
        browser: The path of a Chromium; none means no browser.
    """

    VERSION_HEADER = "x-amz-version-id"

    def __init__(self, store: S3Store, cast: S3Cast, run: str, mask: Mask, browser: str | None = None) -> None:
        super().__init__(store, run, mask, browser)
        self._wandb = Actor(self, cast.wandb) if cast.wandb else None
        self._owner = Actor(self, cast.owner) if cast.owner else None
        self.outsiders = tuple(Actor(self, outsider) for outsider in cast.outsiders)
        # Where `minimal` must not let W&B: at the root, and in a folder whose name begins with the path.
        self.outside = (f"{FOLDER}/{run}/", f"{store.path}{FOLDER}/{run}/") if store.path else ()

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
        expires: int = URL_SECONDS,
        age: int = 0,
        endpoint: str = "",
    ) -> str:
        return actor.signer.presign(
            method,
            self.url(key, endpoint),
            query={**(query or {}), USER_QUERY: USER},
            headers=headers,
            expires=expires,
            at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age),
        )
