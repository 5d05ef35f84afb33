"""Roles on Azure: their built-in definitions, and assignments of them, additive and named by what they assign."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_azure_native as azure

from byob_components.arguments import is_open, together
from byob_components.store import STORE_TAG

KEY_ROLE = "Key Vault Crypto Service Encryption User"
"""On a customer key, for the identity by which Azure Storage encrypts: get, wrap and unwrap, nothing else."""
DEFINITIONS: dict[str, str] = {
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Storage Account Contributor": "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Delegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
    KEY_ROLE: "e147488a-f6f5-4113-8e2d-b22465e65bf6",
}
"""Built-in role to the name of its definition, the same in every tenant (Azure's list of built-in roles)."""
_NAMESPACE = uuid.UUID("7c41eb31-a966-5f1f-b3a9-943402197c34")
"""Of the names of assignments; never to change, or every assignment would be made anew."""


def definition_id(subscription_id: str, role: str) -> str:
    """A built-in role as an assignment names it.

    Args:
        subscription_id: Where the assignment is.
        role: The role's display name.
    """
    return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{DEFINITIONS[role]}"


def assignment_name(scope: str, role: str, principal: str) -> str:
    """The name of an assignment: a GUID, which must be unique in the tenant, whatever the scope.

    The same assignment always has the same name and another one another, so that a new store never meets the assignments
    which a released one of its name has left in the cloud.

    Args:
        scope: The id of what the role is on; Azure compares ids without regard to case.
        role: The role's display name.
        principal: The object id of who gets it.
    """
    return str(uuid.uuid5(_NAMESPACE, "/".join((scope.lower(), role, principal.lower()))))


def endings(principals: Sequence[pulumi.Input[str]]) -> dict[str, pulumi.Input[str]]:
    """What tells the assignments of several principals apart in resource names, whatever their order.

    Args:
        principals: Object ids; one that is not known yet is told by its place.
    """
    return {
        str(i) if is_open(who) else hashlib.sha256(str(who).encode()).hexdigest()[:8]: who
        for i, who in enumerate(principals)
    }


def assign(
    name: str,
    roles: Sequence[str],
    scope: pulumi.Input[str],
    principals: Mapping[str, pulumi.Input[str]],
    subscription_id: pulumi.Output[str],
    options: pulumi.ResourceOptions,
) -> list[azure.authorization.RoleAssignment]:
    """One assignment a role and principal: each leaves what others have at the scope alone.

    Args:
        name: The component's name; each assignment's name adds the role and the principal's ending.
        roles: Display names of built-in roles.
        scope: The id of what the roles are on.
        principals: Ending to object id.
        subscription_id: Where the scope is.
        options: Of every assignment.
    """
    # Azure refuses a second assignment of what one assigns already, so that an imported one makes room first.
    options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(delete_before_replace=True))
    return [
        azure.authorization.RoleAssignment(
            f"{name}-{role.lower().replace(' ', '-')}-{ending}",
            # Azure refuses to change what has a name: the name goes with scope, role and principal.
            role_assignment_name=together(assignment_name, scope=scope, role=role, principal=who),
            role_definition_id=_defined(subscription_id, role),
            scope=scope,
            principal_id=who,
            # Said, so that Azure does not look for an identity that was made a moment ago and is not everywhere yet.
            principal_type="ServicePrincipal",
            description=f"{STORE_TAG}: {pulumi.get_project()}/{pulumi.get_stack()}/{name}",
            opts=options,
        )
        for role in roles
        for ending, who in principals.items()
    ]


def _defined(subscription_id: pulumi.Output[str], role: str) -> pulumi.Output[str]:
    return subscription_id.apply(lambda known: definition_id(known, role))
