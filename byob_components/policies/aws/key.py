"""The key that encrypts a store: whether it lives, who rules it and who may use it."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies import iam
from byob_components.policies.aws import tokens
from byob_components.policies.finding import Finding, each, not_applicable, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_aws, fsbp
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import AWS_KMS_DOCUMENTED, AWS_KMS_GRANT_OPERATIONS
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.principal import shared_principals

_ROTATION_DAYS = 365
"""What KMS takes when none are given (CCC.Core.CN11.AR05)."""
_SYMMETRIC = ("SYMMETRIC_DEFAULT", None, "")
_POLICIES = (*tokens.KEYS, *tokens.KEY_POLICY)
_NONE = "the key declares no policy: KMS gives it the account's own"
_DYING = ("PendingDeletion", "PendingReplicaDeletion", "Disabled", "Unavailable")


# ------------------------------------------------------------------------------------------ its life
def _rotation(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    spec, usage = one.inputs.at("customerMasterKeySpec"), one.inputs.at("keyUsage")
    if spec.text() not in _SYMMETRIC or usage.text() not in ("ENCRYPT_DECRYPT", None, ""):
        yield not_applicable("KMS rotates symmetric encryption keys only")
    elif one.inputs.at("customKeyStoreId").text() or one.inputs.at("xksKeyId").text():
        yield not_applicable("KMS does not rotate keys of a custom key store")
    elif one.inputs.at("enableKeyRotation").flag() is not True:
        yield violation("enableKeyRotation", "is not true")
    elif (one.inputs.at("rotationPeriodInDays").number() or 0) > _ROTATION_DAYS:
        yield violation("rotationPeriodInDays", f"is longer than {_ROTATION_DAYS} days")


def _window(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    days = one.inputs.at("deletionWindowInDays")
    number = days.number()
    # KMS takes 30 days when none are given.
    if number is not None and number < settings.minimum_days:
        yield violation(days.path, f"is below {settings.minimum_days} days")


def _lives(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    yield from each(("isEnabled", "enabled"), lambda name: _off(one, name))
    if one.inputs.at("validTo").text():
        yield violation("validTo", "ends the key material on a date: after it nobody can read what the key encrypts")
    if one.outputs.at("keyState").value in _DYING:
        yield violation("keyState", "says that the key is disabled, or waits for its deletion")


def _off(one: Resource, name: str) -> Iterator[Finding]:
    if one.inputs.at(name).flag() is False:
        yield violation(name, "is false: nobody can read or write what the key encrypts")


def _protect(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if not one.protect:
        yield violation("protect", "is off: the engine would schedule the key for deletion with its lines")


# ------------------------------------------------------------------------------------------ its policy
def _administration(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    policy = one.inputs.at("policy")
    if one.inputs.at("bypassPolicyLockoutSafetyCheck").flag() is True:
        yield violation(
            "bypassPolicyLockoutSafetyCheck", "is true: KMS takes a policy that nobody can ever change again"
        )
    if not policy.present:
        yield not_applicable(_NONE)
        return
    if not any(_administers(statement) for statement in iam.statements(policy, "Allow")):
        yield violation(
            policy.path, "lets no account's root administer the key: when its one administrator is gone, so is the key"
        )

    for statement in iam.statements(policy, "Deny"):
        if iam.refuses_everybody(statement) and iam.covers(statement, "kms:PutKeyPolicy") and not _spares(statement):
            yield violation(statement.path, "denies everybody to change the policy, and spares no administrator")


def _spares(statement: Node) -> bool:
    """Whether a condition lets somebody through: one on the caller's ARN must name an ARN for that."""
    found = list(iam.conditions(statement))
    return any(key != "aws:principalarn" or any(":" in text for text in values.texts()) for _, key, values in found)


def _administers(statement: Node) -> bool:
    rules = iam.covers(statement, "kms:PutKeyPolicy") and iam.covers(statement, "kms:CancelKeyDeletion")
    return rules and bool(_roots(statement))


def _wildcard(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    policy = one.inputs.at("policy")
    if not policy.present:
        yield not_applicable(_NONE)
        return
    for statement in iam.statements(policy, "Allow"):
        who = iam.everybody(statement)
        if who is not None and not iam.is_narrowed(statement):
            yield violation(who.path, "allows everybody, and no condition says who may ask")


def _operation(one: Node) -> Iterator[Finding]:
    if one.text() not in _OPERATIONS:
        yield violation(one.path, "goes beyond what W&B documents")


def _width(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    if one.type in tokens.KEY_GRANT:
        yield from each(one.inputs.at("operations").items(), _operation)
        return
    policy = one.inputs.at("policy")
    if not policy.present:
        yield not_applicable(_NONE)
        return
    for statement in iam.statements(policy, "Allow"):
        who = [principal.node.text() or "" for principal in iam.principals(statement)]
        if any(iam.is_wandb(name) or iam.is_listed(name, settings.principals) for name in who):
            action = iam.beyond(statement, AWS_KMS_DOCUMENTED)
            if action is not None:
                yield violation(action.path, "goes beyond the 5 actions that W&B documents")


_OPERATIONS = (*AWS_KMS_GRANT_OPERATIONS, "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")
"""`kms:GenerateDataKey*` of W&B's page covers the pairs too."""


def _grantees(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    if one.type in tokens.KEY_GRANT:
        who = one.inputs.at("granteePrincipal")
        if not _known(who.text() or "", settings):
            yield violation(who.path, "is neither an identity of W&B nor one that you list")
        return
    policy = one.inputs.at("policy")
    if not policy.present:
        yield not_applicable(_NONE)
        return
    allowed = iam.statements(policy, "Allow")
    owners = {
        iam.account_of(name): None for statement in allowed if _administers(statement) for name in _roots(statement)
    }
    for statement in allowed:
        for principal in iam.principals(statement):
            name = principal.node.text() or ""
            # Who administers says which account the key is in; a second one is somebody else's.
            own = principal.kind == "AWS" and iam.account_of(name) in list(owners)[:1]
            if name != "*" and not own and not _known(name, settings):
                yield violation(
                    principal.node.path, "is neither of the key's own account, nor of W&B, nor one that you list"
                )


def _shared(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.type in tokens.KEY_GRANT:
        named = [one.inputs.at("granteePrincipal")]
    else:
        policy = one.inputs.at("policy")
        if not policy.present:
            yield not_applicable(_NONE)
            return
        allowed = iam.statements(policy, "Allow")
        named = [principal.node for statement in allowed for principal in iam.principals(statement)]
    for who in named:
        if shared_principals(Cloud.AWS, [who.text() or ""]):
            yield violation(who.path, "is an identity with which W&B serves several customers")


def _known(name: str, settings: Settings) -> bool:
    return iam.is_wandb(name) or iam.is_listed(name, settings.principals)


def _roots(statement: Node) -> list[str]:
    """The accounts whose root a statement names, W&B's left out."""
    names = [principal.node.text() or "" for principal in iam.principals(statement) if principal.kind == "AWS"]
    return [name for name in names if (name.endswith(":root") or name.isdigit()) and not iam.is_wandb(name)]


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-aws-key-rotation",
        code="BYOB-POL-AWS-040",
        title="A key is rotated once a year or more often.",
        why="An old key that leaked would open everything that was ever written.",
        fix="set enableKeyRotation to true, and rotationPeriodInDays to 365 or less",
        types=tokens.KEY,
        severity=Severity.MEDIUM,
        frameworks=(ccc("CCC.Core.CN11"), cis_aws("4.6"), fsbp("KMS.4")),
        check=_rotation,
    ),
    Rule(
        name="byob-aws-key-deletion-window",
        code="BYOB-POL-AWS-041",
        title="The deletion of a key leaves time to cancel it.",
        why="When the window is over, every object that the key encrypts is unreadable for ever.",
        fix="leave deletionWindowInDays out, or set it to 30",
        types=tokens.KEYS,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN11"), fsbp("KMS.3")),
        check=_window,
        minimum_days=30,
    ),
    Rule(
        name="byob-aws-key-enabled",
        code="BYOB-POL-AWS-042",
        title="A key is enabled, does not expire and does not wait for its deletion.",
        why="Without the key nobody can read or write the bucket, W&B and you alike.",
        fix="enable the key, cancel its deletion, and leave validTo out",
        types=tokens.KEYS,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN11"), fsbp("KMS.3")),
        check=_lives,
    ),
    Rule(
        name="byob-aws-key-protect",
        code="BYOB-POL-AWS-043",
        title="A key is protected.",
        why="A key that goes with its lines takes the data of its bucket with it.",
        fix="give the key the resource option protect; retain_on_delete is invisible to a policy pack and does not count",
        types=tokens.KEYS,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN11"),),
        check=_protect,
    ),
    Rule(
        name="byob-aws-key-administration",
        code="BYOB-POL-AWS-044",
        title="The account's root administers a key.",
        why="A policy that names one role or user alone locks everybody out when that one is gone.",
        fix="allow kms:* to arn:aws:iam::<account>:root, so that the account's own IAM says who administers",
        types=_POLICIES,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN11"),),
        check=_administration,
    ),
    Rule(
        name="byob-aws-key-wildcard-principal",
        code="BYOB-POL-AWS-045",
        title="No statement of a key policy allows everybody.",
        why="Everybody with an AWS account could use the key, or end it.",
        fix="name the principals, or narrow '*' by a condition such as StringEquals kms:CallerAccount",
        types=_POLICIES,
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN11"), cis_aws("2.21"), fsbp("KMS.5")),
        check=_wildcard,
    ),
    Rule(
        name="byob-aws-key-grant-width",
        code="BYOB-POL-AWS-046",
        title="W&B may use a key, and do no more with it.",
        why="More than the documented actions lets W&B change, disable or delete the key.",
        fix="allow at most the 5 actions of W&B's page",
        types=(*_POLICIES, *tokens.KEY_GRANT),
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN11"),),
        check=_width,
        principals="Identities of your own W&B server, which are judged like W&B's documented ones.",
    ),
    Rule(
        name="byob-aws-key-grant-principals",
        code="BYOB-POL-AWS-047",
        title="Only the key's own account, W&B, and those that you list, hold rights on a key.",
        why="Who may use the key can decrypt what it gets hold of; a KMS grant shows in no policy.",
        fix="drop the principal; or, when it is yours or your own W&B server's, list it in this rule's `principals`",
        types=(*_POLICIES, *tokens.KEY_GRANT),
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN11"), fsbp("KMS.5")),
        check=_grantees,
        principals="Identities that may hold rights on a key beside its own account and W&B's documented ones.",
    ),
    Rule(
        name="byob-aws-key-shared-principal",
        code="BYOB-POL-AWS-049",
        title="The right to use a key goes to an identity that only your W&B uses.",
        why="With a shared identity only W&B's own software keeps its customers apart.",
        fix="on Dedicated Cloud give the node role that your System Console shows as Identity; on Multi-tenant Cloud there is none: disable this rule",
        types=(*_POLICIES, *tokens.KEY_GRANT),
        severity=Severity.MEDIUM,
        frameworks=(ccc("CCC.Core.CN11"),),
        check=_shared,
        level=Level.ADVISORY,
    ),
)
