"""Arguments that are right each for itself and wrong together, told in the same call as the faults of single arguments.

A combination is a small function that takes a call's arguments and says what is wrong with some of them together. Where
arguments are missing or misshapen, the combinations that read one of them cannot be judged, and all others are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ParamSpec

from byob_components.errors import Fault

Combination = Callable[[Mapping[str, Any]], list[Fault]]
"""Takes the arguments that were given; says what is wrong with some of them together."""

_P = ParamSpec("_P")
_UNKNOWN, _NO_MAPPING = "BYOB-ARG-001", "BYOB-ARG-006"


class _UnreadableError(Exception):
    """What is missing or misshapen was read."""


class Judged(Mapping[str, Any]):
    """A call's arguments, of which some are missing or misshapen: what reads one of these is given up.

    Whether an argument was given can be asked of a misshapen one too.

    Args:
        given: The arguments that were given, in whatever shape.
        bad: What is missing or misshapen, as faults name it: `level`, `paths[1]`, `lifecycle_rules[0].id`.
    """

    def __init__(self, given: Mapping[str, Any], bad: Iterable[str]) -> None:
        self._given = given
        self._bad = frozenset(bad)
        self._names = frozenset(re.split(r"\W", where, maxsplit=1)[0] for where in self._bad)

    def __getitem__(self, name: str) -> Any:
        if name in self._names:
            raise _UnreadableError
        return self._given[name]

    def __contains__(self, name: object) -> bool:
        if name in self._names and name not in self._given:
            raise _UnreadableError
        return name in self._given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def records(self, name: str) -> list[Mapping[str, Any]]:
        """See `records`."""
        if name in self._bad:
            raise _UnreadableError
        return [self._record(f"{name}[{i}]", record) for i, record in enumerate(self._given.get(name, ()))]

    def _record(self, where: str, record: Any) -> Mapping[str, Any]:
        inner = [bad.removeprefix(where) for bad in self._bad if bad == where or bad.startswith(f"{where}.")]
        if "" in inner:
            return _NO_RECORD
        return Judged(record, (bad[1:] for bad in inner)) if inner else record


class _NoRecord(Judged):
    """Stands for an element that should be a record and is something else."""

    def __getitem__(self, name: str) -> Any:
        raise _UnreadableError

    def __contains__(self, name: object) -> bool:
        raise _UnreadableError


_NO_RECORD = _NoRecord({}, ())


def records(values: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """An argument that is a list of records, each of which is judged for itself.

    Args:
        values: The arguments of a call.
        name: The argument.
    """
    if isinstance(values, Judged):
        return values.records(name)
    found: Sequence[Mapping[str, Any]] = values.get(name, ())
    return found


def displayed(values: Mapping[str, Any], name: str) -> Any:
    """What a message may show of an argument that a combination only names; None where it is missing or misshapen.

    Args:
        values: The arguments of a call, or a record of them.
        name: The argument.
    """
    try:
        return values.get(name)
    except _UnreadableError:
        return None


def readable(check: Callable[_P, list[Fault]], *args: _P.args, **kwargs: _P.kwargs) -> list[Fault]:
    """What a check finds; nothing where it reads what is missing or misshapen.

    Args:
        check: The check.
        args: What it takes, a call's arguments or a record of them.
        kwargs: The same by name.
    """
    try:
        return check(*args, **kwargs)
    except _UnreadableError:
        return []


def judge(values: Mapping[str, Any], faults: Sequence[Fault], combinations: Iterable[Combination]) -> list[Fault]:
    """All faults of a call: those of single arguments and, behind them, those of combinations, each once.

    Args:
        values: The arguments that were given, from `parse_args`.
        faults: Of single arguments, from `parse_args`.
        combinations: What to hold against each other, in the order in which it is told.
    """
    shapes = [fault for fault in faults if fault.code.startswith("BYOB-ARG-") and fault.code != _UNKNOWN]
    if any(fault.code == _NO_MAPPING for fault in shapes):
        return list(faults)
    if shapes:
        view = Judged(values, [fault.where for fault in shapes])
        found = [fault for combination in combinations for fault in readable(combination, view)]
    else:
        found = [fault for combination in combinations for fault in combination(values)]
    if not faults:
        return found
    # Two looks at one argument can find the same.
    return [*faults, *(fault for fault in found if fault not in faults)]
