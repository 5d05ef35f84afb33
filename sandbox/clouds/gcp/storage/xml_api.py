"""The XML API of Cloud Storage for objects: what signed URLs and browsers use."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import unquote
from xml.sax.saxutils import escape

from sandbox.clouds.gcp.apis.directory import Caller
from sandbox.clouds.gcp.apis.kms import KeyRefused
from sandbox.clouds.gcp.apis.web import Answer, ApiError, Request
from sandbox.clouds.gcp.storage import cors
from sandbox.clouds.gcp.storage.buckets import Bucket
from sandbox.clouds.gcp.storage.signatures import BadSignature, signer
from sandbox.clouds.gcp.storage.store import Object, Store

_PERMISSION = {"GET": "storage.objects.get", "HEAD": "storage.objects.get", "PUT": "storage.objects.create", "DELETE": "storage.objects.delete"}  # fmt: skip


class XmlApi:
    """The API.

    Args:
        store: Buckets and objects.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def __call__(self, request: Request) -> Answer:
        """Answer a request; CORS headers are on refusals, too.

        Args:
            request: The request.
        """
        bucket, _, name = request.path.lstrip("/").partition("/")
        found = self.store.bucket(unquote(bucket))
        rules = (found or {}).get("cors") or []
        if request.method == "OPTIONS":
            return Answer(200, b"", cors.preflight(rules, request.headers))
        try:
            answer = self._answer(request, found, unquote(name))
        except BadSignature as refusal:
            answer = _refused(refusal.status, refusal.code, refusal.message)
        except KeyRefused as refusal:
            answer = _refused(
                refusal.status, "AccessDenied" if refusal.status == 403 else "InvalidArgument", refusal.message
            )
        except ApiError as refusal:
            answer = _refused(refusal.code, _CODES.get(refusal.code, "InvalidArgument"), refusal.message)
        answer.headers |= cors.simple(rules, request.headers, request.method)
        return answer

    def _caller(self, request: Request) -> Caller:
        if "X-Goog-Signature" in request.query:
            headers = dict(request.headers)
            return Caller(signer(request.method, request.target, headers, self.store.directory.public_keys))
        if "GoogleAccessId" in request.query or "X-Amz-Signature" in request.query:
            raise BadSignature(
                400, "InvalidArgument", "Only signatures of version 4 are carried out by the local cloud."
            )
        return self.store.directory.caller(request)

    def _answer(self, request: Request, bucket: Bucket | None, name: str) -> Answer:
        caller = self._caller(request)
        if bucket is None:
            return _refused(404, "NoSuchBucket", "The specified bucket does not exist.")
        permission = _PERMISSION.get(request.method, "storage.objects.get") if name else "storage.objects.list"
        self._demand(caller, permission, bucket, name)
        if (
            not name
            or request.method not in _PERMISSION
            or request.query.keys() & {"uploads", "uploadId", "acl", "compose"}
        ):
            raise ApiError(501, f"{request.method} of this kind is not carried out by the local cloud's XML API.")
        if request.method == "PUT":
            return self._put(request, caller, bucket, name)
        generation = request.one("generation")
        found = self.store.find(bucket["name"], name, {"generation": generation} if generation else None)
        if found is None:
            self._demand(caller, "storage.objects.list", bucket)
            return _refused(404, "NoSuchKey", "The specified key does not exist.")
        if request.method == "DELETE":
            self.store.delete(bucket["name"], name, generation)
            return Answer(204)
        self.store.check_readable(bucket, found)
        return self._get(request, found)

    def _demand(self, caller: Caller, permission: str, bucket: Bucket, name: str = "") -> None:
        if not self.store.may(caller, permission, bucket, name):
            raise ApiError(403, f"{caller} does not have {permission} access to the Google Cloud Storage object.")

    def _get(self, request: Request, found: Object) -> Answer:
        size = int(found["size"])
        headers = {
            **_described(found), "Content-Type": found.get("contentType", "application/octet-stream"), "Accept-Ranges": "bytes",
            "Last-Modified": format_datetime(datetime.fromisoformat(found["updated"]).astimezone(UTC), usegmt=True),
            "X-Goog-Storage-Class": found["storageClass"], "X-Goog-Stored-Content-Length": str(size),
            **{f"X-Goog-Meta-{k}": v for k, v in (found.get("metadata") or {}).items()},
            **{h: found[p] for h, p in (("Cache-Control", "cacheControl"), ("Content-Disposition", "contentDisposition"), ("Content-Encoding", "contentEncoding")) if found.get(p)},
        }  # fmt: skip
        for parameter, header in (
            ("response-content-disposition", "Content-Disposition"),
            ("response-content-type", "Content-Type"),
        ):
            if request.one(parameter):
                headers[header] = request.one(parameter)
        if request.method == "HEAD":
            return Answer(200, b"", {**headers, "Content-Length": str(size)})
        begin = request.headers.get("range", "").removeprefix("bytes=").split("-")[0]
        if begin.isdigit() and int(begin) >= size:
            return _refused(416, "InvalidRange", "The requested range cannot be satisfied.")
        answer = self.store.content(found, dict(request.headers))
        ranged = {k: v for k, v in answer.headers.items() if k.lower() == "content-range"}
        return Answer(answer.status, answer.body, {**headers, **ranged})

    def _put(self, request: Request, caller: Caller, bucket: Bucket, name: str) -> Answer:
        if self.store.find(bucket["name"], name):
            self._demand(caller, "storage.objects.delete", bucket, name)
        if "x-goog-acl" in request.headers:
            raise ApiError(400, "Cannot insert legacy ACL for an object when uniform bucket-level access is enabled.")
        if loose := [
            h
            for h in ("x-goog-encryption-key", "x-goog-encryption-kms-key-name", "x-goog-copy-source")
            if h in request.headers
        ]:
            raise ApiError(501, f"The header {loose[0]} is not carried out by the local cloud.")
        sent = request.headers.get("content-md5", "")
        if sent and sent != base64.b64encode(hashlib.md5(request.body, usedforsecurity=False).digest()).decode():
            return _refused(400, "BadDigest", "The MD5 hash you specified did not match what we received.")
        asked = request.headers.get("x-goog-if-generation-match")
        if asked is not None and asked != (self.store.find(bucket["name"], name) or {"generation": "0"})["generation"]:
            return _refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.")
        metadata = {
            "contentType": request.headers.get("content-type", "application/octet-stream"),
            "cacheControl": request.headers.get("cache-control"),
            "contentDisposition": request.headers.get("content-disposition"),
            "contentEncoding": request.headers.get("content-encoding"),
            "metadata": {k.removeprefix("x-goog-meta-"): v for k, v in request.headers.items() if k.startswith("x-goog-meta-")} or None,
        }  # fmt: skip
        return Answer(200, b"", _described(self.store.write(bucket, name, request.body, metadata)))


def _described(found: Object) -> dict[str, str]:
    digest = base64.b64decode(found["md5Hash"]).hex()
    return {
        "ETag": f'"{digest}"', "X-Goog-Generation": found["generation"], "X-Goog-Metageneration": found["metageneration"],
        "X-Goog-Hash": f"crc32c={found['crc32c']},md5={found['md5Hash']}",
    }  # fmt: skip


_CODES = {
    401: "AuthenticationRequired",
    403: "AccessDenied",
    404: "NoSuchKey",
    501: "NotImplemented",
    412: "PreconditionFailed",
}


def _refused(status: int, code: str, message: str) -> Answer:
    text = (
        f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    )
    return Answer(status, text.encode(), {"Content-Type": "application/xml; charset=UTF-8"})
