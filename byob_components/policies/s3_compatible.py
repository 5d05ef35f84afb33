"""Where servers that only speak S3 differ from AWS: what not every server has, and how CoreWeave tells W&B's customers apart."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies import iam
from byob_components.policies.aws import tokens
from byob_components.policies.aws.access import denies_plain
from byob_components.policies.aws.presence import needs, noncurrent
from byob_components.policies.finding import Finding, not_applicable, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import AWS_S3_DOCUMENTED, COREWEAVE_ORG_CONDITION, COREWEAVE_PRINCIPAL_KEY

_ACTIONS = (*AWS_S3_DOCUMENTED, "s3:GetBucketCors")
"""Some servers know an action by another spelling, which is told apart from AWS' by its letters only."""
_COREWEAVE = "wandb-byob:index:CoreWeave"
_SAYS_WHO = ("stringequals", "stringlike")


def _width(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    for statement in iam.statements(one.inputs.at("policy"), "Allow"):
        who = iam.principals(statement)
        names = [principal.node.text() or "" for principal in who]
        own = who and all(
            one.kind == COREWEAVE_PRINCIPAL_KEY and not iam.is_wandb(one.node.text() or "") for one in who
        )
        if own or (names and all(iam.is_listed(name, settings.principals) for name in names)):
            continue
        action = iam.beyond(statement, _ACTIONS)
        if action is not None:
            yield violation(action.path, "goes beyond the 11 actions that W&B documents")


def _organization(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    judged = False
    for statement in iam.statements(one.inputs.at("policy"), "Allow"):
        wandb = [principal for principal in iam.principals(statement) if _is_coreweave(principal)]
        judged = judged or bool(wandb)
        if wandb and not any(_names_one(*found) for found in iam.conditions(statement)):
            yield violation(
                f"{statement.path}.Condition",
                f"does not say by {COREWEAVE_ORG_CONDITION} which of W&B's customers may come in",
            )
    if not judged:
        yield not_applicable("no identity of W&B at CoreWeave holds a grant")


def _is_coreweave(principal: iam.Principal) -> bool:
    return principal.kind == COREWEAVE_PRINCIPAL_KEY and iam.is_wandb(principal.node.text() or "")


def _names_one(operator: str, key: str, values: Node) -> bool:
    texts = values.texts()
    literal = bool(texts) and not any("*" in text or "?" in text or not text for text in texts)
    return operator in _SAYS_WHO and key == COREWEAVE_ORG_CONDITION.lower() and literal


def _tls(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if _COREWEAVE in one.urn:
        yield not_applicable("CoreWeave answers over TLS only")
    elif not any(denies_plain(statement) for statement in iam.statements(one.inputs.at("policy"), "Deny")):
        yield violation("policy", "has no Deny of everything to everybody where aws:SecureTransport is false")


def _grantees(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    kind = COREWEAVE_PRINCIPAL_KEY if _COREWEAVE in one.urn else "AWS"
    accounts: dict[str, None] = {}
    for statement in iam.statements(one.inputs.at("policy"), "Allow"):
        for principal in iam.principals(statement):
            name = principal.node.text() or ""
            if name == "*" or iam.is_listed(name, settings.principals):
                continue
            if principal.kind != kind:
                yield violation(
                    principal.node.path, f"is of another kind than '{kind}', which the server's users are of"
                )
            elif kind == "AWS" or not iam.is_wandb(name):
                # Which account is yours nobody can tell; a second one is somebody else's.
                accounts.setdefault(iam.account_of(name))
                if iam.account_of(name) not in list(accounts)[:1]:
                    yield violation(principal.node.path, "is of another account than who is named first")


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-s3-bucket-versioning-missing",
        code="BYOB-POL-S3-001",
        title="Every bucket of an S3-compatible server declares versioning.",
        why="Without it what is overwritten or deleted is gone at once; not every server has it, hence the advice.",
        fix="add a BucketVersioning with status 'Enabled', or say in your docs that the server keeps no versions",
        types=tokens.BUCKET,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.ObjStor.CN05"),),
        check=needs(tokens.VERSIONING, "versioning"),
        level=Level.ADVISORY,
        stack=True,
        s3_compatible=None,
    ),
    Rule(
        name="byob-s3-bucket-grant-width",
        code="BYOB-POL-S3-002",
        title="A grant on an S3-compatible server allows no more than W&B documents.",
        why="More than the 11 documented actions lets W&B change settings or the policy itself.",
        fix="allow at most the actions of W&B's page; give what your own people need to principals of their own",
        types=tokens.POLICY,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_width,
        principals="Identities of your own, whose rights this rule does not judge.",
        s3_compatible=None,
    ),
    Rule(
        name="byob-s3-bucket-organization",
        code="BYOB-POL-S3-003",
        title="W&B's shared identity at CoreWeave is let in for your organization only.",
        why="W&B has one identity there for all its customers; without the condition any of them could name your bucket.",
        fix="add the condition StringLike wandb:OrgID with your organization's id, without `*` or `?`",
        types=tokens.POLICY,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_organization,
        s3_compatible=None,
    ),
    Rule(
        name="byob-s3-bucket-grant-principals",
        code="BYOB-POL-S3-004",
        title="Only users of one account, those of W&B at CoreWeave, and those that you list, hold rights on an S3-compatible bucket.",
        why="A principal that nobody reviewed can read or delete the team's work.",
        fix="drop the principal; or, when it is meant, list it in this rule's `principals`",
        types=tokens.POLICY,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_grantees,
        principals="Identities, as they stand in the policy, that may hold rights beside those of the first account.",
        s3_compatible=None,
    ),
    Rule(
        name="byob-s3-bucket-tls",
        code="BYOB-POL-S3-005",
        title="A bucket policy of an S3-compatible server refuses what does not come over TLS.",
        why="Run files and presigned URLs, which anybody can use who reads them, would travel in the open.",
        fix="let the server answer over TLS only and disable this rule, or deny s3:* to '*' where aws:SecureTransport is false",
        types=tokens.POLICY,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN01"),),
        check=_tls,
        level=Level.ADVISORY,
        s3_compatible=None,
    ),
    Rule(
        name="byob-s3-bucket-noncurrent-missing",
        code="BYOB-POL-S3-006",
        title="Noncurrent versions of an S3-compatible bucket expire.",
        why="Versions pile up for ever: what was deleted is never really gone; not every server clears them, hence the advice.",
        fix="add a lifecycle rule that expires noncurrent versions, for example after 30 days",
        types=tokens.BUCKET,
        severity=Severity.LOW,
        frameworks=(ccc("CCC.ObjStor.CN05"),),
        check=noncurrent,
        level=Level.ADVISORY,
        stack=True,
        s3_compatible=None,
    ),
)
