"""A small HTTPS server for JSON APIs: one request in, one answer out, and errors in the form of Google's."""

from __future__ import annotations

import json
import re
import ssl
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_STATUS = {
    400: ("INVALID_ARGUMENT", "invalid"),
    401: ("UNAUTHENTICATED", "required"),
    403: ("PERMISSION_DENIED", "forbidden"),
    404: ("NOT_FOUND", "notFound"),
    409: ("ALREADY_EXISTS", "conflict"),
    412: ("FAILED_PRECONDITION", "conditionNotMet"),
    501: ("UNIMPLEMENTED", "notImplemented"),
}


@dataclass(frozen=True)
class Request:
    """What a client sent.

    Args:
        method: In capitals.
        path: As sent, still percent-encoded.
        query: Each parameter's values; parameters without a value are kept.
        headers: Names in lower case.
        body: All of it.
    """

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""
    target: str = ""
    """Path and query as they were sent."""

    def one(self, name: str, default: str = "") -> str:
        """A query parameter's first value."""
        return self.query.get(name, [default])[0]

    def json(self) -> dict[str, Any]:
        """The body as an object.

        Raises:
            ApiError: It is none.
        """
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ApiError(400, "Invalid JSON payload received.")
        return found


@dataclass
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200) -> Answer:
        """An answer in JSON."""
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=UTF-8"})


class ApiError(Exception):
    """A refusal, as the JSON APIs word it.

    Args:
        code: The HTTP status.
        message: For the user.
        reason: The machine's word; default by status.
    """

    def __init__(self, code: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status, usual = _STATUS.get(code, ("UNKNOWN", "backendError"))
        self.reason = reason or usual

    def answer(self) -> Answer:
        """The refusal as an answer."""
        one = {"domain": "global", "reason": self.reason, "message": self.message}
        return Answer.of(
            {"error": {"code": self.code, "message": self.message, "status": self.status, "errors": [one]}}, self.code
        )


Handler = Callable[..., Answer]


class Router:
    """Method and path to handler.

    A pattern's `{name}` stands for one path segment, `{name**}` for any number of them; both reach the handler by name, as
    they were sent.
    """

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        """Bind a handler; of two that fit, the first one added is called."""
        parts = re.split(r"\{(\w+)(\*\*)?\}", pattern)
        text = "".join(
            re.escape(parts[i])
            + (f"(?P<{parts[i + 1]}>{'.+' if parts[i + 2] else '[^/:]+'})" if i + 1 < len(parts) else "")
            for i in range(0, len(parts), 3)
        )
        self._routes.append((method, re.compile(text), handler))

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Args:
            request: The request.
        """
        known = False
        for method, pattern, handler in self._routes:
            if found := pattern.fullmatch(request.path):
                known = True
                if method == request.method:
                    return handler(request, **found.groupdict())
        raise ApiError(501 if known else 404, f"{request.method} {request.path} is not carried out by the local cloud")


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits for the client's delayed acknowledgement
    wbufsize = -1
    server_version, sys_version = "byob-local-cloud", ""
    timeout = 60
    answer: Callable[[Request], Answer]

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(self.timeout)
            self.request.do_handshake()  # here and not in accept: a client that stalls holds up only itself
        super().setup()

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
        parts = urlsplit(self.path)
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            headers[name.lower()] = f"{headers[name.lower()]},{value}" if name.lower() in headers else value
        query = parse_qs(parts.query, keep_blank_values=True)
        request = Request(self.command, parts.path, query, headers, self._body(), self.path)
        try:
            answer = type(self).answer(request)
        except ApiError as refusal:
            answer = refusal.answer()
        except Exception:
            traceback.print_exc()
            answer = ApiError(500, "the local cloud has a defect; its log says more").answer()
        self.send_response(answer.status)
        length = answer.headers.pop("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """One line a request, without its query: a signed URL's is a right to the object."""
        print(
            f"{self.log_date_time_string()} {self.server.server_address[1]} {self.command} {urlsplit(self.path).path} {code}",
            flush=True,
        )

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


def serve(port: int, certificate: str, key: str, answer: Callable[[Request], Answer]) -> None:
    """Serve HTTPS on the loopback address, in threads of this process.

    Args:
        port: Which one.
        certificate: The server's, a file; empty for plain HTTP.
        key: Its private key, a file.
        answer: Called for each request; an ApiError it raises is the answer.
    """
    server = _Server(("127.0.0.1", port), type("Connection", (_Connection,), {"answer": staticmethod(answer)}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
