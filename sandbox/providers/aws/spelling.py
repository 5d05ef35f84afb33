"""Nested settings of an API, translated by a table that stands next to the handler: ours <-> boto3's spelling."""

from typing import Any

Table = dict[str, Any]
"""Our property name -> boto3's name, or (boto3's name, Table) for an object or a list of objects."""


def to_api(value: dict[str, Any], table: Table) -> dict[str, Any]:
    """An object of a program in the API's spelling. Absent parts stay absent; an empty object stays one.

    Args:
        value: The program's object.
        table: Which names there are.
    """
    found: dict[str, Any] = {}
    for ours, entry in table.items():
        if value.get(ours) is None:
            continue
        theirs, inner = entry if isinstance(entry, tuple) else (entry, None)
        found[theirs] = _each(value[ours], inner, to_api)
    return found


def from_api(value: dict[str, Any], table: Table) -> dict[str, Any]:
    """An object of the API in the program's spelling.

    Args:
        value: The API's object.
        table: Which names there are.
    """
    found: dict[str, Any] = {}
    for ours, entry in table.items():
        theirs, inner = entry if isinstance(entry, tuple) else (entry, None)
        if value.get(theirs) is not None:
            found[ours] = _each(value[theirs], inner, from_api)
    return found


def _each(value: Any, inner: Table | None, translate: Any) -> Any:
    if inner is None:
        return value
    return [translate(one, inner) for one in value] if isinstance(value, list) else translate(value, inner)


def pruned(value: Any) -> Any:
    """A value without what the real provider cannot tell from absent: empty texts, lists, objects, and switches that are off.

    Args:
        value: Any value.
    """
    if isinstance(value, dict):
        found = {k: pruned(v) for k, v in value.items()}
        return {k: v for k, v in found.items() if v not in (None, "", [], {}) and v is not False}
    return [pruned(v) for v in value] if isinstance(value, list) else value


def same_set(a: Any, b: Any) -> bool:
    """Whether two lists hold the same members in any order, at every depth.

    Args:
        a: One list.
        b: The other.
    """
    return bool(_sorted(pruned(a)) == _sorted(pruned(b)))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _sorted(value[k]) for k in sorted(value)}  # in one order, because members are sorted by their text
    return sorted((_sorted(v) for v in value), key=repr) if isinstance(value, list) else value
