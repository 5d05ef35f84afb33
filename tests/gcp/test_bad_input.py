"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

from byob_components.gcp import GcpBucket, GcpByob, GcpByobArgs, GcpCredential, GcpKey
from byob_components.gcp.byob import check
from byob_components.store import ByobRunError
from tests.gcp.bad_input import COMBINED, KEY, NODE, SINGLE, STORE
from tests.mocks.gcp import GcpMocks, record
from tests.mocks.monitor import run

ROWS = [row for rows in SINGLE.values() for row in rows] + COMBINED
ROOT = Path(__file__).parents[2]


def refused(given: dict[str, Any]) -> ByobRunError:
    found: list[ByobRunError] = []

    def program() -> None:
        with pytest.raises(ByobRunError) as raised:
            GcpByob("vision", {**STORE, **given})  # type: ignore[typeddict-item]
        found.append(raised.value)

    assert run(program, GcpMocks()).resources == []
    return found[0]


def test_no_argument_is_without_a_row() -> None:
    assert sorted(SINGLE) == sorted(GcpByobArgs.__annotations__)
    for argument, rows in SINGLE.items():
        assert all(argument in given for given, _ in rows), argument
    assert len(ROWS) >= 60


@pytest.mark.parametrize(("given", "faults"), ROWS, ids=lambda value: str(value)[:60])
def test_every_fault_is_told_with_what_is_allowed_or_how_to_mend_it(given: dict[str, Any], faults: list[str]) -> None:
    error = refused(given)
    assert sorted(f"{fault.code} {fault.where}" for fault in error.faults) == faults
    for fault in error.faults:
        assert fault.allowed or fault.fix
        assert fault.code in str(error)
    assert [str(fault) for fault in check({**STORE, **given})] == [str(fault) for fault in error.faults]  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("name", "code"), [("my_google", "BYOB-GCP-031"), ("a" * 56, "BYOB-GCP-031"), ("-a", "BYOB-GCP-031")]
)
def test_a_resource_name_that_makes_no_bucket_name(name: str, code: str) -> None:
    with pytest.raises(ByobRunError, match=code):
        record(GcpByob, STORE, name=name)
    assert record(GcpByob, {**STORE, "bucket_name": "acme-vision"}, name=name).value("bucket_name") == "acme-vision"


@pytest.mark.parametrize(
    ("component", "given", "codes"),
    [
        (GcpKey, {"location": "mars", "kms_rotation_days": 0}, ["BYOB-GCP-002", "BYOB-GCP-007"]),
        (GcpKey, {"requester_pays": True}, ["BYOB-ARG-002", "BYOB-GCP-016"]),
        (
            GcpBucket,
            {"location": "EU", "force_destroy": True, "soft_delete_days": 0, "encryption": "new_key"},
            ["BYOB-GCP-008", "BYOB-GCP-011", "BYOB-GCP-021"],
        ),
        (GcpBucket, {"location": "EU", "encryption": "new_key", "kms_key_id": KEY}, ["BYOB-GCP-027"]),
        (GcpBucket, {"location": "EU", "principals": [NODE], "paths": ["vision"]}, ["BYOB-ARG-001"]),
        (GcpCredential, {"bucket_name": "B", "credential_keys": []}, ["BYOB-GCP-022", "BYOB-WANDB-027"]),
    ],
)
def test_the_parts_refuse_by_themselves(component: Any, given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(ByobRunError) as raised:
        record(component, given)
    assert sorted(fault.code for fault in raised.value.faults) == codes


def test_why_soft_delete_stays_on_and_why_settings_are_refused() -> None:
    assert "W&B's server refuses such a bucket" in str(refused({"soft_delete_days": 0}))
    assert "W&B's requests name none: all would fail" in str(refused({"requester_pays": True}))
    assert "excludes object versioning" in str(refused({"hierarchical_namespace": {"enabled": True}}))
    assert "forbids to overwrite and delete objects" in str(refused({"retention_policy": {}}))


def test_every_code_has_its_entry_in_the_docs_and_a_row_here() -> None:
    source = "".join(path.read_text() for path in (ROOT / "byob_components/gcp").glob("*.py"))
    codes = set(re.findall(r"BYOB-GCP-\d{3}", source))
    told = set(re.findall(r"BYOB-GCP-\d{3}", (ROOT / "docs/errors.md").read_text()))
    rows = {fault.split()[0] for _, faults in ROWS for fault in faults}
    assert codes == told
    assert codes - rows == {
        "BYOB-GCP-031",
        "BYOB-GCP-032",
    }  # about the resource's name: tested above and with credentials
