"""Who may do what: role assignments, the roles they name, and locks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sandbox.clouds.azure.apis.directory import Principal
from sandbox.clouds.azure.apis.ids import GROUPS, Where, chain, located
from sandbox.clouds.azure.apis.kind import Body, Kind, properties
from sandbox.clouds.azure.apis.moment import now
from sandbox.clouds.azure.apis.roles import BUILT_IN, Role, by_name
from sandbox.clouds.azure.apis.web import ArmError, Request, refused

if TYPE_CHECKING:
    from sandbox.clouds.azure.apis.arm import Arm

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
DEFINITIONS = "Microsoft.Authorization/roleDefinitions"
LOCKS = "Microsoft.Authorization/locks"


class Authority:
    """What the assignments and locks of a Resource Manager mean.

    Args:
        arm: Which one.
    """

    def __init__(self, arm: Arm) -> None:
        self.arm = arm

    def allows(self, who: Principal, action: str, scope: str, data: bool = False) -> bool:
        """Whether somebody may do something with a resource, by a role on it or on anything that it lies in.

        Args:
            who: Who.
            action: Such as `Microsoft.Storage/storageAccounts/read`.
            scope: The resource's id.
            data: Whether the action is one on data.
        """
        around = set(chain(scope))
        for held in self._of(ASSIGNMENTS):
            said = held["properties"]
            if said["principalId"].lower() == who.object_id and said["scope"].lower() in around:
                role = self.role(said["roleDefinitionId"])
                if role is not None and role.allows(action, data):
                    return True
        return False

    def _of(self, kind: str) -> list[Body]:
        mark = f"/providers/{kind}/".lower()
        return [held for key, held in list(self.arm.held.items()) if mark in key]

    def role(self, id: str) -> Role | None:
        """A role by the id of its definition, whatever scope the id names it at."""
        name = id.rsplit("/", 1)[-1].lower()
        if name in BUILT_IN:
            return BUILT_IN[name]
        for held in self._of(DEFINITIONS):
            if held["name"].lower() == name:
                said = held["properties"]
                sets = said["permissions"]
                every = {k: tuple(x for one in sets for x in one.get(k) or ()) for k in ("actions", "dataActions", "notActions")}  # fmt: skip
                return Role(said["roleName"], every["actions"], every["dataActions"], every["notActions"])
        return None

    def check_locks(self, id: str, operation: str, inside: Iterable[str] = ()) -> None:
        """Refuse what a lock forbids.

        Args:
            id: What shall be changed.
            operation: `write` or `delete`.
            inside: What would go with it.

        Raises:
            ArmError: A lock on it, around it or inside it forbids the operation.
        """
        at = located(id)
        if at.type == LOCKS:  # who may write locks may take one off, whatever it locks
            return
        around = set(chain(id))
        if "/providers/" in at.scope.lower() or at.type.lower().startswith("microsoft.authorization/"):
            around |= set(chain(at.scope))
        below = {one.lower() for one in inside}
        for held in self._of(LOCKS):
            scope = located(held["id"]).scope
            level = held["properties"]["level"]
            hit = scope.lower() in around or held["id"].lower() in below
            if hit and (operation == "delete" or level == "ReadOnly"):
                raise ArmError(409, "ScopeLocked", f"The scope '{id}' cannot perform {operation} operation because following scope(s) are locked: '{scope}'. Please remove the lock and try again.")  # fmt: skip

    def grant(self, object_id: str, role: str) -> None:
        """Give somebody a built-in role on the subscription, as whoever set it up did.

        Args:
            object_id: To whom.
            role: Its name.
        """
        scope = f"/subscriptions/{self.arm.subscription}"
        at = located(f"{scope}/providers/{ASSIGNMENTS}/{uuid.uuid4()}")
        definition = f"{scope}/providers/{DEFINITIONS}/{by_name(role)}"
        said = {"roleDefinitionId": definition, "principalId": object_id, "principalType": "ServicePrincipal", "scope": scope}  # fmt: skip
        self.arm.hold(at, {"properties": said})


class Assignments(Kind):
    """Role assignments: who holds which role on which scope."""

    type = ASSIGNMENTS
    on_others = True

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        said = properties(body)
        try:
            uuid.UUID(at.name)
        except ValueError:
            raise refused("InvalidRoleAssignmentId", f"The role assignment ID '{at.name}' is not valid. The role assignment ID must be a GUID.") from None  # fmt: skip
        definition, person = str(said.get("roleDefinitionId", "")), str(said.get("principalId", "")).lower()
        if said.get("condition"):
            raise ArmError(501, "NotImplemented", "Conditions of role assignments are not carried out by the local cloud.")  # fmt: skip
        if self.arm.authority.role(definition) is None:
            raise refused("RoleDefinitionDoesNotExist", f"The specified role definition with ID '{definition.rsplit('/', 1)[-1]}' does not exist.", 404)  # fmt: skip
        if self.arm.directory.principal(person) is None:
            raise refused("PrincipalNotFound", f"Principal {person.replace('-', '')} does not exist in the directory {self.arm.directory.tenant}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.")  # fmt: skip
        if said.get("principalType", "ServicePrincipal") != "ServicePrincipal":
            raise refused("UnmatchedPrincipalType", f"The PrincipalId '{person.replace('-', '')}' has type 'ServicePrincipal', which is different from specified PrinciaplType '{said['principalType']}'.")  # fmt: skip
        guid = definition.rsplit("/", 1)[-1].lower()
        same = (at.scope.lower(), guid, person)
        # A name is one assignment's in the whole tenant, whatever its scope.
        elsewhere = old is None and any(
            held["name"].lower() == at.name.lower() for held in self.arm.authority._of(ASSIGNMENTS)
        )
        if elsewhere or (old is not None and same != _identity(old)):
            raise refused("RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.")  # fmt: skip
        for other, held in self.arm.below(at.scope, ASSIGNMENTS):
            if old is None and _identity(held) == same:
                raise ArmError(409, "RoleAssignmentExists", f"The role assignment already exists. The ID of the existing role assignment is {other.name.replace('-', '')}.")  # fmt: skip
        moment = now()
        made = {"createdOn": moment, "createdBy": who.object_id} if old is None else {k: old["properties"][k] for k in ("createdOn", "createdBy")}  # fmt: skip
        return {
            "properties": {
                "roleDefinitionId": f"/subscriptions/{self.arm.subscription}/providers/{DEFINITIONS}/{guid}", "principalId": person,
                "principalType": "ServicePrincipal", "scope": at.scope, "condition": None, "conditionVersion": None,
                "description": said.get("description"), "updatedOn": moment, "updatedBy": who.object_id, **made,
            }
        }  # fmt: skip

    def list(self, at: Where, request: Request) -> list[Body]:
        """All that hold at a scope: on it, around it, and on what lies in it, as the filter says."""
        asked = request.one("$filter")
        around = set(chain(at.scope))
        found = []
        for held in self.arm.authority._of(ASSIGNMENTS):
            said = held["properties"]
            here = said["scope"].lower()
            if here not in around and (asked.startswith("atScope") or not here.startswith(at.scope.lower() + "/")):
                continue
            if "principalId eq" in asked and said["principalId"] not in asked.lower():
                continue
            found.append(held)
        return found


def _identity(held: Body) -> tuple[str, str, str]:
    said = held["properties"]
    return said["scope"].lower(), said["roleDefinitionId"].rsplit("/", 1)[-1].lower(), said["principalId"]


class Definitions(Kind):
    """Role definitions: the built-in ones, and the customer's own."""

    type = DEFINITIONS
    on_others = True

    def default(self, at: Where) -> Body | None:
        role = BUILT_IN.get(at.name.lower())
        return None if role is None else {"properties": _described(role)}

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        if at.name.lower() in BUILT_IN:
            raise refused("RoleDefinitionUpdateNotPermitted", "Built-in roles cannot be changed.", 403)
        said = properties(body)
        if not said.get("roleName") or not said.get("permissions") or not said.get("assignableScopes"):
            raise refused("RoleDefinitionInvalid", "A role needs roleName, permissions and assignableScopes.")
        return {"properties": {"type": "CustomRole", **said}}

    def list(self, at: Where, request: Request) -> list[Body]:
        """The roles that can be granted here, one by name when the filter says so."""
        own = [held for _, held in self.arm.below(at.scope, DEFINITIONS)]
        every = [{"id": f"{at.scope}/providers/{DEFINITIONS}/{id}", "name": id, "type": DEFINITIONS, "properties": _described(role)} for id, role in BUILT_IN.items()]  # fmt: skip
        asked = request.one("$filter")
        return [one for one in [*every, *own] if "roleName eq" not in asked or f"'{one['properties']['roleName']}'" in asked]  # fmt: skip


def _described(role: Role) -> Body:
    rights = {"actions": list(role.actions), "notActions": list(role.not_actions), "dataActions": list(role.data), "notDataActions": []}  # fmt: skip
    return {"roleName": role.name, "type": "BuiltInRole", "description": "", "assignableScopes": ["/"], "permissions": [rights]}  # fmt: skip


class Locks(Kind):
    """Management locks."""

    type = LOCKS
    on_others = True

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        said = properties(body)
        if said.get("level") not in ("CanNotDelete", "ReadOnly"):
            raise refused("InvalidLockLevel", f"The lock level '{said.get('level')}' is not valid: CanNotDelete or ReadOnly.")  # fmt: skip
        return {"properties": {"level": said["level"], "notes": said.get("notes")}}


class Groups(Kind):
    """Resource groups."""

    type = GROUPS
    tracked = True

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        from sandbox.clouds.azure.apis.kind import place

        if not 1 <= len(at.name) <= 90 or at.name.endswith("."):
            raise refused("InvalidResourceGroup", f"The provided resource group name '{at.name}' is not valid.")
        where = place(body, old)
        return {"location": where, "tags": body.get("tags") or {}, "properties": {"provisioningState": "Succeeded"}}
