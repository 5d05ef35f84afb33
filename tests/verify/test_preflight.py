"""Answers to a page's question, judged as the Fetch standard says."""

import pytest

from byob_components.verify.preflight import lets_read, objection, page_origins, question, shows_etag
from byob_components.verify.web import Answer

PAGE = "https://wandb.example.com"
GOOD = {
    "access-control-allow-origin": PAGE,
    "access-control-allow-methods": "GET, HEAD, PUT",
    "access-control-allow-headers": "content-md5, Content-Type",
}
HEADERS = ("Content-Type", "Content-MD5")


@pytest.mark.parametrize(
    ("status", "changes", "said"),
    [
        (200, {}, ""),
        (204, {}, ""),
        (200, {"access-control-allow-origin": "*"}, ""),
        (200, {"access-control-allow-methods": "*", "access-control-allow-headers": "*"}, ""),
        (403, {}, "the preflight for PUT is answered 403"),
        (200, {"access-control-allow-origin": None}, "the preflight for PUT names another origin: no access-control-allow-origin"),
        (200, {"access-control-allow-origin": "https://wandb.example.com.evil.example"},
         "the preflight for PUT names another origin: access-control-allow-origin: https://wandb.example.com.evil.example"),
        (200, {"access-control-allow-methods": "GET,HEAD"}, "PUT is not among the methods: access-control-allow-methods: GET,HEAD"),
        (200, {"access-control-allow-headers": "Content-Type"},
         "PUT may not send Content-MD5: access-control-allow-headers: Content-Type"),
        (200, {"access-control-allow-headers": None},
         "PUT may not send Content-Type, Content-MD5: no access-control-allow-headers"),
    ],
)  # fmt: skip
def test_what_stops_a_page(status: int, changes: dict[str, str | None], said: str) -> None:
    headers = {name: value for name, value in (GOOD | changes).items() if value is not None}
    assert objection(Answer(status, headers), PAGE, "PUT", HEADERS) == said


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({"access-control-expose-headers": "ETag", "etag": '"x"'}, True),
        ({"access-control-expose-headers": "x-amz-id-2, etag", "etag": '"x"'}, True),
        ({"access-control-expose-headers": "*", "etag": '"x"'}, True),
        ({"access-control-expose-headers": "x-amz-id-2", "etag": '"x"'}, False),
        ({"access-control-expose-headers": "ETag"}, False),
        ({"etag": '"x"'}, False),
    ],
)
def test_when_a_page_sees_the_etag(headers: dict[str, str], shown: bool) -> None:
    assert shows_etag(Answer(200, headers)) is shown


@pytest.mark.parametrize(("allowed", "may"), [(PAGE, True), ("*", True), ("null", False), (None, False)])
def test_when_a_page_may_read_an_answer(allowed: str | None, may: bool) -> None:
    assert lets_read(Answer(200, {"access-control-allow-origin": allowed} if allowed else {}), PAGE) is may


@pytest.mark.parametrize(
    ("declared", "played"),
    [
        (("*",), ("https://wandb.ai",)),
        ((PAGE, "https://other.example.com:8443"), (PAGE, "https://other.example.com:8443")),
        (("https://*.example.com",), ("https://byob-verify.example.com",)),
        ((PAGE, PAGE), (PAGE,)),
    ],
)
def test_which_pages_are_played(declared: tuple[str, ...], played: tuple[str, ...]) -> None:
    assert page_origins(declared) == played


def test_the_question_is_a_browsers() -> None:
    assert question(PAGE, "PUT", HEADERS) == {
        "Origin": PAGE,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-md5,content-type",
    }
    assert question(PAGE, "GET", ()) == {"Origin": PAGE, "Access-Control-Request-Method": "GET"}
