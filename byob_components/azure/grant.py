"""W&B's roles on an account and its container: pure builders, and a component for an account made elsewhere."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from byob_components.arguments import together
from byob_components.azure import account, checks, combinations, roles
from byob_components.azure.identity import make_identity, mode_of
from byob_components.azure.refused import parse
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.store import Protection, child_options, refuse, warn
from byob_components.wandb import access as wandb_access
from byob_components.wandb.access import Access, AzureMode, AzureRoles, azure_roles
from byob_components.wandb.deployment import Deployment, Level


# ------------------------------------------------------------------------------------- the assignments
def assign_grant(
    name: str,
    granted: AzureRoles,
    scopes: tuple[pulumi.Input[str], pulumi.Input[str]],
    principals: Mapping[str, pulumi.Input[str]],
    subscription_id: pulumi.Output[str],
    options: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """One assignment a role and principal, each where the role belongs.

    Args:
        name: The component's name.
        granted: The roles.
        scopes: The ids of the account and of the container.
        principals: Ending to object id.
        subscription_id: Where the account is.
        options: Of every assignment.
    """
    of_account, of_container = scopes
    return [
        *roles.assign(name, granted.account, of_account, principals, subscription_id, options),
        *roles.assign(name, granted.container, of_container, principals, subscription_id, options),
    ]


# ------------------------------------------------------------------------------------- what is asked
def access_warnings(values: Mapping[str, Any], *, granted: bool) -> list[str]:
    """What the rights mean; naming the access says that one knows.

    Args:
        values: The arguments, parsed.
        granted: Whether anybody holds the rights.
    """
    told = []
    if granted and mode_of(values) is AzureMode.TEAM_CONNECTOR and "access" not in values:
        told.append(wandb_access.AZURE_CONNECTOR_WIDTH)
    if granted and values.get("access") is Access.MINIMAL and values.get("paths"):
        told.append(MINIMAL_IS_CONTAINER_WIDE)
    return told


MINIMAL_IS_CONTAINER_WIDE = (
    "access 'minimal' covers the whole container on Azure, and paths do not narrow it: W&B's use of roles that carry "
    "conditions is not documented. Teams that must not read each other need a container each"
)


# ------------------------------------------------------------------------------------- the component
class AzureGrantArgs(TypedDict):
    """Arguments of AzureGrant."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """Whether this is the one bucket of a whole W&B instance or the bucket of a team."""
    account_id: pulumi.Input[str]
    """The id of the account, made elsewhere; in mode `team_connector` its account key must work."""
    container_name: pulumi.Input[str]
    """The container in it; with versioning or soft delete, for which W&B's clean-up waits."""
    mode: NotRequired[AzureMode]
    """How W&B comes to its rights; default `team_connector` for a team and `keyless` for an instance, as W&B documents. An
    account key needs no grant."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (object ids of managed identities), or `oidc_issuer_url`; W&B documents none. `[]` revokes the grant."""
    identity_client_id: NotRequired[pulumi.Input[str]]
    """The client id of the identity in `principals`, which W&B's form for a team asks for."""
    identity_tenant_id: NotRequired[pulumi.Input[str]]
    """The tenant of the identity in `principals`; default the provider's."""
    oidc_issuer_url: NotRequired[pulumi.Input[str]]
    """The OIDC issuer of the cluster that W&B runs in, byte for byte: an identity is made that its service accounts may act
    as. Default: none is made."""
    kubernetes_namespace: NotRequired[pulumi.Input[str]]
    """The namespace of these service accounts; default `default`, W&B's module."""
    service_accounts: NotRequired[list[str]]
    """Their names, 1 to 20; default W&B's: 13 of its module for the connector, `wandb-bucket-access` for a keyless server."""
    access: NotRequired[Access]
    """Which set of rights; default `documented`."""
    allow_account_wide: NotRequired[bool]
    """Accept that W&B's rights hold for the whole account, containers of others included; default false."""
    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group of the identity that is made; default the account's."""
    location: NotRequired[pulumi.Input[str]]
    """Where the identity is made; default the resource group's region."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on the identity that is made; one of ours is added, `wandb-byob:store`."""
    protection: NotRequired[Protection]
    """What happens to the identity when its lines leave the program; default `protected`. Roles stay rotatable."""


def check(args: AzureGrantArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AzureGrant.
    """
    return _parse(args)[1]


def _parse(args: AzureGrantArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(AzureGrantArgs, args, checks.BY_NAME)
    return values, judge(values, faults, combinations.GRANT)


class AzureGrant(pulumi.ComponentResource):
    """W&B's roles on an account and container made elsewhere, and where wanted the identity that holds them.

    Assignments are additive: whatever else has roles there keeps them.

    Args:
        name: The resource name.
        args: See AzureGrantArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    account_name: pulumi.Output[str]
    """The account."""
    container_name: pulumi.Output[str]
    """The container."""
    principals: pulumi.Output[list[str]]
    """The W&B identities that hold the roles."""
    managed_identity_client_id: pulumi.Output[str]
    """What W&B's form asks for; empty when nobody named it."""
    managed_identity_tenant_id: pulumi.Output[str]
    """The tenant of the identity; empty when nobody holds the roles."""

    def __init__(self, name: str, args: AzureGrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"AzureGrant '{name}'")
        super().__init__("wandb-byob:index:AzureGrant", name, {}, opts)
        account_id = pulumi.Output.from_input(values["account_id"])
        principals: list[Any] = values.get("principals", [])
        self.managed_identity_client_id = pulumi.Output.from_input(values.get("identity_client_id", ""))
        self.managed_identity_tenant_id = pulumi.Output.from_input("")
        if "oidc_issuer_url" in values:
            group = values.get("resource_group_name", account_id.apply(lambda known: known.split("/")[4]))
            where = {"location": together(checks.place, value=values["location"])} if "location" in values else {}
            identity = make_identity(self, name, {**values, **where}, group)
            principals = [identity.principal_id]
            self.managed_identity_client_id = identity.client_id
            self.managed_identity_tenant_id = identity.tenant_id
        elif principals:
            self.managed_identity_tenant_id = account.tenant(self, values.get("identity_tenant_id"))
        assign_grant(
            name,
            azure_roles(values["level"], values.get("access", Access.DOCUMENTED), mode_of(values)),
            (
                account_id,
                pulumi.Output.concat(account_id, "/blobServices/default/containers/", values["container_name"]),
            ),
            roles.endings(principals),
            account_id.apply(lambda known: known.split("/")[2]),
            child_options(self, Protection.UNPROTECTED, protect=False),
        )
        warn(self, access_warnings(values, granted=bool(principals)))
        self.account_name = account_id.apply(lambda known: known.rpartition("/")[2])
        self.container_name = pulumi.Output.from_input(values["container_name"])
        self.principals = pulumi.Output.from_input(principals)
        self.register_outputs(
            {
                "accountName": self.account_name,
                "containerName": self.container_name,
                "principals": self.principals,
                "managedIdentityClientId": self.managed_identity_client_id,
                "managedIdentityTenantId": self.managed_identity_tenant_id,
            }
        )
