"""The identity for W&B on another cloud: its rights are the grant's, its keys rotate, its address is secret."""

import json
from typing import Any

import pytest

from byob_components.gcp import GcpByob, GcpCredential
from byob_components.gcp.credential import private_key
from byob_components.store import ByobRunError
from byob_components.wandb.address import parse
from tests.mocks.gcp import record
from tests.mocks.monitor import Run

STORE: dict[str, Any] = {"deployment": "self_managed", "level": "team", "location": "EU", "principals": []}
EMAIL = "vision-a1b2c3d@acme-storage.iam.gserviceaccount.com"
PEM = "-----BEGIN PRIVATE KEY-----\nconfidential+of/vision-2026-11=\n-----END PRIVATE KEY-----\n"
ESCAPED = "-----BEGIN%20PRIVATE%20KEY-----%0Aconfidential%2Bof%2Fvision-2026-11%3D%0A-----END%20PRIVATE%20KEY-----%0A"
ADDRESS = f"gs://vision-a1b2c3d%40acme-storage.iam.gserviceaccount.com:{ESCAPED}@vision-a1b2c3d/team/a"


def keys(seen: Run) -> list[str]:
    return sorted(r.name for r in seen.resources if r.kind == "Key")


def test_one_key_and_two_during_a_rotation_the_address_carries_the_newest() -> None:
    assert keys(record(GcpByob, {**STORE, "credential_keys": ["2026-11"]})) == ["vision-2026-11"]
    seen = record(GcpByob, {**STORE, "paths": ["team/a"], "credential_keys": ["2026-05", "2026-11"]})
    assert keys(seen) == ["vision-2026-05", "vision-2026-11"]
    assert seen.value("storage_addresses") == {"team/a": ADDRESS}
    assert seen.outputs["storage_addresses"].secret
    found = parse(ADDRESS)
    assert (found.access_key, found.secret_key, found.bucket, found.path) == (EMAIL, PEM, "vision-a1b2c3d", "team/a")


def test_a_rotation_touches_no_other_resource() -> None:
    def rest(labels: list[str]) -> dict[str, Any]:
        seen = record(GcpByob, {**STORE, "credential_keys": labels})
        return {r.key: r.inputs for r in seen.resources if r.kind != "Key"}

    assert rest(["a"]) == rest(["a", "b"]) == rest(["b"])


def test_options_of_its_children() -> None:
    seen = record(GcpCredential, {"bucket_name": "theirs", "credential_keys": ["a", "b"]})
    account = "gcp:serviceaccount/account:Account::vision"
    options = {r.kind: (r.protect, r.deleted_with, r.retain_on_delete, r.ignore_changes) for r in seen.resources}
    assert options["Account"] == (True, "", None, ())
    assert options["Key"] == options["BucketIAMMember"] == (False, account, None, ())
    assert {r.parent for r in seen.resources if r.type.startswith("gcp:")} == {"wandb-byob:index:GcpCredential::vision"}
    assert set(seen.one("Key", "vision-a").secret_outputs) >= {"privateKey"}


@pytest.mark.parametrize(
    ("access", "roles"),
    [
        ("documented", {"roles/storage.admin"}),
        ("minimal", {"roles/storage.objectUser", "roles/storage.legacyBucketReader"}),
    ],
)
def test_its_rights_are_the_grants_and_no_more(access: str, roles: set[str]) -> None:
    seen = record(GcpByob, {**STORE, "credential_keys": ["a"], "access": access, "encryption": "new_key"})
    assert {(r.inputs["role"], r.inputs["member"]) for r in seen.resources if r.kind == "BucketIAMMember"} == {
        (role, f"serviceAccount:{EMAIL}") for role in roles
    }
    on_key = {r.inputs["member"] for r in seen.resources if r.kind == "CryptoKeyIAMMember"}
    assert on_key == {"serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com"}


def test_nobody_else_holds_a_grant_unless_named() -> None:
    given = {"deployment": "dedicated", "level": "team", "location": "EU", "credential_keys": ["a"]}
    deploy = "deploy@wandb-production.iam.gserviceaccount.com"
    assert record(GcpByob, given).value("principals") == []
    named = record(GcpByob, {**given, "principals": [deploy]})
    assert {r.inputs["member"] for r in named.resources if r.kind == "BucketIAMMember"} == {
        f"serviceAccount:{EMAIL}",
        f"serviceAccount:{deploy}",
    }


def test_the_secret_is_in_secret_outputs_only_and_in_no_input() -> None:
    seen = record(GcpByob, {**STORE, "credential_keys": ["2026-11"]})
    assert {name for name, one in seen.outputs.items() if one.secret} == {"storage_addresses", "server_secrets"}
    for name, one in seen.outputs.items():
        assert ("confidential" in json.dumps(one.value)) is one.secret, name
    for resource in seen.resources:
        assert "confidential" not in json.dumps(resource.inputs)
    assert seen.value("server_secrets") == {"GORILLA_SUPPORTED_FILE_STORES": seen.value("storage_addresses")["/"]}
    assert "gs://****:****@vision-a1b2c3d" in json.dumps(seen.value("handoffs"))


def test_an_instance_reads_its_keys_from_the_variable() -> None:
    seen = record(GcpByob, {**STORE, "level": "instance", "credential_keys": ["2026-11"]})
    assert seen.value("server_secrets") == {"BUCKET": ADDRESS.removesuffix("/team/a")}
    assert seen.value("server_env") == {"GORILLA_ARTIFACT_GC_ENABLED": "true"}


def test_the_credentials_own_outputs() -> None:
    seen = record(GcpCredential, {"bucket_name": "theirs", "credential_keys": ["2026-11"]})
    assert seen.value("service_account_email") == EMAIL
    assert seen.value("private_key") == PEM
    assert {name for name, one in seen.outputs.items() if one.secret} == {"private_key"}


def test_a_preview_marks_the_address_as_secret_before_it_is_known() -> None:
    seen = record(GcpByob, {**STORE, "credential_keys": ["a"]}, preview=True)
    assert (seen.outputs["storage_addresses"].known, seen.outputs["storage_addresses"].secret) == (False, True)


def test_the_private_key_is_taken_from_the_credentials_file() -> None:
    # {"type": "service_account", "private_key": "abc\ndef\n", "client_email": "x"}
    file = "eyJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCIsICJwcml2YXRlX2tleSI6ICJhYmNcbmRlZlxuIiwgImNsaWVudF9lbWFpbCI6ICJ4In0="
    assert private_key(file) == "abc\ndef\n"


def test_a_name_that_is_too_long_for_an_account_needs_an_id() -> None:
    given = {**STORE, "credential_keys": ["a"]}
    with pytest.raises(ByobRunError) as refused:
        record(GcpByob, given, name="a" * 23)
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("BYOB-GCP-032", "name")]
    made = record(GcpByob, {**given, "credential_account_id": "wandb-vision"}, name="a" * 23)
    assert made.one("Account").inputs["accountId"] == "wandb-vision"
    for name in ("1st", "Vision", "a_b"):
        with pytest.raises(ByobRunError, match="BYOB-GCP-032"):
            record(GcpCredential, {"bucket_name": "theirs", "credential_keys": ["a"]}, name=name)
