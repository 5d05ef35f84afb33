"""Whatever a preview holds, a review is made of it, or it is refused as unreadable."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byob_components.errors import ByobError
from byob_components.review.judging import judge
from byob_components.review.junit import to_junit
from byob_components.review.markdown import to_markdown
from byob_components.review.policies import read_policies
from byob_components.review.reading import SECRET, UNKNOWN, read_preview
from byob_components.review.sarif import to_sarif

PREVIEWS = sorted((Path(__file__).resolve().parent / "previews").glob("*.json"))
ODD = [None, True, 0, -1, 1e300, "", "x", "{", UNKNOWN, SECRET, [], {}, [None], [UNKNOWN], {"a": UNKNOWN}, [[]], "*"]
values = st.recursive(
    st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, part in inner for one in places(part, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_input_of_a_resource_breaks_the_review(data: st.DataObject) -> None:
    whole = json.loads(data.draw(st.sampled_from(PREVIEWS)).read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        sides = [
            (s, side) for s in whole["steps"] for side in ("oldState", "newState") if s.get(side, {}).get("inputs")
        ]
        if sides:
            chosen, side = data.draw(st.sampled_from(sides))
            inputs = chosen[side]["inputs"]
            path = data.draw(st.sampled_from([p for p in places(inputs) if p]))
            chosen[side]["inputs"] = replaced(inputs, path, data.draw(values))
    review = judge(read_preview(json.dumps(whole)))
    assert to_markdown(review)
    assert to_junit(review)
    assert json.dumps(to_sarif(review, "1"))


@given(st.text(max_size=40) | values.map(json.dumps))
def test_what_is_no_preview_is_refused_and_nothing_else_happens(text: str) -> None:
    with contextlib.suppress(ByobError):
        judge(read_preview(text))
    with contextlib.suppress(ByobError):
        read_policies(text)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "nonsense", '{"steps": 3}', '{"steps": [{}]}', '{"steps": [{"op": "same", "urn": "x"}]}']
)
def test_the_refusal_says_what_to_give(text: str) -> None:
    with pytest.raises(ByobError) as told:
        read_preview(text)
    assert [fault.code for fault in told.value.faults] == ["BYOB-REV-090"]
    assert "pulumi preview --json" in str(told.value)


def test_a_log_that_is_none_is_refused() -> None:
    with pytest.raises(ByobError) as told:
        read_policies('{"sequence": 1}\nnonsense\n')
    assert [fault.code for fault in told.value.faults] == ["BYOB-REV-092"]
    assert "line 2" in str(told.value)
