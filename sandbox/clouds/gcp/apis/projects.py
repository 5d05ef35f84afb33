"""The Resource Manager API: a project's number, which names its service agents, and its policy."""

from __future__ import annotations

from sandbox.clouds.gcp.apis.directory import Directory
from sandbox.clouds.gcp.apis.policies import policy_calls
from sandbox.clouds.gcp.apis.web import Answer, Request, Router


def add_routes(router: Router, directory: Directory) -> None:
    """Serve the API, in both of its versions.

    Args:
        router: Where.
        directory: Who there is.
    """

    def get(request: Request, project: str) -> Answer:
        where = directory.project(project)
        directory.demand(directory.caller(request), "resourcemanager.projects.get", where)
        made = "2026-01-01T00:00:00.000Z"
        if request.path.startswith("/v3/"):
            return Answer.of({"name": f"projects/{where.number}", "projectId": where.id, "displayName": where.id, "state": "ACTIVE", "createTime": made})  # fmt: skip
        return Answer.of({"projectNumber": where.number, "projectId": where.id, "name": where.id, "lifecycleState": "ACTIVE", "createTime": made})  # fmt: skip

    def policy(request: Request, project: str, verb: str) -> Answer:
        where, caller = directory.project(project), directory.caller(request)
        return policy_calls(
            directory.policies, request, where.name, verb,
            lambda permission: directory.demand(caller, permission, where),
            lambda permission: directory.allows(caller, permission, where),
            "resourcemanager.projects",
        )  # fmt: skip

    for version in ("v1", "v3"):
        router.add("GET", f"/{version}/projects/{{project}}", get)
        router.add("POST", f"/{version}/projects/{{project}}:{{verb}}", policy)
        router.add("GET", f"/{version}/projects/{{project}}:{{verb}}", policy)
