"""The look-ups (invokes) that programs use."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.providers.framework.resource import Props
from sandbox.providers.gcp.cloud import Gcp


def project(cloud: Gcp, args: Props) -> Props:
    asked = args.get("projectId") or cloud.project
    found = cloud.call("resourcemanager", "GET", f"projects/{asked}")
    return {
        "autoCreateNetwork": True,
        "billingAccount": "",
        "deletionPolicy": "PREVENT",
        "effectiveLabels": found.get("labels") or {},
        "folderId": "",
        "id": f"projects/{found['projectId']}",
        "labels": found.get("labels") or {},
        "name": found["name"],
        "number": found["projectNumber"],
        "orgId": "",
        "projectId": found["projectId"],
        "pulumiLabels": {},
        "tags": {},
    }


def project_service_account(cloud: Gcp, args: Props) -> Props:
    asked = args.get("project") or cloud.project
    email = cloud.call("storage", "GET", f"projects/{asked}/serviceAccount")["email_address"]
    return {
        "emailAddress": email,
        "id": email,
        "member": f"serviceAccount:{email}",
        "project": asked,
        "userProject": args.get("userProject"),
    }


def client_config(cloud: Gcp, args: Props) -> Props:
    region, zone = cloud.settings.get("region") or "", cloud.settings.get("zone") or ""
    return {
        "accessToken": cloud.token(),
        "defaultLabels": cloud.default_labels,
        "id": f"projects/{cloud.settings.get('project')}/regions/{region}/zones/{zone}",
        "project": cloud.settings.get("project"),
        "region": region,
        "zone": zone,
    }


FUNCTIONS: Mapping[str, Callable[[Any, Props], Props]] = {
    "gcp:organizations/getClientConfig:getClientConfig": client_config,
    "gcp:organizations/getProject:getProject": project,
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": project_service_account,
}
