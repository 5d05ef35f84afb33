"""Every resource rule: pass, fail, unknown, secret, excluded, not applicable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from byob_components.policies import RULES, Finding, Scope, rule
from byob_components.policies.session import Answer
from tests.policies import aws_access_rows, aws_key_rows, aws_rows, azure_rows, gcp_rows, s3_rows
from tests.policies.made import UNKNOWN, judged, made, outcome, secret, session
from tests.policies.rows import Row

ROWS: list[tuple[str, Row]] = [
    *aws_rows.ROWS,
    *aws_access_rows.ROWS,
    *aws_key_rows.ROWS,
    *azure_rows.ROWS,
    *gcp_rows.ROWS,
    *s3_rows.ROWS,
]
IDS = [f"{name} {row.type.rpartition(':')[2]} {i}" for i, (name, row) in enumerate(ROWS)]
each = pytest.mark.parametrize(("name", "row"), ROWS, ids=IDS)


def say(name: str, row: Row, inputs: Mapping[str, Any], **changes: Any) -> Answer:
    """What the rule says of a resource with these inputs."""
    return judged(name, made(row.type, inputs, protect=row.protect, below=row.below), **{**row.changes, **changes})


def test_every_resource_rule_has_rows() -> None:
    assert {name for name, _ in ROWS} == {one.name for one in RULES if not one.stack}
    for one in RULES:
        if not one.stack:
            kinds = {type_.rpartition(":")[2].removesuffix("V2") for type_ in one.types}
            tested = {row.type.rpartition(":")[2].removesuffix("V2") for name, row in ROWS if name == one.name}
            twins = {"ReplicaKey", "ReplicaExternalKey", "ExternalKey", "KeyPolicy", "Key"}
            assert kinds - tested <= twins, one.name
            assert any(row.bad for name, row in ROWS if name == one.name), one.name
            assert any(row.good for name, row in ROWS if name == one.name), one.name


@each
def test_pass(name: str, row: Row) -> None:
    for inputs in row.good:
        assert say(name, row, inputs) == Answer(), inputs


@each
def test_fail(name: str, row: Row) -> None:
    for inputs, where in row.bad:
        answer = say(name, row, inputs)
        assert outcome(answer) == "violation", inputs
        assert answer.undecided == "", inputs
        message = answer.violations[0].message
        assert message.startswith(f"{rule(name).code} "), message
        assert f"{where}: " in message, message
        assert rule(name).fix in message


@each
def test_unknown(name: str, row: Row) -> None:
    for inputs in row.unknown:
        answer = say(name, row, inputs)
        assert outcome(answer) == "unknown", inputs
        assert answer.undecided.startswith(f"{rule(name).code} ")


@each
def test_everything_unknown_is_never_a_pass(name: str, row: Row) -> None:
    if row.unknown:
        inputs = dict.fromkeys({key for one in (*row.good, *row.unknown) for key in one}, UNKNOWN)
        assert outcome(say(name, row, inputs)) in ("unknown", "violation")


@each
def test_secret(name: str, row: Row) -> None:
    """What is secret is judged like anything else, and never repeated."""
    for inputs in (*row.good, *(bad for bad, _ in row.bad), *row.spared):
        assert say(name, row, secret(inputs)) == say(name, row, inputs), inputs
    planted = "planted-secret"
    for inputs, _ in row.bad:
        text = json.dumps(inputs, default=repr)
        for value in {"Suspended", "999900001111", "Requester", "10.0.0.0/8", "ObjectWriter"}:
            text = text.replace(value, planted)
        if planted in text and "UNKNOWN" not in text:
            answer = say(name, row, json.loads(text))
            assert all(planted not in one.message for one in answer.violations)


@each
def test_excluded(name: str, row: Row) -> None:
    for inputs, _ in row.bad:
        for changes in ({"exclude": ("vis*",)}, {"include": ("logs-*",)}):
            answer = say(name, row, inputs, **changes)
            assert outcome(answer) == "not applicable", changes
            assert "configuration" in answer.not_applicable
        assert outcome(say(name, row, inputs, include=("vision",), exclude=("logs",))) == "violation"


@each
def test_not_applicable(name: str, row: Row) -> None:
    for inputs in row.spared:
        assert outcome(say(name, row, inputs)) == "not applicable", inputs
    for inputs, _ in row.bad:
        elsewhere = made(row.type, inputs, protect=row.protect)
        assert outcome(judged(name, elsewhere, **{**row.changes, "scope": Scope.BYOB})) == "not applicable", inputs
        if row.below:
            assert outcome(judged(name, elsewhere, **row.changes)) == "not applicable"


@each
def test_scope_byob_looks_below_components_and_at_what_is_tagged(name: str, row: Row) -> None:
    for inputs, _ in row.bad:
        below = made(row.type, inputs, protect=row.protect, below=row.below or "wandb-byob:index:AwsByob")
        assert outcome(judged(name, below, **{**row.changes, "scope": Scope.BYOB})) == "violation"
        if row.below:
            continue
        tagged = made(row.type, {**inputs, "tags": {"wandb-byob:store": "p/s/vision"}}, protect=row.protect)
        assert outcome(judged(name, tagged, **{**row.changes, "scope": Scope.BYOB})) == "violation"


@pytest.mark.parametrize(
    ("name", "type_", "inputs", "wrong", "open_"),
    [
        (
            "byob-aws-bucket-public-access",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            {**aws_rows.BLOCK, "blockPublicAcls": UNKNOWN, "restrictPublicBuckets": False},
            "restrictPublicBuckets",
            "blockPublicAcls",
        ),
        (
            "byob-aws-bucket-encryption",
            aws_rows.BUCKET,
            {"serverSideEncryptionConfiguration": {"rule": [aws_rows.sse(UNKNOWN), aws_rows.sse("none")]}},
            "rule[1].applyServerSideEncryptionByDefault.sseAlgorithm",
            "rule[0].applyServerSideEncryptionByDefault.sseAlgorithm",
        ),
        (
            "byob-aws-bucket-expiry",
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"rules": [{"status": UNKNOWN, "transitions": UNKNOWN}, {"status": "Enabled", "expiration": {"days": 1}}]},
            "rules[1].expiration",
            "rules[0].transitions",
        ),
        (
            "byob-aws-key-grant-width",
            aws_key_rows.GRANT_TYPE,
            {"operations": [UNKNOWN, "RetireGrant"]},
            "operations[1]",
            "operations[0]",
        ),
    ],
)
def test_what_is_not_known_does_not_hide_what_is_wrong(
    name: str, type_: str, inputs: Mapping[str, Any], wrong: str, open_: str
) -> None:
    answer = judged(name, made(type_, inputs))
    assert f"{wrong}: " in answer.violations[0].message
    assert open_ in answer.undecided


def test_a_rule_that_fails_is_said_and_does_not_repeat_what_it_read() -> None:
    def check(*_: object) -> list[Finding]:
        raise ValueError("planted-secret")

    broken = replace(rule("byob-aws-bucket-protect"), check=check)
    answer = session(rules=[broken]).judge(broken, made(aws_rows.BUCKET, {}))
    assert outcome(answer) == "failed"
    assert "BYOB-POL-AWS-010: rule failed (ValueError)" in answer.violations[0].message
    assert "planted" not in answer.violations[0].message
