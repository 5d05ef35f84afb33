"""CORS: as it is configured, as the server answers a page's questions, and as a real browser judges (V05, V16, V17)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from byob_components.verify import pages
from byob_components.verify.azure.stage import Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check
from byob_components.wandb.cors import EXPOSED, METHODS
from byob_components.wandb.transfer import AZURE_UPLOAD_HEADERS


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    rule = f"one CORS rule of the blob service: methods {', '.join(METHODS)}, headers *, exposed *, every origin of your W&B pages"
    narrow = "name your W&B host's origin in the CORS rule and drop '*' and every other"
    return [
        Check("V05", "The CORS rule lets W&B's pages in", rule, partial(configured, stage)),
        *pages.checks(stage, rule, narrow),
    ]


def configured(stage: Stage, record: Record) -> None:
    """V05."""
    rules = stage.wandb(record).service.get_service_properties()["cors"]
    judge_rules(record, [_plain(rule) for rule in rules], stage.store.cors_origins)


def _plain(rule: Any) -> dict[str, list[str]]:
    """A rule of the client, whose lists are texts or lists."""
    names = ("allowed_origins", "allowed_methods", "allowed_headers", "exposed_headers")
    found = {name: getattr(rule, name, None) or [] for name in names}
    return {name: value.split(",") if isinstance(value, str) else list(value) for name, value in found.items()}


def judge_rules(record: Record, rules: Sequence[Mapping[str, Sequence[str]]], origins: Sequence[str]) -> None:
    """Whether every page gets what it needs. Azure takes the first rule that fits origin, method and headers.

    Args:
        record: Where it is noted.
        rules: Of the blob service.
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
    if "*" not in origins and any("*" in rule["allowed_origins"] for rule in rules):
        record.warn("a rule lets every origin in, declared are some", "drop '*' from the rule's origins")
    more = {method.upper() for rule in rules for method in rule["allowed_methods"]} - set(METHODS)
    if more:
        record.warn(f"pages may also {', '.join(sorted(more))}, which W&B's do not need", "drop these methods")
    if not lacking and not hidden:
        record.saw(f"{', '.join(METHODS)} from {', '.join(origins)}; {EXPOSED} exposed")


def _first(
    rules: Sequence[Mapping[str, Sequence[str]]], origin: str, method: str
) -> Mapping[str, Sequence[str]] | None:
    return next((rule for rule in rules if _fits(rule, origin, method)), None)


def _fits(rule: Mapping[str, Sequence[str]], origin: str, method: str) -> bool:
    return (
        any(_matches(pattern, origin) for pattern in rule["allowed_origins"])
        and method in [m.upper() for m in rule["allowed_methods"]]
        and all(_among(header, rule["allowed_headers"]) for header in AZURE_UPLOAD_HEADERS)
    )


def _matches(pattern: str, origin: str) -> bool:
    return re.fullmatch(".+".join(re.escape(part) for part in pattern.split("*")), origin) is not None or pattern == "*"


def _among(header: str, patterns: Sequence[str]) -> bool:
    """Whether a header is in a list of Azure's: whole names, beginnings with a star, or everything."""
    return any(
        header.lower().startswith(pattern[:-1].lower()) if pattern.endswith("*") else header.lower() == pattern.lower()
        for pattern in map(str.strip, patterns)
    )


def _exposes(rule: Mapping[str, Sequence[str]]) -> bool:
    return _among(EXPOSED, rule["exposed_headers"])
