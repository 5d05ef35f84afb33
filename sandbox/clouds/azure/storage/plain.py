"""The blob service over plain HTTP, as far as accounts and signatures let it be used so.

Source: learn.microsoft.com/azure/storage, "Require secure transfer to ensure secure connections" and "Create a service SAS" (`spr`).
"""

from __future__ import annotations

from sandbox.clouds.azure.apis.storage import StorageAccounts
from sandbox.clouds.azure.apis.web import Answer, Request
from sandbox.clouds.azure.storage import signatures
from sandbox.clouds.azure.storage.gate import Gate
from sandbox.clouds.azure.storage.refusal import BlobError


class PlainHttp:
    """The door for requests that come without TLS.

    Args:
        gate: The blob service.
        accounts: All storage accounts.
    """

    def __init__(self, gate: Gate, accounts: StorageAccounts) -> None:
        self.gate, self.accounts = gate, accounts

    def __call__(self, request: Request) -> Answer:
        """Answer a request, or refuse it for coming this way."""
        account = self.accounts.account(signatures.decoded(request.path)[0])
        if account is not None and account["properties"].get("supportsHttpsTrafficOnly"):
            raise BlobError(400, "AccountRequiresHttps", "The account being accessed does not support http.")
        if request.headers.get("authorization", "").lower().startswith("bearer"):
            raise BlobError(403, "AuthenticationFailed", "Authentication scheme Bearer is not supported in this version.")  # fmt: skip
        if "sig" in request.query and request.one("spr") == "https":
            raise BlobError(403, "AuthorizationProtocolMismatch", "This request is not authorized to perform this operation using this protocol.")  # fmt: skip
        return self.gate(request)
