"""Which paths of a store are suspended, and which are left."""

from __future__ import annotations

from typing import Any

import pytest

from byob_components.suspension import of_this_store, paths_left, paths_of, some_are_suspended


@pytest.mark.parametrize(
    ("given", "paths", "left", "some"),
    [
        ({}, ["/"], ["/"], False),
        ({"paths": []}, ["/"], ["/"], False),
        ({"suspended_paths": ["/"]}, ["/"], [], False),
        ({"paths": ["a", "b"]}, ["a", "b"], ["a", "b"], False),
        ({"paths": ["a", "b"], "suspended_paths": []}, ["a", "b"], ["a", "b"], False),
        ({"paths": ["a", "b"], "suspended_paths": ["b"]}, ["a", "b"], ["a"], True),
        ({"paths": ["a", "b"], "suspended_paths": ["b", "a"]}, ["a", "b"], [], False),
        ({"paths": ["a", "b"], "suspended_paths": ["b", "c"]}, ["a", "b"], ["a"], False),
        ({"paths": ["a"], "suspended_paths": ["/"]}, ["a"], ["a"], False),
    ],
)
def test_paths(given: dict[str, Any], paths: list[str], left: list[str], some: bool) -> None:
    assert (paths_of(given), paths_left(given), some_are_suspended(given)) == (paths, left, some)


def test_a_path_of_another_store_is_told_with_the_paths_there_are() -> None:
    check = of_this_store("BYOB-AWS-029")
    assert check({"suspended_paths": ["/"]}) == []
    assert [str(fault) for fault in check({"paths": ["a", "b"], "suspended_paths": ["a", "c", "/"]})] == [
        "BYOB-AWS-029 suspended_paths[1]: 'c' is not a path of this store; allowed: 'a', 'b'; fix: name a path of the "
        "store, or drop it",
        "BYOB-AWS-029 suspended_paths[2]: '/' is not a path of this store; allowed: 'a', 'b'; fix: name a path of the "
        "store, or drop it",
    ]
