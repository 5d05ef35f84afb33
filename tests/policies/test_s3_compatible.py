"""Which rules hold for servers that only speak S3, and that their good stores get nothing but advice."""

from __future__ import annotations

from typing import Any

import pytest

from byob_components.policies import RULES, Level
from tests.conformance import test_coreweave, test_s3_compatible
from tests.policies.made import answers, judged_stack, made, outcome, registered, session

BUCKET, VERSIONING = "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning"
BELOW = "wandb-byob:index:S3CompatibleBucket"
RULE = "byob-s3-bucket-versioning-missing"
KINDS = (test_s3_compatible.TestS3Compatible, test_coreweave.TestCoreWeave)
STORES: list[tuple[Any, str]] = [(kind, store) for kind in KINDS for store in ["", *kind.stores]]


def test_a_bucket_without_versions_is_advised_of() -> None:
    bare = made(BUCKET, {"bucket": "vision"}, below=BELOW)
    setting = made(VERSIONING, {"bucket": "vision", "versioningConfiguration": {"status": "Enabled"}}, below=BELOW)
    assert outcome(judged_stack(RULE, [bare])) == "violation"
    assert outcome(judged_stack(RULE, [bare, setting])) == "fine"
    assert outcome(judged_stack(RULE, [made(BUCKET, {"bucket": "vision"})])) == "not applicable"
    assert outcome(judged_stack(RULE, [bare], exclude=("vision",))) == "not applicable"


def test_which_rules_are_for_whom() -> None:
    aws_only = {one.name.removeprefix("byob-aws-bucket-") for one in RULES if one.s3_compatible is False}
    assert aws_only == {
        "versioning-missing", "public-access-missing", "ownership-missing", "encryption-missing", "tls", "tls-missing",
        "tls-version", "customer-keys", "grant-principals", "grant-width", "shared-principal", "cors-missing",
        "noncurrent-missing", "access-log-missing",
    }  # fmt: skip
    assert {one.name for one in RULES if one.s3_compatible is None} == {one.name for one in RULES if one.cloud == "s3"}


@pytest.mark.parametrize("one", [one for one in RULES if one.s3_compatible is False], ids=lambda one: one.name)
def test_what_only_aws_has_is_not_asked_of_others(one) -> None:  # type: ignore[no-untyped-def]
    for type_ in one.types:
        elsewhere, rules = made(type_, {}, below=BELOW), session(rules=[one])
        rules.see(elsewhere.urn, elsewhere)
        rules.audit = False
        answer = rules.judge_stack(one, rules.stack([elsewhere])) if one.stack else rules.judge(one, elsewhere)
        assert outcome(answer) == "not applicable"
        assert "AWS only" in answer.not_applicable


@pytest.mark.parametrize(("kind", "store"), STORES, ids=lambda value: getattr(value, "__name__", value or "smallest"))
def test_a_good_store_gets_advice_at_most(kind: Any, store: str) -> None:
    contract = kind()
    found = answers(registered(contract.make(contract.args(store))))
    broken = {name for name, answer in found if answer.violations}
    assert broken <= {
        "byob-aws-bucket-cors-origins",
        "byob-s3-bucket-versioning-missing",
        "byob-s3-bucket-noncurrent-missing",
        "byob-s3-bucket-tls",
    }
    assert broken <= {one.name for one in RULES if one.level is Level.ADVISORY}
    assert {name for name, answer in found if answer.undecided} == set()
