"""Allow policies: who has which role on what, with the etag that keeps two writers from losing each other's change."""

from __future__ import annotations

import base64
import itertools
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.clouds.gcp.apis.conditions import Subject, Unsupported, evaluate
from sandbox.clouds.gcp.apis.roles import ON_BUCKETS_ONLY, ROLES, holds
from sandbox.clouds.gcp.apis.web import Answer, ApiError, Request

Policy = dict[str, Any]
_MEMBER = re.compile(
    r"allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|projectOwner|projectEditor|projectViewer):\S+"
)
_NOWHERE = Subject("", "")


class Policies:
    """The policies of every resource, by its name.

    Args:
        exists: Whether a service account is there: Google refuses members it does not know.
    """

    def __init__(self, exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self._held: dict[str, Policy] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()

    def get(self, name: str, version: int = 1) -> Policy:
        """A resource's policy; an empty one when none was set.

        Args:
            name: The resource.
            version: What the caller understands; conditions are shown from 3 on, and hidden roles get a marked name below.
        """
        with self._lock:
            policy = self._held.get(name) or self.put(name, [])
        conditional = any("condition" in b for b in policy["bindings"])
        if not conditional or version >= 3:
            return {**policy, "version": 3 if conditional else 1}
        plain = [
            {
                **{k: v for k, v in b.items() if k != "condition"},
                **({"role": f"{b['role']}_withcond_0"} if "condition" in b else {}),
            }
            for b in policy["bindings"]
        ]
        return {**policy, "version": 1, "bindings": plain}

    def put(self, name: str, bindings: list[dict[str, Any]]) -> Policy:
        """Replace a policy, unchecked.

        Args:
            name: The resource.
            bindings: The new bindings.
        """
        with self._lock:
            etag = base64.b64encode(next(self._numbers).to_bytes(4, "big")).decode()
            self._held[name] = {"bindings": bindings, "etag": etag}
            return self._held[name]

    def set(self, name: str, policy: Mapping[str, Any], *, bucket: bool = False, public: bool = True) -> Policy:
        """Replace a policy as a client asks.

        Args:
            name: The resource.
            policy: The new policy; with an etag it must be the current one.
            bucket: Whether the resource is a bucket.
            public: Whether everybody may be a member.

        Raises:
            ApiError: The policy is stale or wrong.
        """
        bindings = [b for b in policy.get("bindings") or [] if b.get("members")]
        for one in bindings:
            self._check(one, policy.get("version", 1), bucket, public)
        with self._lock:
            now = self._held.get(name)
            if policy.get("etag") and now and policy["etag"] != now["etag"]:
                raise ApiError(
                    412 if bucket else 409,
                    "The policy has been changed meanwhile; read it and try again.",
                    "conditionNotMet",
                )
            self.put(name, bindings)
            return self.get(name, 3)

    def _check(self, binding: Mapping[str, Any], version: int, bucket: bool, public: bool) -> None:
        role = binding.get("role", "")
        if role not in ROLES:
            raise ApiError(
                400,
                f"Role ({role}) does not exist in the resource's hierarchy, or is not carried out by the local cloud.",
            )
        if role in ON_BUCKETS_ONLY and not bucket:
            raise ApiError(400, f"Role {role} is not supported for this resource.")
        for member in binding["members"]:
            if not _MEMBER.fullmatch(member):
                raise ApiError(400, f"Invalid member: {member}.")
            if not public and member in ("allUsers", "allAuthenticatedUsers"):
                raise ApiError(412, "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.", "conditionNotMet")  # fmt: skip
            if member.startswith("serviceAccount:") and not self._exists(member.split(":", 1)[1]):
                raise ApiError(400, f"Service account {member.split(':', 1)[1]} does not exist.")
        if "condition" in binding:
            if version < 3:
                raise ApiError(400, "A policy with conditions must have version 3.")
            if role in ON_BUCKETS_ONLY or role in ("roles/owner", "roles/viewer"):
                raise ApiError(400, f"Conditions cannot be set on {role}.")
            try:
                evaluate(binding["condition"].get("expression", ""), _NOWHERE)
            except Unsupported as problem:
                raise ApiError(400, f"The condition is not carried out by the local cloud: {problem}") from None

    def forget(self, name: str) -> None:
        """Drop the policy of a resource that is gone."""
        with self._lock:
            self._held.pop(name, None)

    def roles(self, name: str, identities: Iterable[str], subject: Subject = _NOWHERE) -> set[str]:
        """The roles that somebody has on a resource itself.

        Args:
            name: The resource.
            identities: All members somebody is: themselves, all users, an owner of the project.
            subject: What conditions are about.
        """
        known = set(identities)
        with self._lock:
            bindings = list(self._held.get(name, {}).get("bindings", []))
        return {
            b["role"]
            for b in bindings
            if known & set(b["members"]) and ("condition" not in b or evaluate(b["condition"]["expression"], subject))
        }

    def allows(
        self, chain: Iterable[str], identities: Iterable[str], permission: str, subject: Subject = _NOWHERE
    ) -> bool:
        """Whether somebody has a permission on a resource, by its own policy or that of what it lies in.

        Args:
            chain: The resource and what it lies in.
            identities: All members somebody is.
            permission: Which permission.
            subject: What conditions are about.
        """
        known = list(identities)
        return any(holds(role, permission) for name in chain for role in self.roles(name, known, subject))


def policy_calls(
    policies: Policies,
    request: Request,
    name: str,
    verb: str,
    demand: Callable[[str], None],
    has: Callable[[str], bool],
    kind: str,
) -> Answer:
    """`:getIamPolicy`, `:setIamPolicy` and `:testIamPermissions` of an API of the newer style.

    Args:
        policies: All policies.
        request: The call.
        name: The resource.
        verb: The call's name.
        demand: Refuses unless the caller has the permission.
        has: Whether the caller has the permission.
        kind: The permissions' beginning, such as `cloudkms.cryptoKeys`.
    """
    body = request.json() if request.body else {}
    if verb == "getIamPolicy":
        demand(f"{kind}.getIamPolicy")
        asked = request.one("options.requestedPolicyVersion") or (body.get("options") or {}).get(
            "requestedPolicyVersion", 1
        )
        return Answer.of(policies.get(name, int(asked)))
    if verb == "setIamPolicy":
        demand(f"{kind}.setIamPolicy")
        return Answer.of(policies.set(name, body.get("policy") or {}))
    if verb == "testIamPermissions":
        return Answer.of({"permissions": [p for p in body.get("permissions", []) if has(p)]})
    raise ApiError(404, f"{verb} is not carried out by the local cloud")
