"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else.

One class for all clouds; a cloud's folder holds the changes, argument by argument.
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pulumi
import pytest

from tests.mocks.monitor import Run

Changes = Mapping[str, tuple[dict[str, Any], dict[str, Any]]]
"""Argument -> (what is given, place among the inputs -> its new value)."""
Component = tuple[type[pulumi.ComponentResource], type, dict[str, Any], Changes]
"""Class, its TypedDict, a call that the changes start from, and these."""


class ArgumentsContract:
    """The contract; not collected by itself."""

    components: ClassVar[Mapping[str, Component]]
    """Every component of the cloud, by its name."""
    record: ClassVar[Callable[..., Run]]
    """Makes one component in the cloud; a static method."""
    named: ClassVar[frozenset[str]] = frozenset()
    """Kinds of which there are several, so that each carries its name; of other kinds the second and further ones do."""
    by_sid: ClassVar[bool] = False
    """Whether policies are compared by the Sid of their statements, and not as whole documents."""

    @classmethod
    def registered(cls, run: Run) -> dict[str, dict[str, Any]]:
        """Kind to inputs, policies as data; in the order of names, as that of registrations is nobody's promise."""
        found: dict[str, dict[str, Any]] = {}
        for resource in sorted(run.resources, key=lambda r: r.name):
            inputs = dict(resource.inputs)
            if isinstance(inputs.get("policy"), str):
                policy = json.loads(inputs["policy"])
                inputs["policy"] = {one["Sid"]: one for one in policy["Statement"]} if cls.by_sid else policy
            named = resource.kind in cls.named or resource.kind in found
            found[f"{resource.kind}#{resource.name}" if named else resource.kind] = inputs
        return {kind: inputs for kind, inputs in found.items() if inputs}

    @classmethod
    @functools.cache
    def plainly(cls, component: str) -> dict[str, dict[str, Any]]:
        """What is registered without any change."""
        kind, _, base, _ = cls.components[component]
        return cls.registered(cls.record(kind, base))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Spread the components and their arguments."""
        if "argument" in metafunc.fixturenames:
            cases = [(name, argument) for name, (*_, changes) in self.components.items() for argument in changes]
            metafunc.parametrize(("component", "argument"), cases)
        elif "component" in metafunc.fixturenames:
            metafunc.parametrize("component", self.components)

    def test_no_argument_is_without_a_row(self, component: str) -> None:
        _, kind, _, changes = self.components[component]
        assert sorted(changes) == sorted(kind.__annotations__)

    def test_an_argument_changes_what_it_says(self, component: str, argument: str) -> None:
        kind, _, base, changes = self.components[component]
        given, change = changes[argument]
        assert argument in given
        wanted = copy.deepcopy(self.plainly(component))
        for path, value in change.items():
            put(wanted, path, value)
        assert self.registered(type(self).record(kind, {**base, **given})) == wanted


def put(inputs: dict[str, Any], path: str, value: Any) -> None:
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
