"""What every cloud's composite promises, as one class of tests that each cloud runs.

A cloud subclasses `StoreContract`, names its composite and gives the arguments below; everything else is the same
everywhere. Expected values that depend on the cloud are written down in the subclass.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Mapping
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

import pulumi
import pytest
from pulumi.runtime import mocks

from byob_components.store import ByobRunError, Store
from byob_components.wandb.address import parse
from byob_components.wandb.deployment import Cloud, Deployment, Level, check_keys, offer
from tests.mocks.deletion import all_needs, batches, reaches_cloud
from tests.mocks.monitor import Registered, Run, run

OUTPUTS = {
    "storage_addresses": dict[str, str],
    "bucket_name": str,
    "paths": list[str],
    "region": str,
    "kms_key_id": str,
    "principals": list[str],
    "principals_date": str,
    "handoffs": dict[str, Any],
    "server_env": dict[str, str],
    "server_secrets": dict[str, str],
}
"""The outputs of every composite, and what they hold."""

_MADE: dict[tuple[type, str, bool, str], Run] = {}
"""What calls registered: class, arguments, whether it was a preview, and name."""


class StoreContract:
    """The contract; not collected by itself."""

    cloud: ClassVar[Cloud]
    composite: ClassVar[Any]
    """The class of the composite."""
    arguments: ClassVar[type]
    """Its TypedDict."""
    smallest: ClassVar[Mapping[str, Any]]
    """The smallest call."""
    named: ClassVar[Mapping[str, Any]]
    """The smallest call with a principal by name, so that nothing is warned of."""
    stores: ClassVar[Mapping[str, Mapping[str, Any]]]
    """More arguments, by what they show: every way to make a store that this cloud knows."""
    full: ClassVar[Mapping[str, Any]]
    """The full composite that the budget counts."""
    budget: ClassVar[int]
    """The most registrations of the full composite, component resources counted."""
    keyed: ClassVar[str | None]
    """Which of `stores` has keys in its address, empty means every one; None when this cloud has no such store."""
    own_key: ClassVar[str | None]
    """Which of `stores` has a customer key; empty means the smallest call, None that this cloud knows no such key."""
    provider_key: ClassVar[str]
    """Which of `stores` leaves the key to the provider; empty means the smallest call."""
    protected: ClassVar[frozenset[str]]
    """Kinds of resources that describe bucket, account, vault or key."""
    unprotected: ClassVar[frozenset[str]]
    """Kinds of resources that carry a grant or a rotatable credential."""
    kept: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    """Which of `stores`, and a kind of its resources that stays in the cloud in any case, because others rely on it too."""
    forgets_first: ClassVar[bool] = False
    """Whether a removal begins with resources that are only forgotten, because they go with a protected one."""
    preset: ClassVar[tuple[list[str], str]]
    """Principals of the smallest call, and their date."""

    def mocks(self, preview: bool) -> mocks.Mocks:
        """The cloud.

        Args:
            preview: Whether computed values are left out.
        """
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------ making
    def args(self, store: str = "") -> dict[str, Any]:
        """The arguments of one of the stores."""
        return {**self.named, **(self.stores[store] if store else {})}

    def make(self, args: Mapping[str, Any], *, preview: bool = False, opts: Any = None, name: str = "vision") -> Run:
        """Make a store and look at all its outputs; the same call is made once, as several tests look at it."""
        call = (type(self), json.dumps(args, sort_keys=True), preview, name)
        if opts is None and call in _MADE:
            return _MADE[call]

        def program() -> dict[str, Any]:
            made = self.composite(name, dict(args), opts() if callable(opts) else opts)
            assert isinstance(made, Store)
            return {output: getattr(made, output) for output in inspect.get_annotations(self.composite)}

        made = run(program, self.mocks(preview), preview=preview)
        if opts is None:
            _MADE[call] = made
        return made

    def each(self, **more: Any) -> list[tuple[str, Run]]:
        """Every store, made."""
        return [(store, self.make({**self.args(store), **more})) for store in ["", *self.stores]]

    @staticmethod
    def children(seen: Run) -> list[Registered]:
        """Every registration but the stack and providers."""
        return [r for r in seen.resources if not r.type.startswith("pulumi:")]

    # ------------------------------------------------------------------------------------------ outputs
    def test_every_output_of_the_protocol_is_there_with_its_type(self) -> None:
        hints = inspect.get_annotations(self.composite)
        assert {name: get_args(hints[name])[0] for name in OUTPUTS} == OUTPUTS
        assert set(OUTPUTS) == set(inspect.get_annotations(Store))

    def test_values_have_those_types(self) -> None:
        for store, seen in self.each():
            for name, kind in OUTPUTS.items():
                assert isinstance(seen.value(name), get_origin(kind) or kind), (store, name)

    def test_outputs_are_registered_once_for_each_component_and_the_composites_last(self) -> None:
        for _, seen in self.each():
            components = {r.key for r in self.children(seen) if not r.custom}
            assert sorted(seen.registered_outputs) == sorted(components)
            assert seen.registered_outputs[-1] == f"wandb-byob:index:{self.composite.__name__}::vision"
            own = seen.one(self.composite.__name__)
            # What is made of the others when it is read stays out of the state, unless a program exports it.
            registered = {_snake(name) for name in own.outputs} | {"handoffs", "server_env", "server_secrets"}
            assert registered == set(inspect.get_annotations(self.composite))
            assert len(registered) == len(own.outputs) + 3

    def test_an_address_and_a_hand_off_a_path(self) -> None:
        for paths in ([], ["vision"], ["vision", "research/nlp"]):
            seen = self.make({**self.args(), **({"paths": paths} if paths else {})})
            wanted = paths or ["/"]
            assert seen.value("paths") == wanted
            assert list(seen.value("storage_addresses")) == wanted
            assert list(seen.value("handoffs")) == wanted

    def test_addresses_parse_to_the_store(self) -> None:
        for _, seen in self.each(paths=["vision", "research/nlp"]):
            for path, address in seen.value("storage_addresses").items():
                found = parse(address)
                assert (found.cloud, found.bucket, found.path) == (self.cloud, seen.value("bucket_name"), path)

    def test_the_key_is_named_when_it_is_the_customers_and_else_empty(self) -> None:
        if self.own_key is not None:
            assert self.make(self.args(self.own_key)).value("kms_key_id") != ""
        provider = self.make(self.args(self.provider_key))
        assert provider.value("kms_key_id") == ""
        assert not [r.key for r in self.children(provider) if "Key" in r.kind and r.kind not in self.unprotected]

    def test_principals_and_the_date_of_their_preset(self) -> None:
        preset, date = self.preset
        by_preset, by_name = self.make(self.smallest), self.make(self.named)
        assert (by_preset.value("principals"), by_preset.value("principals_date")) == (preset, date)
        assert (by_name.value("principals"), by_name.value("principals_date")) == (self.named["principals"], "")

    def test_which_outputs_are_secret(self) -> None:
        for store, seen in self.each():
            secret = {name for name, one in seen.outputs.items() if one.secret and name in OUTPUTS}
            keyed = self.keyed is not None and self.keyed in ("", store)
            assert secret == {"server_secrets"} | ({"storage_addresses"} if keyed else set()), store

    def test_what_is_not_secret_holds_no_part_of_a_key(self) -> None:
        if self.keyed is None:
            found = [
                parse(one).secret_key for _, seen in self.each() for one in seen.value("storage_addresses").values()
            ]
            assert len(found) > len(self.stores)
            assert not any(found), "this cloud's addresses hold no keys"
            return
        for deployment in Deployment:
            if not offer(deployment, Level.TEAM, self.cloud).offered or check_keys(deployment, ""):
                continue
            seen = self.make({**self.args(self.keyed), "deployment": deployment, "level": Level.TEAM})
            (address,) = seen.value("storage_addresses").values()
            keys = parse(address)
            assert keys.secret_key
            for name, one in seen.outputs.items():
                if not one.secret:
                    assert keys.secret_key not in json.dumps(one.value), name
            for resource in self.children(seen):
                assert keys.secret_key not in json.dumps(resource.inputs)

    # ------------------------------------------------------------------------------------------ children
    def test_names_are_the_stores_or_begin_with_it(self) -> None:
        for _, seen in self.each():
            for resource in self.children(seen):
                assert resource.name == "vision" or resource.name.startswith("vision-"), resource.key

    def test_every_child_has_the_composite_above_it_and_components_are_ours(self) -> None:
        top = f"wandb-byob:index:{self.composite.__name__}::vision"
        for _, seen in self.each():
            for resource in self.children(seen):
                if not resource.custom:
                    assert resource.type.startswith("wandb-byob:index:")
                if resource.key != top:
                    assert top in _ancestors(resource, seen), resource.key

    def test_two_stores_stand_beside_each_other(self) -> None:
        def program() -> None:
            for name in ("speech", "vision"):
                self.composite(name, self.args())

        assert len(self.children(run(program, self.mocks(False)))) == 2 * len(self.children(self.make(self.args())))

    def test_no_provider_is_made_and_the_composites_reaches_every_child(self) -> None:
        package = next(r.type for r in self.children(self.make(self.args())) if r.custom).partition(":")[0]

        def there() -> pulumi.ResourceOptions:
            provider = sys.modules[f"pulumi_{package.replace('-', '_')}"].Provider("there")
            return pulumi.ResourceOptions(providers=[provider])

        seen = self.make(self.args(), opts=there)
        assert [r.name for r in seen.resources if r.type.startswith("pulumi:providers:")] == ["there"]
        assert {r.provider for r in self.children(seen) if r.custom} == {f"pulumi:providers:{package}::there"}

    def test_a_preview_registers_what_the_update_does(self) -> None:
        for store in ["", *self.stores]:
            assert sorted(self.make(self.args(store), preview=True).keys()) == sorted(
                self.make(self.args(store)).keys()
            )

    def test_the_budget(self) -> None:
        assert len(self.children(self.make(self.full))) <= self.budget

    # ------------------------------------------------------------------------------------------ protection
    def test_protect_stands_on_data_and_keys_and_not_on_grants_or_components(self) -> None:
        for store, seen in self.each():
            for resource in self.children(seen):
                assert not resource.custom or resource.kind in self.protected | self.unprotected, resource.key
                assert resource.protect is (resource.kind in self.protected), (store, resource.key)

    def test_a_removal_is_refused_before_anything_is_touched(self) -> None:
        for store, seen in self.each():
            made = self.children(seen)
            first = [r for r in batches(made)[0] if not r.protect]
            # Only where a cloud says so: what goes with something protected is forgotten first, and not touched.
            assert not first or self.forgets_first, store
            assert not [r.key for r in first if reaches_cloud(r, made)], store
            spared = {key for r in made if r.protect for key in all_needs(r, made)}
            for resource in made:
                touched = not resource.protect and reaches_cloud(resource, made) and resource.key not in spared
                assert not touched, (store, resource.key)

    def test_unprotected_protects_nothing_and_changes_nothing_else(self) -> None:
        for store, seen in self.each(protection="unprotected"):
            usual = {r.key: r.inputs for r in self.children(self.make(self.args(store)))}
            assert {r.key: r.inputs for r in self.children(seen)} == usual
            assert not [r.key for r in self.children(seen) if r.protect or r.ignore_changes]
            kept = {(store, r.kind) for r in self.children(seen) if r.retain_on_delete}
            assert kept == {pair for pair in self.kept if pair[0] == store}

    def test_released_changes_and_deletes_nothing(self) -> None:
        for store, seen in self.each(protection="released"):
            usual = {r.key: r.inputs for r in self.children(self.make(self.args(store)))}
            assert {r.key: r.inputs for r in self.children(seen)} == usual
            for resource in self.children(seen):
                if resource.custom:
                    options = (resource.protect, resource.retain_on_delete, resource.ignore_changes)
                    assert options == (False, True, ("*",)), resource.key

    # ------------------------------------------------------------------------------------------ bad input
    def refused(self, args: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Code and place of every fault; nothing may have been registered."""
        faults: list[tuple[str, str]] = []

        def program() -> None:
            with pytest.raises(ByobRunError) as raised:
                self.composite("vision", dict(args))
            faults.extend((fault.code, fault.where) for fault in raised.value.faults)

        assert run(program, self.mocks(False)).resources == []
        return sorted(faults)

    def test_what_is_required_is_asked_for_all_at_once(self) -> None:
        assert self.refused({}) == [("BYOB-ARG-002", name) for name in sorted(self.arguments.__required_keys__)]  # type: ignore[attr-defined]
        assert {"deployment", "level"} <= self.arguments.__required_keys__  # type: ignore[attr-defined]

    def test_an_unknown_argument_is_refused(self) -> None:
        assert self.refused({**self.args(), "bucket_nam": "x"}) == [("BYOB-ARG-001", "bucket_nam")]

    def test_what_decides_the_resources_must_be_plain(self) -> None:
        for name, hint in get_type_hints(self.arguments, localns={"Output": pulumi.Output, "T": Any}).items():
            if get_origin(hint) in (list, dict) or _takes_output(hint):
                continue
            args = {**self.args(), name: pulumi.Output.from_input("x")}
            assert ("BYOB-ARG-003", name) in self.refused(args), name

    def test_check_tells_the_same_without_registering(self) -> None:
        check = sys.modules[self.composite.__module__].check
        assert check(dict(self.args())) == []
        assert [(f.code, f.where) for f in check({**self.args(), "level": "tem"})] == [("BYOB-ARG-005", "level")]

    def test_what_wandb_does_not_offer_is_refused(self) -> None:
        for deployment in Deployment:
            for level in Level:
                args = {**self.args(), "deployment": deployment, "level": level}
                if offer(deployment, level, self.cloud).offered:
                    assert self.make(args).resources
                else:
                    assert [code for code, _ in self.refused(args)] == ["BYOB-WANDB-001"]

    # ------------------------------------------------------------------------------------------ warnings
    def test_a_warning_is_logged_in_the_preview_only_and_once(self) -> None:
        loose = {**self.args(), "protection": "unprotected"}
        assert len([w for w in self.make(loose, preview=True).warnings if "protection is 'unprotected'" in w]) == 1
        assert self.make(loose).warnings == []
        for handoff in self.make(loose).value("handoffs").values():
            assert len([w for w in handoff["loosened"] if "protection is 'unprotected'" in w]) == 1

    def test_a_named_principal_is_not_warned_of(self) -> None:
        assert self.make(self.args(), preview=True).warnings == []


def _ancestors(resource: Registered, seen: Run) -> list[str]:
    by_key = {r.key: r for r in seen.resources}
    found, at = [], resource.parent
    while at in by_key:
        found.append(at)
        at = by_key[at].parent
    return found


def _takes_output(hint: Any) -> bool:
    return hint is pulumi.Output or get_origin(hint) is pulumi.Output or any(map(_takes_output, get_args(hint)))


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
