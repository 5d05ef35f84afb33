"""When an answer keeps somebody out, and when it says nothing about them; the same on every cloud."""

import pytest

from byob_components.verify import State, Trouble
from byob_components.verify.refusal import Verdict, judge_refusal, no_outsider, verdict
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.web import Answer

BAD_KEYS, REFUSALS = {"SignatureDoesNotMatch"}, {"PublicAccessNotPermitted"}


def answer(status: int, code: str = "") -> Answer:
    return Answer(status, {}, f"<Error><Code>{code}</Code></Error>".encode() if code else b"")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(200), Verdict.ALLOWED),
        (answer(204), Verdict.ALLOWED),
        (answer(401), Verdict.REFUSED),
        (answer(403, "AccessDenied"), Verdict.REFUSED),
        (answer(409, "PublicAccessNotPermitted"), Verdict.REFUSED),
        (answer(403, "SignatureDoesNotMatch"), Verdict.BAD_KEYS),
        (answer(409, "Conflict"), Verdict.UNCLEAR),
        (answer(404), Verdict.UNCLEAR),
        (answer(301), Verdict.UNCLEAR),
    ],
)
def test_what_an_answer_says(given: Answer, expected: Verdict) -> None:
    assert verdict(given, BAD_KEYS, REFUSALS) is expected


@pytest.mark.parametrize(
    ("given", "state", "said"),
    [
        (answer(200), State.FAIL, "GET is allowed: 200"),
        (answer(403, "AccessDenied"), State.PASS, "GET: 403 AccessDenied"),
    ],
)
def test_what_is_noted(given: Answer, state: State, said: str) -> None:
    record = Record()
    judge_refusal(record, "GET", given, BAD_KEYS)
    assert (record.state, record.evidence) == (state, [said])


@pytest.mark.parametrize(
    ("given", "trouble", "said"),
    [
        (answer(403, "SignatureDoesNotMatch"), Trouble.CREDENTIALS, "GET: 403 SignatureDoesNotMatch: these keys are not accepted"),
        (answer(404, "NoSuchKey"), Trouble.NONE, "GET is answered 404 NoSuchKey, neither allowed nor refused"),
    ],
)  # fmt: skip
def test_what_decides_nothing(given: Answer, trouble: Trouble, said: str) -> None:
    with pytest.raises(UndecidedError, match=said) as told:
        judge_refusal(Record(), "GET", given, BAD_KEYS)
    assert told.value.trouble is trouble


def test_a_cast_without_outsiders_is_told() -> None:
    with pytest.raises(UndecidedError, match="no outsider was given: only requests without a signature were tried"):
        no_outsider(Record())
