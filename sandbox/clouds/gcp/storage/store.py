"""Buckets and objects: kept by the emulator, with the rights, keys and bucket rules of ours around them."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sandbox.clouds.gcp.apis.conditions import Subject
from sandbox.clouds.gcp.apis.directory import Caller, Directory, Project
from sandbox.clouds.gcp.apis.kms import DECRYPT, ENCRYPT, KeyRefused, Kms
from sandbox.clouds.gcp.apis.web import Answer, ApiError
from sandbox.clouds.gcp.storage.buckets import CARRIED_OUT, Bucket, closed, default_key

Object = dict[str, Any]


class Store:
    """What lies where, and who may touch it.

    Args:
        directory: Who there is.
        kms: The keys.
        port: The emulator's.
        endpoint: The address that clients know.
    """

    def __init__(self, directory: Directory, kms: Kms, port: int, endpoint: str) -> None:
        self.directory, self.kms, self._port, self.endpoint = directory, kms, port, endpoint
        self._projects: dict[str, str] = {}
        self._versions: dict[tuple[str, str, str], str] = {}

    # -- the emulator
    def call(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask the emulator.

        Args:
            method: In capitals.
            path: Percent-encoded.
            query: Parameters.
            body: The body.
            headers: More headers.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path + (f"?{urlencode(query)}" if query else ""), body, headers or {})
            found = connection.getresponse()
            return Answer(found.status, found.read(), dict(found.getheaders()))
        finally:
            connection.close()

    @staticmethod
    def object_path(bucket: str, name: str, beginning: str = "/storage/v1") -> str:
        """The emulator's path of an object."""
        return f"{beginning}/b/{bucket}/o/{quote(name, safe='')}"

    # -- buckets
    def bucket(self, name: str) -> Bucket | None:
        """A bucket as it is kept; None when there is none."""
        if name not in self._projects:
            return None
        found: Bucket = json.loads(self.call("GET", f"/storage/v1/b/{name}").body)
        return found

    def project(self, bucket: str) -> Project:
        """Where a bucket lies."""
        return self.directory.projects[self._projects[bucket]]

    def names(self, project: Project) -> list[str]:
        """The buckets of a project."""
        return sorted(name for name, where in self._projects.items() if where == project.id)

    def make(self, bucket: Bucket, project: Project) -> None:
        """Keep a new bucket.

        Args:
            bucket: Complete.
            project: Where it shall lie.

        Raises:
            ApiError: There is one of that name.
        """
        made = self.call("POST", "/storage/v1/b", body=json.dumps({"name": bucket["name"]}).encode(), headers=_JSON)
        if made.status == 409:
            mine = self._projects.get(bucket["name"]) == project.id
            raise ApiError(409, "Your previous request to create the named bucket succeeded and you already own it." if mine else "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")  # fmt: skip
        self._projects[bucket["name"]] = project.id
        self.keep(bucket)
        owners = [f"projectEditor:{project.id}", f"projectOwner:{project.id}"]
        viewers = [f"projectViewer:{project.id}"]
        self.directory.policies.put(
            self.resource(bucket["name"]),
            [
                {"role": f"roles/storage.legacy{kind}", "members": members}
                for kind, members in (("BucketOwner", owners), ("BucketReader", viewers), ("ObjectOwner", owners), ("ObjectReader", viewers))
            ],
        )  # fmt: skip

    def keep(self, bucket: Bucket) -> None:
        """Write a bucket's settings; what it no longer has is emptied.

        Args:
            bucket: Complete.
        """
        body = {
            name: bucket.get(name) or ([] if name == "cors" else {}) for name in CARRIED_OUT if name != "storageClass"
        }
        body |= {"storageClass": bucket["storageClass"], "location": bucket["location"]}
        self.call("PATCH", f"/storage/v1/b/{bucket['name']}", body=json.dumps(body).encode(), headers=_JSON)

    def drop(self, name: str) -> None:
        """Delete a bucket.

        Raises:
            ApiError: It is not empty.
        """
        if self.call("DELETE", f"/storage/v1/b/{name}").status == 409:
            raise ApiError(409, "The bucket you tried to delete is not empty.")
        del self._projects[name]
        self.directory.policies.forget(self.resource(name))
        self._versions = {k: v for k, v in self._versions.items() if k[0] != name}

    @staticmethod
    def resource(bucket: str) -> str:
        """A bucket's name in policies and conditions."""
        return f"projects/_/buckets/{bucket}"

    # -- rights
    def may(self, caller: Caller, permission: str, bucket: Bucket, name: str = "", prefix: str = "") -> bool:
        """Whether somebody may do something.

        Args:
            caller: Who.
            permission: What.
            bucket: Where.
            name: The object, when it is about one.
            prefix: The prefix of a listing.
        """
        resource = self.resource(bucket["name"])
        if name:
            subject = Subject(f"{resource}/objects/{name}", "storage.googleapis.com/Object")
        else:
            subject = Subject(resource, "storage.googleapis.com/Bucket", prefix)
        chain = [resource, *(["publicAccessPrevention"] if closed(bucket) else [])]
        return self.directory.allows(caller, permission, self.project(bucket["name"]), *chain, subject=subject)

    # -- objects
    def find(self, bucket: str, name: str, query: dict[str, str] | None = None) -> Object | None:
        """An object's metadata; None when it is not there.

        Args:
            bucket: Where.
            name: Its name.
            query: `generation`, `softDeleted`.
        """
        answer = self.call("GET", self.object_path(bucket, name), query)
        return self.shown(json.loads(answer.body)) if answer.status == 200 else None

    def shown(self, found: Object) -> Object:
        """An object's metadata with its key, as clients see it."""
        kept = {k: v for k, v in found.items() if k != "acl" and v is not None}
        generation, path = found["generation"], self.object_path(found["bucket"], found["name"])
        kept |= {
            "id": f"{found['bucket']}/{found['name']}/{generation}",
            "selfLink": f"{self.endpoint}{path}",
            "mediaLink": f"{self.endpoint}/download{path}?generation={generation}&alt=media",
            "size": str(found.get("size", 0)),
        }
        if version := self._versions.get(_id(found)):
            kept["kmsKeyName"] = version
        return kept

    def write(self, bucket: Bucket, name: str, content: bytes, metadata: Object) -> Object:
        """Keep an object, whatever its bytes and type are: by a resumable upload, the one way that does not look into them.

        Args:
            bucket: Where.
            name: Its name.
            content: Its bytes.
            metadata: Type, checksums and the like.

        Raises:
            KeyRefused: Its key cannot be used.
            ApiError: The checksum is wrong.
        """
        version = self.key_for_writing(bucket)
        session = self.begin(bucket["name"], name, metadata)
        done = self.call("PUT", session, body=content, headers={"Content-Type": "application/octet-stream"})
        return self.written(done, version)

    def begin(self, bucket: str, name: str, metadata: Object) -> str:
        """Begin a resumable upload; gives the emulator's address for it."""
        body = {k: v for k, v in metadata.items() if v is not None}
        made = self.call("POST", f"/upload/storage/v1/b/{bucket}/o", {"uploadType": "resumable", "name": name}, json.dumps(body).encode(), _JSON)  # fmt: skip
        where = urlsplit(made.headers["Location"])
        return f"{where.path}?{where.query}"

    def written(self, done: Answer, version: str) -> Object:
        """The object that an upload's end made.

        Args:
            done: The emulator's answer.
            version: Its key version.
        """
        if done.status != 200:
            raise ApiError(done.status, _message(done))
        found: Object = json.loads(done.body)
        if version:
            self._versions[_id(found)] = version
        return self.shown(found)

    def key_for_writing(self, bucket: Bucket) -> str:
        """The key version that an object written now is encrypted with; empty for Google's own key.

        Raises:
            KeyRefused: It cannot be used.
        """
        key = default_key(bucket)
        return self.kms.use(self.project(bucket["name"]).storage_agent, key, ENCRYPT) if key else ""

    def check_readable(self, bucket: Bucket, found: Object) -> None:
        """Refuse when the key that an object was written with cannot be used.

        Raises:
            KeyRefused: That is so.
        """
        if version := self._versions.get(_id(found)):
            agent = self.project(bucket["name"]).storage_agent
            self.kms.use(agent, version.split("/cryptoKeyVersions/")[0], DECRYPT, version)

    def content(self, found: Object, headers: dict[str, str]) -> Answer:
        """An object's bytes.

        Args:
            found: Its metadata.
            headers: The request's; only the range counts.
        """
        asked = {k: v for k, v in headers.items() if k == "range"}
        path = self.object_path(found["bucket"], found["name"], "/download/storage/v1")
        live = json.loads(self.call("GET", self.object_path(found["bucket"], found["name"])).body or b"{}")
        query = {} if live.get("generation") == found["generation"] else {"generation": found["generation"]}
        return self.call("GET", path, {**query, "alt": "media"}, headers=asked)

    def delete(self, bucket: str, name: str, generation: str = "") -> bool:
        """Delete an object or a generation; whether there was one."""
        query = {"generation": generation} if generation else None
        return self.call("DELETE", self.object_path(bucket, name), query).status == 200

    def restore(self, bucket: Bucket, found: Object) -> Object:
        """Bring a soft-deleted generation back as a new one.

        Args:
            bucket: Where.
            found: The deleted one.

        Raises:
            KeyRefused: A key cannot be used.
        """
        self.check_readable(bucket, found)
        version = self.key_for_writing(bucket)
        done = self.call(
            "POST", self.object_path(found["bucket"], found["name"]) + "/restore", {"generation": found["generation"]}
        )
        return self.written(done, version)


_JSON = {"Content-Type": "application/json"}


def _id(found: Object) -> tuple[str, str, str]:
    return found["bucket"], found["name"], str(found["generation"])


def _message(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"the emulator answered {answer.status}"


__all__ = ["KeyRefused", "Object", "Store"]
