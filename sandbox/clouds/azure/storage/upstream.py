"""Calls to Azurite: a request passed on as it came, or one of our own signed with an account's key."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, quote, urlencode

from sandbox.clouds.azure.apis.moment import header
from sandbox.clouds.azure.apis.web import Answer
from sandbox.clouds.azure.storage.signatures import shared_key

_HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "host",
    "upgrade",
    "content-length",
    "date",
    "server",
    "expect",
}
VERSION = "2025-11-05"
"""The newest version that Azurite knows; calls of our own speak it."""


class Upstream:
    """Azurite's address and everybody's keys.

    Args:
        port: Azurite's.
        authority: The file of the authority that vouches for it.
        key: The key of an account.
    """

    def __init__(self, port: int, authority: str, key: Callable[[str], str]) -> None:
        self.port, self._key = port, key
        self._trust = ssl.create_default_context(cafile=authority)
        self._open = threading.local()

    @property
    def address(self) -> str:
        """Where Azurite is."""
        return f"https://127.0.0.1:{self.port}"

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Pass a request on.

        Args:
            method: In capitals.
            target: Path and query as they were sent.
            headers: Those that belong to the connection are left out.
            body: All of it.
        """
        for attempt in (1, 2):
            fresh = getattr(self._open, "connection", None) is None
            if fresh:
                self._open.connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=self._trust)  # fmt: skip
            try:
                return self._sent(self._open.connection, method, target, headers, body)
            except (http.client.HTTPException, OSError):
                self._open.connection.close()
                self._open.connection = None
                # Azurite closes a connection that was idle, which shows only with the next request.
                if fresh or attempt == 2:
                    raise
        raise AssertionError("not reached")

    def _sent(self, to: http.client.HTTPSConnection, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:  # fmt: skip
        to.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            if name.lower() not in _HOP:
                to.putheader(name, value)
        if "date" in headers and "x-ms-date" not in headers:
            to.putheader("date", headers["date"])
        if body or method in ("PUT", "POST", "PATCH"):
            to.putheader("content-length", str(len(body)))
        to.endheaders(body or None)
        found = to.getresponse()
        whole = found.read()
        kept: dict[str, str] = {}
        for name, value in found.getheaders():
            if name.lower() not in _HOP:
                kept[name] = f"{kept[name]}, {value}" if name in kept else value
        if method == "HEAD" and (length := found.getheader("Content-Length")):
            kept["Content-Length"] = length
        return Answer(found.status, whole, kept)

    def signed(self, method: str, account: str, path: str = "", query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:  # fmt: skip
        """A call as the account's owner.

        Args:
            method: In capitals.
            account: Which account.
            path: Container and blob, decoded.
            query: Parameters, decoded.
            headers: Of any spelling.
            body: What to send.
        """
        own = {name.lower(): value for name, value in (headers or {}).items() if name.lower() not in ("authorization", "date")}  # fmt: skip
        own["x-ms-date"] = header()
        own.setdefault("x-ms-version", VERSION)
        own["content-length"] = str(len(body))
        encoded = f"/{account}" + (quote(f"/{path}", safe="/~-_.") if path else "")
        text = urlencode(query or {}, quote_via=quote)
        parameters = parse_qs(text, keep_blank_values=True)
        signature = shared_key(method, encoded, parameters, own, account, self._key(account))
        target = f"{encoded}?{text}" if text else encoded
        return self.send(method, target, {**own, "authorization": f"SharedKey {account}:{signature}"}, body)
