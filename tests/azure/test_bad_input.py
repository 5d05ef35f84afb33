"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

from byob_components.azure import AzureByob, AzureByobArgs, AzureContainer, AzureGrant, AzureKey
from byob_components.azure.byob import check
from byob_components.store import ByobRunError
from tests.azure.bad_input import COMBINED, ENCRYPTION, GROUP, ISSUER, KEY, NODE, SINGLE, STORE
from tests.mocks.azure import AzureMocks, record
from tests.mocks.monitor import run

ROWS = [row for rows in SINGLE.values() for row in rows] + COMBINED
ROOT = Path(__file__).parents[2]
PLACE = {"location": "westeurope", "resource_group_name": "acme"}
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmewandb"


def refused(given: dict[str, Any]) -> ByobRunError:
    found: list[ByobRunError] = []

    def program() -> None:
        with pytest.raises(ByobRunError) as raised:
            AzureByob("vision", {**STORE, **given})  # type: ignore[typeddict-item]
        found.append(raised.value)

    assert run(program, AzureMocks()).resources == []
    return found[0]


def test_no_argument_is_without_a_row() -> None:
    assert sorted(SINGLE) == sorted(AzureByobArgs.__annotations__)
    for argument, rows in SINGLE.items():
        assert any(argument in given for given, _ in rows), argument
    assert len(ROWS) >= 60


@pytest.mark.parametrize(("given", "faults"), ROWS, ids=lambda value: str(value)[:60])
def test_every_fault_is_told_with_what_is_allowed_or_how_to_mend_it(given: dict[str, Any], faults: list[str]) -> None:
    error = refused(given)
    assert sorted(f"{fault.code} {fault.where}" for fault in error.faults) == faults
    for fault in error.faults:
        assert fault.allowed or fault.fix
        assert fault.code in str(error)
    assert [str(fault) for fault in check({**STORE, **given})] == [str(fault) for fault in error.faults]  # type: ignore[typeddict-item]


@pytest.mark.parametrize("name", ["cv", "Vision", "research--nlp", "research_nlp", "a" * 64])
def test_a_resource_name_that_makes_no_containers_name(name: str) -> None:
    with pytest.raises(ByobRunError, match="BYOB-AZURE-032"):
        record(AzureByob, STORE, name=name)
    assert record(AzureByob, {**STORE, "container_name": "vision"}, name=name).value("bucket_name") == "vision"


def test_a_resource_name_that_makes_no_keys_name() -> None:
    given = {**STORE, "container_name": "vision", "encryption": "new_key"}
    with pytest.raises(ByobRunError, match="BYOB-AZURE-031"):
        record(AzureByob, given, name="research_nlp")
    made = record(AzureByob, {**given, "kms_key_name": "wandb"}, name="research_nlp")
    assert made.value("kms_key_id").endswith("/keys/wandb")


@pytest.mark.parametrize(
    ("component", "given", "codes"),
    [
        (AzureKey, {**PLACE, "location": "mars-1", "kms_rotation_days": 0}, ["BYOB-AZURE-002", "BYOB-AZURE-007"]),
        (AzureKey, {"location": "westeurope", "is_hns_enabled": True}, ["BYOB-ARG-002", "BYOB-AZURE-016"]),
        (
            AzureContainer,
            {**PLACE, "mode": "keyless", "soft_delete_days": 0, "encryption": "new_key"},
            ["BYOB-AZURE-008", "BYOB-AZURE-008", "BYOB-AZURE-011"],
        ),
        (
            AzureContainer,
            {**PLACE, "mode": "keyless", "kms_key_id": KEY, "kms_identity_id": ENCRYPTION},
            ["BYOB-AZURE-010", "BYOB-AZURE-010"],
        ),
        (AzureContainer, {**PLACE, "mode": "team_connector", "access": "minimal"}, ["BYOB-WANDB-004"]),
        (AzureContainer, {**PLACE, "mode": "keyless", "principals": [NODE], "paths": ["a"]}, ["BYOB-ARG-001"]),
        (
            AzureGrant,
            {"deployment": "multi_tenant", "level": "team", "account_id": "acme", "container_name": "W"},
            ["BYOB-AZURE-019", "BYOB-AZURE-020", "BYOB-AZURE-025", "BYOB-WANDB-001", "BYOB-WANDB-027"],
        ),
        (
            AzureGrant,
            {
                "deployment": "dedicated",
                "level": "team",
                "account_id": ACCOUNT,
                "container_name": "wandb",
                "mode": "access_key",
                "oidc_issuer_url": ISSUER,
            },
            ["BYOB-AZURE-018"],
        ),
    ],
)
def test_the_parts_refuse_by_themselves(component: Any, given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(ByobRunError) as raised:
        record(component, given)
    assert sorted(fault.code for fault in raised.value.faults) == codes


def test_reasons_are_given() -> None:
    assert "excludes blob versioning" in str(refused({"is_hns_enabled": True}))
    assert "where an account always goes with everything in it" in str(refused({"force_destroy": True}))
    assert "drop the version: a rotated key" in str(
        refused({"encryption": "existing_key", "kms_key_id": f"{KEY}/0123456789abcdef0123456789abcdef"})
    )


def test_every_code_has_its_entry_in_the_docs_and_a_row_here() -> None:
    source = "".join(path.read_text() for path in (ROOT / "byob_components/azure").glob("*.py"))
    codes = set(re.findall(r"BYOB-AZURE-\d{3}", source))
    told = set(re.findall(r"BYOB-AZURE-\d{3}", (ROOT / "docs/errors.md").read_text()))
    rows = {fault.split()[0] for _, faults in ROWS for fault in faults}
    assert codes == told
    # about the resource's name: tested above
    assert codes - rows == {"BYOB-AZURE-031", "BYOB-AZURE-032"}
