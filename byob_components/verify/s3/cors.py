"""CORS: as it is configured, as the server answers a page's questions, and as a real browser judges (V05, V16, V17)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from byob_components.verify import pages
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import code_of
from byob_components.verify.s3.stage import Stage
from byob_components.verify.s3.store import Lack
from byob_components.wandb.cors import EXPOSED, METHODS
from byob_components.wandb.transfer import UPLOAD_HEADERS


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    rule = f"one CORS rule: methods {', '.join(METHODS)}, headers *, {EXPOSED} exposed, every origin of your W&B pages"
    narrow = "name your W&B host's origin in the CORS rule and drop '*' and every other"
    return [
        Check("V05", "The CORS rule lets W&B's pages in", rule, partial(configured, stage)),
        *pages.checks(stage, rule, narrow),
    ]


# ------------------------------------------------------------------------------------ V05, the configuration
def configured(stage: Stage, record: Record) -> None:
    """V05."""
    if Lack.CORS in stage.store.lacks:
        raise UndecidedError("the server was declared without CORS rules of a bucket: its own settings decide, see V16")
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
