"""Azure keeps the contract of all stores."""

from typing import Any

from byob_components.azure import AzureByob, AzureByobArgs
from byob_components.wandb.deployment import Cloud
from tests.conformance.contract import StoreContract
from tests.mocks.azure import AzureMocks

ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
NODE = "55555555-5555-5555-5555-555555555555"
OTHER = "66666666-6666-6666-6666-666666666666"
CLIENT = "77777777-7777-7777-7777-777777777777"
KEY = "https://acme-keys.vault.azure.net/keys/wandb"
GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme/providers"
WORKSPACE = f"{GROUP}/Microsoft.OperationalInsights/workspaces/acme-logs"
ENCRYPTION = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/acme-encryption"


class TestAzure(StoreContract):
    cloud = Cloud.AZURE
    composite = AzureByob
    arguments = AzureByobArgs
    smallest = {  # noqa: RUF012
        "deployment": "dedicated",
        "level": "team",
        "location": "westeurope",
        "oidc_issuer_url": ISSUER,
    }
    # Naming the access says that one knows how wide the documented roles are.
    named = {  # noqa: RUF012
        "deployment": "dedicated",
        "level": "team",
        "location": "westeurope",
        "principals": [NODE],
        "identity_client_id": CLIENT,
        "access": "documented",
    }
    stores = {  # noqa: RUF012
        "new key": {"encryption": "new_key"},
        "existing key": {"encryption": "existing_key", "kms_key_id": KEY, "kms_identity_id": ENCRYPTION},
        "locked and logged": {"lock": True, "access_log_workspace_id": WORKSPACE},
        "keyless": {"mode": "keyless"},
        "minimal": {"mode": "keyless", "access": "minimal"},
        "several principals": {"principals": [NODE, OTHER]},
        "group of its own": {"resource_group_name": "acme-wandb"},
        "connector and key": {
            "principals": None,
            "identity_client_id": None,
            "oidc_issuer_url": ISSUER,
            "service_accounts": ["wandb-app", "wandb-bucket-access"],
            "encryption": "new_key",
        },
        "access key": {"principals": None, "identity_client_id": None, "mode": "access_key"},
    }
    full = {  # noqa: RUF012
        **named,
        "principals": None,
        "identity_client_id": None,
        "oidc_issuer_url": ISSUER,
        "encryption": "new_key",
        "lock": True,
        "paths": ["vision", "nlp"],
        "lifecycle_rules": [{"prefix": "old/", "transition_days": 90, "access_tier": "cool"}],
        "cors_origins": ["https://wandb.example.com"],
        "tags": {"team": "vision"},
    }
    budget = 12
    keyed = "access key"
    own_key = "new key"
    provider_key = ""
    protected = frozenset(
        {
            "ResourceGroup",
            "StorageAccount",
            "BlobServiceProperties",
            "BlobContainer",
            "ManagementPolicy",
            "DiagnosticSetting",
            "UserAssignedIdentity",
            "Vault",
            "Key",
        }
    )
    unprotected = frozenset({"RoleAssignment", "FederatedIdentityCredential", "ManagementLockByScope"})
    preset = (["aaaaaaaa-0000-0000-0000-000000000664"], "2026-06-30")

    def mocks(self, preview: bool) -> Any:
        return AzureMocks(preview=preview)

    def test_the_budget(self) -> None:
        """The key and the federated credentials are not counted: how many there are is W&B's doing."""
        made = self.children(self.make(self.full))
        counted = [
            r
            for r in made
            if "AzureKey" not in (r.kind, r.parent.rpartition("::")[0].rpartition(":")[2])
            and r.kind != "FederatedIdentityCredential"
        ]
        assert len(counted) == 11
        assert len(counted) <= self.budget
        assert len([r for r in made if r.kind == "FederatedIdentityCredential"]) == 13
