"""W&B's roles on storage, and the vault and key that encrypt it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from byob_components.policies.azure import tokens
from byob_components.policies.azure.account import azure_rule
from byob_components.policies.finding import Finding, not_applicable, unknown, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_azure
from byob_components.policies.view import Resource, Stack
from byob_components.wandb import access as wandb_access

_DOCUMENTED = frozenset(
    tokens.ROLES[name]
    for name in (
        *wandb_access.AZURE_CONNECTOR_ROLES,
        *wandb_access.AZURE_KEYLESS_ROLES,
        *wandb_access.AZURE_MINIMAL_ACCOUNT_ROLES,
        *wandb_access.AZURE_MINIMAL_CONTAINER_ROLES,
    )
)
_KEY_ROLE = tokens.ROLES["Key Vault Crypto Service Encryption User"]
_STORAGE = "/providers/microsoft.storage/storageaccounts/"


def _width(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    if _STORAGE not in f"{(one.inputs.at('scope').text() or '').lower()}/":
        yield not_applicable("the assignment is not on a storage account")
        return
    who = one.inputs.at("principalId").text() or ""
    if any(fnmatchcase(who, listed) for listed in settings.principals):
        yield not_applicable("its principal is listed")
        return
    role = one.inputs.at("roleDefinitionId")
    if tokens.role_of(role.text() or "") not in _DOCUMENTED:
        yield violation(role.path, "is none of the roles that W&B documents")


def _owner(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if _STORAGE not in f"{(one.inputs.at('scope').text() or '').lower()}/":
        yield not_applicable("the assignment is not on a storage account")
    elif tokens.role_of(one.inputs.at("roleDefinitionId").text() or "") == tokens.ROLES["Storage Account Contributor"]:
        yield violation("roleDefinitionId", "may read the account keys, change the account and delete it")


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


def _rotation(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    actions = one.inputs.at("properties", "rotationPolicy", "lifetimeActions").items()
    if not any((action.at("action", "type").text() or "").lower() == "rotate" for action in actions):
        yield violation("properties.rotationPolicy.lifetimeActions", "has no action that rotates the key")


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
        right = tokens.role_of(one.inputs.at("roleDefinitionId").text() or "") == _KEY_ROLE
        if right and set(one.links.get("principalId", ())) & sources:
            return
    yield violation("encryption.encryptionIdentity", "names an identity that holds no role on the key")


RULES: tuple[Rule, ...] = (
    azure_rule("grant-width", 40, _width, Severity.HIGH, (ccc("CCC.Core.CN05"),),
        "A role assignment on storage is one that W&B documents.",
        "A wider role lets W&B do what nobody has read; which identity is W&B's, only you know on Azure.",
        "assign the roles of W&B's page for your mode, or list the principal when it is yours", tokens.ASSIGNMENT,
        principals="Object ids of your own, whose roles this rule does not judge."),
    azure_rule("account-contributor", 41, _owner, Severity.MEDIUM, (ccc("CCC.Core.CN05"),),
        "W&B holds less than Storage Account Contributor.",
        "The role, documented for teams, reads the account keys, which open everything, and may delete the account.",
        "set mode to 'keyless' where W&B offers it", tokens.ASSIGNMENT, level=Level.ADVISORY),
    azure_rule("vault-purge-protection", 50, _purge, Severity.CRITICAL, (ccc("CCC.Core.CN11"), cis_azure("8.3.5")),
        "A vault keeps deleted keys for 30 days or more, and nobody can purge them.",
        "Without the key nobody can read or write the container, W&B and you alike.",
        "set enablePurgeProtection to true, and leave softDeleteRetentionInDays at 90", tokens.VAULT, minimum_days=30),
    azure_rule("vault-rbac", 51, _rbac, Severity.MEDIUM, (ccc("CCC.Core.CN11"), cis_azure("8.3.6")),
        "Roles say who may use the keys of a vault.",
        "Access policies hold for every key of the vault, and who may change the vault may change them.",
        "set enableRbacAuthorization to true, and assign roles on single keys", tokens.VAULT, level=Level.ADVISORY),
    azure_rule("key-rotation", 52, _rotation, Severity.MEDIUM, (ccc("CCC.Core.CN11"), cis_azure("8.3.9")),
        "A key of a vault is rotated by a policy.", "An old key that leaked would open everything that was ever written.",
        "add a rotationPolicy with the action 'rotate'", tokens.KEY),
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
)  # fmt: skip
