"""A vault's own API, as far as it is needed: to look at keys, disable, rotate, delete and recover them."""

from __future__ import annotations

from typing import Any

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.firewall import inside
from sandbox.clouds.azure.apis.keys import Key, Keys, check_policy
from sandbox.clouds.azure.apis.moment import seconds
from sandbox.clouds.azure.apis.vaults import Vaults
from sandbox.clouds.azure.apis.web import Answer, ArmError, Request

AUDIENCE = "https://vault.azure.net"
_KEYS = "Microsoft.KeyVault/vaults/keys"


class VaultData:
    """The data plane of one vault.

    Args:
        arm: Resource Manager, which knows who may do what.
        vaults: All vaults.
        name: This vault's name, in lower case.
        authority: The sign-in address that clients are sent to.
    """

    def __init__(self, arm: Arm, vaults: Vaults, name: str, authority: str) -> None:
        self.arm, self.vaults, self.name = arm, vaults, name
        self._challenge = f'Bearer authorization="{authority}/{arm.directory.tenant}", resource="{AUDIENCE}"'

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        if not request.headers.get("authorization"):
            raise ArmError(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", WWW_Authenticate=self._challenge)  # fmt: skip
        vault = self.vaults.vault(self.name)
        if vault is None:
            raise ArmError(404, "VaultNotFound", "The vault is not there.")
        who = self.arm.directory.bearer(request, {AUDIENCE})
        rules = vault["properties"].get("networkAcls") or {}
        if rules.get("defaultAction") == "Deny" and not inside(rules):
            raise ArmError(403, "Forbidden", f"Client address is not authorized and caller is not a trusted service.\r\nClient address: 127.0.0.1\r\nCaller: appid={who.client_id};oid={who.object_id}\r\nVault: {vault['name']}")  # fmt: skip
        parts = [one for one in request.path.split("/") if one]
        if len(parts) < 1 or parts[0] not in ("keys", "deletedkeys"):
            raise ArmError(501, "NotImplemented", "Only keys are carried out by the local cloud.")
        with self.arm.lock:
            keys = self.vaults.keys[self.name]
            collection, name, rest = parts[0], (parts[1:2] or [""])[0], parts[2:]
            scope = f"{vault['id']}/keys/{name}" if name else vault["id"]

            def demand(verb: str) -> None:
                action = f"{_KEYS}/{verb}" if not verb.startswith("Microsoft.") else verb
                if not self.arm.authority.allows(who, action, scope, data=True):
                    raise ArmError(403, "Forbidden", f"Caller is not authorized to perform action on resource.\r\nCaller: appid={who.client_id};oid={who.object_id}\r\nAction: '{action}'\r\nResource: '{scope}'")  # fmt: skip

            address = vault["properties"]["vaultUri"]
            if collection == "deletedkeys":
                return self._deleted(request, keys, name, rest, demand, address, bool(vault["properties"].get("enablePurgeProtection")))  # fmt: skip
            return self._live(request, keys, name, rest, demand, address)

    @staticmethod
    def _key(among: dict[str, Key], name: str) -> Key:
        found = among.get(name.lower())
        if found is None:
            raise ArmError(404, "KeyNotFound", f"A key with (name/id) {name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command.")  # fmt: skip
        return found

    def _live(self, request: Request, keys: Keys, name: str, rest: list[str], demand: Any, address: str) -> Answer:
        verb = (request.method, *rest[:1])
        if request.method == "GET" and not name:
            demand("read")
            return Answer.of({"value": [{"kid": f"{address}keys/{key.name}", "attributes": key.attributes(key.newest), "tags": key.tags} for key in keys.live.values()], "nextLink": None})  # fmt: skip
        if verb == ("GET", "versions"):
            demand("read")
            key = self._key(keys.live, name)
            return Answer.of({"value": [{"kid": f"{address}keys/{key.name}/{one.id}", "attributes": key.attributes(one)} for one in key.versions], "nextLink": None})  # fmt: skip
        if len(rest) == 1 and rest[0] == "rotationpolicy":
            return self._policy(request, self._key(keys.live, name), demand, address)
        if verb == ("POST", "rotate"):
            demand("rotate/action")
            key = self._key(keys.live, name)
            return Answer.of(key.bundle(address, key.rotate()))
        if request.method == "GET":
            demand("read")
            key = self._key(keys.live, name)
            one = key.version("".join(rest))
            if one is None:
                raise ArmError(404, "KeyNotFound", f"A key with (name/id) {name}/{''.join(rest)} was not found.")
            return Answer.of(key.bundle(address, one))
        if request.method == "PATCH":
            demand("update/action")
            key = self._key(keys.live, name)
            one = key.version("".join(rest)) or key.newest
            said = request.json()
            one.enabled = bool((said.get("attributes") or {}).get("enabled", one.enabled))
            one.updated = seconds()
            key.operations = said.get("key_ops") or key.operations
            return Answer.of(key.bundle(address, one))
        if request.method == "DELETE" and not rest:
            demand("delete")
            key = self._key(keys.live, name)
            del keys.live[name.lower()]
            keys.deleted[name.lower()], key.deleted = key, seconds()
            return Answer.of(self._gone(key, address))
        raise ArmError(501, "NotImplemented", f"{request.method} {request.path} is not carried out by the local cloud.")

    def _policy(self, request: Request, key: Key, demand: Any, address: str) -> Answer:
        right = "Microsoft.KeyVault/vaults/keyrotationpolicies"
        if request.method == "PUT":
            demand(f"{right}/write")
            said = request.json()
            check_policy(said)
            key.policy = {k: said[k] for k in ("lifetimeActions", "attributes") if k in said}
        else:
            demand(f"{right}/read")
        return Answer.of({"id": f"{address}keys/{key.name}/rotationpolicy", "lifetimeActions": [], "attributes": {}, **(key.policy or {})})  # fmt: skip

    def _deleted(self, request: Request, keys: Keys, name: str, rest: list[str], demand: Any, address: str, protected: bool) -> Answer:  # fmt: skip
        if request.method == "GET":
            demand("read")
            if not name:
                return Answer.of({"value": [self._gone(key, address) for key in keys.deleted.values()], "nextLink": None})  # fmt: skip
            return Answer.of(self._gone(self._key(keys.deleted, name), address))
        if request.method == "POST" and rest == ["recover"]:
            demand("recover/action")
            key = self._key(keys.deleted, name)
            del keys.deleted[name.lower()]
            keys.live[name.lower()] = key
            return Answer.of(key.bundle(address, key.newest))
        if request.method == "DELETE":
            demand("purge/action")
            self._key(keys.deleted, name)
            if protected:
                raise ArmError(403, "Forbidden", 'Operation "purge" is not allowed because purge protection is enabled for this key vault.')  # fmt: skip
            del keys.deleted[name.lower()]
            return Answer(204)
        raise ArmError(501, "NotImplemented", f"{request.method} {request.path} is not carried out by the local cloud.")

    @staticmethod
    def _gone(key: Key, address: str) -> dict[str, Any]:
        until = key.deleted + key.days * 86400
        return {"recoveryId": f"{address}deletedkeys/{key.name}", "deletedDate": key.deleted, "scheduledPurgeDate": until, **key.bundle(address, key.newest)}  # fmt: skip
