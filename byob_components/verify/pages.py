"""V16 and V17 on every cloud: what a page may do, by its browser's questions and in a real browser."""

from __future__ import annotations

from functools import partial
from typing import Any

from byob_components.verify.preflight import (
    FOREIGN_ORIGIN,
    lets_read,
    objection,
    page_origins,
    question,
    shows_etag,
)
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.stage import Planted, Stage
from byob_components.verify.web import Answer
from byob_components.wandb.cors import EXPOSED, METHODS

_OPEN = "the origins are not restricted"


def checks(stage: Stage[Any, Any], rule: str, narrow: str) -> list[Check]:
    """The checks of pages.

    Args:
        stage: What they act with.
        rule: What to do when a page of W&B is kept out.
        narrow: What to do when another page is let in.
    """
    return [
        Check("V16", f"Preflights are answered, and {EXPOSED} is shown", rule, partial(answered, stage)),
        Check("V16", "A page reads and writes in a browser", rule, partial(page_works, stage), part="browser"),
        Check("V17", "Pages of other origins are kept out", narrow, partial(foreign, stage)),
        Check("V17", "Pages of other origins are kept out", narrow, partial(page_refused, stage), part="browser"),
    ]


# --------------------------------------------------------------------------------------------- as requests
def answered(stage: Stage[Any, Any], record: Record) -> None:
    """V16: the preflights on signed URLs, as browsers send them, and a simple GET."""
    planted = stage.plant("page.txt")
    actor = stage.reader(planted, record)
    for origin in page_origins(stage.store.cors_origins):
        for method in METHODS:
            problem = objection(_preflight(stage, actor, planted, origin, method), origin, method, stage.UPLOAD_HEADERS)
            if problem:
                record.fail(f"{origin}: {problem}")
        got = stage.call(actor, "GET", planted.key, extra={"Origin": origin})
        if not lets_read(got, origin):
            record.fail(f"{origin}: a page may not read the answer to its GET ({got})")
        elif not shows_etag(got):
            record.fail(f"{origin}: a page does not see {EXPOSED}")
        else:
            record.saw(f"{origin}: preflights for {', '.join(METHODS)}; {EXPOSED} shown on GET")


def foreign(stage: Stage[Any, Any], record: Record) -> None:
    """V17."""
    if not stage.store.restricted:
        raise UndecidedError(_OPEN)
    planted = stage.plant("foreign.txt")
    actor = stage.reader(planted, record)
    own = page_origins(stage.store.cors_origins)[0]
    if objection(_preflight(stage, actor, planted, own, METHODS[0]), own, METHODS[0], ()):
        raise UndecidedError(f"{own} is refused as well (V16), so a refusal would show nothing")
    for method in METHODS:
        if not objection(_preflight(stage, actor, planted, FOREIGN_ORIGIN, method), FOREIGN_ORIGIN, method, ()):
            record.fail(f"the preflight for {method} lets {FOREIGN_ORIGIN} in")
    got = stage.call(actor, "GET", planted.key, extra={"Origin": FOREIGN_ORIGIN})
    if lets_read(got, FOREIGN_ORIGIN):
        record.fail(f"a page of {FOREIGN_ORIGIN} may read the answer to its GET")
    record.saw(f"{FOREIGN_ORIGIN} was tried beside {own}")


def _preflight(stage: Stage[Any, Any], actor: Any, planted: Planted, origin: str, method: str) -> Answer:
    url = stage.sign(actor, method, planted.key)
    return stage.web.send("OPTIONS", url, question(origin, method, stage.UPLOAD_HEADERS))


# -------------------------------------------------------------------------------------------- in a browser
def page_works(stage: Stage[Any, Any], record: Record) -> None:
    """V16 in a browser: a page uploads, reads the ETag, and reads back what it has uploaded."""
    browser = stage.browser
    actor, body = stage.wandb(record), b"from a page"
    origin = page_origins(stage.store.cors_origins)[0]
    page, key, headers = browser.page(origin), f"{stage.prefix}browser.txt", stage.upload_headers(body)
    put = page.fetch("PUT", stage.sign(actor, "PUT", key, headers=headers), headers=headers, body=body, read=EXPOSED)
    if put.blocked:
        record.fail(f"{origin}: the browser blocks the PUT: {put.blocked}")
    elif put.status not in range(200, 300):
        record.fail(f"{origin}: the page's PUT is answered {put.status}")
    elif not put.header:
        record.fail(f"{origin}: the page cannot read {EXPOSED} of its PUT")
    if put.blocked or put.status not in range(200, 300):
        body = stage.plant("browser.txt").body
    got = page.fetch("GET", stage.sign(actor, "GET", key), read=EXPOSED)
    if got.blocked:
        record.fail(f"{origin}: the browser blocks the GET: {got.blocked}")
    elif got.status != 200 or got.body != body:
        record.fail(f"{origin}: the page's GET is answered {got.status} with {len(got.body)} bytes of {len(body)}")
    elif not got.header:
        record.fail(f"{origin}: the page cannot read {EXPOSED} of its GET")
    record.saw(f"{browser.version}, a page of {origin}: PUT and GET tried, {EXPOSED} read")


def page_refused(stage: Stage[Any, Any], record: Record) -> None:
    """V17 in a browser: the same calls from another origin are kept from the page, by CORS and nothing else."""
    if not stage.store.restricted:
        raise UndecidedError(_OPEN)
    browser, planted = stage.browser, stage.plant("browser-foreign.txt")
    actor = stage.reader(planted, record)
    own = browser.page(page_origins(stage.store.cors_origins)[0])
    if own.fetch("GET", stage.sign(actor, "GET", planted.key), read=EXPOSED).blocked:
        raise UndecidedError(f"the browser blocks {own.origin} as well (V16), so a refusal would show nothing")
    page, headers = browser.page(FOREIGN_ORIGIN), stage.upload_headers(planted.body)
    for method in METHODS:
        signed = headers if method == "PUT" else {}
        url = stage.sign(actor, method, planted.key, headers=signed)
        got = page.fetch(method, url, headers=signed, body=planted.body if method == "PUT" else None, read=EXPOSED)
        if not got.blocked:
            record.fail(f"a page of {FOREIGN_ORIGIN} reads the answer to its {method} ({got.status})")
        elif not got.by_cors:
            raise UndecidedError(f"the {method} of a page of {FOREIGN_ORIGIN} went wrong: {got.blocked}")
        else:
            record.saw(f"{method} from {FOREIGN_ORIGIN}: {got.blocked}")
