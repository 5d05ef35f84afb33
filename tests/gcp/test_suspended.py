"""Suspended paths keep data, address and hand-off, and lose the grant: all of them, as rights hold for the whole bucket."""

from typing import Any

import pytest

from byob_components.gcp import GcpByob
from byob_components.store import ByobRunError
from tests.mocks.gcp import record

NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "EU", "principals": [NODE]}
SHARED: dict[str, Any] = {**STORE, "paths": ["vision", "nlp"]}


@pytest.mark.parametrize("access", ["documented", "minimal"])
def test_the_root_of_a_store(access: str) -> None:
    seen = record(GcpByob, {**STORE, "access": access, "suspended_paths": ["/"]})
    assert not [r.key for r in seen.resources if r.kind == "BucketIAMMember"]
    assert seen.value("principals") == []
    assert seen.value("principals_date") == ""
    assert seen.value("storage_addresses") == {"/": "gs://vision-a1b2c3d"}
    assert list(seen.value("handoffs")) == ["/"]


def test_all_paths_of_a_store() -> None:
    seen = record(GcpByob, {**SHARED, "suspended_paths": ["nlp", "vision"]})
    assert not [r.key for r in seen.resources if r.kind == "BucketIAMMember"]
    assert seen.value("paths") == ["vision", "nlp"]
    assert list(seen.value("storage_addresses")) == list(seen.value("handoffs")) == ["vision", "nlp"]


def test_a_suspended_preset_is_no_longer_the_preset() -> None:
    seen = record(GcpByob, {"deployment": "dedicated", "level": "team", "location": "EU", "suspended_paths": ["/"]})
    assert (seen.value("principals"), seen.value("principals_date")) == ([], "")


def test_the_credentials_account_is_disabled_and_its_keys_stay() -> None:
    given = {**STORE, "principals": [], "credential_keys": ["a", "b"]}
    usual, seen = record(GcpByob, given), record(GcpByob, {**given, "suspended_paths": ["/"]})
    assert (usual.one("Account").inputs["disabled"], seen.one("Account").inputs["disabled"]) == (False, True)
    assert sorted(r.key for r in usual.resources) == sorted(r.key for r in seen.resources)
    assert usual.value("storage_addresses") == seen.value("storage_addresses")


def test_nothing_but_the_grant_changes() -> None:
    for more in ({}, {"encryption": "new_key"}):
        usual, seen = record(GcpByob, {**STORE, **more}), record(GcpByob, {**STORE, **more, "suspended_paths": ["/"]})
        kept = {r.key: r.inputs for r in usual.resources if r.kind != "BucketIAMMember"}
        assert {r.key: r.inputs for r in seen.resources} == kept


def test_google_keeps_its_right_on_an_existing_key() -> None:
    key = "projects/acme-keys/locations/europe/keyRings/storage/cryptoKeys/wandb"
    given = {**STORE, "encryption": "existing_key", "kms_key_id": key, "suspended_paths": ["/"]}
    assert record(GcpByob, given).one("CryptoKeyIAMMember")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**SHARED, "suspended_paths": ["other"]}, "BYOB-GCP-029"),
        ({**STORE, "suspended_paths": ["vision"]}, "BYOB-GCP-029"),
        ({**SHARED, "suspended_paths": ["nlp"]}, "BYOB-GCP-030"),
        ({**SHARED, "access": "minimal", "suspended_paths": ["nlp"]}, "BYOB-GCP-030"),
    ],
)
def test_what_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(GcpByob, given)
    assert [fault.code for fault in refused.value.faults] == [code]
