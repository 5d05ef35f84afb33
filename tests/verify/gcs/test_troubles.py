"""What cannot be decided is said to be so: wrong keys, no answer, nobody to act; and no secret is ever told."""

import logging
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2.credentials import Credentials as AccessToken

from byob_components.verify import Cast, GcsIdentity, Report, State, Trouble, verify_gcs
from sandbox.loopback import free_ports
from tests.verify.gcs.buckets import ADMIN, OTHER_INSTANCE, STRANGER, Bucket, MakeBucket

pytestmark = pytest.mark.server
BY_URL = {"V10", "V11", "V14"}


@pytest.fixture
def bucket(make_bucket: MakeBucket) -> Bucket:
    return make_bucket(cmek=False)


def result(report: Report, name: str) -> Any:
    return next(r for r in report.results if r.id == name)


@cache
def another_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def wrong(who: GcsIdentity | None) -> GcsIdentity:
    assert who is not None
    return GcsIdentity(who.name, who.email, {**who.key_file, "private_key": another_key()})


@pytest.mark.parametrize("actor", ["wandb", "owner"])
def test_wrong_keys_of_w_and_b_or_the_owner_end_the_verification_before_anything_is_written(
    bucket: Bucket, actor: str
) -> None:
    cast = replace(bucket.cast, **{actor: wrong(getattr(bucket.cast, actor))})
    report = verify_gcs(bucket.store, cast)
    assert report.ids(State.FAIL) == []
    assert report.troubles == {Trouble.CREDENTIALS}
    assert not report.ok
    assert "the keys are not accepted: " in result(report, "V02").because
    assert result(report, "V10").because.startswith("V02: ")
    assert bucket.contents() == []


def test_a_key_file_whose_key_is_none_is_told(bucket: Bucket) -> None:
    broken = GcsIdentity("W&B", bucket.cast.wandb.email, {**bucket.cast.wandb.key_file, "private_key": "planted"})  # type: ignore[union-attr]
    report = verify_gcs(bucket.store, replace(bucket.cast, wandb=broken))
    assert result(report, "V02").because == "the keys are not accepted: the key file of W&B holds no private key"
    assert "planted" not in report.to_json()


def test_wrong_keys_of_an_outsider_are_no_refusal(bucket: Bucket) -> None:
    first, second = bucket.cast.outsiders
    report = verify_gcs(bucket.store, replace(bucket.cast, outsiders=(wrong(first), second)))
    told = result(report, f"V19:{STRANGER}")
    assert (told.state, told.trouble) == (State.SKIP, Trouble.CREDENTIALS)
    assert told.because.startswith("the keys are not accepted: ")
    assert result(report, f"V19:{OTHER_INSTANCE}").state is State.PASS
    assert not report.ok


@pytest.mark.parametrize(
    "change",
    [{"endpoint": "https://localhost:9"}, {"ca_bundle": ""}, {"endpoint": "https://byob-verify.invalid"}],
    ids=["no server", "no trust", "no name"],
)
def test_no_connection_is_told_as_such(bucket: Bucket, change: dict[str, str]) -> None:
    report = verify_gcs(replace(bucket.store, **change), bucket.cast)
    assert set(report.ids(State.SKIP)) == {r.id for r in report.results}
    assert report.troubles == {Trouble.NETWORK}
    assert result(report, "V02").because.startswith("no answer: ")
    assert "Traceback" not in report.to_text()
    assert "could not run to the end: network" in report.to_text()


def test_a_bucket_that_is_not_there_fails_once(bucket: Bucket) -> None:
    report = verify_gcs(replace(bucket.store, bucket="there-is-no-such-bucket-here"), bucket.cast)
    assert report.ids(State.FAIL) == ["V02"]
    assert result(report, "V02").evidence == ("there is no bucket there-is-no-such-bucket-here",)
    assert result(report, "V27").evidence == ("there is no bucket, and so nothing in it",)
    assert result(report, "V05").because == "V02: there is no bucket there-is-no-such-bucket-here"


def test_a_plain_port_that_does_not_answer_is_no_refusal(bucket: Bucket) -> None:
    store = replace(bucket.store, plain_endpoint=f"http://localhost:{free_ports(1)[0]}", tls_only=True)
    report = verify_gcs(store, bucket.cast)
    assert result(report, "V18").state is State.SKIP
    assert "(ConnectError): the refusal itself could not be seen" in result(report, "V18").because
    assert report.ok


def test_without_an_owner_nothing_that_needs_one_passes(make_bucket: MakeBucket) -> None:
    bucket = make_bucket()
    report = verify_gcs(bucket.store, Cast(wandb=bucket.cast.wandb))
    assert result(report, "V19:policy").because == "no identity of the owner was given, and W&B may not do this"
    assert {r.state for r in report.results if r.id in ("V19:policy", "V19:outsiders")} == {State.SKIP}
    assert result(report, "V04").state is State.WARN
    assert "the key's state was not looked at: W&B has no right there" in result(report, "V04").evidence
    assert (report.ids(State.FAIL), report.ok) == ([], True)
    assert bucket.contents() == []


def test_an_owner_in_w_and_bs_place_is_a_warning_everywhere(bucket: Bucket) -> None:
    bucket.revoke()
    report = verify_gcs(bucket.store, Cast(wandb=None, owner=bucket.cast.owner, outsiders=bucket.cast.outsiders))
    assert report.ids(State.FAIL) == ["V19:policy"]  # nobody holds the grant
    data = {"V08", "V09", "V10", "V11", "V12", "V13", "V14", "V15"}
    said = "the owner acted in W&B's place: this shows that the store works, not that W&B's grant does"
    assert all(
        (result(report, name).state, said in result(report, name).evidence) == (State.WARN, True) for name in data
    )
    assert bucket.contents() == []


def test_an_owner_who_cannot_sign_shows_everything_but_urls(bucket: Bucket) -> None:
    """An administrator with a token of their own: a user, or a service account whose key nobody holds."""
    owner = bucket.cast.owner
    assert owner is not None
    token = AccessToken(_token(bucket))
    as_user = GcsIdentity("the owner", owner.email, {}, token)
    report = verify_gcs(bucket.store, replace(bucket.cast, owner=as_user))
    assert (report.ids(State.FAIL), report.ok) == ([], True), report.to_text()
    assert result(report, "V14:soft-delete").state is State.PASS
    alone = verify_gcs(bucket.store, Cast(wandb=None, owner=as_user))
    assert set(alone.ids(State.FAIL)) == {*BY_URL, "V24"}  # asked of IAM, which does not let it sign
    assert alone.results[-1].state is State.PASS
    assert bucket.contents() == []


def _token(bucket: Bucket) -> str:
    credentials = bucket.http.credentials
    credentials.refresh(bucket.http._auth_request)
    return str(credentials.token)


def test_a_browser_that_is_not_there_is_told(bucket: Bucket) -> None:
    report = verify_gcs(bucket.store, bucket.cast, browser="/nowhere/chromium")
    told = result(report, "V16:browser")
    assert (told.state, told.trouble) == (State.SKIP, Trouble.TOOL)
    assert told.because == "the browser: /nowhere/chromium is not a program"
    assert not report.ok


@pytest.mark.parametrize("change", ["", "the grant is revoked", "the stranger is let in"])
def test_no_secret_is_told(bucket: Bucket, caplog: pytest.LogCaptureFixture, change: str) -> None:
    if change == "the grant is revoked":
        bucket.revoke()
    elif change:
        bucket.grant(ADMIN, who=bucket.accounts.stranger)
    token = _token(bucket)
    cast = replace(bucket.cast, owner=GcsIdentity("the owner", bucket.accounts.deployer.email, {}, AccessToken(token)))
    with caplog.at_level(logging.INFO):
        report = verify_gcs(bucket.store, cast)
    told = report.to_text() + report.to_json() + caplog.text
    assert "HTTP Request: PUT https://localhost" in caplog.text
    assert "X-Goog-Signature=****" in caplog.text
    assert change == "the grant is revoked" or "upload_id=****" in caplog.text
    assert token not in told
    for who in (bucket.cast.wandb, *bucket.cast.outsiders):
        assert who is not None
        lines = who.key_file["private_key"].splitlines()
        assert not any(line in told for line in lines[1:-1])
        assert f"{who.email}%2F" not in told
