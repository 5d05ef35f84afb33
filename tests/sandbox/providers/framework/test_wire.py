"""Values on the wire: nothing is lost on the way, and what was secret comes back secret."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.providers.framework.wire import UNKNOWN, Asset, Secret, Secrets, decode, encode, is_known, reveal
from tests.sandbox.providers import caller
from tests.sandbox.providers.caller import SIGNATURE, pack, secret, unpack

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8).filter(
    lambda name: name != SIGNATURE
)
PLAIN = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer()),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
VALUES = st.recursive(
    st.one_of(PLAIN, st.just(UNKNOWN)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(NAMES, inner, max_size=4),
        st.builds(Secret, inner.filter(lambda v: not isinstance(v, Secret))),
    ),
    max_leaves=12,
)
PROPS = st.dictionaries(NAMES, VALUES, max_size=5)


@given(PROPS)
def test_what_is_encoded_comes_back(props: dict[str, Any]) -> None:
    assert decode(encode(props)) == props


def _secrets(value: Any) -> int:
    if isinstance(value, Secret):
        return 1 + _secrets(value.value)
    if isinstance(value, dict):
        return sum(map(_secrets, value.values()))
    return sum(map(_secrets, value)) if isinstance(value, list) else 0


@given(PROPS)
def test_secrets_that_are_opened_can_be_put_back(props: dict[str, Any]) -> None:
    plain, places = reveal(props)
    assert _secrets(plain) == 0
    hidden = places.hide(plain)
    assert reveal(hidden)[0] == plain

    def still_secret(before: Any, after: Any) -> None:
        if isinstance(after, Secret):
            return  # hidden as a whole: everything in it is
        assert not isinstance(before, Secret)
        if isinstance(before, dict):
            for k in before:
                still_secret(before[k], after[k])
        if isinstance(before, list):
            for a, b in zip(before, after, strict=True):
                still_secret(a, b)

    still_secret(props, hidden)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), NAMES, NAMES)
def test_a_secret_text_is_hidden_wherever_it_is_repeated(leaf: str, first: str, second: str) -> None:
    _, places = reveal({"given": Secret(leaf)})
    assert places.hide({first: [{second: leaf}], "plain": f"{leaf}."}) == {
        first: [{second: Secret(leaf)}],
        **({} if first == "plain" else {"plain": f"{leaf}."}),
    }


def test_the_engines_own_form_of_special_values() -> None:
    sent = pack(
        {
            "number": 3.0,
            "half": 2.5,
            "none": None,
            "later": caller.UNKNOWN,
            "later object": "030794c1-ac77-496b-92df-f27374a8bd58",
            "hush": secret({"leaf": "x"}),
            "output": {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "known", "secret": True},
            "unknown output": {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "dependencies": ["urn"]},
            "reference": {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:x", "id": "the-id"},
            "file": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "body"},
        }
    )
    found = decode(sent)
    assert found == {
        "number": 3,
        "half": 2.5,
        "later": UNKNOWN,
        "later object": UNKNOWN,
        "hush": Secret({"leaf": "x"}),
        "output": Secret("known"),
        "unknown output": UNKNOWN,
        "reference": "the-id",
        "file": Asset("asset", {"text": "body"}),
    }
    assert isinstance(found["number"], int), "boto3 wants whole numbers as int"
    assert unpack(encode({"file": found["file"], "hush": found["hush"], "later": UNKNOWN, "absent": None})) == {
        "file": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "body"},
        "hush": secret({"leaf": "x"}),
        "later": caller.UNKNOWN,
    }
    with pytest.raises(ValueError, match="signature nothing-known"):
        decode(pack({"x": {SIGNATURE: "nothing-known"}}))


def test_a_secret_is_not_shown_by_its_own_text() -> None:
    assert "leaf" not in repr(Secret("leaf")) + str(Secret({"a": "leaf"}))


def test_an_object_with_all_of_a_secret_and_more_is_hidden() -> None:
    _, places = reveal({"tags": Secret({"code": "leaf"})})
    assert places.hide({"tagsAll": {"code": "leaf", "team": "x"}}) == {"tagsAll": Secret({"code": "leaf", "team": "x"})}
    assert places.hide({"tagsAll": {"code": "other"}}) == {"tagsAll": {"code": "other"}}


def test_that_one_switch_is_secret_says_nothing_about_the_others() -> None:
    _, places = reveal({"a": Secret(True), "b": Secret("")})
    assert places.hide({"a": True, "c": True, "d": ""}) == {"a": Secret(True), "c": True, "d": ""}
    assert Secrets().hide({"key": "v"}, ["key"]) == {"key": Secret("v")}


@pytest.mark.parametrize("value", [UNKNOWN, [1, UNKNOWN], {"a": {"b": UNKNOWN}}, Secret(UNKNOWN)])
def test_what_is_not_wholly_known(value: Any) -> None:
    assert not is_known(value)
    assert is_known({"a": [1, Secret("x")]})
