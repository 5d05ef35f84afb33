"""The bucket, which on Google Cloud holds nearly all of its settings itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from byob_components.policies.finding import Finding, each, not_applicable, violation
from byob_components.policies.gcp import tokens
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_gcp
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack

_DAY = 86400
_PUBLIC_ACLS = ("publicRead", "publicReadWrite", "authenticatedRead")


def _versioning(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("versioning", "enabled").flag() is not True:
        yield violation("versioning.enabled", "is not true")


def _enable(one: Resource, _: Settings) -> Mapping[tuple[str, ...], Any]:
    return {} if one.inputs.at("versioning", "enabled").flag() is True else {("versioning", "enabled"): True}


def _soft_delete(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    seconds = one.inputs.at("softDeletePolicy", "retentionDurationSeconds").number()
    if seconds is None or seconds < settings.minimum_days * _DAY:
        yield violation("softDeletePolicy.retentionDurationSeconds", f"is below {settings.minimum_days} days")


def _keep(one: Resource, settings: Settings) -> Mapping[tuple[str, ...], Any]:
    seconds = one.inputs.at("softDeletePolicy", "retentionDurationSeconds").number()
    wanted = settings.minimum_days * _DAY
    short = seconds is None or seconds < wanted
    return {("softDeletePolicy", "retentionDurationSeconds"): wanted} if short else {}


def _public_access(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("publicAccessPrevention").text() != "enforced":
        yield violation("publicAccessPrevention", "is not 'enforced'")


def _prevent(one: Resource, _: Settings) -> Mapping[tuple[str, ...], Any]:
    enforced = one.inputs.at("publicAccessPrevention").text() == "enforced"
    return {} if enforced else {("publicAccessPrevention",): "enforced"}


def _uniform(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("uniformBucketLevelAccess").flag() is not True:
        yield violation("uniformBucketLevelAccess", "is not true: access control lists are in force")


def _acl(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    inputs = one.inputs
    if inputs.at("predefinedAcl").text() in _PUBLIC_ACLS:
        yield violation("predefinedAcl", "lets strangers in")
    named = [inputs.at("entity"), *inputs.at("roleEntities").items()]

    def judge(entity: Node) -> Iterator[Finding]:
        if (entity.text() or "").rpartition(":")[2] in tokens.EVERYBODY:
            yield violation(entity.path, "names everybody, or everybody with a Google account")

    yield from each(named, judge)


def _encryption(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    encryption, key = one.inputs.at("encryption"), one.inputs.at("encryption", "defaultKmsKeyName")
    if not encryption.present:
        yield not_applicable("no key is declared: Google manages the keys, as W&B's page has it")
    elif key.known and not key.text():
        yield violation(key.path, "is missing, and encryption is declared")


def _protect(one: Resource, _: Stack, __: Settings) -> Iterable[Finding]:
    return [] if one.protect else [violation("protect", "is off: the engine would delete it with its lines")]


def _force_destroy(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("forceDestroy").flag() is True:
        yield violation("forceDestroy", "is on: destroying the bucket deletes every object in it")


def _retention(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("retentionPolicy").present:
        yield violation("retentionPolicy", "holds every object: W&B can neither overwrite nor delete")
    if one.inputs.at("defaultEventBasedHold").flag() is True:
        yield violation("defaultEventBasedHold", "holds every new object: W&B can neither overwrite nor delete")


def _payer(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("requesterPays").flag() is True:
        yield violation("requesterPays", "is on: Google refuses W&B's presigned URLs, which name no project that pays")


def _network(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("ipFilter", "mode").text() == "Enabled":
        yield violation(
            "ipFilter.mode",
            "is 'Enabled': presigned URLs are used from browsers anywhere, and W&B from its own network",
        )


def _log(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if not one.inputs.at("logging").present:
        yield violation("logging", "is not declared")


def gcp_rule(
    name: str,
    number: int,
    check: Any,
    severity: Severity,
    frameworks: Any,
    title: str,
    why: str,
    fix: str,
    **more: Any,
) -> Rule:
    """A rule on buckets.

    Args:
        name: What follows `byob-gcp-bucket-`.
        number: Of its code.
        check: See Rule, as for the rest.
        severity: See Rule.
        frameworks: See Rule.
        title: See Rule.
        why: See Rule.
        fix: See Rule.
        more: Other fields; `types` is the bucket's unless given.
    """
    types = more.pop("types", tokens.BUCKET)
    return Rule(
        name=f"byob-gcp-bucket-{name}",
        code=f"BYOB-POL-GCP-{number:03}",
        check=check,
        severity=severity,
        frameworks=frameworks,
        title=title,
        why=why,
        fix=fix,
        types=types,
        **more,
    )


RULES: tuple[Rule, ...] = (
    gcp_rule(
        "versioning",
        1,
        _versioning,
        Severity.CRITICAL,
        (ccc("CCC.ObjStor.CN05"),),
        "A Cloud Storage bucket keeps versions.",
        "What W&B or a person overwrites or deletes is gone when soft delete is over, and W&B blocks its artifact clean-up.",
        "set versioning.enabled to true",
        remedy=_enable,
    ),
    gcp_rule(
        "soft-delete",
        2,
        _soft_delete,
        Severity.CRITICAL,
        (ccc("CCC.ObjStor.CN03"),),
        "A Cloud Storage bucket declares soft delete, for 7 days or more.",
        "W&B's server refuses a bucket without, and what was deleted for good can be restored for that long only.",
        "set softDeletePolicy.retentionDurationSeconds to 604800 or more",
        remedy=_keep,
        minimum_days=7,
    ),
    gcp_rule(
        "public-access",
        3,
        _public_access,
        Severity.CRITICAL,
        (ccc("CCC.Core.CN05"), cis_gcp("5.1")),
        "A Cloud Storage bucket prevents public access.",
        "One mistaken grant would open the bucket to everybody.",
        "set publicAccessPrevention to 'enforced'",
        remedy=_prevent,
    ),
    gcp_rule(
        "uniform-access",
        4,
        _uniform,
        Severity.HIGH,
        (ccc("CCC.ObjStor.CN02"), cis_gcp("5.2")),
        "A Cloud Storage bucket has uniform bucket-level access.",
        "Lists on single objects could grant what the bucket's policy does not.",
        "set uniformBucketLevelAccess to true",
    ),
    gcp_rule(
        "acl",
        5,
        _acl,
        Severity.CRITICAL,
        (ccc("CCC.ObjStor.CN02"), cis_gcp("5.1")),
        "No access control list of Cloud Storage lets strangers in.",
        "A public list opens the bucket or its objects to everybody.",
        "drop the list; grants on the bucket say who may come in",
        types=tokens.ACLS,
    ),
    gcp_rule(
        "encryption",
        6,
        _encryption,
        Severity.HIGH,
        (ccc("CCC.ObjStor.CN01"), ccc("CCC.Core.CN02")),
        "Declared encryption of a Cloud Storage bucket names a key.",
        "Without the key's name Google's own keys are used, and nobody can tell whether that was meant.",
        "name the key in encryption.defaultKmsKeyName, or leave encryption out",
    ),
    gcp_rule(
        "protect",
        7,
        _protect,
        Severity.CRITICAL,
        (ccc("CCC.ObjStor.CN03"),),
        "A Cloud Storage bucket is protected.",
        "A team's storage can never change in W&B: a bucket that is deleted takes the team's work with it.",
        "give the bucket the resource option protect; retain_on_delete is invisible to a policy pack and does not count",
    ),
    gcp_rule(
        "force-destroy",
        8,
        _force_destroy,
        Severity.CRITICAL,
        (ccc("CCC.ObjStor.CN03"),),
        "No Cloud Storage bucket is destroyed with its objects.",
        "With forceDestroy, one `pulumi destroy` deletes every object and version.",
        "leave forceDestroy out",
    ),
    gcp_rule(
        "retention",
        9,
        _retention,
        Severity.HIGH,
        (ccc("CCC.ObjStor.CN04"),),
        "No retention policy or hold keeps W&B from changing objects.",
        "Under a retention policy or a default hold W&B's overwrites and deletes are refused.",
        "drop the retention policy and the hold; versions and soft delete protect what was deleted",
    ),
    gcp_rule(
        "requester-pays",
        10,
        _payer,
        Severity.HIGH,
        (),
        "The project of a Cloud Storage bucket pays for requests.",
        "Google refuses every request that names no project that pays, and W&B's presigned URLs do not.",
        "leave requesterPays out",
    ),
    gcp_rule(
        "network",
        11,
        _network,
        Severity.MEDIUM,
        (),
        "No IP filter cuts W&B or its users' browsers off.",
        "Presigned URLs are used from browsers anywhere, and W&B reads the bucket from its own network.",
        "drop the filter, or let the networks of W&B and of every user through",
        level=Level.ADVISORY,
    ),
    gcp_rule(
        "access-log",
        12,
        _log,
        Severity.MEDIUM,
        (ccc("CCC.ObjStor.CN06"),),
        "A Cloud Storage bucket keeps an access log.",
        "Without one nobody can tell afterwards who read what.",
        "set logging to a bucket for logs, or use data access audit logs and disable this rule",
        level=Level.ADVISORY,
    ),
)
