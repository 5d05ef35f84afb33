"""Where servers that only speak S3 differ from AWS: what not every server has, and how CoreWeave tells W&B's customers apart."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies import iam
from byob_components.policies.aws import tokens
from byob_components.policies.aws.presence import needs
from byob_components.policies.finding import Finding, not_applicable, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import AWS_S3_DOCUMENTED, COREWEAVE_ORG_CONDITION, COREWEAVE_PRINCIPAL_KEY

_ACTIONS = (*AWS_S3_DOCUMENTED, "s3:GetBucketCors")
"""Some servers know an action by another spelling, which is told apart from AWS' by its letters only."""
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
)
