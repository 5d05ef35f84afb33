"""Bad input: every fault of a call with its code, its place, what is allowed and the fix; nothing is registered."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from byob_components import aws
from byob_components.aws import bucket, byob, credential, grant, key
from byob_components.errors import ByobError
from byob_components.store import ByobRunError
from tests.bad_input import beside, combined, single
from tests.bad_input.rows import BASE, EVERY, Row
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import run

CHECKS = {
    "AwsByob": byob.check,
    "AwsBucket": bucket.check,
    "AwsKey": key.check,
    "AwsGrant": grant.check,
    "AwsCredential": credential.check,
}
ROWS = [*single.ROWS, *combined.ROWS, *beside.ROWS]
CASES = [(component, row) for row in ROWS for component in row.components]


def _id(row: Row) -> str:
    return f"{','.join(map(str, row.args))}-{row.faults[0].code}"


def told(component: str, args: dict[str, Any]) -> tuple[ByobRunError, list[str]]:
    """The error of a call, and what was registered besides the stack."""
    caught: list[ByobRunError] = []

    def program() -> None:
        try:
            getattr(aws, component)("vision", args)
        except ByobRunError as error:
            caught.append(error)

    made = run(program, AwsMocks())
    assert caught, "the call was accepted"
    return caught[0], made.keys()


@pytest.mark.parametrize("component", EVERY)
def test_the_calls_that_rows_change_are_right(component: str) -> None:
    assert CHECKS[component](BASE[component]) == []  # type: ignore[operator]


def _args(component: str, row: Row) -> dict[str, Any]:
    """A row's call; an argument that this component does not have only goes with those of others."""
    known = getattr(aws, f"{component}Args").__annotations__
    return {n: v for n, v in row.call(component).items() if n in known or any(f.where == n for f in row.faults)}


@pytest.fixture(scope="module")
def outcomes() -> tuple[dict[str, ByobRunError], list[str]]:
    """All rows in one program, each under a name of its own: name to error, and what was registered."""
    errors: dict[str, ByobRunError] = {}

    def program() -> None:
        for i, (component, row) in enumerate(CASES):
            try:
                getattr(aws, component)(f"row{i}", _args(component, row))
            except ByobRunError as error:
                errors[f"row{i}"] = error

    return errors, run(program, AwsMocks()).keys()


@pytest.mark.parametrize("i", range(len(CASES)), ids=[f"{c}-{_id(row)}" for c, row in CASES])
def test_a_bad_call(i: int, outcomes: tuple[dict[str, ByobRunError], list[str]]) -> None:
    (component, row), name = CASES[i], f"row{i}"
    errors, registered = outcomes
    assert name in errors, "the call was accepted"
    assert [one for one in registered if one.split("::")[1].split("-")[0] == name] == []
    error = errors[name]
    assert [(fault.code, fault.where) for fault in error.faults] == [(e.code, e.where) for e in row.faults]
    for fault, expected in zip(error.faults, row.faults, strict=True):
        assert expected.allowed in fault.allowed
        assert bool(expected.allowed) is bool(fault.allowed)
        assert expected.fix in fault.fix
        assert expected.fix
    count = "1 fault" if len(row.faults) == 1 else f"{len(row.faults)} faults"
    assert str(error).splitlines()[0] == f"{component} '{name}': {count}"
    assert len(str(error).splitlines()) == 1 + len(row.faults)
    assert CHECKS[component](_args(component, row)) == list(error.faults)  # type: ignore[operator]
    # What the engine prints: a RunError's message, never a traceback.
    assert isinstance(error, pulumi.RunError)
    assert isinstance(error, ByobError)


def test_no_row_registers_anything(outcomes: tuple[dict[str, ByobRunError], list[str]]) -> None:
    assert outcomes[1] == []


def test_there_are_rows_enough() -> None:
    assert len(ROWS) >= 80
    assert len(combined.COMBINATIONS) >= 15


@pytest.mark.parametrize("component", EVERY)
def test_every_argument_has_a_row(component: str) -> None:
    wrong = {
        match[0]
        for row in ROWS
        if component in row.components
        for fault in row.faults
        if (match := re.match(r"\w+", fault.where))
    }
    arguments = getattr(aws, f"{component}Args").__annotations__
    assert set(arguments) - wrong == set(), "arguments without a row of bad input"


def test_every_component_is_here() -> None:
    made = {name for name in aws.__all__ if isinstance(getattr(aws, name), type(pulumi.ComponentResource))}
    assert {n for n in made if issubclass(getattr(aws, n), pulumi.ComponentResource)} == set(EVERY)


@pytest.mark.parametrize("component", EVERY)
@pytest.mark.parametrize("args", [["deployment"], "dedicated", 5])
def test_what_is_no_mapping_at_all(component: str, args: Any) -> None:
    error, registered = told(component, args)
    [fault] = error.faults
    assert (fault.code, fault.where, fault.value) == ("BYOB-ARG-006", "args", type(args).__name__)
    assert fault.allowed == "a mapping from argument to value"
    assert fault.fix == f"pass a {component}Args, a dict"
    assert registered == []


@pytest.mark.parametrize("component", ["AwsByob", "AwsBucket"])
@pytest.mark.parametrize("name", ["a_b", "-a", "x" * 56, "Ü", ""])
def test_a_resource_name_that_no_bucket_could_have(component: str, name: str) -> None:
    caught: list[ByobRunError] = []

    def program() -> None:
        try:
            getattr(aws, component)(name, BASE[component])
        except ByobRunError as error:
            caught.append(error)

    assert run(program, AwsMocks()).keys() == []
    assert [(f.code, f.where) for f in caught[0].faults] == [("BYOB-AWS-031", "name")]
    assert "1 to 55 letters" in caught[0].faults[0].allowed
    assert "give bucket_name" in caught[0].faults[0].fix
    run(
        lambda: getattr(aws, component)(name or "x", {**BASE[component], "bucket_name": "acme-wandb"}) and None,
        AwsMocks(),
    )


def test_an_argument_that_is_none_counts_as_not_given() -> None:
    assert byob.check({"deployment": "dedicated", "level": "team", "region": None, "paths": None}) == []  # type: ignore[typeddict-item]


def test_whole_numbers_of_the_hosted_form_are_taken() -> None:
    # The engine hands numbers over as floats.
    assert byob.check({"deployment": "dedicated", "level": "team", "noncurrent_days": 14.0}) == []  # type: ignore[typeddict-item]


def test_the_value_of_an_unknown_argument_is_never_repeated() -> None:
    error, _ = told("AwsByob", {**BASE["AwsByob"], "secret_key": "TOPSECRET"})
    assert "TOPSECRET" not in str(error)
    assert error.faults[0].value is None


def test_long_values_are_cut() -> None:
    error, _ = told("AwsByob", {**BASE["AwsByob"], "region": "x" * 5000})
    assert len(str(error)) < 500
