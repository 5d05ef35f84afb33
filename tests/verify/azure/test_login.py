"""Who acts on Azure, and what a person is told when they cannot."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from byob_components.errors import ByobError
from byob_components.verify import AzureStore
from byob_components.verify.azure import login

STORE = AzureStore("acmevision", "vision", "westeurope", "keyless")


def token(**claims: str) -> str:
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.c2ln"


class Credential:
    def __init__(self, given: str | Exception) -> None:
        self.given, self.made = given, list[Any]()

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.made.append((arguments, options))
        return self

    def get_token(self, scope: str) -> Any:
        if isinstance(self.given, Exception):
            raise self.given
        return SimpleNamespace(token=self.given)


@pytest.mark.parametrize(
    ("given", "name", "login_"),
    [
        (token(upn="me@acme.example", oid="o-1"), "the owner (me@acme.example)", "o-1"),
        (token(appid="a-1", oid="o-2"), "the owner (application a-1)", "o-2"),
        (token(oid="o-3"), "the owner (o-3)", "o-3"),
    ],
)
def test_a_token_says_whose_it_is(monkeypatch: pytest.MonkeyPatch, given: str, name: str, login_: str) -> None:
    monkeypatch.setattr(login, "DefaultAzureCredential", Credential(given))
    signed_in = login.sign_in("the owner", "", STORE)
    assert (signed_in.name, signed_in.login) == (name, login_)


def test_a_token_that_says_nothing_is_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "DefaultAzureCredential", Credential("opaque"))
    assert login.sign_in("the owner", "", STORE).name == "the owner (a login that does not say whose it is)"


@pytest.mark.parametrize(
    ("way", "kind", "arguments", "options"),
    [
        ("cli", "AzureCliCredential", (), {}),
        ("managed:c-1", "ManagedIdentityCredential", (), {"client_id": "c-1"}),
        ("workload:c-1", "WorkloadIdentityCredential", (), {"client_id": "c-1"}),
        ("certificate:t-1/c-1/etc/w.pem", "CertificateCredential", ("t-1", "c-1", "etc/w.pem"), {}),
    ],
)
def test_other_ways_to_sign_in(
    monkeypatch: pytest.MonkeyPatch, way: str, kind: str, arguments: Any, options: Any
) -> None:
    monkeypatch.delenv("AZURE_AUTHORITY_HOST", raising=False)
    played = Credential(token(oid="o-1"))
    monkeypatch.setattr(login, kind, played)
    login.sign_in("W&B's stand-in", way, STORE)
    assert played.made == [(arguments, options)]


CHAIN = """DefaultAzureCredential failed to retrieve a token from the included credentials.
Attempted credentials:
\tEnvironmentCredential: Authentication failed: AADSTS7000215: Invalid client secret provided.
\tAzureCliCredential: Azure CLI not found on path"""


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (
            ClientAuthenticationError(CHAIN),
            "cannot sign in: EnvironmentCredential: Authentication failed: AADSTS7000215",
        ),
        (ClientAuthenticationError("nobody"), "cannot sign in: nobody; allowed"),
        (ServiceRequestError("no route"), "cannot sign in: ServiceRequestError: no route"),
        (ValueError("no such certificate"), "cannot sign in: ValueError: no such certificate"),
    ],
)
def test_who_cannot_sign_in_is_told_why(monkeypatch: pytest.MonkeyPatch, problem: Exception, told: str) -> None:
    monkeypatch.setattr(login, "DefaultAzureCredential", Credential(problem))
    with pytest.raises(ByobError) as refused:
        login.sign_in("the owner", "", STORE)
    assert "BYOB-VERIFY-012 the owner" in str(refused.value)
    assert told in str(refused.value)
