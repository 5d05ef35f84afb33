"""A review as SARIF 2.1.0, which code hosts show beside the change."""

from __future__ import annotations

from typing import Any

from byob_components.review.danger import CODES, NOTES
from byob_components.review.judging import Review
from byob_components.review.waivers import Waiver

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(review: Review, version: str) -> dict[str, Any]:
    """One run.

    Args:
        review: The review.
        version: Of this library.
    """
    results = [
        _result(
            one.code,
            "error" if one.fails else "note",
            one.resource,
            one.urn,
            f"{one.title}: {one.text}. {one.fix}",
            waiver,
        )
        for one, waiver in review.dangers
    ]
    results += [
        _result(one.code, "error" if one.mandatory else "warning", one.resource, one.urn, one.text, waiver)
        for one, waiver in review.policies
    ]
    rules = [_rule(code, title, "note" if code in NOTES else "error", fix) for code, (title, fix) in CODES.items()]
    known = {rule["id"] for rule in rules}
    rules += [
        _rule(code, name, "warning", "")
        for code, name in {one.code: one.policy for one, _ in review.policies}.items()
        if code not in known
    ]
    driver = {"name": "byob review", "version": version, "rules": rules}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(code: str, title: str, level: str, fix: str) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": title},
        "defaultConfiguration": {"level": level},
    }
    return {**rule, "help": {"text": fix}} if fix else rule


def _result(code: str, level: str, resource: str, urn: str, text: str, waiver: Waiver | None) -> dict[str, Any]:
    place: dict[str, Any] = {
        "logicalLocations": [{"name": resource or "plan", "fullyQualifiedName": urn or "plan", "kind": "resource"}]
    }
    # A code host needs a file; the plan names none, so the project's own stands in.
    place["physicalLocation"] = {"artifactLocation": {"uri": "Pulumi.yaml"}, "region": {"startLine": 1}}
    told: dict[str, Any] = {"ruleId": code, "level": level, "message": {"text": text}, "locations": [place]}
    if waiver is not None:
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": str(waiver)}]
    return told
