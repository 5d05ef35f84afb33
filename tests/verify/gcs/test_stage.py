"""Where requests go: addresses of objects at Google and elsewhere, and that this machine's configuration does not lead astray."""

from pathlib import Path
from typing import Any

import certifi
import pytest
from google.auth.credentials import Signing
from google.auth.exceptions import TransportError
from google.oauth2.credentials import Credentials

from byob_components.verify import Cast, GcsIdentity, GcsStore
from byob_components.verify.gcs.meaning import SigningError
from byob_components.verify.gcs.stage import Stage
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError

WANDB = GcsIdentity("W&B", "w@acme.iam.gserviceaccount.com", {}, Credentials("one"))
OWNER = GcsIdentity("owner", "me@acme.example", {}, Credentials("two"))


def stage(cast: Cast[GcsIdentity] | None = None, **declared: Any) -> Stage:
    store = GcsStore(**{"bucket": "acme-wandb", "location": "EU", **declared})
    return Stage(store, cast or Cast(wandb=WANDB, owner=OWNER), "run", Mask())


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ({}, "https://storage.googleapis.com/acme-wandb/a%20b.txt"),
        ({"bucket": "acme.wandb"}, "https://storage.googleapis.com/acme.wandb/a%20b.txt"),
        ({"endpoint": "https://localhost:9000/"}, "https://localhost:9000/acme-wandb/a%20b.txt"),
    ],
)
def test_the_address_of_an_object(declared: dict[str, Any], url: str) -> None:
    with stage(**declared) as made:
        assert made.url("a b.txt") == url


def test_the_plain_address_is_of_the_same_bucket() -> None:
    with stage() as made:
        assert made.url("k", "http://storage.googleapis.com") == "http://storage.googleapis.com/acme-wandb/k"
        assert made.url() == "https://storage.googleapis.com/acme-wandb"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [({}, "https://storage.googleapis.com"), ({"endpoint": "https://localhost:9000"}, "https://localhost:9000")],
)
def test_googles_client_calls_what_was_declared(
    monkeypatch: pytest.MonkeyPatch, declared: dict[str, Any], expected: str
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")
    with stage(**declared) as made:
        actor = made.insiders()[0]
        called = actor.storage._connection.API_BASE_URL
        assert called == expected
        assert actor.storage._http.credentials is WANDB.credentials


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_declared_authority_is_trusted_and_no_other(
    monkeypatch: pytest.MonkeyPatch, variable: str, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "another.pem"))
    with stage(ca_bundle=certifi.where()) as made:
        for session in (made.insiders()[0].session, made.insiders()[0]._request.session):
            settings = session.merge_environment_settings("https://localhost", {}, False, None, None)
            assert settings["verify"] == certifi.where()


@pytest.mark.parametrize(
    ("path", "prefix"), [("", ".wandb-byob-verify/run/"), ("vision", "vision/.wandb-byob-verify/run/")]
)
def test_the_folder_of_a_run(path: str, prefix: str) -> None:
    with stage(path=path) as made:
        assert made.prefix == prefix


def test_a_user_signs_nothing() -> None:
    with stage(Cast(wandb=None, owner=OWNER)) as made:
        record = Record()
        actor = made.wandb(record)
        with pytest.raises(UndecidedError, match="owner is no service account, and only those sign URLs"):
            made.sign(actor, "GET", "k")


class Impersonated(Credentials, Signing):  # type: ignore[misc]
    """Credentials that sign by themselves, as google-auth's impersonated ones do."""

    signer = signer_email = None
    answer: Any = b"signed"

    def sign_bytes(self, message: bytes) -> bytes:
        if isinstance(self.answer, Exception):
            raise self.answer
        return bytes(self.answer)


def test_credentials_that_can_sign_do() -> None:
    with stage(Cast(wandb=GcsIdentity("W&B", WANDB.email, {}, Impersonated("token")))) as made:
        assert made.sign(made.insiders()[0], "GET", "k").endswith("&X-Goog-Signature=7369676e6564")


@pytest.mark.parametrize(
    ("problem", "raised", "said"),
    [
        (TransportError("Error calling sign_bytes: 403"), SigningError, "of W&B do not sign: Error calling sign_bytes: 403"),
        (TransportError(ConnectionError("refused")), TransportError, "refused"),
    ],
)  # fmt: skip
def test_a_refusal_to_sign_is_told_from_no_answer(problem: Exception, raised: type[Exception], said: str) -> None:
    credentials = Impersonated("token")
    credentials.answer = problem
    with (
        stage(Cast(wandb=GcsIdentity("W&B", WANDB.email, {}, credentials))) as made,
        pytest.raises(raised, match=said),
    ):
        made.sign(made.insiders()[0], "GET", "k")


def test_who_acts_is_noted() -> None:
    with stage() as made:
        record = Record()
        assert made.wandb(record).name == "W&B"
        assert made.owner(record).name == "owner"
        assert record.actors == ["W&B", "owner"]
        assert made.settler(Record()).name == "owner"
    with stage(Cast(wandb=WANDB)) as made:
        assert made.settler(Record()).name == "W&B"
        with pytest.raises(UndecidedError, match="no identity of the owner was given"):
            made.owner(Record())
