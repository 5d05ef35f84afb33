"""Protected, unprotected, released: the options of every child, and what a removal would do with them."""

import functools
from typing import Any

import pytest

from byob_components.gcp import GcpByob
from tests.mocks.deletion import all_needs, batches, reaches_cloud
from tests.mocks.gcp import record
from tests.mocks.monitor import Registered, Run

KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
SERVER = "wandb@acme-servers.iam.gserviceaccount.com"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "europe-west4"}
STORES: dict[str, dict[str, Any]] = {
    "provider's key": {},
    "new key": {"encryption": "new_key"},
    "existing key": {"encryption": "existing_key", "kms_key_id": KEY},
    "minimal": {"access": "minimal"},
    "credential": {"credential_keys": ["2026-05", "2026-11"]},
    "credential and new key": {"credential_keys": ["2026-11"], "encryption": "new_key"},
    "credential and existing key": {"credential_keys": ["a"], "encryption": "existing_key", "kms_key_id": KEY},
    "signer": {"deployment": "self_managed", "principals": [SERVER], "signer": True},
    "usage logs": {"access_log_bucket": "acme-logs"},
}
DATA = {"KeyRing", "CryptoKey", "Bucket", "Account"}
GRANTS = {"CryptoKeyIAMMember", "BucketIAMMember", "IAMMember", "Key"}
COMPONENTS = {"GcpByob", "GcpKey", "GcpBucket", "GcpCredential"}


@functools.cache
def store(name: str, protection: str | None = None) -> Run:
    more = {} if protection is None else {"protection": protection}
    return record(GcpByob, {**BASE, **STORES[name], **more})


def children(run: Run) -> list[Registered]:
    return [r for r in run.resources if not r.type.startswith("pulumi:")]


def place(run: Run, kind: str) -> int:
    """The batch in which a kind is deleted, the first of it."""
    return next(i for i, batch in enumerate(batches(children(run))) if kind in {r.kind for r in batch})


@pytest.mark.parametrize("name", STORES)
def test_protected_is_what_describes_data_keys_and_identity_and_nothing_else(name: str) -> None:
    for resource in children(store(name)):
        assert resource.kind in DATA | GRANTS | COMPONENTS
        assert resource.protect is (resource.kind in DATA), resource.key


@pytest.mark.parametrize("name", STORES)
def test_a_removal_stops_before_anything_is_touched(name: str) -> None:
    """Members go with their bucket or account, so that a batch of them only forgets; the next one is refused."""
    made = children(store(name))
    for batch in batches(made):
        assert not [r.key for r in batch if not r.protect and reaches_cloud(r, made)]
        if any(r.protect for r in batch):
            return
    raise AssertionError("nothing is protected")


@pytest.mark.parametrize("name", STORES)
def test_a_removal_touches_nothing_even_when_the_engine_goes_on_after_errors(name: str) -> None:
    made = children(store(name))
    spared = {key for r in made if r.protect for key in all_needs(r, made)}
    for resource in made:
        touched = not resource.protect and reaches_cloud(resource, made) and resource.key not in spared
        assert not touched, resource.key


@pytest.mark.parametrize("name", STORES)
def test_a_removal_that_is_refused_at_the_bucket_does_not_even_forget_wandbs_keys(name: str) -> None:
    made = children(store(name))
    (bucket,) = [r for r in made if r.kind == "Bucket"]
    assert {r.key for r in made if r.kind == "Key"} <= all_needs(bucket, made)


@pytest.mark.parametrize("name", STORES)
def test_unprotected_is_everything(name: str) -> None:
    assert not [r.key for r in children(store(name, "unprotected")) if r.protect]


# kind -> with what it goes, in a destroy; "" means that it is deleted itself
GOES_WITH = {
    "KeyRing": "",
    "CryptoKey": "",
    "CryptoKeyIAMMember": "gcp:kms/cryptoKey:CryptoKey::vision",
    "Bucket": "",
    "BucketIAMMember": "gcp:storage/bucket:Bucket::vision",
    "Account": "",
    "Key": "gcp:serviceaccount/account:Account::vision",
}


@pytest.mark.parametrize("name", ["provider's key", "new key", "minimal", "credential", "usage logs"])
def test_what_a_destroy_leaves_to_bucket_key_and_account(name: str) -> None:
    for resource in children(store(name, "unprotected")):
        wanted = GOES_WITH.get(resource.kind, "")
        if resource.parent.startswith("wandb-byob:index:GcpCredential") and resource.kind != "Account":
            wanted = "gcp:serviceaccount/account:Account::vision"
        assert resource.deleted_with == wanted, resource.key
        assert resource.retain_on_delete is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("existing key", "CryptoKeyIAMMember"),
        ("credential and existing key", "CryptoKeyIAMMember"),
        ("signer", "IAMMember"),
    ],
)
def test_a_right_that_others_may_rely_on_stays(name: str, kind: str) -> None:
    made = children(store(name, "unprotected"))
    assert {r.kind for r in made if r.retain_on_delete} == {kind}


def test_a_destroy_takes_the_bucket_before_its_key() -> None:
    made = store("new key", "unprotected")
    assert place(made, "Bucket") < place(made, "CryptoKey") < place(made, "KeyRing")


def test_a_destroy_takes_the_bucket_before_keys_and_account() -> None:
    made = store("credential", "unprotected")
    assert place(made, "BucketIAMMember") < place(made, "Bucket") < place(made, "Key") < place(made, "Account")


@pytest.mark.parametrize("name", STORES)
def test_released_changes_nothing_and_deletes_nothing(name: str) -> None:
    for resource in children(store(name, "released")):
        if resource.custom:
            assert (resource.protect, resource.retain_on_delete, resource.ignore_changes) == (False, True, ("*",))


@pytest.mark.parametrize("protection", ["protected", "unprotected"])
def test_nothing_is_ignored_otherwise(protection: str) -> None:
    for name in STORES:
        assert not [r.key for r in children(store(name, protection)) if r.ignore_changes]


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("protection", ["unprotected", "released"])
def test_names_and_inputs_do_not_depend_on_protection(name: str, protection: str) -> None:
    """Else releasing a store would first change it."""

    def inputs(run: Run) -> dict[str, Any]:
        return {r.key: r.inputs for r in children(run)}

    assert inputs(store(name, protection)) == inputs(store(name))
