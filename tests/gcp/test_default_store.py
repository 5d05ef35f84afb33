"""The smallest call, and one with a customer key, resource by resource: type, name, parent, inputs, options and order."""

from typing import Any

import pytest

from byob_components.gcp import GcpByob
from tests.conformance.default_store import DefaultStoreContract, Resource
from tests.mocks.gcp import record
from tests.mocks.monitor import Run

DEPLOY = "deploy@wandb-production.iam.gserviceaccount.com"
AGENT = "service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
RING = "projects/acme-storage/locations/europe-west4/keyRings/vision-a1b2c3d"
KEY = f"{RING}/cryptoKeys/vision-a1b2c3d"
LABEL = {"wandb-byob-store": "byob_test_vision"}
SMALLEST: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "europe-west4"}

MEMBER = "BucketIAMMember::vision-storage-admin-ae886aa6"
RESOURCES: dict[str, Resource] = {
    "GcpByob": ("wandb-byob:index:GcpByob", "Stack", False, "", ""),
    "GcpKey": ("wandb-byob:index:GcpKey", "GcpByob", False, "", ""),
    "KeyRing": ("gcp:kms/keyRing:KeyRing", "GcpKey", True, "", ""),
    "CryptoKey": ("gcp:kms/cryptoKey:CryptoKey", "GcpKey", True, "", "KeyRing"),
    "CryptoKeyIAMMember": (
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        "GcpKey",
        False,
        "CryptoKey",
        "CryptoKey",
    ),
    "GcpBucket": (
        "wandb-byob:index:GcpBucket",
        "GcpByob",
        False,
        "",
        "KeyRing CryptoKey CryptoKeyIAMMember",
    ),
    "Bucket": ("gcp:storage/bucket:Bucket", "GcpBucket", True, "", "CryptoKey"),
    MEMBER: (
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "GcpBucket",
        False,
        "Bucket",
        "Bucket",
    ),
}
WITHOUT_KEY = ("GcpByob", "GcpBucket", "Bucket", MEMBER)
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
    MEMBER: {
        "bucket": "vision-a1b2c3d",
        "role": "roles/storage.admin",
        "member": f"serviceAccount:{DEPLOY}",
    },
}


class TestGcp(DefaultStoreContract):
    composite = GcpByob
    record = staticmethod(record)
    store = {**SMALLEST, "encryption": "new_key"}  # noqa: RUF012
    resources = RESOURCES
    inputs = INPUTS
    calls = ("getProjectServiceAccount",)
    components = ("GcpKey", "GcpBucket", "GcpByob")


@pytest.fixture(scope="module")
def made() -> Run:
    return TestGcp.made()


@pytest.fixture(scope="module")
def smallest() -> Run:
    return record(GcpByob, SMALLEST)


def test_a_full_store_stays_in_its_budget(made: Run) -> None:
    assert len(made.keys()) == 8


def test_the_smallest_call_differs_by_the_key_only(smallest: Run) -> None:
    assert sorted(smallest.keys()) == sorted(map(TestGcp.key, WITHOUT_KEY))
    for key in WITHOUT_KEY:
        wanted = {name: value for name, value in INPUTS[key].items() if name != "encryption"}
        assert smallest.one(key.partition("::")[0]).inputs == wanted
    assert smallest.calls == []


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


def test_a_preview_knows_what_it_can_and_nothing_more() -> None:
    seen = TestGcp.made(preview=True)
    assert {name for name, one in seen.outputs.items() if not one.known} == {"kms_key_id"}
