"""V16 and V17 in a real Chromium, with URLs signed by a user delegation key and by the account's key."""

import shutil
from collections.abc import Callable

import pytest

from byob_components.verify import State, verify_azure
from byob_components.verify.azure import cors
from tests.verify.azure.stores import MakeStore, only

pytestmark = [pytest.mark.server, pytest.mark.browser]


@pytest.fixture
def chromium(require: Callable[[bool, str], None]) -> str:
    found = shutil.which("chromium")
    require(found is not None, "Chromium")
    return str(found)


def test_a_page_works_on_a_good_store_and_another_one_does_not(make_store: MakeStore, chromium: str) -> None:
    store = make_store(minimal=True)
    report = verify_azure(store.store, store.cast, browser=chromium)
    assert set(report.ids(State.PASS)) >= {"V16:browser", "V17:browser"}, report.to_text()
    assert report.ids(State.SKIP) == []
    refused = next(r for r in report.results if r.id == "V17:browser")
    assert refused.evidence == (
        "GET from https://byob-verify.invalid: MissingAllowOriginHeader",
        "HEAD from https://byob-verify.invalid: MissingAllowOriginHeader",
        "PUT from https://byob-verify.invalid: PreflightMissingAllowOriginHeader",
    )
    assert store.contents() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"exposedHeaders": ["x-ms-request-id"]}, "https://wandb.ai: the page cannot read ETag of its PUT"),
        (
            {"allowedHeaders": ["content-type", "content-md5"]},
            "https://wandb.ai: the browser blocks the PUT: PreflightMissingAllowOriginHeader",
        ),
    ],
)
def test_a_page_notices_what_is_wrong_with_cors(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch, chromium: str, change: dict[str, list[str]], said: str
) -> None:
    only(monkeypatch, cors)
    store = make_store("team_connector")
    store.cors(**change)
    report = verify_azure(store.store, store.cast, browser=chromium)
    told = next(r for r in report.results if r.id == "V16:browser")
    assert told.state is State.FAIL
    assert told.evidence[0] == said
    assert set(report.ids(State.FAIL)) == {"V05", "V16", "V16:browser"}


def test_a_rule_for_everybody_lets_a_foreign_page_in(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch, chromium: str
) -> None:
    only(monkeypatch, cors)
    store = make_store(minimal=True)
    store.cors(allowedOrigins=["*"])
    report = verify_azure(store.store, store.cast, browser=chromium)
    told = next(r for r in report.results if r.id == "V17:browser")
    assert told.evidence[0] == "a page of https://byob-verify.invalid reads the answer to its GET (200)"
    assert set(report.ids(State.FAIL)) == {"V17", "V17:browser"}
