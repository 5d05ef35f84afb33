"""Stack configuration is written in camelCase, as Pulumi's own is; components take snake_case."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from byob_components.errors import Fault


def camel(name: str) -> str:
    """`kms_key_arn` as configuration writes it: `kmsKeyArn`.

    Args:
        name: In snake_case; a path such as `lifecycle_rules[0].storage_class` is turned part by part.
    """
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


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
    return Fault("BYOB-SET-001", f"{where}.{key}", "is not a setting", fix=fix)


def snake_keys(
    given: Mapping[str, Any], names: Mapping[str, Mapping[str, str] | None], where: str
) -> tuple[dict[str, Any], list[Fault]]:
    """Configuration keys as arguments.

    Args:
        given: What stands in the configuration.
        names: Argument to the names inside its records (snake_case to snake_case), or None when it holds no records.
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
            made = []
            for i, element in enumerate(value):
                if not isinstance(element, Mapping):
                    made.append(element)
                    continue
                record, found = snake_keys(element, dict.fromkeys(inner), f"{where}.{key}[{i}]")
                made.append(record)
                faults += found
            value = made
        values[by_key[key]] = value
    return values, faults
