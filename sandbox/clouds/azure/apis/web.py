"""Answers and refusals in the form of Azure Resource Manager, on the same small HTTPS server that the other clouds here use."""

from __future__ import annotations

from typing import Any

from sandbox.clouds.gcp.apis.web import Answer, ApiError, Request, serve

__all__ = ["Answer", "ArmError", "Request", "forbidden", "not_found", "refused", "serve"]


class ArmError(ApiError):
    """A refusal, as Resource Manager and its providers word it.

    Args:
        status: The HTTP status.
        code: The machine's word.
        message: For the user.
        headers: Besides, such as `WWW-Authenticate`.
    """

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(status, message)
        self.word, self.headers = code, headers

    def answer(self) -> Answer:
        """The refusal as an answer."""
        made = Answer.of({"error": {"code": self.word, "message": self.message}}, self.code)
        made.headers.update({name.replace("_", "-"): value for name, value in self.headers.items()})
        return made


def not_found(what: str, group: str = "") -> ArmError:
    """The refusal for a resource that is not there."""
    where = f" under resource group '{group}'" if group else ""
    return ArmError(404, "ResourceNotFound", f"The Resource '{what}'{where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix")  # fmt: skip


def forbidden(who: Any, action: str, scope: str) -> ArmError:
    """The refusal for somebody without the right."""
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{who.client_id}' with object id '{who.object_id}' does not have authorization to perform action '{action}' "
        f"over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
    )


def refused(code: str, message: str, status: int = 400) -> ArmError:
    """A refusal of a request that makes no sense."""
    return ArmError(status, code, message)
