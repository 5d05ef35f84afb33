"""CORS: as it is configured, as the server answers a page's questions, and as a real browser judges (V05, V16, V17)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

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
from byob_components.verify.s3.meaning import code_of
from byob_components.verify.s3.stage import Actor, Planted, Stage, upload_headers
from byob_components.verify.web import Answer
from byob_components.wandb.cors import EXPOSED, METHODS
from byob_components.wandb.transfer import UPLOAD_HEADERS

_OPEN = "the origins are not restricted"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    rule = f"one CORS rule: methods {', '.join(METHODS)}, headers *, {EXPOSED} exposed, every origin of your W&B pages"
    narrow = "name your W&B host's origin in the CORS rule and drop '*' and every other"
    return [
        Check("V05", "The CORS rule lets W&B's pages in", rule, partial(configured, stage)),
        Check("V16", f"Preflights are answered, and {EXPOSED} is shown", rule, partial(answered, stage)),
        Check("V16", "A page reads and writes in a browser", rule, partial(page_works, stage), part="browser"),
        Check("V17", "Pages of other origins are kept out", narrow, partial(foreign, stage)),
        Check("V17", "Pages of other origins are kept out", narrow, partial(page_refused, stage), part="browser"),
    ]


# ------------------------------------------------------------------------------------ V05, the configuration
def configured(stage: Stage, record: Record) -> None:
    """V05."""
    try:
        rules = stage.wandb(record).s3.get_bucket_cors(Bucket=stage.store.bucket).get("CORSRules", [])
    except ClientError as problem:
        if code_of(problem) != "NoSuchCORSConfiguration":
            raise
        rules = []
    judge_rules(record, rules, stage.store.cors_origins)


def judge_rules(record: Record, rules: Sequence[Mapping[str, Any]], origins: Sequence[str]) -> None:
    """Whether every page gets what it needs. S3 takes the first rule that fits origin, method and headers.

    Args:
        record: Where it is noted.
        rules: Of GetBucketCors.
        origins: As they are declared.
    """
    if not rules:
        record.fail("no CORS rule")
        return
    lacking = [
        f"{origin}: {' '.join(missing)}"
        for origin in origins
        if (missing := [m for m in METHODS if not any(_fits(rule, origin, m) for rule in rules)])
    ]
    if lacking:
        record.fail(f"no rule for {'; '.join(lacking)}")
    hidden = [
        f"{origin}: {' '.join(blind)}"
        for origin in origins
        if (blind := [m for m in METHODS if (rule := _first(rules, origin, m)) is not None and not _exposes(rule)])
    ]
    if hidden:
        record.fail(f"{EXPOSED} is not exposed to {'; '.join(hidden)}")
    if "*" not in origins and any("*" in rule.get("AllowedOrigins", []) for rule in rules):
        record.warn("a rule lets every origin in, declared are some", "drop '*' from the rule's origins")
    more = {method for rule in rules for method in rule.get("AllowedMethods", [])} - set(METHODS)
    if more:
        record.warn(f"pages may also {', '.join(sorted(more))}, which W&B's do not need", "drop these methods")
    if not lacking and not hidden:
        record.saw(f"{', '.join(METHODS)} from {', '.join(origins)}; {EXPOSED} exposed")


def _first(rules: Sequence[Mapping[str, Any]], origin: str, method: str) -> Mapping[str, Any] | None:
    return next((rule for rule in rules if _fits(rule, origin, method)), None)


def _fits(rule: Mapping[str, Any], origin: str, method: str) -> bool:
    allowed = rule.get("AllowedHeaders", [])
    return (
        any(_matches(pattern, origin) for pattern in rule.get("AllowedOrigins", []))
        and method in rule.get("AllowedMethods", [])
        and all(any(_matches(pattern.lower(), header.lower()) for pattern in allowed) for header in UPLOAD_HEADERS)
    )


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), text) is not None


def _exposes(rule: Mapping[str, Any]) -> bool:
    return any(header.lower() in (EXPOSED.lower(), "*") for header in rule.get("ExposeHeaders", []))


# --------------------------------------------------------------------------------------- V16, V17, as requests
def answered(stage: Stage, record: Record) -> None:
    """V16: the preflights on signed URLs, as browsers send them, and a simple GET."""
    planted = stage.plant("page.txt")
    actor = stage.reader(planted, record)
    for origin in page_origins(stage.store.cors_origins):
        for method in METHODS:
            problem = objection(_preflight(stage, actor, planted, origin, method), origin, method, UPLOAD_HEADERS)
            if problem:
                record.fail(f"{origin}: {problem}")
        got = stage.call(actor, "GET", planted.key, extra={"Origin": origin})
        if not lets_read(got, origin):
            record.fail(f"{origin}: a page may not read the answer to its GET ({got})")
        elif not shows_etag(got):
            record.fail(f"{origin}: a page does not see {EXPOSED}")
        else:
            record.saw(f"{origin}: preflights for {', '.join(METHODS)}; {EXPOSED} shown on GET")


def foreign(stage: Stage, record: Record) -> None:
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


def _preflight(stage: Stage, actor: Actor, planted: Planted, origin: str, method: str) -> Answer:
    url = stage.sign(actor, method, planted.key)
    return stage.web.send("OPTIONS", url, question(origin, method, UPLOAD_HEADERS))


# ------------------------------------------------------------------------------------- V16, V17, in a browser
def page_works(stage: Stage, record: Record) -> None:
    """V16 in a browser: a page uploads, reads the ETag, and reads back what it has uploaded."""
    browser = stage.browser
    actor, body = stage.wandb(record), b"from a page"
    origin = page_origins(stage.store.cors_origins)[0]
    page, key, headers = browser.page(origin), f"{stage.prefix}browser.txt", upload_headers(body)
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


def page_refused(stage: Stage, record: Record) -> None:
    """V17 in a browser: the same calls from another origin are kept from the page, by CORS and nothing else."""
    if not stage.store.restricted:
        raise UndecidedError(_OPEN)
    browser, planted = stage.browser, stage.plant("browser-foreign.txt")
    actor = stage.reader(planted, record)
    own = browser.page(page_origins(stage.store.cors_origins)[0])
    if own.fetch("GET", stage.sign(actor, "GET", planted.key), read=EXPOSED).blocked:
        raise UndecidedError(f"the browser blocks {own.origin} as well (V16), so a refusal would show nothing")
    page, headers = browser.page(FOREIGN_ORIGIN), upload_headers(planted.body)
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
