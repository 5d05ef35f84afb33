"""The vault and key that encrypt a storage account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from byob_components.policies.azure import tokens
from byob_components.policies.azure.account import azure_rule
from byob_components.policies.finding import Finding, not_applicable, unknown, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_azure
from byob_components.policies.tree import Node
from byob_components.policies.view import Resource, Stack

_ROTATION_DAYS = 365
"""CCC.Core.CN11.AR05."""
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
"""A duration of ISO 8601, as Key Vault writes it."""
_DOORS = ("enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment")
"""By which virtual machines, disk encryption and deployments get at what a vault holds."""
_STORES_KEY = "wandb-byob:index:AzureByob$wandb-byob:index:AzureKey$"


def _purge(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    vault = one.inputs.at("properties")
    if vault.at("enablePurgeProtection").flag() is not True:
        yield violation("properties.enablePurgeProtection", "is not true: a deleted key can be purged at once")
    if vault.at("enableSoftDelete").flag() is False:
        yield violation("properties.enableSoftDelete", "is false: a deleted key is gone")
    days = vault.at("softDeleteRetentionInDays").number()
    if days is not None and days < settings.minimum_days:
        yield violation("properties.softDeleteRetentionInDays", f"is below {settings.minimum_days} days")


def _rbac(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("properties", "enableRbacAuthorization").flag() is not True:
        yield violation(
            "properties.enableRbacAuthorization", "is not true: access policies of the vault say who may use keys"
        )
    for name in _DOORS:
        if one.inputs.at("properties", name).flag() is True:
            yield violation(f"properties.{name}", "is true: Azure's own services come in beside the roles")


def _network(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    vault = one.inputs.at("properties")
    default, bypass = vault.at("networkAcls", "defaultAction"), vault.at("networkAcls", "bypass")
    if vault.at("publicNetworkAccess").text() != "Disabled" and default.text() != "Deny":
        yield violation("properties.networkAcls.defaultAction", "is not 'Deny': every network reaches the vault")
    if bypass.text() == "None":
        yield violation(
            "properties.networkAcls.bypass", "is 'None': the storage account, a trusted service, cannot reach its key"
        )


def _rotation(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    actions = one.inputs.at("properties", "rotationPolicy", "lifetimeActions").items()
    rotating = [action for action in actions if (action.at("action", "type").text() or "").lower() == "rotate"]
    if not any(_in_time(action.at("trigger")) for action in rotating):
        what = "has no action that rotates the key" + (f" within {_ROTATION_DAYS} days" if rotating else "")
        yield violation("properties.rotationPolicy.lifetimeActions", what)


def _in_time(trigger: Node) -> bool:
    """Whether a key is rotated often enough; what is counted back from its end, its end decides."""
    if trigger.at("timeBeforeExpiry").text():
        return True
    found = _DURATION.fullmatch(trigger.at("timeAfterCreate").text() or "")
    numbers = [int(number or 0) for number in found.groups()] if found else []
    return 0 < sum(number * days for number, days in zip(numbers, (365, 30, 7, 1), strict=False)) <= _ROTATION_DAYS


def _lives(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    attributes = one.inputs.at("properties", "attributes")
    if attributes.at("enabled").flag() is False:
        yield violation("properties.attributes.enabled", "is false: nobody can read or write what the key encrypts")
    if attributes.at("exp").number():
        yield violation(
            "properties.attributes.exp", "ends the key on a date: after it nobody can read what it encrypts"
        )


def _protect(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if not one.protect:
        yield violation("protect", "is off: the engine would delete it with its lines")


def _reader(account: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    """The identity that encrypts must hold the role on the key."""
    encryption = account.inputs.at("encryption")
    if account.external or (encryption.at("keySource").text() or "").lower() != "microsoft.keyvault":
        yield not_applicable("no key is declared, or the account is not managed here")
        return
    sources = {*account.links.get("encryption", ()), *account.links.get("identity", ())}
    keys = [key for key in stack.of(tokens.KEY) if key.urn in sources]
    if not keys:
        yield unknown(
            "encryption.keyVaultProperties",
            "names a key that is not managed here: whether Azure may read it shows `pulumi up`",
        )
        return
    for one in stack.of(tokens.ASSIGNMENT):
        right = tokens.role_of(one.inputs.at("roleDefinitionId").text() or "") == tokens.KEY_ROLE
        if right and set(one.links.get("principalId", ())) & sources and any(_reaches(one, key) for key in keys):
            return
    yield violation("encryption.encryptionIdentity", "names an identity that holds no role on the key")


def _reaches(assignment: Resource, key: Resource) -> bool:
    """Whether an assignment holds for a key: on it, on its vault or on what they lie in."""
    if {key.urn, *key.links.get("vaultName", ())} & set(assignment.links.get("scope", ())):
        return True
    scope, id_ = assignment.inputs.at("scope").text(), key.outputs.at("id").value
    return bool(scope) and isinstance(id_, str) and f"{id_}/".lower().startswith(f"{scope}/".lower())


def _used(key: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if _STORES_KEY not in key.urn:
        yield not_applicable("it is not the key that an AzureByob makes for its account")
        return
    open_: Node | None = None
    for account in stack.of(tokens.ACCOUNT):
        source = account.inputs.at("encryption", "keySource")
        if not source.known:
            open_ = source
        elif (source.text() or "").lower() == "microsoft.keyvault" and key.urn in account.links.get("encryption", ()):
            return
    if open_ is not None:
        yield unknown(open_.path)
    else:
        yield violation("", "encrypts no account of the stack: its store takes Microsoft's keys, or another one's")


RULES: tuple[Rule, ...] = (
    azure_rule("vault-purge-protection", 50, _purge, Severity.CRITICAL, (ccc("CCC.Core.CN11"), cis_azure("8.3.5")),
        "A vault keeps deleted keys for 30 days or more, and nobody can purge them.",
        "Without the key nobody can read or write the container, W&B and you alike.",
        "set enablePurgeProtection to true, and leave softDeleteRetentionInDays at 90", tokens.VAULT, minimum_days=30),
    azure_rule("vault-rbac", 51, _rbac, Severity.MEDIUM, (ccc("CCC.Core.CN11"), cis_azure("8.3.6")),
        "Roles say who may use the keys of a vault.",
        "Access policies hold for every key of the vault, and who may change the vault may change them.",
        "set enableRbacAuthorization to true and the enabledFor… flags to false, and assign roles on single keys", tokens.VAULT, level=Level.ADVISORY),
    azure_rule("key-rotation", 52, _rotation, Severity.MEDIUM, (ccc("CCC.Core.CN11"), cis_azure("8.3.9")),
        "A key of a vault is rotated by a policy, once a year or more often.", "An old key that leaked would open everything that was ever written.",
        "add a rotationPolicy with the action 'rotate' and timeAfterCreate 'P365D' or less", tokens.KEY),
    azure_rule("key-enabled", 53, _lives, Severity.CRITICAL, (ccc("CCC.Core.CN11"),),
        "A key of a vault is enabled and does not expire.",
        "Without the key nobody can read or write the container; a rotation policy renews it without an end.",
        "enable the key, and leave exp out", tokens.KEY),
    azure_rule("key-protect", 54, _protect, Severity.CRITICAL, (ccc("CCC.Core.CN11"),),
        "A vault and its keys are protected.", "A key that goes with its lines takes the data of its container with it.",
        "give it the resource option protect; retain_on_delete is invisible to a policy pack and does not count",
        (*tokens.VAULT, *tokens.KEY)),
    azure_rule("key-reader", 55, _reader, Severity.HIGH, (ccc("CCC.ObjStor.CN01"),),
        "The identity by which an account encrypts may use its key.",
        "Without the role every read and upload of W&B fails at the key.",
        "assign Key Vault Crypto Service Encryption User on the key to the account's identity", tokens.ACCOUNT, stack=True),
    azure_rule("key-used", 56, _used, Severity.HIGH, (ccc("CCC.ObjStor.CN01"), ccc("CCC.Core.CN11")),
        "The key of a store encrypts its account.",
        "With another key, or Microsoft's own, nobody chose what encrypts the store, and whoever rules that key rules the data.",
        "take off the transformation that changes the account's encryption, or set encryption to what is meant", tokens.KEY,
        stack=True),
    azure_rule("vault-network", 57, _network, Severity.MEDIUM, (ccc("CCC.Core.CN05"), cis_azure("8.3.7")),
        "The network of a vault is closed to all but Azure's trusted services.",
        "Whoever gets hold of a right on the key can use it from anywhere; without the trusted services nobody reads the container.",
        "set networkAcls to defaultAction 'Deny' and bypass 'AzureServices'", tokens.VAULT, level=Level.ADVISORY),
)  # fmt: skip
