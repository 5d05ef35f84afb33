"""Somebody who acts on Azure: with tokens or with a key, and with the signatures that either can make."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cached_property
from typing import Any

from azure.core.credentials import AccessToken, AzureNamedKeyCredential
from azure.storage.blob import BlobServiceClient, LinearRetry

from byob_components.verify.azure.arm import Arm
from byob_components.verify.azure.sas import DelegationKey, Signer
from byob_components.verify.azure.store import AzureIdentity, AzureStore
from byob_components.verify.masking import Mask
from byob_components.verify.result import UndecidedError
from byob_components.verify.web import TIMEOUT_SECONDS, Web
from byob_components.wandb.access import AzureMode

STORAGE_SCOPE = "https://storage.azure.com/.default"
_KEY_HOURS = 2
"""How far a user delegation key reaches into past and future: it must also cover an URL that has long expired."""


class Actor:
    """Somebody who can sign, with clients made when they are first used.

    Args:
        store: Where they act.
        identity: Their tokens or key.
        web: Sends what they ask of Azure Resource Manager.
        mask: Learns every secret that they get on the way.
        mode: How they sign; None for as they can, which is no question of W&B's mode.
        located: Tells the account's resource id.
    """

    def __init__(
        self,
        store: AzureStore,
        identity: AzureIdentity,
        web: Web,
        mask: Mask,
        mode: AzureMode | None,
        located: Callable[[], str],
    ) -> None:
        self._store, self._identity, self._mask, self._mode = store, identity, mask, mode
        self.name, self._clients = identity.name, list[Any]()
        token = self.token if identity.credential is not None else None
        self.arm = Arm(web, store.arm_endpoint, token, identity.name, located)

    @property
    def has_token(self) -> bool:
        """Whether they act by tokens, and not by an account key."""
        return self._identity.credential is not None

    @property
    def reads_settings(self) -> bool:
        """Whether they can ask Azure Resource Manager about the account."""
        return self.has_token and bool(self._store.resource_id or self._store.subscription_id)

    @property
    def foreign_account(self) -> str:
        """The other account whose key they hold; empty for everybody else."""
        return self._identity.account if self._identity.account != self._store.account else ""

    def token(self, scope: str) -> str:
        """A token.

        Args:
            scope: For which service.
        """
        assert self._identity.credential is not None
        token = str(self._identity.credential.get_token(scope).token)
        self._mask.add(token)
        return token

    def close(self) -> None:
        """Close the connections that they have opened."""
        for client in self._clients:
            client.close()

    # ---------------------------------------------------------------------------------------- clients
    @cached_property
    def service(self) -> Any:
        """A client of the blob service."""
        return self.client(self._store.url, self._store.account)

    @cached_property
    def container(self) -> Any:
        """A client of the container."""
        return self.service.get_container_client(self._store.container)

    def client(self, url: str, account: str) -> Any:
        """A client of the blob service of an account.

        Args:
            url: The account's address.
            account: Its name.
        """
        credential: Any = (
            _Masked(self) if self.has_token else AzureNamedKeyCredential(account, self._identity.account_key)
        )
        made = BlobServiceClient(
            url,
            credential=credential,
            connection_verify=self._store.ca_bundle or True,
            connection_timeout=10,
            read_timeout=TIMEOUT_SECONDS,
            retry_policy=LinearRetry(backoff=1, retry_total=2, random_jitter_range=0),
        )
        self._clients.append(made)
        return made

    # -------------------------------------------------------------------------------------- signatures
    @cached_property
    def delegation_key(self) -> DelegationKey:
        """A user delegation key, got with a token.

        Raises:
            HttpResponseError: They may not have one.
        """
        now = datetime.datetime.now(datetime.UTC)
        reach = datetime.timedelta(hours=_KEY_HOURS)
        got = self.service.get_user_delegation_key(now - reach, now + reach)
        self._mask.add(got.value)
        return DelegationKey(
            got.signed_oid,
            got.signed_tid,
            got.signed_start,
            got.signed_expiry,
            got.signed_service,
            got.signed_version,
            got.value,
        )

    @cached_property
    def account_key(self) -> str:
        """The account's key: their own, or the one that they may list.

        Raises:
            ArmError: They may not list it.
        """
        if self._identity.account_key:
            return self._identity.account_key
        keys = self.arm.keys()
        for key in keys:
            self._mask.add(key)
        if not keys:
            raise UndecidedError(f"the account shows no key to {self.name}")
        return keys[0]

    @cached_property
    def by_key(self) -> Signer:
        """Signs with the account's key."""
        return Signer(self._store.account, self.account_key)

    @cached_property
    def by_delegation(self) -> Signer:
        """Signs with a user delegation key."""
        return Signer(self._store.account, self.delegation_key)

    @property
    def signer(self) -> Signer:
        """Signs as W&B does in the store's mode, or as it can.

        Raises:
            UndecidedError: The mode asks for what this identity does not hold.
        """
        if not self.has_token or self._mode is AzureMode.TEAM_CONNECTOR:
            return self.by_key
        if self._mode is AzureMode.ACCESS_KEY:
            raise UndecidedError(
                f"mode '{AzureMode.ACCESS_KEY}' signs with the account key, and {self.name} holds none"
            )
        return self.by_delegation


class _Masked:
    """The credential of an actor, whose tokens are hidden from the report.

    Args:
        actor: Whose.
    """

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token.

        Args:
            scopes: For which service.
            options: Handed on.
        """
        credential = self._actor._identity.credential
        assert credential is not None
        got = credential.get_token(*scopes, **options)
        self._actor._mask.add(got.token)
        return AccessToken(got.token, got.expires_on)
