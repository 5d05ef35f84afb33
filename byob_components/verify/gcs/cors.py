"""CORS: as it is configured, as the server answers a page's questions, and as a real browser judges (V05, V16, V17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from byob_components.verify import pages
from byob_components.verify.gcs.settings import properties
from byob_components.verify.gcs.stage import Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check
from byob_components.wandb.cors import EXPOSED, METHODS
from byob_components.wandb.transfer import UPLOAD_HEADERS

Rule = Mapping[str, Any]


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    rule = f"one CORS rule: method {', '.join(METHODS)}, responseHeader *, origin every one of your W&B pages"
    narrow = "name your W&B host's origin in the CORS rule and drop '*' and every other"
    return [
        Check("V05", "The CORS rule lets W&B's pages in", rule, partial(configured, stage)),
        *pages.checks(stage, rule, narrow),
    ]


def configured(stage: Stage, record: Record) -> None:
    """V05: as W&B, whose server reads it."""
    judge_rules(record, properties(stage, stage.wandb(record)).get("cors") or [], stage.store.cors_origins)


def judge_rules(record: Record, rules: Sequence[Rule], origins: Sequence[str]) -> None:
    """Whether every page gets what it needs. The first rule that fits origin and method decides, and its
    `responseHeader` is both what a page may send and what it may read.

    Args:
        record: Where it is noted.
        rules: `cors` of the bucket.
        origins: As they are declared.
    """
    if not rules:
        record.fail("no CORS rule")
        return
    asked = [(origin, method, _first(rules, origin, method)) for origin in origins for method in METHODS]
    lacking = [f"{origin} {method}" for origin, method, rule in asked if rule is None]
    if lacking:
        record.fail(f"no rule for {', '.join(lacking)}")
    silent = list(dict.fromkeys(lack for _, _, rule in asked if rule is not None for lack in _lacks(rule)))
    if silent:
        record.fail(f"responseHeader lacks {', '.join(silent)}")
    if "*" not in origins and any("*" in rule.get("origin", []) for rule in rules):
        record.warn("a rule lets every origin in, declared are some", "drop '*' from the rule's origins")
    more = {method for rule in rules for method in rule.get("method", [])} - set(METHODS)
    if more:
        record.warn(f"pages may also {', '.join(sorted(more))}, which W&B's do not need", "drop these methods")
    if not lacking and not silent:
        record.saw(f"{', '.join(METHODS)} from {', '.join(origins)}; {EXPOSED} exposed")


def _first(rules: Sequence[Rule], origin: str, method: str) -> Rule | None:
    for rule in rules:
        if {"*", origin} & set(rule.get("origin", [])) and {"*", method} & set(rule.get("method", [])):
            return rule
    return None


def _lacks(rule: Rule) -> list[str]:
    listed = {header.lower() for header in rule.get("responseHeader", [])}
    return [] if "*" in listed else [header for header in (*UPLOAD_HEADERS, EXPOSED) if header.lower() not in listed]
