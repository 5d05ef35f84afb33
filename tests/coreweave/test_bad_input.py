"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

from byob_components.coreweave import (
    CoreWeaveBucket,
    CoreWeaveByob,
    CoreWeaveByobArgs,
    CoreWeaveGrant,
)
from byob_components.coreweave.byob import check
from byob_components.store import ByobRunError
from tests.coreweave.bad_input import COMBINED, OWN, SINGLE, STORE, WANDB
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import run

ROWS = [row for rows in SINGLE.values() for row in rows] + COMBINED
ROOT = Path(__file__).parents[2]
GRANT: dict[str, Any] = {
    "deployment": "dedicated",
    "wandb_organization_id": "acme",
    "bucket_name": "theirs",
    "bucket_policy_statements": [],
}


def refused(given: dict[str, Any]) -> ByobRunError:
    found: list[ByobRunError] = []

    def program() -> None:
        with pytest.raises(ByobRunError) as raised:
            CoreWeaveByob("vision", {**STORE, **given})  # type: ignore[typeddict-item]
        found.append(raised.value)

    assert run(program, AwsMocks()).resources == []
    return found[0]


def test_no_argument_is_without_a_row() -> None:
    assert sorted(SINGLE) == sorted(CoreWeaveByobArgs.__annotations__)
    for argument, rows in SINGLE.items():
        assert all(argument in given for given, _ in rows), argument
    assert len(ROWS) >= 40


@pytest.mark.parametrize(("given", "faults"), ROWS, ids=lambda value: str(value)[:60])
def test_every_fault_is_told_with_what_is_allowed_or_how_to_mend_it(given: dict[str, Any], faults: list[str]) -> None:
    error = refused(given)
    assert sorted(f"{fault.code} {fault.where}" for fault in error.faults) == faults
    for fault in error.faults:
        assert fault.allowed or fault.fix
        assert fault.code in str(error)
    assert "confidential" not in str(error)
    assert [str(fault) for fault in check({**STORE, **given})] == [str(fault) for fault in error.faults]  # type: ignore[typeddict-item]


@pytest.mark.parametrize("name", ["my_vision", "a" * 56, "-a", "cw-vision", "vip-vision"])
def test_a_resource_name_that_makes_no_bucket_name(name: str) -> None:
    with pytest.raises(ByobRunError, match="BYOB-CW-031"):
        record(CoreWeaveByob, STORE, name=name)
    assert record(CoreWeaveByob, {**STORE, "bucket_name": "acme"}, name=name).value("bucket_name") == "acme"


def test_why_an_argument_of_other_clouds_is_none_here() -> None:
    assert "W&B supports no customer key there" in str(refused({"kms_key_arn": "x"}))
    assert "W&B reaches CoreWeave by its own identity" in str(refused({"credential_keys": ["a"]}))
    assert "cwobject.com" in str(refused({"endpoint": "cwlota.com"}))
    assert "the Availability Zone that is the provider's region" in str(refused({"zone": "US-EAST-04A"}))
    assert "let other customers of W&B in" in str(refused({"wandb_organization_id": "*"}))


@pytest.mark.parametrize(
    ("component", "given", "codes"),
    [
        (CoreWeaveBucket, {"principals": [WANDB]}, ["BYOB-ARG-002"]),
        (CoreWeaveBucket, {"wandb_organization_id": "acme", "deployment": "dedicated"}, ["BYOB-ARG-001"]),
        (
            CoreWeaveBucket,
            {"wandb_organization_id": "acme", "force_destroy": True, "tags": {}},
            ["BYOB-CW-016", "BYOB-CW-021"],
        ),
        (CoreWeaveGrant, {**GRANT, "principals": []}, ["BYOB-CW-010"]),
        (CoreWeaveGrant, {**GRANT, "bucket_name": "vip-1", "principals": ["*"]}, ["BYOB-WANDB-011", "BYOB-WANDB-028"]),
        (CoreWeaveGrant, {**GRANT, "bucket_policy_statements": [OWN, OWN]}, ["BYOB-CW-019"]),
        (CoreWeaveGrant, {"deployment": "dedicated"}, ["BYOB-ARG-002", "BYOB-ARG-002", "BYOB-ARG-002"]),
    ],
)
def test_the_parts_refuse_by_themselves(component: Any, given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(ByobRunError) as raised:
        record(component, given)
    assert sorted(fault.code for fault in raised.value.faults) == codes


def test_every_code_has_its_entry_in_the_docs_and_a_row_here() -> None:
    source = "".join(path.read_text() for path in (ROOT / "byob_components/coreweave").glob("*.py"))
    codes = set(re.findall(r"BYOB-CW-\d{3}", source))
    told = set(re.findall(r"BYOB-CW-\d{3}", (ROOT / "docs/errors.md").read_text()))
    rows = {fault.split()[0] for _, faults in ROWS for fault in faults}
    assert codes == told
    # About the resource's name, tested above, and about a bucket made elsewhere, tested with grants.
    assert codes - rows == {"BYOB-CW-031", "BYOB-CW-028", "BYOB-CW-010"}
