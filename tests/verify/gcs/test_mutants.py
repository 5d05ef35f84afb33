"""A good bucket is green; a bucket that is broken in one place fails in exactly the checks that look there."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from byob_components.verify import State, verify_gcs
from sandbox.clouds.gcp.accounts import CUSTOMER
from tests.verify.gcs.buckets import (
    ADMIN,
    OTHER_INSTANCE,
    READER,
    STRANGER,
    USER,
    Bucket,
    MakeBucket,
    identity,
    make_key,
    signs_as_itself,
)

pytestmark = pytest.mark.server

OUTSIDERS = {f"V19:{STRANGER}", f"V19:{OTHER_INSTANCE}"}
WITHOUT_BROWSER = {"V16:browser", "V17:browser"}
NOT_DECLARED = {"V18", "V22", "V24"}  # no setting against plain HTTP, no grant by path, nobody signs by IAM
ALL = {f"V{number:02}" for number in (*range(2, 20), 21, 22, 24, 27)} | OUTSIDERS | {"V14:soft-delete", "V19:policy"}
DATA = {"V08", "V09", "V10", "V11", "V12", "V13", "V14", "V15"}


@pytest.mark.parametrize(
    ("minimal", "cmek", "skipped"), [(False, True, {"V17"}), (False, False, {"V17"}), (True, True, set())]
)
def test_a_good_bucket_is_green(make_bucket: MakeBucket, minimal: bool, cmek: bool, skipped: set[str]) -> None:
    bucket = make_bucket(minimal=minimal, cmek=cmek)
    report = verify_gcs(bucket.store, bucket.cast)
    assert set(report.ids(State.SKIP)) == skipped | WITHOUT_BROWSER | NOT_DECLARED
    assert set(report.ids(State.PASS)) == ALL - skipped - NOT_DECLARED, report.to_text()
    assert report.ok
    assert bucket.contents() == []


def test_the_root_of_a_bucket_can_be_the_path(make_bucket: MakeBucket) -> None:
    bucket = make_bucket(cmek=False)
    report = verify_gcs(replace(bucket.store, path="/"), bucket.cast)
    assert (report.ok, report.ids(State.WARN), bucket.contents()) == (True, [], [])


def test_a_server_without_a_private_key_signs_by_iam(make_bucket: MakeBucket) -> None:
    bucket = make_bucket(cmek=False)
    bucket.run_by_own_server(signs_as_itself(bucket))
    report = verify_gcs(bucket.store, bucket.cast)
    assert set(report.ids(State.PASS)) == ALL - {"V17", "V18", "V22"}, report.to_text()
    assert report.ok


def test_a_server_that_may_not_sign_cannot_hand_out_urls(make_bucket: MakeBucket) -> None:
    bucket = make_bucket(cmek=False)
    bucket.run_by_own_server(signs_as_itself(bucket, may=False))
    report = verify_gcs(bucket.store, bucket.cast)
    assert set(report.ids(State.FAIL)) == {"V10", "V11", "V14", "V24"}, report.to_text()
    told = next(r for r in report.results if r.id == "V10")
    assert told.fix.startswith(
        "grant roles/iam.serviceAccountTokenCreator on W&B's service account to that account itself"
    )
    assert bucket.contents() == []


def _roles(*roles: str) -> Callable[[Bucket], None]:
    return lambda bucket: bucket.regrant(*roles)


def _conditioned(bucket: Bucket) -> None:
    """The rights are as good as before, and a condition stands on one of them."""
    bucket.regrant(READER)
    condition = {"title": "objects", "expression": "resource.type == 'storage.googleapis.com/Object'"}
    bucket.grant(USER, condition=condition)


def _declare(**changes: object) -> Callable[[Bucket], None]:
    def change(bucket: Bucket) -> None:
        bucket.store = replace(bucket.store, **changes)

    return change


def _public(member: str) -> Callable[[Bucket], None]:
    def change(bucket: Bucket) -> None:
        bucket.patch(iamConfiguration={"publicAccessPrevention": "inherited"})
        bucket.let_in("roles/storage.objectAdmin", member)

    return change


def _to(name: str, role: str) -> Callable[[Bucket], None]:
    return lambda bucket: bucket.grant(role, who=getattr(bucket.accounts, name))


def _another_key(bucket: Bucket) -> None:
    other = make_key(bucket.server, bucket.http, bucket.gcs, f"{bucket.name}-other")
    bucket.patch(encryption={"defaultKmsKeyName": other})


def _key_not_for_cloud_storage(bucket: Bucket) -> None:
    answer = bucket.http.post(f"{bucket.server.apis}/v1/{bucket.key}:setIamPolicy", json={"policy": {"bindings": []}})
    assert answer.ok, answer.text


def _owner_who_deletes_nothing(bucket: Bucket) -> None:
    who = bucket.accounts.wandb_multi_tenant
    bucket.grant("roles/storage.objectViewer", "roles/storage.objectCreator", READER, who=who)
    bucket.cast = replace(bucket.cast, owner=identity("an owner who deletes nothing", who))


def _delete_rule(**condition: object) -> Callable[[Bucket], None]:
    return lambda bucket: bucket.lifecycle({"action": {"type": "Delete"}, "condition": condition})


MUTANTS: dict[str, tuple[Callable[[Bucket], object], set[str]]] = {
    # CORS: the configuration (V05) and the server's answers (V16) are two witnesses of one thing.
    "CORS without PUT": (lambda b: b.cors(method=["GET", "HEAD"]), {"V05", "V16"}),
    "CORS without HEAD": (lambda b: b.cors(method=["GET", "PUT"]), {"V05", "V16"}),
    "CORS hides the ETag": (lambda b: b.cors(responseHeader=["Content-Type", "Content-MD5"]), {"V05", "V16"}),
    "CORS for another page": (lambda b: b.cors(origin=["https://intranet.example.com"]), {"V05", "V16"}),
    "CORS without Content-MD5": (lambda b: b.cors(responseHeader=["Content-Type", "ETag"]), {"V05", "V16"}),
    "no CORS": (lambda b: b.patch(cors=[]), {"V05", "V16"}),
    # What is lost
    "versioning off": (lambda b: b.patch(versioning={"enabled": False}), {"V06", "V14"}),
    "soft delete off": (lambda b: b.patch(softDeletePolicy={"retentionDurationSeconds": "0"}), {"V06", "V14:soft-delete"}),
    "soft delete for longer than declared": (lambda b: b.patch(softDeletePolicy={"retentionDurationSeconds": "1209600"}), {"V06"}),
    # Public access
    "public access not prevented": (lambda b: b.patch(iamConfiguration={"publicAccessPrevention": "inherited"}), {"V03"}),
    "access lists": (lambda b: b.patch(iamConfiguration={"uniformBucketLevelAccess": {"enabled": False}}), {"V03"}),
    "open to everybody": (_public("allUsers"), {"V03", "V19", "V19:policy", *OUTSIDERS}),
    "open to everybody who logs in": (_public("allAuthenticatedUsers"), {"V03", "V19:policy", *OUTSIDERS}),
    "open to a stranger": (_to("stranger", "roles/storage.objectViewer"), {f"V19:{STRANGER}"}),
    "a stranger may list": (_to("stranger", READER), {f"V19:{STRANGER}"}),
    "a stranger may write": (_to("stranger", "roles/storage.objectCreator"), {f"V19:{STRANGER}"}),
    "open to another instance": (_to("wandb_other_instance", ADMIN), {f"V19:{OTHER_INSTANCE}"}),
    # Lifecycle
    "current objects expire": (_delete_rule(age=90, matchesPrefix=["vision/"]), {"V07"}),
    "old generations go at once": (_delete_rule(numNewerVersions=1), {"V07"}),
    "old generations expire too soon": (lambda b: b.lifecycle(noncurrent=1), {"V07"}),
    "uploads are dropped too soon": (lambda b: b.lifecycle(abort=1), {"V07"}),
    "no lifecycle": (lambda b: b.patch(lifecycle=None), {"V07"}),
    # Encryption
    "another key": (_another_key, {"V04", "V11"}),
    "Google's key": (lambda b: b.patch(encryption=None), {"V04", "V11"}),
    "key disabled": (lambda b: b.version(state="DISABLED"), {"V04", "V10", "V12", "V13"}),
    "key about to be destroyed": (lambda b: b.version("destroy"), {"V04", "V10", "V12", "V13"}),
    "key not for Cloud Storage": (_key_not_for_cloud_storage, {"V10", "V12", "V13"}),
    # The grant
    "the grant is revoked": (lambda b: b.revoke(), {"V02", "V05", "V06", "V19:policy", *DATA}),
    "W&B may not see settings": (_roles(USER), {"V02", "V05", "V06", "V19:policy"}),
    "W&B may only read": (_roles("roles/storage.objectViewer", READER), {"V10", "V12", "V13", "V15", "V19:policy"}),
    "W&B may only write": (_roles("roles/storage.objectCreator", READER), {"V11", "V12", "V14", "V15", "V19:policy"}),
    "W&B may not list": (
        _roles("roles/storage.objectCreator", "roles/storage.legacyObjectReader", "roles/storage.bucketViewer"),
        {"V08", "V09", "V15", "V19:policy"},
    ),
    # What was declared
    "another location was declared": (_declare(location="europe-west4"), {"V02"}),
    "other days were declared": (_declare(noncurrent_days=60), {"V07"}),
    "less was declared": (_declare(access="minimal"), {"V19:policy"}),
    "another principal was declared": (_declare(principals=(f"nobody@{CUSTOMER}.iam.gserviceaccount.com",)), {"V19:policy"}),
    "a signer was declared": (_declare(signer=True), {"V24"}),
    # The clean-up
    "the owner deletes nothing": (_owner_who_deletes_nothing, {"V04", "V14:soft-delete", "V19:policy", "V27"}),
}  # fmt: skip
ONLY_WITH_CMEK = {"another key", "Google's key", "key disabled", "key about to be destroyed", "key not for Cloud Storage", "the owner deletes nothing"}  # fmt: skip
MINIMAL_MUTANTS: dict[str, tuple[Callable[[Bucket], object], set[str]]] = {
    "CORS for everybody": (lambda b: b.cors(origin=["*"]), {"V17"}),
    "W&B holds more": (lambda b: b.grant(ADMIN), {"V19:policy"}),
    "W&B's role has a condition": (_conditioned, {"V19:policy"}),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_what_is_broken_fails_and_nothing_else(make_bucket: MakeBucket, name: str) -> None:
    change, expected = MUTANTS[name]
    bucket = make_bucket(cmek=name in ONLY_WITH_CMEK)
    change(bucket)
    report = verify_gcs(bucket.store, bucket.cast)
    assert (set(report.ids(State.FAIL)), report.ok) == (expected, False), report.to_text()
    assert not report.troubles, report.to_text()
    assert all(result.fix and result.evidence for result in report.results if result.state is State.FAIL)
    assert bucket.contents() == [] or "V27" in expected


@pytest.mark.parametrize("name", MINIMAL_MUTANTS)
def test_what_is_too_wide_under_minimal_fails(make_bucket: MakeBucket, name: str) -> None:
    change, expected = MINIMAL_MUTANTS[name]
    bucket = make_bucket(minimal=True, cmek=False)
    change(bucket)
    report = verify_gcs(bucket.store, bucket.cast)
    assert set(report.ids(State.FAIL)) == expected, report.to_text()
    assert bucket.contents() == []
