"""A page in a real Chromium writes and reads by URLs in W&B's name; a page of another origin does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from byob_components.verify.browser import Browser
from byob_components.verify.certificate import pin
from tests.sandbox_azure.conftest import Require, World

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.xdist_group("azure")]

ORIGIN = "https://wandb.example.com"
BLOCK = {"x-ms-blob-type": "BlockBlob"}


@pytest.fixture(scope="module")
def browser(world: World, require: Require) -> Iterator[Browser]:
    program = shutil.which("chromium")
    require(program is not None, "Chromium")
    with Browser(str(program), [pin(world.server.blob, str(world.server.ca_bundle))]) as started:
        yield started


@pytest.mark.parametrize(("exposed", "etag_readable"), [(["*"], True), (["Content-Type"], False)])
def test_the_services_rules_decide_what_a_page_may(world: World, browser: Browser, exposed: list[str], etag_readable: bool) -> None:  # fmt: skip
    rule = {"allowedOrigins": [ORIGIN], "allowedMethods": ["GET", "HEAD", "PUT"], "allowedHeaders": ["*"], "exposedHeaders": exposed, "maxAgeInSeconds": 60}  # fmt: skip
    account = world.account(service={"cors": {"corsRules": [rule]}}, allowSharedKeyAccess=False)
    who = world.accounts.wandb_console
    world.grant(account, "Storage Blob Data Contributor", who)
    url = world.delegated(account, who, "seen", "rcwd")
    page = browser.page(ORIGIN)
    put = page.fetch("PUT", url, headers=BLOCK, body=b"data", read="ETag")
    assert put.status == 201
    assert bool(put.header) is etag_readable
    assert page.fetch("GET", url, read="ETag").body == b"data"
    removed = page.fetch("DELETE", url, read="ETag")
    assert (removed.status, removed.by_cors) == (0, True)
    foreign = browser.page("https://evil.example.com")
    for method in ("PUT", "GET"):
        kept = foreign.fetch(method, url, headers=BLOCK if method == "PUT" else {}, body=b"x" if method == "PUT" else None, read="ETag")  # fmt: skip
        assert (kept.status, kept.by_cors) == (0, True)
    assert world.blobs(account, who).get_blob_client("data", "seen").download_blob().readall() == b"data"
