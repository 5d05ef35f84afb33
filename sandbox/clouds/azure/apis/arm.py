"""Resource Manager: who may do what with which resource, what locks forbid, and what is held."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from sandbox.clouds.azure.apis.authority import Authority
from sandbox.clouds.azure.apis.directory import Directory, Principal
from sandbox.clouds.azure.apis.ids import GROUPS, SUBSCRIPTIONS, Where, action_of, located
from sandbox.clouds.azure.apis.kind import Body, Kind
from sandbox.clouds.azure.apis.web import Answer, ArmError, Request, forbidden, not_found

AUDIENCES = {"https://management.azure.com", "https://management.core.windows.net"}


class Arm:
    """All resources of one subscription.

    Args:
        directory: Who there is.
        subscription: Its id.
        address: Where this is served, which is also the audience of its tokens.
    """

    def __init__(self, directory: Directory, subscription: str, address: str) -> None:
        self.directory, self.subscription, self.address = directory, subscription, address
        self.held: dict[str, Body] = {}
        self.authority = Authority(self)
        self.kinds: dict[str, Kind] = {}
        self.lock = threading.RLock()

    def serve(self, *kinds: Kind) -> None:
        """Carry out resource types."""
        self.kinds.update({kind.type.lower(): kind for kind in kinds})

    # -- what is there
    def get(self, id: str) -> Body | None:
        """What is held under an id, or there by itself."""
        return self.held.get(id.lower())

    def below(self, id: str, kind: str = "") -> Iterator[tuple[Where, Body]]:
        """Everything that lies in or on a resource, of one type or of all."""
        begin = id.lower().rstrip("/") + "/"
        for held in [b for key, b in list(self.held.items()) if key.startswith(begin)]:
            at = located(held["id"])
            if not kind or at.type.lower() == kind.lower():
                yield at, held

    def exists(self, id: str) -> bool:
        """Whether there is such a resource, group or subscription."""
        if id.lower().rstrip("/") == f"/subscriptions/{self.subscription}":
            return True
        try:
            at = located(id)
        except ArmError:
            return False
        kind = self.kinds.get(at.type.lower())
        return at.key in self.held or bool(kind and at.name and kind.default(at) is not None)

    def hold(self, at: Where, body: Body) -> None:
        """Keep a resource."""
        self.held[at.key] = {**body, "id": at.id, "name": at.name, "type": at.type}

    def drop(self, id: str) -> None:
        """Remove a resource with all that lies in it or on it, the innermost first."""
        inside = sorted(self.below(id), key=lambda pair: -len(pair[0].id))
        for at, held in [*inside, *([(located(id), self.held[id.lower()])] if id.lower() in self.held else [])]:
            if kind := self.kinds.get(at.type.lower()):
                kind.removing(at, held)
            self.held.pop(at.key, None)

    # -- a request
    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        who = self.directory.bearer(request, AUDIENCES | {self.address})
        if not request.one("api-version"):
            raise ArmError(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")  # fmt: skip
        at = located(unquote(request.path))
        if request.method == "POST":
            at = action_of(at)
        if at.subscription and at.subscription != self.subscription:
            raise ArmError(404, "SubscriptionNotFound", f"The subscription '{at.subscription}' could not be found.")
        if at.type == SUBSCRIPTIONS:
            return self._subscription(at, who)
        kind = self.kinds.get(at.type.lower())
        if kind is None:
            raise ArmError(404, "InvalidResourceType", f"The resource type '{at.type}' is not carried out by the local cloud.")  # fmt: skip
        at = Where(at.id, kind.type, at.name, at.scope, at.verb)
        if not kind.serial:
            return self._answer(request, at, kind, who)
        with self.lock:
            return self._answer(request, at, kind, who)

    def _subscription(self, at: Where, who: Principal) -> Answer:
        self._demand(who, f"{SUBSCRIPTIONS}/read", at.id)
        return Answer.of({"id": f"/subscriptions/{self.subscription}", "subscriptionId": self.subscription, "tenantId": self.directory.tenant, "displayName": "byob", "state": "Enabled"})  # fmt: skip

    def _demand(self, who: Principal, action: str, scope: str) -> None:
        if not self.authority.allows(who, action, scope):
            raise forbidden(who, action, scope)

    def _answer(self, request: Request, at: Where, kind: Kind, who: Principal) -> Answer:
        verb = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}.get(request.method)
        name = kind.type if kind.type != GROUPS else "Microsoft.Resources/subscriptions/resourceGroups"
        action = f"{name}/{at.verb}/action" if at.verb else f"{name}/{verb}"
        on_group = kind.type == GROUPS and at.name
        scope = at.scope if kind.on_others else at.id if at.name or on_group else at.id.rsplit("/", 1)[0]
        self._demand(who, action, scope or "/")
        if kind.type != GROUPS and at.group_id and at.group_id.lower() not in self.held:
            raise ArmError(404, "ResourceGroupNotFound", f"Resource group '{at.group}' could not be found.")
        if kind.on_others and not self.exists(at.scope):
            raise not_found(at.scope.rsplit("/providers/", 1)[-1], at.group)
        nested = at.parent and located(at.parent).type.lower() in self.kinds
        if nested and not self.exists(at.parent):
            if request.method in ("PUT", "PATCH"):
                raise ArmError(404, "ParentResourceNotFound", f"Failed to perform '{verb}' on resource(s) of type '{at.type.split('/', 1)[1]}', because the parent resource '{at.parent}' could not be found.")  # fmt: skip
            if request.method != "DELETE":
                raise not_found(at.parent.rsplit("/providers/", 1)[-1], at.group)
        if at.verb:
            return self._act(request, at, kind, who)
        if not at.name:
            return self._list(request, at, kind)
        if request.method in ("GET", "HEAD"):
            return Answer.of(self.show(at, kind))
        if request.method in ("PUT", "PATCH"):
            return self._write(request, at, kind, who)
        if request.method == "DELETE":
            return self._delete(at, kind)
        raise ArmError(405, "MethodNotAllowed", f"{request.method} is not allowed on '{at.id}'.")

    def _act(self, request: Request, at: Where, kind: Kind, who: Principal) -> Answer:
        found = next((call for name, call in kind.actions.items() if name.lower() == at.verb.lower()), None)
        if found is None:
            raise ArmError(501, "NotImplemented", f"The action '{at.verb}' is not carried out by the local cloud.")
        self.authority.check_locks(at.id, "write")
        return found(at, request, who)

    def _list(self, request: Request, at: Where, kind: Kind) -> Answer:
        if hasattr(kind, "list"):
            return Answer.of({"value": kind.list(at, request)})
        scope = at.scope if kind.on_others else at.id.rsplit("/", 1)[0]
        if not at.group and kind.type != GROUPS and not kind.on_others:
            scope = f"/subscriptions/{at.subscription}"
        return Answer.of({"value": [self.show(found, kind) for found, _ in self.below(scope, kind.type)]})

    def show(self, at: Where, kind: Kind) -> Body:
        """A resource as a GET answers it.

        Raises:
            ArmError: It is not there.
        """
        held = self.held.get(at.key)
        if held is None:
            there = kind.default(at)
            if there is None:
                if kind.type == GROUPS:
                    raise ArmError(404, "ResourceGroupNotFound", f"Resource group '{at.name}' could not be found.")
                raise not_found(f"{kind.type}/{at.name}", at.group)
            held = {**there, "id": at.id, "name": at.name, "type": kind.type}
        return {"id": held["id"], "name": held["name"], "type": held["type"], **kind.shown(at, held)}

    def _write(self, request: Request, at: Where, kind: Kind, who: Principal) -> Answer:
        self.authority.check_locks(at.id, "write")
        old = self.held.get(at.key) or kind.default(at)
        if request.method == "PATCH" and old is None:
            raise not_found(f"{kind.type}/{at.name}", at.group)
        body = request.json()
        if request.method == "PATCH":
            body = _merged(old or {}, body)
        at = located((old or {}).get("id", at.id))
        at = Where(at.id, kind.type, at.name, at.scope)
        new = kind.prepare(at, body, old, who)
        self.hold(at, new)
        kind.stored(at, self.held[at.key], old is None)
        return Answer.of(self.show(at, kind), kind.made if old is None and not kind.tracked else 200)

    def _delete(self, at: Where, kind: Kind) -> Answer:
        if at.key not in self.held:
            there = kind.default(at)
            if there is not None and not kind.deletable_default:
                raise ArmError(405, "MethodNotAllowed", f"'{at.id}' is there with its parent, and cannot be deleted.")
            if there is None:
                return Answer(204)
            self.hold(at, there)
        self.authority.check_locks(at.id, "delete", [held["id"] for _, held in self.below(at.id)])
        shown = self.show(at, kind)
        self.drop(at.id)
        return Answer.of(shown) if kind.on_others else Answer(200)


def _merged(old: Any, new: Any) -> Any:
    """A merge patch: objects are merged, everything else is replaced, null takes off."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {k: _merged(old.get(k), new[k]) if k in new else old[k] for k in {**old, **new} if new.get(k, 0) is not None}
