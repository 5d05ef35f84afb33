"""A state that somebody edited, or another version of the engine wrote: a record or a fault, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from byob_components.errors import ByobError
from byob_components.evidence import read_verification, to_markdown
from tests.evidence.test_records import made, report, state
from tests.evidence.test_secrets import CLOUDS, Place, places

ODD = st.sampled_from([None, [], {}, "x", 7, 1.5, True, [None], {"a": None}, [{}], "[secret]"])
STATES: dict[str, Any] = {cloud: state(cloud) for cloud in CLOUDS} | {"aws-outputs": state("aws-outputs")}
PLACES = [(name, place) for name, data in STATES.items() for place in places(data)]
REPORT = json.loads(report("aws-vision"))


def changed(data: Any, place: Place, value: Any) -> Any:
    """A copy with another value at a place."""
    copy = json.loads(json.dumps(data))
    here = copy
    for key in place[:-1]:
        here = here[key]
    here[place[-1]] = value
    return copy


def attempt(make: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """(the records, nothing) or (none, why not)."""
    try:
        return make(), ""
    except ByobError as problem:
        return {}, str(problem)


@settings(max_examples=200)
@given(chosen=st.sampled_from(PLACES), value=ODD)
def test_any_value_of_a_state_may_be_odd(chosen: tuple[str, Place], value: Any) -> None:
    name, place = chosen
    found, refused = attempt(lambda: made(changed(STATES[name], place, value)))
    assert refused == "" or refused.startswith("byob evidence: ")
    for record in found.values():
        json.dumps(record.data)
        assert to_markdown(record).startswith("# Evidence for the store ")


@given(place=st.sampled_from(places(REPORT)), value=ODD)
def test_any_value_of_a_report_may_be_odd(place: Place, value: Any) -> None:
    text = json.dumps(changed(REPORT, place, value))
    found, refused = attempt(lambda: made(STATES["aws"], verifications=[read_verification(text)]))
    assert refused == "" or refused.startswith("byob evidence: ")
    for record in found.values():
        assert to_markdown(record).startswith("# Evidence for the store ")
