"""Suspended paths keep data, address and hand-off, and lose the grant.

One class for all clouds; a cloud's folder holds what the grant is there, and what is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pytest

from byob_components.store import ByobRunError
from tests.mocks.monitor import Run


class SuspendedContract:
    """The contract; not collected by itself."""

    composite: ClassVar[type[pulumi.ComponentResource]]
    """The class of the composite."""
    record: ClassVar[Callable[..., Run]]
    """Makes one component in the cloud; a static method."""
    stores: ClassVar[Mapping[str, Mapping[str, Any]]]
    """Calls in which every path is suspended, by what they show."""
    changed: ClassVar[frozenset[str]]
    """Kinds of resources that carry the grant, and change or go; everything else must stay as it is."""
    refusals: ClassVar[Sequence[tuple[Mapping[str, Any], str]]]
    """Bad calls, and the code of their only fault."""

    def no_grant(self, seen: Run, given: Mapping[str, Any]) -> None:
        """Assert that nothing lets W&B in.

        Args:
            seen: What was registered.
            given: The call.
        """
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Spread the calls."""
        if "store" in metafunc.fixturenames:
            metafunc.parametrize("store", self.stores)
        if "refusal" in metafunc.fixturenames:
            metafunc.parametrize("refusal", self.refusals, ids=[code for _, code in self.refusals])

    def test_the_grant_goes_and_everything_else_stays(self, store: str) -> None:
        given = self.stores[store]
        assert given["suspended_paths"]
        seen = type(self).record(self.composite, given)
        usual = type(self).record(self.composite, {**given, "suspended_paths": []})
        self.no_grant(seen, given)
        with pytest.raises(AssertionError):
            self.no_grant(usual, given)  # else it could not fail
        assert (seen.value("principals"), seen.value("principals_date")) == ([], "")
        # So that W&B's form stays right.
        for name in usual.outputs.keys() - {"principals", "principals_date", "handoffs"}:
            assert seen.value(name) == usual.value(name), name
        assert list(seen.value("handoffs")) == list(usual.value("handoffs"))
        others = {r.key: r.inputs for r in usual.resources if r.kind not in self.changed}
        assert {r.key: r.inputs for r in seen.resources if r.kind not in self.changed} == others
        assert {r.key for r in seen.resources} <= {r.key for r in usual.resources}

    def test_what_is_refused(self, refusal: tuple[Mapping[str, Any], str]) -> None:
        given, code = refusal
        with pytest.raises(ByobRunError) as refused:
            type(self).record(self.composite, given)
        assert [fault.code for fault in refused.value.faults] == [code]
