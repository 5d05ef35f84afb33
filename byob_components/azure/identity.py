"""Whom W&B acts as: an identity made here and trusted by W&B's cluster, or one that was made elsewhere."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pulumi
import pulumi_azure_native as azure

from byob_components.store import Protection, child_options, store_tag
from byob_components.wandb import azure_identity
from byob_components.wandb.access import AzureMode, default_azure_mode
from byob_components.wandb.azure_identity import AUDIENCE, CONNECTOR, DEFAULT_NAMESPACE, SHARED, ServiceAccounts

OF_MADE = ("kubernetes_namespace", "service_accounts")
OF_NAMED = ("identity_client_id", "identity_tenant_id")


class Identity(NamedTuple):
    """An identity of W&B, made here.

    Args:
        principal_id: Its object id, to which roles are assigned.
        client_id: What W&B's form calls the managed identity client ID.
        tenant_id: Its tenant.
        resources: What must be there before anything that W&B uses it for.
    """

    principal_id: pulumi.Output[str]
    client_id: pulumi.Output[str]
    tenant_id: pulumi.Output[str]
    resources: list[pulumi.Resource]


def mode_of(values: Mapping[str, Any]) -> AzureMode:
    """How W&B comes to its rights.

    Args:
        values: The arguments that were given, `mode` or `level` among them.
    """
    chosen: AzureMode | None = values.get("mode")
    return default_azure_mode(values["level"]) if chosen is None else chosen


def preset(mode: AzureMode) -> ServiceAccounts:
    """The service accounts of W&B's server that use its storage.

    Args:
        mode: How W&B comes to its rights; a keyless server has one account for it.
    """
    return SHARED if mode is AzureMode.KEYLESS else CONNECTOR


def make_identity(
    component: pulumi.Resource, name: str, values: Mapping[str, Any], resource_group: pulumi.Input[str]
) -> Identity:
    """An identity and, one after another, its federated credentials: Azure refuses two at a time.

    Args:
        component: The parent.
        name: The component's name.
        values: The arguments, with `oidc_issuer_url`.
        resource_group: Where the identity is made.
    """
    protection = values.get("protection", Protection.PROTECTED)
    identity = azure.managedidentity.UserAssignedIdentity(
        name,
        resource_group_name=resource_group,
        location=values.get("location"),
        tags=store_tag(name, values.get("tags")),
        # Its client id stands in W&B's form for ever, so that it is protected as the account is.
        opts=child_options(component, protection, protect=True),
    )
    accounts = values.get("service_accounts") or list(preset(mode_of(values)).names)
    namespace = values.get("kubernetes_namespace", DEFAULT_NAMESPACE)
    chain: list[pulumi.Resource] = [identity]
    for account in accounts:
        credential = azure.managedidentity.FederatedIdentityCredential(
            f"{name}-{account.replace('.', '-')}",
            resource_group_name=resource_group,
            resource_name_=identity.name,
            issuer=values["oidc_issuer_url"],
            subject=_subject(account, namespace),
            audiences=[AUDIENCE],
            opts=child_options(component, protection, protect=False, depends_on=[chain[-1]], deleted_with=identity),
        )
        chain.append(credential)
    return Identity(identity.principal_id, identity.client_id, identity.tenant_id, chain)


def _subject(account: str, namespace: Any) -> pulumi.Input[str]:
    if isinstance(namespace, str):
        return azure_identity.subjects([account], namespace)[0]
    output: pulumi.Output[str] = pulumi.Output.from_input(namespace)
    return output.apply(lambda known: azure_identity.subjects([account], known)[0])
