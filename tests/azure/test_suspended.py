"""Suspended paths keep data, address, identity and hand-off, and lose the roles and the account key: all of them, as rights
hold for the whole container."""

from typing import Any

import pytest

from byob_components.azure import AzureByob
from byob_components.store import ByobRunError
from tests.mocks.azure import record

ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
NODE = "55555555-5555-5555-5555-555555555555"
CLIENT = "77777777-7777-7777-7777-777777777777"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "westeurope"}
CONNECTOR = {**BASE, "oidc_issuer_url": ISSUER, "service_accounts": ["wandb-app"]}
ALL = {"paths": ["a", "b"], "suspended_paths": ["b", "a"]}


@pytest.mark.parametrize(
    "given",
    [
        {**CONNECTOR, "suspended_paths": ["/"]},
        {**CONNECTOR, **ALL, "encryption": "new_key"},
        {**BASE, "principals": [NODE], "identity_client_id": CLIENT, "suspended_paths": ["/"]},
        {**BASE, "mode": "access_key", "suspended_paths": ["/"]},
        {**CONNECTOR, **ALL, "mode": "keyless", "access": "minimal"},
    ],
)
def test_nobody_holds_a_role_and_the_account_key_is_off(given: dict[str, Any]) -> None:
    seen, usual = record(AzureByob, given), record(AzureByob, {**given, "suspended_paths": []})
    left = [r.name for r in seen.resources if r.kind == "RoleAssignment"]
    assert left == (["vision-key-vault-crypto-service-encryption-user-encryption"] if "encryption" in given else [])
    assert seen.one("StorageAccount").inputs["allowSharedKeyAccess"] is False
    # Everything else stays, so that W&B's form stays right.
    gone = {r.key for r in usual.resources} - {r.key for r in seen.resources}
    assert all("RoleAssignment" in key for key in gone)
    for name in ("storage_addresses", "managed_identity_client_id", "managed_identity_tenant_id", "account_name"):
        assert seen.value(name) == usual.value(name)
    assert (seen.value("principals"), seen.value("principals_date")) == ([], "")
    for handoff in seen.value("handoffs").values():
        assert handoff["principals"] == []
        assert handoff["warnings"] == ["every path is suspended: the data is kept, and W&B cannot use the store"]


def test_access_comes_back_with_the_same_assignments() -> None:
    given = {**CONNECTOR, "paths": ["a"]}
    before = {r.key: r.inputs for r in record(AzureByob, given).resources if r.kind == "RoleAssignment"}
    assert len(before) == 2
    record(AzureByob, {**given, "suspended_paths": ["a"]})
    again = {r.key: r.inputs for r in record(AzureByob, given).resources if r.kind == "RoleAssignment"}
    assert again == before


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**CONNECTOR, "paths": ["a", "b"], "suspended_paths": ["b"]}, "BYOB-AZURE-030"),
        ({**CONNECTOR, "suspended_paths": ["x"]}, "BYOB-AZURE-029"),
        ({**CONNECTOR, **ALL, "lock": True}, "BYOB-AZURE-021"),
    ],
)
def test_what_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(AzureByob, given)
    assert [fault.code for fault in refused.value.faults] == [code]
