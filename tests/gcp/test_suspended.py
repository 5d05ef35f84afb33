"""Suspended paths keep data, address and hand-off, and lose the grant: all of them, as rights hold for the whole bucket."""

from collections.abc import Mapping
from typing import Any

from byob_components.gcp import GcpByob
from tests.conformance.suspended import SuspendedContract
from tests.mocks.gcp import record
from tests.mocks.monitor import Run

NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "EU", "principals": [NODE]}
SHARED: dict[str, Any] = {**STORE, "paths": ["vision", "nlp"]}
SUSPENDED: dict[str, dict[str, Any]] = {
    "root": {**STORE, "suspended_paths": ["/"]},
    "root, minimal": {**STORE, "access": "minimal", "suspended_paths": ["/"]},
    "all paths": {**SHARED, "suspended_paths": ["nlp", "vision"]},
    "preset": {"deployment": "dedicated", "level": "team", "location": "EU", "suspended_paths": ["/"]},
    "new key": {**STORE, "encryption": "new_key", "suspended_paths": ["/"]},
}
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({**SHARED, "suspended_paths": ["other"]}, "BYOB-GCP-029"),
    ({**STORE, "suspended_paths": ["vision"]}, "BYOB-GCP-029"),
    ({**SHARED, "suspended_paths": ["nlp"]}, "BYOB-GCP-030"),
    ({**SHARED, "access": "minimal", "suspended_paths": ["nlp"]}, "BYOB-GCP-030"),
]


class TestGcp(SuspendedContract):
    composite = GcpByob
    record = staticmethod(record)
    stores = SUSPENDED
    changed = frozenset({"BucketIAMMember"})
    refusals = REFUSALS

    def no_grant(self, seen: Run, given: Mapping[str, Any]) -> None:
        assert not [r.key for r in seen.resources if r.kind == "BucketIAMMember"]


def test_the_credentials_account_is_disabled_and_its_keys_stay() -> None:
    given = {**STORE, "principals": [], "credential_keys": ["a", "b"]}
    usual, seen = record(GcpByob, given), record(GcpByob, {**given, "suspended_paths": ["/"]})
    assert (usual.one("Account").inputs["disabled"], seen.one("Account").inputs["disabled"]) == (False, True)
    assert sorted(r.key for r in usual.resources) == sorted(r.key for r in seen.resources)
    assert usual.value("storage_addresses") == seen.value("storage_addresses")


def test_google_keeps_its_right_on_an_existing_key() -> None:
    key = "projects/acme-keys/locations/europe/keyRings/storage/cryptoKeys/wandb"
    given = {**STORE, "encryption": "existing_key", "kms_key_id": key, "suspended_paths": ["/"]}
    assert record(GcpByob, given).one("CryptoKeyIAMMember")
