"""Values that are known late: what is made of several of them, and what a message may show of one that is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from byob_components.arguments import guarded, together
from byob_components.errors import Fault
from byob_components.store import ByobRunError
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import Seen, run

UNKNOWN = pulumi.UNKNOWN


def seen(make: Callable[[], Any]) -> Seen:
    return run(lambda: {"it": make()}, AwsMocks()).outputs["it"]


def plain(value: Any) -> Any:
    return pulumi.Output.from_input(value)


def secret(value: Any) -> Any:
    return pulumi.Output.secret(value)


def unknown() -> Any:
    return pulumi.Output.from_input("x").apply(lambda _: UNKNOWN)


def joined(**values: Any) -> Callable[[], Any]:
    return lambda: together(lambda **known: known, **{name: value() for name, value in values.items()})


@pytest.mark.parametrize(
    ("make", "value", "known", "is_secret"),
    [
        (joined(a=lambda: 1, b=lambda: [2]), {"a": 1, "b": [2]}, True, False),
        (joined(a=lambda: 1, b=lambda: plain(2)), {"a": 1, "b": 2}, True, False),
        (joined(a=lambda: plain(1), b=lambda: plain(2), c=lambda: 3), {"a": 1, "b": 2, "c": 3}, True, False),
        (joined(a=lambda: secret(1), b=lambda: plain(2)), {"a": 1, "b": 2}, True, True),
        (joined(a=lambda: plain(1), b=lambda: secret(2)), {"a": 1, "b": 2}, True, True),
        (joined(a=lambda: [plain(1), {"x": secret(2)}], b=lambda: 3), {"a": [1, {"x": 2}], "b": 3}, True, True),
        (joined(a=lambda: plain(0).apply(lambda _: [plain(1)]), b=lambda: plain(2)), {"a": [1], "b": 2}, True, False),
        (joined(a=unknown, b=lambda: plain(2)), None, False, False),
        (joined(a=lambda: plain(1), b=unknown), None, False, False),
        (joined(a=unknown, b=lambda: secret(2)), None, False, True),
        (joined(a=lambda: secret(1), b=unknown), None, False, True),
        (joined(a=unknown, b=lambda: [plain(1), secret(2)], c=unknown), None, False, True),
    ],
)
def test_what_is_made_of_several_values(make: Callable[[], Any], value: Any, known: bool, is_secret: bool) -> None:
    assert seen(make) == Seen(value, known, is_secret)


def test_nothing_is_made_while_a_value_is_unknown() -> None:
    calls: list[dict[str, Any]] = []
    assert not seen(lambda: together(lambda **known: calls.append(known), a=unknown(), b=plain(1))).known
    assert calls == []


def test_it_depends_on_every_resource_that_a_value_came_from() -> None:
    class Thing(pulumi.CustomResource):
        name: pulumi.Output[str]

        def __init__(self, name: str, **inputs: Any) -> None:
            super().__init__("aws:test/thing:Thing", name, {"name": name, **inputs})

    def program() -> dict[str, Any]:
        one, two = Thing("one"), Thing("two")
        Thing("three", both=together(lambda a, b: f"{a}{b}", a=one.name, b=[two.name]))
        return {}

    third = run(program, AwsMocks()).one("Thing", "three")
    assert third.inputs["both"] == "one['two']"
    assert third.dependencies == {"aws:test/thing:Thing::one", "aws:test/thing:Thing::two"}


# ---------------------------------------------------------------------------------------------------- guarded
def _no_x(value: Any, where: str) -> list[Fault]:
    return [Fault("BYOB-ARG-004", where, "holds x", value, "no x", "drop x")] if "x" in value else []


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        (lambda: plain("abc"), False),
        (lambda: secret("abc"), True),
        (lambda: plain("abc").apply(lambda text: [text, plain("y")]), False),
        (lambda: plain("abc").apply(lambda text: [text, secret("y")]), True),
        (lambda: [plain("abc"), "y"], False),
    ],
)
def test_what_passes_stays_as_it_is(value: Callable[[], Any], is_secret: bool) -> None:
    found = seen(lambda: guarded(value(), "names", _no_x, "A 'a'"))
    assert found == Seen("abc" if isinstance(found.value, str) else ["abc", "y"], True, is_secret)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (lambda: plain("x"), True),
        (lambda: secret("x"), False),
        (lambda: plain(0).apply(lambda _: [plain("x")]), True),
        (lambda: plain(0).apply(lambda _: [secret("x")]), False),
        (lambda: secret(0).apply(lambda _: [plain("x")]), False),
    ],
)
def test_what_is_refused_is_shown_only_when_nothing_of_it_is_secret(value: Callable[[], Any], shown: bool) -> None:
    with pytest.raises(ByobRunError) as refused:
        seen(lambda: guarded(value(), "names", _no_x, "A 'a'"))
    told = str(refused.value)
    assert "BYOB-ARG-004 names" in told
    assert ("holds x" in told) is shown
    assert ("holds a secret value that is not accepted" in told) is not shown
