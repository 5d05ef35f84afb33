"""What a bucket must have at all: judged when all resources of the stack are known, because settings stand beside the bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from byob_components.policies.aws import tokens
from byob_components.policies.aws.bucket import encryption_rules, inline_versioning
from byob_components.policies.aws.objects import cors_rules, lifecycle_rules
from byob_components.policies.finding import Finding, not_applicable, unknown, violation
from byob_components.policies.rule import Check, Framework, Level, Rule, Settings, Severity, ccc, cis_aws, fsbp
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack

_FETCHED = "the bucket is not managed here"


def _no_inline(_: Resource) -> Node:
    return Node(None)


def needs(types: tuple[str, ...], what: str, inline: Callable[[Resource], Node] = _no_inline) -> Check:
    """A check that a bucket has a setting, inline or beside it."""

    def check(bucket: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
        if bucket.external:
            yield not_applicable(_FETCHED)
            return
        settings = tokens.of_bucket(stack, bucket, types)
        own = inline(bucket)
        if settings.certain or (own.known and own.value is not None):
            return
        if settings.doubtful or not own.known:
            yield _doubt(stack, settings.doubtful, own, what)
            return
        yield violation("", f"nothing in the stack declares {what} for this bucket")

    return check


def _doubt(stack: Stack, doubtful: tuple[Resource, ...], own: Node, what: str) -> Finding:
    if not own.known:
        return unknown(own.path)
    known = stack.owner(doubtful[0], "bucket", tokens.BUCKET, "bucket").known
    if known or len(doubtful) > 1:
        return unknown("", f"ambiguous: {what} of {doubtful[0].name} may belong to this bucket or to another one")
    return unknown("", f"{what} of {doubtful[0].name} may be this bucket's: its `bucket` is not known yet")


def noncurrent(bucket: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    """A check that something clears the noncurrent versions of a bucket."""
    if bucket.external:
        yield not_applicable(_FETCHED)
        return
    settings = tokens.of_bucket(stack, bucket, tokens.LIFECYCLE)
    for one in (bucket, *settings.certain):
        for rule in lifecycle_rules(one).items():
            on = rule.at("status").text() == "Enabled" or rule.at("enabled").flag() is True
            if on and rule.at("noncurrentVersionExpiration").present:
                return
    if settings.doubtful:
        yield _doubt(stack, settings.doubtful, Node(None), "lifecycle rules")
        return
    yield violation("", "nothing in the stack clears noncurrent versions of this bucket, and W&B has no right to")


def _link(setting: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    link = stack.owner(setting, "bucket", tokens.BUCKET, "bucket")
    if not link.known and len(link.found) != 1:
        yield unknown("bucket")
    elif len(link.found) > 1:
        yield violation(
            "bucket", "ambiguous: several buckets of the stack may be meant, and none of them is judged by it"
        )
    elif not link.found:
        yield violation("bucket", "external: the bucket is not in this stack, so that what it lacks cannot be seen")
    elif link.found[0].external:
        yield violation(
            "bucket", "external: the bucket is fetched, not managed here, so that what it lacks cannot be seen"
        )


def _first(bucket: Resource, *names: str) -> Node:
    """The first of several spellings that is there."""
    for name in names:
        node = bucket.inputs.at(name)
        if node.value is not None:
            return node
    return Node(None)


def _rule(
    name: str,
    number: int,
    title: str,
    why: str,
    fix: str,
    check: Check,
    severity: Severity,
    frameworks: tuple[Framework, ...],
    level: Level = Level.MANDATORY,
) -> Rule:
    return Rule(
        name=f"byob-aws-bucket-{name}",
        code=f"BYOB-POL-AWS-{number:03}",
        title=title,
        why=why,
        fix=fix,
        types=tokens.BUCKET,
        severity=severity,
        frameworks=frameworks,
        check=check,
        level=level,
        stack=True,
        s3_compatible=False,
    )


RULES: tuple[Rule, ...] = (
    _rule(
        "versioning-missing",
        2,
        "Every bucket declares versioning.",
        "A new bucket has none: what is overwritten or deleted is gone at once, and W&B blocks its artifact clean-up.",
        "add a BucketVersioning with status 'Enabled'",
        needs(tokens.VERSIONING, "versioning", inline_versioning),
        Severity.CRITICAL,
        (ccc("CCC.ObjStor.CN05"), fsbp("S3.14")),
    ),
    _rule(
        "public-access-missing",
        4,
        "Every bucket has a public access block.",
        "What a new bucket gets by itself is not in the program, and can be taken off unseen.",
        "add a BucketPublicAccessBlock with all four set to true",
        needs(tokens.PUBLIC_ACCESS, "a public access block"),
        Severity.HIGH,
        (ccc("CCC.Core.CN05"), cis_aws("3.1.4"), fsbp("S3.8")),
    ),
    _rule(
        "ownership-missing",
        7,
        "Every bucket has ownership controls.",
        "Buckets made before April 2023 have access lists in force, and what a new one gets by itself is not in the program.",
        "add BucketOwnershipControls with 'BucketOwnerEnforced'",
        needs(tokens.OWNERSHIP, "ownership controls"),
        Severity.MEDIUM,
        (ccc("CCC.ObjStor.CN02"), fsbp("S3.12")),
    ),
    _rule(
        "encryption-missing",
        9,
        "Every bucket declares its encryption.",
        "S3 encrypts with its own key then, and nobody can tell whether that was meant.",
        "add a BucketServerSideEncryptionConfiguration with your key, or with 'AES256' where S3's own is meant",
        needs(tokens.ENCRYPTION, "encryption", encryption_rules),
        Severity.MEDIUM,
        (ccc("CCC.ObjStor.CN01"), ccc("CCC.Core.CN02"), fsbp("S3.17")),
    ),
    _rule(
        "tls-missing",
        21,
        "Every bucket has a policy that can refuse plain HTTP.",
        "Without a bucket policy nothing refuses what does not come over TLS.",
        "add a BucketPolicy that denies s3:* to '*' where aws:SecureTransport is false",
        needs(tokens.POLICY, "a bucket policy", lambda bucket: bucket.inputs.at("policy")),
        Severity.HIGH,
        (ccc("CCC.Core.CN01"), cis_aws("3.1.1"), fsbp("S3.5")),
    ),
    _rule(
        "cors-missing",
        31,
        "Every bucket has CORS rules.",
        "W&B's pages read and write the bucket from the browser; without CORS they show no file.",
        "add a BucketCorsConfiguration that allows GET, HEAD and PUT with all headers and exposes ETag",
        needs(tokens.CORS, "CORS rules", cors_rules),
        Severity.HIGH,
        (),
    ),
    _rule(
        "noncurrent-missing",
        36,
        "Noncurrent versions of a bucket expire.",
        "Versions pile up for ever: what was deleted is never really gone, and is paid for.",
        "add a lifecycle rule that expires noncurrent versions, for example after 30 days",
        noncurrent,
        Severity.LOW,
        (ccc("CCC.ObjStor.CN05"), fsbp("S3.10")),
        Level.ADVISORY,
    ),
    _rule(
        "access-log-missing",
        37,
        "Every bucket keeps an access log.",
        "Without one nobody can tell afterwards who read what.",
        "add a BucketLogging to a bucket for logs, or log data events in CloudTrail and disable this rule",
        needs(tokens.LOGGING, "an access log", lambda bucket: _first(bucket, "logging", "loggings")),
        Severity.MEDIUM,
        (ccc("CCC.ObjStor.CN06"), fsbp("S3.9")),
        Level.ADVISORY,
    ),
    Rule(
        name="byob-aws-bucket-link",
        code="BYOB-POL-AWS-038",
        title="Every setting belongs to one bucket of the stack.",
        why="What stands beside a bucket counts only when it is certain whose it is; a bucket made elsewhere is judged there.",
        fix="refer to the bucket resource itself, as `bucket=bucket.bucket`; or run the pack where the bucket is managed",
        types=tokens.SETTINGS,
        severity=Severity.LOW,
        frameworks=(),
        check=_link,
        level=Level.ADVISORY,
        stack=True,
    ),
)
