"""The local Azure behind Pulumi's back: everything read and changed by Resource Manager and Microsoft's own clients."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from byob_components.wandb.address import parse
from sandbox.clouds.azure.accounts import (
    LOCATION,
    SUBSCRIPTION_SCOPE,
    TENANT,
    blob_service,
    environment,
    provider_config,
)
from sandbox.clouds.azure.server import AzureCloud
from tests.life.cloud import LocalCloud, Made, Ops, Reading
from tests.sandbox_azure.conftest import ROLES, World

POD = "system:serviceaccount:default:wandb-app"
"""A service account of W&B's that may act as a store's identity; one is enough here."""
VAULTS, ACCOUNTS = "Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts"
IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
ASSIGNMENTS, LOCKS = "Microsoft.Authorization/roleAssignments", "Microsoft.Authorization/locks"
USE = "Key Vault Crypto Service Encryption User"
TITLES = {guid: name for name, guid in ROLES.items()}
NEW_EACH_TIME = frozenset(
    {"etag", "lastModifiedTime", "lastKeyRotationTimestamp", "createdBy", "createdOn", "updatedBy", "updatedOn", "updated"}
)  # fmt: skip
"""What every change writes anew, or who made it."""


def settled_but(value: Any) -> Any:
    """Without what every change writes anew."""
    if isinstance(value, dict):
        return {k: settled_but(v) for k, v in value.items() if k not in NEW_EACH_TIME}
    return [settled_but(v) for v in value] if isinstance(value, list) else value


class AzureCalls(LocalCloud):
    """The servers, and what is asked of them."""

    def __init__(self, server: AzureCloud) -> None:
        self.server, self.world, self.accounts = server, World(server), server.accounts

    # -- servers
    @classmethod
    def missing(cls) -> str:
        if shutil.which("node") is None or shutil.which("npm") is None:
            return "Node.js with npm"
        there = all(importlib.util.find_spec(name) for name in ("azure", "azure.identity", "azure.storage.blob"))
        return "" if there else "the Azure SDKs in the environment"

    @classmethod
    def start(cls, folder: Path) -> Self:
        return cls(AzureCloud.start(folder))

    def stop(self) -> None:
        self.world.web.close()
        self.server.stop()

    def config(self) -> tuple[dict[str, Any], dict[str, str]]:
        found = provider_config(self.server, self.accounts.deployer)
        secret = found.pop("clientSecret")
        return {f"azure-native:{key}": value for key, value in found.items()}, {"azure-native:clientSecret": secret}

    def env(self) -> Mapping[str, str]:
        return environment(self.server)

    # -- reads
    def all_of(self, scope: str, kind: str) -> list[dict[str, Any]]:
        """Everything of a type, in the subscription or in or on something.

        Args:
            scope: An id; empty for the subscription.
            kind: The type, or the last part of it for what lies in another resource.
        """
        below = f"{scope}/{kind}" if "." not in kind else f"{scope or SUBSCRIPTION_SCOPE}/providers/{kind}"
        found: list[dict[str, Any]] = self.world.done("GET", below)["value"]
        return found

    def named(self, account: str) -> dict[str, Any]:
        """An account by its name."""
        return next(one for one in self.all_of("", ACCOUNTS) if one["name"] == account)

    def read(self, made: Made) -> Reading:
        account = self.named(made.outputs["accountName"])
        id, group = account["id"], account["id"].split("/providers/")[0]
        service = self.world.done("GET", f"{id}/blobServices/default")["properties"]
        policy = self.world.call("GET", f"{id}/managementPolicies/default")
        rules = policy.json()["properties"]["policy"]["rules"] if policy.status_code == 200 else []
        container = self.world.done("GET", f"{id}/blobServices/default/containers/{made.bucket}")
        encryption = account["properties"]["encryption"].get("keyvaultproperties", {})
        key = f"{encryption['keyvaulturi'].rstrip('/')}/keys/{encryption['keyname']}" if encryption else ""
        reading = {
            **account["properties"], **service, **container["properties"],
            **{name: account.get(name) for name in ("sku", "tags", "identity", "kind", "location")},
            "cors": service["cors"]["corsRules"],
            "lifecycle": {one["name"]: (*one["definition"]["filters"]["prefixMatch"], one["definition"]["actions"]) for one in rules},
            "keys": self.world.done("POST", f"{id}/listKeys")["keys"],
            "locks": [one["properties"]["level"] for one in self.all_of(id, LOCKS)],
            "logs": self.all_of(f"{id}/blobServices/default", "Microsoft.Insights/diagnosticSettings"),
            "objects": self.objects(made),
            "has the store's key": key == made.outputs["kmsKeyId"] != "",
            "group tags": self.world.done("GET", group)["tags"],
        }  # fmt: skip
        return settled_but({**reading, **self.around(group, id)})

    def around(self, group: str, account: str) -> Reading:
        """What a store has beside its account: identities with their trust, vault and key, and who holds which role."""
        names = {self.accounts.wandb_console.object_id: "W&B's instance", self.accounts.wandb_other.object_id: "somebody else"}  # fmt: skip
        reading: Reading = {"trusted": [], "identities": {}, "issuers": {}}
        for one in self.all_of(group, IDENTITIES):
            encrypts = "encryption" in one["name"]
            names[one["properties"]["principalId"]] = "the encryption's identity" if encrypts else "W&B's identity"
            trust = [other["properties"] for other in self.all_of(one["id"], "federatedIdentityCredentials")]
            reading["trusted"] += sorted(other["subject"] for other in trust)
            reading["issuers"] |= {other["issuer"]: other["audiences"] for other in trust}
            reading["identities"][one["name"]] = one["properties"]
            reading["identity tags"] = one["tags"]
        places = {account: "the account"}
        for vault in self.all_of(group, VAULTS):
            (key,) = self.all_of(vault["id"], "keys")
            places[key["id"]] = "the key"
            rotation = key["properties"].pop("rotationPolicy")["lifetimeActions"][0]["trigger"]["timeAfterCreate"]
            reading |= {"vault": vault["properties"], "vault tags": vault["tags"], "key": key, "key rotation": rotation}
        held = [one for one in self.all_of("", ASSIGNMENTS) if one["id"].startswith(f"{group}/")]
        grants: dict[str, list[str]] = {}
        for said in (one["properties"] for one in held):
            where = places.get(said["scope"], f"the {said['scope'].split('/')[-2].removesuffix('s')}")
            title = f"{TITLES[said['roleDefinitionId'].rsplit('/', 1)[1]]} on {where}"
            grants[title] = sorted([*grants.get(title, []), names.get(said["principalId"], said["principalId"])])
        return {**reading, "grants": grants}

    def client(self, made: Made) -> Any:
        """Microsoft's own client of the container, for the customer's storage administrator."""
        who = self.world.credential(self.accounts.storage_admin)
        return blob_service(self.server, made.outputs["accountName"], who).get_container_client(made.bucket)

    def objects(self, made: Made) -> Any:
        """Every blob with its versions and what was deleted; a word where the account's key is out of reach."""
        from azure.core.exceptions import HttpResponseError

        try:
            listed = list(self.client(made).list_blobs(include=["versions", "deleted"]))
        except HttpResponseError as refusal:
            if refusal.status_code != 403:
                raise
            return "out of reach"
        return sorted((one.name, one.version_id, str(one.etag), bool(one.deleted)) for one in listed)

    def inventory(self) -> dict[str, str]:
        found = {one["id"]: "" for one in self.world.done("GET", f"{SUBSCRIPTION_SCOPE}/resourceGroups")["value"]}
        for kind in (ACCOUNTS, VAULTS, IDENTITIES, ASSIGNMENTS, LOCKS):
            found |= {one["id"]: "" for one in self.all_of("", kind)}
        for one in self.all_of("", "Microsoft.KeyVault/deletedVaults"):
            kept = "may not be purged" if one["properties"]["purgeProtectionEnabled"] else "may be purged"
            found[f"deleted {one['properties']['vaultId']}"] = kept
        return found

    def wandb_reads(self, made: Made, key: str) -> bool:
        from azure.core.exceptions import HttpResponseError
        from azure.storage.blob import generate_blob_sas

        name, console = made.outputs["accountName"], self.accounts.wandb_console
        told = parse(next(iter(made.outputs["storageAddresses"].values())))
        now, client = datetime.now(UTC), made.outputs["managedIdentityClientId"]
        signed: dict[str, Any] = {"account_key": told.secret_key}
        if client == console.client_id:
            service = blob_service(self.server, name, self.world.credential(console))
            try:
                signed = {"user_delegation_key": service.get_user_delegation_key(now, now + timedelta(hours=1))}
            except HttpResponseError as refusal:
                if refusal.status_code != 403:
                    raise
                return False
        elif client:
            pod = self.accounts.identity(client, POD)
            answer = self.world.call("POST", f"{self.named(made.outputs['accountName'])['id']}/listKeys", who=pod)
            assert answer.status_code in (200, 403), answer.text
            if answer.status_code == 403:
                return False
            signed = {"account_key": answer.json()["keys"][0]["value"]}
        sas = generate_blob_sas(name, made.bucket, key, permission="r", expiry=now + timedelta(hours=1), **signed)
        answer = self.world.web.get(f"{self.server.blob}/{name}/{made.bucket}/{key}?{sas}")
        assert answer.status_code in (200, 403), answer.text
        return bool(answer.status_code == 200)

    def address(self, made: Made, path: str) -> str:
        below = "" if path == "/" else f"/{path}"
        return f"az://{made.outputs['accountName']}/{made.bucket}{below}"

    def cors_ops(self, team: str) -> Ops:
        return {f"BlobServiceProperties {team}": "update"}

    # -- writes behind Pulumi's back
    def put(self, made: Made, key: str, body: bytes = b"data") -> None:
        self.client(made).upload_blob(key, body, overwrite=True)

    def empty(self, made: Made) -> None:
        raise AssertionError("Azure deletes an account with all that is in it")

    def foreign(self, made: Made) -> None:
        account = self.named(made.outputs["accountName"])["id"]
        self.world.done("PUT", f"{account}/blobServices/default/containers/theirs", {})
        assert self.world.grant(account, "Reader", self.accounts.wandb_other).status_code == 201

    def drift(self, made: Made) -> None:
        account = self.named(made.outputs["accountName"])["id"]
        group, service = account.split("/providers/")[0], f"{account}/blobServices/default"
        open_ = {"allowBlobPublicAccess": True, "minimumTlsVersion": "TLS1_0", "allowSharedKeyAccess": False}
        self.world.done("PATCH", account, {"properties": open_, "tags": {"owner": "somebody"}})
        off = {"enabled": False}
        self.world.done("PUT", service, {"properties": {"cors": {"corsRules": []}, "isVersioningEnabled": False, "deleteRetentionPolicy": off}})  # fmt: skip
        self.world.done("PUT", f"{service}/containers/{made.bucket}", {"properties": {"publicAccess": "Container"}})
        self.world.done("DELETE", f"{account}/managementPolicies/default")
        (vault,) = self.all_of(group, VAULTS)
        self.world.done("PATCH", vault["id"], {"properties": {"networkAcls": {"bypass": "None", "defaultAction": "Allow"}}})  # fmt: skip
        for one in self.all_of(group, IDENTITIES):
            for trust in self.all_of(one["id"], "federatedIdentityCredentials"):
                self.world.done("DELETE", trust["id"])
        theirs = self.accounts.wandb_other.object_id
        for one in self.all_of("", ASSIGNMENTS):
            if one["id"].startswith(f"{group}/") and one["properties"]["principalId"] != theirs:
                self.world.done("DELETE", one["id"])

    def own_key(self, name: str) -> dict[str, str]:
        """A group with a key of the customer's own, and an identity that may use it; the arguments that name them."""
        group = f"{SUBSCRIPTION_SCOPE}/resourceGroups/own-{name}"
        self.world.done("PUT", group, {"location": LOCATION})
        said = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True, "enablePurgeProtection": True}  # fmt: skip
        vault = self.world.done("PUT", f"{group}/providers/{VAULTS}/own-{name}", {"location": LOCATION, "properties": said})  # fmt: skip
        rotation = {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P1Y"}}]}
        key = self.world.done("PUT", f"{vault['id']}/keys/own", {"properties": {"kty": "RSA", "keyOps": ["wrapKey", "unwrapKey"], "rotationPolicy": rotation}})  # fmt: skip
        who = self.world.done("PUT", f"{group}/providers/{IDENTITIES}/encryption", {"location": LOCATION})
        assert self.world.grant(key["id"], USE, who["properties"]["principalId"]).status_code == 201
        return {"encryption": "existing_key", "kmsKeyId": key["properties"]["keyUri"], "kmsIdentityId": who["id"]}
