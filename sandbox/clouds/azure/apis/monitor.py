"""Diagnostic settings: where an account's logs would go. The setting is kept, and no log is written."""

from __future__ import annotations

from sandbox.clouds.azure.apis.directory import Principal
from sandbox.clouds.azure.apis.ids import Where
from sandbox.clouds.azure.apis.kind import Body, Kind, properties
from sandbox.clouds.azure.apis.web import ArmError, refused

_CATEGORIES = {"StorageRead", "StorageWrite", "StorageDelete"}
_GROUPS = {"audit", "allLogs"}
_SINKS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId")


class DiagnosticSettings(Kind):
    """Diagnostic settings of anything; at most five on one resource, and one category to one place only once."""

    type = "Microsoft.Insights/diagnosticSettings"
    made = 200
    on_others = True

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        said = properties(body)
        logs, metrics = said.get("logs") or [], said.get("metrics") or []
        if not any(said.get(sink) for sink in _SINKS):
            raise refused("BadRequest", "At least one data sink needs to be specified.")
        if not logs and not metrics:
            raise refused("BadRequest", "At least one of the log or metric categories must be given.")
        for one in logs:
            name = one.get("category") or one.get("categoryGroup")
            if name not in _CATEGORIES | _GROUPS:
                raise refused("BadRequest", f"Category '{name}' is not supported.")
        if (store := said.get("storageAccountId")) and not self.arm.exists(store):
            raise refused("BadRequest", f"The storage account '{store}' could not be found.")
        others = [held for found, held in self.arm.below(at.scope, self.type) if found.key != at.key and found.scope.lower() == at.scope.lower()]  # fmt: skip
        if len(others) >= 5:
            raise refused("BadRequest", "A resource has at most five diagnostic settings.")
        mine = {one.get("category") or one.get("categoryGroup") for one in logs if one.get("enabled")}
        for held in others:
            theirs = held["properties"]
            used = {one.get("category") or one.get("categoryGroup") for one in theirs["logs"] if one.get("enabled")}
            if mine & used and any(said.get(sink) and said.get(sink) == theirs.get(sink) for sink in _SINKS):
                raise ArmError(409, "Conflict", f"Data sink is already used in diagnostic setting '{held['name']}' for category '{sorted(map(str, mine & used))[0]}'. Data sinks can't be reused in different settings on the same category for the same resource.")  # fmt: skip
        return {"properties": {**said, "logs": logs, "metrics": metrics}}
