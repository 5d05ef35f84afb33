"""What an AWS bucket must have at all: beside it, inline, in any order, linked by property or by name, unknown, ambiguous."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from byob_components.policies import Scope, rule
from byob_components.policies.view import Resource
from tests.policies.aws_documents import NODE, bucket, drop, key, put
from tests.policies.made import UNKNOWN, judged_stack, made, outcome, secret, session, urn

BUCKET = "aws:s3/bucket:Bucket"
NEEDS: dict[str, tuple[str, Mapping[str, Any], Mapping[str, Any] | None]] = {
    "byob-aws-bucket-versioning-missing": (
        "aws:s3/bucketVersioning:BucketVersioning",
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioning": {"enabled": True}},
    ),
    "byob-aws-bucket-public-access-missing": (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"blockPublicAcls": True},
        None,
    ),
    "byob-aws-bucket-ownership-missing": (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        None,
    ),
    "byob-aws-bucket-encryption-missing": (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules": [{}]},
        {"serverSideEncryptionConfiguration": {"rule": {}}},
    ),
    "byob-aws-bucket-tls-missing": ("aws:s3/bucketPolicy:BucketPolicy", {"policy": "{}"}, {"policy": "{}"}),
    "byob-aws-bucket-cors-missing": (
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        {"corsRules": [{}]},
        {"corsRules": [{}]},
    ),
    "byob-aws-bucket-noncurrent-missing": (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        {"rules": [{"status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 30}}]},
        {"lifecycleRules": [{"enabled": True, "noncurrentVersionExpiration": {"days": 30}}]},
    ),
    "byob-aws-bucket-access-log-missing": (
        "aws:s3/bucketLogging:BucketLogging",
        {"targetBucket": "logs"},
        {"logging": {"targetBucket": "logs"}},
    ),
}
each = pytest.mark.parametrize("name", NEEDS)


def of_bucket(name: str, reference: Any = "vision-1", links: Mapping[str, Any] | None = None) -> Resource:
    """The setting that a rule wants."""
    type_, inputs, _ = NEEDS[name]
    return made(type_, {"bucket": reference, **inputs}, "setting", links=links)


def a_bucket(name: str = "vision", **inputs: Any) -> Resource:
    """A bucket with the physical name `<name>-1`."""
    return made(BUCKET, {"bucket": f"{name}-1", **inputs}, name)


@each
def test_nothing_declares_it(name: str) -> None:
    answer = judged_stack(name, [a_bucket()])
    assert outcome(answer) == "violation"
    assert answer.violations[0].urn == urn(BUCKET, "vision")
    assert rule(name).code in answer.violations[0].message


@each
def test_beside_the_bucket_in_any_order(name: str) -> None:
    """Whether it is linked by where its reference comes from, or by the literal name."""
    by_property = of_bucket(name, UNKNOWN, {"bucket": [f"{BUCKET}::vision"]})
    other = a_bucket("other", **(NEEDS[name][2] or {}))
    for setting in (of_bucket(name), by_property):
        for order in itertools.permutations([a_bucket(), setting]):
            assert outcome(judged_stack(name, order)) == "fine", setting
    # The setting of one bucket is not the other's.
    two = judged_stack(name, [a_bucket(), a_bucket("bare"), by_property])
    assert [one.urn for one in two.violations] == [urn(BUCKET, "bare")]
    if NEEDS[name][2] is not None:
        assert outcome(judged_stack(name, [other])) == "fine"


@each
def test_inline(name: str) -> None:
    inline = NEEDS[name][2]
    if inline is None:
        assert outcome(judged_stack(name, [a_bucket(versioning={"enabled": True})])) == "violation"
        return
    assert outcome(judged_stack(name, [a_bucket(**inline)])) == "fine"
    assert outcome(judged_stack(name, [a_bucket(**dict.fromkeys(inline, UNKNOWN))])) == "unknown"


@each
def test_the_older_names_of_the_types_count_too(name: str) -> None:
    type_, inputs, _ = NEEDS[name]
    older = [
        one
        for one in rule("byob-aws-bucket-link").types
        if one.startswith(type_.rpartition(":")[0]) and one.endswith("V2")
    ]
    for twin in older:
        stack = [made("aws:s3/bucketV2:BucketV2", {"bucket": "v"}), made(twin, {"bucket": "v", **inputs})]
        assert outcome(judged_stack(name, stack)) == "fine"


@each
def test_unknown_and_ambiguous_are_said(name: str) -> None:
    nobody_knows = judged_stack(name, [a_bucket(), of_bucket(name, UNKNOWN)])
    assert outcome(nobody_knows) == "unknown"
    assert "not known yet" in nobody_knows.undecided
    links = {"bucket": [f"{BUCKET}::vision", f"{BUCKET}::other"]}
    either = judged_stack(name, [a_bucket(), a_bucket("other"), of_bucket(name, "third", links)])
    assert outcome(either) == "unknown"
    assert either.undecided.count("ambiguous") == 2
    # The literal name decides between several sources.
    named = judged_stack(name, [a_bucket(), a_bucket("other"), of_bucket(name, "vision-1", links)])
    assert [one.urn for one in named.violations] == [urn(BUCKET, "other")]


@each
def test_secret(name: str) -> None:
    type_, inputs, _ = NEEDS[name]
    hidden = made(type_, secret({"bucket": "vision-1", **inputs}), "setting")
    assert outcome(judged_stack(name, [made(BUCKET, secret({"bucket": "vision-1"})), hidden])) == "fine"
    answer = judged_stack(name, [made(BUCKET, secret({"bucket": "planted-secret"}))])
    assert outcome(answer) == "violation"
    assert "planted" not in answer.violations[0].message


@each
def test_excluded_and_not_applicable(name: str) -> None:
    assert outcome(judged_stack(name, [a_bucket()], exclude=("vision",))) == "not applicable"
    assert outcome(judged_stack(name, [a_bucket()], include=("nlp",))) == "not applicable"
    assert outcome(judged_stack(name, [a_bucket()], scope=Scope.BYOB)) == "not applicable"
    assert outcome(judged_stack(name, [])) == "not applicable"
    tagged = a_bucket(tags={"wandb-byob:store": "p/s/vision"})
    assert outcome(judged_stack(name, [tagged], scope=Scope.BYOB)) == "violation"


@each
def test_a_bucket_that_was_fetched_is_not_judged_and_that_is_said(name: str) -> None:
    fetched, setting = a_bucket("fetched"), of_bucket(name, "fetched-1")
    one = session()
    one.see(setting.urn, setting)  # the bucket was read, not registered
    stack = one.stack([fetched, setting])
    assert outcome(one.judge_stack(rule(name), stack)) == "not applicable"
    said = one.judge_stack(rule("byob-aws-bucket-link"), stack)
    assert "external" in said.violations[0].message
    # A state shows it without any inputs; a program may make a bucket without any.
    one.see(fetched.urn, made(BUCKET, {}, "fetched"))
    assert outcome(one.judge_stack(rule(name), one.stack([fetched, setting]))) == "not applicable"
    one.audit = False
    assert outcome(one.judge_stack(rule("byob-aws-bucket-link"), one.stack([fetched]))) == "not applicable"
    assert outcome(one.judge_stack(rule(name), one.stack([fetched]))) == "violation"


def test_what_the_program_asked_for_counts_and_not_what_the_cloud_says() -> None:
    """A provider writes the bucket's real settings into the outputs of the bucket, also those declared nowhere."""
    said = {"bucket": "vision-1", "versioning": {"enabled": False}}
    asked = made(BUCKET, {"bucket": "vision-1"}, outputs=said)
    one = session()
    one.see(asked.urn, asked)
    answer = one.judge_stack(rule("byob-aws-bucket-versioning-missing"), one.stack([made(BUCKET, said)]))
    assert outcome(answer) == "violation"


LINK = "byob-aws-bucket-link"
VERSIONING = "byob-aws-bucket-versioning-missing"


def test_link() -> None:
    two = {"bucket": [f"{BUCKET}::vision", f"{BUCKET}::other"]}
    assert outcome(judged_stack(LINK, [a_bucket(), of_bucket(VERSIONING)])) == "fine"
    for stack, word in (
        ([a_bucket(), a_bucket("other"), of_bucket(VERSIONING, "third", two)], "ambiguous"),
        ([of_bucket(VERSIONING, "elsewhere")], "external"),
        ([a_bucket(), of_bucket(VERSIONING, "elsewhere")], "external"),
    ):
        answer = judged_stack(LINK, stack)
        assert [one.urn for one in answer.violations] == [of_bucket(VERSIONING).urn]
        assert word in answer.violations[0].message
    assert outcome(judged_stack(LINK, [a_bucket(), a_bucket("o"), of_bucket(VERSIONING, UNKNOWN)])) == "unknown"
    assert outcome(judged_stack(LINK, [of_bucket(VERSIONING, "x")], exclude=("setting",))) == "not applicable"
    assert outcome(judged_stack(LINK, [a_bucket()])) == "not applicable"
    hidden = made(NEEDS[VERSIONING][0], secret({"bucket": "planted-secret"}), "setting")
    assert "planted" not in judged_stack(LINK, [hidden]).violations[0].message


# ------------------------------------------------------------------------------------------ the key
KEY, KEY_ARN = "aws:kms/key:Key", "arn:aws:kms:eu-west-1:111122223333:key/1"
SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
WANDB = "byob-aws-key-wandb"


def a_store(
    policy: Mapping[str, Any], key_inputs: Mapping[str, Any] | None, *more: Resource, arn: Any = KEY_ARN
) -> list[Resource]:
    """A bucket with its policy, encrypted with a key of the stack, or one that is made elsewhere."""
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": arn}}]
    links = {"rules": [f"{KEY}::vision"]} if arn is UNKNOWN else {}
    found = [
        a_bucket(),
        made("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "vision-1", **policy}),
        made(SSE, {"bucket": "vision-1", "rules": rules}, links=links),
        *more,
    ]
    return found if key_inputs is None else [*found, made(KEY, key_inputs, outputs={"arn": KEY_ARN, **key_inputs})]


def a_grant(who: Any, reference: Any = KEY_ARN, links: Mapping[str, Any] | None = None) -> Resource:
    """A KMS grant."""
    return made("aws:kms/grant:Grant", {"keyId": reference, "granteePrincipal": who}, "grant", links=links)


def test_whom_the_bucket_lets_in_may_use_its_key() -> None:
    without, root = key(drop(1)), put(3, Principal={"AWS": "arn:aws:iam::830241207209:root"})
    account = key(put(1, Principal={"AWS": "830241207209"}))
    policy = made("aws:kms/keyPolicy:KeyPolicy", {"keyId": "1", **key()}, links={"keyId": [f"{KEY}::vision"]})
    for good in (
        a_store(bucket(), key()),
        a_store(bucket(), key(), arn=UNKNOWN),
        a_store(bucket(), account),
        a_store(bucket(), without, a_grant(NODE)),
        a_store(bucket(), without, a_grant(NODE, UNKNOWN, {"keyId": [f"{KEY}::vision"]}), arn=UNKNOWN),
        a_store(bucket(), without, policy),
        a_store(bucket(), None, a_grant(NODE)),
    ):
        assert outcome(judged_stack(WANDB, good)) == "fine"
    for bad in (
        a_store(bucket(), without),
        a_store(bucket(), without, arn=UNKNOWN),
        a_store(bucket(root), key()),
        a_store(bucket(), key(put(1, Action="kms:Encrypt"))),
        a_store(bucket(), without, a_grant("arn:aws:iam::444455556666:role/other")),
        a_store(bucket(), without, a_grant(NODE, "arn:aws:kms:eu-west-1:111122223333:key/2")),
    ):
        answer = judged_stack(WANDB, bad)
        assert outcome(answer) == "violation"
        assert answer.violations[0].urn == urn(BUCKET, "vision")


def test_a_key_that_cannot_be_judged_is_said() -> None:
    elsewhere = judged_stack(WANDB, a_store(bucket(), None))
    assert outcome(elsewhere) == "unknown"
    assert "not managed here" in elsewhere.undecided
    assert outcome(judged_stack(WANDB, a_store({"policy": UNKNOWN}, key()))) == "unknown"
    assert outcome(judged_stack(WANDB, a_store(bucket(), {"policy": UNKNOWN}))) == "unknown"
    assert outcome(judged_stack(WANDB, a_store(bucket(), key(drop(1)), a_grant(UNKNOWN)))) == "unknown"
    assert outcome(judged_stack(WANDB, a_store(bucket(drop(3)), key()))) == "not applicable"
    assert outcome(judged_stack(WANDB, a_store(bucket(), key(drop(1))), exclude=("vision",))) == "not applicable"


def test_a_secret_key_is_judged_like_any_other() -> None:
    def hidden(store: list[Resource]) -> list[Resource]:
        return [made(one.type, secret(one.inputs.value), one.name, outputs=secret(one.outputs.value)) for one in store]

    assert outcome(judged_stack(WANDB, hidden(a_store(bucket(), key())))) == "fine"
    answer = judged_stack(WANDB, hidden(a_store(bucket(), key(drop(1)))))
    assert outcome(answer) == "violation"
    assert "acme-node" not in answer.violations[0].message
