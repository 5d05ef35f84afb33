"""What errors and refusals of Azure mean."""

from __future__ import annotations

from collections.abc import Collection

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

from byob_components.verify import refusal
from byob_components.verify.azure.arm import ArmError
from byob_components.verify.explained import explain_any
from byob_components.verify.result import Record, Trouble
from byob_components.verify.runner import Explained
from byob_components.verify.web import Answer

BAD_KEYS = frozenset(
    {
        "AuthenticationFailed",
        "InvalidAuthenticationInfo",
        "InvalidAuthenticationToken",
        "InvalidAuthenticationTokenTenant",
        "ExpiredAuthenticationToken",
    }
)
"""Codes that say who asks is not known: nothing is learned then about what they may do."""
KEY_OFF = "KeyBasedAuthenticationNotPermitted"
"""Shared key access is off."""
REFUSALS = frozenset({KEY_OFF, "AccountRequiresHttps", "PublicAccessNotPermitted"})
"""Codes of refusals, whatever their status: Azure has 400, 403 and 409 for them."""
HIDDEN = "ResourceNotFound"
"""How Azure answers somebody without a signature who asks for something private."""
NOT_OFFERED = frozenset({"NotImplemented", "APINotImplemented", "UnsupportedHttpVerb", "FeatureNotSupported"})
"""Codes of servers that do not have a part of Azure."""
NO_CONTAINER = frozenset({"ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled"})
_MISSING = (
    "give the identity that acted the role for it (AzureGrant gives W&B's roles), and let this machine through the "
    "account's firewall"
)


def judge_refusal(
    record: Record, what: str, answer: Answer, *, signed: bool = True, bad_keys: Collection[str] = BAD_KEYS
) -> None:
    """Note a request that must be refused.

    Args:
        record: Where it is noted.
        what: The request, in words.
        answer: To it.
        signed: Whether somebody signed it. Without a signature Azure says that what is private is not there.
        bad_keys: Codes that say who asks is not known; none where exactly that is the refusal.
    """
    refusal.judge_refusal(record, what, answer, bad_keys, REFUSALS if signed else REFUSALS | {HIDDEN})


def error_code(answer: Answer) -> str:
    """The code of an answer; one to HEAD has it in a header only.

    Args:
        answer: Any answer.
    """
    return answer.code or answer.headers.get("x-ms-error-code", "")


def code_of(problem: Exception) -> str:
    """The code of what a client raised; empty when there is none.

    Args:
        problem: What was raised.
    """
    code = getattr(problem, "error_code", None)
    return str(getattr(code, "value", code) or "")


def status_of(problem: Exception) -> int:
    """The HTTP status; 0 when there was no answer.

    Args:
        problem: What was raised.
    """
    return int(getattr(problem, "status_code", None) or 0)


def refused(problem: Exception) -> bool:
    """Whether somebody with good keys may not do this.

    Args:
        problem: What was raised.
    """
    code = code_of(problem)
    return code not in BAD_KEYS and (status_of(problem) in (401, 403) or code in REFUSALS)


def explain(problem: Exception) -> Explained | None:
    """What an exception means for a check.

    Args:
        problem: What the clients, httpx or the browser raised.
    """
    if isinstance(problem, ServiceRequestError | ServiceResponseError):
        return Explained(f"no answer: {type(problem).__name__}: {problem}", Trouble.NETWORK)
    if isinstance(problem, ArmError | HttpResponseError):
        return _explain_answer(problem)
    if isinstance(problem, AzureError):
        return Explained(f"Azure's client: {problem}", Trouble.TOOL)
    return explain_any(problem)


def _explain_answer(problem: ArmError | HttpResponseError) -> Explained:
    code, status = code_of(problem), status_of(problem)
    said = str(problem.message or "").strip().splitlines()
    text = f"{status or ''} {code}".strip() + (f" ({said[0]})" if said else "")
    # azure-identity raises ClientAuthenticationError without an answer of the store, when it gets no token at all.
    if code in BAD_KEYS or (isinstance(problem, ClientAuthenticationError) and not refused(problem)):
        return Explained(f"the keys are not accepted: {text}", Trouble.CREDENTIALS)
    if status >= 500 and code not in NOT_OFFERED:
        return Explained(f"the server has a problem of its own: {text}", Trouble.NETWORK)
    if code == KEY_OFF:
        return Explained(text, fix="allow shared key access on the account, or declare the mode 'keyless'")
    if code.startswith("KeyVault"):
        return Explained(text, fix="enable the customer key, and give the account's identity its role on it again")
    return Explained(text, fix=_MISSING if status == 403 else "")
