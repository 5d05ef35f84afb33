"""Versions and soft-deleted blobs, which Azurite has neither of: what is overwritten or deleted is first copied to a hidden container."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from sandbox.clouds.azure.apis.kind import Body
from sandbox.clouds.azure.apis.moment import now
from sandbox.clouds.azure.apis.web import Answer
from sandbox.clouds.azure.storage.deleted_containers import HIDDEN
from sandbox.clouds.azure.storage.refusal import BlobError, no_blob
from sandbox.clouds.azure.storage.upstream import Upstream

Name = tuple[str, str, str]
"""Account, container, blob."""
_STRIPES = 64


@dataclass
class Kept:
    """A state of a blob that is not the current one.

    Args:
        version: Its version id; empty when versioning was off.
        place: The blob in the hidden container.
        headers: What a HEAD said about it, names in lower case.
        deleted: When it was soft-deleted, in seconds; 0 when it was not.
        days: How long it is kept after that.
    """

    version: str
    place: str
    headers: dict[str, str]
    deleted: float = 0
    days: int = 0

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return bool(self.deleted) and time.time() > self.deleted + self.days * 86400


class Versions:
    """All of them.

    Args:
        upstream: Azurite.
    """

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self._kept: dict[Name, list[Kept]] = {}
        self._current: dict[Name, str] = {}
        self._stripes = [threading.RLock() for _ in range(_STRIPES)]
        self._ready: set[str] = set()

    def _lock(self, name: Name) -> threading.RLock:
        return self._stripes[hash(name) % _STRIPES]

    def current(self, name: Name) -> str:
        """The version id of the blob as it is; empty when it has none."""
        return self._current.get(name, "")

    def of(self, name: Name) -> list[Kept]:
        """What is kept of a blob, the oldest first."""
        return [one for one in self._kept.get(name, []) if not one.expired]

    def below(self, account: str, container: str) -> Iterator[tuple[str, Kept]]:
        """What is kept of a container's blobs, with the blob's name."""
        for name in sorted(self._kept.copy()):
            if name[:2] == (account, container):
                for one in self.of(name):
                    yield name[2], one

    def find(self, name: Name, version: str) -> Kept | None:
        """A version that is not the current one, and not deleted."""
        return next((one for one in self.of(name) if one.version == version and not one.deleted), None)

    # -- what changes a blob
    def around(self, name: Name, settings: Body, deletes: bool, forward: Callable[[], Answer]) -> Answer:
        """Carry out what overwrites or deletes a blob, and keep the state before it as the account's settings want.

        Args:
            name: The blob.
            settings: Of the account's blob service.
            deletes: Whether it is deleted.
            forward: Carries it out.
        """
        versioned = bool(settings.get("isVersioningEnabled"))
        policy = settings.get("deleteRetentionPolicy") or {}
        soft = bool(policy.get("enabled"))
        with self._lock(name):
            before = self._copied(name) if versioned or (deletes and soft) else None
            answer = forward()
            if answer.status >= 300:
                if before is not None:
                    self._remove(name[0], before)
                return answer
            self._current.pop(name, None)
            if before is not None:
                if versioned:
                    before.version = before.version or self._unused(name, _as_version(before))
                else:
                    before.version, before.deleted, before.days = "", time.time(), int(policy["days"])
                self._kept.setdefault(name, []).append(before)
            if versioned and not deletes:
                self._current[name] = answer.headers["x-ms-version-id"] = self._unused(name, now())
            if deletes:
                answer.headers["x-ms-delete-type-permanent"] = str(before is None).lower()
            return answer

    def _unused(self, name: Name, wanted: str) -> str:
        while any(one.version == wanted for one in self._kept.get(name, [])):
            wanted = f"{wanted[:-8]}{(int(wanted[-8:-1]) + 1) % 10_000_000:07d}Z"
        return wanted

    def _copied(self, name: Name) -> Kept | None:
        account, container, blob = name
        seen = self.upstream.signed("HEAD", account, f"{container}/{blob}")
        if seen.status != 200:
            return None
        if account not in self._ready:
            self.upstream.signed("PUT", account, HIDDEN, {"restype": "container"})
            self._ready.add(account)
        place = f"{hashlib.sha256('/'.join(name).encode()).hexdigest()[:24]}/{time.time_ns()}"
        source = f"{self.upstream.address}/{account}/{quote(f'{container}/{blob}', safe='/~-_.')}"
        made = self.upstream.signed("PUT", account, f"{HIDDEN}/{place}", headers={"x-ms-copy-source": source})
        if made.status >= 300:
            raise BlobError(500, "InternalError", f"the blob's state cannot be kept: {made.body[:200]!r}")
        headers = {key.lower(): value for key, value in seen.headers.items()}
        return Kept(self._current.get(name, ""), place, headers)

    def _remove(self, account: str, one: Kept) -> None:
        self.upstream.signed("DELETE", account, f"{HIDDEN}/{one.place}")

    # -- what concerns versions
    def delete_version(self, name: Name, version: str, settings: Body) -> Answer:
        """Delete a version that is not the current one; it can be undeleted while the account keeps deleted blobs."""
        with self._lock(name):
            if version and version == self.current(name):
                raise BlobError(403, "OperationNotAllowedOnRootBlob", "The requested operation is not allowed as it would delete the current version.")  # fmt: skip
            one = self.find(name, version)
            if one is None:
                raise no_blob()
            policy = settings.get("deleteRetentionPolicy") or {}
            if policy.get("enabled"):
                one.deleted, one.days = time.time(), int(policy["days"])
                return Answer(202, b"", {"x-ms-delete-type-permanent": "false"})
            self._kept[name].remove(one)
            self._remove(name[0], one)
            return Answer(202, b"", {"x-ms-delete-type-permanent": "true"})

    def undelete(self, name: Name) -> Answer:
        """Bring back what was soft-deleted: versions as versions, and without versioning the blob itself."""
        account, container, blob = name
        with self._lock(name):
            there = self.upstream.signed("HEAD", account, f"{container}/{blob}").status == 200
            kept = self.of(name)
            if not there and not kept:
                raise no_blob()
            for one in [k for k in kept if k.deleted]:
                if one.version:
                    one.deleted = 0
            gone = [k for k in kept if k.deleted and not k.version]
            if gone and not there:
                source = f"{self.upstream.address}/{account}/{HIDDEN}/{gone[-1].place}"
                self.upstream.signed("PUT", account, f"{container}/{blob}", headers={"x-ms-copy-source": source})
                self._kept[name].remove(gone[-1])
                self._remove(account, gone[-1])
            return Answer(200)

    def purged(self, account: str, container: str) -> None:
        """Forget everything of a container that is gone for good."""
        if container == HIDDEN:
            self._ready.discard(account)
        for name in [one for one in list(self._kept) if one[:2] == (account, container)]:
            for one in self._kept.pop(name):
                self._remove(account, one)
        for name in [one for one in list(self._current) if one[:2] == (account, container)]:
            self._current.pop(name, None)

    def told(self, name: Name, one: Kept, answer: Answer) -> Answer:
        """An answer about the hidden copy, as one about the version itself."""
        if answer.status >= 300:
            return answer
        kept = {k: v for k, v in answer.headers.items() if not k.lower().startswith("x-ms-copy-")}
        for key in ("etag", "last-modified", "x-ms-creation-time"):
            kept = {k: v for k, v in kept.items() if k.lower() != key}
            if key in one.headers:
                kept[key] = one.headers[key]
        answer.headers = {**kept, "x-ms-version-id": one.version}
        return answer


def _as_version(one: Kept) -> str:
    """The version id of a blob that was written before versioning was switched on: its time."""
    return f"{parsedate_to_datetime(one.headers['last-modified']):%Y-%m-%dT%H:%M:%S}.0000000Z"
