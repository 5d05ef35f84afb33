"""What the life-cycle tests need to know of Azure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.clouds.azure.accounts import LOCATION, SUBSCRIPTION_SCOPE, TENANT
from sandbox.clouds.azure.server import AzureCloud
from tests.life.azure_calls import ACCOUNTS, POD, USE, AzureCalls
from tests.life.cloud import ByHand, Change, Made, Ops, Remainder, Suspension

PAGE = "https://wandb.example.com"
INSTANCE = "9f116820"
"""The start of the hash of the object id of W&B's instance, fc7b7927-6fb0-5b57-a2c0-f76f26917770."""
WORKSPACE = f"{SUBSCRIPTION_SCOPE}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/logs"
MINIMAL = ("reader", "storage-blob-delegator", "storage-blob-data-contributor")
"""The roles of `minimal` access, as resources are named after them."""


def kinds(team: str, *names: str) -> frozenset[str]:
    return frozenset(f"{name} {team}" for name in names)


def connector(team: str) -> tuple[str, str]:
    """W&B's documented roles, for the identity that is made."""
    return (
        f"RoleAssignment {team}-storage-account-contributor-0",
        f"RoleAssignment {team}-storage-blob-data-owner-0",
    )


def key_role(team: str) -> str:
    return f"RoleAssignment {team}-key-vault-crypto-service-encryption-user-encryption"


KEY = ("Vault", "Key")
STORE = ("ResourceGroup", "StorageAccount", "BlobServiceProperties", "BlobContainer", "ManagementPolicy", "UserAssignedIdentity")  # fmt: skip
CONNECTOR = kinds("vision", *KEY, *STORE) | {
    "UserAssignedIdentity vision-encryption", "FederatedIdentityCredential vision-wandb-app", key_role("vision"), *connector("vision"),
}  # fmt: skip
"""A connector's store with a customer key, components not counted."""


def lifecycle(noncurrent_days: int) -> dict[str, Any]:
    """The rules of a container `vision`, by their name."""
    return {"wandbOldVersions": ("vision/", {"version": {"delete": {"daysAfterCreationGreaterThan": noncurrent_days}}})}


def cors(origin: str) -> list[dict[str, Any]]:
    return [
        {
            "allowedHeaders": ["*"],
            "allowedMethods": ["GET", "HEAD", "PUT"],
            "allowedOrigins": [origin],
            "exposedHeaders": ["*"],
            "maxAgeInSeconds": 3000,
        }
    ]


def tags(team: str, **more: str) -> dict[str, str]:
    return {"wandb-byob:store": f"byob/test/{team}", **more}


def kept(days: int) -> dict[str, Any]:
    return {"enabled": True, "days": days}


class LocalAzure(AzureCalls):
    """The Azure of the sandbox. The smallest team has W&B's connector, as its page has it."""

    stack = {"deployment": "dedicated"}  # noqa: RUF012
    whole = {"encryption": "new_key"}  # noqa: RUF012
    whole_store = CONNECTOR | kinds("vision", "AzureByob", "AzureKey", "AzureContainer")
    first = {  # noqa: RUF012
        "bucketName": "vision",
        "paths": ["/"],
        "region": "westeurope",
        "principalsDate": "",
        "managedIdentityTenantId": TENANT,
        "serverEnv": {},
    }
    unknown = frozenset(
        {
            "accountName", "bucketName", "storageAddresses", "kmsKeyId", "principals", "managedIdentityClientId",
            "managedIdentityTenantId", "handoffs",
        }
    )  # fmt: skip
    planned = {  # noqa: RUF012
        "StorageAccount vision": {
            "location": "westeurope",
            "allowSharedKeyAccess": True,
            "minimumTlsVersion": "TLS1_2",
        },
        "BlobServiceProperties vision": {"isVersioningEnabled": True},
        "BlobContainer vision": {"publicAccess": "None"},
    }
    settled = {  # noqa: RUF012
        "isVersioningEnabled": True,
        "deleteRetentionPolicy": kept(7),
        "containerDeleteRetentionPolicy": kept(30),
        "cors": cors("*"),
        "lifecycle": lifecycle(30),
        "tags": tags("vision"),
        "sku": {"name": "Standard_ZRS", "tier": "Standard"},
        "allowSharedKeyAccess": True,
        "allowBlobPublicAccess": False,
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
        "publicAccess": "None",
        "keyPolicy": {"keyExpirationPeriodInDays": 90},
        "grants": {
            "Storage Account Contributor on the account": ["W&B's identity"],
            "Storage Blob Data Owner on the account": ["W&B's identity"],
            f"{USE} on the key": ["the encryption's identity"],
        },
        "has the store's key": True,
        "trusted": [POD],
        "key rotation": "P90D",
        "locks": [],
    }
    drifted = (
        {
            **dict.fromkeys(kinds("drift", "StorageAccount", "BlobServiceProperties", "BlobContainer", "Vault"), "update"),
            **dict.fromkeys((*connector("drift"), key_role("drift"), "ManagementPolicy drift"), "delete"),
            "FederatedIdentityCredential drift-wandb-app": "delete",
        },
        {
            **dict.fromkeys(kinds("drift", "StorageAccount", "BlobServiceProperties", "BlobContainer", "Vault"), "update"),
            **dict.fromkeys((*connector("drift"), key_role("drift"), "ManagementPolicy drift"), "create"),
            "FederatedIdentityCredential drift-wandb-app": "create",
        },
    )  # fmt: skip
    # The last one is refused without a preview too, and while the program still asks for the subscription.
    replacing = (
        ({"kmsVaultName": "fixed-elsewhere"}, "azure-native:keyvault:Vault"),
        ({"accountName": "fixedelsewhere"}, "azure-native:storage:StorageAccount"),
        ({"containerName": "elsewhere"}, "azure-native:storage:BlobContainer"),
        ({"location": "northeurope"}, "azure-native:resources:ResourceGroup"),
    )
    shared = {"mode": "keyless", "access": "minimal"}  # noqa: RUF012
    apart = "BYOB-AZURE-030"
    leaving = {**whole, "lock": True, "accessLogWorkspaceId": WORKSPACE, "paths": ["vision"]}  # noqa: RUF012
    leaving_store = CONNECTOR | kinds("vision", "ManagementLockByScope", "DiagnosticSetting")
    not_empty = ""
    refusing: frozenset[str] = frozenset()
    put_again: Ops = {}  # noqa: RUF012
    forced: Mapping[str, Any] = {}
    naming = frozenset({"resourceGroupName"})
    bad = ({"softDeleteDays": 0, "containerName": "Vision"}, ("BYOB-AZURE-011", "BYOB-WANDB-027"))

    def __init__(self, server: AzureCloud) -> None:
        super().__init__(server)
        console = self.accounts.wandb_console
        self.team = {"cloud": "azure", "location": LOCATION, "oidcIssuerUrl": self.accounts.cluster.issuer, "serviceAccounts": ["wandb-app"]}  # fmt: skip
        self.keyless = {
            "cloud": "azure", "location": LOCATION, "mode": "keyless", "access": "minimal", "principals": [console.object_id],
            "identityClientId": console.client_id,
        }  # fmt: skip
        self.with_key = {"cloud": "azure", "location": LOCATION, "mode": "access_key"}
        rights = [f"RoleAssignment robotics-{role}-{INSTANCE}" for role in MINIMAL]
        roles, account = connector("vision"), {"StorageAccount vision": "update"}
        shut = {"StorageAccount lidar": "update"}
        self.suspended = {
            "vision": Suspension(
                {**dict.fromkeys(roles, "delete"), **account},
                {**dict.fromkeys(roles, "create"), **account},
                frozenset({"grants", "allowSharedKeyAccess"}),
            ),
            "robotics": Suspension(
                dict.fromkeys(rights, "delete"), dict.fromkeys(rights, "create"), frozenset({"grants"})
            ),
            "lidar": Suspension(shut, shut, frozenset({"allowSharedKeyAccess"})),
        }
        self.changes = self._changes()

    def _changes(self) -> tuple[Change, ...]:
        tagged = ("ResourceGroup", "Vault", "Key", "UserAssignedIdentity", "StorageAccount")
        settings = (*tagged, "BlobServiceProperties", "ManagementPolicy")
        return (
            # Rights hold for the whole container; only the address knows the path.
            Change({"paths": ["vision"]}, {}, {}, ("vision",)),
            Change(
                {"corsOrigins": [PAGE], "serviceAccounts": ["wandb-app", "wandb-parquet"]},
                {
                    "BlobServiceProperties vision": "update",
                    "FederatedIdentityCredential vision-wandb-parquet": "create",
                },
                {"cors": cors(PAGE), "trusted": [POD, "system:serviceaccount:default:wandb-parquet"]},
                ("vision",),
            ),
            # Azure changes nothing of a key that is there, and does not say so: neither its rotation nor its tags.
            Change(
                {
                    "softDeleteDays": 14,
                    "containerSoftDeleteDays": 60,
                    "noncurrentDays": 5,
                    "tags": {"cost": "ml"},
                    "kmsRotationDays": 30,
                    "paths": ["vision", "nlp"],
                },
                dict.fromkeys((*kinds("vision", *settings), "UserAssignedIdentity vision-encryption"), "update"),
                {
                    "deleteRetentionPolicy": kept(14),
                    "containerDeleteRetentionPolicy": kept(60),
                    "lifecycle": lifecycle(5),
                    **dict.fromkeys(("tags", "group tags", "vault tags", "identity tags"), tags("vision", cost="ml")),
                },
                ("vision", "nlp"),
            ),
            # The same identity with less: W&B signs by itself, and the account key is switched off.
            Change(
                {"mode": "keyless", "access": "minimal"},
                {
                    "StorageAccount vision": "update",
                    **dict.fromkeys(connector("vision"), "delete"),
                    **dict.fromkeys((f"RoleAssignment vision-{role}-0" for role in MINIMAL), "create"),
                },
                {
                    "allowSharedKeyAccess": False,
                    "grants": {
                        "Reader on the account": ["W&B's identity"],
                        "Storage Blob Delegator on the account": ["W&B's identity"],
                        "Storage Blob Data Contributor on the container": ["W&B's identity"],
                        f"{USE} on the key": ["the encryption's identity"],
                    },
                },
                ("vision", "nlp"),
            ),
        )

    def ways(self, purpose: str) -> dict[str, dict[str, Any]]:
        return {
            "vision": {**self.team, **self.whole},
            "robotics": {**self.keyless, **self.own_key(purpose)},
            "lidar": dict(self.with_key),
        }

    def by_hand(self, name: str) -> ByHand:
        key = self.own_key(name)
        group = key["kmsIdentityId"].split("/providers/")[0]
        account, vault_uri = f"{group}/providers/{ACCOUNTS}/byhand", key["kmsKeyId"].rpartition("/keys/")[0]
        self.world.done(
            "PUT",
            account,
            {
                "location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "tags": {"owner": "ml"},
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {key["kmsIdentityId"]: {}}},
                "properties": {
                    "minimumTlsVersion": "TLS1_0",
                    "encryption": {
                        "keySource": "Microsoft.Keyvault", "identity": {"userAssignedIdentity": key["kmsIdentityId"]},
                        "keyvaultproperties": {"keyname": "own", "keyvaulturi": vault_uri},
                    },
                },
            },
        )  # fmt: skip
        service, container = f"{account}/blobServices/default", f"{account}/blobServices/default/containers/runs"
        old = {"allowedOrigins": ["https://old.example.com"], "allowedMethods": ["GET"], "allowedHeaders": [], "exposedHeaders": [], "maxAgeInSeconds": 60}  # fmt: skip
        self.world.done("PUT", service, {"properties": {"cors": {"corsRules": [old]}}})
        self.world.done("PUT", container, {})
        rule = {
            "name": "theirs", "type": "Lifecycle",
            "definition": {"filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["runs/"]}, "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 9}}}},
        }  # fmt: skip
        self.world.done("PUT", f"{account}/managementPolicies/default", {"properties": {"policy": {"rules": [rule]}}})
        assert self.world.grant(account, "Reader", self.accounts.wandb_other).status_code == 201
        named = {"accountName": "byhand", "containerName": "runs", "resourceGroupName": group.rsplit("/", 1)[1]}
        made = Made({"accountName": "byhand", "bucketName": "runs", "kmsKeyId": key["kmsKeyId"]}, {})
        return ByHand(
            {**named, **key, "tags": {"owner": "ml"}},
            made,
            {
                "StorageAccount": account, "BlobServiceProperties": service, "BlobContainer": container,
                "ManagementPolicy": f"{account}/managementPolicies/default",
            },
            {
                **dict.fromkeys(kinds("vision", "StorageAccount", "BlobServiceProperties", "ManagementPolicy"), "update"),
                **dict.fromkeys((*connector("vision"), "UserAssignedIdentity vision", "FederatedIdentityCredential vision-wandb-app"), "create"),
            },
            frozenset(
                {
                    "tags", "minimumTlsVersion", "keyPolicy", "allowSharedKeyAccess", "defaultToOAuthAuthentication", "isLocalUserEnabled",
                    "publicNetworkAccess", "cors", "isVersioningEnabled", "deleteRetentionPolicy", "containerDeleteRetentionPolicy",
                    "lifecycle", "grants", "trusted", "issuers", "identities", "identity tags",
                }
            ),
            {"tags": {"owner": "ml"}, "grants": {"Reader on the account": ["somebody else"]}},
        )  # fmt: skip

    def adopting(self, name: str) -> dict[str, Any]:
        """Azure's provider keeps the name of what was imported, whoever chose it."""
        return dict(self.whole)

    def remainders(self, made: Made) -> dict[str, Remainder]:
        return {
            f"deleted {made.ids['Vault vision']}": Remainder(
                "may not be purged", "a vault with purge protection is kept, with its key, until its window ends"
            ),
        }
