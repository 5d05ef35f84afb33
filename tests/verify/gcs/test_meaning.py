"""What errors and refusals mean."""

from types import SimpleNamespace

import httpx
import pytest
import requests
from google.api_core.exceptions import (
    BadRequest,
    Forbidden,
    MethodNotImplemented,
    NotFound,
    RetryError,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
)
from google.auth.exceptions import MalformedError, RefreshError, TransportError
from google.cloud.storage.exceptions import InvalidResponse

from byob_components.verify import Trouble
from byob_components.verify.browser import BrowserError
from byob_components.verify.gcs.meaning import SigningError, explain, verdict
from byob_components.verify.refusal import Verdict
from byob_components.verify.web import Answer, ServerError


def body(code: str) -> bytes:
    return f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code></Error>".encode()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(200), Verdict.ALLOWED),
        (Answer(204), Verdict.ALLOWED),
        (Answer(403, {}, body("AccessDenied")), Verdict.REFUSED),
        (Answer(401, {}, body("AuthenticationRequired")), Verdict.REFUSED),
        (Answer(403, {}, body("SignatureDoesNotMatch")), Verdict.BAD_KEYS),
        (Answer(400, {}, body("ExpiredToken")), Verdict.BAD_KEYS),
        (Answer(404, {}, body("NoSuchKey")), Verdict.UNCLEAR),
        (Answer(501, {}, body("NotImplemented")), Verdict.UNCLEAR),
    ],
)
def test_a_refusal_is_one_only_when_somebody_was_judged(answer: Answer, expected: Verdict) -> None:
    assert verdict(answer) is expected


@pytest.mark.parametrize(
    ("problem", "trouble", "said"),
    [
        (Forbidden("no storage.objects.get"), Trouble.NONE, "403: no storage.objects.get"),
        (NotFound("no such object"), Trouble.NONE, "404: no such object"),
        (BadRequest("key is\n disabled"), Trouble.NONE, "400: key is disabled"),
        (MethodNotImplemented("not here"), Trouble.NONE, "501: not here"),
        (Unauthorized("who?"), Trouble.CREDENTIALS, "the keys are not accepted: 401: who?"),
        (ServiceUnavailable("later"), Trouble.NETWORK, "a problem of its own: 503: later"),
        (TooManyRequests("slower"), Trouble.NETWORK, "a problem of its own: 429: slower"),
        (InvalidResponse(SimpleNamespace(status_code=400), "broken pieces"), Trouble.NONE, "400: broken pieces"),
        (RetryError("given up", ServiceUnavailable("later")), Trouble.NETWORK, "503: later"),
        (RetryError("given up", requests.ConnectionError("refused")), Trouble.NETWORK, "no answer: ConnectionError: refused"),
        (RefreshError("invalid_grant: Invalid JWT Signature.", {}), Trouble.CREDENTIALS,
         "the keys are not accepted: invalid_grant: Invalid JWT Signature."),
        (MalformedError("no private key"), Trouble.CREDENTIALS, "the keys are not accepted: no private key"),
        (TransportError("no token server"), Trouble.NETWORK, "no answer: TransportError: no token server"),
        (requests.ConnectionError("refused"), Trouble.NETWORK, "no answer: ConnectionError: refused"),
        (httpx.ConnectError("refused"), Trouble.NETWORK, "no answer: ConnectError"),
        (ServerError("GET is answered 503"), Trouble.NETWORK, "GET is answered 503"),
        (BrowserError("ended with 1"), Trouble.TOOL, "the browser: ended with 1"),
        (SigningError("IAM does not sign"), Trouble.NONE, "IAM does not sign"),
    ],
)  # fmt: skip
def test_what_exceptions_mean(problem: Exception, trouble: Trouble, said: str) -> None:
    explained = explain(problem)
    assert explained is not None
    assert explained.trouble is trouble
    assert said in explained.text


@pytest.mark.parametrize(
    ("problem", "fix"),
    [
        (Forbidden("no"), "give the identity that acted the missing right: GcpGrant gives the roles of W&B's page"),
        (SigningError("no"), "grant roles/iam.serviceAccountTokenCreator on W&B's service account to that account itself "
                             "(GcpByob and GcpGrant: signer true), or give its key file"),
        (NotFound("no"), ""),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_missing(problem: Exception, fix: str) -> None:
    explained = explain(problem)
    assert explained is not None
    assert explained.fix == fix


def test_what_no_check_should_raise_has_no_meaning() -> None:
    assert explain(KeyError("x")) is None
