"""What cannot be decided is said to be so: wrong keys, no answer, nobody to act; and no secret is ever told."""

import base64
import logging
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from byob_components.verify import AzureIdentity, Cast, Report, Result, State, Trouble, verify_azure
from byob_components.verify.azure import cors, roles, settings, strangers
from sandbox.clouds.azure.accounts import SUBSCRIPTION, credential
from sandbox.loopback import free_ports
from tests.verify.azure.stores import OTHER_INSTANCE, OTHER_KEY, STRANGER, Azure, MakeStore, Store, make, only

pytestmark = pytest.mark.server
DATA_PLANE = {"V08", "V09", "V10", "V11", "V12", "V13", "V14", "V15"}
BY_ARM = {"V01", "V03", "V04", "V06", "V07", "V22:roles", "V23:shared-key"}
WRONG_KEY = base64.b64encode(b"not the key of anybody").decode()


@pytest.fixture(scope="module")
def store(azure: Azure) -> Store:
    """A good store for all tests that leave it as it was."""
    return make(azure)


def result(report: Report, name: str) -> Result:
    return next(r for r in report.results if r.id == name)


class Garbage:
    """Gets what is no token."""

    def get_token(self, *_: str, **__: Any) -> Any:
        return SimpleNamespace(token="not.a.token", expires_on=9999999999)


def wrong(store: Store, who: AzureIdentity | None, how: str) -> AzureIdentity:
    assert who is not None
    if how == "no token":
        return replace(who, credential=Garbage())
    cloud = store.azure.cloud
    return replace(who, credential=credential(cloud, replace(cloud.accounts.storage_admin, secret="not-the-secret")))


@pytest.mark.parametrize(("actor", "how"), [("wandb", "no token"), ("owner", "no token"), ("owner", "no sign-in")])
def test_wrong_tokens_of_w_and_b_or_the_owner_end_the_verification_before_anything_is_written(
    store: Store, actor: str, how: str
) -> None:
    cast = replace(store.cast, **{actor: wrong(store, getattr(store.cast, actor), how)})
    report = verify_azure(store.store, cast)
    assert report.ids(State.FAIL) == []
    assert report.troubles == {Trouble.CREDENTIALS}
    assert not report.ok
    assert "the keys are not accepted" in result(report, "V02").because
    assert result(report, "V10").because.startswith("V02: ")
    assert "not-the-secret" not in report.to_json()
    assert store.contents() == []


def test_a_wrong_account_key_ends_it_too(make_store: MakeStore) -> None:
    store = make_store("access_key")
    report = verify_azure(store.store, replace(store.cast, wandb=AzureIdentity("W&B", account_key=WRONG_KEY)))
    # Azurite words a wrong signature as a refusal, AuthorizationFailure; with Azure's AuthenticationFailed it would end here.
    assert result(report, "V02").evidence[0].startswith("403 AuthorizationFailure")
    assert {"V02", "V08", "V10", "V11", "V12"} <= set(report.ids(State.FAIL))
    assert WRONG_KEY not in report.to_json()


def test_wrong_tokens_and_keys_of_an_outsider_are_no_refusal(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, strangers)
    stranger, other, key = store.cast.outsiders
    wrong_key = replace(key, account_key=WRONG_KEY)
    report = verify_azure(
        store.store, replace(store.cast, outsiders=(replace(stranger, credential=Garbage()), other, wrong_key))
    )
    told = result(report, f"V19:{STRANGER}")
    assert (told.state, told.trouble) == (State.SKIP, Trouble.CREDENTIALS)
    assert "InvalidAuthenticationInfo: these keys are not accepted, so nobody was judged" in told.because
    assert result(report, f"V19:{OTHER_INSTANCE}").state is State.PASS
    told = result(report, f"V19:{OTHER_KEY}")
    assert (told.state, told.trouble) == (State.SKIP, Trouble.CREDENTIALS)
    assert "the key does not open its own account other" in told.because
    assert not report.ok


@pytest.mark.parametrize(
    "change",
    [{"endpoint": "https://localhost:9/acme"}, {"ca_bundle": ""}, {"endpoint": "https://byob-verify.invalid"}],
    ids=["no server", "no trust", "no name"],
)
def test_no_connection_is_told_as_such(store: Store, change: dict[str, str]) -> None:
    report = verify_azure(replace(store.store, resource_id="", **change), store.cast)
    assert set(report.ids(State.SKIP)) == {r.id for r in report.results}
    assert report.troubles == {Trouble.NETWORK}
    assert result(report, "V02").because.startswith("no answer: ")
    assert "Traceback" not in report.to_text()
    assert "could not run to the end: network" in report.to_text()


def test_a_container_that_is_not_there_fails_once(store: Store) -> None:
    report = verify_azure(replace(store.store, container="nowhere"), store.cast)
    assert report.ids(State.FAIL) == ["V02"]
    assert result(report, "V02").evidence == ("there is no container nowhere",)
    assert result(report, "V27").evidence == ("there is no container, and so nothing in it",)
    assert result(report, "V05").because == "V02: there is no container nowhere"


def test_a_plain_port_that_does_not_answer_is_no_refusal(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, strangers)
    plain = f"http://localhost:{free_ports(1)[0]}/{store.store.account}"
    report = verify_azure(replace(store.store, plain_endpoint=plain), store.cast)
    assert result(report, "V18").state is State.SKIP
    assert "(ConnectError): the refusal itself could not be seen" in result(report, "V18").because
    assert report.ok


def test_a_store_whose_own_address_is_plain_fails(make_store: MakeStore) -> None:
    store = make_store("access_key")
    store.account(supportsHttpsTrafficOnly=False)
    report = verify_azure(replace(store.store, endpoint=store.store.plain_endpoint), Cast(wandb=store.cast.wandb))
    assert report.ids(State.FAIL) == ["V18"]
    assert result(report, "V18").evidence == (f"the store's own address is plain HTTP: {store.store.plain_endpoint}",)
    assert store.contents() == []


def test_without_the_accounts_id_nothing_that_only_resource_manager_shows_passes(store: Store) -> None:
    report = verify_azure(replace(store.store, resource_id=""), store.cast)
    assert report.ids(State.FAIL) == []
    assert set(report.ids(State.SKIP)) >= BY_ARM
    said = "only Azure Resource Manager shows this, and neither resource_id nor subscription_id was given"
    assert {result(report, name).because for name in ("V01", "V03", "V04", "V07", "V22:roles")} == {said}
    assert report.ok


def test_an_account_is_looked_up_in_its_subscription(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, settings, roles)
    declared = replace(store.store, resource_id="", subscription_id=SUBSCRIPTION)
    assert verify_azure(declared, store.cast).ok
    report = verify_azure(replace(declared, subscription_id="00000000-0000-0000-0000-000000000000"), store.cast)
    assert report.ids(State.FAIL) == []
    assert result(report, "V01").because.startswith("the account's id could not be looked up (the owner")


def test_without_an_owner_nothing_that_needs_one_passes(make_store: MakeStore) -> None:
    store = make_store()
    report = verify_azure(store.store, Cast(wandb=store.cast.wandb))
    assert report.ids(State.FAIL) == []
    needed = {"V01", "V03", "V04", "V07", "V14:soft-delete", "V19:outsiders", "V22:roles"}
    assert needed <= set(report.ids(State.SKIP))
    assert result(report, "V03").because == "no identity of the owner was given, and W&B may not do this"
    assert result(report, "V27").state is State.WARN
    assert all(key.startswith("vision/.wandb-byob-verify/") for key, _ in store.contents())


def test_an_owner_in_w_and_bs_place_is_a_warning_everywhere(make_store: MakeStore) -> None:
    store = make_store()
    store.revoke("Reader", "Storage Blob Data Contributor")
    declared = replace(store.store, principals=())
    report = verify_azure(declared, Cast(wandb=None, owner=store.cast.owner, outsiders=store.cast.outsiders))
    assert report.ids(State.FAIL) == []
    assert set(report.ids(State.WARN)) >= DATA_PLANE
    said = "the owner acted in W&B's place: this shows that the store works, not that W&B's grant does"
    assert all(said in result(report, name).evidence for name in DATA_PLANE)
    assert "nothing failed: read the warnings" in report.to_text()
    assert store.contents() == []


def test_a_browser_that_is_not_there_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, cors)
    report = verify_azure(store.store, store.cast, browser="/nowhere/chromium")
    told = result(report, "V16:browser")
    assert (told.state, told.trouble) == (State.SKIP, Trouble.TOOL)
    assert told.because == "the browser: /nowhere/chromium is not a program"
    assert not report.ok


class Overheard:
    """A credential whose tokens the test sees too."""

    def __init__(self, credential: Any) -> None:
        self.credential, self.tokens = credential, set[str]()

    def get_token(self, *scopes: str, **more: Any) -> Any:
        got = self.credential.get_token(*scopes, **more)
        self.tokens.add(got.token)
        return got


@pytest.mark.parametrize(("mode", "change"), [("keyless", "the grant is revoked"), ("team_connector", "")])
def test_no_secret_is_told(
    make_store: MakeStore, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, mode: str, change: str
) -> None:
    from byob_components.verify.azure.sas import Signer

    store = make_store(mode)
    if change:
        store.revoke(*list(store.grants))
    signed: list[str] = []
    sign = Signer.sign
    monkeypatch.setattr(Signer, "sign", lambda self, *a, **k: signed.append(sign(self, *a, **k)) or signed[-1])
    heard = [Overheard(who.credential) for who in (store.cast.wandb, store.cast.owner)]
    cast = replace(
        store.cast, wandb=replace(store.cast.wandb, credential=heard[0]), owner=replace(store.cast.owner, credential=heard[1])
    )  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        report = verify_azure(store.store, cast)
    told = report.to_text() + report.to_json() + caplog.text
    assert "HTTP Request: PUT https://localhost" in told
    assert "sig=****" in told
    tokens = heard[0].tokens | heard[1].tokens
    signatures = {text.rpartition("sig=")[2] for text in signed}
    assert (len(tokens) >= 2, len(signatures) >= 2) == (True, True)
    for secret in (
        *tokens,
        *signatures,
        store.azure.key(store.id),
        *(w.account_key for w in cast.outsiders if w.account_key),
    ):
        assert secret not in told
