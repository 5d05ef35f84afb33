"""What stands before a real S3 server: it hands every request on as it came, so that signatures hold, and looks at some."""

from __future__ import annotations

import http.client
import ssl
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"})
"""Headers of one connection, not of the request."""


@dataclass(frozen=True)
class Request:
    """What a client sent.

    Args:
        method: In capitals.
        target: Path and query, as sent.
        headers: Names and values as sent, in their order.
        body: All of it.
        secure: Whether it came over TLS.
        domain: Below which a bucket may stand before the host.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    secure: bool = True
    domain: str = ""

    def header(self, name: str) -> str:
        """A header's value; empty when it is not there.

        Args:
            name: In any spelling.
        """
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @cached_property
    def query(self) -> Mapping[str, list[str]]:
        """Each parameter's values; parameters without a value are kept."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @cached_property
    def place(self) -> tuple[str, str]:
        """Bucket and key; empty where there is none."""
        path = unquote(urlsplit(self.target).path).lstrip("/")
        host = self.header("Host").partition(":")[0]
        if self.domain and host.endswith(f".{self.domain}"):
            return host.removesuffix(f".{self.domain}"), path
        bucket, _, key = path.partition("/")
        return bucket, key

    @cached_property
    def access_key(self) -> str:
        """Whose signature it carries: the access key id, empty when it carries none."""
        signed = self.header("Authorization").partition("Credential=")[2] or self.query.get("X-Amz-Credential", [""])[0]
        return signed.partition("/")[0]


@dataclass
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def error(cls, status: int, code: str, message: str) -> Answer:
        """A refusal in the words of S3.

        Args:
            status: The HTTP status.
            code: S3's code.
            message: For people.
        """
        text = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        return cls(status, text.encode(), [("Content-Type", "application/xml")])

    @property
    def code(self) -> str:
        """S3's code of an error; empty when it is none."""
        return self.body.partition(b"<Code>")[2].partition(b"</Code>")[0].decode() if self.status >= 400 else ""

    def without_cors(self) -> Answer:
        """The same answer, closed to pages."""
        kept = [(name, value) for name, value in self.headers if not name.lower().startswith("access-control-")]
        return Answer(self.status, self.body, kept)


class Upstream:
    """The server behind, over TLS and over plain HTTP.

    Args:
        secure_port: Its HTTPS port.
        plain_port: Its HTTP port.
        ca_bundle: The authority of the first.
    """

    def __init__(self, secure_port: int, plain_port: int, ca_bundle: str) -> None:
        self._ports = secure_port, plain_port
        self._trust = ssl.create_default_context(cafile=ca_bundle)
        self._own = threading.local()

    def __call__(self, request: Request) -> Answer:
        """Hand a request on, by the way it came, and bring back the answer.

        Args:
            request: The request.
        """
        name = "secure" if request.secure else "plain"
        for attempt in (1, 2):
            connection = getattr(self._own, name, None) or self._connect(request.secure)
            try:
                connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
                for key, value in request.headers:
                    if key.lower() not in _HOP and key.lower() != "content-length":
                        connection.putheader(key, value)
                if request.body or request.method in ("PUT", "POST"):
                    connection.putheader("Content-Length", str(len(request.body)))
                connection.endheaders(request.body or None)
                told = connection.getresponse()
                body = told.read()
            except (http.client.HTTPException, OSError):
                # A connection that was kept may have been closed at the other end.
                connection.close()
                setattr(self._own, name, None)
                if attempt == 2:
                    raise
                continue
            setattr(self._own, name, connection)
            return Answer(told.status, body, [(k, v) for k, v in told.getheaders() if k.lower() not in _HOP])
        raise AssertionError("unreachable")

    def _connect(self, secure: bool) -> http.client.HTTPConnection:
        if secure:
            return http.client.HTTPSConnection("localhost", self._ports[0], timeout=60, context=self._trust)
        return http.client.HTTPConnection("localhost", self._ports[1], timeout=60)


Rule = Callable[[Request], Answer]


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits for the client's delayed acknowledgement
    wbufsize = -1
    timeout = 60
    rule: Rule
    domain: str

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(self.timeout)
            self.request.do_handshake()  # here and not in accept: a client that stalls holds up only itself
        super().setup()

    def handle_expect_100(self) -> bool:
        told = super().handle_expect_100()
        self.wfile.flush()  # the client waits for it
        return told

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _serve(self) -> None:
        secure = isinstance(self.request, ssl.SSLSocket)
        request = Request(self.command, self.path, tuple(self.headers.items()), self._body(), secure, type(self).domain)
        try:
            answer = type(self).rule(request)
        except Exception:
            traceback.print_exc()
            answer = Answer.error(500, "InternalError", "the local store has a defect; its log says more")
        self.send_response_only(answer.status)
        given = {name.lower() for name, _ in answer.headers}
        for name, value in answer.headers:
            self.send_header(name, value)
        if "content-length" not in given and answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        # Without the query: a signed URL's is a right to the object.
        print(
            f"{self.log_date_time_string()} {self.command} {urlsplit(self.path).path} {answer.status} {answer.code}",
            flush=True,
        )

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Whatever else the library has to say (a request that it cannot read)."""
        print(f"{self.log_date_time_string()} {format % args}", flush=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | ssl.SSLError):
            traceback.print_exc()


def serve(port: int, rule: Rule, domain: str = "", tls: tuple[str, str] | None = None, minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> None:  # fmt: skip
    """Serve on the loopback address, in threads of this process.

    Args:
        port: Which one.
        rule: Called for each request.
        domain: Below which a bucket may stand before the host.
        tls: Certificate and key, files; without them plain HTTP.
        minimum: The oldest version of TLS.
    """
    made = type("Connection", (_Connection,), {"rule": staticmethod(rule), "domain": domain})
    server = _Server(("127.0.0.1", port), made)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = minimum
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
