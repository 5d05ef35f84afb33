"""Stores on a local Azure as a careful hand would make them, each ready to be broken in one place."""

from __future__ import annotations

import itertools
import os
import ssl
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx

from byob_components.verify import AzureIdentity, AzureStore, Cast
from byob_components.verify.azure import run
from sandbox.clouds.azure.accounts import LOCATION, SUBSCRIPTION, TENANT, Credentials, blob_service, credential
from sandbox.clouds.azure.server import AzureCloud

ROLES = {
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Storage Account Contributor": "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Storage Blob Delegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
    "Storage Account Key Operator Service Role": "81a9662b-bebf-436f-a333-f67b29880f12",
    "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
}
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/verify"
PAGE = "https://wandb.example.com"
STRANGER, OTHER_INSTANCE, OTHER_KEY = "a stranger", "another instance of W&B", "the key of another account"
CONNECTOR = ("Storage Account Contributor", "Storage Blob Data Owner")
KEYLESS = ("Reader", "Storage Blob Data Contributor")
DOCUMENTED = {"team_connector": CONNECTOR, "keyless": KEYLESS, "access_key": ()}
_numbers = itertools.count(1)


@dataclass
class Azure:
    """A local Azure with its administrator at work, and an account of another team."""

    cloud: AzureCloud

    @cached_property
    def _client(self) -> httpx.Client:
        trust = ssl.create_default_context(cafile=str(self.cloud.ca_bundle))
        who = credential(self.cloud, self.cloud.accounts.deployer)
        token = who.get_token(f"{self.cloud.arm}/.default").token
        vault = who.get_token("https://vault.azure.net/.default").token
        self._vault = {"Authorization": f"Bearer {vault}"}
        return httpx.Client(base_url=self.cloud.arm, verify=trust, headers={"Authorization": f"Bearer {token}"})

    def call(self, method: str, id: str, body: dict[str, Any] | None = None, version: str = "2024-01-01") -> Any:
        answer = self._client.request(method, id, params={"api-version": version}, json=body)
        assert answer.is_success, f"{method} {id}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else {}

    def vault_call(self, method: str, url: str, body: dict[str, Any] | None = None) -> Any:
        self._client  # noqa: B018 - it gets the token
        answer = self._client.request(method, url, params={"api-version": "7.4"}, json=body, headers=self._vault)
        assert answer.is_success, f"{method} {url}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def close(self) -> None:
        self._client.close()

    @cached_property
    def group(self) -> str:
        self.call("PUT", GROUP, {"location": LOCATION})
        return GROUP

    @cached_property
    def elsewhere(self) -> AzureIdentity:
        """An account of another team: its key opens its own account, and must open no other."""
        name = f"other{os.getpid()}"
        id = self.account(name)
        return AzureIdentity(OTHER_KEY, account_key=self.key(id), account=name)

    def account(self, name: str, identity: str = "", **properties: Any) -> str:
        id = f"{self.group}/providers/Microsoft.Storage/storageAccounts/{name}"
        good = {
            "supportsHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": False,
            "allowCrossTenantReplication": False, "allowSharedKeyAccess": True,
        }  # fmt: skip
        body = {
            "location": LOCATION,
            "kind": "StorageV2",
            "sku": {"name": "Standard_ZRS"},
            "properties": {**good, **properties},
        }
        if identity:
            body["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
        self.call("PUT", id, body)
        return id

    def new_key(self, name: str) -> tuple[str, dict[str, Any]]:
        """A key in a vault of its own, and what makes an account use it: its identity, and its encryption."""
        identity = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        made = self.call("PUT", identity, {"location": LOCATION}, "2023-01-31")
        vault = f"{self.group}/providers/Microsoft.KeyVault/vaults/{name}"
        said = {
            "tenantId": TENANT,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "enablePurgeProtection": True,
        }
        place = self.call("PUT", vault, {"location": LOCATION, "properties": said}, "2023-07-01")["properties"][
            "vaultUri"
        ]
        body = {"properties": {"kty": "RSA", "keySize": 2048, "keyOps": ["wrapKey", "unwrapKey"]}}
        self.call("PUT", f"{vault}/keys/wandb", body, "2023-07-01")
        self.assign(vault, "Key Vault Crypto Service Encryption User", made["properties"]["principalId"])
        encryption = {
            "keySource": "Microsoft.Keyvault", "identity": {"userAssignedIdentity": identity},
            "keyvaultproperties": {"keyvaulturi": place, "keyname": "wandb"}, "services": {"blob": {"enabled": True, "keyType": "Account"}},
        }  # fmt: skip
        return f"{place}keys/wandb", {"identity": identity, "encryption": encryption}

    def key(self, id: str) -> str:
        return str(self.call("POST", f"{id}/listKeys")["keys"][0]["value"])

    def assign(self, scope: str, role: str, who: str) -> str:
        id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        definition = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role]}"
        said = {"roleDefinitionId": definition, "principalId": who, "principalType": "ServicePrincipal"}
        self.call("PUT", id, {"properties": said}, "2022-04-01")
        return id

    def identity(self, name: str, who: Credentials) -> AzureIdentity:
        return AzureIdentity(name, credential(self.cloud, who), who.client_id)


@dataclass
class Store:
    """An account with a container, what was declared of it, and who acts."""

    azure: Azure
    id: str
    store: AzureStore
    cast: Cast[AzureIdentity]
    grants: dict[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def container_id(self) -> str:
        return f"{self.id}/blobServices/default/containers/{self.store.container}"

    @property
    def wandb(self) -> str:
        """The object id of W&B's identity."""
        return self.azure.cloud.accounts.wandb_console.object_id

    def account(self, **properties: Any) -> None:
        self.azure.call("PATCH", self.id, {"properties": properties})

    def service(self, **properties: Any) -> None:
        self.azure.call("PUT", f"{self.id}/blobServices/default", {"properties": properties})

    def cors(self, **changes: Any) -> None:
        self.service(cors=self.cors_of(**changes))

    def cors_of(self, **changes: Any) -> dict[str, Any]:
        rule = {
            "allowedMethods": ["GET", "HEAD", "PUT"], "allowedOrigins": list(self.store.cors_origins), "allowedHeaders": ["*"],
            "exposedHeaders": ["*"], "maxAgeInSeconds": 3000, **changes,
        }  # fmt: skip
        return {"corsRules": [rule]}

    def rules(self, *more: dict[str, Any], days: int | None = 30) -> None:
        old = rule("previous-versions", {"version": {"delete": {"daysAfterCreationGreaterThan": days}}})
        self.azure.call(
            "PUT", f"{self.id}/managementPolicies/default",
            {"properties": {"policy": {"rules": [*([old] if days else []), *more]}}},
        )  # fmt: skip

    def grant(self, role: str, scope: str = "", who: str = "") -> None:
        self.grants[role] = self.azure.assign(scope or self.id, role, who or self.wandb)

    def revoke(self, *roles: str) -> None:
        for role in roles:
            self.azure.call("DELETE", self.grants.pop(role), version="2022-04-01")

    def contents(self) -> list[tuple[str, str]]:
        """Every blob and version, what is not put together included."""
        owner = blob_service(
            self.azure.cloud, self.store.account, credential(self.azure.cloud, self.azure.cloud.accounts.storage_admin)
        )
        with owner:
            container = owner.get_container_client(self.store.container)
            found = [*container.list_blobs(include=["versions"]), *container.list_blobs(include=["uncommittedblobs"])]
        return sorted({(blob.name, blob.version_id or "") for blob in found})


MakeStore = Callable[..., Store]


def only(monkeypatch: Any, *topics: Any) -> None:
    """Leave out the checks of other topics: they take most of the time, and the test asks nothing of them."""
    monkeypatch.setattr(run, "TOPICS", topics)


def rule(name: str, actions: dict[str, Any], **filters: Any) -> dict[str, Any]:
    """A rule of a management policy."""
    definition = {"actions": actions, "filters": {"blobTypes": ["blockBlob"], **filters}}
    return {"name": name, "enabled": True, "type": "Lifecycle", "definition": definition}


def make(azure: Azure, mode: str = "keyless", *, minimal: bool = False, customer_key: bool = False) -> Store:
    """A good store with W&B's path `vision`: for everybody's pages, or `minimal` for one page."""
    accounts, name = azure.cloud.accounts, f"verify{os.getpid()}n{next(_numbers)}"
    key, encryption = azure.new_key(name) if customer_key else ("", {})
    id = azure.account(name, allowSharedKeyAccess=mode != "keyless", **encryption)
    store = AzureStore(
        account=name, container="wandb", region=LOCATION, mode=mode, path="vision", resource_id=id,  # type: ignore[arg-type]
        endpoint=f"{azure.cloud.blob}/{name}", arm_endpoint=azure.cloud.arm, ca_bundle=str(azure.cloud.ca_bundle), plain_endpoint=f"{azure.cloud.plain_blob}/{name}",
        kms_key_id=key, access="minimal" if minimal else "documented", principals=() if mode == "access_key" else (accounts.wandb_console.object_id,),  # type: ignore[arg-type]
        other_container="others" if minimal else "", cors_origins=(PAGE,) if minimal else ("*",),
        soft_delete_days=7, container_soft_delete_days=30, noncurrent_days=30,
    )  # fmt: skip
    wandb = (
        AzureIdentity("W&B", account_key=azure.key(id))
        if mode == "access_key"
        else azure.identity("W&B", accounts.wandb_console)
    )
    cast = Cast(
        wandb=wandb,
        owner=azure.identity("the owner", accounts.storage_admin),
        outsiders=(
            azure.identity(STRANGER, accounts.stranger),
            azure.identity(OTHER_INSTANCE, accounts.wandb_other),
            azure.elsewhere,
        ),
    )
    made = Store(azure, id, store, cast, key=key)
    made.service(
        cors=made.cors_of(),
        isVersioningEnabled=True, deleteRetentionPolicy={"enabled": True, "days": 7},
        containerDeleteRetentionPolicy={"enabled": True, "days": 30},
    )  # fmt: skip
    made.rules()
    for container in ("wandb", "others") if minimal else ("wandb",):
        azure.call("PUT", f"{id}/blobServices/default/containers/{container}", {"properties": {"publicAccess": "None"}})
    if minimal:
        for role in ("Reader", "Storage Blob Delegator"):
            made.grant(role)
        made.grant("Storage Blob Data Contributor", made.container_id)
    else:
        for role in DOCUMENTED[mode]:
            made.grant(role)
    return made
