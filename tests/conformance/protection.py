"""Protected, unprotected, released: the options of every child, and what a removal would do with them.

One class for all clouds; a cloud's folder holds its kinds of stores and resources, and in which order its own go.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pulumi
import pytest

from tests.mocks.deletion import all_needs, batches, reaches_cloud
from tests.mocks.monitor import Registered, Run


class ProtectionContract:
    """The contract; not collected by itself."""

    composite: ClassVar[type[pulumi.ComponentResource]]
    """The class of the composite."""
    record: ClassVar[Callable[..., Run]]
    """Makes one component in the cloud; a static method."""
    smallest: ClassVar[Mapping[str, Any]]
    """The smallest call."""
    stores: ClassVar[Mapping[str, Mapping[str, Any]]]
    """More arguments, by what they show: every way to make a store that this cloud knows."""
    data: ClassVar[frozenset[str]]
    """Kinds of resources that describe data, keys or an identity."""
    grants: ClassVar[frozenset[str]]
    """Kinds of resources that carry a grant or a rotatable credential."""
    parts: ClassVar[frozenset[str]]
    """Kinds of our component resources."""
    goes_with: ClassVar[Mapping[str, str]]
    """Kind -> the resource with which it goes in a destroy, so that it is only forgotten; others are deleted themselves."""
    stays: ClassVar[Mapping[str, str]] = {}
    """Store -> a kind that stays in the cloud in any case, as others may rely on it too."""
    forgets_first: ClassVar[bool] = False
    """Whether a removal may begin with batches that only forget, because they go with something protected."""

    # ------------------------------------------------------------------------------------------ making
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Spread the stores."""
        if "store" in metafunc.fixturenames:
            metafunc.parametrize("store", self.stores)

    @classmethod
    @functools.cache
    def made(cls, store: str, protection: str | None = None) -> Run:
        """One of the stores."""
        more = {} if protection is None else {"protection": protection}
        return cls.record(cls.composite, {**cls.smallest, **cls.stores[store], **more})

    @classmethod
    def children(cls, store: str, protection: str | None = None) -> list[Registered]:
        """Every registration but the stack and providers."""
        return [r for r in cls.made(store, protection).resources if not r.type.startswith("pulumi:")]

    @classmethod
    def place(cls, store: str, kind: str, name: str = "") -> int:
        """The batch of a destroy in which a kind (and name) is deleted, the first of it."""
        found = batches(cls.children(store, "unprotected"))
        return next(i for i, batch in enumerate(found) if any(r.kind == kind and name in ("", r.name) for r in batch))

    def holder(self, resource: Registered) -> str:
        """With what a resource goes in a destroy."""
        return self.goes_with.get(resource.kind, "")

    # ------------------------------------------------------------------------------------------ protected
    def test_protected_is_what_describes_data_keys_and_identity_and_nothing_else(self, store: str) -> None:
        for resource in self.children(store):
            assert resource.kind in self.data | self.grants | self.parts
            assert resource.protect is (resource.kind in self.data), resource.key

    def test_a_removal_stops_before_anything_is_touched(self, store: str) -> None:
        made = self.children(store)
        for batch in batches(made):
            assert not [r.key for r in batch if not r.protect and reaches_cloud(r, made)]
            if any(r.protect for r in batch):
                # Nothing is even forgotten, except where a cloud says so.
                assert self.forgets_first or batch == batches(made)[0]
                assert self.forgets_first or all(r.protect for r in batch), [r.key for r in batch]
                return
        raise AssertionError("nothing is protected")

    def test_a_removal_touches_nothing_even_when_the_engine_goes_on_after_errors(self, store: str) -> None:
        """`--continue-on-error` spares only what a failed resource needs; the rest must not reach the cloud."""
        made = self.children(store)
        spared = {key for r in made if r.protect for key in all_needs(r, made)}
        for resource in made:
            touched = not resource.protect and reaches_cloud(resource, made) and resource.key not in spared
            assert not touched, resource.key

    # ------------------------------------------------------------------------------------------ unprotected
    def test_unprotected_is_everything(self, store: str) -> None:
        assert not [r.key for r in self.children(store, "unprotected") if r.protect]

    def test_a_destroy_leaves_only_what_goes_with_its_holder_or_serves_others(self, store: str) -> None:
        """A grant, a credential or an alias that was only forgotten would still work, or be in the way, afterwards."""
        made = self.children(store, "unprotected")
        stays = {self.stays[store]} if store in self.stays else set()
        assert {r.kind for r in made if r.retain_on_delete} == stays
        for resource in made:
            if not resource.retain_on_delete:
                assert resource.retain_on_delete is None
                assert resource.deleted_with == self.holder(resource), resource.key
                assert reaches_cloud(resource, made) is (resource.custom and not self.holder(resource)), resource.key

    # ------------------------------------------------------------------------------------------ released
    def test_released_changes_nothing_and_deletes_nothing(self, store: str) -> None:
        for resource in self.children(store, "released"):
            if resource.custom:
                assert (resource.protect, resource.retain_on_delete, resource.ignore_changes) == (False, True, ("*",))

    @pytest.mark.parametrize("protection", ["protected", "unprotected"])
    def test_nothing_is_ignored_or_retained_otherwise(self, protection: str) -> None:
        for store in self.stores:
            for resource in self.children(store, protection):
                assert resource.ignore_changes == (), (store, resource.key)
                if resource.kind != self.stays.get(store):
                    assert resource.retain_on_delete is None, (store, resource.key)

    @pytest.mark.parametrize("protection", ["unprotected", "released"])
    def test_names_and_inputs_do_not_depend_on_protection(self, store: str, protection: str) -> None:
        """Else releasing a store would first change it."""
        usual = {r.key: r.inputs for r in self.children(store)}
        assert {r.key: r.inputs for r in self.children(store, protection)} == usual
