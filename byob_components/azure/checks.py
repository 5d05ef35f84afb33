"""What Azure accepts: one check a value, used at construction and, for values known later, inside `apply`."""

import re
from collections.abc import Mapping
from typing import Any

from byob_components.azure import naming
from byob_components.errors import Check, Fault, shown
from byob_components.limits import between
from byob_components.store import STORE_TAG
from byob_components.wandb import azure_identity, cors, names, principal
from byob_components.wandb.deployment import Cloud

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LOCATION = re.compile(r"[A-Za-z]+( ?[A-Za-z0-9]+)*")
_GROUP = re.compile(r"[\w.()-]{0,89}[\w()-]")
_KEY_ID = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?/keys/[0-9A-Za-z-]{1,127}")
_IN_GROUP = rf"/subscriptions/{_UUID}/resourceGroups/[^/]{{1,90}}/providers/"
_SCOPES = {
    "account": ("Microsoft.Storage/storageAccounts", "[a-z0-9]{3,24}"),
    "identity": ("Microsoft.ManagedIdentity/userAssignedIdentities", r"[\w-]{3,128}"),
    "workspace": ("Microsoft.OperationalInsights/workspaces", "[A-Za-z0-9-]{4,63}"),
}
_MOST_TAGS = 49


def uuid(value: str, where: str) -> list[Fault]:
    if re.fullmatch(_UUID, value):
        return []
    return [
        Fault(
            "BYOB-AZURE-001",
            where,
            "is not an id as Azure gives it",
            value,
            "a UUID, for example 11111111-2222-3333-4444-555555555555",
            "give the id, not the name: `az account show`, `az identity show`",
        )
    ]


def location(value: str, where: str) -> list[Fault]:
    if _LOCATION.fullmatch(value) and value.lower() != "global":
        return []
    return [
        Fault(
            "BYOB-AZURE-002",
            where,
            "is not a region of Azure",
            value,
            "a region such as 'westeurope' or 'West Europe'",
            "take a name from `az account list-locations`; no zone",
        )
    ]


def place(value: str) -> str:
    """A region as Azure itself writes it.

    Args:
        value: Either spelling, for example `West Europe`.
    """
    return value.replace(" ", "").lower()


def resource_group_name(value: str, where: str) -> list[Fault]:
    if _GROUP.fullmatch(value):
        return []
    fix = "give the group's name, not its id" if "/" in value else "give the name of a group that is there"
    allowed = "1 to 90 letters, digits, '.', '_', '-' or parentheses, no '.' at the end"
    return [Fault("BYOB-AZURE-003", where, "is not the name of a resource group", value, allowed, fix)]


def kms_key_id(value: str, where: str) -> list[Fault]:
    if _KEY_ID.fullmatch(value):
        return []
    fix = "copy the key identifier from the vault, without its version"
    if re.fullmatch(rf"{_KEY_ID.pattern}/[0-9a-f]{{32}}/?", value):
        fix = "drop the version: a rotated key would not be taken up otherwise"
    return [
        Fault(
            "BYOB-AZURE-004",
            where,
            "is not the identifier of a key without its version",
            value,
            "https://<vault>.vault.azure.net/keys/<key>",
            fix,
        )
    ]


def kms_vault_name(value: str, where: str) -> list[Fault]:
    if naming.is_vault_name(value):
        return []
    allowed = "3 to 24 letters, digits and single '-', a letter first, no '-' at the end"
    return [
        Fault(
            "BYOB-AZURE-005", where, "is not a name that Key Vault takes", value, allowed, "shorten it or leave it out"
        )
    ]


def kms_key_name(value: str, where: str) -> list[Fault]:
    if naming.is_key_name(value):
        return []
    allowed, fix = "1 to 127 letters, digits and '-'", "give the short name, not the identifier, or leave it out"
    return [Fault("BYOB-AZURE-005", where, "is not a name that Key Vault takes", value, allowed, fix)]


kms_deletion_window_days = between("BYOB-AZURE-006", 7, 90, "days", "Key Vault keeps what was deleted for that long")
kms_rotation_days = between("BYOB-AZURE-007", 7, 36500, "days", "Key Vault rotates no more often")
soft_delete_days = between(
    "BYOB-AZURE-011",
    1,
    365,
    "days",
    "Azure keeps what was deleted for that long, and without soft delete nothing at all",
)
noncurrent_days = between(
    "BYOB-AZURE-012",
    1,
    36500,
    "days",
    "W&B's clean-up leaves old versions behind, so they must expire, and not at once",
)
account_key_expiry_days = between(
    "BYOB-AZURE-022", 1, 3650, "days", "Azure reminds of a key that was not renewed for that long"
)


def arm_id(kind: str) -> Check:
    """A check that a value is the id of a resource.

    Args:
        kind: `account`, `identity` or `workspace`.
    """
    provider, name = _SCOPES[kind]
    form = re.compile(rf"{_IN_GROUP}{provider}/{name}", re.IGNORECASE | re.ASCII)

    def check(value: str, where: str) -> list[Fault]:
        if form.fullmatch(value):
            return []
        allowed = f"/subscriptions/<id>/resourceGroups/<group>/providers/{provider}/<name>"
        fix = "copy the Resource ID from the portal's properties, or from `az resource show --query id`"
        return [Fault("BYOB-AZURE-025", where, f"is not the id of {_ARTICLES[kind]}", value, allowed, fix)]

    return check


_ARTICLES = {
    "account": "a storage account",
    "identity": "a user-assigned identity",
    "workspace": "a Log Analytics workspace",
}


def container_name(value: str, where: str) -> list[Fault]:
    return names.check_bucket_name(Cloud.AZURE, value, where)


def account_name(value: str, where: str) -> list[Fault]:
    return names.check_account_name(value, where)


def resource_name(name: str, values: Mapping[str, Any]) -> list[Fault]:
    """Whether Azure takes the resource's name for the container, which Pulumi names after it. The account's name is made from
    it in any case.

    Args:
        name: The resource name.
        values: The arguments that were given; where they name the container, the resource's name is free.
    """
    if "container_name" in values or not names.check_bucket_name(Cloud.AZURE, name, "name"):
        return []
    return [
        Fault(
            "BYOB-AZURE-032",
            "name",
            "cannot be the container's name",
            name,
            "3 to 63 lower-case letters, digits and single '-'",
            "choose another resource name, or give container_name",
        )
    ]


def key_resource_name(name: str, values: Mapping[str, Any]) -> list[Fault]:
    """Whether Key Vault takes the resource's name for the key.

    Args:
        name: The resource name.
        values: The arguments that were given; where they name the key, the resource's name is free.
    """
    if "kms_key_name" in values or naming.is_key_name(name):
        return []
    return [
        Fault(
            "BYOB-AZURE-031",
            "name",
            "cannot be the key's name",
            name,
            "1 to 127 letters, digits and '-'",
            "choose another resource name, or give kms_key_name",
        )
    ]


def principals(values: list[str], where: str) -> list[Fault]:
    return principal.check_principals(Cloud.AZURE, values, where)


def oidc_issuer_url(value: str, where: str) -> list[Fault]:
    return azure_identity.check_issuer(value, where)


def service_accounts(values: list[str], where: str) -> list[Fault]:
    return azure_identity.check_service_accounts(values, where)


def kubernetes_namespace(value: str, where: str) -> list[Fault]:
    if re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", value):
        return []
    allowed, fix = "1 to 63 lower-case letters, digits and '-'", "give the namespace that W&B's server runs in"
    return [Fault("BYOB-AZURE-020", where, "is not the name of a Kubernetes namespace", value, allowed, fix)]


def cors_origins(values: list[str], where: str) -> list[Fault]:
    return cors.check_origins(values, where)


def cors_max_age_seconds(value: int, where: str) -> list[Fault]:
    return cors.check_max_age(value, where)


def paths(values: list[str], where: str) -> list[Fault]:
    return names.check_paths(values, where)


def tags(value: Mapping[str, str], where: str) -> list[Fault]:
    """Azure's tag rules that hold for accounts, vaults, identities and groups alike."""
    found = []
    for key, text in value.items():
        if not isinstance(text, str):
            found.append(("its value is not text", f"{key}: {shown(text)}"))
        elif key.lower().startswith(("microsoft", "azure", "windows")):
            found.append(("the prefixes 'microsoft', 'azure' and 'windows' are reserved", key))
        elif key == STORE_TAG:
            found.append(("it is ours, and finds half-made resources again", key))
        elif not 1 <= len(key) <= 128 or len(text) > 256:
            found.append(("it is too long or has no key", key))
        elif re.search(r"[<>%&\\?/]", key):
            found.append(("its key has a character that Azure refuses", key))
    if len(value) > _MOST_TAGS:
        found.append((f"there are {len(value)} tags, and one more is ours", shown(sorted(value)[:3])))
    return [
        Fault(
            "BYOB-AZURE-024",
            where,
            f"has a tag that is refused: {why}",
            bad,
            f"at most {_MOST_TAGS} tags; keys of 1 to 128 characters without <>%&\\?/, values of up to 256",
            "change or drop the tag",
        )
        for why, bad in found
    ]


BY_NAME: dict[str, Check] = {
    "access_log_account_id": arm_id("account"),
    "access_log_workspace_id": arm_id("workspace"),
    "account_id": arm_id("account"),
    "account_key_expiry_days": account_key_expiry_days,
    "account_name": account_name,
    "container_name": container_name,
    "container_soft_delete_days": soft_delete_days,
    "cors_max_age_seconds": cors_max_age_seconds,
    "cors_origins": cors_origins,
    "identity_client_id": uuid,
    "identity_tenant_id": uuid,
    "kms_deletion_window_days": kms_deletion_window_days,
    "kms_identity_id": arm_id("identity"),
    "kms_key_id": kms_key_id,
    "kms_key_name": kms_key_name,
    "kms_rotation_days": kms_rotation_days,
    "kms_vault_name": kms_vault_name,
    "kubernetes_namespace": kubernetes_namespace,
    "location": location,
    "noncurrent_days": noncurrent_days,
    "oidc_issuer_url": oidc_issuer_url,
    "paths": paths,
    "principals": principals,
    "resource_group_name": resource_group_name,
    "service_accounts": service_accounts,
    "soft_delete_days": soft_delete_days,
    "subscription_id": uuid,
    "tags": tags,
    "tenant_id": uuid,
}
"""Argument name to its check, the same for every component that has the argument."""
