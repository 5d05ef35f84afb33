"""V02, V03, V04, V06 and the bucket's policy in V19, judged from plain data, and the key that an object names in V11."""

from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.gcs.encryption import judge_encryption, judge_key, same_key
from byob_components.verify.gcs.presigned import judge_key_name
from byob_components.verify.gcs.settings import judge_location, judge_public_access, judge_versioning
from byob_components.verify.gcs.strangers import judge_policy
from byob_components.verify.result import Record
from byob_components.wandb.access import Access

KEY = "projects/acme/locations/europe-west1/keyRings/vision/cryptoKeys/vision"
OTHER = "projects/acme/locations/europe-west1/keyRings/vision/cryptoKeys/vision2"
UNIFORM = {"uniformBucketLevelAccess": {"enabled": True}}


@pytest.mark.parametrize(
    ("found", "declared", "state", "said"),
    [
        ("EUROPE-WEST1", "europe-west1", State.PASS, "location europe-west1"),
        ("EU", "eu", State.PASS, "location eu"),
        ("US", "EU", State.FAIL, "location us, declared eu"),
        ("", "EU", State.FAIL, "location , declared eu"),
    ],
)
def test_where_a_bucket_is(found: str, declared: str, state: State, said: str) -> None:
    record = Record()
    judge_location(record, found, declared)
    assert (record.state, record.evidence) == (state, [said])


@pytest.mark.parametrize(
    ("access", "state", "said"),
    [
        ({"publicAccessPrevention": "enforced"} | UNIFORM, State.PASS,
         ["public access prevention is enforced", "access is uniform: no access lists"]),
        ({"publicAccessPrevention": "inherited"} | UNIFORM, State.FAIL,
         ["public access prevention is inherited: an organization's policy may enforce it, the bucket does not",
          "access is uniform: no access lists"]),
        ({"publicAccessPrevention": "enforced", "uniformBucketLevelAccess": {"enabled": False}}, State.FAIL,
         ["public access prevention is enforced", "access is not uniform: an object's own access list can let anybody in"]),
        ({}, State.FAIL,
         ["public access prevention is inherited: an organization's policy may enforce it, the bucket does not",
          "access is not uniform: an object's own access list can let anybody in"]),
    ],
)  # fmt: skip
def test_public_access(access: dict[str, Any], state: State, said: list[str]) -> None:
    record = Record()
    judge_public_access(record, access)
    assert (record.state, record.evidence) == (state, said)


def kept(days: float, **more: Any) -> dict[str, Any]:
    return {
        "versioning": {"enabled": True},
        "softDeletePolicy": {"retentionDurationSeconds": str(int(days * 86400))},
        **more,
    }


@pytest.mark.parametrize(
    ("bucket", "declared", "state", "said"),
    [
        (kept(7), 7, State.PASS, ["versioning is enabled", "soft delete keeps 7 days"]),
        (kept(90), 0, State.PASS, ["versioning is enabled", "soft delete keeps 90 days"]),
        (kept(7.5), 7, State.FAIL, ["versioning is enabled", "soft delete keeps 7.5 days, declared 7"]),
        (kept(0), 0, State.FAIL, ["versioning is enabled", "soft delete is off: W&B's server refuses a bucket without soft delete"]),
        ({}, 7, State.FAIL, ["versioning is off", "soft delete is off: W&B's server refuses a bucket without soft delete"]),
        (kept(7, versioning={"enabled": False}), 7, State.FAIL, ["versioning is off", "soft delete keeps 7 days"]),
        (kept(7, retentionPolicy={"retentionPeriod": "86400"}), 7, State.WARN,
         ["versioning is enabled", "soft delete keeps 7 days", "a retention policy is on: W&B cannot overwrite or delete"]),
        (kept(7, defaultEventBasedHold=True), 7, State.WARN,
         ["versioning is enabled", "soft delete keeps 7 days", "the default event-based hold is on: W&B cannot overwrite or delete"]),
    ],
)  # fmt: skip
def test_what_is_kept_of_what_is_lost(bucket: dict[str, Any], declared: int, state: State, said: list[str]) -> None:
    record = Record()
    judge_versioning(record, bucket, declared)
    assert (record.state, record.evidence) == (state, said)


@pytest.mark.parametrize(
    ("found", "declared", "state", "said"),
    [
        (KEY, KEY, State.PASS, f"default key {KEY}"),
        ("", "", State.PASS, "Google manages the key"),
        (OTHER, KEY, State.FAIL, f"default key {OTHER}, declared {KEY}"),
        ("", KEY, State.FAIL, f"default key (Google manages it), declared {KEY}"),
        (KEY, "", State.FAIL, f"default key {KEY}, declared (Google manages it)"),
    ],
)
def test_encryption(found: str, declared: str, state: State, said: str) -> None:
    record = Record()
    judge_encryption(record, found, declared)
    assert (record.state, record.evidence) == (state, [said])


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [
        ({"purpose": "ENCRYPT_DECRYPT", "primary": {"state": "ENABLED"}}, State.PASS,
         ["the key's primary version is enabled, ENCRYPT_DECRYPT, not about to be destroyed"]),
        ({"purpose": "ENCRYPT_DECRYPT", "primary": {"state": "DISABLED"}}, State.FAIL,
         ["the key's primary version is DISABLED: nothing can be written"]),
        ({"purpose": "ENCRYPT_DECRYPT", "primary": {"state": "DESTROY_SCHEDULED", "destroyTime": "2026-12-24T10:00:00Z"}}, State.FAIL,
         ["the key's primary version is destroyed on 2026-12-24: what was written with it is lost then"]),
        ({"purpose": "ENCRYPT_DECRYPT"}, State.FAIL, ["the key's primary version is missing: nothing can be written"]),
        ({"purpose": "ASYMMETRIC_SIGN", "primary": {"state": "ENABLED"}}, State.FAIL,
         ["the key's purpose is ASYMMETRIC_SIGN, Cloud Storage needs ENCRYPT_DECRYPT"]),
    ],
)  # fmt: skip
def test_the_state_of_a_key(key: dict[str, Any], state: State, said: list[str]) -> None:
    record = Record()
    judge_key(record, key)
    assert (record.state, record.evidence) == (state, said)


@pytest.mark.parametrize(
    ("found", "declared", "same"),
    [
        (f"{KEY}/cryptoKeyVersions/3", KEY, True),
        (KEY, KEY, True),
        ("", "", True),
        (f"{OTHER}/cryptoKeyVersions/1", KEY, False),
        ("", KEY, False),
        (f"{KEY}/cryptoKeyVersions/1", "", False),
    ],
)
def test_the_key_that_an_object_names(found: str, declared: str, same: bool) -> None:
    record = Record()
    judge_key_name(record, found, declared)
    assert same_key(found, declared) is same
    assert record.state is (State.PASS if same else State.FAIL)


WHO, OTHER_ACCOUNT = "w@p.iam.gserviceaccount.com", "x@p.iam.gserviceaccount.com"
ADMIN, USER, READER = "roles/storage.admin", "roles/storage.objectUser", "roles/storage.legacyBucketReader"
PROJECT = {"role": "roles/storage.legacyBucketOwner", "members": {"projectOwner:acme", "projectEditor:acme"}}


def binding(role: str, *who: str, **more: Any) -> dict[str, Any]:
    return {
        "role": role,
        "members": {who_ if who_.startswith("all") else f"serviceAccount:{who_}" for who_ in who},
        **more,
    }


@pytest.mark.parametrize(
    ("bindings", "access", "state", "said"),
    [
        ([PROJECT, binding(ADMIN, WHO)], "documented", State.PASS, [f"{WHO} holds {ADMIN}"]),
        ([binding(USER, WHO), binding(READER, WHO)], "minimal", State.PASS, [f"{WHO} holds {READER}, {USER}"]),
        # W&B's own module gives both; the second is in the first.
        ([binding(ADMIN, WHO), binding("roles/storage.objectAdmin", WHO)], "documented", State.PASS,
         [f"{WHO} holds {ADMIN}, roles/storage.objectAdmin"]),
        ([PROJECT], "documented", State.FAIL, [f"{WHO} lacks {ADMIN}"]),
        ([binding(USER, WHO)], "minimal", State.FAIL, [f"{WHO} lacks {READER}"]),
        ([binding(ADMIN, WHO, condition={"expression": "true"})], "documented", State.FAIL,
         [f"{WHO} lacks {ADMIN} (only under a condition)"]),
        ([binding(USER, WHO), binding(READER, WHO), binding(ADMIN, WHO)], "minimal", State.FAIL,
         [f"{WHO} holds {ADMIN} too, which access 'minimal' does not give"]),
        ([binding(ADMIN, WHO), binding("roles/storage.objectViewer", "allUsers")], "documented", State.FAIL,
         [f"{WHO} holds {ADMIN}", "roles/storage.objectViewer is for allUsers"]),
        ([binding(ADMIN, WHO, OTHER_ACCOUNT)], "documented", State.WARN,
         [f"{WHO} holds {ADMIN}", f"{ADMIN} is also for serviceAccount:{OTHER_ACCOUNT}"]),
    ],
)  # fmt: skip
def test_who_holds_what(bindings: list[dict[str, Any]], access: str, state: State, said: list[str]) -> None:
    record = Record()
    judge_policy(record, bindings, [WHO], Access(access))
    assert (record.state, record.evidence) == (state, said)
