"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

import re
from pathlib import Path
from typing import Any

import pulumi
import pytest

from byob_components.s3_compatible import (
    S3CompatibleBucket,
    S3CompatibleByob,
    S3CompatibleByobArgs,
    S3CompatibleGrant,
    S3CompatibleServer,
)
from byob_components.s3_compatible.byob import check
from byob_components.store import ByobRunError
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import run
from tests.s3_compatible.bad_input import COMBINED, OWN, SINGLE, STORE, USER

ROWS = [row for rows in SINGLE.values() for row in rows] + COMBINED
ROOT = Path(__file__).parents[2]


def refused(given: dict[str, Any]) -> ByobRunError:
    found: list[ByobRunError] = []

    def program() -> None:
        with pytest.raises(ByobRunError) as raised:
            S3CompatibleByob("vision", {**STORE, **given})  # type: ignore[typeddict-item]
        found.append(raised.value)

    assert run(program, AwsMocks()).resources == []
    return found[0]


def test_no_argument_is_without_a_row() -> None:
    assert sorted(SINGLE) == sorted(S3CompatibleByobArgs.__annotations__)
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
    assert "confidential" not in str(error)
    assert "123456789" not in str(error)
    assert [str(fault) for fault in check({**STORE, **given})] == [str(fault) for fault in error.faults]  # type: ignore[typeddict-item]


@pytest.mark.parametrize("name", ["my_vision", "a" * 56, "-a"])
def test_a_resource_name_that_makes_no_bucket_name(name: str) -> None:
    with pytest.raises(ByobRunError, match="BYOB-S3C-031"):
        record(S3CompatibleByob, STORE, name=name)
    assert record(S3CompatibleByob, {**STORE, "bucket_name": "acme"}, name=name).value("bucket_name") == "acme"


@pytest.mark.parametrize("argument", ["access_key", "secret_key"])
@pytest.mark.parametrize("secret", [False, True])
def test_a_key_that_is_known_later_is_never_shown(argument: str, secret: bool) -> None:
    def program() -> None:
        wrap = pulumi.Output.secret if secret else pulumi.Output.from_input
        S3CompatibleByob("vision", {**STORE, argument: wrap("confidential key")})  # type: ignore[misc]

    with pytest.raises(ByobRunError) as raised:
        run(program, AwsMocks())
    assert "BYOB-S3C-002" in str(raised.value)
    assert "confidential" not in str(raised.value)


def test_what_a_server_lacks_is_refused_with_its_reason() -> None:
    minio = {"server": "minio", "principals": []}
    assert "set MINIO_API_CORS_ALLOW_ORIGIN" in str(refused({**minio, "cors_max_age_seconds": 60}))
    assert "`mc admin policy`" in str(refused({**minio, "principals": [USER]}))
    assert "it is not among the capabilities given" in str(refused({"capabilities": [], "principals": [USER]}))
    assert "drop them without a word" in str(refused({"tags": {"a": "b"}}))


def test_a_multi_tenant_deployment_is_refused_with_the_clouds_that_it_has() -> None:
    (fault,) = refused({"deployment": "multi_tenant"}).faults
    assert "Multi-tenant Cloud has no team storage on S3-compatible stores" in fault.what
    assert fault.allowed == "at team level aws, gcp, coreweave"


@pytest.mark.parametrize(
    ("component", "given", "codes"),
    [
        (S3CompatibleBucket, {"server": "minio", "principals": [USER]}, ["BYOB-S3C-010"]),
        (S3CompatibleBucket, {"server": "aws"}, ["BYOB-ARG-005"]),
        (S3CompatibleBucket, {"server": "ceph", "access_key": "x"}, ["BYOB-ARG-001"]),
        (S3CompatibleBucket, {"server": "ceph", "force_destroy": True, "tags": {}}, ["BYOB-S3C-016", "BYOB-S3C-021"]),
        (
            S3CompatibleGrant,
            {"server": "minio", "bucket_name": "B", "principals": [USER], "bucket_policy_statements": []},
            ["BYOB-S3C-010", "BYOB-WANDB-027"],
        ),
        (
            S3CompatibleGrant,
            {"server": "ceph", "bucket_name": "theirs", "principals": ["*"], "bucket_policy_statements": [OWN, OWN]},
            ["BYOB-S3C-019", "BYOB-WANDB-011"],
        ),
        (S3CompatibleGrant, {"server": "ceph"}, ["BYOB-ARG-002", "BYOB-ARG-002", "BYOB-ARG-002"]),
    ],
)
def test_the_parts_refuse_by_themselves(component: Any, given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(ByobRunError) as raised:
        record(component, given)
    assert sorted(fault.code for fault in raised.value.faults) == codes


def test_every_code_has_its_entry_in_the_docs_and_a_row_here() -> None:
    source = "".join(path.read_text() for path in (ROOT / "byob_components/s3_compatible").glob("*.py"))
    codes = set(re.findall(r"BYOB-S3C-\d{3}", source))
    told = set(re.findall(r"BYOB-S3C-\d{3}", (ROOT / "docs/errors.md").read_text()))
    rows = {fault.split()[0] for _, faults in ROWS for fault in faults}
    assert codes == told
    # About the resource's name, tested above, and about a bucket made elsewhere, tested with grants.
    assert codes - rows == {"BYOB-S3C-031", "BYOB-S3C-028"}


def test_every_server_is_known_to_the_tests() -> None:
    assert [str(server) for server in S3CompatibleServer] == ["minio", "aistor", "ceph", "seaweedfs", "generic"]
