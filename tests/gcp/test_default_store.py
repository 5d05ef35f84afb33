"""The smallest call, and one with a customer key, resource by resource: type, name, parent, inputs, options and order."""

from typing import Any

import pytest

from byob_components.gcp import GcpByob
from tests.mocks.gcp import record
from tests.mocks.monitor import Run

DEPLOY = "deploy@wandb-production.iam.gserviceaccount.com"
AGENT = "service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
RING = "projects/acme-storage/locations/europe-west4/keyRings/vision-a1b2c3d"
KEY = f"{RING}/cryptoKeys/vision-a1b2c3d"
LABEL = {"wandb-byob-store": "byob_test_vision"}
SMALLEST: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "europe-west4"}

# kind -> (whole type, name, parent's kind, protected, deleted with, comes after)
RESOURCES: dict[str, tuple[str, str, str, bool, str, str]] = {
    "GcpByob": ("wandb-byob:index:GcpByob", "vision", "Stack", False, "", ""),
    "GcpKey": ("wandb-byob:index:GcpKey", "vision", "GcpByob", False, "", ""),
    "KeyRing": ("gcp:kms/keyRing:KeyRing", "vision", "GcpKey", True, "", ""),
    "CryptoKey": ("gcp:kms/cryptoKey:CryptoKey", "vision", "GcpKey", True, "", "KeyRing"),
    "CryptoKeyIAMMember": (
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        "vision",
        "GcpKey",
        False,
        "CryptoKey",
        "CryptoKey",
    ),
    "GcpBucket": (
        "wandb-byob:index:GcpBucket",
        "vision",
        "GcpByob",
        False,
        "",
        "KeyRing CryptoKey CryptoKeyIAMMember",
    ),
    "Bucket": ("gcp:storage/bucket:Bucket", "vision", "GcpBucket", True, "", "CryptoKey"),
    "BucketIAMMember": (
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "vision-storage-admin-ae886aa6",
        "GcpBucket",
        False,
        "Bucket",
        "Bucket",
    ),
}
WITHOUT_KEY = ("GcpByob", "GcpBucket", "Bucket", "BucketIAMMember")
INPUTS: dict[str, dict[str, Any]] = {
    "GcpByob": {},
    "GcpKey": {},
    "GcpBucket": {},
    "KeyRing": {"location": "europe-west4"},
    "CryptoKey": {
        "keyRing": RING,
        "purpose": "ENCRYPT_DECRYPT",
        "rotationPeriod": "7776000s",
        "destroyScheduledDuration": "2592000s",
        "labels": LABEL,
    },
    "CryptoKeyIAMMember": {
        "cryptoKeyId": KEY,
        "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "member": f"serviceAccount:{AGENT}",
    },
    "Bucket": {
        "location": "europe-west4",
        "forceDestroy": False,
        "labels": LABEL,
        "uniformBucketLevelAccess": True,
        "publicAccessPrevention": "enforced",
        "versioning": {"enabled": True},
        "softDeletePolicy": {"retentionDurationSeconds": 604800},
        "encryption": {"defaultKmsKeyName": KEY},
        "cors": [
            {"origins": ["*"], "methods": ["GET", "HEAD", "PUT"], "responseHeaders": ["*"], "maxAgeSeconds": 3000}
        ],
        "lifecycleRules": [
            {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 30, "withState": "ARCHIVED"}},
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}},
        ],
    },
    "BucketIAMMember": {
        "bucket": "vision-a1b2c3d",
        "role": "roles/storage.admin",
        "member": f"serviceAccount:{DEPLOY}",
    },
}


@pytest.fixture(scope="module")
def made() -> Run:
    return record(GcpByob, {**SMALLEST, "encryption": "new_key"})


@pytest.fixture(scope="module")
def smallest() -> Run:
    return record(GcpByob, SMALLEST)


def test_it_registers_these_resources_and_no_others(made: Run, smallest: Run) -> None:
    assert sorted(made.keys()) == sorted(f"{kind}::{row[1]}" for kind, row in RESOURCES.items())
    assert sorted(smallest.keys()) == sorted(f"{kind}::{RESOURCES[kind][1]}" for kind in WITHOUT_KEY)


def test_a_full_store_stays_in_its_budget(made: Run) -> None:
    assert len(made.keys()) == 8


@pytest.mark.parametrize("kind", RESOURCES)
def test_type_parent_and_options(made: Run, kind: str) -> None:
    type_, name, parent, protected, with_, after = RESOURCES[kind]
    found = made.one(kind)
    assert (found.type, found.name) == (type_, name)
    assert found.custom is not type_.startswith("wandb-byob:")
    assert found.parent.rpartition("::")[0].rpartition(":")[2] == parent
    assert found.protect is protected
    assert found.deleted_with == (made.one(with_).key if with_ else "")
    assert found.dependencies == {made.one(other).key for other in after.split()}
    assert found.retain_on_delete is None
    assert found.ignore_changes == ()
    assert found.provider == ""


@pytest.mark.parametrize("kind", RESOURCES)
def test_inputs_are_these_and_none_is_secret(made: Run, kind: str) -> None:
    assert made.one(kind).inputs == INPUTS[kind]


@pytest.mark.parametrize("kind", WITHOUT_KEY)
def test_the_smallest_call_differs_by_the_key_only(smallest: Run, kind: str) -> None:
    wanted = {name: value for name, value in INPUTS[kind].items() if name != "encryption"}
    assert smallest.one(kind).inputs == wanted
    assert smallest.calls == []


def test_each_component_registers_its_outputs_once_the_composite_last(made: Run) -> None:
    assert [key.rpartition("::")[0].rpartition(":")[2] for key in made.registered_outputs] == [
        "GcpKey",
        "GcpBucket",
        "GcpByob",
    ]


def test_outputs(made: Run, smallest: Run) -> None:
    assert made.value("storage_addresses") == {"/": "gs://vision-a1b2c3d"}
    assert made.value("bucket_name") == "vision-a1b2c3d"
    assert made.value("paths") == ["/"]
    assert made.value("region") == "europe-west4"
    assert made.value("kms_key_id") == KEY
    assert smallest.value("kms_key_id") == ""
    assert made.value("principals") == [DEPLOY]
    assert made.value("principals_date") == "2026-08-19"
    assert list(made.value("handoffs")) == ["/"]
    assert made.value("server_env") == {}
    assert made.value("server_secrets") == {}
    assert [name for name, seen in made.outputs.items() if seen.secret] == ["server_secrets"]


def test_the_hand_off_says_when_data_is_gone_and_names_no_key(made: Run) -> None:
    handoff = made.value("handoffs")["/"]
    assert handoff["erasure_days"] == 37
    assert handoff["address"] == "gs://vision-a1b2c3d"
    assert "cryptoKeys" not in str(handoff)
    longer = record(GcpByob, {**SMALLEST, "soft_delete_days": 90, "noncurrent_days": 10})
    assert longer.value("handoffs")["/"]["erasure_days"] == 100


def test_a_self_managed_instance_is_told_its_bucket() -> None:
    given = {**SMALLEST, "deployment": "self_managed", "level": "instance", "principals": [DEPLOY], "signer": True}
    seen = record(GcpByob, {**given, "encryption": "new_key"})
    assert seen.value("server_env") == {"GORILLA_ARTIFACT_GC_ENABLED": "true", "BUCKET": "gs://vision-a1b2c3d"}


@pytest.mark.parametrize(
    ("location", "ring", "region"),
    [
        ("EU", "europe", "eu"),
        ("eu", "europe", "eu"),
        ("US", "us", "us"),
        ("ASIA", "asia", "asia"),
        ("EUR4", "eur4", "eur4"),
        ("NAM4", "nam4", "nam4"),
        ("US-EAST1", "us-east1", "us-east1"),
    ],
)
def test_the_key_is_where_the_bucket_is(location: str, ring: str, region: str) -> None:
    seen = record(GcpByob, {**SMALLEST, "location": location, "encryption": "new_key"})
    assert seen.one("Bucket").inputs["location"] == location
    assert seen.one("KeyRing").inputs["location"] == ring
    assert seen.value("region") == region


def test_registered_outputs_are_those_of_the_class(made: Run) -> None:
    assert sorted(made.one("GcpByob").outputs) == sorted(
        name.split("_")[0] + "".join(part.capitalize() for part in name.split("_")[1:]) for name in made.outputs
    )


def test_a_preview_knows_what_it_can_and_nothing_more() -> None:
    seen = record(GcpByob, {**SMALLEST, "encryption": "new_key"}, preview=True)
    assert sorted(seen.keys()) == sorted(f"{kind}::{row[1]}" for kind, row in RESOURCES.items())
    assert {name for name, one in seen.outputs.items() if not one.known} == {"kms_key_id"}
