"""What cannot be decided is said to be so: wrong keys, no answer, nobody to act; and no secret is ever told."""

import logging
from dataclasses import replace

import pytest

from byob_components.verify import Cast, Identity, Report, State, Trouble, verify_s3
from sandbox.loopback import free_ports
from tests.verify.s3.buckets import OTHER_ROLE, STRANGER, Bucket, MakeBucket

pytestmark = pytest.mark.server
DATA_PLANE = {"V08", "V09", "V10", "V11", "V12", "V13", "V14", "V15"}


@pytest.fixture
def bucket(make_bucket: MakeBucket) -> Bucket:
    return make_bucket()


def result(report: Report, name: str) -> object:
    return next(r for r in report.results if r.id == name)


def wrong(who: Identity | None) -> Identity:
    assert who is not None
    return replace(who, secret_key="not-the-secret-of-anybody")


@pytest.mark.parametrize("actor", ["wandb", "owner"])
def test_wrong_keys_of_w_and_b_or_the_owner_end_the_verification_before_anything_is_written(
    bucket: Bucket, actor: str
) -> None:
    cast = replace(bucket.cast, **{actor: wrong(getattr(bucket.cast, actor))})
    report = verify_s3(bucket.store, cast)
    assert report.ids(State.FAIL) == []
    assert report.troubles == {Trouble.CREDENTIALS}
    assert not report.ok
    assert "the keys are not accepted" in result(report, "V02").because
    assert result(report, "V10").because.startswith("V02: ")
    assert bucket.contents() == []


def test_wrong_keys_of_an_outsider_are_no_refusal(bucket: Bucket) -> None:
    first, second = bucket.cast.outsiders
    report = verify_s3(bucket.store, replace(bucket.cast, outsiders=(wrong(first), second)))
    told = result(report, f"V19:{STRANGER}")
    assert (told.state, told.trouble) == (State.SKIP, Trouble.CREDENTIALS)
    assert "SignatureDoesNotMatch: these keys are not accepted, so nobody was judged" in told.because
    assert result(report, f"V19:{OTHER_ROLE}").state is State.PASS
    assert not report.ok


@pytest.mark.parametrize(
    "change",
    [{"endpoint": "https://localhost:9"}, {"ca_bundle": ""}, {"endpoint": "https://byob-verify.invalid"}],
    ids=["no server", "no trust", "no name"],
)
def test_no_connection_is_told_as_such(bucket: Bucket, change: dict[str, str]) -> None:
    report = verify_s3(replace(bucket.store, **change), bucket.cast)
    assert set(report.ids(State.SKIP)) == {r.id for r in report.results}
    assert report.troubles == {Trouble.NETWORK}
    assert result(report, "V02").because.startswith("no answer: ")
    assert "Traceback" not in report.to_text()
    assert "could not run to the end: network" in report.to_text()


def test_a_bucket_that_is_not_there_fails_once(bucket: Bucket) -> None:
    store = replace(bucket.store, bucket="there-is-no-such-bucket-here")
    report = verify_s3(store, bucket.cast)
    assert report.ids(State.FAIL) == ["V02"]
    assert result(report, "V02").evidence == ("there is no bucket there-is-no-such-bucket-here",)
    assert result(report, "V27").evidence == ("there is no bucket, and so nothing in it",)
    assert result(report, "V05").because == "V02: there is no bucket there-is-no-such-bucket-here"


def test_a_plain_port_that_does_not_answer_is_no_refusal(bucket: Bucket) -> None:
    store = replace(bucket.store, plain_endpoint=f"http://localhost:{free_ports(1)[0]}")
    report = verify_s3(store, bucket.cast)
    assert result(report, "V18").state is State.SKIP
    assert "(ConnectError): the refusal itself could not be seen" in result(report, "V18").because
    assert report.ok


def test_a_store_whose_own_address_is_plain_fails(bucket: Bucket) -> None:
    bucket.policy(*bucket.grant())
    report = verify_s3(replace(bucket.store, endpoint=bucket.store.plain_endpoint), bucket.cast)
    assert report.ids(State.FAIL) == ["V18"]
    report = verify_s3(replace(bucket.store, endpoint=bucket.store.plain_endpoint, tls_only=False), bucket.cast)
    assert report.ids(State.FAIL) == []
    assert result(report, "V18").because == "the store was not declared to refuse plain HTTP"


def test_without_an_owner_nothing_that_needs_one_passes(bucket: Bucket) -> None:
    report = verify_s3(bucket.store, Cast(wandb=bucket.cast.wandb))
    assert result(report, "V03").because == "no identity of the owner was given, and W&B may not do this"
    assert {r.state for r in report.results if r.id in ("V03", "V07", "V19:outsiders")} == {State.SKIP}
    assert result(report, "V04").state is State.FAIL  # this server hides a key from other accounts
    assert result(report, "V27").state is State.WARN
    assert all(key.startswith("vision/.wandb-byob-verify/") for key, _ in bucket.contents())
    assert bucket.s3.list_objects_v2(Bucket=bucket.name).get("Contents", []) == []


def test_an_owner_in_w_and_bs_place_is_a_warning_everywhere(bucket: Bucket) -> None:
    bucket.policy(bucket.tls())
    report = verify_s3(bucket.store, Cast(wandb=None, owner=bucket.cast.owner, outsiders=bucket.cast.outsiders))
    assert report.ids(State.FAIL) == []
    assert set(report.ids(State.WARN)) >= DATA_PLANE
    said = "the owner acted in W&B's place: this shows that the store works, not that W&B's grant does"
    assert all(said in result(report, name).evidence for name in DATA_PLANE)
    assert "nothing failed: read the warnings" in report.to_text()
    assert bucket.contents() == []


def test_a_browser_that_is_not_there_is_told(bucket: Bucket) -> None:
    report = verify_s3(bucket.store, bucket.cast, browser="/nowhere/chromium")
    told = result(report, "V16:browser")
    assert (told.state, told.trouble) == (State.SKIP, Trouble.TOOL)
    assert told.because == "the browser: /nowhere/chromium is not a program"
    assert not report.ok


@pytest.mark.parametrize("change", ["", "the grant is revoked", "the stranger is let in"])
def test_no_secret_is_told(bucket: Bucket, caplog: pytest.LogCaptureFixture, change: str) -> None:
    if change == "the grant is revoked":
        bucket.policy(bucket.tls())
    elif change:
        bucket.policy(bucket.tls(), *bucket.grant(), *bucket.grant(who={"AWS": "arn:aws:iam::444455556666:root"}))
    with caplog.at_level(logging.INFO):
        report = verify_s3(bucket.store, bucket.cast)
    told = report.to_text() + report.to_json() + caplog.text
    assert "HTTP Request: PUT https://localhost" in caplog.text
    assert "X-Amz-Signature=****" in caplog.text
    for who in (bucket.cast.wandb, bucket.cast.owner, *bucket.cast.outsiders):
        assert who.secret_key not in told
        assert not who.session_token or who.session_token not in told
        assert f"{who.access_key}%2F" not in told
