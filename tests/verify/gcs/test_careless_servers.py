"""V18, V19, V21 and V27 against servers that check too little: doubles of the test's own, dangerous on purpose."""

import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from byob_components.verify import Cast, GcsIdentity, GcsStore, State, Trouble
from byob_components.verify.gcs import cleanup, presigned, strangers
from byob_components.verify.gcs.stage import Planted, Stage
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.web import Answer


class Open(BaseHTTPRequestHandler):
    """Takes every request, whoever signed it, if anybody, and whenever."""

    def _any(self) -> None:
        path, objects = self.path.partition("?")[0], self.server.objects  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "PUT":
            objects[path] = body
        self.send_response(self.server.status if self._is_special() else 200)  # type: ignore[attr-defined]
        self.send_header("Content-Length", str(len(objects.get(path, b""))))
        self.end_headers()
        self.wfile.write(objects.get(path, b""))

    def _is_special(self) -> bool:
        return "Expires=60" in self.path or "mallory" in self.headers.get("Authorization", "")

    do_GET = do_PUT = do_DELETE = _any

    def log_message(self, *_: object) -> None:
        pass


class Token:
    """Credentials that are a word."""

    def __init__(self, token: str) -> None:
        self.token = token

    def before_request(self, request: Any, method: str, url: str, headers: dict[str, str]) -> None:
        headers["authorization"] = f"Bearer {self.token}"


@pytest.fixture
def server() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Open) as made:
        made.objects, made.status = {}, 200  # type: ignore[attr-defined]
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@cache
def key_file() -> dict[str, str]:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return {"client_email": "w@acme.iam.gserviceaccount.com", "private_key": pem, "token_uri": "http://127.0.0.1:9"}


@pytest.fixture
def stage(server: Any) -> Iterator[Stage]:
    store = GcsStore("b", "EU", endpoint=f"http://127.0.0.1:{server.server_port}")
    wandb = GcsIdentity("W&B", "w@acme.iam.gserviceaccount.com", key_file())
    mallory = GcsIdentity("mallory", "m@other.example", {}, Token("mallory"))
    with Stage(store, Cast(wandb=wandb, outsiders=(mallory,)), "run", Mask()) as made:
        yield made


def test_a_server_that_does_not_look_at_signatures_fails(stage: Stage) -> None:
    record = Record()
    presigned.dead_urls(stage, record)
    assert (record.state, record.evidence) == (
        State.FAIL,
        [
            "an URL expired opens: 200",
            "an URL with a changed signature opens: 200",
            "an URL for another object opens: 200",
            "an URL for reading, used to write opens: 200",
        ],
    )


def test_an_answer_that_neither_opens_nor_refuses_decides_nothing(stage: Stage, server: Any) -> None:
    server.status = 404
    with pytest.raises(UndecidedError, match="an URL expired is answered 404, neither opened nor refused"):
        presigned.dead_urls(stage, Record())


@pytest.mark.parametrize("who", ["nobody", "an outsider"])
def test_a_server_that_lets_everybody_in_fails(stage: Stage, who: str) -> None:
    record = Record()
    if who == "nobody":
        strangers.anonymous(stage, record)
    else:
        strangers.outsider(stage, stage.outsiders[0], record)
    assert record.state is State.FAIL
    assert record.evidence == [
        "GET is allowed: 200",
        "PUT is allowed: 200",
        "LIST is allowed: 200",
        "DELETE is allowed: 200",
    ]


def test_a_token_that_is_not_accepted_is_no_refusal(stage: Stage, server: Any) -> None:
    server.status = 401
    with pytest.raises(UndecidedError, match="this token is not accepted, so nobody was judged") as told:
        strangers.outsider(stage, stage.outsiders[0], Record())
    assert told.value.trouble is Trouble.CREDENTIALS


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (Answer(200), State.FAIL, "GET over http://storage.example.com is allowed: 200"),
        (Answer(403, {}, b"<Code>AccessDenied</Code>"), State.PASS, "GET over http://storage.example.com: 403 AccessDenied"),
        (Answer(301, {"location": "https://storage.example.com/x"}), State.WARN,
         "http://storage.example.com sends on to HTTPS in the place of refusing: the signed URL has crossed in the clear"),
    ],
)  # fmt: skip
def test_what_is_answered_over_plain_http(answer: Answer, state: State, said: str) -> None:
    record = Record()
    strangers.plain_http(_secure(answer), record)
    assert (record.state, record.evidence) == (state, [said])


def test_plain_http_is_not_judged_unless_it_was_declared() -> None:
    with pytest.raises(UndecidedError, match=r"the organization policy storage\.secureHttpTransport does it"):
        strangers.plain_http(_secure(Answer(200), tls_only=False), Record())


def _secure(answer: Answer, tls_only: bool = True) -> Any:
    """A stage on a server that speaks TLS, whose plain port gives one answer."""
    return SimpleNamespace(
        store=SimpleNamespace(tls_only=tls_only, plain_endpoint=""),
        endpoint="https://storage.example.com:9000",
        plant=lambda name: Planted(name, b"", ""),
        reader=lambda planted, record: None,
        call=lambda *_, endpoint, **__: answer,
    )


class Careless:
    """A server that ignores the prefix: it lists everybody's objects, and clients for it."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.names = ["vision/run-1/media.png", "ours/a.txt", "ours-not/b.txt"]
        self.storage, self.bucket, self.name = self, self, "owner"

    def list_blobs(self, bucket: str, **_: Any) -> Any:
        found = [SimpleNamespace(name=name, generation=1) for name in self.names if name not in self.deleted]
        return Pages(found)

    def delete_blob(self, name: str, **_: Any) -> None:
        self.deleted.append(name)

    def get_bucket(self, name: str, **_: Any) -> Any:
        return SimpleNamespace(_properties={"softDeletePolicy": {"retentionDurationSeconds": "604800"}})


class Pages(list[Any]):
    """A listing, with the folders that it shows."""

    prefixes = frozenset({"vision/", "ours/"})


def test_a_server_that_ignores_the_prefix_loses_nothing() -> None:
    server, record = Careless(), Record()
    fake: Any = SimpleNamespace(
        insiders=lambda: (server,), prefix="ours/", run="ours", sessions=[], store=SimpleNamespace(bucket="b")
    )
    cleanup.clean_up(fake, record)
    assert server.deleted == ["ours/a.txt"]
    assert (record.state, record.evidence) == (
        State.PASS,
        ["1 objects and generations removed; none is left, but for the 7 days of soft delete"],
    )
