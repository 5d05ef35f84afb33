"""IAM members: one role for one member on one resource, added to the policy that is there and taken off again."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

import time
from typing import Any

from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import Created, Live, Props, matches
from sandbox.providers.gcp.cloud import Gcp
from sandbox.providers.gcp.handler import GcpResource, last, same_name

_MEMBER = r"allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|projectOwner|projectEditor|projectViewer|principal|principalSet|deleted):\S+"
_STALE = ("409", "412")
_ATTEMPTS = 10


class Member(GcpResource):
    """A member of a policy. Nothing of it can change: another role or member is another thing."""

    target: str
    """The property that names the resource."""
    begin = ""
    """What stands before the resource's name in ids."""
    computed = frozenset({"etag"})

    def check(self, new: Props, old: Props) -> list[Failure]:
        return matches(new, "member", _MEMBER, "must be of the form {type}:{principal}, such as serviceAccount:name@project.iam.gserviceaccount.com")  # fmt: skip

    def name(self, cloud: Gcp, given: str) -> str:
        """The resource's name as the API's path has it."""
        raise NotImplementedError

    def get(self, cloud: Gcp, name: str) -> Props:
        """The policy, with its conditions."""
        raise NotImplementedError

    def put(self, cloud: Gcp, name: str, policy: Props) -> None:
        """Write the policy."""
        raise NotImplementedError

    def _change(self, cloud: Gcp, name: str, new: Props, present: bool) -> None:
        """Read, change, write; again when somebody else wrote in between."""
        for attempt in range(_ATTEMPTS):
            with cloud.lock(name):
                policy = self.get(cloud, name)
                bindings = [dict(b) for b in policy.get("bindings", [])]
                mine = [b for b in bindings if _fits(b, new)]
                if present == any(new["member"] in b["members"] for b in mine):
                    return
                if not present:
                    for one in mine:
                        one["members"] = [m for m in one["members"] if m != new["member"]]
                elif mine:
                    mine[0]["members"] = [*mine[0]["members"], new["member"]]
                else:
                    condition = {"condition": new["condition"]} if new.get("condition") else {}
                    bindings.append({"role": new["role"], "members": [new["member"]], **condition})
                policy = {**policy, "version": 3, "bindings": [b for b in bindings if b["members"]]}
                try:
                    return self.put(cloud, name, policy)
                except Exception as problem:
                    if cloud.error_code(problem) not in _STALE or attempt == _ATTEMPTS - 1:
                        raise
            time.sleep(0.05 * (attempt + 1))

    def create(self, cloud: Gcp, new: Props) -> Created:
        name = self.name(cloud, new[self.target])
        self._change(cloud, name, new, True)
        title = (new.get("condition") or {}).get("title")
        return Created("/".join([f"{self.begin}{name}", new["role"], new["member"], *([title] if title else [])]))

    def read(self, cloud: Gcp, id: str, inputs: Props, state: Props) -> Live | None:
        wanted = inputs or state or self._imported(id)
        name = self.name(cloud, wanted[self.target])
        policy = self.get(cloud, name)
        found = next(
            (b for b in policy.get("bindings", []) if _fits(b, wanted) and wanted["member"] in b["members"]), None
        )
        if found is None:
            return None
        told = {
            self.target: wanted[self.target],
            "role": found["role"],
            "member": wanted["member"],
            "condition": found.get("condition"),
        }
        return Live(told, {"etag": policy.get("etag", "")})

    def _imported(self, id: str) -> Props:
        """The real provider's form for an import: resource, role, member and the condition's title, with blanks between."""
        target, role, member, *title = [*id.split(" ", 3), "", ""][: max(3, id.count(" ") + 1)]
        return {
            self.target: target,
            "role": role,
            "member": member,
            **({"condition": {"title": title[0]}} if title else {}),
        }

    def update(self, cloud: Gcp, id: str, old: Props, new: Props) -> None:
        """Nothing can change."""

    def remove(self, cloud: Gcp, id: str, state: Props) -> None:
        self._change(cloud, self.name(cloud, state[self.target]), state, False)


def _fits(binding: Props, wanted: Props) -> bool:
    if binding["role"] != wanted["role"]:
        return False
    mine, there = wanted.get("condition") or {}, binding.get("condition") or {}
    if set(mine) == {"title"}:  # an import, which knows only the title
        return bool(mine["title"] == there.get("title"))
    names = ("title", "description", "expression")
    return all((mine.get(n) or "") == (there.get(n) or "") for n in names)


class BucketIAMMember(Member):
    token = "gcp:storage/bucketIAMMember:BucketIAMMember"
    title = "Storage Bucket IAM Member"
    target = "bucket"
    begin = "b/"
    carried_out = shape("bucket condition{description expression title} member role")
    replace_on = frozenset({"bucket", "condition", "member", "role"})
    equal = {"bucket": same_name}

    def name(self, cloud: Gcp, given: str) -> str:
        return last(given)

    def get(self, cloud: Gcp, name: str) -> Props:
        return cloud.call("storage", "GET", f"b/{name}/iam", optionsRequestedPolicyVersion=3)

    def put(self, cloud: Gcp, name: str, policy: Props) -> None:
        cloud.call("storage", "PUT", f"b/{name}/iam", policy)


class CryptoKeyIAMMember(Member):
    token = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
    title = "KMS CryptoKey IAM Member"
    target = "cryptoKeyId"
    carried_out = shape("condition{description expression title} cryptoKeyId member role")
    replace_on = frozenset({"condition", "cryptoKeyId", "member", "role"})
    equal: dict[str, Any] = {"cryptoKeyId": lambda a, b: _key_path(str(a)) == _key_path(str(b))}

    def name(self, cloud: Gcp, given: str) -> str:
        return _key_path(given, cloud.settings.get("project", ""))

    def get(self, cloud: Gcp, name: str) -> Props:
        return cloud.call("kms", "GET", f"{name}:getIamPolicy", **{"options.requestedPolicyVersion": 3})

    def put(self, cloud: Gcp, name: str, policy: Props) -> None:
        cloud.call("kms", "POST", f"{name}:setIamPolicy", {"policy": policy})


def _key_path(given: str, project: str = "") -> str:
    """A key's whole path from any form the real provider takes: `project/location/ring/key` and `location/ring/key` too."""
    parts = given.strip("/").split("/")
    if len(parts) == 3:
        parts = [project, *parts]
    if len(parts) == 4:
        return "projects/{}/locations/{}/keyRings/{}/cryptoKeys/{}".format(*parts)
    return given


class ServiceAccountIAMMember(Member):
    token = "gcp:serviceaccount/iAMMember:IAMMember"
    title = "Service Account IAM Member"
    target = "serviceAccountId"
    carried_out = shape("condition{description expression title} member role serviceAccountId")
    replace_on = frozenset({"condition", "member", "role", "serviceAccountId"})

    def name(self, cloud: Gcp, given: str) -> str:
        return given if given.startswith("projects/") else f"projects/-/serviceAccounts/{given}"

    def get(self, cloud: Gcp, name: str) -> Props:
        return cloud.call("iam", "POST", f"{name}:getIamPolicy", {}, **{"options.requestedPolicyVersion": 3})

    def put(self, cloud: Gcp, name: str, policy: Props) -> None:
        cloud.call("iam", "POST", f"{name}:setIamPolicy", {"policy": policy})
