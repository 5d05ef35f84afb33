"""Azure Resource Manager and Key Vault: what only they show of a store, read with an identity's token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from byob_components.verify.result import UndecidedError
from byob_components.verify.web import Answer, Web

STORAGE_API = "2024-01-01"
AUTHORIZATION_API = "2022-04-01"
VAULT_API = "7.4"
VAULTS_API = "2024-11-01"
NO_ACCOUNT = "only Azure Resource Manager shows this, and neither resource_id nor subscription_id was given"
NO_TOKEN = "only Azure Resource Manager shows this, and {} holds a key in the place of a token"


class ArmError(Exception):
    """Azure Resource Manager, or a vault, refused or did not find.

    Args:
        what: The call.
        answer: Its answer.
    """

    def __init__(self, what: str, answer: Answer) -> None:
        error = _json(answer).get("error") or {}
        self.status_code, self.error_code = answer.status, str(error.get("code") or "")
        self.message = f"{what}: {error.get('message') or answer.status}"
        super().__init__(self.message)


class Arm:
    """Calls for one identity.

    Args:
        web: Sends them.
        endpoint: Of Azure Resource Manager.
        token: Gets a token for a scope; None for an identity without.
        name: Whose.
        located: Tells the storage account's resource id.
    """

    def __init__(self, web: Web, endpoint: str, token: Any, name: str, located: Callable[[], str]) -> None:
        self._web, self._endpoint, self._token = web, endpoint.rstrip("/"), token
        self._name, self._located = name, located

    def find(self, subscription: str, account: str) -> str:
        """The resource id of an account; empty when it is not there, or not seen.

        Args:
            subscription: The subscription's id.
            account: The account's name, unique in all of Azure.
        """
        path = f"/subscriptions/{subscription}/providers/Microsoft.Storage/storageAccounts"
        every = self._pages(f"{self._endpoint}{path}?api-version={STORAGE_API}")
        return next((str(one["id"]) for one in every if one.get("name") == account), "")

    def account(self) -> dict[str, Any]:
        """The storage account."""
        return self._call("GET", "", STORAGE_API)

    def blob_service(self) -> dict[str, Any]:
        """Its blob service."""
        return self._call("GET", "/blobServices/default", STORAGE_API)

    def container(self, name: str) -> dict[str, Any]:
        """A container.

        Args:
            name: Its name.
        """
        return self._call("GET", f"/blobServices/default/containers/{name}", STORAGE_API)

    def management_rules(self) -> list[Mapping[str, Any]]:
        """The rules of its lifecycle policy; none when there is no policy."""
        try:
            found = self._call("GET", "/managementPolicies/default", STORAGE_API)
        except ArmError as problem:
            if problem.status_code != 404:
                raise
            return []
        rules: list[Mapping[str, Any]] = found.get("properties", {}).get("policy", {}).get("rules", [])
        return rules

    def keys(self) -> list[str]:
        """The account's keys, as somebody who may list them."""
        found = self._call("POST", "/listKeys", STORAGE_API)
        return [str(key["value"]) for key in found.get("keys", []) if key.get("value")]

    def role_assignments(self) -> list[Mapping[str, Any]]:
        """The properties of every role assignment at the account, above it and below it."""
        path = "/providers/Microsoft.Authorization/roleAssignments"
        every = self._pages(f"{self._endpoint}{self._located()}{path}?api-version={AUTHORIZATION_API}")
        return [one.get("properties", {}) for one in every]

    def vault_key(self, key_id: str) -> dict[str, Any]:
        """A key of a vault, as its owner sees it.

        Args:
            key_id: `https://<vault>/keys/<name>`.
        """
        parts = urlsplit(key_id)
        audience = (parts.hostname or "").partition(".")[2] or "vault.azure.net"
        return self._ask("GET", f"{key_id}?api-version={VAULT_API}", f"https://{audience}/.default")

    def managed_key(self, key_id: str) -> dict[str, Any]:
        """The same key, as Azure Resource Manager shows it: also where a vault's network rules let nobody in. Empty when no
        vault of the subscription has it, or none is seen.

        Args:
            key_id: `https://<vault>/keys/<name>`.
        """
        address, name = key_id.split("/keys/")[0], key_id.split("/keys/")[1].partition("/")[0]
        subscription = self._located().split("/")[2]
        path = f"/subscriptions/{subscription}/providers/Microsoft.KeyVault/vaults"
        for vault in self._pages(f"{self._endpoint}{path}?api-version={VAULTS_API}"):
            if str(vault.get("properties", {}).get("vaultUri", "")).rstrip("/").lower() == address.lower():
                found = self._ask("GET", f"{self._endpoint}{vault['id']}/keys/{name}?api-version={VAULTS_API}")
                said = found.get("properties", {})
                return {"attributes": said.get("attributes"), "key": {"key_ops": said.get("keyOps")}}
        return {}

    def _call(self, method: str, path: str, version: str) -> dict[str, Any]:
        return self._ask(method, f"{self._endpoint}{self._located()}{path}?api-version={version}")

    def _pages(self, url: str) -> Iterator[Mapping[str, Any]]:
        while url:
            page = self._ask("GET", url)
            yield from page.get("value", [])
            url = str(page.get("nextLink") or "")

    def _ask(self, method: str, url: str, scope: str = "") -> dict[str, Any]:
        if self._token is None:
            raise UndecidedError(NO_TOKEN.format(self._name))
        token = self._token(scope or f"{self._endpoint}/.default")
        answer = self._web.send(method, url, {"Authorization": f"Bearer {token}"}, b"" if method == "POST" else None)
        if not answer.ok:
            raise ArmError(f"{method} {urlsplit(url).path}", answer)
        return _json(answer)


def _json(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
