"""A team's store with a customer key, logs and a lock, resource by resource: type, name, parent, inputs, options and order."""

from typing import Any

import pytest

from byob_components.azure import AzureByob
from tests.conformance.default_store import DefaultStoreContract, Resource
from tests.mocks.azure import record
from tests.mocks.monitor import UNKNOWN, Registered, Run

ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"
WORKSPACE = f"{SUBSCRIPTION}/resourceGroups/acme/providers/Microsoft.OperationalInsights/workspaces/acme-logs"
GROUP = f"{SUBSCRIPTION}/resourceGroups/visiona1b2c3d4/providers"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/visiona1b2c3d4"
ENCRYPTION = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/vision-encryptiona1b2c3d4"
DEFINITIONS = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
TAGS = {"wandb-byob:store": "byob/test/vision"}
IN_GROUP = {"resourceGroupName": "visiona1b2c3d4"}
IN_ACCOUNT = {**IN_GROUP, "accountName": "visiona1b2c3d4"}
SMALLEST: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "location": "westeurope",
    "oidc_issuer_url": ISSUER,
}
FULL: dict[str, Any] = {
    **SMALLEST,
    "service_accounts": ["wandb-app", "wandb-bucket-access"],
    "encryption": "new_key",
    "access_log_workspace_id": WORKSPACE,
    "lock": True,
}
KEY_USER = "RoleAssignment::vision-key-vault-crypto-service-encryption-user-encryption"
CONTRIBUTOR, OWNER = (
    "RoleAssignment::vision-storage-account-contributor-0",
    "RoleAssignment::vision-storage-blob-data-owner-0",
)
IDENTITY, FOR_KEY = "UserAssignedIdentity::vision", "UserAssignedIdentity::vision-encryption"
FIRST, SECOND = (
    "FederatedIdentityCredential::vision-wandb-app",
    "FederatedIdentityCredential::vision-wandb-bucket-access",
)
RG, HELD = "ResourceGroup::vision", "StorageAccount::vision"

ROWS: dict[str, Resource] = {
    "AzureByob::vision": ("wandb-byob:index", "Stack", False, "", ""),
    RG: ("azure-native:resources", "AzureByob", True, "", ""),
    "AzureKey::vision": ("wandb-byob:index", "AzureByob", False, "", ""),
    "Vault::vision": ("azure-native:keyvault", "AzureKey", True, "", RG),
    "Key::vision": ("azure-native:keyvault", "AzureKey", True, "Vault::vision", f"{RG} Vault::vision"),
    FOR_KEY: ("azure-native:managedidentity", "AzureKey", True, "", RG),
    KEY_USER: ("azure-native:authorization", "AzureKey", False, "Key::vision", f"Key::vision {FOR_KEY}"),
    IDENTITY: ("azure-native:managedidentity", "AzureByob", True, "", RG),
    FIRST: ("azure-native:managedidentity", "AzureByob", False, IDENTITY, f"{RG} {IDENTITY}"),
    SECOND: ("azure-native:managedidentity", "AzureByob", False, IDENTITY, f"{RG} {IDENTITY} {FIRST}"),
    "AzureContainer::vision": (
        "wandb-byob:index",
        "AzureByob",
        False,
        "",
        f"Vault::vision Key::vision {FOR_KEY} {KEY_USER} {IDENTITY} {FIRST} {SECOND}",
    ),
    HELD: ("azure-native:storage", "AzureContainer", True, "", f"{RG} Key::vision {FOR_KEY}"),
    "BlobServiceProperties::vision": ("azure-native:storage", "AzureContainer", True, HELD, f"{RG} {HELD}"),
    "BlobContainer::vision": (
        "azure-native:storage",
        "AzureContainer",
        True,
        HELD,
        f"{RG} {HELD} BlobServiceProperties::vision",
    ),
    "ManagementPolicy::vision": (
        "azure-native:storage",
        "AzureContainer",
        True,
        HELD,
        f"{RG} {HELD} BlobContainer::vision {CONTRIBUTOR} {OWNER} ManagementLockByScope::vision",
    ),
    "DiagnosticSetting::vision": (
        "azure-native:monitor",
        "AzureContainer",
        True,
        HELD,
        f"{HELD} ManagementPolicy::vision",
    ),
    CONTRIBUTOR: ("azure-native:authorization", "AzureContainer", False, "", f"{HELD} {IDENTITY}"),
    OWNER: ("azure-native:authorization", "AzureContainer", False, "", f"{HELD} {IDENTITY}"),
    "ManagementLockByScope::vision": (
        "azure-native:authorization",
        "AzureContainer",
        False,
        "",
        f"{HELD} BlobContainer::vision {CONTRIBUTOR} {OWNER}",
    ),
}
# Above, the type stands without its last part, which is the kind.
RESOURCES: dict[str, Resource] = {
    key: (f"{module}:{key.partition('::')[0]}", *others) for key, (module, *others) in ROWS.items()
}


def assigned(scope: str, principal: str, definition: str, name: str) -> dict[str, Any]:
    return {
        "scope": scope,
        "principalId": principal,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{DEFINITIONS}/{definition}",
        "roleAssignmentName": name,
        "description": "wandb-byob:store: byob/test/vision",
    }


def federated(account: str) -> dict[str, Any]:
    return {
        **IN_GROUP,
        "resourceName": "visiona1b2c3d4",
        "issuer": ISSUER,
        "subject": f"system:serviceaccount:default:{account}",
        "audiences": ["api://AzureADTokenExchange"],
    }


WANDB = "aaaaaaaa-0000-0000-0000-000000000664"
SERVICES = {name: {"enabled": True, "keyType": "Account"} for name in ("blob", "file")}
INPUTS: dict[str, dict[str, Any]] = {
    "AzureByob::vision": {},
    RG: {"location": "westeurope", "tags": TAGS},
    "AzureKey::vision": {},
    "Vault::vision": {
        **IN_GROUP,
        "location": "westeurope",
        "tags": TAGS,
        "properties": {
            "tenantId": "22222222-2222-2222-2222-222222222222",
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "enablePurgeProtection": True,
            "softDeleteRetentionInDays": 90,
            "enabledForDeployment": False,
            "enabledForDiskEncryption": False,
            "enabledForTemplateDeployment": False,
            "publicNetworkAccess": "Enabled",
            "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny"},
        },
    },
    "Key::vision": {
        **IN_GROUP,
        "vaultName": "visiona1b2c3d4",
        "tags": TAGS,
        "properties": {
            "kty": "RSA",
            "keySize": 3072,
            "keyOps": ["wrapKey", "unwrapKey"],
            "rotationPolicy": {
                "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}]
            },
        },
    },
    FOR_KEY: {**IN_GROUP, "location": "westeurope", "tags": TAGS},
    KEY_USER: assigned(
        f"{GROUP}/Microsoft.KeyVault/vaults/visiona1b2c3d4/keys/vision",
        "aaaaaaaa-0000-0000-0000-000000001808",
        "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        "f829d222-4789-52f5-a6f9-c986263c4cc4",
    ),
    IDENTITY: {**IN_GROUP, "location": "westeurope", "tags": TAGS},
    FIRST: federated("wandb-app"),
    SECOND: federated("wandb-bucket-access"),
    "AzureContainer::vision": {},
    HELD: {
        **IN_GROUP,
        "location": "westeurope",
        "tags": TAGS,
        "kind": "StorageV2",
        "sku": {"name": "Standard_ZRS"},
        "accessTier": "Hot",
        "enableHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "allowSharedKeyAccess": True,
        "defaultToOAuthAuthentication": True,
        "isLocalUserEnabled": False,
        "publicNetworkAccess": "Enabled",
        "keyPolicy": {"keyExpirationPeriodInDays": 90},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [ENCRYPTION]},
        "encryption": {
            "keySource": "Microsoft.Keyvault",
            "services": SERVICES,
            "encryptionIdentity": {"encryptionUserAssignedIdentity": ENCRYPTION},
            "keyVaultProperties": {"keyVaultUri": "https://visiona1b2c3d4.vault.azure.net", "keyName": "vision"},
        },
    },
    "BlobServiceProperties::vision": {
        **IN_ACCOUNT,
        "blobServicesName": "default",
        "isVersioningEnabled": True,
        "deleteRetentionPolicy": {"enabled": True, "days": 7},
        "containerDeleteRetentionPolicy": {"enabled": True, "days": 30},
        "cors": {
            "corsRules": [
                {
                    "allowedOrigins": ["*"],
                    "allowedMethods": ["GET", "HEAD", "PUT"],
                    "allowedHeaders": ["*"],
                    "exposedHeaders": ["*"],
                    "maxAgeInSeconds": 3000,
                }
            ]
        },
    },
    "BlobContainer::vision": {**IN_ACCOUNT, "publicAccess": "None"},
    "ManagementPolicy::vision": {
        **IN_ACCOUNT,
        "managementPolicyName": "default",
        "policy": {
            "rules": [
                {
                    "name": "wandbOldVersions",
                    "type": "Lifecycle",
                    "enabled": True,
                    "definition": {
                        "filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["vision/"]},
                        "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}},
                    },
                }
            ]
        },
    },
    "DiagnosticSetting::vision": {
        "resourceUri": f"{ACCOUNT}/blobServices/default",
        "workspaceId": WORKSPACE,
        "logs": [{"category": f"Storage{what}", "enabled": True} for what in ("Read", "Write", "Delete")],
    },
    CONTRIBUTOR: assigned(
        ACCOUNT, WANDB, "17d1049b-9a84-46fb-8f53-869881c3d3ab", "d95b14ff-4e8e-5a59-9c69-01243d9932eb"
    ),
    OWNER: assigned(ACCOUNT, WANDB, "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "c6e6d0be-03f5-5e2d-9517-e2b8f03a40c7"),
    "ManagementLockByScope::vision": {
        "scope": ACCOUNT,
        "level": "CanNotDelete",
        "notes": "W&B storage: a team's storage can never change",
    },
}


class TestAzure(DefaultStoreContract):
    composite = AzureByob
    record = staticmethod(record)
    store = FULL
    resources = RESOURCES
    inputs = INPUTS
    calls = ("getClientConfig",)

    def test_each_component_registers_its_outputs_once_the_composite_last(self) -> None:
        kinds = [key.rpartition("::")[0].rpartition(":")[2] for key in self.made().registered_outputs]
        assert sorted(kinds) == ["AzureByob", "AzureContainer", "AzureKey"]
        assert kinds[-1] == "AzureByob"


@pytest.fixture(scope="module")
def made() -> Run:
    return TestAzure.made()


@pytest.fixture(scope="module")
def smallest() -> Run:
    return record(AzureByob, SMALLEST)


def found(run: Run, key: str) -> Registered:
    kind, _, name = key.partition("::")
    return run.one(kind, name)


def test_the_smallest_call_has_wandbs_thirteen_accounts_and_neither_key_nor_lock(smallest: Run) -> None:
    assert len(smallest.keys()) == 23
    accounts = [r.name for r in smallest.resources if r.kind == "FederatedIdentityCredential"]
    assert sorted(accounts) == [
        "vision-bufstream-service-account",
        "vision-wandb-api",
        "vision-wandb-app",
        "vision-wandb-bucket-access",
        "vision-wandb-console",
        "vision-wandb-executor",
        "vision-wandb-filemeta",
        "vision-wandb-filestream",
        "vision-wandb-glue",
        "vision-wandb-parquet",
        "vision-wandb-settings-migration-job",
        "vision-wandb-weave",
        "vision-wandb-weave-trace",
    ]
    wanted = dict(INPUTS[HELD])
    del wanted["identity"]
    assert found(smallest, HELD).inputs == {
        **wanted,
        "encryption": {"keySource": "Microsoft.Storage", "services": SERVICES},
    }
    for key in ("BlobServiceProperties::vision", "BlobContainer::vision", "ManagementPolicy::vision", CONTRIBUTOR, RG):
        assert found(smallest, key).inputs == INPUTS[key]


def test_federated_credentials_are_made_one_after_another(smallest: Run) -> None:
    """Azure refuses two writes at a time on one identity."""
    made = [r for r in smallest.resources if r.kind == "FederatedIdentityCredential"]
    for i, one in enumerate(made):
        earlier = {r.key for r in made[:i]}
        assert len(one.dependencies & earlier) == min(i, 1)
        assert not one.dependencies & {r.key for r in made[i:]}


def test_the_subscription_is_asked_for_once(made: Run, smallest: Run) -> None:
    assert [token for token, *_ in made.calls] == ["azure-native:authorization:getClientConfig"]
    assert [token for token, *_ in smallest.calls] == ["azure-native:authorization:getClientConfig"]


def test_outputs(made: Run) -> None:
    values = {name: one.value for name, one in made.outputs.items() if name != "handoffs"}
    assert values == {
        "storage_addresses": {"/": "az://visiona1b2c3d4/vision"},
        "bucket_name": "vision",
        "account_name": "visiona1b2c3d4",
        "paths": ["/"],
        "region": "westeurope",
        "kms_key_id": "https://visiona1b2c3d4.vault.azure.net/keys/vision",
        "principals": [WANDB],
        "principals_date": "",
        "managed_identity_client_id": "cccccccc-0000-0000-0000-000000000664",
        "managed_identity_tenant_id": "22222222-2222-2222-2222-222222222222",
        "server_env": {},
        "server_secrets": {},
    }


def test_the_hand_off_has_what_wandbs_form_asks_for(made: Run, smallest: Run) -> None:
    handoff = made.value("handoffs")["/"]
    (form,) = [step for step in handoff["steps"] if step["surface"] == "form"]
    assert {f["name"]: f["value"] for f in form["fields"]} == {
        "Team name": "vision",
        "Storage Type": "External storage",
        "Bucket location": "Add bucket",
        "Cloud provider": "Azure",
        "Account name": "visiona1b2c3d4",
        "Container name": "vision",
        "Path": "",
        "Tenant ID": "22222222-2222-2222-2222-222222222222",
        "Managed Identity Client ID": "cccccccc-0000-0000-0000-000000000664",
    }
    assert handoff["principals"] == [WANDB]
    assert ISSUER in handoff["principal_meaning"]
    assert handoff["erasure_days"] == 37
    assert (handoff["principals_date"], smallest.value("principals_date")) == ("", "2026-06-30")
    assert smallest.value("handoffs")["/"]["principals_date"] == "2026-06-30"


@pytest.mark.parametrize("written", ["westeurope", "West Europe", "WestEurope"])
def test_a_region_is_written_as_azure_writes_it(written: str) -> None:
    seen = record(
        AzureByob, {**SMALLEST, "service_accounts": ["wandb-app"], "location": written, "encryption": "new_key"}
    )
    assert seen.value("region") == "westeurope"
    places = {r.key: r.inputs["location"] for r in seen.resources if "location" in r.inputs}
    assert len(places) == 5
    assert set(places.values()) == {"westeurope"}


def test_a_preview_knows_what_it_can_and_nothing_more() -> None:
    seen = TestAzure.made(preview=True)
    known = {name for name, one in seen.outputs.items() if one.known}
    assert known == {"paths", "region", "principals_date", "server_env", "server_secrets"}
    for key in (CONTRIBUTOR, OWNER, KEY_USER):
        inputs = found(seen, key).inputs
        for name in ("roleDefinitionId", "principalType", "description"):
            assert inputs[name] == INPUTS[key][name]
        # Its name is made of what is not there yet.
        assert (inputs["scope"], inputs["roleAssignmentName"]) == (UNKNOWN, UNKNOWN)
