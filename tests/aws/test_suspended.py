"""Suspended paths keep data, address and hand-off, and lose the grant."""

import json
from typing import Any

import pytest

from byob_components.aws import AwsByob
from byob_components.store import ByobRunError
from tests.mocks.aws import record
from tests.mocks.monitor import Run

NODE = "arn:aws:iam::830241207209:role/acme-node"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "principals": [NODE]}
SHARED: dict[str, Any] = {**STORE, "access": "minimal", "paths": ["vision", "nlp"]}


def statements(seen: Run, kind: str = "BucketPolicy") -> dict[str, Any]:
    return {s["Sid"]: s for s in json.loads(seen.one(kind).inputs["policy"])["Statement"]}


def test_the_root_of_a_store() -> None:
    seen = record(AwsByob, {**STORE, "suspended_paths": ["/"]})
    assert "WAndBAccountAccess" not in statements(seen)
    assert "WAndBKeyUse" not in statements(seen, "Key")
    assert seen.value("principals") == []
    assert seen.value("principals_date") == ""
    assert seen.value("storage_addresses") == {"/": "s3://vision-a1b2c3d"}
    assert list(seen.value("handoffs")) == ["/"]


def test_one_path_of_a_shared_store() -> None:
    seen = record(AwsByob, {**SHARED, "suspended_paths": ["nlp"]})
    assert statements(seen)["WAndBObjectAccess"]["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]
    assert statements(seen)["WAndBAccountAccess"]["Principal"] == {"AWS": NODE}
    assert seen.value("paths") == ["vision", "nlp"]
    assert list(seen.value("storage_addresses")) == ["vision", "nlp"]
    assert list(seen.value("handoffs")) == ["vision", "nlp"]


def test_all_paths_of_a_shared_store() -> None:
    seen = record(AwsByob, {**SHARED, "suspended_paths": ["nlp", "vision"]})
    assert {"WAndBObjectAccess", "WAndBAccountAccess"} & statements(seen).keys() == set()


def test_a_suspended_preset_is_no_longer_the_preset() -> None:
    seen = record(AwsByob, {"deployment": "dedicated", "level": "team", "suspended_paths": ["/"]})
    assert (seen.value("principals"), seen.value("principals_date")) == ([], "")


def test_grants_on_an_existing_key_go() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    given = {**STORE, "encryption": "existing_key", "kms_key_arn": key, "suspended_paths": ["/"]}
    assert not [r.key for r in record(AwsByob, given).resources if r.kind == "Grant"]


def test_access_keys_are_switched_off_and_the_identity_gains_nothing() -> None:
    given = {**SHARED, "principals": [], "credential_keys": ["a", "b"]}
    usual, seen = record(AwsByob, given), record(AwsByob, {**given, "suspended_paths": ["vision", "nlp"]})
    assert {r.inputs["status"] for r in usual.resources if r.kind == "AccessKey"} == {"Active"}
    assert {r.inputs["status"] for r in seen.resources if r.kind == "AccessKey"} == {"Inactive"}
    assert statements(seen, "UserPolicy") == statements(usual, "UserPolicy")
    one = record(AwsByob, {**given, "suspended_paths": ["nlp"]})
    assert {r.inputs["status"] for r in one.resources if r.kind == "AccessKey"} == {"Active"}
    assert statements(one, "UserPolicy")["WAndBObjectAccess"]["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]


def test_nothing_but_the_grant_changes() -> None:
    def rest(seen: Run) -> dict[str, Any]:
        return {r.key: r.inputs for r in seen.resources if r.kind not in ("BucketPolicy", "Key")}

    assert rest(record(AwsByob, STORE)) == rest(record(AwsByob, {**STORE, "suspended_paths": ["/"]}))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**SHARED, "suspended_paths": ["other"]}, "BYOB-AWS-029"),
        ({**STORE, "suspended_paths": ["vision"]}, "BYOB-AWS-029"),
        ({**SHARED, "access": "documented", "suspended_paths": ["nlp"]}, "BYOB-AWS-030"),
    ],
)
def test_what_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(AwsByob, given)
    assert [fault.code for fault in refused.value.faults] == [code]
