"""Who may do what by a bucket's policy."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies import iam
from byob_components.policies.aws import tokens
from byob_components.policies.finding import Finding, each, not_applicable, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_aws, fsbp
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import AWS_S3_DOCUMENTED
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.principal import shared_principals

_TYPES = (*tokens.POLICY, *tokens.BUCKET)
_NEEDED = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListBucket",
    "s3:GetBucketCORS",
)
"""Single actions of the documented set; a Deny of one of them hurts."""
_HARMLESS = {
    "aws:securetransport",
    "s3:tlsversion",
    "s3:x-amz-server-side-encryption-customer-algorithm",
}
"""Keys of conditions under which W&B never asks."""
_NETWORK = {"aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce", "s3:signatureage"}


def _documents(one: Resource) -> Iterator[Node]:
    """The bucket policy that a resource declares."""
    policy = one.inputs.at("policy")
    if policy.present or one.type in tokens.POLICY:
        yield policy


_NONE = "the bucket declares no policy inline"


def _tls(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        if not any(denies_plain(statement) for statement in iam.statements(policy, "Deny")):
            yield violation(policy.path, "has no Deny of everything to everybody where aws:SecureTransport is false")
        return
    yield not_applicable(_NONE)


def denies_plain(statement: Node) -> bool:
    """Whether a Deny refuses everybody everything that does not come over TLS.

    Args:
        statement: A Deny statement of a bucket policy.
    """
    found = list(iam.conditions(statement))
    return (
        iam.refuses_everybody(statement)
        and iam.covers_all(statement, "s3")
        and iam.covers_bucket_and_objects(statement)
        and len(found) == 1
        and found[0][0] in ("bool", "boolifexists")
        and found[0][1] == "aws:securetransport"
        and _only(found[0][2], "false")
    )


def _only(values: Node, text: str) -> bool:
    given = values.items()
    return bool(given) and all(str(one.value).lower() == text for one in given)


def _tls_version(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        if not any(_denies_old(statement) for statement in iam.statements(policy, "Deny")):
            yield violation(policy.path, "has no Deny of everything to everybody where s3:TlsVersion is below 1.2")
        return
    yield not_applicable(_NONE)


def _denies_old(statement: Node) -> bool:
    found = list(iam.conditions(statement))
    return (
        iam.refuses_everybody(statement)
        and iam.covers_all(statement, "s3")
        and iam.covers_bucket_and_objects(statement)
        and len(found) == 1
        and found[0][:2] == ("numericlessthan", "s3:tlsversion")
        and all((one.number() or 0) >= 1.2 for one in found[0][2].items())
    )


def _customer_keys(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        if not any(_denies_customer_keys(statement) for statement in iam.statements(policy, "Deny")):
            yield violation(policy.path, "has no Deny of uploads that bring a key of their own (SSE-C)")
        return
    yield not_applicable(_NONE)


def _denies_customer_keys(statement: Node) -> bool:
    found = list(iam.conditions(statement))
    return (
        iam.refuses_everybody(statement)
        and iam.covers(statement, "s3:PutObject")
        and any(text.endswith("/*") for text in statement.at("Resource").texts())
        and len(found) == 1
        and found[0][:2] == ("null", "s3:x-amz-server-side-encryption-customer-algorithm")
        and _only(found[0][2], "false")
    )


def _wildcard(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        for statement in iam.statements(policy, "Allow"):
            who = iam.everybody(statement)
            if who is not None and not iam.is_narrowed(statement):
                yield violation(who.path, "allows everybody, and no condition says who may ask")
        return
    yield not_applicable(_NONE)


def _grantees(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        for statement in iam.statements(policy, "Allow"):
            for principal in iam.principals(statement):
                who = principal.node.text() or ""
                if who != "*" and not iam.is_wandb(who) and not iam.is_listed(who, settings.principals):
                    yield violation(principal.node.path, "is neither an identity of W&B nor one that you list")
        return
    yield not_applicable(_NONE)


def _width(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        for statement in iam.statements(policy, "Allow"):
            who = [principal.node.text() or "" for principal in iam.principals(statement)]
            if who and all(iam.is_listed(name, settings.principals) for name in who):
                continue
            action = iam.beyond(statement, AWS_S3_DOCUMENTED)
            if action is not None:
                yield violation(action.path, "goes beyond the 11 actions that W&B documents")
        return
    yield not_applicable(_NONE)


def _shared(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        for statement in iam.statements(policy, "Allow"):
            for principal in iam.principals(statement):
                if shared_principals(Cloud.AWS, [principal.node.text() or ""]):
                    yield violation(principal.node.path, "is an identity with which W&B serves several customers")
        return
    yield not_applicable(_NONE)


def _denied(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    for policy in _documents(one):
        yield from each(iam.statements(policy, "Deny"), _hits)
        return
    yield not_applicable(_NONE)


def _hits(statement: Node) -> Iterator[Finding]:
    keys = {key for _, key, __ in iam.conditions(statement)}
    named = [principal.node.text() or "" for principal in iam.principals(statement)]
    hit = iam.everybody(statement) is not None or any(iam.is_wandb(who) for who in named)
    if not hit or keys & _HARMLESS or not any(iam.covers(statement, action) for action in _NEEDED):
        return
    if keys & _NETWORK:
        yield violation(
            f"{statement.path}.Condition",
            "denies by network or age of the signature: a presigned URL is judged by where the browser is, and lives for 24 hours",
        )
    elif not keys:
        yield violation(statement.path, "denies what W&B needs, to everybody or to W&B")


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-aws-bucket-tls",
        code="BYOB-POL-AWS-020",
        title="A bucket policy refuses what does not come over TLS.",
        why="Run files and presigned URLs, which anybody can use who reads them, would travel in the open.",
        fix="add a Deny of s3:* to '*' on the bucket and its objects with the one condition Bool aws:SecureTransport false",
        types=_TYPES,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN01"), cis_aws("3.1.1"), fsbp("S3.5")),
        check=_tls,
        s3_compatible=False,
    ),
    Rule(
        name="byob-aws-bucket-tls-version",
        code="BYOB-POL-AWS-022",
        title="A bucket policy refuses TLS older than 1.2.",
        why="Older versions of TLS can be broken.",
        fix="add a Deny of s3:* to '*' on the bucket and its objects with the one condition NumericLessThan s3:TlsVersion 1.2",
        types=_TYPES,
        severity=Severity.MEDIUM,
        frameworks=(ccc("CCC.Core.CN01"),),
        check=_tls_version,
        s3_compatible=False,
        level=Level.ADVISORY,
    ),
    Rule(
        name="byob-aws-bucket-customer-keys",
        code="BYOB-POL-AWS-023",
        title="A bucket policy refuses uploads with a key of the client's own.",
        why="An object that a client encrypts with its own key (SSE-C) is unreadable to everybody else, W&B too.",
        fix="add a Deny of s3:PutObject to '*' with the condition Null s3:x-amz-server-side-encryption-customer-algorithm false",
        types=_TYPES,
        severity=Severity.MEDIUM,
        frameworks=(ccc("CCC.ObjStor.CN01"),),
        check=_customer_keys,
        s3_compatible=False,
        level=Level.ADVISORY,
    ),
    Rule(
        name="byob-aws-bucket-wildcard-principal",
        code="BYOB-POL-AWS-024",
        title="No statement of a bucket policy allows everybody.",
        why="Everybody with an AWS account, or without one, would hold the rights.",
        fix="name the principals, or narrow '*' by a condition such as StringEquals aws:PrincipalOrgID",
        types=_TYPES,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN05"), cis_aws("2.21")),
        check=_wildcard,
    ),
    Rule(
        name="byob-aws-bucket-grant-principals",
        code="BYOB-POL-AWS-025",
        title="Only identities of W&B, and those that you list, hold rights by a bucket policy.",
        why="A principal that nobody reviewed can read or delete the team's work.",
        fix="drop the principal; or, when it is yours or your own W&B server's, list it in this rule's `principals`",
        types=_TYPES,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN05"), fsbp("S3.6")),
        check=_grantees,
        s3_compatible=False,
        principals="Identities, as they stand in the policy, that may hold rights beside W&B's documented ones.",
    ),
    Rule(
        name="byob-aws-bucket-grant-width",
        code="BYOB-POL-AWS-026",
        title="A grant allows no more than W&B documents.",
        why="More than the 11 documented actions lets W&B change settings, lists or the policy itself.",
        fix="allow at most the actions of W&B's page; give what your own people need to principals of their own",
        types=_TYPES,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN05"), fsbp("S3.6")),
        check=_width,
        s3_compatible=False,
        principals="Identities of your own, whose rights this rule does not judge.",
    ),
    Rule(
        name="byob-aws-bucket-shared-principal",
        code="BYOB-POL-AWS-027",
        title="The grant goes to an identity that only your W&B uses.",
        why="With a shared identity only W&B's own software keeps its customers apart.",
        fix="on Dedicated Cloud give the node role that your System Console shows as Identity; on Multi-tenant Cloud there is none: disable this rule",
        types=_TYPES,
        severity=Severity.MEDIUM,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_shared,
        s3_compatible=False,
        level=Level.ADVISORY,
    ),
    Rule(
        name="byob-aws-bucket-denied",
        code="BYOB-POL-AWS-028",
        title="No Deny cuts W&B or its users' browsers off.",
        why="Presigned URLs are used from browsers anywhere, and W&B lists the bucket from its own network.",
        fix="drop the Deny, or let the networks of W&B and of every user through",
        types=_TYPES,
        severity=Severity.MEDIUM,
        frameworks=(),
        check=_denied,
        level=Level.ADVISORY,
    ),
)
