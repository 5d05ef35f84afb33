"""Key vaults and their keys, as Resource Manager sees them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.directory import Principal
from sandbox.clouds.azure.apis.ids import Where, located
from sandbox.clouds.azure.apis.keys import Key, Keys
from sandbox.clouds.azure.apis.kind import Body, Kind, place, properties
from sandbox.clouds.azure.apis.web import Answer, ArmError, Request, refused

VAULTS = "Microsoft.KeyVault/vaults"
_KEYS = f"{VAULTS}/keys"


class Vaults(Kind):
    """Vaults. Each has an address of its own, as with Azure: here a port.

    Args:
        arm: Resource Manager.
        open_vault: Serves a vault's data plane, and says where; called once a vault.
    """

    type = VAULTS
    tracked = True

    def __init__(self, arm: Arm, open_vault: Callable[[str], str]) -> None:
        super().__init__(arm)
        self._open = open_vault
        self.keys: dict[str, Keys] = {}
        """By the vault's name; those of deleted vaults are kept."""
        self.deleted: dict[str, Body] = {}
        """Soft-deleted vaults by name."""

    def vault(self, name: str) -> Body | None:
        """A vault by name: names are unique in all of Azure."""
        return next((held for held in list(self.arm.held.values()) if held["type"] == VAULTS and held["name"].lower() == name.lower()), None)  # fmt: skip

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        if not re.fullmatch(r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]", at.name):
            raise refused("VaultNameNotValid", f"The vault name '{at.name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.")  # fmt: skip
        said = properties(body)
        where = place(body, old)
        if old is None and (gone := self.deleted.get(at.name.lower())):
            if said.get("createMode") != "recover":
                raise ArmError(409, "ConflictError", "A vault with the same name already exists in deleted state. You need to either recover or purge existing vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.")  # fmt: skip
            del self.deleted[at.name.lower()]
            return {k: v for k, v in gone.items() if k not in ("id", "name", "type", "deletionDate")}
        if old is None and self.vault(at.name):
            raise ArmError(409, "VaultAlreadyExists", f"The vault name '{at.name}' is already in use.")
        before = (old or {}).get("properties") or {}
        held = {"enableSoftDelete": True, "softDeleteRetentionInDays": 90, "publicNetworkAccess": "Enabled", "enabledForDeployment": False, **before, **said}  # fmt: skip
        held.pop("createMode", None)
        self._check(held, before)
        if old is None:
            self.keys[at.name.lower()] = Keys()
            held["vaultUri"] = self._open(at.name.lower())
        else:
            held["vaultUri"] = before["vaultUri"]
        held["provisioningState"] = "Succeeded"
        return {"location": where, "tags": body.get("tags") or {}, "properties": held}

    def _check(self, held: Body, before: Body) -> None:
        if held.get("tenantId") != self.arm.directory.tenant:
            raise refused("BadRequest", f"Invalid tenant id '{held.get('tenantId')}': it is not the subscription's.")
        sku = held.get("sku") or {}
        if sku.get("family") != "A" or sku.get("name") not in ("standard", "premium"):
            raise refused("BadRequest", "A vault needs a sku of the family A, named standard or premium.")
        if not held.get("enableRbacAuthorization"):
            raise ArmError(501, "NotImplemented", "Vaults with access policies are not carried out by the local cloud.")
        if held["enableSoftDelete"] is False:
            raise refused("BadRequest", 'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.')  # fmt: skip
        if before.get("enablePurgeProtection") and not held.get("enablePurgeProtection"):
            raise refused("BadRequest", 'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.')  # fmt: skip
        if held.get("enablePurgeProtection") is False:
            raise refused("BadRequest", 'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.')  # fmt: skip
        days = held["softDeleteRetentionInDays"]
        if not 7 <= days <= 90 or before.get("softDeleteRetentionInDays", days) != days:
            raise refused("BadRequest", 'The property "softDeleteRetentionInDays" must be 7 to 90, and can be set only for creating new vault.')  # fmt: skip

    def removing(self, at: Where, held: Body) -> None:
        self.deleted[at.name.lower()] = {**held, "deletionDate": int(time.time())}

    def usable_by(self, person: str, address: str, name: str, version: str) -> None:
        """Refuse unless a principal may use a key; see `usable`."""
        self.usable(person, address, name, version)

    def usable(self, person: str, address: str, name: str, version: str) -> Key:
        """The key that a storage account would use, when it may.

        Args:
            person: The principal that reads it.
            address: The vault's.
            name: The key's.
            version: One of its versions; empty for the newest.

        Raises:
            ArmError: There is no such vault or key, it is disabled, or the principal has no right on it.
        """
        held = next((v for v in list(self.arm.held.values()) if v["type"] == VAULTS and v["properties"]["vaultUri"].rstrip("/") == address.rstrip("/")), None)  # fmt: skip
        if held is None:
            raise ArmError(400, "KeyVaultVaultNotFound", f"The key vault '{address}' could not be found.")
        said = held["properties"]
        if not said.get("enablePurgeProtection"):
            raise ArmError(400, "KeyVaultPolicyError", "Keyvault policy recoverable is not set: the vault needs soft delete and purge protection.")  # fmt: skip
        who = self.arm.directory.principal(person)
        scope = f"{held['id']}/keys/{name}"
        needed = ("read", "wrap/action", "unwrap/action")
        if who is None or not all(self.arm.authority.allows(who, f"{_KEYS}/{verb}", scope, data=True) for verb in needed):  # fmt: skip
            raise ArmError(403, "KeyVaultAuthenticationFailure", "The operation failed because of authentication issue on the keyvault. For more information, see - https://go.microsoft.com/fwlink/?linkid=2300117")  # fmt: skip
        key = self.keys[held["name"].lower()].live.get(name.lower())
        one = key.version(version) if key else None
        if key is None or one is None or not one.enabled:
            raise ArmError(403, "KeyVaultEncryptionKeyNotFound", f"The key vault key '{name}' is not found to unwrap the encryption key.")  # fmt: skip
        return key


class VaultKeys(Kind):
    """Keys. A PUT makes a key that is not there, and leaves one that is there as it is, as Azure does."""

    type = _KEYS
    made = 200

    def __init__(self, arm: Arm, vaults: Vaults) -> None:
        super().__init__(arm)
        self.vaults = vaults

    def _keys(self, at: Where) -> tuple[Body, Keys]:
        vault = self.arm.get(at.parent)
        if vault is None:
            raise ArmError(404, "ParentResourceNotFound", f"The vault '{at.parent}' could not be found.")
        return vault, self.vaults.keys[vault["name"].lower()]

    def default(self, at: Where) -> Body | None:
        vault = self.arm.get(at.parent)
        if vault is None:
            return None
        key = self.vaults.keys[vault["name"].lower()].live.get(at.name.lower())
        return None if key is None else {"location": vault["location"], "tags": key.tags, "properties": key.described(vault["properties"]["vaultUri"])}  # fmt: skip

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        vault, keys = self._keys(at)
        if not re.fullmatch(r"[A-Za-z0-9-]{1,127}", at.name):
            raise refused("BadRequest", f"The key name '{at.name}' is invalid: 1 to 127 letters, digits and hyphens.")
        if at.name.lower() in keys.deleted:
            raise ArmError(409, "Conflict", f"Key {at.name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.")  # fmt: skip
        if at.name.lower() not in keys.live:
            keys.live[at.name.lower()] = Key.made(at.name, properties(body), body.get("tags") or {}, vault["properties"])  # fmt: skip
        return {"properties": {}}

    def shown(self, at: Where, held: Body) -> Body:
        there = self.default(at)
        if there is None:
            self.arm.held.pop(at.key, None)
            raise ArmError(404, "KeyNotFound", f"A key with (name/id) {at.name} was not found in this key vault.")
        return there

    def list(self, at: Where, request: Request) -> list[Body]:
        """Every key of the vault."""
        inside = located(f"{at.id}/x")
        _, keys = self._keys(inside)
        found = [Where(f"{at.id}/{key.name}", self.type, key.name, at.scope) for key in keys.live.values()]
        return [{"id": one.id, "name": one.name, "type": self.type, **(self.default(one) or {})} for one in found]

    def removing(self, at: Where, held: Body) -> None:
        """Keys go with their vault, and come back with it; Resource Manager cannot delete one."""


class DeletedVaults(Kind):
    """Soft-deleted vaults: to look at, and to purge where that is allowed."""

    type = "Microsoft.KeyVault/locations/deletedVaults"

    def __init__(self, arm: Arm, vaults: Vaults) -> None:
        super().__init__(arm)
        self.vaults = vaults
        self.actions = {"purge": self.purge}

    def default(self, at: Where) -> Body | None:
        held = self.vaults.deleted.get(at.name.lower())
        return None if held is None else {"properties": _gone(held)}

    def purge(self, at: Where, request: Request, who: Principal) -> Answer:
        held = self.vaults.deleted.get(at.name.lower())
        if held is None:
            raise ArmError(404, "DeletedVaultNotFound", f"The specified deleted vault '{at.name}' does not exist.")
        if held["properties"].get("enablePurgeProtection"):
            raise ArmError(400, "BadRequest", f"Operation \"DeletedVaultPurge\" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.\r\nVault: {at.name}.")  # fmt: skip
        del self.vaults.deleted[at.name.lower()]
        self.vaults.keys.pop(at.name.lower(), None)
        return Answer(200)


class AllDeletedVaults(Kind):
    """The list of a subscription's soft-deleted vaults, which Azure has at an address of its own."""

    type = "Microsoft.KeyVault/deletedVaults"

    def __init__(self, arm: Arm, vaults: Vaults) -> None:
        super().__init__(arm)
        self.vaults = vaults

    def list(self, at: Where, request: Request) -> list[Body]:
        """Every one, wherever it was."""
        where = f"{at.scope}/providers/Microsoft.KeyVault/locations"
        return [
            {"id": f"{where}/{held['location']}/deletedVaults/{held['name']}", "name": held["name"], "type": self.type, "properties": _gone(held)}
            for held in self.vaults.deleted.values()
        ]  # fmt: skip


def _gone(held: Body) -> Body:
    """What Azure shows of a soft-deleted vault."""
    said = held["properties"]
    return {"vaultId": held["id"], "location": held["location"], "purgeProtectionEnabled": bool(said.get("enablePurgeProtection")), "deletionDate": held["deletionDate"]}  # fmt: skip
