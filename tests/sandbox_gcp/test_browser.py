"""A page in a real Chromium writes and reads by signed URLs; a page of another origin does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from byob_components.verify.browser import Browser
from byob_components.verify.certificate import pin
from tests.sandbox_gcp.conftest import Require, World

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.xdist_group("gcp")]

ORIGIN = "https://wandb.example.com"


@pytest.fixture(scope="module")
def browser(world: World, require: Require) -> Iterator[Browser]:
    program = shutil.which("chromium")
    require(program is not None, "Chromium")
    with Browser(str(program), [pin(world.server.storage, str(world.server.ca_bundle))]) as started:
        yield started


@pytest.mark.parametrize(
    ("response_header", "etag_readable"), [(["*"], True), (["Content-Type", "ETag"], True), (["Content-Type"], False)]
)
def test_the_list_of_headers_decides_what_a_page_may_read(
    world: World, browser: Browser, response_header: list[str], etag_readable: bool
) -> None:
    rule = {
        "origin": [ORIGIN],
        "method": ["GET", "HEAD", "PUT"],
        "responseHeader": response_header,
        "maxAgeSeconds": 60,
    }
    bucket, who = world.bucket(cors=[rule]), world.accounts.wandb_dedicated
    world.grant(bucket, who, "roles/storage.objectUser")
    page = browser.page(ORIGIN)
    put = page.fetch("PUT", world.url(who, "PUT", bucket, "seen"), headers={"Content-Type": "text/plain"}, body=b"data", read="ETag")  # fmt: skip
    assert (put.status, put.header) == (200, '"8d777f385d3dfec8815d20f7496026dc"' if etag_readable else None)
    assert page.fetch("GET", world.url(who, "GET", bucket, "seen"), read="ETag").body == b"data"
    removed = page.fetch("DELETE", world.url(who, "DELETE", bucket, "seen"), read="ETag")
    assert (removed.status, removed.by_cors) == (0, True)
    foreign = browser.page("https://evil.example.com")
    for method in ("PUT", "GET"):
        kept = foreign.fetch(method, world.url(who, method, bucket, "seen"), body=b"x" if method == "PUT" else None, read="ETag")  # fmt: skip
        assert (kept.status, kept.by_cors) == (0, True)
    assert world.client().bucket(bucket).blob("seen").download_as_bytes() == b"data"


def test_a_header_that_is_not_listed_stops_the_page(world: World, browser: Browser) -> None:
    rule = {"origin": ["*"], "method": ["PUT"], "responseHeader": ["Content-Type"], "maxAgeSeconds": 60}
    bucket, who = world.bucket(cors=[rule]), world.accounts.wandb_dedicated
    world.grant(bucket, who, "roles/storage.objectUser")
    url = world.url(who, "PUT", bucket, "seen", headers={"x-goog-meta-run": "1"})
    kept = browser.page(ORIGIN).fetch("PUT", url, headers={"x-goog-meta-run": "1"}, body=b"x", read="ETag")
    assert (kept.status, kept.by_cors) == (0, True)
    assert not world.client().bucket(bucket).blob("seen").exists()
