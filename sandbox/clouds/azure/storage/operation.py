"""What a request to the blob service does, and which right that takes."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.clouds.azure.apis.web import Request
from sandbox.clouds.azure.storage.refusal import not_carried_out

_SERVICE = "Microsoft.Storage/storageAccounts/blobServices"
_CONTAINERS = f"{_SERVICE}/containers"
_BLOBS = f"{_CONTAINERS}/blobs"
_NEW_STATE = ("", "blocklist", "metadata")
"""What a PUT may do to a blob that makes a version of it."""


@dataclass(frozen=True)
class Operation:
    """What a request does.

    Args:
        action: The right by role.
        data: Whether it is a right on data.
        letter: The right in a shared access signature.
        blob: Whether it touches the content of blobs.
        writes: Whether it leaves a blob in a new state, so that there is a version of the one before.
        deletes: Whether it deletes a blob.
    """

    action: str
    data: bool = False
    letter: str = ""
    blob: bool = False
    writes: bool = False
    deletes: bool = False


def operation(request: Request, container: str, blob: str) -> Operation:
    """What a request does.

    Args:
        request: The request.
        container: The container; empty for the account itself.
        blob: The blob; empty for a container.
    """
    comp, method, kind = request.one("comp"), request.method, request.one("restype")
    if comp == "batch":
        raise not_carried_out("A batch of requests")
    if not container:
        if comp == "userdelegationkey":
            return Operation(f"{_SERVICE}/generateUserDelegationKey/action")
        if comp == "list":
            return Operation(f"{_CONTAINERS}/read", letter="l")
        if method == "PUT":
            raise not_carried_out("A change of the blob service's properties other than by Resource Manager")
        return Operation(f"{_SERVICE}/read", letter="r")
    if not blob and kind == "container":
        return _on_container(method, comp)
    return _on_blob(method, comp, "versionid" in request.query)


def _on_container(method: str, comp: str) -> Operation:
    if comp == "list":
        return Operation(f"{_BLOBS}/read", data=True, letter="l", blob=True)
    if comp == "acl":
        return Operation(f"{_CONTAINERS}/{'getAcl' if method in ('GET', 'HEAD') else 'setAcl'}/action")
    if method in ("GET", "HEAD"):
        return Operation(f"{_CONTAINERS}/read", letter="r")
    if method == "DELETE":
        return Operation(f"{_CONTAINERS}/delete", letter="d")
    return Operation(f"{_CONTAINERS}/write", letter="w" if comp else "c")


def _on_blob(method: str, comp: str, version: bool) -> Operation:
    if method in ("GET", "HEAD"):
        if comp == "tags":
            return Operation(f"{_BLOBS}/tags/read", data=True, letter="t")
        return Operation(f"{_BLOBS}/read", data=True, letter="r", blob=True)
    if method == "DELETE":
        if version:
            return Operation(f"{_BLOBS}/deleteBlobVersion/action", data=True, letter="x", blob=True)
        return Operation(f"{_BLOBS}/delete", data=True, letter="d", blob=True, deletes=True)
    if comp == "tags":
        return Operation(f"{_BLOBS}/tags/write", data=True, letter="t")
    return Operation(f"{_BLOBS}/write", data=True, letter="w", blob=True, writes=comp in _NEW_STATE)
