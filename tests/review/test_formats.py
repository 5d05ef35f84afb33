"""The other forms of a review: for machines and for a terminal."""

from __future__ import annotations

import datetime
import json
from xml.etree import ElementTree

from byob_components.review.danger import CODES
from byob_components.review.judging import Review, judge
from byob_components.review.junit import to_junit
from byob_components.review.markdown import to_markdown, to_text
from byob_components.review.policies import read_policies
from byob_components.review.sarif import to_sarif
from byob_components.review.waivers import Waiver
from tests.review.plans import BUCKET, plan, step

POLICY = "aws:s3/bucketPolicy:BucketPolicy"
URN = f"urn:pulumi:prod::shop::{BUCKET}::data"
EVENTS = "\n".join(
    json.dumps(one)
    for one in (
        {"sequence": 0, "preludeEvent": {}},
        {
            "policyEvent": {
                "resourceUrn": URN,
                "policyName": "byob-aws-versioning",
                "policyPackName": "byob",
                "enforcementLevel": "mandatory",
                "message": "<{%fg 1%}>BYOB-POL-AWS-001 no versioning<{%reset%}>\nsee | the docs",
            }
        },
        {"policyEvent": {"policyName": "naming", "policyPackName": "other", "enforcementLevel": "advisory", "message": "bad"}},
    )
)  # fmt: skip
WAIVER = Waiver("BYOB-REV-004", "Bucket data", "sandbox", "jane", datetime.date(2026, 12, 1))


def review() -> Review:
    steps = (
        step(BUCKET, "update", {}, {"forceDestroy": True}, protect=(True, False)),
        step(POLICY, "create", None, {"policy": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}),
    )
    return judge(plan(*steps), read_policies(EVENTS), [WAIVER])


def suite_of(review: Review) -> ElementTree.Element:
    found = ElementTree.fromstring(to_junit(review)).find("testsuite")  # noqa: S314 - our own text
    assert found is not None
    return found


def test_json_holds_everything() -> None:
    told = json.loads(json.dumps(review().to_dict()))
    assert (told["stack"], told["ok"], told["counts"]) == ("shop/prod", False, {"create": 1, "update": 1})
    assert [(f["code"], f["at_risk"], f["waiver"] and f["waiver"]["by"]) for f in told["findings"]] == [
        ("BYOB-REV-003", True, None),
        ("BYOB-REV-004", True, "jane"),
        ("BYOB-REV-018", False, None),
    ]
    assert [(p["code"], p["policy"], p["resource"], p["mandatory"]) for p in told["policies"]] == [
        ("BYOB-POL-AWS-001", "byob-aws-versioning", "Bucket data", True),
        ("naming", "naming", "", False),
    ]
    assert told["policies"][0]["text"] == "BYOB-POL-AWS-001 no versioning\nsee | the docs"
    assert told["grants"][0]["added"] == [
        {"who": "known only during `up`", "what": "known only during `up`", "where": "data", "condition": "", "denies": False}
    ]  # fmt: skip


def test_sarif_has_rules_levels_and_suppressions() -> None:
    (run,) = to_sarif(review(), "1.2.3")["runs"]
    driver = run["tool"]["driver"]
    assert driver["version"] == "1.2.3"
    assert [rule["id"] for rule in driver["rules"]] == [*CODES, "BYOB-POL-AWS-001", "naming"]
    told = [(one["ruleId"], one["level"], "suppressions" in one) for one in run["results"]]
    assert told == [
        ("BYOB-REV-003", "error", False),
        ("BYOB-REV-004", "error", True),
        ("BYOB-REV-018", "note", False),
        ("BYOB-POL-AWS-001", "error", False),
        ("naming", "warning", False),
    ]
    place = run["results"][0]["locations"][0]["logicalLocations"][0]
    assert (place["name"], place["fullyQualifiedName"]) == ("Bucket data", URN)


def test_junit_fails_what_fails_and_skips_the_rest() -> None:
    suite = suite_of(review())
    counts = {name: suite.get(name) for name in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "5", "failures": "2", "skipped": "3", "errors": "0"}
    assert [case.get("classname") for case in suite if case.find("failure") is not None] == [
        "BYOB-REV-003",
        "BYOB-POL-AWS-001",
    ]
    empty = suite_of(judge(plan()))
    assert [case.get("name") for case in empty] == ["nothing at risk"]


def test_the_comment_has_policies_and_waivers_and_no_table_is_broken() -> None:
    text = to_markdown(review())
    assert text.startswith(
        "<!-- byob-review -->\n## Storage review of `shop/prod`\n\n**2 findings put data or access at risk.**\n"
    )
    assert "| BYOB-POL-AWS-001 | mandatory | Bucket data | BYOB-POL-AWS-001 no versioning see \\| the docs |" in text
    assert "- BYOB-REV-004 `Bucket data`: waived by jane until 2026-12-01: sandbox" in text
    unused = judge(plan(), waivers=[WAIVER])
    assert "### Waivers that cover nothing\n\n- BYOB-REV-004 `Bucket data`: waived by jane" in to_markdown(unused)


def test_text_has_no_marks() -> None:
    text = to_text(review())
    assert text.startswith("Storage review of shop/prod\n\n2 findings put data or access at risk.\n")
    assert not any(mark in text for mark in ("**", "`", "#", "<!--"))


def test_a_preview_that_only_a_policy_has_failed_is_told_by_that_policy() -> None:
    failed = plan(diagnostics=[{"severity": "error", "message": "error: preview failed\n"}])
    assert [one.code for one in judge(failed, read_policies(EVENTS)).failing] == ["BYOB-POL-AWS-001"]
    assert [one.code for one in judge(failed).failing] == ["BYOB-REV-017"]
