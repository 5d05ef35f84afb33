"""V18, V19, V21 to V23 against servers that check too little: doubles of the test's own, dangerous on purpose."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from byob_components.verify import AzureIdentity, AzureStore, Cast, State
from byob_components.verify.azure import modes, presigned, strangers
from byob_components.verify.azure.stage import Planted, Stage
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.web import Answer

KEY, OTHER = (base64.b64encode(letter * 64).decode() for letter in (b"a", b"b"))


class Token:
    """Gets a token that nobody checks."""

    def get_token(self, *_: str, **__: Any) -> Any:
        return SimpleNamespace(token="a-token", expires_on=0)


class Open(BaseHTTPRequestHandler):
    """Takes every request, whoever signed it, if anybody, and whenever."""

    def _any(self) -> None:
        path, server = self.path.partition("?")[0], self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "PUT":
            server.objects[path] = body  # type: ignore[attr-defined]
        answer = server.objects.get(path, b"")  # type: ignore[attr-defined]
        status = server.status if any(part in self.path for part in server.odd) else 200  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_PUT = do_DELETE = _any

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Open) as made:
        made.objects, made.status, made.odd = {}, 200, []  # type: ignore[attr-defined]
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        yield made
        made.shutdown()


def stage_on(server: Any, **declared: Any) -> Stage:
    store = AzureStore(
        **{
            "account": "acmewandb", "container": "wandb", "region": "westeurope", "mode": "access_key", "tls_only": False,
            "endpoint": f"http://127.0.0.1:{server.server_port}/acmewandb", **declared,
        }
    )  # fmt: skip
    wandb = AzureIdentity("W&B", account_key=KEY)
    return Stage(store, Cast(wandb=wandb, outsiders=(AzureIdentity("mallory", account_key=OTHER),)), "run", Mask())


@pytest.fixture
def stage(server: Any) -> Iterator[Stage]:
    with stage_on(server) as made:
        yield made


def test_a_server_that_does_not_look_at_signatures_fails(stage: Stage) -> None:
    record = Record()
    presigned.dead_urls(stage, record)
    assert (record.state, record.evidence) == (
        State.FAIL,
        [
            "an URL expired opens: 200",
            "an URL with a changed signature opens: 200",
            "an URL with a later end opens: 200",
            "an URL for another blob opens: 200",
            "an URL for reading, used to write opens: 200",
            "an URL for reading, used to delete opens: 200",
        ],
    )


def test_an_answer_that_neither_opens_nor_refuses_decides_nothing(stage: Stage, server: Any) -> None:
    server.status, server.odd = 404, ["se=3"]
    with pytest.raises(UndecidedError, match="an URL with a later end is answered 404, neither opened nor refused"):
        presigned.dead_urls(stage, Record())


@pytest.mark.parametrize("who", ["nobody", "an outsider"])
def test_a_server_that_lets_everybody_in_fails(stage: Stage, who: str) -> None:
    record = Record()
    if who == "nobody":
        strangers.anonymous(stage, record)
    else:
        strangers.outsider(stage, stage.outsiders[0], record)
    assert (record.state, record.evidence) == (
        State.FAIL,
        ["GET is allowed: 200", "PUT is allowed: 200", "LIST is allowed: 200", "DELETE is allowed: 200"],
    )


def test_a_key_that_opens_although_it_is_switched_off_fails(server: Any) -> None:
    record = Record()
    with stage_on(server, mode="keyless") as made:
        modes.shared_key(made, record)
    assert (record.state, record.evidence) == (State.FAIL, ["an URL that is signed with the account's key opens"])


def test_a_refusal_of_the_key_for_another_reason_shows_nothing(server: Any) -> None:
    with stage_on(server, mode="keyless") as made:
        planted = made.plant("no-shared-key.txt")
        made.plant, made.reader = (lambda name: planted), (lambda planted: None)  # type: ignore[method-assign, assignment]
        server.status, server.odd = 403, ["no-shared-key.txt"]
        with pytest.raises(UndecidedError, match="answered 403, not KeyBasedAuthenticationNotPermitted"):
            modes.shared_key(made, Record())


def test_another_container_that_opens_fails_and_is_cleared_too(server: Any) -> None:
    record = Record()
    with stage_on(server, mode="keyless", access="minimal", other_container="others") as made:
        actor = made.wandb(Record())
        actor._identity = AzureIdentity("W&B", Token(), "w")
        made.plant, made.reader = (lambda name: None), (lambda planted: None)  # type: ignore[method-assign, assignment, return-value]
        strangers.other_container(made, record)
        assert made.containers == ["wandb", "others"]
    assert (record.state, record.evidence) == (
        State.FAIL,
        ["LIST in others is allowed: 200", "PUT in others is allowed: 200"],
    )


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (Answer(200), State.FAIL, "GET over http://acme.blob.core.windows.net is allowed: 200"),
        (Answer(400, {}, b"<Code>AccountRequiresHttps</Code>"), State.PASS,
         "GET over http://acme.blob.core.windows.net: 400 AccountRequiresHttps"),
        (Answer(301, {"location": "https://acme.blob.core.windows.net/x"}), State.WARN,
         "http://acme.blob.core.windows.net sends on to HTTPS in the place of refusing: the signed URL has crossed in the clear"),
    ],
)  # fmt: skip
def test_what_is_answered_over_plain_http(answer: Answer, state: State, said: str) -> None:
    record = Record()
    strangers.plain_http(_secure(answer), record)
    assert (record.state, record.evidence) == (state, [said])


@pytest.mark.parametrize("answer", [Answer(404), Answer(400, {}, b"<Code>InvalidUri</Code>")])
def test_what_over_plain_http_decides_nothing(answer: Answer) -> None:
    with pytest.raises(UndecidedError, match="neither allowed nor refused"):
        strangers.plain_http(_secure(answer), Record())


def _secure(answer: Answer) -> Any:
    """A stage on a server that speaks TLS, whose plain port gives one answer."""
    return SimpleNamespace(
        store=SimpleNamespace(tls_only=True, plain_endpoint=""),
        endpoint="https://acme.blob.core.windows.net",
        plant=lambda name: Planted(name, b"", ""),
        reader=lambda planted, record: None,
        call=lambda *_, endpoint, **__: answer,
    )
