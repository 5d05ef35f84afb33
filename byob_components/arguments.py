"""Arguments of components: which are there, what shape they have, and which may be unknown.

The TypedDict of a component is the contract; this module holds a call against it, so that every fault of a
call is told together and before anything is registered.
"""

import difflib
import functools
import types
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Sequence as SequenceOrigin
from dataclasses import replace
from enum import StrEnum
from typing import Any, NotRequired, Required, Union, get_args, get_origin, get_type_hints, is_typeddict

import pulumi

from byob_components.errors import Check, Fault
from byob_components.store import refuse

_BASIC = {str: "text", int: "a whole number", bool: "true or false", float: "a number"}


def parse_args(
    kind: type, given: Mapping[str, Any] | None, checks: Mapping[str, Check]
) -> tuple[dict[str, Any], list[Fault]]:
    """Hold a call's arguments against their TypedDict and their checks.

    Args:
        kind: The TypedDict of the component.
        given: What the caller passed; an argument that is None counts as not given.
        checks: Argument name to the check of its value. Where the value, or an element of a list, is not known yet,
            the check runs as soon as it is.

    Returns:
        The arguments that were given (enums and whole numbers in their own types) and all faults.
    """
    if given is not None and not isinstance(given, Mapping):
        fault = Fault(
            "BYOB-ARG-006",
            "args",
            "is not a mapping of arguments",
            type(given).__name__,
            "a mapping from argument to value",
            f"pass a {kind.__name__}, a dict",
        )
        return {}, [fault]
    hints = _hints(kind)
    present = {key: value for key, value in (given or {}).items() if value is not None}
    faults = [_unknown(key, kind, hints) for key in present if key not in hints]
    faults += [
        Fault("BYOB-ARG-002", key, "is required", allowed=_describe(hints[key]), fix=f"add `{key}` to the arguments")
        for key in sorted(getattr(kind, "__required_keys__", frozenset()) - present.keys())
    ]
    values: dict[str, Any] = {}
    for key in (key for key in present if key in hints):
        value, found = _shape(present[key], hints[key], key)
        if not found and key in checks:
            value, found = _check(value, key, checks[key], f"{kind.__name__.removesuffix('Args')} {key}")
        values[key] = value
        faults += found
    return values, faults


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    # pulumi.Input names its Output by the forward reference "Output[T]".
    return get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any}, include_extras=True)


def is_open(value: object) -> bool:
    """Whether a value may not be known yet."""
    return isinstance(value, pulumi.Output | Awaitable)


def guarded(value: pulumi.Input[Any], where: str, check: Check, subject: str) -> pulumi.Output[Any]:
    """A value that is checked as soon as it is known; a fault in it stops the run.

    Args:
        value: The value, not known yet.
        where: The name of its argument.
        check: What to hold it against.
        subject: What the argument belongs to, for the message.
    """
    output = value if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)
    sources = [output]

    async def complain(faults: list[Fault]) -> None:
        # Whether the value is secret decides whether a message may show it.
        if any([await source.is_secret() for source in sources]):
            # A fix may repeat a part of the value, so that it goes with the value.
            what, fix = "holds a secret value that is not accepted", "correct the value where it comes from"
            faults = [Fault(f.code, f.where, what, None, f.allowed, fix) for f in faults]
        refuse(faults, subject)

    def verdict(known: Any) -> Any:
        if _holds_open(known):
            sources.append(pulumi.Output.from_input(known))
            return sources[-1].apply(verdict)
        faults = check(known, where)
        return complain(faults) if faults else known

    return output.apply(verdict)


def together(make: Callable[..., Any], **values: Any) -> pulumi.Output[Any]:
    """What a function makes of values of which some may not be known yet.

    The same as `Output.all(…).apply(…)`, which would turn each value into two outputs and more, plain or not. Outputs are
    most of what a component costs.

    Args:
        make: Takes the values by name, all known.
        values: Plain values, outputs, or what holds outputs.
    """
    late = {name: value for name, value in values.items() if _holds_open(value)}
    plain = {name: value for name, value in values.items() if name not in late}
    if not late:
        return pulumi.Output.from_input(make(**plain))
    return _gathered({}, list(late.items())).apply(lambda known: make(**plain, **known))


def _gathered(known: Mapping[str, Any], left: list[tuple[str, pulumi.Input[Any]]]) -> pulumi.Output[dict[str, Any]]:
    """The values that are known and those that are left, as one output.

    Each is looked at even where one before it is unknown: whether any of them is secret decides whether the whole is.
    """
    (name, value), *rest = left

    def then(one: Any) -> Any:
        if _holds_open(one):
            return pulumi.Output.from_input(one).apply(then, run_with_unknowns=True)
        return _gathered({**known, name: one}, rest) if rest else {**known, name: one}

    output = value if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)
    return output.apply(then, run_with_unknowns=True)


def _check(value: Any, where: str, check: Check, subject: str) -> tuple[Any, list[Fault]]:
    if is_open(value):
        return guarded(value, where, check, subject), []
    if isinstance(value, list) and _holds_open(value):
        # Elements stay elements: how many there are decides what is registered.
        known = [element for element in value if not _holds_open(element)]
        checked = [
            guarded([element], where, _of_element(check, i), subject).apply(lambda one: one[0])
            if _holds_open(element)
            else element
            for i, element in enumerate(value)
        ]
        # Nothing can be said of a list as a whole, its emptiness least, while none of it is known.
        return checked, check(known, where) if known else []
    if isinstance(value, Mapping) and _holds_open(value):
        return guarded(value, where, check, subject), []
    return value, check(value, where)


def _of_element(check: Check, i: int) -> Check:
    """The check of a list, for one element of it that is known later than the others."""

    def one(values: Any, where: str) -> list[Fault]:
        return [
            replace(fault, where=f"{where}[{i}]{fault.where.removeprefix(where).removeprefix('[0]')}")
            for fault in check(values, where)
        ]

    return one


def _holds_open(value: object) -> bool:
    if is_open(value):
        return True
    if isinstance(value, Mapping):
        return any(_holds_open(v) for v in value.values())
    return isinstance(value, list | tuple) and any(_holds_open(v) for v in value)


def _unknown(key: object, kind: type, hints: Mapping[str, Any]) -> Fault:
    near = difflib.get_close_matches(str(key), hints, n=1)
    fix = f"did you mean `{near[0]}`?" if near else f"see the arguments of {kind.__name__}"
    return Fault("BYOB-ARG-001", str(key), f"is not an argument of {kind.__name__.removesuffix('Args')}", fix=fix)


def _unwrap(hint: Any) -> tuple[Any, bool]:
    """(type of the value, whether it may be an Output)."""
    if get_origin(hint) in (NotRequired, Required):
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        members = get_args(hint)
        outputs = [m for m in members if m is pulumi.Output or get_origin(m) is pulumi.Output]
        plain = [m for m in members if m is not type(None) and m not in outputs and get_origin(m) is not Awaitable]
        return plain[0], bool(outputs)
    return hint, False


def _describe(hint: Any) -> str:
    kind, _ = _unwrap(hint)
    origin = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(repr(str(member)) for member in kind)
    if origin in (list, SequenceOrigin):
        return f"a list, each element {_describe(get_args(kind)[0])}"
    if origin in (dict, Mapping) or is_typeddict(kind):
        return "a mapping"
    return _BASIC.get(kind, "any value")


def _wrong(value: Any, hint: Any, where: str) -> Fault:
    return Fault("BYOB-ARG-004", where, f"is {_kind_of(value)}", value, _describe(hint), f"give {_describe(hint)}")


def _kind_of(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    return _BASIC.get(type(value), f"of type {type(value).__name__}")


def _shape(value: Any, hint: Any, where: str) -> tuple[Any, list[Fault]]:
    """The value in its own type, and what is wrong with its shape."""
    kind, may_be_open = _unwrap(hint)
    if kind is Any:
        return value, []
    if is_open(value):
        if may_be_open:
            return value, []
        return value, [
            Fault(
                "BYOB-ARG-003",
                where,
                "decides what is registered and is not known yet: it is an Output",
                allowed=_describe(hint),
                fix="give a plain value, for example from the stack's configuration",
            )
        ]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _enum(value, kind, where)
    if is_typeddict(kind):
        return _record(value, kind, where)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (list, SequenceOrigin):
        if not isinstance(value, list | tuple):
            return value, [_wrong(value, hint, where)]
        parts = [_shape(element, inner[0], f"{where}[{i}]") for i, element in enumerate(value)]
        return [part for part, _ in parts], [fault for _, found in parts for fault in found]
    if origin in (dict, Mapping) or kind is Mapping:
        if not isinstance(value, Mapping):
            return value, [_wrong(value, hint, where)]
        faults = [_wrong(key, str, f"{where} (a key)") for key in value if not isinstance(key, str)]
        pairs = {k: _shape(v, inner[1] if inner else Any, f"{where}.{k}") for k, v in value.items()}
        return {k: v for k, (v, _) in pairs.items()}, faults + [f for _, found in pairs.values() for f in found]
    if kind is int and isinstance(value, float) and value.is_integer():
        return int(value), []  # the hosted form hands whole numbers over as floats
    if isinstance(value, kind) and not (kind in (int, float) and isinstance(value, bool)):
        return value, []
    return value, [_wrong(value, hint, where)]


def _enum(value: Any, kind: type[StrEnum], where: str) -> tuple[Any, list[Fault]]:
    try:
        return kind(value), []
    except ValueError:
        allowed = ", ".join(repr(str(member)) for member in kind)
        near = difflib.get_close_matches(str(value), [str(member) for member in kind], n=1)
        fix = f"did you mean {near[0]!r}?" if near else "give one of the allowed values"
        return value, [Fault("BYOB-ARG-005", where, f"is not a value of {kind.__name__}", value, allowed, fix)]


def _record(value: Any, kind: type, where: str) -> tuple[Any, list[Fault]]:
    if not isinstance(value, Mapping):
        return value, [_wrong(value, kind, where)]
    values, faults = parse_args(kind, value, {})
    return values, [Fault(f.code, f"{where}.{f.where}", f.what, f.value, f.allowed, f.fix) for f in faults]
