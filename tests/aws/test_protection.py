"""Protected, unprotected, released: the options of every child, and what a removal would do with them."""

import functools
from typing import Any

import pytest

from byob_components.aws import AwsByob
from tests.mocks.aws import record
from tests.mocks.deletion import all_needs, batches, reaches_cloud
from tests.mocks.monitor import Registered, Run

KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team"}
STORES: dict[str, dict[str, Any]] = {
    "new key": {},
    "existing key": {"encryption": "existing_key", "kms_key_arn": KEY},
    "provider's key": {"encryption": "provider_managed"},
    "credential": {"credential_keys": ["2026-05", "2026-11"]},
    "credential and provider's key": {"credential_keys": ["2026-11"], "encryption": "provider_managed"},
    "credential and existing key": {"credential_keys": ["a"], "encryption": "existing_key", "kms_key_arn": KEY},
    "access logs": {"access_log_bucket": "acme-logs"},
}
DATA = {
    "Key",
    "Alias",
    "Bucket",
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
    "BucketLogging",
    "User",
    "UserPolicy",
}
GRANTS = {"BucketPolicy", "Grant", "AccessKey"}
COMPONENTS = {"AwsByob", "AwsKey", "AwsBucket", "AwsCredential"}
FORGOTTEN_WITH_THE_BUCKET = {
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
    "BucketLogging",
}


@functools.cache
def store(name: str, protection: str | None = None) -> Run:
    more = {} if protection is None else {"protection": protection}
    return record(AwsByob, {**BASE, **STORES[name], **more})


def children(run: Run) -> list[Registered]:
    return [r for r in run.resources if not r.type.startswith("pulumi:")]


def place(run: Run, kind: str) -> int:
    """The batch in which a kind is deleted."""
    return next(i for i, batch in enumerate(batches(children(run))) if kind in {r.kind for r in batch})


@pytest.mark.parametrize("name", STORES)
def test_protected_is_what_describes_data_keys_and_identity_and_nothing_else(name: str) -> None:
    for resource in children(store(name)):
        assert resource.kind in DATA | GRANTS | COMPONENTS
        assert resource.protect is (resource.kind in DATA), resource.key


@pytest.mark.parametrize("name", STORES)
def test_a_removal_stops_in_a_batch_that_touches_nothing(name: str) -> None:
    first = batches(children(store(name)))[0]
    assert first
    assert all(r.protect for r in first), [r.key for r in first]


@pytest.mark.parametrize("name", STORES)
def test_a_removal_touches_nothing_even_when_the_engine_goes_on_after_errors(name: str) -> None:
    """`--continue-on-error` spares only what a failed resource needs; the rest must not reach the cloud."""
    made = children(store(name))
    spared = {key for r in made if r.protect for key in all_needs(r, made)}
    for resource in made:
        touched = not resource.protect and reaches_cloud(resource, made) and resource.key not in spared
        assert not touched, resource.key


@pytest.mark.parametrize("name", STORES)
def test_unprotected_is_everything(name: str) -> None:
    assert not [r.key for r in children(store(name, "unprotected")) if r.protect]


@pytest.mark.parametrize("name", STORES)
def test_a_destroy_leaves_only_what_goes_with_the_bucket(name: str) -> None:
    """A grant, a credential or an alias that was only forgotten would still work, or be in the way, afterwards."""
    made = children(store(name, "unprotected"))
    kinds = {r.kind for r in made if r.custom}
    assert {r.kind for r in made if r.custom and not reaches_cloud(r, made)} == kinds & FORGOTTEN_WITH_THE_BUCKET
    for resource in made:
        wanted = "aws:s3/bucket:Bucket::vision" if resource.kind in FORGOTTEN_WITH_THE_BUCKET else ""
        assert resource.deleted_with == wanted


def test_a_destroy_takes_the_bucket_before_its_key() -> None:
    made = store("new key", "unprotected")
    assert place(made, "Bucket") < place(made, "Alias") < place(made, "Key")


def test_a_destroy_takes_the_bucket_before_the_grants_on_its_key() -> None:
    made = store("existing key", "unprotected")
    assert place(made, "Bucket") < place(made, "Grant")


def test_a_destroy_takes_policy_then_keys_then_user() -> None:
    """IAM deletes no user with a policy, and the provider's force_destroy deletes keys but no policies."""
    made = store("credential", "unprotected")
    assert place(made, "UserPolicy") < place(made, "AccessKey") < place(made, "User")


@pytest.mark.parametrize("name", STORES)
def test_released_changes_nothing_and_deletes_nothing(name: str) -> None:
    for resource in children(store(name, "released")):
        if resource.custom:
            assert (resource.protect, resource.retain_on_delete, resource.ignore_changes) == (False, True, ("*",))


@pytest.mark.parametrize("protection", ["protected", "unprotected"])
def test_nothing_is_ignored_or_retained_otherwise(protection: str) -> None:
    for resource in children(store("credential", protection)):
        assert resource.retain_on_delete is None
        assert resource.ignore_changes == ()


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("protection", ["unprotected", "released"])
def test_names_and_inputs_do_not_depend_on_protection(name: str, protection: str) -> None:
    """Else releasing a store would first change it."""

    def inputs(run: Run) -> dict[str, Any]:
        return {r.key: r.inputs for r in children(run)}

    assert inputs(store(name, protection)) == inputs(store(name))
