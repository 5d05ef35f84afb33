"""What each argument of a whole store and of a grant changes among the registered inputs."""

from typing import Any

from tests.azure.changes import (
    ACCOUNT,
    CLIENT,
    CONTAINER_CHANGES,
    CONTRIBUTOR,
    EMPTY,
    ENCRYPTED,
    ENCRYPTION,
    FEDERATED,
    FOR_KEY,
    HELD,
    ISSUER,
    KEY,
    KEY_CHANGES,
    NODE,
    OF_ACCOUNT,
    OTHER,
    OTHER_GROUP,
    OTHER_ISSUER,
    OWNER,
    SERVICES,
    TAGS,
    USER,
    Change,
    assigned,
    grouped,
    moved,
    named,
    subscribed,
)

IDENTITY = "UserAssignedIdentity#vision"
WANDB = "aaaaaaaa-0000-0000-0000-000000000664"
WITHOUT_KEY: Change = {"Vault": None, "Key": None, FOR_KEY: None, USER: None, f"{HELD}.identity": None}
WITHOUT_ROLES: Change = {CONTRIBUTOR: None, OWNER: None}
WITHOUT_IDENTITY: Change = {IDENTITY: None, FEDERATED: None, **WITHOUT_ROLES}
NO_CLUSTER: dict[str, Any] = {"oidc_issuer_url": None, "service_accounts": None}
KEYLESS: Change = {
    **WITHOUT_ROLES,
    "RoleAssignment#vision-reader-0": assigned("Reader", WANDB),
    "RoleAssignment#vision-storage-blob-data-contributor-0": assigned("Storage Blob Data Contributor", WANDB),
    f"{HELD}.allowSharedKeyAccess": False,
    f"{HELD}.keyPolicy": None,
}
BY_NAME = (
    {**NO_CLUSTER, "principals": [NODE], "identity_client_id": CLIENT, "identity_tenant_id": OTHER},
    {
        **WITHOUT_IDENTITY,
        "RoleAssignment#vision-storage-account-contributor-eec458d3": assigned("Storage Account Contributor"),
        "RoleAssignment#vision-storage-blob-data-owner-eec458d3": assigned("Storage Blob Data Owner"),
    },
)
ENCRYPTION_HERE = ENCRYPTION.replace("acme-encryption", "vision-encryptiona1b2c3d4")


def _encrypted(argument: str, key: str, value: str) -> tuple[dict[str, Any], Change]:
    """An argument that changes the key's identifier, which stands in the account too."""
    given, change = KEY_CHANGES[argument]
    return given, {**change, f"{ENCRYPTED}.keyVaultProperties.{key}": value}


STORE_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    **OF_ACCOUNT,
    "deployment": ({"deployment": "self_managed"}, EMPTY),
    "level": ({"level": "instance"}, KEYLESS),
    "mode": ({"mode": "keyless"}, KEYLESS),
    "location": (
        {"location": "northeurope"},
        {f"{kind}.location": "northeurope" for kind in ("Vault", FOR_KEY, IDENTITY, HELD)},
    ),
    "principals": BY_NAME,
    "identity_client_id": BY_NAME,
    "identity_tenant_id": BY_NAME,
    "oidc_issuer_url": ({"oidc_issuer_url": OTHER_ISSUER}, {f"{FEDERATED}.issuer": OTHER_ISSUER}),
    "kubernetes_namespace": (
        {"kubernetes_namespace": "wandb"},
        {f"{FEDERATED}.subject": "system:serviceaccount:wandb:wandb-app"},
    ),
    "service_accounts": (
        {"service_accounts": ["wandb-app", "wandb.web"]},
        {
            f"{FEDERATED}#vision-wandb-web": {
                "resourceGroupName": "acme",
                "resourceName": "visiona1b2c3d4",
                "issuer": ISSUER,
                "subject": "system:serviceaccount:default:wandb.web",
                "audiences": ["api://AzureADTokenExchange"],
            }
        },
    ),
    "access": (
        {"mode": "keyless", "access": "minimal"},
        {
            **KEYLESS,
            "RoleAssignment#vision-storage-blob-delegator-0": assigned("Storage Blob Delegator", WANDB),
            "RoleAssignment#vision-storage-blob-data-contributor-0": assigned(
                "Storage Blob Data Contributor", WANDB, f"{ACCOUNT}/blobServices/default/containers/vision"
            ),
        },
    ),
    "account_key": ({**NO_CLUSTER, "mode": "access_key", "account_key": "key2"}, WITHOUT_IDENTITY),
    "account_key_expiry_days": (
        {"account_key_expiry_days": 30},
        {f"{HELD}.keyPolicy.keyExpirationPeriodInDays": 30},
    ),
    "resource_group_name": (
        {"resource_group_name": "other"},
        {
            **grouped(IDENTITY, FEDERATED),
            **KEY_CHANGES["resource_group_name"][1],
            **moved(CONTRIBUTOR, OTHER_GROUP),
            **moved(OWNER, OTHER_GROUP),
            f"{HELD}.identity.userAssignedIdentities": [ENCRYPTION_HERE.replace("/acme/", "/other/")],
            f"{ENCRYPTED}.encryptionIdentity.encryptionUserAssignedIdentity": ENCRYPTION_HERE.replace(
                "/acme/", "/other/"
            ),
        },
    ),
    "subscription_id": (
        {"subscription_id": CLIENT},
        {
            **KEY_CHANGES["subscription_id"][1],
            **subscribed({CONTRIBUTOR: "Storage Account Contributor", OWNER: "Storage Blob Data Owner"}),
        },
    ),
    "tenant_id": KEY_CHANGES["tenant_id"],
    "tags": (TAGS, {f"{kind}.tags.team": "vision" for kind in ("Vault", "Key", FOR_KEY, IDENTITY, HELD)}),
    "encryption": (
        {"encryption": "provider_managed"},
        {**WITHOUT_KEY, ENCRYPTED: {"keySource": "Microsoft.Storage", "services": SERVICES}},
    ),
    "kms_key_id": (
        {"encryption": "existing_key", "kms_key_id": KEY, "kms_identity_id": ENCRYPTION},
        {**WITHOUT_KEY, **CONTAINER_CHANGES["encryption"][1]},
    ),
    "kms_vault_name": _encrypted("kms_vault_name", "keyVaultUri", "https://acme-wandb.vault.azure.net"),
    "kms_key_name": _encrypted("kms_key_name", "keyName", "store"),
    "kms_deletion_window_days": KEY_CHANGES["kms_deletion_window_days"],
    "kms_rotation_days": KEY_CHANGES["kms_rotation_days"],
    "account_name": ({"account_name": "acmevision"}, named(CONTRIBUTOR, OWNER)),
    "other_containers": ({"other_containers": True, "allow_account_wide": True}, EMPTY),
    "allow_account_wide": ({"other_containers": True, "allow_account_wide": True}, EMPTY),
    "paths": ({"paths": ["vision"]}, EMPTY),  # rights hold for the whole container
    "suspended_paths": (
        {"suspended_paths": ["/"]},
        {**WITHOUT_ROLES, f"{HELD}.allowSharedKeyAccess": False},
    ),
}
STORE_CHANGES["kms_identity_id"] = STORE_CHANGES["kms_key_id"]

GRANT = {
    "deployment": "dedicated",
    "level": "instance",
    "account_id": ACCOUNT,
    "container_name": "wandb",
    "principals": [NODE],
    "access": "minimal",
}
READER, DELEGATOR, DATA = (
    f"RoleAssignment#vision-{role}-eec458d3"
    for role in ("reader", "storage-blob-delegator", "storage-blob-data-contributor")
)
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/wandb"
ELSEWHERE = ACCOUNT.replace("visiona1b2c3d4", "acmedata")
MADE: Change = {
    READER: None,
    DELEGATOR: None,
    DATA: None,
    "RoleAssignment#vision-reader-0": assigned("Reader", WANDB),
    "RoleAssignment#vision-storage-blob-delegator-0": assigned("Storage Blob Delegator", WANDB),
    "RoleAssignment#vision-storage-blob-data-contributor-0": assigned(
        "Storage Blob Data Contributor", WANDB, CONTAINER
    ),
}


def _identity(**more: Any) -> Change:
    return {"resourceGroupName": "acme", "tags": {"wandb-byob:store": "byob/test/vision"}, **more}


def _federated(account: str = "wandb-bucket-access", namespace: str = "default", group: str = "acme") -> Change:
    return {
        "resourceGroupName": group,
        "resourceName": "visiona1b2c3d4",
        "issuer": ISSUER,
        "subject": f"system:serviceaccount:{namespace}:{account}",
        "audiences": ["api://AzureADTokenExchange"],
    }


CLUSTER: dict[str, Any] = {"principals": None, "oidc_issuer_url": ISSUER}
GRANT_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "deployment": ({"deployment": "self_managed"}, EMPTY),
    "level": (
        {"level": "team", "access": None, "allow_account_wide": True, "identity_client_id": CLIENT},
        {
            READER: None,
            DELEGATOR: None,
            DATA: None,
            "RoleAssignment#vision-storage-account-contributor-eec458d3": assigned("Storage Account Contributor"),
            "RoleAssignment#vision-storage-blob-data-owner-eec458d3": assigned("Storage Blob Data Owner"),
        },
    ),
    "account_id": (
        {"account_id": ELSEWHERE},
        {
            **moved(READER, ELSEWHERE),
            **moved(DELEGATOR, ELSEWHERE),
            **moved(DATA, CONTAINER.replace("visiona1b2c3d4", "acmedata")),
        },
    ),
    "container_name": ({"container_name": "runs"}, moved(DATA, CONTAINER.replace("/wandb", "/runs"))),
    "mode": ({"mode": "keyless", "level": "team", "identity_client_id": CLIENT}, EMPTY),
    "principals": (
        {"principals": [OTHER]},
        {
            READER: None,
            DELEGATOR: None,
            DATA: None,
            "RoleAssignment#vision-reader-02c15bde": assigned("Reader", OTHER),
            "RoleAssignment#vision-storage-blob-delegator-02c15bde": assigned("Storage Blob Delegator", OTHER),
            "RoleAssignment#vision-storage-blob-data-contributor-02c15bde": assigned(
                "Storage Blob Data Contributor", OTHER, CONTAINER
            ),
        },
    ),
    "identity_client_id": ({"identity_client_id": CLIENT}, EMPTY),
    "identity_tenant_id": ({"identity_tenant_id": CLIENT}, EMPTY),
    "oidc_issuer_url": (CLUSTER, {**MADE, IDENTITY: _identity(), FEDERATED: _federated()}),
    "kubernetes_namespace": (
        {**CLUSTER, "kubernetes_namespace": "wandb"},
        {**MADE, IDENTITY: _identity(), FEDERATED: _federated(namespace="wandb")},
    ),
    "service_accounts": (
        {**CLUSTER, "service_accounts": ["wandb-app"]},
        {**MADE, IDENTITY: _identity(), FEDERATED: _federated("wandb-app")},
    ),
    "access": (
        {"access": "documented", "allow_account_wide": True},
        {DELEGATOR: None, **moved(DATA, ACCOUNT)},
    ),
    "allow_account_wide": (
        {"access": None, "allow_account_wide": True},
        {DELEGATOR: None, **moved(DATA, ACCOUNT)},
    ),
    "resource_group_name": (
        {**CLUSTER, "resource_group_name": "other"},
        {**MADE, IDENTITY: {**_identity(), "resourceGroupName": "other"}, FEDERATED: _federated(group="other")},
    ),
    "location": (
        {**CLUSTER, "location": "North Europe"},
        {**MADE, IDENTITY: _identity(location="northeurope"), FEDERATED: _federated()},
    ),
    "tags": (
        {**CLUSTER, **TAGS},
        {
            **MADE,
            IDENTITY: {"resourceGroupName": "acme", "tags": {"wandb-byob:store": "byob/test/vision", "team": "vision"}},
            FEDERATED: _federated(),
        },
    ),
    "protection": ({"protection": "unprotected"}, EMPTY),
}
