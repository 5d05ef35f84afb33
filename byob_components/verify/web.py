"""Plain HTTP requests as a browser, the SDK or a stranger makes them, and what the answers mean."""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType

import httpx

from byob_components.verify.masking import Mask

TIMEOUT_SECONDS = 30.0
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
_SERVER_TROUBLE = (429, 500, 502, 503, 504)
"""Statuses that say "again, later"; 429 is Google's, which lets an object be written once a second."""
_CODE = re.compile(rb"<Code>\s*([^<\s]+)\s*</Code>")


@dataclass(frozen=True)
class Answer:
    """A store's answer.

    Args:
        status: The HTTP status.
        headers: Names in lower case.
        body: The bytes.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """Whether it is a success (2xx)."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The error's code, as S3, Google and Azure write it in XML; empty when there is none."""
        found = _CODE.search(self.body) if not self.ok else None
        return found.group(1).decode(errors="replace") if found else ""

    def __str__(self) -> str:
        return f"{self.status} {self.code}".rstrip()


class ServerError(Exception):
    """The store answers with an error of its own, and again when asked again: nothing is decided by that."""


class Web:
    """Sends requests; follows no redirect and keeps no cookie.

    Args:
        ca_bundle: A file with the authorities to trust; empty for those this machine trusts.
        mask: Hides secrets: httpx logs every address it calls, signature included.
    """

    def __init__(self, ca_bundle: str, mask: Mask) -> None:
        verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=ca_bundle) if ca_bundle else True
        self._client = httpx.Client(verify=verify, timeout=TIMEOUT_SECONDS, follow_redirects=False)
        self._mask = mask

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def send(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Send one request.

        Args:
            method: For example `PUT`.
            url: Percent-encoded, complete with its signature.
            headers: Beside those of every request.
            body: Sent with its length, which may be 0.

        Raises:
            httpx.TransportError: There was no answer.
            ServerError: The store has a problem of its own.
        """
        # No compression: a client that unpacks by itself would hide what the store really sent.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        for attempt in range(_ATTEMPTS):
            time.sleep(_PAUSE_SECONDS * attempt)
            with _quiet(self._mask):
                got = self._client.request(method, url, headers=sent, content=body)
            answer = Answer(got.status_code, {k.lower(): v for k, v in got.headers.items()}, got.content)
            if answer.status not in _SERVER_TROUBLE:
                return answer
        raise ServerError(f"{method} is answered {answer}")


@contextmanager
def _quiet(mask: Mask) -> Iterator[None]:
    """Mask what httpx logs: a presigned address in a log is a key to the object for as long as it lives."""

    def hide(record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), ()
        return True

    logger = logging.getLogger("httpx")
    logger.addFilter(hide)
    try:
        yield
    finally:
        logger.removeFilter(hide)
