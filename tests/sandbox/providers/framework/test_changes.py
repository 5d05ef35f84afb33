"""What the state says after a read, and what an update would change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.providers.framework.changes import difference, same, settle
from sandbox.providers.framework.contract import shape
from sandbox.providers.framework.resource import (
    AutoName,
    Failure,
    Live,
    Resource,
    between,
    changed,
    given,
    matches,
    one_of,
)
from sandbox.providers.framework.wire import UNKNOWN


class Thing(Resource):
    token = "toy:index/thing:Thing"
    title = "Thing"
    carried_out = shape("name policy size tags force chosen region")
    defaults = {"size": 10, "force": False}  # noqa: RUF012
    cloud_decides = frozenset({"chosen"})
    replace_on = frozenset({"name", "region"})
    equal = {"policy": lambda a, b: json.loads(a) == json.loads(b)}  # noqa: RUF012
    auto_name = AutoName("name", 20, lower=True)


KIND = Thing()


@pytest.mark.parametrize("empty", [None, False, "", {}, []])
def test_absent_and_empty_are_the_same(empty: Any) -> None:
    assert same(KIND, "tags", empty, None)
    assert same(KIND, "tags", None, empty)
    assert not same(KIND, "tags", empty, "x")


def test_values_are_compared_by_meaning_where_there_is_one() -> None:
    assert same(KIND, "policy", '{"a": 1, "b": 2}', '{"b":2,"a":1}')
    assert not same(KIND, "policy", '{"a": 1}', '{"a": 2}')
    assert not same(KIND, "policy", '{"a": 1}', UNKNOWN), "what is not known may be anything"
    assert not same(KIND, "size", 1, True)
    assert not same(KIND, "size", 0, None), "zero is a value"


def test_a_refresh_keeps_the_programs_own_text() -> None:
    inputs = {"name": "n", "policy": '{"a": 1}', "force": True, "__defaults": ["name"]}
    live = Live({"name": "n", "policy": '{ "a":1 }', "size": 10, "tags": None, "region": "r"}, {"arn": "x"})
    assert settle(KIND, inputs, live, {"region"}) == (
        inputs,
        {"name": "n", "policy": '{"a": 1}', "force": True, "size": 10, "region": "r", "arn": "x"},
    )


def test_a_refresh_records_drift() -> None:
    inputs = {"name": "n", "policy": '{"a": 1}', "tags": {"k": "v"}}
    live = Live({"name": "n", "policy": '{"a": 2}', "size": 20, "tags": None, "chosen": "c"})
    found, outputs = settle(KIND, inputs, live)
    assert found == {"name": "n", "policy": '{"a": 2}', "size": 20}, "the lost tags are to be added again"
    assert outputs["chosen"] == "c"
    assert "chosen" not in found, "nobody asked for it"


def test_an_import_records_what_is_no_default() -> None:
    live = Live({"name": "n", "policy": "{}", "size": 10, "tags": {}, "chosen": "c", "region": "r"})
    found, _ = settle(KIND, {}, live, {"region"})
    assert found == {"name": "n", "policy": "{}", "chosen": "c", "force": False}


def differ(old: dict[str, Any], new: dict[str, Any], outputs: dict[str, bool] | None = None, ignored: tuple[str, ...] = ()) -> Any:  # fmt: skip
    return difference(KIND, old, new, outputs or {}, ignored)


def test_added_changed_and_removed_properties() -> None:
    found = differ({"name": "n", "size": 5, "tags": {"a": "1"}}, {"name": "n", "size": 6, "policy": "{}"})
    assert found.changed == {"size": "update", "policy": "add", "tags": "delete"}
    assert (found.replaced, found.delete_first) == (set(), False)


def test_defaults_are_no_change() -> None:
    assert differ({"name": "n"}, {"name": "n", "size": 10, "force": False}).changed == {}
    assert differ({"name": "n", "size": 10}, {"name": "n"}).changed == {}


def test_what_the_cloud_chose_is_no_change_when_the_program_is_silent() -> None:
    assert differ({"name": "n", "chosen": "c"}, {"name": "n"}).changed == {}
    assert differ({"name": "n", "chosen": "c"}, {"name": "n", "chosen": "d"}).changed == {"chosen": "update"}


def test_a_replacement_comes_first_unless_the_name_is_taken_by_the_old_one() -> None:
    renamed = differ({"name": "a"}, {"name": "b"})
    assert (renamed.replaced, renamed.delete_first) == ({"name"}, False)
    moved = differ({"name": "a", "region": "x"}, {"name": "a", "region": "y"})
    assert (moved.replaced, moved.delete_first) == ({"region"}, True)
    automatic = differ({"name": "a", "region": "x"}, {"name": "b", "region": "y", "__defaults": ["name"]})
    assert automatic.delete_first is False
    unknown = differ({"name": "a"}, {"name": UNKNOWN})
    assert (unknown.replaced, unknown.delete_first) == ({"name"}, False)


def test_ignored_properties_are_left_out() -> None:
    old, new = {"name": "a", "size": 1, "tags": {"k": "1"}}, {"name": "b", "size": 2, "tags": {"k": "2"}}
    assert differ(old, new, ignored=("size", "tags")).changed == {"name": "update"}
    assert differ(old, new, ignored=("*",)).changed == {}
    # The engine itself puts the old value at a path inside a property; the rest of it is compared.
    assert set(differ(old, new, ignored=("tags.other",)).changed) == {"name", "size", "tags"}


def test_outputs_that_must_change_are_told_apart_from_inputs() -> None:
    found = differ({"name": "n"}, {"name": "n"}, {"tagsAll": False, "arn": True})
    assert found.changed == {"tagsAll": "update", "arn": "update"}
    assert (found.from_outputs, found.replaced) == ({"tagsAll", "arn"}, {"arn"})


def name(new: dict[str, Any], old: dict[str, Any] | None = None, mode: str = "propose", proposed: str = "", resource: str = "Vision") -> Any:  # fmt: skip
    auto = AutoName("name", 20, lower=True, prefix="p/", suffix=lambda n: ".x" if n.get("x") else "", unless=("namePrefix",))  # fmt: skip
    failures = auto.fill(new, old or {}, resource, b"\x01\x23\x45\x67", mode, proposed)
    return failures or new.get("name")


def test_automatic_names() -> None:
    assert name({}) == "p/vision-0123456"
    assert name({"x": True}) == "p/vision-0123456.x"
    assert name({"name": "mine"}) == "mine"
    assert name({"namePrefix": "mine-"}) is None
    assert name({}, {"name": "p/vision-old", "__defaults": ["name"]}) == "p/vision-old"
    assert name({}, {"name": "mine"}) == "p/vision-0123456", "a name that the program gave before is not an automatic one"  # fmt: skip
    assert name({}, mode="propose", proposed="dev-vision") == "p/dev-vision"
    assert name({}, mode="enforce", proposed="p/exactly") == "p/exactly"
    assert name({}, mode="disable") == [Failure("name", "automatic naming is switched off for this resource: give a name")]  # fmt: skip
    assert name({}, resource="a-very-long-name") == [Failure("name", "'p/a-very-long-name-0123456' is longer than 20 characters")]  # fmt: skip


def test_small_questions() -> None:
    assert changed({"a": None}, {"a": ""}, "a") is False
    assert changed({"a": 1, "b": 1}, {"a": 1, "b": 2}, "a") is False
    assert changed({"a": 1, "b": 1}, {"a": 1, "b": 2}, "a", "b") is True
    assert given({"a": 0, "b": None, "c": 3}, "a", "b") == {"a": 0}
    assert one_of({"a": UNKNOWN}, "a", ("x",)) == one_of({}, "a", ("x",)) == one_of({"a": "x"}, "a", ("x",)) == []
    assert one_of({"a": "y"}, "a", ("x", "z")) == [Failure("a", "must be one of x, z")]
    assert between({"a": 7}, "a", 7, 30) == between({"a": 30}, "a", 7, 30) == between({"a": UNKNOWN}, "a", 7, 30) == []
    assert between({"a": 31}, "a", 7, 30) == [Failure("a", "must be between 7 and 30")]
    assert matches({"a": "ab"}, "a", "a+", "must be a") == [Failure("a", "must be a")]
    assert matches({"a": "aa"}, "a", "a+", "must be a") == []
