"""What errors and refusals of Google Cloud mean."""

from __future__ import annotations

from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.exceptions import GoogleAuthError
from google.auth.exceptions import TransportError as NoToken
from google.cloud.storage.exceptions import InvalidResponse

from byob_components.verify import refusal
from byob_components.verify.explained import explain_any
from byob_components.verify.result import Trouble
from byob_components.verify.runner import Explained
from byob_components.verify.web import Answer
from byob_components.wandb.access import GCP_SIGNER_ROLE

BAD_KEYS = frozenset({"SignatureDoesNotMatch", "ExpiredToken", "InvalidSecurity", "MalformedSecurityHeader"})
"""Codes that say who asks is not known: nothing is learned then about what they may do."""
GRANT = "give the identity that acted the missing right: GcpGrant gives the roles of W&B's page"
SIGNER = (
    f"grant {GCP_SIGNER_ROLE} on W&B's service account to that account itself (GcpByob and GcpGrant: signer true), or "
    "give its key file"
)


class SigningError(Exception):
    """IAM does not sign for an account.

    Args:
        text: What it said.
    """


def verdict(answer: Answer) -> refusal.Verdict:
    """Whether an answer is a refusal.

    Args:
        answer: To a request that must be refused.
    """
    return refusal.verdict(answer, BAD_KEYS)


def explain(problem: Exception) -> Explained | None:
    """What an exception means for a check.

    Args:
        problem: What Google's libraries, httpx or the browser raised.
    """
    if isinstance(problem, SigningError):
        return Explained(str(problem), fix=SIGNER)
    if isinstance(problem, RetryError) and problem.cause is not None:
        return explain(problem.cause)
    if isinstance(problem, InvalidResponse):
        return _answered(int(problem.response.status_code), str(problem.args[0] if problem.args else problem))
    if isinstance(problem, GoogleAPICallError):
        return _answered(int(problem.code or 0), problem.message)
    if isinstance(problem, NoToken):
        return Explained(f"no answer: {type(problem).__name__}: {problem}", Trouble.NETWORK)
    if isinstance(problem, GoogleAuthError):
        said = str(problem.args[0] if problem.args else problem)
        return Explained(f"the keys are not accepted: {said}", Trouble.CREDENTIALS)
    return explain_any(problem)


def _answered(status: int, message: str) -> Explained:
    text = f"{status}: {' '.join(message.split())}"
    if status == 401:
        return Explained(f"the keys are not accepted: {text}", Trouble.CREDENTIALS)
    if status == 429 or (status >= 500 and status != 501):
        return Explained(f"the server has a problem of its own: {text}", Trouble.NETWORK)
    return Explained(text, fix=GRANT if status == 403 else "")
