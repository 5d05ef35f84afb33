"""Stack configuration is written in camelCase, as Pulumi's own is; components take snake_case."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Set
from typing import Any

from byob_components.errors import Fault

Names = Mapping[str, Set[str] | None]
"""Argument to the names inside its records, or None when it holds no records."""


def camel(name: str) -> str:
    """`kms_key_arn` as configuration writes it: `kmsKeyArn`.

    Args:
        name: In snake_case.
    """
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def config_path(where: str, names: Names) -> str:
    """A composite's `lifecycle_rules[0].storage_class` as configuration writes it. Keys of the user's own, as those of
    tags, stay as they are.

    Args:
        where: The place of a fault.
        names: The composite's arguments.
    """
    head = re.split(r"\W", where, maxsplit=1)[0]
    rest = where[len(head) :]
    return camel(head) + (camel(rest) if names.get(head) is not None else rest)


def config_text(text: str, names: Names) -> str:
    """A composite's advice with its arguments as configuration writes them.

    Args:
        text: For example `give kms_key_arn, or …`.
        names: The composite's arguments.
    """
    return re.sub(r"\b[a-z0-9]+(_[a-z0-9]+)+\b", lambda word: camel(word[0]) if word[0] in names else word[0], text)


def unknown_key(key: str, where: str, known: Iterable[str]) -> Fault:
    """The fault of a key that does not exist; its value is not looked at.

    Args:
        key: As it was written.
        where: The config path that holds it.
        known: The keys there are.
    """
    names = sorted(known)
    right = camel(key)
    near = [right] if right in names and right != key else difflib.get_close_matches(right, names, n=1)
    fix = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(names)}"
    return Fault("BYOB-SET-001", _at(where, key), "is not a setting", fix=fix)


def _at(where: str, key: str) -> str:
    return f"{where}{key}" if where.endswith(":") else f"{where}.{key}"


def snake_keys(given: Mapping[str, Any], names: Names, where: str) -> tuple[dict[str, Any], list[Fault]]:
    """Configuration keys as arguments.

    Args:
        given: What stands in the configuration.
        names: The arguments there are.
        where: The config path.
    """
    by_key = {camel(name): name for name in names}
    values, faults = {}, []
    for key, value in given.items():
        if key not in by_key:
            faults.append(unknown_key(key, where, by_key))
            continue
        inner = names[by_key[key]]
        if inner is not None and isinstance(value, list):
            value, found = _records(value, dict.fromkeys(inner), f"{where}.{key}")
            faults += found
        values[by_key[key]] = value
    return values, faults


def _records(given: list[Any], names: Names, where: str) -> tuple[list[Any], list[Fault]]:
    made, faults = [], []
    for i, element in enumerate(given):
        if isinstance(element, Mapping):
            element, found = snake_keys(element, names, f"{where}[{i}]")
            faults += found
        made.append(element)
    return made, faults
