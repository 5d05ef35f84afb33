"""One local Azure, and one configured provider on it, for all tests of a worker."""

from __future__ import annotations

import importlib.util
import shutil
import ssl
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.clouds.azure.accounts import (
    LOCATION,
    SUBSCRIPTION_SCOPE,
    Credentials,
    blob_service,
    credential,
    provider_config,
)
from sandbox.clouds.azure.server import AzureCloud
from sandbox.providers.azure_native.plugin import PLUGIN
from tests.sandbox.providers.caller import Caller

Require = Callable[[bool, str], None]
GROUP = f"{SUBSCRIPTION_SCOPE}/resourceGroups/made-by-hand"
ROLES = {
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Storage Account Contributor": "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Storage Blob Delegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
    "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
}


class World:
    """The local Azure, who is on it, and clients for everybody."""

    def __init__(self, server: AzureCloud) -> None:
        self.server, self.accounts = server, server.accounts
        self.trust = ssl.create_default_context(cafile=str(server.ca_bundle))
        self.web = httpx.Client(verify=self.trust, trust_env=False)
        self._credentials: dict[tuple[str, str], Any] = {}
        self._names = iter(range(1, 1000))
        self.call("PUT", GROUP, {"location": LOCATION})

    def credential(self, who: Credentials) -> Any:
        """Microsoft's own credential for somebody."""
        key = (who.client_id, who.subject)
        if key not in self._credentials:
            self._credentials[key] = credential(self.server, who)
        return self._credentials[key]

    def call(self, method: str, path: str, body: Any = None, who: Credentials | None = None) -> httpx.Response:
        """Call Resource Manager, by default as the customer's administrator."""
        token = self.credential(who or self.accounts.deployer).get_token(f"{self.server.arm}/.default").token
        url = f"{self.server.arm}{path}{'&' if '?' in path else '?'}api-version=2024-01-01"
        return self.web.request(method, url, json=body, headers={"Authorization": f"Bearer {token}"})

    def done(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Call Resource Manager, and succeed."""
        answer = self.call(method, path, body)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def code(self, method: str, path: str, body: Any = None, who: Credentials | None = None) -> tuple[int, str]:
        """Call Resource Manager, and be refused: the status and the code."""
        answer = self.call(method, path, body, who)
        return answer.status_code, answer.json().get("error", {}).get("code", "")

    def name(self, begin: str = "account") -> str:
        """A fresh name."""
        return f"{begin}{next(self._names):03d}"

    def account(self, name: str = "", service: dict[str, Any] | None = None, **settings: Any) -> str:
        """A storage account with a container `data`; its id."""
        id = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{name or self.name()}"
        body = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "properties": settings}
        self.done("PUT", id, body)
        if service:
            self.done("PUT", f"{id}/blobServices/default", {"properties": service})
        self.done("PUT", f"{id}/blobServices/default/containers/data", {})
        return id

    def grant(self, scope: str, role: str, who: Credentials | str) -> httpx.Response:
        """Give somebody a role."""
        person = who if isinstance(who, str) else who.object_id
        definition = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role]}"
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        return self.call("PUT", path, {"properties": {"roleDefinitionId": definition, "principalId": person, "principalType": "ServicePrincipal"}})  # fmt: skip

    def key(self, account: str, number: int = 0) -> str:
        """An account's key."""
        value: str = self.done("POST", f"{account}/listKeys")["keys"][number]["value"]
        return value

    def blobs(self, account: str, who: Credentials | str | None) -> Any:
        """Microsoft's own blob client: for somebody, with an account key, or for nobody."""
        return blob_service(self.server, account.rsplit("/", 1)[-1], self.credential(who) if isinstance(who, Credentials) else who)  # fmt: skip

    def delegated(self, account: str, who: Credentials, blob: str, permission: str, **more: Any) -> str:
        """A URL signed in somebody's name, made by Microsoft's own library."""
        from azure.storage.blob import generate_blob_sas

        now, name = datetime.now(UTC), account.rsplit("/", 1)[-1]
        key = self.blobs(account, who).get_user_delegation_key(now - timedelta(minutes=1), now + timedelta(hours=1))
        more.setdefault("expiry", now + timedelta(minutes=10))
        sas = generate_blob_sas(name, "data", blob, user_delegation_key=key, permission=permission, **more)
        return f"{self.server.blob}/{name}/data/{blob}?{sas}"


def refused(call: Callable[[], Any]) -> tuple[int, str]:
    """The status and the code with which Microsoft's own client is refused."""
    from azure.core.exceptions import HttpResponseError

    with pytest.raises(HttpResponseError) as caught:
        call()
    code = getattr(caught.value, "error_code", "") or ""
    return caught.value.status_code, str(getattr(code, "value", code))


@pytest.fixture(scope="session")
def world(require: Require, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    require(shutil.which("node") is not None and shutil.which("npm") is not None, "Node.js with npm")
    require(all(importlib.util.find_spec(name) for name in ("azure", "azure.identity", "azure.storage.blob")), "the Azure SDKs in the environment")  # fmt: skip
    with AzureCloud.start(tmp_path_factory.mktemp("azure")) as server:
        made = World(server)
        yield made
        made.web.close()


@pytest.fixture(scope="session")
def contracts(require: Require, tmp_path_factory: pytest.TempPathFactory) -> Path:
    require(importlib.util.find_spec("pulumi_azure_native") is not None, "pulumi-azure-native in the environment")
    return tmp_path_factory.mktemp("contracts")


@pytest.fixture(scope="session")
def caller(world: World, contracts: Path) -> Iterator[Caller]:
    made = Caller(PLUGIN, contracts)
    settings = provider_config(world.server, world.accounts.deployer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(world.server.ca_bundle))
        made.configure({k: v if isinstance(v, str) else str(v).lower() for k, v in settings.items()})
    yield made
    made.close()
