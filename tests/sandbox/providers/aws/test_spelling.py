"""Nested settings in the program's spelling and in the API's."""

from __future__ import annotations

from sandbox.providers.aws.spelling import from_api, pruned, same_set, to_api

TABLE = {"id": "ID", "days": "Days", "expiry": ("Expiration", {"days": "Days"}), "moves": ("Transitions", {"to": "StorageClass"})}  # fmt: skip
OURS = {"id": "x", "days": 0, "expiry": {"days": 1}, "moves": [{"to": "A"}, {"to": "B"}]}
THEIRS = {"ID": "x", "Days": 0, "Expiration": {"Days": 1}, "Transitions": [{"StorageClass": "A"}, {"StorageClass": "B"}]}  # fmt: skip


def test_both_ways() -> None:
    assert to_api(OURS, TABLE) == THEIRS
    assert from_api({**THEIRS, "Unheard": 1}, TABLE) == OURS


def test_what_is_absent_stays_absent_and_an_empty_object_stays_one() -> None:
    assert to_api({"id": None, "expiry": {}}, TABLE) == {"Expiration": {}}
    assert from_api({"Expiration": {}, "ID": None}, TABLE) == {"expiry": {}}


def test_what_the_real_provider_cannot_tell_from_absent_is_pruned() -> None:
    assert pruned({"a": "", "b": [], "c": {"d": None}, "e": False, "f": 0, "g": [{"h": False}]}) == {"f": 0, "g": [{}]}


def test_sets_are_the_same_in_any_order_at_every_depth() -> None:
    a = [{"id": "1", "headers": ["x", "y"], "filter": {}}, {"id": "2", "on": False}]
    b = [{"id": "2"}, {"headers": ["y", "x"], "id": "1", "filter": {"prefix": ""}}]
    assert same_set(a, b)
    assert not same_set(a, a[:1])
    assert not same_set([{"id": "1"}], [{"id": "2"}])
    assert not same_set([{"n": 0}], [{}])
