"""The storage account and its containers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from byob_components.policies.azure import tokens
from byob_components.policies.finding import Finding, not_applicable, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_azure
from byob_components.policies.view import Resource, Stack

_TLS = ("TLS1_2", "TLS1_3")


def _https(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("enableHttpsTrafficOnly").flag() is False:
        yield violation("enableHttpsTrafficOnly", "is false: the account answers plain HTTP")


def _tls(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("minimumTlsVersion").text() not in _TLS:
        yield violation("minimumTlsVersion", "is not 'TLS1_2' or newer")


def _public(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.type in tokens.CONTAINER:
        if one.inputs.at("publicAccess").text() not in ("None", None, ""):
            yield violation("publicAccess", "is not 'None': strangers can read")
    elif one.inputs.at("allowBlobPublicAccess").flag() is not False:
        yield violation("allowBlobPublicAccess", "is not false: a container may be opened to strangers")


def _close(one: Resource, _: Settings) -> Mapping[tuple[str, ...], Any]:
    if one.type in tokens.CONTAINER or one.inputs.at("allowBlobPublicAccess").flag() is False:
        return {}
    return {("allowBlobPublicAccess",): False}


def _tenants(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    # An account made before December 2023 allows it unless told otherwise (Azure's page on cross-tenant replication).
    if one.inputs.at("allowCrossTenantReplication").flag() is not False:
        yield violation("allowCrossTenantReplication", "is not false: objects may be copied into another tenant")


def _encryption(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    encryption = one.inputs.at("encryption")
    if (encryption.at("keySource").text() or "").lower() != "microsoft.keyvault":
        yield not_applicable("no key is declared: Microsoft manages the keys, as W&B's page has it")
        return
    for names in (("keyName",), ("keyVaultUri",)):
        node = encryption.at("keyVaultProperties", *names)
        if node.known and not node.text():
            yield violation(node.path, "is missing, and the key is said to be in a vault")
    identity = encryption.at("encryptionIdentity", "encryptionUserAssignedIdentity")
    system = "systemassigned" in (one.inputs.at("identity", "type").text() or "").lower()
    if identity.known and not identity.text() and not system:
        yield violation(identity.path, "is missing: nobody could read the key")


def _protect(one: Resource, _: Stack, __: Settings) -> Iterable[Finding]:
    return [] if one.protect else [violation("protect", "is off: the engine would delete it with its lines")]


def _shared_key(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("allowSharedKeyAccess").flag() is not False:
        yield violation("allowSharedKeyAccess", "is not false: the account keys open the whole account")
    if one.inputs.at("isLocalUserEnabled").flag() is not False:
        yield violation("isLocalUserEnabled", "is not false: local users may come in with keys of their own")


def _network(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("publicNetworkAccess").text() == "Disabled":
        yield violation("publicNetworkAccess", "is 'Disabled': W&B and its users' browsers come from outside")
    if one.inputs.at("networkRuleSet", "defaultAction").text() == "Deny":
        yield violation("networkRuleSet.defaultAction", "is 'Deny': only the networks that the rules name come in")


def _held(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.type in tokens.IMMUTABILITY:
        yield violation(
            "immutabilityPeriodSinceCreationInDays",
            "holds every blob of the container: W&B can neither overwrite nor delete",
        )
    elif one.inputs.at("immutableStorageWithVersioning", "enabled").flag() is True:
        yield violation("immutableStorageWithVersioning.enabled", "holds blobs: W&B can neither overwrite nor delete")


def azure_rule(
    name: str,
    number: int,
    check: Any,
    severity: Severity,
    frameworks: Any,
    title: str,
    why: str,
    fix: str,
    types: tuple[str, ...],
    **more: Any,
) -> Rule:
    """A rule of Azure.

    Args:
        name: What follows `byob-azure-`.
        number: Of its code.
        check: See Rule, as for the rest.
        severity: See Rule.
        frameworks: See Rule.
        title: See Rule.
        why: See Rule.
        fix: See Rule.
        types: See Rule.
        more: Other fields.
    """
    code = f"BYOB-POL-AZURE-{number:03}"
    return Rule(
        name=f"byob-azure-{name}", code=code, check=check, severity=severity, frameworks=frameworks, title=title, why=why,
        fix=fix, types=types, **more,
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    azure_rule("account-https", 1, _https, Severity.HIGH, (ccc("CCC.Core.CN01"), cis_azure("9.3.4")),
        "A storage account answers HTTPS only.",
        "Run files and signed URLs, which anybody can use who reads them, would travel in the open.",
        "leave enableHttpsTrafficOnly out, or set it to true", tokens.ACCOUNT),
    azure_rule("account-tls-version", 2, _tls, Severity.MEDIUM, (ccc("CCC.Core.CN01"), cis_azure("9.3.6")),
        "A storage account wants TLS 1.2 or newer.", "Older versions of TLS can be broken.",
        "set minimumTlsVersion to 'TLS1_2'", tokens.ACCOUNT),
    azure_rule("public-access", 3, _public, Severity.CRITICAL, (ccc("CCC.Core.CN05"), cis_azure("9.3.8")),
        "Neither a storage account nor a container lets strangers read.",
        "Everybody who knows or guesses a name could read what lies there.",
        "set allowBlobPublicAccess to false, and publicAccess of containers to 'None'",
        (*tokens.ACCOUNT, *tokens.CONTAINER), remedy=_close),
    azure_rule("account-cross-tenant", 4, _tenants, Severity.HIGH, (ccc("CCC.Core.CN10"), cis_azure("9.3.7")),
        "A storage account is not replicated into other tenants.",
        "A copy outside of your tenant is outside of your control.",
        "set allowCrossTenantReplication to false", tokens.ACCOUNT),
    azure_rule("account-encryption", 5, _encryption, Severity.HIGH, (ccc("CCC.ObjStor.CN01"), ccc("CCC.Core.CN02")),
        "Declared encryption of a storage account names a key, a vault and who reads it.",
        "Without them Azure refuses the account, or encrypts with another key than the one that was meant.",
        "name key, vault and identity, or leave encryption out", tokens.ACCOUNT),
    azure_rule("protect", 6, _protect, Severity.CRITICAL, (ccc("CCC.ObjStor.CN03"),),
        "A storage account and its containers are protected.",
        "A team's storage can never change in W&B: a container that is deleted takes the team's work with it.",
        "give it the resource option protect; retain_on_delete is invisible to a policy pack and does not count",
        (*tokens.ACCOUNT, *tokens.CONTAINER)),
    azure_rule("immutability", 7, _held, Severity.HIGH, (ccc("CCC.ObjStor.CN04"),),
        "No immutability policy keeps W&B from changing blobs.",
        "Under such a policy W&B's overwrites and deletes are refused.",
        "drop the policy; versions and soft delete protect what was deleted",
        (*tokens.ACCOUNT, *tokens.CONTAINER, *tokens.IMMUTABILITY)),
    azure_rule("account-shared-key", 8, _shared_key, Severity.MEDIUM, (ccc("CCC.Core.CN05"), cis_azure("9.3.1.3")),
        "A storage account takes neither account keys nor local users.",
        "Who holds a key opens the whole account; W&B's connector for teams needs them, a keyless store does not.",
        "set mode to 'keyless' where W&B offers it, and allowSharedKeyAccess and isLocalUserEnabled to false", tokens.ACCOUNT,
        level=Level.ADVISORY),
    azure_rule("account-network", 9, _network, Severity.MEDIUM, (),
        "No network rule cuts W&B or its users' browsers off from a storage account.",
        "Signed URLs are used from browsers anywhere, and W&B reads the account from its own network.",
        "let the networks of W&B and of every user through, or drop the rule", tokens.ACCOUNT, level=Level.ADVISORY),
)  # fmt: skip
