"""What errors and refusals mean."""

import json
from types import SimpleNamespace

import httpx
import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

from byob_components.verify import State, Trouble
from byob_components.verify.azure.arm import ArmError
from byob_components.verify.azure.meaning import error_code, explain, judge_refusal, refused
from byob_components.verify.browser import BrowserError
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.web import Answer, ServerError


def answer(status: int, code: str = "") -> Answer:
    return Answer(status, {}, f"<Error><Code>{code}</Code></Error>".encode() if code else b"")


@pytest.mark.parametrize(
    ("given", "signed", "state"),
    [
        (answer(200), True, State.FAIL),
        (answer(201), False, State.FAIL),
        (answer(403, "AuthorizationPermissionMismatch"), True, State.PASS),
        (answer(403, "KeyBasedAuthenticationNotPermitted"), True, State.PASS),
        (answer(409, "PublicAccessNotPermitted"), False, State.PASS),
        (answer(400, "AccountRequiresHttps"), True, State.PASS),
        (answer(401, "NoAuthenticationInformation"), False, State.PASS),
        (answer(404, "ResourceNotFound"), False, State.PASS),
        (answer(403, "AuthenticationFailed"), False, State.FAIL),
    ],
)
def test_what_a_refusal_is(given: Answer, signed: bool, state: State) -> None:
    record = Record()
    if given.code == "AuthenticationFailed":
        with pytest.raises(UndecidedError, match="these keys are not accepted, so nobody was judged"):
            judge_refusal(record, "GET", given, signed=signed)
        return
    judge_refusal(record, "GET", given, signed=signed)
    assert record.state is state


@pytest.mark.parametrize(
    ("given", "trouble"),
    [
        (answer(403, "AuthenticationFailed"), Trouble.CREDENTIALS),
        (answer(401, "InvalidAuthenticationInfo"), Trouble.CREDENTIALS),
        (answer(404, "ResourceNotFound"), Trouble.NONE),
        (answer(404, "BlobNotFound"), Trouble.NONE),
        (answer(400, "InvalidHeaderValue"), Trouble.NONE),
        (answer(409, "BlobAlreadyExists"), Trouble.NONE),
    ],
)
def test_what_decides_nothing(given: Answer, trouble: Trouble) -> None:
    with pytest.raises(UndecidedError) as undecided:
        judge_refusal(Record(), "GET", given)
    assert undecided.value.trouble is trouble


def test_a_key_of_another_account_is_refused_by_not_being_known() -> None:
    record = Record()
    judge_refusal(record, "GET", answer(403, "AuthenticationFailed"), bad_keys=())
    assert (record.state, record.evidence) == (State.PASS, ["GET: 403 AuthenticationFailed"])


def test_the_code_of_an_answer_to_head_stands_in_a_header() -> None:
    assert error_code(Answer(403, {"x-ms-error-code": "AuthenticationFailed"})) == "AuthenticationFailed"


def error(status: int, code: str, kind: type[HttpResponseError] = HttpResponseError) -> HttpResponseError:
    made = kind(
        message=f"{code} said the server\nRequestId:1234", response=SimpleNamespace(status_code=status, reason="")
    )
    made.error_code = code  # type: ignore[attr-defined]
    return made


def arm(status: int, code: str) -> ArmError:
    body = json.dumps({"error": {"code": code, "message": "no"}}).encode()
    return ArmError("GET /subscriptions/x", Answer(status, {}, body))


@pytest.mark.parametrize(
    ("problem", "trouble", "said"),
    [
        (error(403, "AuthorizationPermissionMismatch"), Trouble.NONE, "403 AuthorizationPermissionMismatch"),
        (error(403, "AuthenticationFailed"), Trouble.CREDENTIALS, "the keys are not accepted"),
        (error(401, "InvalidAuthenticationInfo", ClientAuthenticationError), Trouble.CREDENTIALS, "the keys are not accepted"),
        (ClientAuthenticationError(message="AADSTS7000215: Invalid client secret"), Trouble.CREDENTIALS, "AADSTS7000215"),
        (error(403, "AuthorizationFailure", ClientAuthenticationError), Trouble.NONE, "403 AuthorizationFailure"),
        (error(500, "InternalError"), Trouble.NETWORK, "a problem of its own"),
        (error(501, "APINotImplemented"), Trouble.NONE, "501 APINotImplemented"),
        (arm(403, "AuthorizationFailed"), Trouble.NONE, "403 AuthorizationFailed (GET /subscriptions/x: no)"),
        (arm(401, "InvalidAuthenticationToken"), Trouble.CREDENTIALS, "the keys are not accepted"),
        (arm(503, ""), Trouble.NETWORK, "a problem of its own"),
        (ServiceRequestError("no route"), Trouble.NETWORK, "no answer"),
        (ServiceResponseError("cut off"), Trouble.NETWORK, "no answer"),
        (httpx.ConnectError("refused"), Trouble.NETWORK, "no answer: ConnectError"),
        (ServerError("GET is answered 503"), Trouble.NETWORK, "GET is answered 503"),
        (BrowserError("ended with 1"), Trouble.TOOL, "the browser: ended with 1"),
        (AzureError("odd"), Trouble.TOOL, "Azure's client: "),
    ],
)  # fmt: skip
def test_what_exceptions_mean(problem: Exception, trouble: Trouble, said: str) -> None:
    explained = explain(problem)
    assert explained is not None
    assert explained.trouble is trouble
    assert said in explained.text
    assert "RequestId" not in explained.text


def test_a_refusal_says_what_to_do() -> None:
    told = explain(error(403, "AuthorizationPermissionMismatch"))
    assert told is not None
    assert told.fix.startswith("give the identity that acted the role for it (AzureGrant gives W&B's roles)")
    told = explain(error(403, "KeyBasedAuthenticationNotPermitted"))
    assert told is not None
    assert told.fix == "allow shared key access on the account, or declare the mode 'keyless'"
    told = explain(error(403, "KeyVaultEncryptionKeyNotFound"))
    assert told is not None
    assert told.fix == "enable the customer key, and give the account's identity its role on it again"


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (error(403, "AuthorizationPermissionMismatch"), True),
        (error(403, "KeyBasedAuthenticationNotPermitted"), True),
        (error(403, "AuthenticationFailed"), False),
        (error(404, "BlobNotFound"), False),
        (arm(403, "AuthorizationFailed"), True),
        (arm(401, "ExpiredAuthenticationToken"), False),
    ],
)
def test_when_somebody_was_refused(problem: Exception, expected: bool) -> None:
    assert refused(problem) is expected


def test_what_no_check_should_raise_has_no_meaning() -> None:
    assert explain(KeyError("x")) is None
