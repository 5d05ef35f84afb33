"""What errors and refusals of S3 mean."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from byob_components.verify import refusal
from byob_components.verify.explained import explain_any
from byob_components.verify.refusal import Verdict
from byob_components.verify.result import Trouble
from byob_components.verify.runner import Explained
from byob_components.verify.web import Answer

__all__ = ["BAD_KEYS", "NOT_OFFERED", "Verdict", "code_of", "explain", "status_of", "verdict"]

BAD_KEYS = frozenset(
    {
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidToken",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "TokenRefreshRequired",
        "RequestTimeTooSkewed",
    }
)
"""Codes that say who asks is not known: nothing is learned then about what they may do."""
NOT_OFFERED = frozenset({"NotImplemented", "MethodNotAllowed", "XNotImplemented", "UnsupportedOperation"})
"""Codes of servers that speak S3 without a setting."""


def verdict(answer: Answer) -> Verdict:
    """Whether an answer is a refusal.

    Args:
        answer: To a request that must be refused.
    """
    return refusal.verdict(answer, BAD_KEYS)


def code_of(problem: ClientError) -> str:
    """The error's code.

    Args:
        problem: What boto3 raised.
    """
    return str(problem.response.get("Error", {}).get("Code", ""))


def status_of(problem: ClientError) -> int:
    """The HTTP status.

    Args:
        problem: What boto3 raised.
    """
    return int(problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def explain(problem: Exception) -> Explained | None:
    """What an exception means for a check.

    Args:
        problem: What boto3, httpx or the browser raised.
    """
    if isinstance(problem, ClientError):
        code, operation = code_of(problem), problem.operation_name
        message = str(problem.response.get("Error", {}).get("Message", "")).strip()
        text = f"{operation}: {code}" + (f" ({message})" if message and message != code else "")
        if code in BAD_KEYS:
            return Explained(f"the keys are not accepted: {text}", Trouble.CREDENTIALS)
        if status_of(problem) >= 500 and code not in NOT_OFFERED:
            return Explained(f"the server has a problem of its own: {text}", Trouble.NETWORK)
        missing = f"give the identity that acted the right to {operation}: AwsGrant writes what W&B's page asks for"
        return Explained(text, fix=missing if status_of(problem) == 403 else "")
    if isinstance(problem, HTTPClientError | BotoConnectionError):
        return Explained(f"no answer: {type(problem).__name__}: {problem}", Trouble.NETWORK)
    if isinstance(problem, BotoCoreError):
        return Explained(f"boto3: {problem}", Trouble.TOOL)
    return explain_any(problem)
