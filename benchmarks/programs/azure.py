"""Stores on Azure, keyless: by composites, and by hand."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pulumi
import pulumi_azure_native as azure
from pulumi import ComponentResource, ResourceOptions

from benchmarks.programs import Program, export, names

LOCATION = "westeurope"
WANDB = "99999999-9999-9999-9999-999999999999"
CLIENT, TENANT = "88888888-8888-8888-8888-888888888888", "77777777-7777-7777-7777-777777777777"
ROLES = {
    "reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "storage-blob-data-contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
}
ENDING = "62cb60f4"
"""The composite tells the assignments of several principals apart by the start of a hash."""


def composite(count: int) -> None:
    """Each store by one call.

    Args:
        count: How many.
    """
    from byob_components.azure import AzureByob

    for name in names(count):
        store = AzureByob(
            name,
            {
                "deployment": "dedicated",
                "level": "team",
                "mode": "keyless",
                "location": LOCATION,
                "principals": [WANDB],
                "identity_client_id": CLIENT,
                "identity_tenant_id": TENANT,
            },
        )
        export(name, store.storage_addresses, store.bucket_name, store.region, store.kms_key_id)


# --------------------------------------------------------------------------------------------- by hand
def _addresses(known: list[str]) -> dict[str, str]:
    return {"/": f"az://{known[0]}/{known[1]}"}


def _mark(name: str) -> str:
    return f"{pulumi.get_project()}/{pulumi.get_stack()}/{name}"


def _group(name: str, opts: ResourceOptions | None) -> azure.resources.ResourceGroup:
    return azure.resources.ResourceGroup(name, location=LOCATION, tags={"wandb-byob:store": _mark(name)}, opts=opts)


def _account(
    name: str, group: azure.resources.ResourceGroup, opts: ResourceOptions | None
) -> azure.storage.StorageAccount:
    # Pulumi puts eight hexadecimal digits behind it, and an account takes lower-case letters and digits only.
    stem = name.replace("-", "") + hashlib.sha256(name.encode()).hexdigest()[:4]
    service = {"enabled": True, "key_type": "Account"}
    return azure.storage.StorageAccount(
        stem, resource_group_name=group.name, location=LOCATION, kind="StorageV2", sku={"name": "Standard_ZRS"},
        access_tier="Hot", enable_https_traffic_only=True, minimum_tls_version="TLS1_2", allow_blob_public_access=False,
        allow_cross_tenant_replication=False, allow_shared_key_access=False, default_to_o_auth_authentication=True,
        is_local_user_enabled=False, public_network_access="Enabled", tags={"wandb-byob:store": _mark(name)}, opts=opts,
        encryption={"key_source": "Microsoft.Storage", "services": {"blob": service, "file": service}},
    )  # fmt: skip


def _assign(
    name: str, account: azure.storage.StorageAccount, subscription: Any, opts: ResourceOptions | None
) -> list[pulumi.Resource]:
    return [
        azure.authorization.RoleAssignment(
            f"{name}-{role}-{ENDING}", scope=account.id, principal_id=WANDB, principal_type="ServicePrincipal",
            role_assignment_name=account.id.apply(
                lambda known, role=role: str(uuid.uuid5(uuid.NAMESPACE_URL, f"{known}/{role}/{WANDB}"))
            ),
            role_definition_id=subscription.apply(
                lambda known, id_=id_: f"/subscriptions/{known}/providers/Microsoft.Authorization/roleDefinitions/{id_}"
            ),
            description=f"wandb-byob:store: {_mark(name)}", opts=opts,
        )
        for role, id_ in ROLES.items()
    ]  # fmt: skip


def _inside(
    name: str,
    group: azure.resources.ResourceGroup,
    account: azure.storage.StorageAccount,
    grants: list[pulumi.Resource],
    place: pulumi.Resource | None,
) -> azure.storage.BlobContainer:
    def after(*last: pulumi.Resource) -> ResourceOptions | None:
        if place is None:
            return None
        return ResourceOptions(parent=place, protect=True, depends_on=list(last), deleted_with=account)

    service = azure.storage.BlobServiceProperties(
        name, resource_group_name=group.name, account_name=account.name, blob_services_name="default",
        is_versioning_enabled=True, delete_retention_policy={"enabled": True, "days": 7},
        container_delete_retention_policy={"enabled": True, "days": 30}, opts=after(account),
        cors={"cors_rules": [{"allowed_origins": ["*"], "allowed_methods": ["GET", "HEAD", "PUT"], "allowed_headers": ["*"],
                              "exposed_headers": ["*"], "max_age_in_seconds": 3000}]},
    )  # fmt: skip
    container = azure.storage.BlobContainer(
        name, resource_group_name=group.name, account_name=account.name, public_access="None", opts=after(service)
    )
    rule = {"actions": {"version": {"delete": {"days_after_creation_greater_than": 30}}},
            "filters": {"blob_types": ["blockBlob"], "prefix_match": [container.name.apply(lambda known: f"{known}/")]}}  # fmt: skip
    azure.storage.ManagementPolicy(
        name, resource_group_name=group.name, account_name=account.name, management_policy_name="default",
        policy={"rules": [{"name": "wandbOldVersions", "enabled": True, "type": "Lifecycle", "definition": rule}]},
        opts=after(container, *grants),
    )  # fmt: skip
    return container


def loose(count: int) -> None:
    """The same resources, side by side.

    Args:
        count: How many stores.
    """
    subscription = azure.authorization.get_client_config_output().subscription_id
    for name in names(count):
        group = _group(name, None)
        account = _account(name, group, None)
        grants = _assign(name, account, subscription, None)
        container = _inside(name, group, account, grants, None)
        _export(name, account, container)


def bare(count: int) -> None:
    """The same resources under components that do nothing, with the composite's options.

    Args:
        count: How many stores.
    """
    subscription = azure.authorization.get_client_config_output().subscription_id
    for name in names(count):
        whole = ComponentResource("by-hand:index:AzureByob", name, {})
        group = _group(name, ResourceOptions(parent=whole, protect=True))
        place = ComponentResource("by-hand:index:AzureContainer", name, {}, ResourceOptions(parent=whole))
        account = _account(name, group, ResourceOptions(parent=place, protect=True))
        grants = _assign(
            name, account, subscription, ResourceOptions(parent=place, protect=False, delete_before_replace=True)
        )
        container = _inside(name, group, account, grants, place)
        place.register_outputs({"accountName": account.name, "bucketName": container.name, "region": LOCATION})
        whole.register_outputs({"bucketName": container.name, "region": LOCATION, "kmsKeyId": ""})
        _export(name, account, container)


def _export(name: str, account: azure.storage.StorageAccount, container: azure.storage.BlobContainer) -> None:
    addresses = pulumi.Output.all(account.name, container.name).apply(_addresses)
    export(name, addresses, container.name, LOCATION, "")


PROGRAMS: dict[str, Program] = {"composite": composite, "bare": bare, "loose": loose}
