"""The JSON API of Cloud Storage: buckets, policies and objects, for callers with a token."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any
from urllib.parse import unquote

from sandbox.clouds.gcp.apis.directory import Caller
from sandbox.clouds.gcp.apis.kms import ENCRYPT, KeyRefused
from sandbox.clouds.gcp.apis.web import Answer, ApiError, Request, Router
from sandbox.clouds.gcp.storage import buckets
from sandbox.clouds.gcp.storage.buckets import Bucket
from sandbox.clouds.gcp.storage.store import Object, Store

_PRECONDITIONS = ("ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch", "ifMetagenerationNotMatch")


class JsonApi:
    """The API.

    Args:
        store: Buckets and objects.
    """

    def __init__(self, store: Store) -> None:
        self.store, self.endpoint = store, store.endpoint
        self._sessions: dict[str, tuple[str, Bucket]] = {}
        self.router = Router()
        add, one = self.router.add, "/storage/v1/b/{bucket}"
        add("GET", "/storage/v1/projects/{project}/serviceAccount", self.agent)
        add("POST", "/storage/v1/b", self.insert)
        add("GET", "/storage/v1/b", self.list)
        add("GET", one, self.get)
        add("PATCH", one, self.patch)
        add("DELETE", one, self.delete)
        add("GET", one + "/iam", self.get_policy)
        add("PUT", one + "/iam", self.set_policy)
        add("GET", one + "/iam/testPermissions", self.test)
        for path in ("acl", "defaultObjectAcl"):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                add(method, f"{one}/{path}", self.no_acl)
        add("GET", one + "/o", self.list_objects)
        add("POST", one + "/o/{name}/restore", self.restore)
        add("POST", one + "/o/{name}/{verb}/b/{target}/o/{copy}", self.rewrite)
        add("GET", one + "/o/{name}", self.get_object)
        add("PATCH", one + "/o/{name}", self.patch_object)
        add("DELETE", one + "/o/{name}", self.delete_object)
        add("GET", "/download/storage/v1/b/{bucket}/o/{name}", self.get_object)
        add("POST", "/upload/storage/v1/b/{bucket}/o", self.upload)
        add("PUT", "/upload/storage/v1/b/{bucket}/o", self.resume)
        add("DELETE", "/upload/storage/v1/b/{bucket}/o", self.cancel)

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Args:
            request: The request.
        """
        try:
            return self.router(request)
        except KeyRefused as refusal:
            raise ApiError(
                refusal.status, refusal.message, "failedPrecondition" if refusal.status == 400 else ""
            ) from None

    # -- rights
    def _bucket(
        self, request: Request, bucket: str, permission: str, name: str = "", prefix: str = ""
    ) -> tuple[Caller, Bucket]:
        caller, found = self.store.directory.caller(request), self.store.bucket(bucket)
        if found is None:
            raise ApiError(404, "The specified bucket does not exist.") if caller.email else _denied(caller, permission)
        if not self.store.may(caller, permission, found, name, prefix):
            raise _denied(caller, permission)
        return caller, found

    def _object(
        self, request: Request, bucket: str, name: str, permission: str, generation: str = "generation"
    ) -> tuple[Caller, Bucket, Object]:
        caller, where = self._bucket(request, bucket, permission, name)
        asked = {"generation": request.one(generation), "softDeleted": request.one("softDeleted")}
        query = {k: v for k, v in asked.items() if v}
        found = self.store.find(bucket, name, query)
        if found is None:
            if not self.store.may(caller, "storage.objects.list", where):
                raise _denied(caller, "storage.objects.list")
            raise ApiError(404, f"No such object: {bucket}/{name}")
        _preconditions(request, found)
        return caller, where, found

    # -- buckets
    def agent(self, request: Request, project: str) -> Answer:
        where, caller = self.store.directory.project(project), self.store.directory.caller(request)
        self.store.directory.demand(caller, "resourcemanager.projects.get", where)
        return Answer.of({"kind": "storage#serviceAccount", "email_address": where.storage_agent})

    def insert(self, request: Request) -> Answer:
        directory = self.store.directory
        caller, project = directory.caller(request), directory.project(request.one("project"))
        if not caller.email or not directory.allows(caller, "storage.buckets.create", project):
            raise _denied(caller, "storage.buckets.create", "project")
        made = buckets.new(request.json())
        self._check_key(made, project.storage_agent)
        self.store.make(made, project)
        return self._shown(made["name"])

    def _check_key(self, bucket: Bucket, agent: str) -> None:
        if key := buckets.default_key(bucket):
            self.store.kms.use(agent, key, ENCRYPT)

    def _shown(self, name: str) -> Answer:
        found = self.store.bucket(name)
        assert found is not None
        return Answer.of(buckets.shown(found, self.store.project(name), self.endpoint))

    def list(self, request: Request) -> Answer:
        directory = self.store.directory
        caller, project = directory.caller(request), directory.project(request.one("project"))
        if not caller.email or not directory.allows(caller, "storage.buckets.list", project):
            raise _denied(caller, "storage.buckets.list", "project")
        names = [n for n in self.store.names(project) if n.startswith(request.one("prefix"))]
        found = [(name, self.store.bucket(name)) for name in names]
        return Answer.of({"kind": "storage#buckets", "items": [buckets.shown(b, self.store.project(n), self.endpoint) for n, b in found if b]})  # fmt: skip

    def get(self, request: Request, bucket: str) -> Answer:
        self._bucket(request, bucket, "storage.buckets.get")
        return self._shown(bucket)

    def patch(self, request: Request, bucket: str) -> Answer:
        _, found = self._bucket(request, bucket, "storage.buckets.update")
        _preconditions(request, found)
        changed = buckets.patched(found, request.json())
        if buckets.default_key(changed) != buckets.default_key(found):
            self._check_key(changed, self.store.project(bucket).storage_agent)
        self.store.keep(changed)
        return self._shown(bucket)

    def delete(self, request: Request, bucket: str) -> Answer:
        _, found = self._bucket(request, bucket, "storage.buckets.delete")
        _preconditions(request, found)
        self.store.drop(bucket)
        return Answer(204)

    # -- policies
    def get_policy(self, request: Request, bucket: str) -> Answer:
        self._bucket(request, bucket, "storage.buckets.getIamPolicy")
        name = self.store.resource(bucket)
        policy = self.store.directory.policies.get(name, int(request.one("optionsRequestedPolicyVersion", "1")))
        return Answer.of({"kind": "storage#policy", "resourceId": name, **policy})

    def set_policy(self, request: Request, bucket: str) -> Answer:
        _, found = self._bucket(request, bucket, "storage.buckets.setIamPolicy")
        body, name = request.json(), self.store.resource(bucket)
        if not buckets.uniform(found) and any("condition" in b for b in body.get("bindings") or []):
            raise ApiError(400, "Conditions in a bucket's policy need uniform bucket-level access.")
        policy = self.store.directory.policies.set(name, body, bucket=True, public=not buckets.closed(found))
        return Answer.of({"kind": "storage#policy", "resourceId": name, **policy})

    def test(self, request: Request, bucket: str) -> Answer:
        caller, found = self.store.directory.caller(request), self.store.bucket(bucket)
        if found is None:
            raise ApiError(404, "The specified bucket does not exist.")
        held = [p for p in request.query.get("permissions", []) if self.store.may(caller, p, found)]
        return Answer.of({"kind": "storage#testIamPermissionsResponse", "permissions": held})

    def no_acl(self, request: Request, bucket: str) -> Answer:
        _, found = self._bucket(request, bucket, "storage.buckets.getIamPolicy")
        if buckets.uniform(found):
            raise ApiError(
                400, "Cannot use ACL API to update bucket policy when uniform bucket-level access is enabled."
            )
        raise ApiError(501, "Access control lists are not carried out by the local cloud.")

    # -- objects
    def list_objects(self, request: Request, bucket: str) -> Answer:
        self._bucket(request, bucket, "storage.objects.list", prefix=request.one("prefix"))
        if request.one("pageToken"):
            raise ApiError(501, "A listing is one page in the local cloud.")
        query = {
            k: request.one(k) for k in ("prefix", "delimiter", "versions", "softDeleted", "matchGlob") if request.one(k)
        }
        answer = self.store.call("GET", f"/storage/v1/b/{bucket}/o", query)
        found = json.loads(answer.body)
        return Answer.of({**found, "items": [self.store.shown(o) for o in found.get("items", [])]})

    def get_object(self, request: Request, bucket: str, name: str) -> Answer:
        _, where, found = self._object(request, bucket, unquote(name), "storage.objects.get")
        if request.one("alt") != "media":
            return Answer.of(found)
        if request.one("softDeleted"):
            raise ApiError(400, "The content of a soft-deleted object cannot be read; restore it.")
        self.store.check_readable(where, found)
        answer = self.store.content(found, dict(request.headers))
        answer.headers = _content_headers(answer.headers) | {
            "X-Goog-Generation": found["generation"],
            "ETag": found["etag"],
        }
        return answer

    def patch_object(self, request: Request, bucket: str, name: str) -> Answer:
        _, _, found = self._object(request, bucket, unquote(name), "storage.objects.update")
        if request.json().get("acl"):
            raise ApiError(
                400, "Cannot update access control for an object when uniform bucket-level access is enabled."
            )
        path = self.store.object_path(bucket, found["name"])
        done = self.store.call("PATCH", path, body=request.body, headers={"Content-Type": "application/json"})
        return Answer.of(self.store.shown(json.loads(done.body)))

    def delete_object(self, request: Request, bucket: str, name: str) -> Answer:
        self._object(request, bucket, unquote(name), "storage.objects.delete")
        self.store.delete(bucket, unquote(name), request.one("generation"))
        return Answer(204)

    def restore(self, request: Request, bucket: str, name: str) -> Answer:
        plain = unquote(name)
        for permission in ("storage.objects.restore", "storage.objects.create"):
            caller, where = self._bucket(request, bucket, permission, plain)
        found = self.store.find(bucket, plain, {"softDeleted": "true", "generation": request.one("generation")})
        if found is None:
            raise ApiError(404, f"No such object: {bucket}/{plain}")
        self._overwrite(caller, where, plain)
        return Answer.of(self.store.restore(where, found))

    def rewrite(self, request: Request, bucket: str, name: str, verb: str, target: str, copy: str) -> Answer:
        if verb not in ("rewriteTo", "copyTo"):
            raise ApiError(404, f"{verb} is not carried out by the local cloud")
        caller, where, found = self._object(request, bucket, unquote(name), "storage.objects.get", "sourceGeneration")
        _, goal = self._bucket(request, target, "storage.objects.create", unquote(copy))
        self._overwrite(caller, goal, unquote(copy))
        self.store.check_readable(where, found)
        content = self.store.content(found, {}).body
        kept = {k: found[k] for k in ("contentType", "metadata", "cacheControl", "contentEncoding") if k in found}
        made = self.store.write(goal, unquote(copy), content, {**kept, **request.json()})
        if verb == "copyTo":
            return Answer.of(made)
        size = str(len(content))
        return Answer.of({"kind": "storage#rewriteResponse", "totalBytesRewritten": size, "objectSize": size, "done": True, "resource": made})  # fmt: skip

    def _overwrite(self, caller: Caller, bucket: Bucket, name: str) -> None:
        """To replace an object one must be allowed to delete it."""
        if self.store.find(bucket["name"], name) and not self.store.may(caller, "storage.objects.delete", bucket, name):
            raise _denied(caller, "storage.objects.delete")

    # -- uploads
    def upload(self, request: Request, bucket: str) -> Answer:
        kind = request.one("uploadType")
        if request.one("upload_id"):
            return self.resume(request, bucket)
        metadata, content = _parts(request) if kind == "multipart" else (_described(request, kind), request.body)
        name = request.one("name") or metadata.get("name", "")
        if not name:
            raise ApiError(400, "Required: the object's name.")
        caller, where = self._bucket(request, bucket, "storage.objects.create", name)
        self._overwrite(caller, where, name)
        _preconditions(request, self.store.find(bucket, name) or {"generation": "0", "metageneration": "0"})
        if request.one("predefinedAcl") or metadata.get("acl"):
            raise ApiError(400, "Cannot insert legacy ACL for an object when uniform bucket-level access is enabled.")
        if request.one("kmsKeyName") or metadata.get("kmsKeyName"):
            raise ApiError(501, "A key of an object's own is not carried out by the local cloud.")
        if kind != "resumable":
            return Answer.of(self.store.write(where, name, content, metadata))
        self.store.key_for_writing(where)
        metadata["contentType"] = metadata.get("contentType") or request.headers.get(
            "x-upload-content-type", "application/octet-stream"
        )
        session = secrets.token_urlsafe(24)
        self._sessions[session] = self.store.begin(bucket, name, metadata), where
        place = f"{self.endpoint}/upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={session}"
        return Answer(200, b"", {"Location": place, "X-GUploader-UploadID": session})

    def resume(self, request: Request, bucket: str) -> Answer:
        """The session's address is the right to write: no token is asked for, as with the real one."""
        if request.one("upload_id") not in self._sessions:
            raise ApiError(404, "There is no such upload.")
        place, where = self._sessions[request.one("upload_id")]
        version = self.store.key_for_writing(where)
        kept = {k: v for k, v in request.headers.items() if k == "content-range"}
        done = self.store.call(
            "PUT", place, body=request.body, headers={**kept, "Content-Type": "application/octet-stream"}
        )
        if done.status == 308:
            return Answer(308, b"", {k: v for k, v in done.headers.items() if k.lower() == "range"})
        del self._sessions[request.one("upload_id")]
        return Answer.of(self.store.written(done, version))

    def cancel(self, request: Request, bucket: str) -> Answer:
        """Give a session up; Google answers 499, which says that the client has closed the request."""
        if self._sessions.pop(request.one("upload_id"), None) is None:
            raise ApiError(404, "There is no such upload.")
        return Answer(499)


def _denied(caller: Caller, permission: str, what: str = "bucket") -> ApiError:
    text = f"{caller} does not have {permission} access to the Google Cloud {'project' if what == 'project' else 'Storage resource'}. Permission '{permission}' denied on resource (or it may not exist)."
    return ApiError(403 if caller.email else 401, text)


def _preconditions(request: Request, found: dict[str, Any]) -> None:
    for name in _PRECONDITIONS:
        if name not in request.query:
            continue
        part = "metageneration" if "Meta" in name else "generation"
        if (str(found.get(part)) == request.one(name)) == ("Not" in name):
            raise ApiError(412, f"At least one of the pre-conditions you specified did not hold: {name}.")


def _content_headers(headers: dict[str, str]) -> dict[str, str]:
    kept = ("content-type", "content-range", "x-goog-hash", "content-disposition")
    return {k: v for k, v in headers.items() if k.lower() in kept or k.lower().startswith("x-goog-meta-")}


def _described(request: Request, kind: str) -> dict[str, Any]:
    if kind == "media":
        return {"contentType": request.headers.get("content-type", "application/octet-stream")}
    if kind == "resumable":
        return request.json()
    raise ApiError(400, f"Invalid upload type: {kind!r}.")


def _parts(request: Request) -> tuple[dict[str, Any], bytes]:
    """The metadata and the content of a multipart upload."""
    found = re.search(r'boundary="?([^";]+)"?', request.headers.get("content-type", ""))
    pieces = request.body.split(b"--" + found[1].encode()) if found else []
    if len(pieces) != 4:
        raise ApiError(400, "Malformed multipart body.")
    split = [piece.removeprefix(b"\r\n").split(b"\r\n\r\n", 1) for piece in pieces[1:3]]
    metadata, (head, content) = json.loads(split[0][1]), split[1]
    kind = re.search(rb"(?i)content-type:\s*([^\r\n]+)", head)
    metadata.setdefault("contentType", kind[1].decode() if kind else "application/octet-stream")
    return metadata, content.removesuffix(b"\r\n")
