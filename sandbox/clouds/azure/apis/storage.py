"""Storage accounts: their names and settings, their keys, and the key of the customer that encrypts them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.directory import Principal
from sandbox.clouds.azure.apis.ids import Where
from sandbox.clouds.azure.apis.kind import Body, Kind, place, properties
from sandbox.clouds.azure.apis.moment import now
from sandbox.clouds.azure.apis.web import Answer, ArmError, Request, refused
from sandbox.clouds.azure.azurite import Azurite, new_key

ACCOUNTS = "Microsoft.Storage/storageAccounts"
_SKUS = ("Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Premium_LRS", "Premium_ZRS", "Standard_GZRS", "Standard_RAGZRS")  # fmt: skip
_TLS = ("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3")
_REFUSED = ("customDomain", "isNfsV3Enabled", "isHnsEnabled", "isSftpEnabled", "immutableStorageWithVersioning", "azureFilesIdentityBasedAuthentication")  # fmt: skip
"""Settings that change what the account is; switched on they are refused."""
_DEFAULTS: Body = {
    "accessTier": "Hot", "allowBlobPublicAccess": False, "allowCrossTenantReplication": False, "minimumTlsVersion": "TLS1_0",
    "supportsHttpsTrafficOnly": True, "networkAcls": {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Allow"},
}  # fmt: skip
_SERVICE = {"keyType": "Account", "enabled": True}

KeyCheck = Callable[[str, str, str, str], None]
"""Refuses unless a principal may use a key: principal id, vault address, key name, version."""


class StorageAccounts(Kind):
    """Storage accounts.

    Args:
        arm: Resource Manager.
        azurite: Where the data is.
        blob: The address of the blob service.
        key_check: See KeyCheck.
        empty: Removes all containers of an account.
    """

    type = ACCOUNTS
    tracked = True

    def __init__(self, arm: Arm, azurite: Azurite, blob: str, key_check: KeyCheck, empty: Callable[[str], None]) -> None:  # fmt: skip
        super().__init__(arm)
        self.azurite, self.blob, self.key_check, self.empty = azurite, blob, key_check, empty
        self.keys: dict[str, list[Body]] = {}
        self.actions = {"listKeys": self.list_keys, "regenerateKey": self.regenerate}

    def account(self, name: str) -> Body | None:
        """An account by name: names are unique in all of Azure."""
        return next((held for held in list(self.arm.held.values()) if held["type"] == ACCOUNTS and held["name"] == name), None)  # fmt: skip

    def key_values(self, name: str) -> tuple[str, str]:
        """Both keys of an account."""
        one, two = self.keys[name]
        return one["value"], two["value"]

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        if not re.fullmatch(r"[a-z0-9]{3,24}", at.name):
            raise refused("AccountNameInvalid", f"{at.name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.")  # fmt: skip
        if old is None and self.account(at.name):
            raise ArmError(409, "StorageAccountAlreadyTaken", f"The storage account named {at.name} is already taken.")
        where, kind = place(body, old), body.get("kind") or (old or {}).get("kind")
        sku = (body.get("sku") or (old or {}).get("sku") or {}).get("name")
        if kind not in ("StorageV2", "BlockBlobStorage") or (old and kind != old["kind"]):
            raise refused("InvalidAccountKind", f"The account kind '{kind}' is not carried out, or cannot be changed.")
        if sku not in _SKUS:
            raise refused("InvalidAccountType", f"The AccountType {sku} is invalid.")
        said = properties(body)
        self._check(said)
        before = (old or {}).get("properties") or _DEFAULTS
        identity = _identity(self.arm, body.get("identity"), (old or {}).get("identity"))
        encryption = self._encryption(said, before, identity)
        held = {**before, **{k: v for k, v in said.items() if k != "encryption"}, "encryption": encryption}
        if old is None:
            self._new(at, held)
        tags = body["tags"] if body.get("tags") is not None else (old or {}).get("tags") or {}
        return {"location": where, "kind": kind, "sku": {"name": sku, "tier": sku.split("_")[0]}, "tags": tags, "identity": identity, "properties": held}  # fmt: skip

    def _check(self, said: Body) -> None:
        for name in _REFUSED:
            if said.get(name):
                raise ArmError(501, "NotImplemented", f"'{name}' is not carried out by the local cloud.")
        if said.get("minimumTlsVersion", "TLS1_2") not in _TLS:
            raise refused("InvalidRequestPropertyValue", f"The value '{said['minimumTlsVersion']}' is not allowed for property minimumTlsVersion.")  # fmt: skip
        days = (said.get("keyPolicy") or {}).get("keyExpirationPeriodInDays")
        if days is not None and not 1 <= days <= 2147483647:
            raise refused("InvalidValuesForRequestParameters", "Values for request parameters are invalid: keyPolicy.keyExpirationPeriodInDays.")  # fmt: skip
        period = (said.get("sasPolicy") or {}).get("sasExpirationPeriod")
        if period is not None and not re.fullmatch(r"(\d+\.)?\d{1,2}:\d{2}:\d{2}", period):
            raise refused("InvalidValuesForRequestParameters", "Values for request parameters are invalid: sasPolicy.sasExpirationPeriod.")  # fmt: skip

    def _encryption(self, said: Body, before: Body, identity: Body | None) -> Body:
        start = before.get("encryption") or {"services": {"blob": _SERVICE, "file": _SERVICE}, "keySource": "Microsoft.Storage"}  # fmt: skip
        asked = said.get("encryption")
        if not asked:
            return start
        found = {**start, **{k: v for k, v in asked.items() if v is not None}}
        if start.get("requireInfrastructureEncryption", found.get("requireInfrastructureEncryption")) != found.get("requireInfrastructureEncryption") and before is not _DEFAULTS:  # fmt: skip
            raise refused("InvalidRequestPropertyValue", "The property 'requireInfrastructureEncryption' cannot be changed after the account was created.")  # fmt: skip
        found["services"] = {name: {**_SERVICE, **(one or {})} for name, one in {"blob": {}, "file": {}, **(found.get("services") or {})}.items()}  # fmt: skip
        if found["keySource"].lower() != "microsoft.keyvault":
            found.pop("keyvaultproperties", None)
            return found
        key = {k: v for k, v in (found.get("keyvaultproperties") or {}).items() if v}
        if not key.get("keyname") or not key.get("keyvaulturi"):
            raise refused("InvalidValuesForRequestParameters", "Values for request parameters are invalid: keyvaultproperties.")  # fmt: skip
        self.key_check(self.key_user(found, identity), key["keyvaulturi"], key["keyname"], key.get("keyversion", ""))
        found["keyvaultproperties"] = {**key, "keyversion": key.get("keyversion", ""), "lastKeyRotationTimestamp": now()}  # fmt: skip
        return found

    def key_user(self, encryption: Body, identity: Body | None) -> str:
        """The principal that an account reads its key as.

        Raises:
            ArmError: It has none.
        """
        user = ((encryption.get("identity") or {}).get("userAssignedIdentity") or "").lower()
        mine = {id.lower(): one for id, one in ((identity or {}).get("userAssignedIdentities") or {}).items()}
        if not user or user not in mine:
            raise refused("InvalidValuesForRequestParameters", "Values for request parameters are invalid: encryption.identity.userAssignedIdentity must be one of the account's identities (the local cloud gives accounts no identity of their own).")  # fmt: skip
        return str(mine[user]["principalId"])

    def _new(self, at: Where, held: Body) -> None:
        moment = now()
        self.keys[at.name] = [{"keyName": f"key{n}", "value": new_key(), "permissions": "FULL", "creationTime": moment} for n in (1, 2)]  # fmt: skip
        self.azurite.put(at.name, self.key_values(at.name))
        held.update(
            {
                "creationTime": moment, "provisioningState": "Succeeded", "statusOfPrimary": "available", "primaryLocation": "",
                "primaryEndpoints": {"blob": f"{self.blob}/{at.name}/"}, "privateEndpointConnections": [],
            }
        )  # fmt: skip

    def shown(self, at: Where, held: Body) -> Body:
        times = {one["keyName"]: one["creationTime"] for one in self.keys[at.name]}
        more = {"primaryLocation": held["location"], "keyCreationTime": times}
        said = {**held["properties"], **more}
        return {**{k: v for k, v in held.items() if v is not None}, "properties": said}

    def removing(self, at: Where, held: Body) -> None:
        self.empty(at.name)
        self.azurite.drop(at.name)
        self.keys.pop(at.name, None)

    # -- actions
    def _there(self, at: Where) -> None:
        if at.key not in self.arm.held:
            raise ArmError(404, "ResourceNotFound", f"The Resource '{ACCOUNTS}/{at.name}' under resource group '{at.group}' was not found.")  # fmt: skip

    def list_keys(self, at: Where, request: Request, who: Principal) -> Answer:
        self._there(at)
        return Answer.of({"keys": self.keys[at.name]})

    def regenerate(self, at: Where, request: Request, who: Principal) -> Answer:
        self._there(at)
        asked = request.json().get("keyName")
        one: Any = next((k for k in self.keys[at.name] if k["keyName"] == asked), None)
        if one is None:
            raise refused("InvalidValuesForRequestParameters", "Values for request parameters are invalid: keyName.")
        one.update(value=new_key(), creationTime=now())
        self.azurite.put(at.name, self.key_values(at.name))
        return Answer.of({"keys": self.keys[at.name]})


def _identity(arm: Arm, asked: Body | None, old: Body | None) -> Body | None:
    if asked is None:
        return old
    kind = str(asked.get("type") or "None").replace(" ", "")
    if "SystemAssigned" in kind:
        raise ArmError(501, "NotImplemented", "System-assigned identities are not carried out by the local cloud.")
    if kind == "None":
        return None
    found = {}
    for id in asked.get("userAssignedIdentities") or {}:
        held = arm.get(id)
        if held is None:
            raise refused("FailedIdentityOperation", f"Identity operation for resource failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: the identity {id} was not found.'")  # fmt: skip
        found[id] = {k: held["properties"][k] for k in ("principalId", "clientId")}
    return {"type": kind, "userAssignedIdentities": found}
