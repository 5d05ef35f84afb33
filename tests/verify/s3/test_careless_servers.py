"""V18, V19 and V21 against servers that check too little: doubles of the test's own, dangerous on purpose."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from byob_components.verify import Cast, Identity, S3Store, State
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.s3 import presigned, strangers
from byob_components.verify.s3.stage import Planted, Stage
from byob_components.verify.web import Answer


class Open(BaseHTTPRequestHandler):
    """Takes every request, whoever signed it, if anybody, and whenever."""

    def _any(self) -> None:
        path, objects = self.path.partition("?")[0], self.server.objects  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "PUT":
            objects[path] = body
        self.send_response(self.server.status if "Expires=60" in self.path else 200)  # type: ignore[attr-defined]
        self.send_header("Content-Length", str(len(objects.get(path, b""))))
        self.end_headers()
        self.wfile.write(objects.get(path, b""))

    do_GET = do_PUT = do_DELETE = _any

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Open) as made:
        made.objects, made.status = {}, 200  # type: ignore[attr-defined]
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def stage(server: Any) -> Iterator[Stage]:
    store = S3Store(
        "b", "eu-west-1", endpoint=f"http://127.0.0.1:{server.server_port}", path_style=True, tls_only=False
    )
    cast = Cast(wandb=Identity("W&B", "AKIA", "secret"), outsiders=(Identity("mallory", "AKIM", "other"),))
    with Stage(store, cast, "run", Mask()) as made:
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


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (Answer(200), State.FAIL, "GET over http://s3.example.com is allowed: 200"),
        (Answer(403, {}, b"<Code>AccessDenied</Code>"), State.PASS, "GET over http://s3.example.com: 403 AccessDenied"),
        (Answer(301, {"location": "https://s3.example.com/x"}), State.WARN,
         "http://s3.example.com sends on to HTTPS in the place of refusing: the signed URL has crossed in the clear"),
    ],
)  # fmt: skip
def test_what_is_answered_over_plain_http(answer: Answer, state: State, said: str) -> None:
    record = Record()
    strangers.plain_http(_secure(answer), record)
    assert (record.state, record.evidence) == (state, [said])


@pytest.mark.parametrize("answer", [Answer(404), Answer(301, {"location": "http://elsewhere"}), Answer(400)])
def test_what_over_plain_http_decides_nothing(answer: Answer) -> None:
    with pytest.raises(UndecidedError, match="neither allowed nor refused"):
        strangers.plain_http(_secure(answer), Record())


def _secure(answer: Answer) -> Any:
    """A stage on a server that speaks TLS, whose plain port gives one answer."""
    return SimpleNamespace(
        store=SimpleNamespace(tls_only=True, plain_endpoint=""),
        endpoint="https://s3.example.com:9000",
        plant=lambda name: Planted(name, b"", ""),
        reader=lambda planted, record: None,
        call=lambda *_, endpoint, **__: answer,
    )
