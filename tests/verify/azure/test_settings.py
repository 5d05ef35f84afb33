"""V01 to V04 and V06, judged from plain data, the encryption header of V11, and the roles of V22."""

import datetime
from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.azure.encryption import judge_encryption, judge_key, same_key
from byob_components.verify.azure.presigned import judge_headers
from byob_components.verify.azure.roles import judge_roles
from byob_components.verify.azure.settings import (
    judge_container,
    judge_location,
    judge_public_access,
    judge_soft_delete,
    judge_transport,
    judge_versioning,
)
from byob_components.verify.azure.store import AzureStore
from byob_components.verify.result import Record
from byob_components.verify.web import Answer

VAULT, NOW = "https://acme.vault.azure.net", datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
KEY = f"{VAULT}/keys/wandb"
ACCOUNT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acme"
ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
READER, CONTRIBUTOR = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def judged(judge: Any, *given: Any) -> tuple[State, list[str]]:
    record = Record()
    judge(record, *given)
    return record.state, record.evidence


@pytest.mark.parametrize(
    ("account", "state", "said"),
    [
        ({"supportsHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_2"}, State.PASS, ["HTTPS only, TLS1_2 at least"]),
        ({"supportsHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_3"}, State.PASS, ["HTTPS only, TLS1_3 at least"]),
        ({"supportsHttpsTrafficOnly": False, "minimumTlsVersion": "TLS1_2"}, State.FAIL, ["plain HTTP is let in: secure transfer is not required"]),
        ({"supportsHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_1"}, State.FAIL, ["the minimum TLS version is TLS1_1"]),
        ({}, State.FAIL, ["plain HTTP is let in: secure transfer is not required", "the minimum TLS version is TLS1_0"]),
    ],
)  # fmt: skip
def test_transport(account: dict[str, Any], state: State, said: list[str]) -> None:
    assert judged(judge_transport, account) == (state, said)


@pytest.mark.parametrize(
    ("found", "declared", "state", "said"),
    [
        ("westeurope", "westeurope", State.PASS, "region westeurope"),
        ("West Europe", "westeurope", State.PASS, "region westeurope"),
        ("northeurope", "westeurope", State.FAIL, "region northeurope, declared westeurope"),
        ("", "westeurope", State.FAIL, "region (none), declared westeurope"),
    ],
)
def test_where_an_account_is(found: str, declared: str, state: State, said: str) -> None:
    assert judged(judge_location, found, declared) == (state, [said])


@pytest.mark.parametrize(
    ("account", "state", "said"),
    [
        ({"allowBlobPublicAccess": False}, State.PASS, ["the account allows no public container"]),
        ({"allowBlobPublicAccess": True}, State.FAIL, ["the account allows public containers"]),
        ({}, State.FAIL, ["the account allows public containers"]),
        ({"allowBlobPublicAccess": False, "allowCrossTenantReplication": True}, State.WARN,
         ["the account allows no public container", "blobs may be replicated into other tenants"]),
    ],
)  # fmt: skip
def test_public_access(account: dict[str, Any], state: State, said: list[str]) -> None:
    assert judged(judge_public_access, account) == (state, said)


@pytest.mark.parametrize(
    ("found", "state", "said"),
    [
        (None, State.PASS, "the container is private"),
        ("None", State.PASS, "the container is private"),
        ("blob", State.FAIL, "the container's public access is 'blob'"),
        ("container", State.FAIL, "the container's public access is 'container'"),
    ],
)
def test_a_containers_public_access(found: str | None, state: State, said: str) -> None:
    assert judged(judge_container, found) == (state, [said])


@pytest.mark.parametrize(
    ("found", "declared", "state", "said"),
    [
        (7, 7, State.PASS, "deleted blobs are kept for 7 days"),
        (7, 0, State.PASS, "deleted blobs are kept for 7 days"),
        (7, 14, State.FAIL, "deleted blobs are kept for 7 days, declared 14"),
        (0, 7, State.FAIL, "deleted blobs are gone at once, declared 7"),
        (0, 0, State.WARN, "deleted blobs are gone at once"),
    ],
)
def test_soft_delete(found: int, declared: int, state: State, said: str) -> None:
    assert judged(judge_soft_delete, found, declared) == (state, [said])


def declared(**more: Any) -> AzureStore:
    return AzureStore("acme", "wandb", "westeurope", "keyless", **more)  # type: ignore[arg-type]


KEPT = {"containerDeleteRetentionPolicy": {"enabled": True, "days": 30}}


@pytest.mark.parametrize(
    ("service", "store", "state", "said"),
    [
        ({"isVersioningEnabled": True, **KEPT}, declared(container_soft_delete_days=30), State.PASS,
         ["versioning is on", "deleted containers are kept for 30 days"]),
        ({**KEPT}, declared(), State.FAIL, ["versioning is off, declared on", "deleted containers are kept for 30 days"]),
        ({"isVersioningEnabled": False, **KEPT}, declared(versioning=False), State.PASS,
         ["versioning is off, as declared", "deleted containers are kept for 30 days"]),
        ({"isVersioningEnabled": True, "containerDeleteRetentionPolicy": {"enabled": False, "days": 30}}, declared(container_soft_delete_days=30),
         State.FAIL, ["versioning is on", "deleted containers are gone at once, declared 30"]),
    ],
)  # fmt: skip
def test_versioning(service: dict[str, Any], store: AzureStore, state: State, said: list[str]) -> None:
    assert judged(judge_versioning, service, store) == (state, said)


def customer(vault: str = f"{VAULT}/", key: str = "wandb", version: str = "") -> dict[str, Any]:
    return {
        "keySource": "Microsoft.Keyvault",
        "keyvaultproperties": {"keyvaulturi": vault, "keyname": key, "keyversion": version},
    }


@pytest.mark.parametrize(
    ("found", "key", "state", "said"),
    [
        ({"keySource": "Microsoft.Storage"}, "", State.PASS, ["Microsoft manages the key"]),
        ({}, "", State.PASS, ["Microsoft manages the key"]),
        (customer(), "", State.FAIL, [f"the key is {KEY}, declared one that Microsoft manages"]),
        (customer(), KEY, State.PASS, [f"the key is {KEY}"]),
        (customer(), f"{KEY}/0123456789abcdef", State.PASS, [f"the key is {KEY}"]),
        ({"keySource": "Microsoft.Keyvault", "keyVaultProperties": {"keyVaultUri": VAULT, "keyName": "wandb"}}, KEY, State.PASS, [f"the key is {KEY}"]),
        (customer(key="other"), KEY, State.FAIL, [f"the key is {VAULT}/keys/other, declared {KEY}"]),
        (customer(vault="https://other.vault.azure.net"), KEY, State.FAIL,
         [f"the key is https://other.vault.azure.net/keys/wandb, declared {KEY}"]),
        (customer(version="0123"), KEY, State.WARN,
         [f"the key is {KEY}", "the account names one version of the key: a rotation does not reach it"]),
        ({"keySource": "Microsoft.Storage"}, KEY, State.FAIL, [f"Microsoft manages the key, declared {KEY}"]),
        ({"keySource": "Microsoft.Keyvault"}, KEY, State.FAIL, [f"the key is (none), declared {KEY}"]),
    ],
)  # fmt: skip
def test_encryption(found: dict[str, Any], key: str, state: State, said: list[str]) -> None:
    assert judged(judge_encryption, found, key) == (state, said)


def vault_key(enabled: bool = True, exp: int | None = None, ops: list[str] | None = None) -> dict[str, Any]:
    attributes = {"enabled": enabled, **({} if exp is None else {"exp": exp})}
    return {"key": {"key_ops": ["wrapKey", "unwrapKey"] if ops is None else ops}, "attributes": attributes}


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [
        (vault_key(), State.PASS, ["the key is enabled, wrapKey, unwrapKey"]),
        (vault_key(enabled=False), State.FAIL, ["the key is disabled: nothing can be read or written"]),
        (vault_key(exp=1767225600), State.FAIL, ["the key expired on 2026-01-01"]),
        (vault_key(exp=1830297600), State.PASS, ["the key expires on 2028-01-01", "the key is enabled, wrapKey, unwrapKey"]),
        (vault_key(ops=["sign"]), State.FAIL, ["the key may not wrapKey and unwrapKey"]),
        ({}, State.FAIL, ["the key is disabled: nothing can be read or written"]),
    ],
)  # fmt: skip
def test_the_state_of_a_key(key: dict[str, Any], state: State, said: list[str]) -> None:
    assert judged(judge_key, key, NOW) == (state, said)


@pytest.mark.parametrize(
    ("found", "same"),
    [
        (KEY, True),
        (f"{KEY}/0123", True),
        ("https://ACME.vault.azure.net:443/keys/wandb".replace(":443", ""), True),
        (f"{VAULT}/keys/wandb2", False),
        ("https://other.vault.azure.net/keys/wandb", False),
        ("", False),
    ],
)
def test_when_two_addresses_mean_one_key(found: str, same: bool) -> None:
    assert same_key(found, KEY) is same


@pytest.mark.parametrize(("header", "state"), [("true", State.PASS), ("false", State.FAIL), ("", State.FAIL)])
def test_what_a_blob_says_of_its_encryption(header: str, state: State) -> None:
    assert judged(judge_headers, Answer(200, {"x-ms-server-encrypted": header}))[0] is state


def assigned(role: str, scope: str = ACCOUNT, principal: str = "p-1") -> dict[str, str]:
    return {"principalId": principal, "roleDefinitionId": f"{ROLES}/{role}", "scope": scope}


@pytest.mark.parametrize(
    ("assignments", "on_container", "state", "said"),
    [
        ([assigned(READER), assigned(CONTRIBUTOR)], False, State.PASS,
         ["p-1 has Reader on the account; Storage Blob Data Contributor on the account, and no other"]),
        ([assigned(READER), assigned(CONTRIBUTOR, f"{ACCOUNT}/blobServices/default/containers/wandb")], True, State.PASS,
         ["p-1 has Reader on the account; Storage Blob Data Contributor on the container, and no other"]),
        ([assigned(READER.upper(), ACCOUNT.upper(), "P-1"), assigned(CONTRIBUTOR), assigned(OWNER, principal="p-2")], False, State.PASS,
         ["p-1 has Reader on the account; Storage Blob Data Contributor on the account, and no other"]),
        ([assigned(CONTRIBUTOR)], False, State.FAIL, ["p-1 lacks Reader on the account"]),
        ([assigned(READER), assigned(CONTRIBUTOR), assigned(OWNER)], False, State.FAIL,
         ["p-1 has Owner on the account, which was not declared"]),
        ([assigned(READER), assigned(CONTRIBUTOR), assigned("0000", "/subscriptions/s")], False, State.FAIL,
         ["p-1 has 0000 on /subscriptions/s, which was not declared"]),
        ([assigned(READER), assigned(CONTRIBUTOR)], True, State.FAIL,
         ["p-1 lacks Storage Blob Data Contributor on the container", "p-1 has Storage Blob Data Contributor on the account, which was not declared"]),
        ([], False, State.FAIL, ["p-1 lacks Reader on the account; Storage Blob Data Contributor on the account"]),
    ],
)  # fmt: skip
def test_roles(assignments: list[dict[str, str]], on_container: bool, state: State, said: list[str]) -> None:
    account = ("Reader",) if on_container else ("Reader", "Storage Blob Data Contributor")
    container = ("Storage Blob Data Contributor",) if on_container else ()
    assert judged(judge_roles, assignments, "p-1", ACCOUNT, "wandb", account, container) == (state, said)
