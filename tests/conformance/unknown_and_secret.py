"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there.

One class for all clouds; a cloud's folder holds its arguments and where each of them lands.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

import pulumi
import pytest
from pulumi.runtime import mocks

from byob_components.store import ByobRunError
from tests.mocks.monitor import Run, marks, run

Row = tuple[dict[str, Any], set[str], set[str]]
"""Of an argument: what goes with it, the inputs it lands in, the outputs it lands in."""
Component = tuple[type[pulumi.ComponentResource], type, dict[str, Any], dict[str, Row]]
"""Class, its TypedDict, a call without the argument in question, and the rows."""


class PassThroughContract:
    """The contract; not collected by itself."""

    components: ClassVar[Mapping[str, Component]]
    """Every component of the cloud, by its name."""
    values: ClassVar[Mapping[str, Any]]
    """A good value of every argument that is passed through."""
    mocks: ClassVar[Callable[..., mocks.Mocks]]
    """Makes the cloud; takes `preview`."""
    inside: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Arguments that are mappings, or lists of them, and the keys whose values may be Outputs by themselves."""
    always_secret: ClassVar[Mapping[str, set[str]]] = {}
    """Outputs of a component that are secret whatever is given."""
    computed: ClassVar[Mapping[tuple[str, str], set[str]]] = {}
    """Of a component's argument: inputs and outputs that hang on what the provider computes, and so are marked as secret
    as soon as that is known, and not in a preview."""
    handed_back: ClassVar[frozenset[str]] = frozenset()
    """Inputs that come from what a provider computed from a secret, and handed back as one."""
    parts: ClassVar[frozenset[str]] = frozenset()
    """Components that the composite hands all of their arguments on to; two of the tests look at the composite alone."""
    bad: ClassVar[tuple[type[pulumi.ComponentResource], dict[str, Any], str, Any, str]]
    """A component, a call of it, an argument, a bad value for that with `confidential` in it, and the fault's code."""

    # ------------------------------------------------------------------------------------------ making
    @classmethod
    def cases(cls, *, parts: bool = True) -> list[tuple[str, str]]:
        """Every component with every argument of it that is passed through."""
        return [
            (name, argument)
            for name, (_, kind, *_) in cls.components.items()
            if parts or name not in cls.parts
            for argument in sorted(passed_through(kind))
        ]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Spread the cases: an Output is the argument itself (or the element of a list), or a value inside a mapping."""
        composite_only = ("test_an_output_that_is_known_gives_what_a_plain", "test_an_unknown_secret_is_still_marked")
        cases = self.cases(parts=not metafunc.function.__name__.startswith(composite_only))
        if "shape" in metafunc.fixturenames:
            shapes = [(*case, "whole") for case in cases]
            shapes += [(*case, "inside") for case in cases if case[1] in self.inside]
            metafunc.parametrize(("component", "argument", "shape"), shapes)
        elif "argument" in metafunc.fixturenames:
            metafunc.parametrize(("component", "argument"), cases)
        elif "component" in metafunc.fixturenames:
            metafunc.parametrize("component", self.components)

    @classmethod
    def opened(cls, argument: str, value: Any, shape: str, wrap: Any) -> Any:
        """The value with an Output in the place of itself, or, in a list, of its elements."""
        if isinstance(value, list):
            return [cls.opened(argument, one, shape, wrap) for one in value]
        if isinstance(value, dict) and shape == "inside":
            return {key: wrap(one) if key in cls.inside[argument] else one for key, one in value.items()}
        return wrap(value)

    @classmethod
    def make(cls, component: str, argument: str, shape: str, wrap: Any, *, preview: bool = False) -> Run:
        """One component with one argument wrapped."""
        kind, _, base, rows = cls.components[component]
        args = {**base, **rows[argument][0]}

        def program() -> dict[str, Any]:
            # Wrapped inside the program: an Output belongs to one run.
            value = cls.opened(argument, cls.values[argument], shape, wrap)
            made = kind("vision", {**args, argument: value})  # type: ignore[call-arg, arg-type]
            return {output: getattr(made, output) for output in inspect.get_annotations(kind)}

        return run(program, cls.mocks(preview=preview), preview=preview)

    @classmethod
    @functools.cache
    def plainly(cls, component: str, argument: str, *, preview: bool = False) -> Run:
        """The same with the plain value."""
        return cls.make(component, argument, "whole", lambda value: value, preview=preview)

    def secrets(self, component: str, argument: str) -> set[str]:
        """Outputs that are secret whatever is given for the argument."""
        return self.always_secret.get(component, set())

    # ------------------------------------------------------------------------------------------ tests
    def test_no_pass_through_argument_is_without_a_row(self, component: str) -> None:
        _, kind, _, rows = self.components[component]
        wanted = passed_through(kind)
        assert wanted
        assert wanted <= self.values.keys()
        assert wanted <= rows.keys()

    def test_a_secret_stays_secret_where_it_lands_and_nothing_else_becomes_one(
        self, component: str, argument: str, shape: str
    ) -> None:
        _, inputs, outputs = self.components[component][3][argument]
        seen = self.make(component, argument, shape, pulumi.Output.secret)
        assert landed(seen, "secret") - self.handed_back == inputs - self.handed_back
        assert inputs <= landed(seen, "secret")
        assert secret_outputs(seen) == outputs | self.secrets(component, argument)
        assert not [text for text in seen.warnings if "confidential" in text]

    def test_an_output_that_is_known_gives_what_a_plain_value_gives(
        self, component: str, argument: str, shape: str
    ) -> None:
        seen = self.make(component, argument, shape, pulumi.Output.from_input)
        wanted = self.plainly(component, argument)

        def inputs(one: Run) -> list[Any]:
            # Resources themselves may be named by a value that is known, and so are compared by kind.
            return sorted((r.kind, json.dumps(r.inputs, sort_keys=True)) for r in one.resources)

        assert inputs(seen) == inputs(wanted)
        assert {name: one.value for name, one in seen.outputs.items()} == {
            name: one.value for name, one in wanted.outputs.items()
        }

    def test_unknown_stays_unknown_in_a_preview(self, component: str, argument: str, shape: str) -> None:
        _, inputs, outputs = self.components[component][3][argument]
        seen = self.make(component, argument, shape, unknown, preview=True)
        known = self.plainly(component, argument, preview=True)
        assert sorted(r.type for r in seen.resources) == sorted(r.type for r in known.resources)
        assert landed(seen, "unknown") == landed(known, "unknown") | inputs
        still = {name for name, one in known.outputs.items() if one.known} - outputs
        assert {name for name, one in seen.outputs.items() if one.known} == still
        assert not any(marks(r.inputs) & {"secret"} for r in seen.resources)

    def test_an_unknown_secret_is_still_marked_as_secret(self, component: str, argument: str) -> None:
        _, inputs, outputs = self.components[component][3][argument]
        seen = self.make(component, argument, "whole", lambda value: pulumi.Output.secret(unknown(value)), preview=True)
        later = self.computed.get((component, argument), set())
        assert landed(seen, "secret") - self.handed_back == inputs - later - self.handed_back
        assert inputs - later <= landed(seen, "secret")
        assert secret_outputs(seen) == (outputs - later) | self.secrets(component, argument)

    def test_a_bad_value_is_told_later_without_its_value_when_secret(self) -> None:
        component, args, argument, value, code = self.bad
        assert "confidential" in str(value)

        def program() -> None:
            component("vision", {**args, argument: self.opened(argument, value, "whole", pulumi.Output.secret)})  # type: ignore[arg-type, call-arg]

        with pytest.raises(ByobRunError) as refused:
            run(program, type(self).mocks())
        assert code in str(refused.value)
        assert "confidential" not in str(refused.value)


def passed_through(kind: type) -> set[str]:
    """The arguments that may be an Output, at any depth, from the types."""
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any})

    def takes_output(hint: Any) -> bool:
        return hint is pulumi.Output or get_origin(hint) is pulumi.Output or any(map(takes_output, get_args(hint)))

    return {name for name, hint in hints.items() if takes_output(hint)}


def landed(seen: Run, mark: str) -> set[str]:
    """The inputs with a mark, as `Kind.field`."""
    return {f"{r.kind}.{field}" for r in seen.resources for field, v in r.inputs.items() if mark in marks(v)}


def secret_outputs(seen: Run) -> set[str]:
    """The outputs that are secret."""
    return {name for name, one in seen.outputs.items() if one.secret}


def unknown(value: Any) -> pulumi.Output[Any]:
    """The value as another resource's computed property would be: unknown in a preview."""
    data: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    data.set_result(None)
    no: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    no.set_result(False)
    return pulumi.Output(set(), data, no).apply(lambda _: value)
