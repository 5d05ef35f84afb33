"""Soft-deleted containers. Azurite has none: it keeps the container, and this says that it is gone until it is restored."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.clouds.azure.apis.kind import Body
from sandbox.clouds.azure.apis.moment import header
from sandbox.clouds.azure.storage.upstream import Upstream

HIDDEN = "byob-local-cloud-versions"
"""The container, in each account, in which the gate keeps what was overwritten or deleted; nobody sees it."""


@dataclass(frozen=True)
class Deleted:
    """A container that was deleted.

    Args:
        name: Its name.
        version: What tells it from others of the name.
        at: When, in seconds.
        days: How long it is kept.
    """

    name: str
    version: str
    at: float
    days: int

    @property
    def when(self) -> str:
        """When, as headers write it."""
        return header(self.at)


class DeletedContainers:
    """Which containers of which account are deleted and kept.

    Args:
        upstream: Azurite.
        settings: The settings of an account's blob service.
    """

    def __init__(self, upstream: Upstream, settings: Callable[[Body], Body]) -> None:
        self.upstream, self.settings = upstream, settings
        self._kept: dict[tuple[str, str], Deleted] = {}
        self._lock = threading.RLock()
        self.purged: Callable[[str, str], None] = lambda account, container: None
        """Called when a container is gone for good."""

    def hides(self, account: str, container: str) -> bool:
        """Whether a container is deleted, although Azurite has it."""
        return (account, container) in self._kept or container == HIDDEN

    def of(self, account: str) -> list[Deleted]:
        """The deleted containers of an account that can be restored."""
        return [one for (owner, _), one in sorted(self._kept.items()) if owner == account]

    def names(self, account: str, every: bool = False) -> list[str]:
        """The names of an account's containers.

        Args:
            account: Which account.
            every: Those too that are hidden.
        """
        found = self.upstream.signed("GET", account, "", {"comp": "list", "maxresults": "5000"})
        names = re.findall(r"<Container><Name>([^<]+)</Name>", found.body.decode())
        return [name for name in names if every or not self.hides(account, name)]

    def delete(self, account: Body, container: str) -> None:
        """Delete a container, or hide it while it can be restored."""
        policy = self.settings(account).get("containerDeleteRetentionPolicy") or {}
        with self._lock:
            if policy.get("enabled"):
                now = time.time()
                version = f"01{int(now * 1000):X}"
                self._kept[account["name"], container] = Deleted(container, version, now, int(policy["days"]))
            else:
                self._purge(account["name"], container)

    def make_room(self, account: str, container: str) -> None:
        """A new container takes a deleted one's name: the old one is gone for good (with Azure it could still be restored)."""
        with self._lock:
            if self._kept.pop((account, container), None):
                self._purge(account, container)

    def restore(self, account: str, container: str, version: str) -> bool:
        """Bring a container back; whether there was one."""
        with self._lock:
            found = self._kept.get((account, container))
            if found is None or found.version != version:
                return False
            del self._kept[account, container]
            return True

    def _purge(self, account: str, container: str) -> None:
        self.upstream.signed("DELETE", account, container, {"restype": "container"})
        self.purged(account, container)

    def empty(self, account: str) -> None:
        """Remove everything of an account that goes itself."""
        with self._lock:
            for name in self.names(account, every=True):
                self._kept.pop((account, name), None)
                self._purge(account, name)
