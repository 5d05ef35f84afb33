"""A store resource by resource: type, name, parent, inputs, options and order.

One class for all clouds; a cloud's folder holds its resources and inputs, written down, and what is its own.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pulumi
import pytest

from tests.mocks.monitor import Registered, Run

Resource = tuple[str, str, bool, str, str]
"""Whole type, kind of the parent, whether it is protected, which resource it is deleted with, which ones it comes after.
Resources are named by kind, or by `Kind::name` where the name is not the store's."""


class DefaultStoreContract:
    """The contract; not collected by itself."""

    composite: ClassVar[type[pulumi.ComponentResource]]
    """The class of the composite."""
    record: ClassVar[Callable[..., Run]]
    """Makes one component in the cloud; a static method."""
    store: ClassVar[Mapping[str, Any]]
    """The call."""
    resources: ClassVar[Mapping[str, Resource]]
    """Everything that is registered, and nothing else is."""
    inputs: ClassVar[Mapping[str, dict[str, Any]]]
    """The inputs of those resources, none of them secret; a policy as data."""
    calls: ClassVar[tuple[str, ...]] = ()
    """The functions of the provider that are asked, in order."""
    components: ClassVar[tuple[str, ...]]
    """Our components in the order in which they register their outputs, the composite last."""

    # ------------------------------------------------------------------------------------------ making
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Spread the resources."""
        if "resource" in metafunc.fixturenames:
            metafunc.parametrize("resource", self.resources)

    @classmethod
    @functools.cache
    def made(cls, *, preview: bool = False) -> Run:
        """The store."""
        return cls.record(cls.composite, cls.store, preview=preview)

    @staticmethod
    def key(resource: str) -> str:
        """`Kind::name` of one of the resources."""
        return resource if "::" in resource else f"{resource}::vision"

    def found(self, resource: str) -> Registered:
        """One of the resources."""
        kind, _, name = self.key(resource).partition("::")
        return self.made().one(kind, name)

    # ------------------------------------------------------------------------------------------ tests
    def test_it_registers_these_resources_and_no_others(self) -> None:
        assert sorted(self.made().keys()) == sorted(map(self.key, self.resources))
        assert sorted(self.made(preview=True).keys()) == sorted(map(self.key, self.resources))
        assert self.inputs.keys() == self.resources.keys()
        assert tuple(token.rpartition(":")[2] for token, *_ in self.made().calls) == self.calls

    def test_type_parent_and_options(self, resource: str) -> None:
        type_, parent, protected, with_, after = self.resources[resource]
        one = self.found(resource)
        assert one.type == type_
        assert one.custom is not type_.startswith("wandb-byob:")
        assert one.parent.rpartition("::")[0].rpartition(":")[2] == parent
        assert one.protect is protected
        assert one.deleted_with == (self.found(with_).key if with_ else "")
        assert one.dependencies == {self.found(other).key for other in after.split()}
        assert (one.retain_on_delete, one.ignore_changes, one.provider) == (None, (), "")

    def test_inputs_are_these_and_none_is_secret(self, resource: str) -> None:
        inputs = dict(self.found(resource).inputs)
        if isinstance(inputs.get("policy"), str):
            inputs["policy"] = json.loads(inputs["policy"])
        assert inputs == self.inputs[resource]

    def test_each_component_registers_its_outputs_once_the_composite_last(self) -> None:
        kinds = [key.rpartition("::")[0].rpartition(":")[2] for key in self.made().registered_outputs]
        assert tuple(kinds) == self.components
        assert kinds[-1] == self.composite.__name__

    def test_registered_outputs_are_those_of_the_class_that_are_not_made_of_others(self) -> None:
        def camel(name: str) -> str:
            first, *others = name.split("_")
            return first + "".join(part.capitalize() for part in others)

        registered = self.found(self.composite.__name__).outputs
        made_on_demand = {"handoffs", "serverEnv", "serverSecrets"}
        assert set(registered) == {camel(name) for name in self.made().outputs} - made_on_demand
        assert not made_on_demand & set(registered)
