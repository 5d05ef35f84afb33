"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else."""

import copy
import functools
import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from byob_components import coreweave
from tests.coreweave.changes import (
    BUCKET,
    BUCKET_CHANGES,
    GRANT,
    GRANT_CHANGES,
    STORE,
    STORE_CHANGES,
)
from tests.mocks.aws import record
from tests.mocks.monitor import Run

COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], type, dict[str, Any], Mapping[str, Any]]] = {
    "CoreWeaveByob": (coreweave.CoreWeaveByob, coreweave.CoreWeaveByobArgs, STORE, STORE_CHANGES),
    "CoreWeaveBucket": (
        coreweave.CoreWeaveBucket,
        coreweave.CoreWeaveBucketArgs,
        BUCKET,
        BUCKET_CHANGES,
    ),
    "CoreWeaveGrant": (coreweave.CoreWeaveGrant, coreweave.CoreWeaveGrantArgs, GRANT, GRANT_CHANGES),
}
CASES = [(component, argument) for component, (*_, changes) in COMPONENTS.items() for argument in changes]


def registered(run: Run) -> dict[str, dict[str, Any]]:
    """Kind to inputs; a policy as its statements by Sid."""
    found: dict[str, dict[str, Any]] = {}
    for resource in run.resources:
        inputs = dict(resource.inputs)
        if "policy" in inputs:
            inputs["policy"] = {one["Sid"]: one for one in json.loads(inputs["policy"])["Statement"]}
        found[resource.kind] = inputs
    return {kind: inputs for kind, inputs in found.items() if inputs}


@functools.cache
def plainly(component: str) -> dict[str, dict[str, Any]]:
    cls, _, base, _ = COMPONENTS[component]
    return registered(record(cls, base))


def apply_change(inputs: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at `Kind.field.inner[0]`; None takes the place away."""
    parts: list[str | int] = []
    for part in path.split("."):
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
