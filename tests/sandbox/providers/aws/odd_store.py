"""A store that is not AWS: it keeps buckets and lifecycle rules, and answers what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ABSENT = {
    "policy": "NoSuchBucketPolicy",
    "cors": "NoSuchCORSConfiguration",
    "website": "NoSuchWebsiteConfiguration",
    "lifecycle": "NoSuchLifecycleConfiguration",
    "replication": "ReplicationConfigurationNotFoundError",
    "encryption": "ServerSideEncryptionConfigurationNotFoundError",
    "object-lock": "ObjectLockConfigurationNotFoundError",
    "tagging": "NoSuchTagSet",
}
_BODIES = {
    "acl": "<AccessControlPolicy><Owner><ID>x</ID></Owner></AccessControlPolicy>",
    "versioning": "<VersioningConfiguration/>",
    "accelerate": "<AccelerateConfiguration/>",
    "requestPayment": "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>",
    "logging": "<BucketLoggingStatus/>",
}


@dataclass
class OddStore:
    """What it answers, and what it was asked.

    Args:
        endpoint: Plain HTTP.
        answers: What is asked -> status, code and message. What is asked is a sub-resource (`website`), `control` (S3
            Control), `sts`, `create` or `create-tagged`.
        seen: `METHOD host path sub-resource` of every request, the host without its port.
        kept: Bodies that were put, by sub-resource.
        headers: What each answer of a bucket carries besides.
        regions: What requests were signed for.
        bodies: With what buckets were made.
    """

    endpoint: str
    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)
    bodies: list[str] = field(default_factory=list)

    def answer(self, method: str, host: str, path: str, sub: str, body: str) -> tuple[int, str]:
        """Status and body."""
        self.seen.append(f"{method} {host} {path} {sub}".rstrip())
        asked = sub
        if path.startswith("/v20180820/"):
            asked = "control"
        elif method == "POST":
            asked = "sts"
        elif method == "PUT" and not sub:
            asked = "create-tagged" if "<Tags>" in body else "create"
            self.bodies.append(body)
        if asked in self.answers:
            status, code, message = self.answers[asked]
            error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            return status, f"<ErrorResponse>{error}</ErrorResponse>" if asked in ("control", "sts") else error
        if asked == "sts":
            who = "<Arn>arn:aws:iam::000000000000:user/me</Arn><UserId>me</UserId><Account>000000000000</Account>"
            whole = f"<GetCallerIdentityResult>{who}</GetCallerIdentityResult>"
            return 200, f"<GetCallerIdentityResponse>{whole}</GetCallerIdentityResponse>"
        if asked == "control":
            return 200, "<ListTagsForResourceResult><Tags/></ListTagsForResourceResult>"
        if method in ("PUT", "DELETE"):
            if method == "PUT" and sub:
                self.kept[sub] = body
            elif method == "DELETE":
                self.kept.pop(sub, None)
            return 200 if method == "PUT" else 204, ""
        if sub in self.kept:
            return 200, self.kept[sub]
        if sub in ABSENT:
            return 404, f"<Error><Code>{ABSENT[sub]}</Code><Message/></Error>"
        return 200, _BODIES.get(sub, "")


@contextmanager
def odd_store() -> Iterator[OddStore]:
    """One store, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            sub = next(iter(parse_qs(parts.query, keep_blank_values=True)), "")
            host = self.headers["Host"].partition(":")[0]
            signed = self.headers.get("Authorization", "").partition("Credential=")[2].split("/")
            store.regions |= set(signed[2:3])
            status, answer = store.answer(self.command, host, parts.path, sub, body)
            self.send_response(status)
            for name, value in store.headers.items():
                self.send_header(name, value)
            sent = b"" if self.command == "HEAD" else answer.encode()
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    store = OddStore(f"http://localhost:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
