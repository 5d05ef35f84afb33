"""V16 and V17 in a real Chromium, and that it trusts the one server and no other."""

import shutil
from collections.abc import Callable

import pytest

from byob_components.verify import State, verify_s3
from byob_components.verify.browser import Browser, BrowserError
from byob_components.verify.certificate import pin
from sandbox.clouds.aws.ministack import Ministack
from tests.verify.s3.buckets import MakeBucket

pytestmark = [pytest.mark.server, pytest.mark.browser]
IN_A_BROWSER = {"V16:browser", "V17:browser"}


@pytest.fixture
def chromium(require: Callable[[bool, str], None]) -> str:
    found = shutil.which("chromium")
    require(found is not None, "Chromium")
    return str(found)


def test_a_page_works_on_a_good_bucket_and_another_one_does_not(make_bucket: MakeBucket, chromium: str) -> None:
    bucket = make_bucket(minimal=True)
    report = verify_s3(bucket.store, bucket.cast, browser=chromium)
    assert set(report.ids(State.PASS)) >= IN_A_BROWSER, report.to_text()
    refused = next(r for r in report.results if r.id == "V17:browser")
    assert refused.evidence == (
        "GET from https://byob-verify.invalid: MissingAllowOriginHeader",
        "HEAD from https://byob-verify.invalid: MissingAllowOriginHeader",
        "PUT from https://byob-verify.invalid: PreflightMissingAllowOriginHeader",
    )
    assert bucket.contents() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ExposeHeaders": ["x-amz-request-id"]}, "https://wandb.ai: the page cannot read ETag of its PUT"),
        ({"AllowedMethods": ["GET", "HEAD"]}, "https://wandb.ai: the browser blocks the PUT: PreflightMissingAllowOriginHeader"),
        (
            {"AllowedOrigins": ["https://intranet.example.com"]},
            "https://wandb.ai: the browser blocks the PUT: PreflightMissingAllowOriginHeader",
        ),
    ],
)  # fmt: skip
def test_a_page_notices_what_is_wrong_with_cors(
    make_bucket: MakeBucket, chromium: str, change: dict[str, list[str]], said: str
) -> None:
    bucket = make_bucket()
    bucket.cors(**change)
    report = verify_s3(bucket.store, bucket.cast, browser=chromium)
    told = next(r for r in report.results if r.id == "V16:browser")
    assert told.state is State.FAIL
    assert told.evidence[0] == said
    assert set(report.ids(State.FAIL)) == {"V05", "V16", "V16:browser"}


def test_a_rule_for_everybody_lets_a_foreign_page_in(make_bucket: MakeBucket, chromium: str) -> None:
    bucket = make_bucket(minimal=True)
    bucket.cors(AllowedOrigins=["*"])
    report = verify_s3(bucket.store, bucket.cast, browser=chromium)
    told = next(r for r in report.results if r.id == "V17:browser")
    assert told.evidence[0] == "a page of https://byob-verify.invalid reads the answer to its GET (200)"
    assert set(report.ids(State.FAIL)) == {"V17", "V17:browser"}


def test_the_browser_trusts_a_private_authority_by_the_servers_key_only(server: Ministack, chromium: str) -> None:
    url = f"{server.endpoint}/_ministack/health"
    with Browser(chromium) as browser:
        got = browser.page("https://wandb.ai").fetch("GET", url, read="ETag")
        assert (got.blocked, got.by_cors, got.status) == ("net::ERR_CERT_AUTHORITY_INVALID", False, 0)
    with Browser(chromium, [pin(server.endpoint, str(server.ca_bundle))]) as browser:
        got = browser.page("https://wandb.ai").fetch("GET", url, read="ETag")
        assert got.blocked != "net::ERR_CERT_AUTHORITY_INVALID"


def test_a_program_that_is_no_browser_is_told() -> None:
    with pytest.raises(BrowserError, match="the browser ended with 0"):
        Browser("true")
    with pytest.raises(BrowserError, match="is not a program"):
        Browser("/nowhere/chromium")


def test_a_certificate_nobody_vouches_for_gets_no_pin(server: Ministack) -> None:
    with pytest.raises(OSError, match="certificate verify failed"):
        pin(server.endpoint, "")
