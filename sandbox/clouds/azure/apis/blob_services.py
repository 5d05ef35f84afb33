"""What lies in a storage account: the settings of its blob service, its containers and its clean-up rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.directory import Principal
from sandbox.clouds.azure.apis.ids import Where
from sandbox.clouds.azure.apis.kind import Body, Kind, properties
from sandbox.clouds.azure.apis.moment import now
from sandbox.clouds.azure.apis.storage import ACCOUNTS
from sandbox.clouds.azure.apis.web import ArmError, Request, refused

if TYPE_CHECKING:
    from sandbox.clouds.azure.storage.deleted_containers import DeletedContainers
    from sandbox.clouds.azure.storage.upstream import Upstream

SERVICES = f"{ACCOUNTS}/blobServices"
CONTAINERS = f"{SERVICES}/containers"
_METHODS = {"DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH", "CONNECT", "TRACE"}
_OFF = {"enabled": False}
_DEFAULTS: Body = {"cors": {"corsRules": []}, "deleteRetentionPolicy": {"allowPermanentDelete": False, **_OFF}, "isVersioningEnabled": False, "containerDeleteRetentionPolicy": _OFF}  # fmt: skip
_PUBLIC = {"Blob": "blob", "Container": "container"}


def settings(arm: Arm, account: Body) -> Body:
    """The settings of an account's blob service.

    Args:
        arm: Resource Manager.
        account: The account.
    """
    held = arm.get(f"{account['id']}/blobServices/default")
    return dict((held or {}).get("properties") or _DEFAULTS)


class BlobServices(Kind):
    """The one blob service of an account; it is there with the account, and cannot be deleted."""

    type = SERVICES

    def __init__(self, arm: Arm, upstream: Upstream) -> None:
        super().__init__(arm)
        self.upstream = upstream

    def default(self, at: Where) -> Body | None:
        account = self.arm.get(at.parent)
        return {"sku": account["sku"], "properties": _DEFAULTS} if account and at.name.lower() == "default" else None

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        if old is None:
            raise refused("InvalidResourceName", "The only blob service of an account is 'default'.")
        said = properties(body)
        for name in ("changeFeed", "restorePolicy", "lastAccessTimeTrackingPolicy", "automaticSnapshotPolicyEnabled"):
            value = said.get(name)
            if value is True or (isinstance(value, dict) and (value.get("enabled") or value.get("enable"))):
                raise ArmError(501, "NotImplemented", f"'{name}' is not carried out by the local cloud.")
        rules = (said.get("cors") or {}).get("corsRules") or []
        if len(rules) > 5 or any(not set(one["allowedMethods"]) <= _METHODS or not one["allowedOrigins"] for one in rules):  # fmt: skip
            raise refused("InvalidXmlDocument", "XML specified is not syntactically valid: at most 5 CORS rules, of known methods.")  # fmt: skip
        for name in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
            policy = said.get(name)
            if policy and policy.get("enabled") and not 1 <= int(policy.get("days") or 0) <= 365:
                raise refused("InvalidRequestPropertyValue", f"The value '{policy.get('days')}' is not allowed for property {name}.days: 1 to 365.")  # fmt: skip
            if policy and policy.get("allowPermanentDelete"):
                raise ArmError(501, "NotImplemented", "'allowPermanentDelete' is not carried out by the local cloud.")
        return {"sku": old["sku"], "properties": {**old["properties"], **said}}

    def stored(self, at: Where, held: Body, new: bool) -> None:
        # Azurite answers CORS by these rules, and clients that look at the service's properties see them.
        told = self.upstream.signed("PUT", at.parent.rsplit("/", 1)[-1], "", {"restype": "service", "comp": "properties"}, {"content-type": "application/xml"}, _xml(held["properties"]))  # fmt: skip
        if told.status >= 300:
            raise refused("InvalidXmlDocument", told.body.decode(errors="replace")[:300])


def _xml(said: Body) -> bytes:
    def one(rule: Body) -> str:
        lists = {"AllowedOrigins": "allowedOrigins", "AllowedMethods": "allowedMethods", "AllowedHeaders": "allowedHeaders", "ExposedHeaders": "exposedHeaders"}  # fmt: skip
        text = "".join(f"<{tag}>{escape(','.join(rule.get(name) or []))}</{tag}>" for tag, name in lists.items())
        return f"<CorsRule>{text}<MaxAgeInSeconds>{int(rule['maxAgeInSeconds'])}</MaxAgeInSeconds></CorsRule>"

    rules = "".join(map(one, (said.get("cors") or {}).get("corsRules") or []))
    keep = said.get("deleteRetentionPolicy") or {}
    days = f"<Enabled>true</Enabled><Days>{keep['days']}</Days>" if keep.get("enabled") else "<Enabled>false</Enabled>"
    return f'<?xml version="1.0" encoding="utf-8"?><StorageServiceProperties><Cors>{rules}</Cors><DeleteRetentionPolicy>{days}</DeleteRetentionPolicy></StorageServiceProperties>'.encode()  # fmt: skip


class Containers(Kind):
    """Containers. They are Azurite's: one that a data-plane client made is here too."""

    type = CONTAINERS
    deletable_default = True

    def __init__(self, arm: Arm, upstream: Upstream, deleted: DeletedContainers) -> None:
        super().__init__(arm)
        self.upstream, self.deleted = upstream, deleted

    def _account(self, at: Where) -> str:
        return at.id.rsplit("/blobServices/", 1)[0].rsplit("/", 1)[-1]

    def default(self, at: Where) -> Body | None:
        account = self._account(at)
        if self.arm.get(at.id.rsplit("/blobServices/", 1)[0]) is None or self.deleted.hides(account, at.name):
            return None
        found = self.upstream.signed("GET", account, at.name, {"restype": "container"})
        if found.status != 200:
            return None
        headers = {name.lower(): value for name, value in found.headers.items()}
        access = {v: k for k, v in _PUBLIC.items()}.get(headers.get("x-ms-blob-public-access", ""), "None")
        metadata = {name.removeprefix("x-ms-meta-"): value for name, value in headers.items() if name.startswith("x-ms-meta-")}  # fmt: skip
        said: Body = {
            "deleted": False, "remainingRetentionDays": 0, "publicAccess": access, "leaseStatus": "Unlocked", "leaseState": "Available",
            "lastModifiedTime": headers.get("last-modified", ""), "hasImmutabilityPolicy": False, "hasLegalHold": False,
            "defaultEncryptionScope": "$account-encryption-key", "denyEncryptionScopeOverride": False,
        }  # fmt: skip
        if metadata:
            said["metadata"] = metadata
        return {"etag": headers.get("etag", ""), "properties": said}

    def shown(self, at: Where, held: Body) -> Body:
        # What is held only says that Resource Manager knows it; what it is, the data plane says.
        now_there = self.default(at)
        if now_there is None:
            self.arm.held.pop(at.key, None)
            raise ArmError(404, "ContainerNotFound", "The specified container does not exist.")
        return now_there

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        if not re.fullmatch(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", at.name):
            raise refused("InvalidResourceName", "The specified resource name contains invalid characters: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends.")  # fmt: skip
        said, account = properties(body), self._account(at)
        for name in ("immutableStorageWithVersioning", "enableNfsV3AllSquash", "enableNfsV3RootSquash"):
            if said.get(name) and said[name] != _OFF:
                raise ArmError(501, "NotImplemented", f"'{name}' is not carried out by the local cloud.")
        access = _PUBLIC.get(said.get("publicAccess", "None"), "")
        owner = self.arm.get(at.id.rsplit("/blobServices/", 1)[0])
        if access and not (owner and owner["properties"].get("allowBlobPublicAccess")):
            raise ArmError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.")
        headers = {f"x-ms-meta-{name}": value for name, value in (said.get("metadata") or {}).items()}
        shown = {"x-ms-blob-public-access": access} if access else {}
        if self.default(at) is None:
            self.deleted.make_room(account, at.name)
            self._told(self.upstream.signed("PUT", account, at.name, {"restype": "container"}, {**headers, **shown}))
        else:
            if "metadata" in said:
                self._told(self.upstream.signed("PUT", account, at.name, {"restype": "container", "comp": "metadata"}, headers))  # fmt: skip
            if "publicAccess" in said:
                self._told(self.upstream.signed("PUT", account, at.name, {"restype": "container", "comp": "acl"}, shown))  # fmt: skip
        return {"properties": {"lastModifiedTime": now()}}

    @staticmethod
    def _told(answer: Any) -> None:
        if answer.status >= 300:
            raise ArmError(answer.status, "StorageError", answer.body.decode(errors="replace")[:300])

    def list(self, at: Where, request: Request) -> list[Body]:
        """Every container of the account."""
        account, found = self._account(at), []
        for name in self.deleted.names(account):
            one = Where(f"{at.id}/{name}", self.type, name, at.scope)
            if (there := self.default(one)) is not None:
                found.append({"id": one.id, "name": name, "type": self.type, **there})
        return found

    def removing(self, at: Where, held: Body) -> None:
        account = self.arm.get(at.id.rsplit("/blobServices/", 1)[0])
        if account is not None:
            self.deleted.delete(account, at.name)


class ManagementPolicies(Kind):
    """The clean-up rules of an account; kept and never carried out."""

    type = f"{ACCOUNTS}/managementPolicies"
    made = 200

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        if at.name.lower() != "default":
            raise refused("InvalidResourceName", "The only management policy of an account is 'default'.")
        said = properties(body)
        rules = (said.get("policy") or {}).get("rules")
        if not rules or len(rules) > 100:
            raise refused("InvalidRequestPropertyValue", "A management policy needs 1 to 100 rules.")
        names = [str(one.get("name")) for one in rules]
        if len(set(names)) < len(names):
            raise refused("InvalidRequestPropertyValue", "The rules of a management policy need different names.")
        for one in rules:
            definition = one.get("definition") or {}
            if one.get("type") != "Lifecycle" or not re.fullmatch(r"[A-Za-z0-9-]{1,256}", str(one.get("name"))):
                raise refused("InvalidRequestPropertyValue", f"The rule '{one.get('name')}' needs the type Lifecycle and a name of letters, digits and hyphens.")  # fmt: skip
            if not definition.get("actions") or not any(definition["actions"].values()):
                raise refused("InvalidRequestPropertyValue", f"The rule '{one['name']}' has no action.")
            kinds = (definition.get("filters") or {}).get("blobTypes")
            if not kinds or not set(kinds) <= {"blockBlob", "appendBlob"}:
                raise refused("InvalidRequestPropertyValue", f"The rule '{one['name']}' needs the filter blobTypes.")
            snapshots = [definition["actions"].get(k) or {} for k in ("version", "snapshot")]
            if any("daysAfterModificationGreaterThan" in (action or {}) for part in snapshots for action in part.values() if isinstance(action, dict)):  # fmt: skip
                raise refused("InvalidRequestPropertyValue", "Versions and snapshots are cleaned up by daysAfterCreationGreaterThan only.")  # fmt: skip
        return {"properties": {"lastModifiedTime": now(), "policy": {"rules": [{"enabled": True, **one} for one in rules]}}}  # fmt: skip
