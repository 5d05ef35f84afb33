"""Who acts on Google Cloud, and what a person is told when they cannot."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError, TransportError

from byob_components.errors import ByobError
from byob_components.verify import GcsStore
from byob_components.verify.gcs import login

STORE = GcsStore("vision-1234", "europe-west1")


class Credentials:
    """A login; an account says whose it is, a person does not."""

    def __init__(self, problem: Exception | None = None, **said: str) -> None:
        self.problem, self.token = problem, ""
        self.__dict__ |= said

    def refresh(self, request: Any) -> None:
        if self.problem:
            raise self.problem
        self.token = "ya29.token"


def play(monkeypatch: pytest.MonkeyPatch, credentials: Any, answer: Any = None) -> list[Any]:
    calls: list[Any] = []

    def default(request: Any) -> tuple[Any, str]:
        if isinstance(credentials, Exception):
            raise credentials
        return credentials, "acme"

    def request(url: str, headers: dict[str, str], timeout: int) -> Any:
        calls.append((url, headers))
        return answer

    monkeypatch.setattr("google.auth.default", default)
    monkeypatch.setattr(login, "_request", lambda store: request)
    return calls


def test_an_account_says_itself_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = play(monkeypatch, Credentials(service_account_email="deployer@acme.example"))
    signed_in = login.sign_in("the owner", "", STORE)
    assert (signed_in.name, signed_in.email) == ("the owner (deployer@acme.example)", "deployer@acme.example")
    assert calls == []


@pytest.mark.parametrize(
    ("answer", "name", "email"),
    [
        (SimpleNamespace(status=200, data=b'{"email": "me@acme.example"}'), "the owner (me@acme.example)", "me@acme.example"),
        (SimpleNamespace(status=401, data=b""), "the owner (the environment's login, which does not say whose it is)", "not-told@credentials.invalid"),
        (SimpleNamespace(status=200, data=b"<html>"), "the owner (the environment's login, which does not say whose it is)", "not-told@credentials.invalid"),
    ],
)  # fmt: skip
def test_google_is_asked_who_a_person_is(monkeypatch: pytest.MonkeyPatch, answer: Any, name: str, email: str) -> None:
    calls = play(monkeypatch, Credentials(), answer)
    signed_in = login.sign_in("the owner", "", STORE)
    assert (signed_in.name, signed_in.email) == (name, email)
    assert [headers for _, headers in calls] == [{"Authorization": "Bearer ya29.token"}]


def test_a_key_file_and_an_impersonated_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps({"client_email": "w@acme.example", "private_key": "PRIVATE", "token_uri": "https://t"}))
    signed_in = login.sign_in("W&B's stand-in", f"key-file:{file}", STORE)
    assert (signed_in.name, signed_in.key_file["private_key"]) == ("W&B's stand-in (w@acme.example)", "PRIVATE")
    play(monkeypatch, Credentials(service_account_email="me@acme.example"))
    made: list[Any] = []

    def impersonated(source: Any, who: str, scopes: list[str]) -> Any:
        made.append((who, scopes))
        return Credentials()

    monkeypatch.setattr(login.impersonated_credentials, "Credentials", impersonated)
    signed_in = login.sign_in("W&B's stand-in", "impersonate:w@acme.example", STORE)
    assert (signed_in.name, signed_in.email) == ("W&B's stand-in (w@acme.example)", "w@acme.example")
    assert made == [("w@acme.example", ["https://www.googleapis.com/auth/cloud-platform"])]


@pytest.mark.parametrize(
    ("credentials", "way", "told"),
    [
        (DefaultCredentialsError("none were found"), "", "cannot sign in: none were found"),
        (Credentials(RefreshError("invalid_grant: expired", {})), "", "cannot sign in: invalid_grant: expired"),
        (Credentials(TransportError("unreachable")), "", "cannot sign in: no answer: unreachable"),
        (None, "key-file:/no/such/file", "cannot sign in: cannot be read: FileNotFoundError"),
    ],
)  # fmt: skip
def test_who_cannot_sign_in_is_told_why(monkeypatch: pytest.MonkeyPatch, credentials: Any, way: str, told: str) -> None:
    play(monkeypatch, credentials)
    with pytest.raises(ByobError) as refused:
        login.sign_in("the owner", way, STORE)
    assert "BYOB-VERIFY-012 the owner" in str(refused.value)
    assert told in str(refused.value)
