"""Resource ids: what a path of Resource Manager names. Ids are compared without regard to capitals, as Azure does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.clouds.azure.apis.web import ArmError

_MARK = re.compile(r"/providers/", re.IGNORECASE)
_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)
_GROUP = re.compile(r"/subscriptions/[^/]+/resourcegroups/([^/]+)", re.IGNORECASE)
GROUPS = "Microsoft.Resources/resourceGroups"
SUBSCRIPTIONS = "Microsoft.Resources/subscriptions"


@dataclass(frozen=True)
class Where:
    """What a path names.

    Args:
        id: The whole path of the resource, the collection or the action's resource.
        type: Such as `Microsoft.Storage/storageAccounts/blobServices`; of a collection, its members' type.
        name: The resource's last name; empty for a collection.
        scope: What an extension resource, such as a lock, lies on, or a top-level resource in.
        verb: An action's name; empty for the resource itself.
    """

    id: str
    type: str
    name: str
    scope: str
    verb: str = ""

    @property
    def key(self) -> str:
        """The id for comparison."""
        return self.id.lower()

    @property
    def subscription(self) -> str:
        """The subscription's id."""
        found = _SUBSCRIPTION.match(self.id)
        return found[1].lower() if found else ""

    @property
    def group(self) -> str:
        """The resource group's name; empty when it lies in none."""
        found = _GROUP.match(self.id)
        return found[1] if found else ""

    @property
    def group_id(self) -> str:
        """The resource group's id; empty when it lies in none."""
        found = _GROUP.match(self.id)
        return found[0] if found else ""

    @property
    def parent(self) -> str:
        """The resource that a nested one lies in; empty for a resource that is not nested."""
        return self.id.rsplit("/", 2)[0] if self.type.count("/") > 1 and self.name else ""


def located(path: str) -> Where:
    """What a path names.

    Args:
        path: Without its query.

    Raises:
        ArmError: Nothing that could be.
    """
    path = "/" + path.strip("/")
    marks = list(_MARK.finditer(path))
    if not marks:
        return _plain(path)
    scope, rest = path[: marks[-1].start()], path[marks[-1].end() :].split("/")
    if len(rest) < 2 or not all(rest):
        raise ArmError(404, "InvalidResourceType", f"The path '{path}' names no resource type.")
    provider, pairs = rest[0], rest[1:]
    kind = "/".join([provider, *pairs[0::2]])
    if len(pairs) % 2 == 0:
        return Where(path, kind, pairs[-1], scope)
    return Where(path, kind, "", scope)


def _plain(path: str) -> Where:
    if found := re.fullmatch(r"(/subscriptions/[^/]+)/resourcegroups(?:/([^/]+))?", path, re.IGNORECASE):
        return Where(path, GROUPS, found[2] or "", found[1])
    if found := re.fullmatch(r"/subscriptions/([^/]+)", path, re.IGNORECASE):
        return Where(path, SUBSCRIPTIONS, found[1], "")
    raise ArmError(404, "NotFound", f"The path '{path}' names nothing that the local cloud serves.")


def action_of(where: Where) -> Where:
    """The resource and the verb of a path that ends with an action, such as `…/storageAccounts/a/listKeys`."""
    id, verb = where.id.rsplit("/", 1)
    on = located(id)
    return Where(on.id, on.type, on.name, on.scope, verb)


def chain(id: str) -> list[str]:
    """An id and everything that it lies in, the subscription last; for comparison.

    Args:
        id: Of a resource, a group or a subscription.
    """
    parts = id.lower().strip("/").split("/")
    found = []
    while parts:
        if parts[-2:-1] != ["providers"]:
            found.append("/" + "/".join(parts))
        parts = parts[:-2]
    return found
