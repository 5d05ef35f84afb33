"""The Cloud KMS API: key rings, symmetric keys, their versions and policies. No cryptography: Cloud Storage asks whether a key can be used."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.clouds.gcp.apis.directory import Caller, Directory, Project, now
from sandbox.clouds.gcp.apis.policies import policy_calls
from sandbox.clouds.gcp.apis.web import Answer, ApiError, Request, Router

_ID = re.compile(r"[a-zA-Z0-9_-]{1,63}")
_LOCATION = re.compile(r"global|[a-z]{2,}\d?|[a-z]+-[a-z]+\d+")
_SETTABLE = ("rotationPeriod", "nextRotationTime", "labels", "versionTemplate", "primary")
_DAY = 86400
ENCRYPT, DECRYPT = "cloudkms.cryptoKeyVersions.useToEncrypt", "cloudkms.cryptoKeyVersions.useToDecrypt"


@dataclass
class CryptoKey:
    """A key and its versions, by number."""

    body: dict[str, Any]
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    primary: str = ""


class KeyRefused(Exception):
    """Cloud Storage cannot use a key.

    Args:
        status: 403 for a missing right, 400 for a version that is not enabled.
        message: For the user.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def _seconds(text: Any, name: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?s", str(text)):
        raise ApiError(400, f"Invalid value at '{name}' ({text}): a number of seconds such as 7776000s is wanted.")
    return float(str(text)[:-1])


class Kms:
    """Key rings and keys.

    Args:
        directory: Who there is.
    """

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.rings: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, CryptoKey] = {}
        self._lock = threading.RLock()

    def add_routes(self, router: Router) -> None:
        """Serve the API.

        Args:
            router: Where.
        """
        where = "/v1/projects/{project}/locations/{location}/keyRings"
        ring = where + "/{ring}"
        key = ring + "/cryptoKeys/{key}"
        version = key + "/cryptoKeyVersions/{version}"
        router.add("POST", where, self.create_ring)
        router.add("GET", where, self.list_rings)
        router.add("GET", ring, self.get_ring)
        router.add("POST", ring + "/cryptoKeys", self.create_key)
        router.add("GET", ring + "/cryptoKeys", self.list_keys)
        router.add("GET", key, self.get_key)
        router.add("PATCH", key, self.patch_key)
        router.add("POST", key + "/cryptoKeyVersions", self.create_version)
        router.add("GET", key + "/cryptoKeyVersions", self.list_versions)
        router.add("GET", version, self.get_version)
        router.add("PATCH", version, self.patch_version)
        router.add("POST", version + ":{verb}", self.destroy_or_restore)
        router.add("POST", key + ":updatePrimaryVersion", self.update_primary)
        for method in ("GET", "POST"):
            router.add(method, ring + ":{verb}", self.ring_policy)
            router.add(method, key + ":{verb}", self.key_policy)

    def _demand(self, request: Request, project: str, permission: str, *chain: str) -> Project:
        where = self.directory.project(project)
        self.directory.demand(self.directory.caller(request), f"cloudkms.{permission}", where, *chain)
        return where

    # -- key rings: they are never deleted
    def create_ring(self, request: Request, project: str, location: str) -> Answer:
        where, id = self._demand(request, project, "keyRings.create"), request.one("keyRingId")
        if not _ID.fullmatch(id):
            raise ApiError(400, f"Invalid key ring id: {id!r}.")
        if not _LOCATION.fullmatch(location):
            raise ApiError(404, f"Location {location} is not found or access is unauthorized.")
        name = f"projects/{where.id}/locations/{location}/keyRings/{id}"
        with self._lock:
            if name in self.rings:
                raise ApiError(409, f"KeyRing {name} already exists.")
            self.rings[name] = {"name": name, "createTime": now()}
        return Answer.of(self.rings[name])

    def list_rings(self, request: Request, project: str, location: str) -> Answer:
        where = self._demand(request, project, "keyRings.list")
        begin = f"projects/{where.id}/locations/{location}/keyRings/"
        return Answer.of({"keyRings": [body for name, body in self.rings.items() if name.startswith(begin)]})

    def _ring(self, request: Request, project: str, location: str, ring: str, permission: str) -> str:
        name = f"projects/{self.directory.project(project).id}/locations/{location}/keyRings/{ring}"
        self._demand(request, project, permission, name)
        if name not in self.rings:
            raise ApiError(404, f"KeyRing {name} not found.")
        return name

    def get_ring(self, request: Request, project: str, location: str, ring: str) -> Answer:
        return Answer.of(self.rings[self._ring(request, project, location, ring, "keyRings.get")])

    def ring_policy(self, request: Request, project: str, location: str, ring: str, verb: str) -> Answer:
        where, caller = self.directory.project(project), self.directory.caller(request)
        name = f"projects/{where.id}/locations/{location}/keyRings/{ring}"
        return self._policy(request, where, caller, verb, "cloudkms.keyRings", name)

    def _policy(self, request: Request, where: Project, caller: Caller, verb: str, kind: str, *chain: str) -> Answer:
        if chain[0] not in self.rings and chain[0] not in self.keys:
            self.directory.demand(caller, f"{kind}.getIamPolicy", where, *chain)
            raise ApiError(404, f"{chain[0]} not found.")
        return policy_calls(
            self.directory.policies, request, chain[0], verb,
            lambda permission: self.directory.demand(caller, permission, where, *chain),
            lambda permission: self.directory.allows(caller, permission, where, *chain),
            kind,
        )  # fmt: skip

    # -- keys: they are never deleted, only their versions are
    def create_key(self, request: Request, project: str, location: str, ring: str) -> Answer:
        parent, id, body = (
            self._ring(request, project, location, ring, "cryptoKeys.create"),
            request.one("cryptoKeyId"),
            request.json(),
        )
        if not _ID.fullmatch(id):
            raise ApiError(400, f"Invalid key id: {id!r}.")
        if body.get("purpose") != "ENCRYPT_DECRYPT":
            raise ApiError(501, "Keys are of the purpose ENCRYPT_DECRYPT in the local cloud.")
        if body.get("importOnly") or body.get("cryptoKeyBackend"):
            raise ApiError(501, "Imported and external keys are not carried out by the local cloud.")
        name = f"{parent}/cryptoKeys/{id}"
        with self._lock:
            if name in self.keys:
                raise ApiError(409, f"CryptoKey {name} already exists.")
            wait = body.get("destroyScheduledDuration", f"{30 * _DAY}s")
            if not _DAY <= _seconds(wait, "crypto_key.destroy_scheduled_duration") <= 120 * _DAY:
                raise ApiError(400, "destroy_scheduled_duration must be between 1 and 120 days.")
            template = {
                "protectionLevel": "SOFTWARE",
                "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION",
                **(body.get("versionTemplate") or {}),
            }
            made = CryptoKey({"name": name, "purpose": "ENCRYPT_DECRYPT", "createTime": now(), "versionTemplate": template, "destroyScheduledDuration": wait})  # fmt: skip
            self._rotation(made, body)
            if body.get("labels"):
                made.body["labels"] = body["labels"]
            self.keys[name] = made
            if request.one("skipInitialVersionCreation") != "true":
                made.primary = self._new_version(made)
        return Answer.of(self._shown(made))

    @staticmethod
    def _rotation(key: CryptoKey, body: dict[str, Any]) -> None:
        if body.get("rotationPeriod"):
            if _seconds(body["rotationPeriod"], "crypto_key.rotation_period") < _DAY:
                raise ApiError(400, "rotation_period must be at least 24 hours.")
            if not body.get("nextRotationTime"):
                raise ApiError(400, "next_rotation_time must be set with rotation_period.")
        key.body.update({k: body[k] for k in ("rotationPeriod", "nextRotationTime") if body.get(k)})

    @staticmethod
    def _new_version(key: CryptoKey) -> str:
        number = str(len(key.versions) + 1)
        template = key.body["versionTemplate"]
        key.versions[number] = {
            "name": f"{key.body['name']}/cryptoKeyVersions/{number}", "state": "ENABLED", "createTime": now(), "generateTime": now(),
            "protectionLevel": template["protectionLevel"], "algorithm": template["algorithm"],
        }  # fmt: skip
        return number

    @staticmethod
    def _shown(key: CryptoKey) -> dict[str, Any]:
        return {**key.body, **({"primary": key.versions[key.primary]} if key.primary else {})}

    def list_keys(self, request: Request, project: str, location: str, ring: str) -> Answer:
        parent = self._ring(request, project, location, ring, "cryptoKeys.list")
        return Answer.of({"cryptoKeys": [self._shown(k) for n, k in self.keys.items() if n.startswith(parent + "/")]})

    def _key(self, request: Request, project: str, location: str, ring: str, key: str, permission: str) -> CryptoKey:
        parent = f"projects/{self.directory.project(project).id}/locations/{location}/keyRings/{ring}"
        name = f"{parent}/cryptoKeys/{key}"
        self._demand(request, project, permission, name, parent)
        if name not in self.keys:
            raise ApiError(404, f"CryptoKey {name} not found.")
        return self.keys[name]

    def get_key(self, request: Request, project: str, location: str, ring: str, key: str) -> Answer:
        return Answer.of(self._shown(self._key(request, project, location, ring, key, "cryptoKeys.get")))

    def patch_key(self, request: Request, project: str, location: str, ring: str, key: str) -> Answer:
        found, body = self._key(request, project, location, ring, key, "cryptoKeys.update"), request.json()
        mask = [_camel(name) for name in request.one("updateMask").split(",") if name]
        if wrong := [name for name in mask if name not in _SETTABLE]:
            raise ApiError(400, f"Field {wrong[0]!r} cannot be updated.")
        with self._lock:
            self._rotation(found, {k: body.get(k) for k in mask})
            for name in mask:
                if body.get(name):
                    found.body[name] = body[name]
                else:
                    found.body.pop(name, None)
        return Answer.of(self._shown(found))

    def key_policy(self, request: Request, project: str, location: str, ring: str, key: str, verb: str) -> Answer:
        where, caller = self.directory.project(project), self.directory.caller(request)
        parent = f"projects/{where.id}/locations/{location}/keyRings/{ring}"
        return self._policy(request, where, caller, verb, "cloudkms.cryptoKeys", f"{parent}/cryptoKeys/{key}", parent)

    # -- versions
    def create_version(self, request: Request, project: str, location: str, ring: str, key: str) -> Answer:
        found = self._key(request, project, location, ring, key, "cryptoKeyVersions.create")
        with self._lock:
            return Answer.of(found.versions[self._new_version(found)])

    def list_versions(self, request: Request, project: str, location: str, ring: str, key: str) -> Answer:
        found = self._key(request, project, location, ring, key, "cryptoKeyVersions.list")
        return Answer.of({"cryptoKeyVersions": list(found.versions.values()), "totalSize": len(found.versions)})

    def _version(self, request: Request, project: str, location: str, ring: str, key: str, version: str, verb: str) -> dict[str, Any]:  # fmt: skip
        found = self._key(request, project, location, ring, key, f"cryptoKeyVersions.{verb}")
        if version not in found.versions:
            raise ApiError(404, f"CryptoKeyVersion {found.body['name']}/cryptoKeyVersions/{version} not found.")
        return found.versions[version]

    def get_version(self, request: Request, project: str, location: str, ring: str, key: str, version: str) -> Answer:
        return Answer.of(self._version(request, project, location, ring, key, version, "get"))

    def patch_version(self, request: Request, project: str, location: str, ring: str, key: str, version: str) -> Answer:
        found, state = (
            self._version(request, project, location, ring, key, version, "update"),
            request.json().get("state"),
        )
        if state not in ("ENABLED", "DISABLED") or found["state"] not in ("ENABLED", "DISABLED"):
            raise ApiError(400, f"The version is {found['state']}; it cannot become {state}.")
        found["state"] = state
        return Answer.of(found)

    def destroy_or_restore(self, request: Request, project: str, location: str, ring: str, key: str, version: str, verb: str) -> Answer:  # fmt: skip
        if verb not in ("destroy", "restore"):
            raise ApiError(404, f"{verb} is not carried out by the local cloud")
        found = self._version(request, project, location, ring, key, version, verb)
        whole = self._key(request, project, location, ring, key, "cryptoKeys.get")
        if verb == "destroy" and found["state"] in ("ENABLED", "DISABLED"):
            wait = _seconds(whole.body["destroyScheduledDuration"], "destroy_scheduled_duration")
            when = datetime.now(UTC) + timedelta(seconds=wait)
            found.update(state="DESTROY_SCHEDULED", destroyTime=when.strftime("%Y-%m-%dT%H:%M:%SZ"))
        elif verb == "restore" and found["state"] == "DESTROY_SCHEDULED":
            found.update(state="DISABLED")
            found.pop("destroyTime")
        else:
            raise ApiError(400, f"The version is {found['state']}.")
        return Answer.of(found)

    def update_primary(self, request: Request, project: str, location: str, ring: str, key: str) -> Answer:
        found = self._key(request, project, location, ring, key, "cryptoKeys.update")
        number = str(request.json().get("cryptoKeyVersionId", ""))
        if found.versions.get(number, {}).get("state") != "ENABLED":
            raise ApiError(400, f"There is no enabled version {number!r}.")
        found.primary = number
        return Answer.of(self._shown(found))

    # -- what Cloud Storage asks
    def use(self, agent: str, name: str, permission: str, version: str = "") -> str:
        """Use a key as Cloud Storage's agent does.

        Args:
            agent: The agent's address.
            name: The key.
            permission: ENCRYPT or DECRYPT.
            version: The name of the version that an object was written with; default the primary one.

        Returns:
            The version's name.

        Raises:
            KeyRefused: It cannot be used.
        """
        found = self.keys.get(name)
        project = name.split("/")[1] if name.count("/") == 7 else ""
        if found is None or project not in self.directory.projects:
            raise KeyRefused(
                403,
                f"Cloud KMS key '{name}' is not found, or the Cloud Storage service account {agent} has no right on it.",
            )
        chain = (name, name.split("/cryptoKeys/")[0])
        if not self.directory.allows(Caller(agent), permission, self.directory.projects[project], *chain):
            raise KeyRefused(403, f"Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been authorized to use this key: {agent}, {name}.")  # fmt: skip
        number = version.rsplit("/", 1)[-1] or found.primary
        if found.versions.get(number, {}).get("state") != "ENABLED":
            raise KeyRefused(400, f"The Cloud KMS key version {name}/cryptoKeyVersions/{number or '?'} is not enabled.")
        return str(found.versions[number]["name"])


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
