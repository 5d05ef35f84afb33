"""A user's transforms reach every child, and their provider and options too.

One class for all clouds; a cloud's folder holds a store with all of its children, and what is its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pulumi
import pytest
from pulumi.runtime import mocks

from tests.mocks.monitor import Registered, Run, run


class TransformsContract:
    """The contract; not collected by itself."""

    composite: ClassVar[type[pulumi.ComponentResource]]
    """The class of the composite."""
    mocks: ClassVar[Callable[..., mocks.Mocks]]
    """Makes the cloud."""
    package: ClassVar[str]
    """The provider's name, which its types begin with."""
    store: ClassVar[Mapping[str, Any]]
    """A store with every kind of child."""
    kinds: ClassVar[Mapping[str, int]]
    """Kind of child -> how many there are of it."""
    looked_up: ClassVar[tuple[str, ...]] = ()
    """The functions of the provider that the store asks, in order."""
    unprotected: ClassVar[frozenset[str]]
    """Kinds that stay changeable when the composite itself is protected: grants and what rotates."""

    @staticmethod
    def provider() -> pulumi.ProviderResource:
        """A provider called `there`."""
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Spread the kinds of children."""
        if "kind" in metafunc.fixturenames:
            metafunc.parametrize("kind", self.kinds)

    @classmethod
    def make(cls, opts: Callable[[], pulumi.ResourceOptions] | None = None) -> Run:
        """Make the store; options are made inside the program, as they may hold a resource."""

        def program() -> None:
            cls.composite("vision", dict(cls.store), opts() if opts else None)  # type: ignore[arg-type, call-arg]

        return run(program, cls.mocks())

    @classmethod
    @functools.cache
    def usual(cls) -> Run:
        """The store without any options."""
        return cls.make()

    @classmethod
    def children(cls, seen: Run) -> list[Registered]:
        """What the provider makes."""
        return [r for r in seen.resources if r.type.startswith(f"{cls.package}:")]

    def of_kind(self, kind: str) -> list[str]:
        """The keys of a kind of children, sorted."""
        return sorted(r.key for r in self.usual().resources if r.kind == kind)

    def transformed(self, kind: str, change: Callable[[pulumi.ResourceTransformArgs], Any]) -> list[Registered]:
        """What is registered with a transform on the composite that changes a kind of children."""

        def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
            return change(args) if args.type_.endswith(f":{kind}") else None  # type: ignore[no-any-return]

        return self.make(lambda: pulumi.ResourceOptions(transforms=[transform])).resources

    # ------------------------------------------------------------------------------------------ tests
    def test_the_list_of_children_is_whole(self) -> None:
        assert all(self.kinds.values())
        made = [r.kind for r in self.children(self.usual())]
        assert {kind: made.count(kind) for kind in made} == self.kinds
        assert len([r for r in self.usual().resources if r.custom and r.type != "pulumi:pulumi:Stack"]) == len(made)

    def test_a_transform_of_the_composite_changes_a_child(self, kind: str) -> None:
        def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
            return pulumi.ResourceTransformResult(props={**args.props, "moved": "yes"}, opts=args.opts)

        seen = self.transformed(kind, change)
        assert sorted(r.key for r in seen if r.inputs.get("moved") == "yes") == self.of_kind(kind)

    def test_a_transform_of_the_composite_changes_a_childs_options(self, kind: str) -> None:
        def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
            options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=not args.opts.protect))
            return pulumi.ResourceTransformResult(props=args.props, opts=options)

        before = {r.key: r.protect for r in self.usual().resources}
        after = {r.key: r.protect for r in self.transformed(kind, change)}
        assert sorted(key for key in before if before[key] != after[key]) == self.of_kind(kind)

    def test_the_composites_provider_reaches_every_child_and_every_look_up(self) -> None:
        seen = self.make(lambda: pulumi.ResourceOptions(providers=[self.provider()]))
        there = f"pulumi:providers:{self.package}::there"
        assert len(self.children(seen)) == sum(self.kinds.values())
        assert {r.provider for r in self.children(seen)} == {there}
        asked = [(token.rpartition(":")[2], provider) for token, _, provider in seen.calls]
        assert asked == [(name, there) for name in self.looked_up]

    def test_no_provider_is_made_inside(self) -> None:
        assert not [r.key for r in self.usual().resources if r.type.startswith("pulumi:providers:")]

    def test_protecting_the_composite_leaves_grants_and_what_rotates_changeable(self) -> None:
        seen = self.make(lambda: pulumi.ResourceOptions(protect=True))
        assert {r.kind for r in self.children(seen) if not r.protect} == self.unprotected
