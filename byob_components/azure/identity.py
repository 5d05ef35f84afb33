"""Whom W&B acts as: an identity made here and trusted by W&B's cluster, or one that was made elsewhere."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pulumi
import pulumi_azure_native as azure

from byob_components.errors import Fault
from byob_components.store import Protection, child_options, store_tag
from byob_components.wandb import azure_identity
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import AzureMode, default_azure_mode
from byob_components.wandb.azure_identity import AUDIENCE, CONNECTOR, DEFAULT_NAMESPACE, SHARED, ServiceAccounts
from byob_components.wandb.deployment import Cloud, Level

OF_MADE = ("kubernetes_namespace", "service_accounts")
OF_NAMED = ("identity_client_id", "identity_tenant_id")
_ALL = ("principals", "oidc_issuer_url", *OF_MADE, *OF_NAMED)


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
        values: The arguments that were given, `level` among them.
    """
    chosen: AzureMode = values.get("mode", default_azure_mode(values["level"]))
    return chosen


def preset(mode: AzureMode) -> ServiceAccounts:
    """The service accounts of W&B's server that use its storage.

    Args:
        mode: How W&B comes to its rights; a keyless server has one account for it.
    """
    return SHARED if mode is AzureMode.KEYLESS else CONNECTOR


def check_identity(values: Mapping[str, Any]) -> list[Fault]:
    """Whether it is clear who W&B is, and nothing contradicts it.

    Args:
        values: The arguments that were given, `deployment` and `level` among them.
    """
    mode, level = mode_of(values), values["level"]
    if mode is AzureMode.TEAM_CONNECTOR and level is Level.INSTANCE:
        what = "is W&B's connector for teams, and level is 'instance'"
        fix = "leave mode out for 'keyless', or take 'access_key' where the server's chart is older than 0.44.0"
        return [Fault("BYOB-AZURE-018", "mode", what, str(mode), "'keyless' or 'access_key'", fix)]
    if mode is AzureMode.ACCESS_KEY:
        what = "is about an identity, and mode is 'access_key': whoever has the key needs none"
        return [
            Fault("BYOB-AZURE-020", name, what, None, "without it", "drop it, or choose another mode")
            for name in _ALL
            if name in values
        ]
    made, named = "oidc_issuer_url" in values, "principals" in values
    faults = _idle(values, OF_MADE, "the cluster", "oidc_issuer_url") if not made else []
    if made and named:
        what = "names the cluster that an identity to be made trusts, and principals names an identity"
        fix = "drop principals to have one made, or oidc_issuer_url to take yours"
        faults.append(Fault("BYOB-AZURE-020", "oidc_issuer_url", what, None, "one of the two", fix))
    if not named:
        faults += _idle(values, OF_NAMED, "an identity of yours", "principals")
    if not made and not named:
        faults.append(_nobody(values, mode))
    if level is Level.TEAM and values.get("principals") and "identity_client_id" not in values:
        what, fix = "is missing, and W&B's form for a team asks for it", "give it: `az identity show --query clientId`"
        faults.append(Fault("BYOB-AZURE-020", "identity_client_id", what, None, "the client id of the identity", fix))
    return faults


def _idle(values: Mapping[str, Any], arguments: tuple[str, ...], what: str, without: str) -> list[Fault]:
    text, fix = f"is about {what}, and {without} is missing", f"give {without}, or drop it"
    return [Fault("BYOB-AZURE-020", name, text, None, f"with {without}", fix) for name in arguments if name in values]


def _nobody(values: Mapping[str, Any], mode: AzureMode) -> Fault:
    if mode is AzureMode.KEYLESS and values["level"] is Level.INSTANCE:
        return wandb_principal.missing_preset(values["deployment"], Cloud.AZURE)
    return Fault(
        "BYOB-AZURE-020",
        "oidc_issuer_url",
        "is missing, and no identity is named: W&B's service accounts act as an identity that trusts their cluster",
        None,
        "the OIDC issuer of the cluster that W&B runs in, or principals with identity_client_id",
        "ask W&B for your instance's issuer, or `az aks show --query oidcIssuerProfile.issuerUrl`; or give [] as principals "
        "for nobody",
    )


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
