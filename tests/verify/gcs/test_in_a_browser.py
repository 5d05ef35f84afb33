"""V16 and V17 in a real Chromium, on signed URLs of Cloud Storage."""

import shutil
from collections.abc import Callable

import pytest

from byob_components.verify import State, verify_gcs
from tests.verify.gcs.buckets import MakeBucket

pytestmark = [pytest.mark.server, pytest.mark.browser]
IN_A_BROWSER = {"V16:browser", "V17:browser"}


@pytest.fixture
def chromium(require: Callable[[bool, str], None]) -> str:
    found = shutil.which("chromium")
    require(found is not None, "Chromium")
    return str(found)


def test_a_page_works_on_a_good_bucket_and_another_one_does_not(make_bucket: MakeBucket, chromium: str) -> None:
    bucket = make_bucket(minimal=True)
    report = verify_gcs(bucket.store, bucket.cast, browser=chromium)
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
        ({"responseHeader": ["Content-Type", "Content-MD5"]}, "https://wandb.ai: the page cannot read ETag of its PUT"),
        ({"responseHeader": ["Content-Type", "ETag"]}, "https://wandb.ai: the browser blocks the PUT: HeaderDisallowedByPreflightResponse"),
        ({"method": ["GET", "HEAD"]}, "https://wandb.ai: the browser blocks the PUT: PreflightMissingAllowOriginHeader"),
    ],
)  # fmt: skip
def test_a_page_notices_what_is_wrong_with_cors(
    make_bucket: MakeBucket, chromium: str, change: dict[str, list[str]], said: str
) -> None:
    bucket = make_bucket(cmek=False)
    bucket.cors(**change)
    report = verify_gcs(bucket.store, bucket.cast, browser=chromium)
    told = next(r for r in report.results if r.id == "V16:browser")
    assert told.state is State.FAIL
    assert told.evidence[0] == said
    assert set(report.ids(State.FAIL)) == {"V05", "V16", "V16:browser"}


def test_a_rule_for_everybody_lets_a_foreign_page_in(make_bucket: MakeBucket, chromium: str) -> None:
    bucket = make_bucket(minimal=True, cmek=False)
    bucket.cors(origin=["*"])
    report = verify_gcs(bucket.store, bucket.cast, browser=chromium)
    told = next(r for r in report.results if r.id == "V17:browser")
    assert told.evidence[0] == "a page of https://byob-verify.invalid reads the answer to its GET (200)"
    assert set(report.ids(State.FAIL)) == {"V17", "V17:browser"}
