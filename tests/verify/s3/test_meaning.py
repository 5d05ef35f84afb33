"""What errors and refusals mean."""

import httpx
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)

from byob_components.verify import Trouble
from byob_components.verify.browser import BrowserError
from byob_components.verify.s3.meaning import Verdict, explain, verdict
from byob_components.verify.web import Answer, ServerError


def body(code: str) -> bytes:
    return f"<Error><Code>{code}</Code></Error>".encode()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(200), Verdict.ALLOWED),
        (Answer(204), Verdict.ALLOWED),
        (Answer(403, {}, body("AccessDenied")), Verdict.REFUSED),
        (Answer(403), Verdict.REFUSED),
        (Answer(401), Verdict.REFUSED),
        (Answer(403, {}, body("InvalidAccessKeyId")), Verdict.BAD_KEYS),
        (Answer(403, {}, body("SignatureDoesNotMatch")), Verdict.BAD_KEYS),
        (Answer(400, {}, body("ExpiredToken")), Verdict.BAD_KEYS),
        (Answer(404, {}, body("NoSuchKey")), Verdict.UNCLEAR),
        (Answer(301, {}, body("PermanentRedirect")), Verdict.UNCLEAR),
        (Answer(501, {}, body("NotImplemented")), Verdict.UNCLEAR),
    ],
)
def test_a_refusal_is_one_only_when_somebody_was_judged(answer: Answer, expected: Verdict) -> None:
    assert verdict(answer) is expected


def client_error(code: str, status: int) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "ListObjectsV2")


@pytest.mark.parametrize(
    ("problem", "trouble", "said"),
    [
        (client_error("AccessDenied", 403), Trouble.NONE, "ListObjectsV2: AccessDenied"),
        (client_error("InvalidAccessKeyId", 403), Trouble.CREDENTIALS, "the keys are not accepted"),
        (client_error("ExpiredToken", 400), Trouble.CREDENTIALS, "the keys are not accepted"),
        (client_error("InternalError", 500), Trouble.NETWORK, "a problem of its own"),
        (client_error("NotImplemented", 501), Trouble.NONE, "ListObjectsV2: NotImplemented"),
        (EndpointConnectionError(endpoint_url="https://x"), Trouble.NETWORK, "no answer"),
        (ConnectTimeoutError(endpoint_url="https://x"), Trouble.NETWORK, "no answer"),
        (ReadTimeoutError(endpoint_url="https://x"), Trouble.NETWORK, "no answer"),
        (SSLError(endpoint_url="https://x", error="certificate verify failed"), Trouble.NETWORK, "certificate verify failed"),
        (httpx.ConnectError("refused"), Trouble.NETWORK, "no answer: ConnectError"),
        (ServerError("GET is answered 503"), Trouble.NETWORK, "GET is answered 503"),
        (BrowserError("ended with 1"), Trouble.TOOL, "the browser: ended with 1"),
        (ParamValidationError(report="bad"), Trouble.TOOL, "boto3: "),
    ],
)  # fmt: skip
def test_what_exceptions_mean(problem: Exception, trouble: Trouble, said: str) -> None:
    explained = explain(problem)
    assert explained is not None
    assert explained.trouble is trouble
    assert said in explained.text


def test_a_refusal_says_which_right_is_missing() -> None:
    explained = explain(client_error("AccessDenied", 403))
    assert explained is not None
    assert explained.fix == (
        "give the identity that acted the right to ListObjectsV2: AwsGrant writes what W&B's page asks for"
    )


def test_what_no_check_should_raise_has_no_meaning() -> None:
    assert explain(KeyError("x")) is None
