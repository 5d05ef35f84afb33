"""What one cloud's stores are held to: which findings of a scanner stay and why, and which must come when a control breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from tests.mocks.monitor import Registered, Run
from tests.scanners.terraform_plan import Resource, plan

Change = Callable[[Sequence[Registered]], list[Registered]]


@dataclass(frozen=True)
class Mutant:
    """A store with one control broken.

    Args:
        change: What is done to its resources.
        checks: The checks that must fire then, and no other.
        store: Which store is broken.
    """

    change: Change
    checks: frozenset[str]
    store: str = "default"


@dataclass(frozen=True)
class Subject:
    """One cloud, as a scanner sees it.

    Args:
        name: The cloud.
        provider: Terraform's provider.
        component: The composite whose resources are scanned.
        record: Registers it under mocks.
        translate: Makes Terraform's resources of them.
        base: Arguments of every store.
        stores: Name to further arguments; one is `default`.
        waivers: Check to the reason why its finding stays, on whatever store it is found.
        chosen: Store to findings that its arguments bring, with their reasons.
        looked_at: Store to checks that must have looked at it and found nothing: a finding that no check looks for is no
            proof.
        ended: Store to the waivers that its arguments end.
        judged: The types of Terraform that any check looks at; what has another type, the scanner does not see.
        mutants: Name to what is broken.
    """

    name: str
    provider: str
    component: type[pulumi.ComponentResource]
    record: Callable[..., Run]
    translate: Callable[[Iterable[Registered]], list[Resource]]
    base: Mapping[str, Any]
    stores: Mapping[str, Mapping[str, Any]]
    waivers: Mapping[str, str]
    chosen: Mapping[str, Mapping[str, str]]
    looked_at: Mapping[str, set[str]]
    ended: Mapping[str, set[str]]
    judged: set[str]
    mutants: Mapping[str, Mutant]

    def registered(self, store: str) -> list[Registered]:
        """What a store registers.

        Args:
            store: Its name.
        """
        return self.record(self.component, {**self.base, **self.stores[store]}).resources

    def plans(self) -> dict[str, dict[str, Any]]:
        """The plan of every store, and of every mutant under `mutant: <name>`."""
        stores = {store: self.registered(store) for store in self.stores}
        changed = {f"mutant: {name}": mutant.change(stores[mutant.store]) for name, mutant in self.mutants.items()}
        return {name: plan(self.provider, self.translate(made)) for name, made in {**stores, **changed}.items()}


def broken(change: Change, *checks: str, store: str = "default") -> Mutant:
    """A Mutant, written in one line.

    Args:
        change: What is done to its resources.
        checks: What must fire, and nothing else.
        store: Which store is broken.
    """
    return Mutant(change, frozenset(checks), store)


def drop(kind: str) -> Change:
    """Leave out every resource of a kind.

    Args:
        kind: The last part of the type.
    """

    def change(resources: Sequence[Registered]) -> list[Registered]:
        left = [r for r in resources if r.kind != kind]
        assert len(left) < len(resources)
        return left

    return change


def put(kind: str, **inputs: Any) -> Change:
    """Give other inputs to every resource of a kind.

    Args:
        kind: The last part of the type.
        inputs: In the provider's spelling; None takes one away.
    """

    def change(resources: Sequence[Registered]) -> list[Registered]:
        assert kind in {r.kind for r in resources}
        return [replace(r, inputs=_with(r.inputs, inputs)) if r.kind == kind else r for r in resources]

    return change


def put_within(kind: str, block: str, **inputs: Any) -> Change:
    """`put` inside a block of the resource.

    Args:
        kind: The last part of the type.
        block: The input that holds the others.
        inputs: In the provider's spelling; None takes one away.
    """

    def change(resources: Sequence[Registered]) -> list[Registered]:
        assert kind in {r.kind for r in resources}
        return [
            replace(r, inputs={**r.inputs, block: _with(r.inputs[block], inputs)}) if r.kind == kind else r
            for r in resources
        ]

    return change


def _with(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**old, **new}.items() if value is not None}
