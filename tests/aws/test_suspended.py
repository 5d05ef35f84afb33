"""Suspended paths keep data, address and hand-off, and lose the grant."""

import json
from collections.abc import Mapping
from typing import Any

from byob_components.aws import AwsByob
from tests.conformance.suspended import SuspendedContract
from tests.mocks.aws import record
from tests.mocks.monitor import Run

NODE = "arn:aws:iam::830241207209:role/acme-node"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "principals": [NODE]}
SHARED: dict[str, Any] = {**STORE, "access": "minimal", "paths": ["vision", "nlp"]}
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
SUSPENDED: dict[str, dict[str, Any]] = {
    "root": {**STORE, "suspended_paths": ["/"]},
    "all paths": {**SHARED, "suspended_paths": ["nlp", "vision"]},
    "preset": {"deployment": "dedicated", "level": "team", "suspended_paths": ["/"]},
    "existing key": {**STORE, "encryption": "existing_key", "kms_key_arn": KEY, "suspended_paths": ["/"]},
}
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({**SHARED, "suspended_paths": ["other"]}, "BYOB-AWS-029"),
    ({**STORE, "suspended_paths": ["vision"]}, "BYOB-AWS-029"),
    ({**SHARED, "access": "documented", "suspended_paths": ["nlp"]}, "BYOB-AWS-030"),
]


def statements(seen: Run, kind: str = "BucketPolicy") -> dict[str, Any]:
    return {s["Sid"]: s for s in json.loads(seen.one(kind).inputs["policy"])["Statement"]}


class TestAws(SuspendedContract):
    composite = AwsByob
    record = staticmethod(record)
    stores = SUSPENDED
    changed = frozenset({"BucketPolicy", "Key", "Grant"})
    refusals = REFUSALS

    def no_grant(self, seen: Run, given: Mapping[str, Any]) -> None:
        assert {"WAndBObjectAccess", "WAndBAccountAccess"} & statements(seen).keys() == set()
        assert not [r.key for r in seen.resources if r.kind == "Grant"]
        if "encryption" not in given:
            assert "WAndBKeyUse" not in statements(seen, "Key")


def test_one_path_of_a_shared_store() -> None:
    seen = record(AwsByob, {**SHARED, "suspended_paths": ["nlp"]})
    assert statements(seen)["WAndBObjectAccess"]["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]
    assert statements(seen)["WAndBAccountAccess"]["Principal"] == {"AWS": NODE}
    assert seen.value("paths") == ["vision", "nlp"]
    assert list(seen.value("storage_addresses")) == ["vision", "nlp"]
    assert list(seen.value("handoffs")) == ["vision", "nlp"]


def test_access_keys_are_switched_off_and_the_identity_gains_nothing() -> None:
    given = {**SHARED, "principals": [], "credential_keys": ["a", "b"]}
    usual, seen = record(AwsByob, given), record(AwsByob, {**given, "suspended_paths": ["vision", "nlp"]})
    assert {r.inputs["status"] for r in usual.resources if r.kind == "AccessKey"} == {"Active"}
    assert {r.inputs["status"] for r in seen.resources if r.kind == "AccessKey"} == {"Inactive"}
    assert statements(seen, "UserPolicy") == statements(usual, "UserPolicy")
    one = record(AwsByob, {**given, "suspended_paths": ["nlp"]})
    assert {r.inputs["status"] for r in one.resources if r.kind == "AccessKey"} == {"Active"}
    assert statements(one, "UserPolicy")["WAndBObjectAccess"]["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]
