"""What is missing or misshapen is read by nobody, and what does not read it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from byob_components.combinations import Judged, displayed, judge, readable, records
from byob_components.errors import Fault

Values = Mapping[str, Any]
MISSING = Fault("BYOB-ARG-002", "level", "is required")
WRONG = Fault("BYOB-ARG-004", "days", "is text", "many")
CALL = {"days": "many", "color": "red", "rules": [{"id": "a"}, {"id": 5, "days": 3}, "cold"]}
BAD = ["level", "days", "rules[1].id", "rules[2]"]


def found(where: str) -> list[Fault]:
    return [Fault("BYOB-AWS-001", where, "is wrong")]


def value(name: str) -> Callable[[Values], list[Fault]]:
    return lambda values: found(name) if values[name] else []


def optional(name: str) -> Callable[[Values], list[Fault]]:
    return lambda values: found(name) if values.get(name, "default") else []


def there(name: str) -> Callable[[Values], list[Fault]]:
    return lambda values: found(name) if name in values else []


def test_a_call_without_faults_is_judged_as_it_is() -> None:
    given: list[Values] = []

    def look(values: Values) -> list[Fault]:
        given.append(values)
        return []

    assert judge(CALL, [], [look]) == []
    assert given[0] is CALL


@pytest.mark.parametrize("faults", [[MISSING, WRONG], [WRONG, MISSING]])
def test_what_reads_them_is_left_out_and_the_others_are_told_behind_them(faults: list[Fault]) -> None:
    table = [value("days"), optional("level"), value("color"), optional("days"), there("level"), optional("size")]
    assert judge(CALL, faults, table) == [*faults, *found("color"), *found("size")]


def test_a_misshapen_argument_is_there_all_the_same() -> None:
    assert judge(CALL, [WRONG], [there("days")]) == [WRONG, *found("days")]


@pytest.mark.parametrize("code", ["BYOB-ARG-002", "BYOB-ARG-003", "BYOB-ARG-004", "BYOB-ARG-005"])
@pytest.mark.parametrize("where", ["days", "days[3]", "days.a.b", "days (a key)", "days[0].id"])
def test_every_fault_of_shape_spoils_its_argument(code: str, where: str) -> None:
    fault = Fault(code, where, "is wrong")
    assert judge(CALL, [fault], [value("days"), value("color")]) == [fault, *found("color")]


@pytest.mark.parametrize("code", ["BYOB-ARG-001", "BYOB-AWS-006", "BYOB-GCP-016", "BYOB-WANDB-021"])
def test_other_faults_spoil_nothing(code: str) -> None:
    fault = Fault(code, "days", "is wrong")
    assert judge(CALL, [fault], [value("days")]) == [fault, *found("days")]


def test_of_a_call_that_is_no_mapping_nothing_can_be_said() -> None:
    fault = Fault("BYOB-ARG-006", "args", "is not a mapping of arguments")
    assert judge({}, [fault], [optional("color")]) == [fault]


def test_a_fault_is_told_once() -> None:
    assert judge(CALL, found("color"), [value("color"), value("days")]) == [*found("color"), *found("days")]


def test_another_problem_of_a_combination_is_not_swallowed() -> None:
    with pytest.raises(KeyError):
        judge(CALL, [WRONG], [value("size")])


def test_records_are_judged_one_by_one() -> None:
    first, second, third = records(Judged(CALL, BAD), "rules")
    assert first == {"id": "a"}
    assert readable(value("id"), second) == []
    assert readable(value("days"), second) == found("days")
    assert readable(there("id"), second) == found("id")
    assert [readable(look, third) for look in (optional("id"), there("days"))] == [[], []]


def test_records_that_are_no_list_are_read_by_nobody() -> None:
    def count(values: Values) -> list[Fault]:
        return found(str(len(records(values, "rules"))))

    assert judge({"rules": "x"}, [Fault("BYOB-ARG-004", "rules", "is text")], [count]) == [
        Fault("BYOB-ARG-004", "rules", "is text")
    ]
    assert judge({}, [MISSING], [count]) == [MISSING, *found("0")]
    assert judge(CALL, [], [count]) == found("3")


def test_the_list_as_a_whole_cannot_be_read() -> None:
    assert readable(optional("rules"), Judged(CALL, BAD)) == []


def test_a_message_shows_what_can_be_read() -> None:
    view = Judged(CALL, BAD)
    assert [displayed(view, name) for name in ("color", "days", "level", "size")] == ["red", None, None, None]
    assert displayed(CALL, "days") == "many"


def test_what_was_given_can_be_counted() -> None:
    view = Judged(CALL, BAD)
    assert (list(view), len(view)) == (["days", "color", "rules"], 3)
