"""Refusals of the blob service, in its own form."""

from __future__ import annotations

import uuid
from xml.sax.saxutils import escape

from sandbox.clouds.azure.apis.moment import now
from sandbox.clouds.azure.apis.web import Answer, ApiError


class BlobError(ApiError):
    """A refusal in XML.

    Args:
        status: The HTTP status.
        code: The machine's word.
        message: For the user.
        headers: Besides.
    """

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(status, message)
        self.word, self.headers = code, headers

    def answer(self) -> Answer:
        """The refusal as an answer."""
        request = str(uuid.uuid4())
        text = f"{self.message}\nRequestId:{request}\nTime:{now()}"
        body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{self.word}</Code><Message>{escape(text)}</Message></Error>'  # fmt: skip
        headers = {"Content-Type": "application/xml", "x-ms-error-code": self.word, "x-ms-request-id": request}
        return Answer(self.code, body.encode(), {**headers, **{k.replace("_", "-"): v for k, v in self.headers.items()}})  # fmt: skip


def mismatch() -> BlobError:
    """Somebody known who has no right."""
    return BlobError(403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission.")  # fmt: skip


def failed() -> BlobError:
    """A signature that does not hold, or holds for something else."""
    return BlobError(403, "AuthenticationFailed", "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.")  # fmt: skip


def not_carried_out(what: str) -> BlobError:
    """What the gate does not imitate."""
    return BlobError(501, "NotImplemented", f"{what} is not carried out by the local cloud.")


def no_container() -> BlobError:
    """A container that is not there."""
    return BlobError(404, "ContainerNotFound", "The specified container does not exist.")


def no_blob() -> BlobError:
    """A blob that is not there."""
    return BlobError(404, "BlobNotFound", "The specified blob does not exist.")
