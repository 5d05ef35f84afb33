"""Suspended paths keep data, address, identity and hand-off, and lose the roles and the account key: all of them, as rights
hold for the whole container."""

from collections.abc import Mapping
from typing import Any

from byob_components.azure import AzureByob
from tests.conformance.suspended import SuspendedContract
from tests.mocks.azure import record
from tests.mocks.monitor import Run

ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
NODE = "55555555-5555-5555-5555-555555555555"
CLIENT = "77777777-7777-7777-7777-777777777777"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "westeurope"}
CONNECTOR = {**BASE, "oidc_issuer_url": ISSUER, "service_accounts": ["wandb-app"]}
ALL = {"paths": ["a", "b"], "suspended_paths": ["b", "a"]}
SUSPENDED: dict[str, dict[str, Any]] = {
    "connector": {**CONNECTOR, "suspended_paths": ["/"]},
    "all paths and a key": {**CONNECTOR, **ALL, "encryption": "new_key"},
    "by name": {**BASE, "principals": [NODE], "identity_client_id": CLIENT, "suspended_paths": ["/"]},
    "access key": {**BASE, "mode": "access_key", "suspended_paths": ["/"]},
    "keyless": {**CONNECTOR, **ALL, "mode": "keyless", "access": "minimal"},
}
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({**CONNECTOR, "paths": ["a", "b"], "suspended_paths": ["b"]}, "BYOB-AZURE-030"),
    ({**CONNECTOR, "suspended_paths": ["x"]}, "BYOB-AZURE-029"),
    ({**CONNECTOR, **ALL, "lock": True}, "BYOB-AZURE-021"),
]


class TestAzure(SuspendedContract):
    composite = AzureByob
    record = staticmethod(record)
    stores = SUSPENDED
    changed = frozenset({"RoleAssignment", "StorageAccount"})
    refusals = REFUSALS

    def no_grant(self, seen: Run, given: Mapping[str, Any]) -> None:
        left = [r.name for r in seen.resources if r.kind == "RoleAssignment"]
        assert left == (["vision-key-vault-crypto-service-encryption-user-encryption"] if "encryption" in given else [])
        assert seen.one("StorageAccount").inputs["allowSharedKeyAccess"] is False
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
