"""Suspended paths keep their data and lose the grant: which they are, and which paths are left."""

from collections.abc import Mapping
from typing import Any

from byob_components.combinations import Combination
from byob_components.errors import Fault
from byob_components.wandb.address import ROOT


def paths_of(values: Mapping[str, Any]) -> list[str]:
    """The paths of a store, `/` for the root.

    Args:
        values: The arguments that were given.
    """
    paths: list[str] = values.get("paths") or [ROOT]
    return paths


def paths_left(values: Mapping[str, Any]) -> list[str]:
    """The paths of a store that are not suspended.

    Args:
        values: The arguments that were given.
    """
    suspended = values.get("suspended_paths", [])
    return [path for path in paths_of(values) if path not in suspended]


def some_are_suspended(values: Mapping[str, Any]) -> bool:
    """Whether paths of the store are suspended, and others are left.

    Args:
        values: The arguments that were given.
    """
    suspended, paths = values.get("suspended_paths", []), paths_of(values)
    return bool(suspended) and all(path in paths for path in suspended) and bool(paths_left(values))


def of_this_store(code: str) -> Combination:
    """The combination of suspended paths and the store's.

    Args:
        code: The cloud's code of a suspended path that the store does not have.
    """

    def check(values: Mapping[str, Any]) -> list[Fault]:
        suspended = values.get("suspended_paths", [])
        if not suspended:
            return []
        paths = paths_of(values)
        what, allowed, fix = (
            "is not a path of this store",
            ", ".join(map(repr, paths)),
            "name a path of the store, or drop it",
        )
        return [
            Fault(code, f"suspended_paths[{i}]", what, path, allowed, fix)
            for i, path in enumerate(suspended)
            if path not in paths
        ]

    return check
