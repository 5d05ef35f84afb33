"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else."""

import copy
import functools
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from byob_components import gcp
from tests.gcp.changes import (
    BUCKET,
    BUCKET_ONLY,
    CREDENTIAL,
    CREDENTIAL_CHANGES,
    GRANT,
    GRANT_CHANGES,
    KEY_CHANGES,
    PLACE,
    STORE,
    STORE_CHANGES,
)
from tests.mocks.gcp import record
from tests.mocks.monitor import Run

COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], type, dict[str, Any], Mapping[str, Any]]] = {
    "GcpByob": (gcp.GcpByob, gcp.GcpByobArgs, STORE, STORE_CHANGES),
    "GcpBucket": (gcp.GcpBucket, gcp.GcpBucketArgs, BUCKET, BUCKET_ONLY),
    "GcpKey": (gcp.GcpKey, gcp.GcpKeyArgs, PLACE, KEY_CHANGES),
    "GcpGrant": (gcp.GcpGrant, gcp.GcpGrantArgs, GRANT, GRANT_CHANGES),
    "GcpCredential": (gcp.GcpCredential, gcp.GcpCredentialArgs, CREDENTIAL, CREDENTIAL_CHANGES),
}
CASES = [(component, argument) for component, (*_, changes) in COMPONENTS.items() for argument in changes]


def registered(run: Run) -> dict[str, dict[str, Any]]:
    """Kind to inputs; members of a bucket and further keys carry their name."""
    found: dict[str, dict[str, Any]] = {}
    for resource in run.resources:
        named = resource.kind == "BucketIAMMember" or resource.kind in found
        found[f"{resource.kind}#{resource.name}" if named else resource.kind] = dict(resource.inputs)
    return {kind: inputs for kind, inputs in found.items() if inputs}


@functools.cache
def plainly(component: str) -> dict[str, dict[str, Any]]:
    cls, _, base, _ = COMPONENTS[component]
    return registered(record(cls, base))


def apply_change(inputs: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at `Kind.field.inner[0]`; None takes the place away."""
    kind, _, rest = path.partition(".")
    parts: list[str | int] = [kind]
    for part in rest.split(".") if rest else []:
        name, *indexes = part.replace("]", "").split("[")
        parts += [name, *map(int, indexes)]
    place: Any = inputs
    for step in parts[:-1]:
        place = place[step]
    last = parts[-1]
    if value is None:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_argument_is_without_a_row(component: str) -> None:
    _, kind, _, changes = COMPONENTS[component]
    assert sorted(changes) == sorted(kind.__annotations__)


@pytest.mark.parametrize(("component", "argument"), CASES)
def test_an_argument_changes_what_it_says(component: str, argument: str) -> None:
    cls, _, base, changes = COMPONENTS[component]
    given, change = changes[argument]
    assert argument in given
    wanted = copy.deepcopy(plainly(component))
    for path, value in change.items():
        apply_change(wanted, path, value)
    assert registered(record(cls, {**base, **given})) == wanted
