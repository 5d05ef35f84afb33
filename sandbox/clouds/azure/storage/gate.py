"""The blob service: Azurite behind a gate that knows roles, versions, deleted blobs and the customer's key."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.blob_services import settings
from sandbox.clouds.azure.apis.kind import Body
from sandbox.clouds.azure.apis.moment import header
from sandbox.clouds.azure.apis.storage import StorageAccounts
from sandbox.clouds.azure.apis.vaults import Vaults
from sandbox.clouds.azure.apis.web import Answer, ArmError, Request
from sandbox.clouds.azure.storage import listing, signatures
from sandbox.clouds.azure.storage.access import Access, Way
from sandbox.clouds.azure.storage.deleted_containers import HIDDEN, DeletedContainers
from sandbox.clouds.azure.storage.operation import Operation, operation
from sandbox.clouds.azure.storage.refusal import BlobError, no_blob, no_container, not_carried_out
from sandbox.clouds.azure.storage.upstream import Upstream
from sandbox.clouds.azure.storage.versions import Versions

_CONDITIONS = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")


class Gate:
    """The blob service.

    Args:
        arm: Resource Manager.
        accounts: All storage accounts.
        vaults: All vaults, for the keys that accounts are encrypted with.
        upstream: Azurite.
        deleted: Which containers are deleted.
        versions: What is kept of blobs.
        address: Where this is served.
    """

    def __init__(
        self, arm: Arm, accounts: StorageAccounts, vaults: Vaults, upstream: Upstream, deleted: DeletedContainers, versions: Versions, address: str
    ) -> None:  # fmt: skip
        self.arm, self.accounts, self.vaults, self.upstream = arm, accounts, vaults, upstream
        self.deleted, self.versions, self.address = deleted, versions, address
        self.access = Access(arm, accounts, address)

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        name, container, blob = signatures.decoded(request.path)
        account = self.accounts.account(name)
        if account is None:
            raise BlobError(404, "ResourceNotFound", "The specified resource does not exist.")
        if request.method == "OPTIONS":
            return self.upstream.send(request.method, request.target, request.headers)
        does = operation(request, container, blob)
        way = self.access.way(request, account, container, blob, does)
        if does.blob:
            self._key(account)
        return self._carried_out(request, account, container, blob, does, way)

    def _key(self, account: Body) -> None:
        """Refuse while the customer's key is out of reach."""
        encryption = account["properties"]["encryption"]
        if encryption["keySource"].lower() != "microsoft.keyvault":
            return
        key = encryption["keyvaultproperties"]
        try:
            person = self.accounts.key_user(encryption, account.get("identity"))
            self.vaults.usable(person, key["keyvaulturi"], key["keyname"], key["keyversion"])
        except ArmError as problem:
            raise BlobError(403, problem.word, problem.message) from None

    def _carried_out(self, request: Request, account: Body, container: str, blob: str, does: Operation, way: Way) -> Answer:  # fmt: skip
        name, comp = account["name"], request.one("comp")
        if not container:
            if comp == "userdelegationkey":
                return self.access.delegation_key(request, account, way.who if way.kind == "bearer" else None)
            if comp == "list":
                asked = _without_deleted(request)
                answer = self._pass(request, name, container, blob, way) if asked is request else self._as_owner(request, way, name, asked.target, does)  # fmt: skip
                return listing.of_containers(request, answer, self.deleted, name)
            return self._pass(request, name, container, blob, way)
        if request.one("restype") == "container" and not blob:
            return self._on_container(request, account, container, does, way)
        if self.deleted.hides(name, container):
            raise no_container()
        return self._on_blob(request, account, container, blob, does, way)

    # -- containers
    def _on_container(self, request: Request, account: Body, container: str, does: Operation, way: Way) -> Answer:
        name, comp = account["name"], request.one("comp")

        def verify() -> None:
            self.access.verify(request, way, name, container, "", does.letter)

        if comp == "undelete":
            verify()
            old = request.headers.get("x-ms-deleted-container-name", "")
            if old != container or not self.deleted.restore(name, old, request.headers.get("x-ms-deleted-container-version", "")):  # fmt: skip
                raise no_container()
            return Answer(201, b"", {"x-ms-version": request.headers.get("x-ms-version", "")})
        if request.method == "PUT" and not comp:
            if container == HIDDEN:
                raise BlobError(400, "InvalidResourceName", "The name is the local cloud's own.")
            if self.deleted.hides(name, container):
                verify()
                self.deleted.make_room(name, container)
            return self._pass(request, name, container, "", way)
        if self.deleted.hides(name, container):
            raise no_container()
        if request.method == "DELETE":
            verify()
            if self.upstream.signed("HEAD", name, container, {"restype": "container"}).status != 200:
                raise no_container()
            self.deleted.delete(account, container)
            return Answer(202, b"", {"x-ms-version": request.headers.get("x-ms-version", "")})
        if comp == "list" and listing.included(request) & {"versions", "deleted"}:
            verify()
            return listing.with_versions(request, self.upstream, self.versions, name, container)
        return self._pass(request, name, container, "", way)

    # -- blobs
    def _on_blob(self, request: Request, account: Body, container: str, blob: str, does: Operation, way: Way) -> Answer:
        name, rules = (account["name"], container, blob), settings(self.arm, account)
        if request.one("comp") == "undelete":
            self.access.verify(request, way, *name, does.letter)
            return self.versions.undelete(name)
        if "versionid" in request.query:
            return self._on_version(request, rules, name, does, way)
        if does.writes and "x-ms-copy-source" in request.headers:
            target, headers = self._source(request, name, way, does)
            return self.versions.around(name, rules, False, lambda: self._owner(request, name[0], target, headers))
        if does.writes or does.deletes:
            return self.versions.around(name, rules, does.deletes, lambda: self._pass(request, *name, way))
        answer = self._pass(request, *name, way)
        if (id := self.versions.current(name)) and answer.status < 300 and request.method in ("GET", "HEAD"):
            answer.headers |= {"x-ms-version-id": id, "x-ms-is-current-version": "true"}
        return answer

    def _on_version(self, request: Request, rules: Body, name: tuple[str, str, str], does: Operation, way: Way) -> Answer:  # fmt: skip
        self.access.verify(request, way, *name, does.letter)
        wanted = request.one("versionid")
        if request.method == "DELETE":
            return self.versions.delete_version(name, wanted, rules)
        if request.method not in ("GET", "HEAD") or request.one("comp"):
            raise not_carried_out("This operation on a version")
        headers = {k: v for k, v in request.headers.items() if k not in _CONDITIONS}
        if wanted and wanted == self.versions.current(name):
            answer = self._owner(request, name[0], request.path, headers)
            answer.headers |= {"x-ms-version-id": wanted, "x-ms-is-current-version": "true"}
            return answer
        one = self.versions.find(name, wanted)
        if one is None:
            raise no_blob()
        return self.versions.told(name, one, self._owner(request, name[0], f"/{name[0]}/{HIDDEN}/{one.place}", headers))

    def _source(self, request: Request, name: tuple[str, str, str], way: Way, does: Operation) -> tuple[str, dict[str, str]]:  # fmt: skip
        """A copy: its source as Azurite can reach it, once it is clear that the caller may read it."""
        self.access.verify(request, way, *name, does.letter)
        given = request.headers["x-ms-copy-source"]
        if not given.startswith(f"{self.address}/"):
            raise not_carried_out("A copy from another address")
        parts = urlsplit(given)
        account, container, blob = signatures.decoded(parts.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        reading = Request("GET", parts.path, query, {} if "sig" in query else {k: v for k, v in request.headers.items() if k == "authorization"}, b"", f"{parts.path}?{parts.query}")  # fmt: skip
        owner = self.accounts.account(account)
        if owner is None or self.deleted.hides(account, container):
            raise BlobError(404, "CannotVerifyCopySource", "The specified resource does not exist.")
        if "sig" in query or way.kind == "bearer":
            read = operation(reading, container, blob)
            self.access.verify(reading, self.access.way(reading, owner, container, blob, read), account, container, blob, "r")  # fmt: skip
        elif account != name[0]:
            raise BlobError(403, "CannotVerifyCopySource", "The source needs a signature of its own.")
        path = quote(f"{container}/{blob}", safe="/~-_.")
        if "versionid" in query and (wanted := query["versionid"][0]) != self.versions.current((account, container, blob)):  # fmt: skip
            one = self.versions.find((account, container, blob), wanted)
            if one is None:
                raise BlobError(404, "CannotVerifyCopySource", "The specified blob does not exist.")
            path = f"{HIDDEN}/{one.place}"
        if account != name[0]:
            raise not_carried_out("A copy between accounts")
        return request.path, {**request.headers, "x-ms-copy-source": f"{self.upstream.address}/{account}/{path}"}

    # -- on to Azurite
    def _pass(self, request: Request, account: str, container: str, blob: str, way: Way) -> Answer:
        """Pass a request on: as it came where Azurite can judge it, else in the account's name."""
        if way.kind == "bearer":
            return self._owner(request, account, request.target, request.headers)
        target = request.target
        if way.kind == "delegation":
            target = self.access.with_account_key(request, account, container, blob)
        return self.upstream.send(request.method, target, request.headers, request.body)

    def _as_owner(self, request: Request, way: Way, account: str, target: str, does: Operation) -> Answer:
        self.access.verify(request, way, account, "", "", does.letter)
        return self._owner(request, account, target, request.headers)

    def _owner(self, request: Request, account: str, target: str, headers: object) -> Answer:
        own = {k: v for k, v in dict(headers).items() if k not in ("authorization", "date")}  # type: ignore[call-overload]
        own |= {"x-ms-date": header(), "content-length": str(len(request.body))}
        parts = urlsplit(target)
        key = self.accounts.key_values(account)[0]
        signature = signatures.shared_key(request.method, parts.path, parse_qs(parts.query, keep_blank_values=True), own, account, key)  # fmt: skip
        own["authorization"] = f"SharedKey {account}:{signature}"
        return self.upstream.send(request.method, target, own, request.body)


def _without_deleted(request: Request) -> Request:
    """The request without what Azurite does not know: deleted containers."""
    if "deleted" not in listing.included(request):
        return request
    rest = [part for part in request.target.partition("?")[2].split("&") if part.split("=")[0] != "include"]
    kept = ",".join(sorted(listing.included(request) - {"deleted"}))
    target = f"{request.path}?{'&'.join([*rest, *([f'include={kept}'] if kept else [])])}"
    return Request(request.method, request.path, request.query, request.headers, request.body, target)
