"""Stores on Azure before Checkov.

Checkov looks at neither versioning nor lifecycles nor CORS there, and has no check of role assignments, locks, identities,
federated credentials and diagnostic settings.
"""

from __future__ import annotations

from typing import Any

from byob_components.azure import AzureByob
from tests.mocks.azure import record
from tests.scanners.azurerm import translate
from tests.scanners.subject import Subject, broken, drop, put, put_within

SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme/providers"
WORKSPACE = f"{SUBSCRIPTION}/Microsoft.OperationalInsights/workspaces/acme-logs"
IDENTITY = f"{SUBSCRIPTION}/Microsoft.ManagedIdentity/userAssignedIdentities/acme-encryption"
NAMED = {
    "principals": ["55555555-5555-5555-5555-555555555555"],
    "identity_client_id": "77777777-7777-7777-7777-777777777777",
}
MADE_HERE = {"oidc_issuer_url": "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"}
KEYLESS = {**NAMED, "mode": "keyless"}
STORES: dict[str, dict[str, Any]] = {
    "default": NAMED,
    "identity made here": MADE_HERE,
    "account key": {"mode": "access_key"},
    "keyless": KEYLESS,
    "minimal with paths": {**KEYLESS, "access": "minimal", "paths": ["vision", "nlp"]},
    "instance": {**MADE_HERE, "level": "instance"},
    "new key": {**NAMED, "encryption": "new_key"},
    "existing key": {
        **NAMED,
        "encryption": "existing_key",
        "kms_key_id": "https://acme.vault.azure.net/keys/wandb",
        "kms_identity_id": IDENTITY,
    },
    "geo copies": {**NAMED, "redundancy": "GZRS"},
    "access logs": {**NAMED, "access_log_workspace_id": WORKSPACE},
    "lock": {**NAMED, "lock": True},
    "suspended": {**NAMED, "suspended_paths": ["/"]},
}
WAIVERS = {
    "CKV_AZURE_33": "nobody uses the account's queues: W&B keeps blobs, and `access_log_workspace_id` logs what is done to them",
    "CKV_AZURE_59": "W&B's servers, whose addresses are not published, and browsers come from the Internet with signed URLs",
    "CKV_AZURE_206": "ZRS copies into three zones; a copy in the paired region is for who says that data may lie there: `redundancy`",
    "CKV2_AZURE_1": "Azure's own key is what W&B's page documents: `encryption` asks for a customer key",
    "CKV2_AZURE_21": "Checkov knows Storage Insights alone; `access_log_workspace_id` makes a diagnostic setting, which it does not see",
    "CKV2_AZURE_33": "a private endpoint serves one network, and W&B's servers and browsers are in none of yours",
}
SHARED_KEY = {
    "CKV2_AZURE_40": "W&B signs with the account key in this mode: its connector reads it, or is handed it; mode `keyless` ends this",
    # https://learn.microsoft.com/azure/storage/common/sas-expiration-policy
    "CKV2_AZURE_41": "a limit for signatures either logs or refuses, and both hit those without a start date too: whether W&B "
    "gives its own one is not documented",
}
CHOSEN = {
    **dict.fromkeys(
        ("default", "identity made here", "account key", "existing key", "geo copies", "access logs", "lock"),
        SHARED_KEY,
    ),
    "new key": {
        **SHARED_KEY,
        "CKV_AZURE_40": "a key that expires takes the data with it: it is rotated instead",
        "CKV_AZURE_112": "a key in hardware wants a premium vault and costs by the month: `existing_key` takes one that is there",
        "CKV_AZURE_189": "the vault's firewall denies everybody but the services that Azure trusts, as CKV_AZURE_109 sees",
        "CKV2_AZURE_32": "nobody but Azure Storage uses the key, and it comes as a trusted service and by no private endpoint",
    },
}
LOOKED_AT = {
    "default": {
        "CKV_AZURE_3",  # HTTPS alone
        "CKV_AZURE_34",  # the container is private
        "CKV_AZURE_43",  # the name that Pulumi makes
        "CKV_AZURE_44",  # TLS 1.2
        "CKV_AZURE_190",  # no public blobs
        "CKV_AZURE_244",  # no local users
        "CKV2_AZURE_38",  # soft delete
        "CKV2_AZURE_47",  # no anonymous access
    },
    "keyless": {"CKV2_AZURE_40", "CKV2_AZURE_41"},  # the account key does not work
    "suspended": {"CKV2_AZURE_40", "CKV2_AZURE_41"},
    "new key": {
        "CKV_AZURE_42",  # the vault can be had back
        "CKV_AZURE_109",  # a firewall before the vault
        "CKV_AZURE_110",  # purge protection
        "CKV_AZURE_111",  # soft delete of the vault
        "CKV2_AZURE_1",  # the account uses the key
    },
}
JUDGED = {"azurerm_key_vault", "azurerm_key_vault_key", "azurerm_storage_account", "azurerm_storage_container"}
OPEN = {"defaultAction": "Allow", "bypass": "AzureServices"}
MUTANTS = {
    "a name that Azure refuses": broken(put("StorageAccount", accountName="Vision_1"), "CKV_AZURE_43"),
    "plain HTTP": broken(put("StorageAccount", enableHttpsTrafficOnly=False), "CKV_AZURE_3"),
    "old TLS": broken(put("StorageAccount", minimumTlsVersion="TLS1_0"), "CKV_AZURE_44"),
    "public blobs": broken(put("StorageAccount", allowBlobPublicAccess=True), "CKV_AZURE_190", "CKV2_AZURE_47"),
    "a public container": broken(put("BlobContainer", publicAccess="Container"), "CKV_AZURE_34"),
    "public blobs in the container": broken(put("BlobContainer", publicAccess="Blob"), "CKV_AZURE_34"),
    "local users": broken(put("StorageAccount", isLocalUserEnabled=True), "CKV_AZURE_244"),
    "no soft delete": broken(
        put("BlobServiceProperties", deleteRetentionPolicy={"enabled": False}),
        "CKV2_AZURE_38",
    ),
    "no settings of blobs": broken(drop("BlobServiceProperties"), "CKV2_AZURE_38"),
    "a shared key that nobody needs": broken(
        put("StorageAccount", allowSharedKeyAccess=True), "CKV2_AZURE_40", "CKV2_AZURE_41", store="keyless"
    ),
    "one data centre": broken(put("StorageAccount", sku={"name": "Standard_LRS"}), "CKV_AZURE_206", store="geo copies"),
    "the key is not used": broken(
        put("StorageAccount", encryption={"keySource": "Microsoft.Storage"}), "CKV2_AZURE_1", store="new key"
    ),
    "a vault open to networks": broken(
        put_within("Vault", "properties", networkAcls=OPEN), "CKV_AZURE_109", store="new key"
    ),
    "a vault that can be purged": broken(
        put_within("Vault", "properties", enablePurgeProtection=False),
        "CKV_AZURE_42",
        "CKV_AZURE_110",
        store="new key",
    ),
    "a vault without soft delete": broken(
        put_within("Vault", "properties", enableSoftDelete=False), "CKV_AZURE_42", "CKV_AZURE_111", store="new key"
    ),
}

AZURE = Subject(
    name="azure",
    provider="azurerm",
    component=AzureByob,
    record=record,
    translate=translate,
    base={"deployment": "dedicated", "level": "team", "location": "westeurope"},
    stores=STORES,
    waivers=WAIVERS,
    chosen=CHOSEN,
    looked_at=LOOKED_AT,
    ended={
        "keyless": {"CKV2_AZURE_40", "CKV2_AZURE_41"},
        "geo copies": {"CKV_AZURE_206"},
        "new key": {"CKV2_AZURE_1"},
        "existing key": {"CKV2_AZURE_1"},
    },
    judged=JUDGED,
    mutants=MUTANTS,
)
