"""Who may do what on a bucket of Cloud Storage."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies.finding import Finding, each, not_applicable, unknown, violation
from byob_components.policies.gcp import tokens
from byob_components.policies.gcp.bucket import gcp_rule
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_gcp
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import GCP_DOCUMENTED_ROLES, GCP_MINIMAL_ROLES
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.principal import shared_principals

_NARROWER = (
    "roles/storage.objectAdmin",
    "roles/storage.objectCreator",
    "roles/storage.objectViewer",
    "roles/storage.bucketViewer",
    "roles/storage.legacyObjectReader",
)
_ALLOWED = (*GCP_DOCUMENTED_ROLES, *GCP_MINIMAL_ROLES, *_NARROWER)
"""What W&B documents, and predefined roles that hold no more (Google's reference of Cloud Storage roles)."""
_Grant = tuple[Node, Node]


def _wildcard(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(grant: _Grant) -> Iterator[Finding]:
        if grant[1].text() in tokens.EVERYBODY:
            yield violation(grant[1].path, "is everybody, or everybody with a Google account")

    yield from each(tokens.grants(one), judge)


def _grantees(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    if tokens.of_credential(one):
        # Its account shows in the whole stack only: in a preview the member is not known, but where it comes from is.
        yield not_applicable("byob-gcp-credential-principal says whose the grant of a GcpCredential is")
        return

    def judge(grant: _Grant) -> Iterator[Finding]:
        who = grant[1].text() or ""
        known = tokens.is_wandb(who) or tokens.is_listed(who, settings.principals)
        if not known and who not in tokens.EVERYBODY:
            yield violation(grant[1].path, "is neither an identity of W&B nor one that you list")

    yield from each(tokens.grants(one), judge)


def _width(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    def judge(grant: _Grant) -> Iterator[Finding]:
        role, member = grant
        if role.text() in _ALLOWED:
            return
        if not tokens.is_listed(member.text() or "", settings.principals):
            yield violation(role.path, "is none of the roles that W&B documents, nor one that holds less")

    yield from each(tokens.grants(one), judge)


def _admin(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(grant: _Grant) -> Iterator[Finding]:
        if grant[0].text() in GCP_DOCUMENTED_ROLES:
            yield violation(grant[0].path, "may delete the bucket, change its settings and say who has access")

    yield from each(tokens.grants(one), judge)


def _shared(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(grant: _Grant) -> Iterator[Finding]:
        if shared_principals(Cloud.GCP, [tokens.email_of(grant[1].text() or "")]):
            yield violation(grant[1].path, "is an identity with which W&B serves several customers")

    yield from each(tokens.grants(one), judge)


def _link(one: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    link = stack.owner(one, "bucket", tokens.BUCKET, "name")
    if not link.known and len(link.found) != 1:
        yield unknown("bucket")
    elif len(link.found) > 1:
        yield violation("bucket", "ambiguous: several buckets of the stack may be meant")
    elif not link.found:
        yield violation("bucket", "external: the bucket is not in this stack, so that its settings cannot be seen")
    elif link.found[0].external:
        yield violation("bucket", "external: the bucket is fetched, not managed here, so that nobody judges it here")


RULES: tuple[Rule, ...] = (
    gcp_rule(
        "wildcard-principal",
        30,
        _wildcard,
        Severity.CRITICAL,
        (ccc("CCC.Core.CN05"), cis_gcp("5.1")),
        "No grant on a Cloud Storage bucket goes to everybody.",
        "Everybody with a Google account, or without one, would hold the role.",
        "name the members",
        types=tokens.BUCKET_GRANTS,
    ),
    gcp_rule(
        "grant-principals",
        31,
        _grantees,
        Severity.HIGH,
        (ccc("CCC.Core.CN05"),),
        "Only identities of W&B, and those that you list, hold a grant on a Cloud Storage bucket.",
        "A member that nobody reviewed can read or delete the team's work.",
        "drop the member; or, when it is yours or your own W&B server's, list it in this rule's `principals`",
        types=tokens.BUCKET_GRANTS,
        principals="Members, with or without `serviceAccount:`, that may hold grants beside W&B's documented ones.",
    ),
    gcp_rule(
        "grant-width",
        32,
        _width,
        Severity.HIGH,
        (ccc("CCC.Core.CN05"),),
        "A grant on a Cloud Storage bucket is no wider than W&B documents.",
        "A wider or a custom role lets W&B do what nobody has read.",
        "grant roles/storage.admin as documented, or roles/storage.objectUser with roles/storage.legacyBucketReader",
        types=tokens.BUCKET_GRANTS,
        principals="Members of your own, whose roles this rule does not judge.",
    ),
    gcp_rule(
        "storage-admin",
        33,
        _admin,
        Severity.MEDIUM,
        (ccc("CCC.Core.CN05"),),
        "W&B holds less than roles/storage.admin.",
        "The documented role may delete the bucket, change its settings and say who has access.",
        "set access to 'minimal', or grant roles/storage.objectUser with roles/storage.legacyBucketReader",
        types=tokens.BUCKET_GRANTS,
        level=Level.ADVISORY,
    ),
    gcp_rule(
        "shared-principal",
        34,
        _shared,
        Severity.MEDIUM,
        (ccc("CCC.Core.CN05"),),
        "The grant on a Cloud Storage bucket goes to an identity that only your W&B uses.",
        "With a shared identity only W&B's own software keeps its customers apart.",
        "on Dedicated Cloud give the account that your System Console shows as Identity; on Multi-tenant Cloud there is none: disable this rule",
        types=tokens.BUCKET_GRANTS,
        level=Level.ADVISORY,
    ),
    gcp_rule(
        "link",
        35,
        _link,
        Severity.LOW,
        (),
        "Every grant belongs to one Cloud Storage bucket of the stack.",
        "A bucket that is made elsewhere is not judged here, and what it lacks cannot be seen.",
        "refer to the bucket resource itself, as `bucket=bucket.name`; or run the pack where the bucket is managed",
        types=tokens.BUCKET_GRANTS,
        level=Level.ADVISORY,
        stack=True,
    ),
)
