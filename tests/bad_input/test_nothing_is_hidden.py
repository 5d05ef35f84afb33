"""A law of all clouds: an argument that is spoilt hides no fault but those of what reads it, and ends no program in another way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byob_components import aws
from byob_components.azure import AzureByob, AzureByobArgs
from byob_components.azure import byob as azure_byob
from byob_components.coreweave import CoreWeaveByob, CoreWeaveByobArgs
from byob_components.coreweave import byob as coreweave_byob
from byob_components.errors import Fault
from byob_components.gcp import GcpByob, GcpByobArgs
from byob_components.gcp import byob as gcp_byob
from byob_components.s3_compatible import S3CompatibleByob, S3CompatibleByobArgs
from byob_components.s3_compatible import byob as s3_byob
from byob_components.store import ByobRunError
from tests.azure import bad_input as of_azure
from tests.bad_input import test_bad_input as of_aws
from tests.bad_input.reads import READS
from tests.coreweave import bad_input as of_coreweave
from tests.gcp import bad_input as of_gcp
from tests.s3_compatible import bad_input as of_s3

MISSING = object()
SPOILT = [b"bytes", 3.5, [b"bytes"], {5: b"bytes"}, {"id": b"bytes"}, MISSING]
"""What no argument of any component takes, or that a required argument is not given."""


class Call(NamedTuple):
    """A bad call of one component."""

    component: Callable[..., Any]
    check: Callable[[Any], list[Fault]]
    arguments: type
    given: dict[str, Any]


def _calls() -> dict[str, list[Call]]:
    made = {
        "aws": [
            Call(getattr(aws, name), of_aws.CHECKS[name], getattr(aws, f"{name}Args"), of_aws._args(name, row))  # type: ignore[arg-type]
            for name, row in of_aws.CASES
        ]
    }
    others: list[tuple[str, Any, Any, Any, Any]] = [
        ("gcp", GcpByob, gcp_byob.check, GcpByobArgs, of_gcp),
        ("azure", AzureByob, azure_byob.check, AzureByobArgs, of_azure),
        ("s3_compatible", S3CompatibleByob, s3_byob.check, S3CompatibleByobArgs, of_s3),
        ("coreweave", CoreWeaveByob, coreweave_byob.check, CoreWeaveByobArgs, of_coreweave),
    ]
    for cloud, component, check, arguments, rows in others:
        every = [*(row for about in rows.SINGLE.values() for row in about), *rows.COMBINED]
        made[cloud] = [Call(component, check, arguments, {**rows.STORE, **given}) for given, _ in every]
    return made


CALLS = _calls()
CLOUDS = sorted(CALLS)


def _head(fault: Fault) -> str:
    return re.split(r"\W", fault.where, maxsplit=1)[0]


def _spoilt(call: Call, spoilt: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**call.given, **spoilt}.items() if value is not MISSING}


def _can_be(call: Call, argument: str, value: Any) -> bool:
    return value is not MISSING or argument in call.arguments.__required_keys__  # type: ignore[attr-defined]


def _hold(cloud: str, call: Call, spoilt: dict[str, Any]) -> None:
    """Every fault of the call that reads nothing of what is spoilt is told again, as often and in the same order."""
    before, after = call.check(call.given), call.check(_spoilt(call, spoilt))
    kept = [f for f in before if not {_head(f), *READS[cloud].get(f.code, set())} & spoilt.keys()]
    told = [str(fault) for fault in after]
    for fault in kept:
        assert told.count(str(fault)) == [str(one) for one in before].count(str(fault)), (fault, spoilt, call.given)
    assert [line for line in told if line in {str(f) for f in kept}] == [str(fault) for fault in kept]
    wrong = {_head(fault) for fault in after if fault.code.startswith("BYOB-ARG-")}
    assert spoilt.keys() <= wrong


@pytest.mark.parametrize("cloud", CLOUDS)
def test_one_spoilt_argument_hides_only_what_reads_it(cloud: str) -> None:
    """Every bad call with a combination in it, and every argument."""
    codes = set[str]()
    for call in CALLS[cloud]:
        found = {fault.code for fault in call.check(call.given)} & READS[cloud].keys()
        codes |= found
        for argument in call.arguments.__annotations__ if found else ():
            _hold(cloud, call, {argument: b"bytes"})
            if _can_be(call, argument, MISSING):
                _hold(cloud, call, {argument: MISSING})
    assert codes == READS[cloud].keys(), "combinations without a bad call"


@pytest.mark.parametrize("cloud", CLOUDS)
@settings(max_examples=150)
@given(data=st.data())
def test_several_spoilt_arguments_hide_only_what_reads_them(cloud: str, data: st.DataObject) -> None:
    call = data.draw(st.sampled_from(CALLS[cloud]))
    arguments = st.sampled_from(sorted(call.arguments.__annotations__))
    drawn = data.draw(st.dictionaries(arguments, st.sampled_from(SPOILT), min_size=1, max_size=5))
    spoilt = {name: value for name, value in drawn.items() if _can_be(call, name, value)}
    _hold(cloud, call, spoilt)
    with pytest.raises(ByobRunError) as raised:
        call.component("vision", _spoilt(call, spoilt))
    assert list(raised.value.faults) == call.check(_spoilt(call, spoilt))
