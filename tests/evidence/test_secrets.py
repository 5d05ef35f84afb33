"""No secret comes into a record, wherever it stands in a state and whether the state shows it or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byob_components.evidence import to_markdown
from tests.evidence.test_records import made, state

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
CANARY = "canary-7f3a"
CLOUDS = ("aws", "gcp", "azure", "coreweave")
Place = tuple[str | int, ...]


def places(value: Any, here: Place = ()) -> list[Place]:
    """Every value in inputs and outputs, by its place."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [here] if here else []
    for key, one in inner:
        found += places(one, (*here, key))
    return found


STATES = {cloud: state(cloud) for cloud in CLOUDS}
PLACES = [
    (cloud, i, part, place)
    for cloud in CLOUDS
    for i, resource in enumerate(STATES[cloud]["deployment"]["resources"])
    for part in ("inputs", "outputs")
    for place in places(resource[part])
]
"""Where a secret may be, in every state."""


def canaries(value: Any) -> Any:
    """The same data with the canary in every text: what a secret is in the state of somebody who shows it."""
    if isinstance(value, dict):
        return {key: canaries(one) for key, one in value.items()}
    if isinstance(value, list):
        return [canaries(one) for one in value]
    return f"{CANARY} {value}" if isinstance(value, str) else value


@given(chosen=st.sampled_from(PLACES), shown=st.booleans())
def test_a_secret_anywhere_in_a_state_is_not_in_the_record(chosen: tuple[str, int, str, Place], shown: bool) -> None:
    cloud, i, part, place = chosen
    data = json.loads(json.dumps(STATES[cloud]))
    here = data["deployment"]["resources"][i][part]
    for key in place[:-1]:
        here = here[key]
    content = {"plaintext": json.dumps(canaries(here[place[-1]]))} if shown else {"ciphertext": CANARY}
    here[place[-1]] = SECRET | content
    for record in made(data).values():
        assert CANARY not in json.dumps(record.data)
        assert CANARY not in to_markdown(record)


def test_there_are_many_places() -> None:
    assert len(PLACES) > 500
    assert {cloud for cloud, *_ in PLACES} == set(CLOUDS)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_everything_secret_at_once(cloud: str) -> None:
    data = json.loads(json.dumps(STATES[cloud]))
    for resource in data["deployment"]["resources"]:
        for part in ("inputs", "outputs"):
            resource[part] = {k: SECRET | {"plaintext": json.dumps(canaries(v))} for k, v in resource[part].items()}
    for record in made(data).values():
        assert CANARY not in json.dumps(record.data) + to_markdown(record)


def test_outputs_that_show_their_secrets_do_not_show_them_here() -> None:
    file = Path(__file__).parent / "states" / "aws-outputs.json"
    data = json.loads(file.read_text(encoding="utf-8").replace("[secret]", CANARY))
    assert CANARY in json.dumps(data)
    for record in made(data).values():
        assert CANARY not in json.dumps(record.data) + to_markdown(record)
