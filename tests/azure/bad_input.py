"""Bad input for stores on Azure: what is given, and the faults that are told, all of them and no others."""

from typing import Any

NODE = "55555555-5555-5555-5555-555555555555"
CLIENT = "77777777-7777-7777-7777-777777777777"
ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
KEY = "https://acme-keys.vault.azure.net/keys/wandb"
GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme"
ENCRYPTION = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/acme-encryption"
LOGS = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmelogs"
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "location": "westeurope",
    "principals": [NODE],
    "identity_client_id": CLIENT,
    "access": "documented",
}
NOBODY: dict[str, Any] = {"principals": None, "identity_client_id": None}
CLUSTER = {**NOBODY, "oidc_issuer_url": ISSUER}
BY_KEY = {**NOBODY, "mode": "access_key"}
NEW = {"encryption": "new_key"}
EXISTING = {"encryption": "existing_key", "kms_key_id": KEY, "kms_identity_id": ENCRYPTION}

# argument -> (what is given, the faults as "code where")
Row = tuple[dict[str, Any], list[str]]
SINGLE: dict[str, list[Row]] = {
    "deployment": [
        ({"deployment": "saas"}, ["BYOB-ARG-005 deployment"]),
        ({"deployment": "multi_tenant"}, ["BYOB-WANDB-001 cloud"]),
    ],
    "level": [({"level": "org"}, ["BYOB-ARG-005 level"])],
    "location": [
        ({"location": "westeurope-1"}, ["BYOB-AZURE-002 location"]),
        ({"location": "eu-west-1"}, ["BYOB-AZURE-002 location"]),
        ({"location": "global"}, ["BYOB-AZURE-002 location"]),
        ({"location": None}, ["BYOB-ARG-002 location"]),
        ({"location": ["westeurope"]}, ["BYOB-ARG-004 location"]),
    ],
    "mode": [
        ({"mode": "workload_identity"}, ["BYOB-ARG-005 mode"]),
        ({"mode": "team_connector", "level": "instance"}, ["BYOB-AZURE-018 mode"]),
        (
            {"mode": "access_key"},
            ["BYOB-AZURE-020 identity_client_id", "BYOB-AZURE-020 principals"],
        ),
    ],
    "principals": [
        ({"principals": ["wandb"]}, ["BYOB-WANDB-012 principals"]),
        ({"principals": ["*"]}, ["BYOB-WANDB-011 principals"]),
        ({"principals": [NODE, NODE]}, ["BYOB-WANDB-014 principals"]),
        ({"principals": NODE}, ["BYOB-ARG-004 principals"]),
        ({**NOBODY}, ["BYOB-AZURE-020 oidc_issuer_url"]),
        ({**NOBODY, "mode": "keyless"}, ["BYOB-AZURE-020 oidc_issuer_url"]),
        ({**NOBODY, "level": "instance"}, ["BYOB-WANDB-010 principals"]),
    ],
    "identity_client_id": [
        ({"identity_client_id": "wandb"}, ["BYOB-AZURE-001 identity_client_id"]),
        ({"identity_client_id": None}, ["BYOB-AZURE-020 identity_client_id"]),
        ({**CLUSTER, "identity_client_id": CLIENT}, ["BYOB-AZURE-020 identity_client_id"]),
    ],
    "identity_tenant_id": [
        ({"identity_tenant_id": "acme.onmicrosoft.com"}, ["BYOB-AZURE-001 identity_tenant_id"]),
        ({**CLUSTER, "identity_tenant_id": CLIENT}, ["BYOB-AZURE-020 identity_tenant_id"]),
    ],
    "oidc_issuer_url": [
        ({**CLUSTER, "oidc_issuer_url": ISSUER.rstrip("/")}, ["BYOB-WANDB-015 oidc_issuer_url"]),
        ({**CLUSTER, "oidc_issuer_url": "http://acme.example/"}, ["BYOB-WANDB-015 oidc_issuer_url"]),
        ({"oidc_issuer_url": ISSUER}, ["BYOB-AZURE-020 oidc_issuer_url"]),
    ],
    "kubernetes_namespace": [
        ({**CLUSTER, "kubernetes_namespace": "W&B"}, ["BYOB-AZURE-020 kubernetes_namespace"]),
        ({"kubernetes_namespace": "wandb"}, ["BYOB-AZURE-020 kubernetes_namespace"]),
    ],
    "service_accounts": [
        ({**CLUSTER, "service_accounts": []}, ["BYOB-WANDB-016 service_accounts"]),
        ({**CLUSTER, "service_accounts": ["default:wandb-app"]}, ["BYOB-WANDB-016 service_accounts"]),
        ({**CLUSTER, "service_accounts": [f"a{i}" for i in range(21)]}, ["BYOB-WANDB-016 service_accounts"]),
        ({"service_accounts": ["wandb-app"]}, ["BYOB-AZURE-020 service_accounts"]),
    ],
    "access": [
        ({"access": "read"}, ["BYOB-ARG-005 access"]),
        ({"access": "minimal"}, ["BYOB-WANDB-004 access"]),
        ({**BY_KEY, "access": "minimal"}, ["BYOB-WANDB-004 access"]),
    ],
    "account_key": [
        ({**BY_KEY, "account_key": "primary"}, ["BYOB-ARG-005 account_key"]),
        ({"account_key": "key1"}, ["BYOB-AZURE-022 account_key"]),
    ],
    "account_key_expiry_days": [
        ({"account_key_expiry_days": 0}, ["BYOB-AZURE-022 account_key_expiry_days"]),
        ({"mode": "keyless", "account_key_expiry_days": 30}, ["BYOB-AZURE-022 account_key_expiry_days"]),
    ],
    "resource_group_name": [
        ({"resource_group_name": GROUP}, ["BYOB-AZURE-003 resource_group_name"]),
        ({"resource_group_name": "acme."}, ["BYOB-AZURE-003 resource_group_name"]),
    ],
    "subscription_id": [({"subscription_id": "Acme Production"}, ["BYOB-AZURE-001 subscription_id"])],
    "tenant_id": [({"tenant_id": "acme.onmicrosoft.com"}, ["BYOB-AZURE-001 tenant_id"])],
    "tags": [
        ({"tags": {"a/b": "c"}}, ["BYOB-AZURE-024 tags"]),
        ({"tags": {"Microsoft-team": "vision"}}, ["BYOB-AZURE-024 tags"]),
        ({"tags": {"wandb-byob:store": "mine"}}, ["BYOB-AZURE-024 tags"]),
        ({"tags": {"team": "x" * 257}}, ["BYOB-AZURE-024 tags"]),
        ({"tags": {f"t{i}": "" for i in range(50)}}, ["BYOB-AZURE-024 tags"]),
        ({"tags": {"team": 7}}, ["BYOB-ARG-004 tags.team"]),
    ],
    "protection": [({"protection": "locked"}, ["BYOB-ARG-005 protection"])],
    "lock": [
        ({"lock": "CanNotDelete"}, ["BYOB-ARG-004 lock"]),
        ({"lock": True, "suspended_paths": ["/"]}, ["BYOB-AZURE-021 lock"]),
    ],
    "encryption": [
        ({"encryption": "cpk"}, ["BYOB-ARG-005 encryption"]),
        ({"encryption": "existing_key"}, ["BYOB-AZURE-008 kms_identity_id", "BYOB-AZURE-008 kms_key_id"]),
    ],
    "kms_key_id": [
        ({**EXISTING, "kms_key_id": "wandb"}, ["BYOB-AZURE-004 kms_key_id"]),
        ({**EXISTING, "kms_key_id": f"{KEY}/0123456789abcdef0123456789abcdef"}, ["BYOB-AZURE-004 kms_key_id"]),
        ({**EXISTING, "kms_key_id": None}, ["BYOB-AZURE-008 kms_key_id"]),
        ({"kms_key_id": KEY}, ["BYOB-AZURE-010 kms_key_id"]),
    ],
    "kms_identity_id": [
        ({**EXISTING, "kms_identity_id": NODE}, ["BYOB-AZURE-025 kms_identity_id"]),
        ({**EXISTING, "kms_identity_id": None}, ["BYOB-AZURE-008 kms_identity_id"]),
        ({"kms_identity_id": ENCRYPTION}, ["BYOB-AZURE-010 kms_identity_id"]),
    ],
    "kms_vault_name": [
        ({**NEW, "kms_vault_name": "acme--wandb"}, ["BYOB-AZURE-005 kms_vault_name"]),
        ({**NEW, "kms_vault_name": "acme-wandb-production-keys"}, ["BYOB-AZURE-005 kms_vault_name"]),
        ({"kms_vault_name": "acme-wandb"}, ["BYOB-AZURE-009 kms_vault_name"]),
    ],
    "kms_key_name": [
        ({**NEW, "kms_key_name": "a_key"}, ["BYOB-AZURE-005 kms_key_name"]),
        ({**EXISTING, "kms_key_name": "wandb"}, ["BYOB-AZURE-009 kms_key_name"]),
    ],
    "kms_deletion_window_days": [
        ({**NEW, "kms_deletion_window_days": 6}, ["BYOB-AZURE-006 kms_deletion_window_days"]),
        ({**NEW, "kms_deletion_window_days": 91}, ["BYOB-AZURE-006 kms_deletion_window_days"]),
    ],
    "kms_rotation_days": [({**NEW, "kms_rotation_days": 6}, ["BYOB-AZURE-007 kms_rotation_days"])],
    "account_name": [
        ({"account_name": "acme-wandb"}, ["BYOB-WANDB-029 account_name"]),
        ({"account_name": "ab"}, ["BYOB-WANDB-029 account_name"]),
    ],
    "container_name": [
        ({"container_name": "Vision"}, ["BYOB-WANDB-027 container_name"]),
        ({"container_name": "vision--nlp"}, ["BYOB-WANDB-027 container_name"]),
    ],
    "other_containers": [
        ({"other_containers": True}, ["BYOB-AZURE-019 allow_account_wide"]),
        ({"other_containers": True, "mode": "keyless"}, ["BYOB-AZURE-019 allow_account_wide"]),
        ({**BY_KEY, "other_containers": True}, ["BYOB-AZURE-019 allow_account_wide"]),
    ],
    "allow_account_wide": [({"allow_account_wide": "yes"}, ["BYOB-ARG-004 allow_account_wide"])],
    "redundancy": [({"redundancy": "Standard_ZRS"}, ["BYOB-ARG-005 redundancy"])],
    "paths": [
        ({"paths": ["/vision"]}, ["BYOB-WANDB-021 paths[0]"]),
        ({"paths": ["a", "a/b"]}, ["BYOB-WANDB-026 paths[1]"]),
    ],
    "suspended_paths": [
        ({"suspended_paths": ["x"]}, ["BYOB-AZURE-029 suspended_paths[0]"]),
        ({"paths": ["a", "b"], "suspended_paths": ["b"]}, ["BYOB-AZURE-030 suspended_paths"]),
    ],
    "cors_origins": [
        ({"cors_origins": []}, ["BYOB-WANDB-030 cors_origins"]),
        ({"cors_origins": ["wandb.example.com"]}, ["BYOB-WANDB-031 cors_origins"]),
    ],
    "cors_max_age_seconds": [({"cors_max_age_seconds": -1}, ["BYOB-WANDB-032 cors_max_age_seconds"])],
    "soft_delete_days": [
        ({"soft_delete_days": 0}, ["BYOB-AZURE-011 soft_delete_days"]),
        ({"soft_delete_days": 366}, ["BYOB-AZURE-011 soft_delete_days"]),
        ({"soft_delete_days": True}, ["BYOB-ARG-004 soft_delete_days"]),
    ],
    "container_soft_delete_days": [
        ({"container_soft_delete_days": 0}, ["BYOB-AZURE-011 container_soft_delete_days"]),
    ],
    "noncurrent_days": [({"noncurrent_days": 0}, ["BYOB-AZURE-012 noncurrent_days"])],
    "lifecycle_rules": [
        ({"lifecycle_rules": [{"expiration_days": 30}]}, ["BYOB-AZURE-015 lifecycle_rules[0].expiration_days"]),
        ({"lifecycle_rules": [{"prefix": "a/"}]}, ["BYOB-AZURE-017 lifecycle_rules[0]"]),
        ({"lifecycle_rules": [{"transition_days": 3}]}, ["BYOB-AZURE-017 lifecycle_rules[0]"]),
        ({"lifecycle_rules": [{"noncurrent_days": 0}]}, ["BYOB-AZURE-017 lifecycle_rules[0].noncurrent_days"]),
        (
            {"lifecycle_rules": [{"transition_days": 3, "access_tier": "archive"}]},
            ["BYOB-ARG-005 lifecycle_rules[0].access_tier"],
        ),
        ({"lifecycle_rules": [{"id": "cold", "noncurrent_days": 3}]}, ["BYOB-ARG-001 lifecycle_rules[0].id"]),
    ],
    "allow_data_expiry": [({"allow_data_expiry": "true"}, ["BYOB-ARG-004 allow_data_expiry"])],
    "access_log_workspace_id": [
        ({"access_log_workspace_id": "acme-logs"}, ["BYOB-AZURE-025 access_log_workspace_id"]),
        ({"access_log_workspace_id": LOGS}, ["BYOB-AZURE-025 access_log_workspace_id"]),
    ],
    "access_log_account_id": [
        ({"access_log_account_id": "acmelogs"}, ["BYOB-AZURE-025 access_log_account_id"]),
        (
            {"account_name": "acmelogs", "access_log_account_id": LOGS},
            ["BYOB-AZURE-023 access_log_account_id"],
        ),
    ],
}
"""Every argument has a row."""

COMBINED: list[Row] = [
    ({"immutability_policy": {}}, ["BYOB-AZURE-016 immutability_policy"]),
    ({"immutable_storage_with_versioning": {}}, ["BYOB-AZURE-016 immutable_storage_with_versioning"]),
    ({"is_hns_enabled": True}, ["BYOB-AZURE-016 is_hns_enabled"]),
    ({"public_network_access": "Disabled"}, ["BYOB-AZURE-016 public_network_access"]),
    ({"network_rule_set": {}}, ["BYOB-AZURE-016 network_rule_set"]),
    ({"allow_blob_public_access": True}, ["BYOB-AZURE-016 allow_blob_public_access"]),
    ({"force_destroy": True}, ["BYOB-AZURE-016 force_destroy"]),
    ({"noncurrent_versions": 3}, ["BYOB-AZURE-016 noncurrent_versions"]),
    ({"abort_upload_days": 3}, ["BYOB-AZURE-016 abort_upload_days"]),
    ({"kms_key_arn": "x"}, ["BYOB-ARG-001 kms_key_arn"]),
    (
        {"is_hns_enabled": True, "soft_delete_days": 0, "encryption": "existing_key"},
        [
            "BYOB-AZURE-008 kms_identity_id",
            "BYOB-AZURE-008 kms_key_id",
            "BYOB-AZURE-011 soft_delete_days",
            "BYOB-AZURE-016 is_hns_enabled",
        ],
    ),
    (
        {"kms_key_id": KEY, "kms_key_name": "x", "kms_rotation_days": 90},
        ["BYOB-AZURE-009 kms_key_name", "BYOB-AZURE-009 kms_rotation_days", "BYOB-AZURE-010 kms_key_id"],
    ),
    (
        {**BY_KEY, "oidc_issuer_url": ISSUER, "service_accounts": ["wandb-app"], "kubernetes_namespace": "wandb"},
        [
            "BYOB-AZURE-020 kubernetes_namespace",
            "BYOB-AZURE-020 oidc_issuer_url",
            "BYOB-AZURE-020 service_accounts",
        ],
    ),
    (
        {"oidc_issuer_url": ISSUER, "service_accounts": ["W"], "level": "instance"},
        ["BYOB-AZURE-020 oidc_issuer_url", "BYOB-WANDB-016 service_accounts"],
    ),
    (
        {"level": "instance", "mode": "team_connector", "account_key": "key2", "other_containers": True},
        ["BYOB-AZURE-018 mode", "BYOB-AZURE-019 allow_account_wide", "BYOB-AZURE-022 account_key"],
    ),
    (
        {"lifecycle_rules": [{"expiration_days": 3, "transition_days": 5, "access_tier": "cold"}]},
        ["BYOB-AZURE-015 lifecycle_rules[0].expiration_days", "BYOB-AZURE-017 lifecycle_rules[0].expiration_days"],
    ),
    (
        {"lifecycle_rules": [{"expiration_days": 0}], "allow_data_expiry": True},
        ["BYOB-AZURE-017 lifecycle_rules[0].expiration_days"],
    ),
    (
        {"paths": ["a", "b"], "suspended_paths": ["c"], "lock": True},
        ["BYOB-AZURE-029 suspended_paths[0]"],
    ),
    (
        {"subscription_id": "1", "tags": {"a?": "b"}, "location": "mars-1", "deployment": "multi_tenant"},
        [
            "BYOB-AZURE-001 subscription_id",
            "BYOB-AZURE-002 location",
            "BYOB-AZURE-024 tags",
            "BYOB-WANDB-001 cloud",
        ],
    ),
    # An argument that is missing or misshapen hides only what reads it.
    (
        {"level": None, "encryption": "existing_key", "account_key": "key2"},
        ["BYOB-ARG-002 level", "BYOB-AZURE-008 kms_identity_id", "BYOB-AZURE-008 kms_key_id"],
    ),
    (
        {
            "level": None,
            "mode": "team_connector",
            "access": "minimal",
            "account_key": "key2",
            "identity_client_id": None,
        },
        ["BYOB-ARG-002 level", "BYOB-AZURE-022 account_key", "BYOB-WANDB-004 access"],
    ),
    (
        {"level": None, "mode": "team_connector", **NOBODY, "kubernetes_namespace": "wandb"},
        [
            "BYOB-ARG-002 level",
            "BYOB-AZURE-020 kubernetes_namespace",
            "BYOB-AZURE-020 oidc_issuer_url",
        ],
    ),
    (
        {"level": None, "oidc_issuer_url": ISSUER, "paths": ["a", "b"], "suspended_paths": ["b"]},
        ["BYOB-ARG-002 level", "BYOB-AZURE-020 oidc_issuer_url", "BYOB-AZURE-030 suspended_paths"],
    ),
    (
        {"level": "instance", "mode": "team_connector", "oidc_issuer_url": ISSUER},
        ["BYOB-AZURE-018 mode", "BYOB-AZURE-020 oidc_issuer_url"],
    ),
    (
        {
            "mode": "by_hand",
            "other_containers": True,
            "account_key_expiry_days": 30,
            "encryption": "new_key",
            "kms_key_id": KEY,
        },
        ["BYOB-ARG-005 mode", "BYOB-AZURE-010 kms_key_id"],
    ),
    (
        {"deployment": None, "mode": "keyless", "other_containers": True, "account_key_expiry_days": 30},
        ["BYOB-ARG-002 deployment", "BYOB-AZURE-019 allow_account_wide", "BYOB-AZURE-022 account_key_expiry_days"],
    ),
    (
        {"encryption": "cmk", "kms_key_id": KEY, "suspended_paths": ["/"], "lock": True},
        ["BYOB-ARG-005 encryption", "BYOB-AZURE-021 lock"],
    ),
    (
        {"kms_identity_id": 5, "kms_rotation_days": "often", "lock": "no", "suspended_paths": ["/"]},
        [
            "BYOB-ARG-004 kms_identity_id",
            "BYOB-ARG-004 kms_rotation_days",
            "BYOB-ARG-004 lock",
            "BYOB-AZURE-009 kms_rotation_days",
            "BYOB-AZURE-010 kms_identity_id",
        ],
    ),
    (
        {"location": None, "account_name": "acmelogs", "access_log_account_id": LOGS, "access": "read"},
        ["BYOB-ARG-002 location", "BYOB-ARG-005 access", "BYOB-AZURE-023 access_log_account_id"],
    ),
    (
        {"lifecycle_rules": ["x", {"expiration_days": 3}, {"transition_days": "soon", "noncurrent_days": 0}]},
        [
            "BYOB-ARG-004 lifecycle_rules[0]",
            "BYOB-ARG-004 lifecycle_rules[2].transition_days",
            "BYOB-AZURE-015 lifecycle_rules[1].expiration_days",
            "BYOB-AZURE-017 lifecycle_rules[2]",
            "BYOB-AZURE-017 lifecycle_rules[2].noncurrent_days",
        ],
    ),
    (
        {"lifecycle_rules": [{"expiration_days": -5}], "allow_data_expiry": True},
        ["BYOB-AZURE-017 lifecycle_rules[0].expiration_days"],
    ),
]
