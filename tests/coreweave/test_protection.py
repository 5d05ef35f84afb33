"""Protected, unprotected, released: the options of every child, and what a removal would do with them."""

import functools
from typing import Any

import pytest

from byob_components.coreweave import CoreWeaveByob
from tests.mocks.aws import record
from tests.mocks.deletion import all_needs, batches, reaches_cloud
from tests.mocks.monitor import Registered, Run

BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
STORES: dict[str, dict[str, Any]] = {
    "smallest": {},
    "minimal": {"access": "minimal", "paths": ["a", "b"]},
    "own people": {"storage_organization_id": "ab1cd2"},
    "nobody": {"principals": []},
}
DATA = {"Bucket", "BucketVersioning", "BucketCorsConfiguration"}
GRANTS = {"BucketPolicy"}
COMPONENTS = {"CoreWeaveByob", "CoreWeaveBucket"}


@functools.cache
def store(name: str, protection: str | None = None) -> Run:
    more = {} if protection is None else {"protection": protection}
    return record(CoreWeaveByob, {**BASE, **STORES[name], **more})


def children(run: Run) -> list[Registered]:
    return [r for r in run.resources if not r.type.startswith("pulumi:")]


@pytest.mark.parametrize("name", STORES)
def test_protected_is_what_describes_data_and_nothing_else(name: str) -> None:
    for resource in children(store(name)):
        assert resource.kind in DATA | GRANTS | COMPONENTS
        assert resource.protect is (resource.kind in DATA), resource.key


@pytest.mark.parametrize("name", STORES)
def test_a_removal_is_refused_before_anything_is_touched(name: str) -> None:
    made = children(store(name))
    assert all(r.protect for r in batches(made)[0])
    spared = {key for r in made if r.protect for key in all_needs(r, made)}
    for resource in made:
        touched = not resource.protect and reaches_cloud(resource, made) and resource.key not in spared
        assert not touched, resource.key


@pytest.mark.parametrize("name", STORES)
def test_unprotected_leaves_everything_to_the_bucket(name: str) -> None:
    for resource in children(store(name, "unprotected")):
        assert not resource.protect
        goes_with = resource.custom and resource.kind != "Bucket"
        assert resource.deleted_with == ("aws:s3/bucket:Bucket::vision" if goes_with else ""), resource.key
        assert resource.retain_on_delete is None


@pytest.mark.parametrize("name", STORES)
def test_released_changes_nothing_and_deletes_nothing(name: str) -> None:
    for resource in children(store(name, "released")):
        if resource.custom:
            assert (resource.protect, resource.retain_on_delete, resource.ignore_changes) == (False, True, ("*",))


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("protection", ["unprotected", "released"])
def test_names_and_inputs_do_not_depend_on_protection(name: str, protection: str) -> None:
    """Else releasing a store would first change it."""

    def inputs(run: Run) -> dict[str, Any]:
        return {r.key: r.inputs for r in children(run)}

    assert inputs(store(name, protection)) == inputs(store(name))
