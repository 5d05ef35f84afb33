"""The key that encrypts a store on Google Cloud: whether it lives, and whether Cloud Storage may use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from byob_components.policies.finding import Finding, each, not_applicable, unknown, violation
from byob_components.policies.gcp import tokens
from byob_components.policies.rule import Rule, Settings, Severity, ccc, cis_gcp
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import GCP_KEY_ROLE, GCP_SIGNER_ROLE

_DAY = 86400
_ROTATION_DAYS = 90
"""CIS GCP 5.0, 1.11."""
_AGENT = re.compile(r"serviceAccount:service-\d+@gs-project-accounts\.iam\.gserviceaccount\.com")
"""The Cloud Storage service agent of a project, which encrypts and decrypts."""
_USES = (
    GCP_KEY_ROLE,
    "roles/cloudkms.cryptoKeyEncrypter",
    "roles/cloudkms.cryptoKeyDecrypter",
    "roles/cloudkms.viewer",
)
"""The role that Cloud Storage needs, and predefined ones that hold no more (Google's reference of Cloud KMS roles)."""
_STORES_KEY = "wandb-byob:index:GcpByob$wandb-byob:index:GcpKey$"
_GONE = ("DISABLED", "DESTROYED", "DESTROY_SCHEDULED")


def _seconds(node: Node) -> float | None:
    text = node.text() or ""
    try:
        return float(text.removesuffix("s"))
    except ValueError:
        return None


def _rotation(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("purpose").text() not in ("ENCRYPT_DECRYPT", None, ""):
        yield not_applicable("Cloud KMS rotates symmetric encryption keys only")
        return
    period = _seconds(one.inputs.at("rotationPeriod"))
    if period is None or period > _ROTATION_DAYS * _DAY:
        yield violation("rotationPeriod", f"is missing, or longer than {_ROTATION_DAYS} days")


def _window(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    duration = one.inputs.at("destroyScheduledDuration")
    seconds = _seconds(duration)
    # Cloud KMS takes 30 days when none are given.
    if duration.present and (seconds is None or seconds < settings.minimum_days * _DAY):
        yield violation(duration.path, f"is below {settings.minimum_days} days")


def _lives(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.type in tokens.KEY:
        if one.inputs.at("skipInitialVersionCreation").flag() is True:
            yield violation("skipInitialVersionCreation", "leaves the key without a version to encrypt with")
        return
    if one.inputs.at("state").text() in _GONE:
        yield violation("state", "is not 'ENABLED': what this version encrypts cannot be read")


def _protect(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if not one.protect:
        yield violation("protect", "is off: the engine would destroy the key's versions with its lines")


def _wildcard(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(grant: tuple[Node, Node]) -> Iterator[Finding]:
        if grant[1].text() in tokens.EVERYBODY:
            yield violation(grant[1].path, "is everybody, or everybody with a Google account")

    yield from each(tokens.grants(one), judge)


def _wandb(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(grant: tuple[Node, Node]) -> Iterator[Finding]:
        if tokens.is_wandb(grant[1].text() or ""):
            yield violation(grant[1].path, "is an identity of W&B, which needs no right on the key: Google encrypts")

    yield from each(tokens.grants(one), judge)


def _grantees(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    def judge(grant: tuple[Node, Node]) -> Iterator[Finding]:
        who = grant[1].text() or ""
        known = _AGENT.fullmatch(who) or tokens.is_wandb(who) or tokens.is_listed(who, settings.principals)
        if not known and who not in tokens.EVERYBODY:
            yield violation(grant[1].path, "is neither a Cloud Storage service agent nor one that you list")

    yield from each(tokens.grants(one), judge)


def _width(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    def judge(grant: tuple[Node, Node]) -> Iterator[Finding]:
        role, member = grant
        if role.text() in _USES or tokens.is_listed(member.text() or "", settings.principals):
            return
        yield violation(role.path, "is more than the right to encrypt and decrypt")

    yield from each(tokens.grants(one), judge)


def _signer(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if not one.ours:
        yield not_applicable("the member is not one of a component of byob-components")
        return
    account, role, member = (one.inputs.at(name) for name in ("serviceAccountId", "role", "member"))
    if role.text() != GCP_SIGNER_ROLE:
        yield violation(role.path, "is not the one role that signing takes")
    if (member.text() or "?") != f"serviceAccount:{(account.text() or '').rpartition('/')[2]}":
        yield violation(member.path, "is not the account itself: whoever it is may act as W&B's server")


def _agent(bucket: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    name = bucket.inputs.at("encryption", "defaultKmsKeyName")
    if bucket.external or name.value is None:
        yield not_applicable("no key is declared" if not bucket.external else "the bucket is not managed here")
        return
    key = _key(bucket, stack, name)
    undecided: Node | None = None
    for one in stack.of(tokens.KEY_GRANTS):
        link = stack.owner(one, "cryptoKeyId", tokens.KEY, "id")
        own = key is not None and link.certain and link.found[0] is key
        if not own and not (name.known and one.inputs.at("cryptoKeyId").value == name.value):
            continue
        for role, member in tokens.grants(one):
            if not role.known or not member.known:
                undecided = role if not role.known else member
            elif role.text() == GCP_KEY_ROLE and _AGENT.fullmatch(member.text() or ""):
                return
    if undecided is not None:
        yield unknown(undecided.path)
    elif key is None:
        yield unknown(
            name.path, "names a key that is not managed here: whether Cloud Storage may use it shows `pulumi up`"
        )
    else:
        yield violation(name.path, "names a key that the Cloud Storage service agent may not use")


def _used(key: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if _STORES_KEY not in key.urn:
        yield not_applicable("it is not the key that a GcpByob makes for its bucket")
        return
    open_: Node | None = None
    for bucket in stack.of(tokens.BUCKET):
        name = bucket.inputs.at("encryption", "defaultKmsKeyName")
        if name.value is not None and _key(bucket, stack, name) is key:
            return
        open_ = open_ if name.known else name
    if open_ is not None:
        yield unknown(open_.path)
    else:
        yield violation("", "encrypts no bucket of the stack: its store takes Google's keys, or another one's")


def _key(bucket: Resource, stack: Stack, name: Node) -> Resource | None:
    urns = set(bucket.links.get("encryption", ()))
    sources = [key for key in stack.of(tokens.KEY) if key.urn in urns]
    if len(sources) == 1:
        return sources[0]
    named = [key for key in stack.of(tokens.KEY) if name.known and key.outputs.at("id").value == name.value]
    return named[0] if len(named) == 1 else None


def _rule(name: str, number: int, check: Any, severity: Severity, **more: Any) -> Rule:
    return Rule(name=f"byob-gcp-key-{name}", code=f"BYOB-POL-GCP-{number:03}", check=check, severity=severity, **more)


RULES: tuple[Rule, ...] = (
    _rule(
        "rotation",
        40,
        _rotation,
        Severity.MEDIUM,
        types=tokens.KEY,
        frameworks=(ccc("CCC.Core.CN11"), cis_gcp("1.11")),
        title="A Cloud KMS key is rotated every 90 days or more often.",
        why="An old key that leaked would open everything that was ever written.",
        fix="set rotationPeriod to '7776000s' or less",
    ),
    _rule(
        "destroy-window",
        41,
        _window,
        Severity.CRITICAL,
        types=tokens.KEY,
        frameworks=(ccc("CCC.Core.CN11"),),
        title="The destruction of a Cloud KMS key leaves time to restore it.",
        why="When the window is over, every object that the key encrypts is unreadable for ever.",
        fix="leave destroyScheduledDuration out, or set it to '2592000s' or more; it can never be changed later",
        minimum_days=30,
    ),
    _rule(
        "enabled",
        42,
        _lives,
        Severity.CRITICAL,
        types=(*tokens.KEY, *tokens.KEY_VERSION),
        frameworks=(ccc("CCC.Core.CN11"),),
        title="The versions of a Cloud KMS key are enabled.",
        why="Without the version nobody can read what it encrypts, W&B and you alike.",
        fix="enable the version, or restore it while its destruction is scheduled",
    ),
    _rule(
        "protect",
        43,
        _protect,
        Severity.CRITICAL,
        types=(*tokens.KEY, *tokens.KEY_RING),
        frameworks=(ccc("CCC.Core.CN11"),),
        title="A Cloud KMS key and its ring are protected.",
        why="A key that goes with its lines takes the data of its bucket with it.",
        fix="give it the resource option protect; retain_on_delete is invisible to a policy pack and does not count",
    ),
    _rule(
        "wildcard-principal",
        44,
        _wildcard,
        Severity.CRITICAL,
        types=tokens.KEY_GRANTS,
        frameworks=(ccc("CCC.Core.CN11"), cis_gcp("1.10")),
        title="No grant on a Cloud KMS key goes to everybody.",
        why="Everybody with a Google account could use the key.",
        fix="name the members",
    ),
    _rule(
        "wandb",
        45,
        _wandb,
        Severity.HIGH,
        types=tokens.KEY_GRANTS,
        frameworks=(ccc("CCC.Core.CN11"),),
        title="W&B holds no right on a Cloud KMS key.",
        why="Google encrypts with the project's own service agent; a right of W&B's on the key is of no use but to misuse it.",
        fix="drop the member; the key belongs to the Cloud Storage service agent",
    ),
    _rule(
        "agent",
        46,
        _agent,
        Severity.HIGH,
        types=tokens.BUCKET,
        frameworks=(ccc("CCC.ObjStor.CN01"),),
        title="Cloud Storage may use the key of a bucket.",
        why="Without the service agent's right every read and upload of W&B fails at the key.",
        fix="grant roles/cloudkms.cryptoKeyEncrypterDecrypter on the key to the project's Cloud Storage service agent",
        stack=True,
    ),
    _rule(
        "grant-principals",
        47,
        _grantees,
        Severity.HIGH,
        types=tokens.KEY_GRANTS,
        frameworks=(ccc("CCC.Core.CN11"),),
        title="Only the Cloud Storage service agent, and those that you list, hold rights on a Cloud KMS key.",
        why="Who may use the key can decrypt what it gets hold of.",
        fix="drop the member; or, when it is yours, list it in this rule's `principals`",
        principals="Members, with or without `serviceAccount:`, that may hold rights on a key.",
    ),
    _rule(
        "grant-width",
        48,
        _width,
        Severity.HIGH,
        types=tokens.KEY_GRANTS,
        frameworks=(ccc("CCC.Core.CN11"),),
        title="A grant on a Cloud KMS key is the right to encrypt and decrypt, and no more.",
        why="A wider role may disable the key, destroy its versions or say who may use it.",
        fix="grant roles/cloudkms.cryptoKeyEncrypterDecrypter; give what your own people need to members that you list",
        principals="Members of your own, whose roles this rule does not judge.",
    ),
    _rule(
        "used",
        49,
        _used,
        Severity.HIGH,
        types=tokens.KEY,
        frameworks=(ccc("CCC.ObjStor.CN01"), ccc("CCC.Core.CN11")),
        title="The Cloud KMS key of a store encrypts its bucket.",
        why="With another key, or with Google's own, the store is encrypted by what nobody chose, and whoever rules that key rules the data.",
        fix="take off the transformation that changes the bucket's encryption, or set encryption to what is meant",
        stack=True,
    ),
    Rule(
        name="byob-gcp-signer",
        code="BYOB-POL-GCP-050",
        title="The service account of a W&B server signs URLs as itself only.",
        why="Who may make tokens of the account is the W&B server, for every bucket that lets it in.",
        fix="grant roles/iam.serviceAccountTokenCreator on the account to the account itself, and to nobody else",
        types=("gcp:serviceaccount/iAMMember:IAMMember",),
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_signer,
    ),
)
