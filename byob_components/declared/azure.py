"""The declaration of a store on Azure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from byob_components.declared.export import SEALED, Holder
from byob_components.verify import AzureStore
from byob_components.verify.azure.built_in import BUILT_IN
from byob_components.wandb.access import AZURE_CONNECTOR_ROLES, AZURE_MINIMAL_CONTAINER_ROLES, Access, AzureMode
from byob_components.wandb.address import StorageAddress

_ARM = {
    "usgovernment": "https://management.usgovcloudapi.net",
    "china": "https://management.chinacloudapi.cn",
}
"""The provider's `environment` to Azure Resource Manager's address, where it is not the public cloud's."""


def declare(holder: Holder, path: str, address: StorageAddress | None) -> AzureStore:
    """The store, as its children in the state say it was asked for.

    Args:
        holder: The store's component.
        path: One of its paths.
        address: W&B's address, where the export shows it.
    """
    made, container = holder.first("StorageAccount"), holder.first("BlobContainer")
    account = holder.outputs["accountName"]
    service = (found.inputs if (found := holder.first("BlobServiceProperties")) else {}) or {}
    owner = made or container
    provider = owner.provider if owner else {}
    endpoints = (made.outputs.get("primaryEndpoints") or {}) if made else {}
    resource_id = made.id if made else container.id.partition("/blobServices/")[0] if container else ""
    with_keys = holder.outputs.get("storageAddresses") is SEALED or (address is not None and bool(address.secret_key))
    mode, access = _rights(holder, with_keys, made.inputs if made else {})
    more: dict[str, Any] = {"arm_endpoint": arm} if (arm := _manager(provider)) else {}
    return AzureStore(
        account=account,
        container=holder.outputs["bucketName"],
        region=holder.outputs["region"],
        mode=mode,
        path=path,
        resource_id=resource_id,
        endpoint=str(endpoints.get("blob") or "").rstrip("/"),
        kms_key_id=holder.outputs.get("kmsKeyId") or "",
        access=access,
        principals=tuple(holder.outputs.get("principals") or ()),
        cors_origins=_origins(service),
        versioning=service.get("isVersioningEnabled") is not False,
        soft_delete_days=_days(service.get("deleteRetentionPolicy")),
        container_soft_delete_days=_days(service.get("containerDeleteRetentionPolicy")),
        noncurrent_days=_noncurrent_days(holder),
        **more,
    )


def _manager(provider: Mapping[str, Any]) -> str:
    host = provider.get("metadataHost")
    return f"https://{host}" if isinstance(host, str) and host else _ARM.get(str(provider.get("environment")), "")


def _rights(holder: Holder, with_keys: bool, account: Mapping[str, Any]) -> tuple[AzureMode, Access]:
    """How W&B comes to its rights, by what was assigned; without an assignment by what the account lets in."""
    if with_keys:
        return AzureMode.ACCESS_KEY, Access.DOCUMENTED
    ids = {str(child.inputs.get("roleDefinitionId")).rpartition("/")[2] for child in holder.of("RoleAssignment")}
    roles, scoped = {BUILT_IN[one] for one in ids if one in BUILT_IN}, set(AZURE_MINIMAL_CONTAINER_ROLES)
    if set(AZURE_CONNECTOR_ROLES) <= roles or (not roles and account.get("allowSharedKeyAccess") is not False):
        return AzureMode.TEAM_CONNECTOR, Access.DOCUMENTED
    narrow = any(
        "/containers/" in str(child.inputs.get("scope"))
        and BUILT_IN.get(str(child.inputs.get("roleDefinitionId")).rpartition("/")[2]) in scoped
        for child in holder.of("RoleAssignment")
    )
    return AzureMode.KEYLESS, Access.MINIMAL if narrow else Access.DOCUMENTED


def _origins(service: Mapping[str, Any]) -> tuple[str, ...]:
    rules = (service.get("cors") or {}).get("corsRules") or ()
    return tuple(dict.fromkeys(origin for rule in rules for origin in rule.get("allowedOrigins") or ())) or ("*",)


def _days(policy: Any) -> int:
    return int(policy.get("days") or 0) if isinstance(policy, dict) and policy.get("enabled") else 0


def _noncurrent_days(holder: Holder) -> int:
    policies = [child.inputs.get("policy") or {} for child in holder.of("ManagementPolicy")]
    rules = [
        rule["definition"]["actions"] for one in policies for rule in one.get("rules") or () if rule.get("enabled")
    ]
    days = [((one.get("version") or {}).get("delete") or {}).get("daysAfterCreationGreaterThan") for one in rules]
    return int(min((one for one in days if one), default=0))
