"""The bucket itself and its plain settings: what each declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from byob_components.policies.aws import tokens
from byob_components.policies.finding import Finding, each, not_applicable, violation
from byob_components.policies.rule import Rule, Settings, Severity, ccc, cis_aws, fsbp
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack

_ELSEWHERE = "the bucket does not declare it inline"
_PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


# ------------------------------------------------------------------------------------------ versioning
def inline_versioning(bucket: Resource) -> Node:
    """The bucket's own versioning, as the legacy inline property declares it."""
    one = bucket.inputs.at("versioning")
    return one if one.value is not None else bucket.inputs.at("versionings")


def _versioning(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.type in tokens.BUCKET:
        inline = inline_versioning(one)
        if not inline.present:
            yield not_applicable(_ELSEWHERE)
        elif inline.at("enabled").flag() is not True:
            yield violation(inline.at("enabled").path, "versioning is declared and not on")
        return
    status = one.inputs.at("versioningConfiguration", "status")
    if status.text() != "Enabled":
        yield violation(status.path, "is not 'Enabled'")


def _enable(one: Resource, _: Settings) -> Mapping[tuple[str, ...], Any]:
    if one.type in tokens.BUCKET or one.inputs.at("versioningConfiguration", "status").text() == "Enabled":
        return {}
    return {("versioningConfiguration", "status"): "Enabled"}


# ------------------------------------------------------------------------------------------ strangers
def _public_access(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(name: str) -> Iterator[Finding]:
        if one.inputs.at(name).flag() is not True:
            yield violation(name, "is not true")

    yield from each(BLOCKS, judge)


def _block(one: Resource, _: Settings) -> Mapping[tuple[str, ...], Any]:
    return {(name,): True for name in BLOCKS if one.inputs.at(name).flag() is not True}


def _acl(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    acl, grants = one.inputs.at("acl"), one.inputs.at("grants")
    if one.type in tokens.ACL:
        grants = one.inputs.at("accessControlPolicy", "grants")
    if not acl.present and not grants.present:
        yield not_applicable("no access control list is declared")
        return
    if acl.text() in _PUBLIC_ACLS:
        yield violation(acl.path, "lets strangers in")

    def judge(grant: Node) -> Iterator[Finding]:
        uri = grant.at("uri") if one.type in tokens.BUCKET else grant.at("grantee", "uri")
        if uri.text() in _GROUPS:
            yield violation(uri.path, "names everybody, or everybody with an AWS account")

    yield from each(grants.items(), judge)


def _ownership(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    rule = one.inputs.at("rule", "objectOwnership")
    if rule.text() != "BucketOwnerEnforced":
        yield violation(rule.path, "is not 'BucketOwnerEnforced': access control lists are in force")


# ------------------------------------------------------------------------------------------ encryption
def encryption_rules(one: Resource) -> Node:
    """The rules of an encryption setting, or of the bucket's legacy inline property."""
    if one.type in tokens.BUCKET:
        inline = one.inputs.at("serverSideEncryptionConfiguration", "rule")
        return inline if inline.value is not None else one.inputs.at("serverSideEncryptionConfigurations", "rules")
    return one.inputs.at("rules")


def _encryption(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    rules = encryption_rules(one)
    if one.type in tokens.BUCKET and not rules.present:
        yield not_applicable(_ELSEWHERE)
        return
    declared = [rule.at("applyServerSideEncryptionByDefault") for rule in rules.items()]
    if not any(rule.value is not None for rule in declared):
        yield violation(rules.path, "names no default encryption")
    yield from each(declared, _usable)


def _usable(rule: Node) -> Iterator[Finding]:
    algorithm, key = rule.at("sseAlgorithm"), rule.at("kmsMasterKeyId")
    kind = algorithm.text()
    if kind in ("aws:kms", "aws:kms:dsse"):
        # A key that is not known yet is a key.
        if key.known and not key.text():
            yield violation(key.path, "is missing: S3 would take its own key aws/s3, which W&B cannot use")
    elif rule.present and kind != "AES256":
        yield violation(algorithm.path, "is neither 'aws:kms' with a key nor 'AES256'")


# ------------------------------------------------------------------------------------------ removal
def _protect(one: Resource, _: Stack, __: Settings) -> Iterable[Finding]:
    return [] if one.protect else [violation("protect", "is off: the engine would delete it with its lines")]


def _force_destroy(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("forceDestroy").flag() is True:
        yield violation("forceDestroy", "is on: destroying the bucket deletes every object in it")


# ------------------------------------------------------------------------------------------ conflicts with W&B
def _object_lock(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    lock = one.inputs.at("objectLockConfiguration") if one.type in tokens.BUCKET else one.inputs
    retention = lock.at("rule", "defaultRetention")
    if not lock.present:
        yield not_applicable("no Object Lock is declared")
    elif retention.present:
        yield violation(
            retention.path,
            "holds every new object: S3 then wants a checksum with each upload, which W&B's URLs do not carry, and what W&B deletes stays",
        )


def _payer(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    payer = one.inputs.at("requestPayer" if one.type in tokens.BUCKET else "payer")
    if one.type in tokens.BUCKET and not payer.present:
        yield not_applicable(_ELSEWHERE)
    elif payer.text() == "Requester":
        yield violation(payer.path, "is 'Requester': S3 refuses W&B's presigned URLs, which do not agree to pay")


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-aws-bucket-versioning",
        code="BYOB-POL-AWS-001",
        title="Declared versioning of a bucket is on.",
        why="What W&B or a person overwrites or deletes is gone at once, and W&B blocks its artifact clean-up.",
        fix="set the status to 'Enabled'",
        types=(*tokens.VERSIONING, *tokens.BUCKET),
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.ObjStor.CN05"), fsbp("S3.14")),
        check=_versioning,
        remedy=_enable,
    ),
    Rule(
        name="byob-aws-bucket-public-access",
        code="BYOB-POL-AWS-003",
        title="A public access block blocks in all four ways.",
        why="One mistaken policy or list would open the bucket to everybody.",
        fix="set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets to true",
        types=tokens.PUBLIC_ACCESS,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN05"), cis_aws("3.1.4"), fsbp("S3.8")),
        check=_public_access,
        remedy=_block,
    ),
    Rule(
        name="byob-aws-bucket-acl",
        code="BYOB-POL-AWS-005",
        title="No access control list lets strangers in.",
        why="A public list opens the bucket to everybody as soon as the public access block is off.",
        fix="drop the list; the bucket policy says who may come in",
        types=(*tokens.BUCKET, *tokens.ACL),
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.ObjStor.CN02"), fsbp("S3.2"), fsbp("S3.3")),
        check=_acl,
    ),
    Rule(
        name="byob-aws-bucket-ownership",
        code="BYOB-POL-AWS-006",
        title="The bucket's owner owns every object, and lists are off.",
        why="Objects that W&B uploads would belong to W&B's account, and lists could grant what the policy does not.",
        fix="set objectOwnership to 'BucketOwnerEnforced'",
        types=tokens.OWNERSHIP,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.ObjStor.CN02"), fsbp("S3.12")),
        check=_ownership,
    ),
    Rule(
        name="byob-aws-bucket-encryption",
        code="BYOB-POL-AWS-008",
        title="The default encryption is one that W&B can use: a named KMS key, or S3's own.",
        why="With aws:kms and no key, S3 takes aws/s3, which no other account can use: every upload and read of W&B fails.",
        fix="name the key in kmsMasterKeyId, or use 'AES256'",
        types=(*tokens.ENCRYPTION, *tokens.BUCKET),
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.ObjStor.CN01"), ccc("CCC.Core.CN02"), fsbp("S3.17")),
        check=_encryption,
    ),
    Rule(
        name="byob-aws-bucket-protect",
        code="BYOB-POL-AWS-010",
        title="A bucket is protected.",
        why="A team's storage can never change in W&B: a bucket that is deleted takes the team's work with it.",
        fix="give the bucket the resource option protect; retain_on_delete is invisible to a policy pack and does not count",
        types=tokens.BUCKET,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.ObjStor.CN03"),),
        check=_protect,
    ),
    Rule(
        name="byob-aws-bucket-force-destroy",
        code="BYOB-POL-AWS-011",
        title="No bucket is destroyed with its objects.",
        why="With forceDestroy, one `pulumi destroy` deletes every object and version.",
        fix="leave forceDestroy out",
        types=tokens.BUCKET,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.ObjStor.CN03"),),
        check=_force_destroy,
    ),
    Rule(
        name="byob-aws-bucket-object-lock",
        code="BYOB-POL-AWS-012",
        title="No default retention holds new objects.",
        why="Under default retention W&B's uploads are refused, and what it deletes stays.",
        fix="drop the default retention; versions and their expiry protect what was deleted",
        types=(*tokens.OBJECT_LOCK, *tokens.BUCKET),
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.ObjStor.CN04"), fsbp("S3.15")),
        check=_object_lock,
    ),
    Rule(
        name="byob-aws-bucket-requester-pays",
        code="BYOB-POL-AWS-013",
        title="The bucket's owner pays for requests.",
        why="S3 refuses every request that does not agree to pay, and W&B's presigned URLs do not.",
        fix="set the payer to 'BucketOwner'",
        types=(*tokens.PAYER, *tokens.BUCKET),
        severity=Severity.HIGH,
        frameworks=(),
        check=_payer,
    ),
)
