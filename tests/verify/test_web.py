"""Requests as strangers and pages make them, against a server of the test's own."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx
import pytest

from byob_components.verify import web
from byob_components.verify.masking import Mask
from byob_components.verify.web import Answer, ServerError, Web


class Handler(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []
    answers: ClassVar[list[tuple[int, bytes]]] = []

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Handler.seen.append((self.command, self.path, dict(self.headers), body))
        status, text = Handler.answers.pop(0) if Handler.answers else (200, b"fine")
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_OPTIONS = _any

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Handler.seen, Handler.answers = [], []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def sender() -> Iterator[Web]:
    with Web("", Mask(["hush-hush"])) as made:
        yield made


def test_an_empty_upload_says_its_length_and_paths_stay_as_they_are(address: str, sender: Web) -> None:
    sender.send("PUT", f"{address}/b/100%2525%20a%2Bb%C3%BC?X-User=a%20b", {"Content-Type": "text/plain"}, b"")
    method, path, headers, body = Handler.seen[0]
    assert (method, path, body) == ("PUT", "/b/100%2525%20a%2Bb%C3%BC?X-User=a%20b", b"")
    assert (headers["Content-Length"], headers["Accept-Encoding"], headers["Content-Type"]) == (
        "0",
        "identity",
        "text/plain",
    )


def test_the_error_code_is_read_and_no_redirect_followed(address: str, sender: Web) -> None:
    Handler.answers = [(403, b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"), (301, b"")]
    assert str(sender.send("GET", f"{address}/a")) == "403 AccessDenied"
    assert sender.send("GET", f"{address}/b").status == 301
    assert len(Handler.seen) == 2


def test_a_body_that_only_talks_of_a_code_is_no_error() -> None:
    assert Answer(200, {}, b"<Code>AccessDenied</Code>").code == ""


def test_a_server_with_a_problem_is_asked_again(address: str, sender: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_PAUSE_SECONDS", 0)
    Handler.answers = [(503, b"<Error><Code>SlowDown</Code></Error>"), (500, b""), (200, b"now")]
    assert sender.send("GET", address).body == b"now"
    Handler.answers = [(500, b"<Error><Code>InternalError</Code></Error>")] * 3
    with pytest.raises(ServerError, match="GET is answered 500 InternalError"):
        sender.send("GET", address)
    assert len(Handler.seen) == 6
    Handler.answers = [(429, b"<Error><Code>SlowDown</Code></Error>"), (200, b"now")]
    assert sender.send("PUT", address, body=b"x").body == b"now"


def test_addresses_in_the_log_lose_their_signature(address: str, sender: Web, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="httpx"):
        sender.send("GET", f"{address}/k?X-Amz-Signature=abc123&token=hush-hush")
    assert "/k?X-Amz-Signature=****&token=****" in caplog.text
    assert "abc123" not in caplog.text


def test_nobody_there_is_an_error_of_the_transport(sender: Web) -> None:
    with pytest.raises(httpx.TransportError):
        sender.send("GET", "http://127.0.0.1:9/")
