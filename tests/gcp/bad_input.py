"""Bad input for stores on Google Cloud: what is given, and the faults that are told, all of them and no others."""

from typing import Any

NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "location": "europe-west4",
    "principals": [NODE],
    "access": "documented",
}
NEW = {"encryption": "new_key"}

# argument -> (what is given, the faults as "code where")
Row = tuple[dict[str, Any], list[str]]
SINGLE: dict[str, list[Row]] = {
    "deployment": [({"deployment": "saas"}, ["BYOB-ARG-005 deployment"])],
    "level": [
        ({"level": "org"}, ["BYOB-ARG-005 level"]),
        ({"level": "instance", "deployment": "multi_tenant"}, ["BYOB-WANDB-001 level"]),
    ],
    "location": [
        ({"location": "europe-west4-a"}, ["BYOB-GCP-002 location"]),
        ({"location": "Frankfurt am Main"}, ["BYOB-GCP-002 location"]),
        ({"location": "global"}, ["BYOB-GCP-002 location"]),
        ({"location": None}, ["BYOB-ARG-002 location"]),
        ({"location": ["EU"]}, ["BYOB-ARG-004 location"]),
    ],
    "principals": [
        ({"principals": ["allUsers"]}, ["BYOB-WANDB-011 principals"]),
        ({"principals": ["arn:aws:iam::830241207209:root"]}, ["BYOB-WANDB-012 principals"]),
        ({"principals": [f"serviceAccount:{NODE}"]}, ["BYOB-WANDB-012 principals"]),
        ({"principals": [NODE, NODE]}, ["BYOB-WANDB-014 principals"]),
        ({"principals": NODE}, ["BYOB-ARG-004 principals"]),
        ({"principals": None, "deployment": "self_managed"}, ["BYOB-WANDB-010 principals"]),
    ],
    "access": [({"access": "read"}, ["BYOB-ARG-005 access"])],
    "signer": [
        ({"signer": True}, ["BYOB-GCP-018 signer"]),
        ({"signer": "yes"}, ["BYOB-ARG-004 signer"]),
    ],
    "project": [
        ({"project": "123456789012"}, ["BYOB-GCP-001 project"]),
        ({"project": "Acme Storage"}, ["BYOB-GCP-001 project"]),
    ],
    "labels": [
        ({"labels": {"Team": "vision"}}, ["BYOB-GCP-024 labels"]),
        ({"labels": {"team": "Vision!"}}, ["BYOB-GCP-024 labels"]),
        ({"labels": {"goog-team": "vision"}}, ["BYOB-GCP-024 labels"]),
        ({"labels": {"wandb-byob-store": "mine"}}, ["BYOB-GCP-024 labels"]),
        ({"labels": {f"l{i}": "" for i in range(63)}}, ["BYOB-GCP-024 labels"]),
        ({"labels": {"team": 7}}, ["BYOB-ARG-004 labels.team"]),
    ],
    "protection": [({"protection": "locked"}, ["BYOB-ARG-005 protection"])],
    "encryption": [
        ({"encryption": "csek"}, ["BYOB-ARG-005 encryption"]),
        ({"encryption": "existing_key"}, ["BYOB-GCP-008 kms_key_id"]),
    ],
    "kms_key_id": [
        ({"encryption": "existing_key", "kms_key_id": "wandb"}, ["BYOB-GCP-004 kms_key_id"]),
        (
            {"encryption": "existing_key", "kms_key_id": f"{KEY}/cryptoKeyVersions/1"},
            ["BYOB-GCP-004 kms_key_id"],
        ),
        ({"kms_key_id": KEY}, ["BYOB-GCP-010 kms_key_id"]),
        ({"encryption": "existing_key", "kms_key_id": KEY, "location": "EU"}, ["BYOB-GCP-027 kms_key_id"]),
    ],
    "storage_service_agent": [
        ({**NEW, "storage_service_agent": NODE}, ["BYOB-GCP-003 storage_service_agent"]),
    ],
    "kms_key_ring_name": [
        ({**NEW, "kms_key_ring_name": "projects/acme-keys"}, ["BYOB-GCP-005 kms_key_ring_name"]),
        ({"kms_key_ring_name": "wandb"}, ["BYOB-GCP-009 kms_key_ring_name"]),
    ],
    "kms_key_name": [({**NEW, "kms_key_name": "a key"}, ["BYOB-GCP-005 kms_key_name"])],
    "kms_deletion_window_days": [
        ({**NEW, "kms_deletion_window_days": 0}, ["BYOB-GCP-006 kms_deletion_window_days"]),
        ({**NEW, "kms_deletion_window_days": 121}, ["BYOB-GCP-006 kms_deletion_window_days"]),
    ],
    "kms_rotation_days": [({**NEW, "kms_rotation_days": 0}, ["BYOB-GCP-007 kms_rotation_days"])],
    "bucket_name": [
        ({"bucket_name": "Vision"}, ["BYOB-WANDB-027 bucket_name"]),
        ({"bucket_name": "goog-vision"}, ["BYOB-WANDB-028 bucket_name"]),
        ({"bucket_name": "my-google-data"}, ["BYOB-WANDB-028 bucket_name"]),
    ],
    "force_destroy": [({"force_destroy": True}, ["BYOB-GCP-021 force_destroy"])],
    "paths": [
        ({"paths": ["/vision"]}, ["BYOB-WANDB-021 paths[0]"]),
        ({"paths": ["a", "a/b"]}, ["BYOB-WANDB-026 paths[1]"]),
    ],
    "suspended_paths": [
        ({"suspended_paths": ["x"]}, ["BYOB-GCP-029 suspended_paths[0]"]),
        ({"paths": ["a", "b"], "suspended_paths": ["b"]}, ["BYOB-GCP-030 suspended_paths"]),
    ],
    "cors_origins": [
        ({"cors_origins": []}, ["BYOB-WANDB-030 cors_origins"]),
        ({"cors_origins": ["wandb.example.com"]}, ["BYOB-WANDB-031 cors_origins"]),
    ],
    "cors_max_age_seconds": [({"cors_max_age_seconds": -1}, ["BYOB-WANDB-032 cors_max_age_seconds"])],
    "soft_delete_days": [
        ({"soft_delete_days": 0}, ["BYOB-GCP-011 soft_delete_days"]),
        ({"soft_delete_days": 6}, ["BYOB-GCP-011 soft_delete_days"]),
        ({"soft_delete_days": 91}, ["BYOB-GCP-011 soft_delete_days"]),
        ({"soft_delete_days": True}, ["BYOB-ARG-004 soft_delete_days"]),
    ],
    "noncurrent_days": [({"noncurrent_days": 0}, ["BYOB-GCP-012 noncurrent_days"])],
    "noncurrent_versions": [({"noncurrent_versions": 101}, ["BYOB-GCP-013 noncurrent_versions"])],
    "abort_upload_days": [({"abort_upload_days": 1}, ["BYOB-GCP-014 abort_upload_days"])],
    "lifecycle_rules": [
        ({"lifecycle_rules": [{"expiration_days": 30}]}, ["BYOB-GCP-015 lifecycle_rules[0].expiration_days"]),
        ({"lifecycle_rules": [{"prefix": "a/"}]}, ["BYOB-GCP-017 lifecycle_rules[0]"]),
        ({"lifecycle_rules": [{"transition_days": 3}]}, ["BYOB-GCP-017 lifecycle_rules[0]"]),
        ({"lifecycle_rules": [{"noncurrent_days": 0}]}, ["BYOB-GCP-017 lifecycle_rules[0].noncurrent_days"]),
        (
            {"lifecycle_rules": [{"transition_days": 3, "storage_class": "GLACIER"}]},
            ["BYOB-ARG-005 lifecycle_rules[0].storage_class"],
        ),
        ({"lifecycle_rules": [{"id": "cold", "noncurrent_days": 3}]}, ["BYOB-ARG-001 lifecycle_rules[0].id"]),
    ],
    "allow_data_expiry": [({"allow_data_expiry": "true"}, ["BYOB-ARG-004 allow_data_expiry"])],
    "access_log_bucket": [
        ({"access_log_bucket": "gs://logs"}, ["BYOB-WANDB-027 access_log_bucket"]),
        ({"bucket_name": "acme-vision", "access_log_bucket": "acme-vision"}, ["BYOB-GCP-023 access_log_bucket"]),
    ],
    "access_log_prefix": [
        ({"access_log_prefix": "gcs"}, ["BYOB-GCP-023 access_log_prefix"]),
        ({"access_log_bucket": "acme-logs", "access_log_prefix": "/gcs"}, ["BYOB-GCP-023 access_log_prefix"]),
    ],
    "credential_keys": [
        ({"credential_keys": []}, ["BYOB-GCP-022 credential_keys"]),
        ({"credential_keys": ["a", "b", "c"]}, ["BYOB-GCP-022 credential_keys"]),
        ({"credential_keys": ["a", "a"]}, ["BYOB-GCP-022 credential_keys"]),
        ({"credential_keys": ["2026/11"]}, ["BYOB-GCP-022 credential_keys[0]"]),
        ({"deployment": "multi_tenant", "credential_keys": ["a"]}, ["BYOB-WANDB-003 credential_keys"]),
    ],
    "credential_account_id": [
        ({"credential_keys": ["a"], "credential_account_id": "short"}, ["BYOB-GCP-020 credential_account_id"]),
        ({"credential_account_id": "wandb-vision"}, ["BYOB-GCP-020 credential_account_id"]),
    ],
}
"""Every argument has a row."""

COMBINED: list[Row] = [
    ({"retention_policy": {"retention_period": 1}}, ["BYOB-GCP-016 retention_policy"]),
    ({"requester_pays": True}, ["BYOB-GCP-016 requester_pays"]),
    ({"hierarchical_namespace": {"enabled": True}}, ["BYOB-GCP-016 hierarchical_namespace"]),
    ({"default_event_based_hold": True}, ["BYOB-GCP-016 default_event_based_hold"]),
    ({"enable_object_retention": True}, ["BYOB-GCP-016 enable_object_retention"]),
    ({"autoclass": {"enabled": True}}, ["BYOB-GCP-016 autoclass"]),
    ({"kms_key_arn": "x"}, ["BYOB-ARG-001 kms_key_arn"]),
    (
        {"requester_pays": True, "soft_delete_days": 0, "encryption": "existing_key"},
        ["BYOB-GCP-008 kms_key_id", "BYOB-GCP-011 soft_delete_days", "BYOB-GCP-016 requester_pays"],
    ),
    (
        {"kms_key_id": KEY, "kms_key_name": "x", "kms_rotation_days": 90},
        ["BYOB-GCP-009 kms_key_name", "BYOB-GCP-009 kms_rotation_days", "BYOB-GCP-010 kms_key_id"],
    ),
    (
        {"encryption": "existing_key", "kms_key_id": KEY, "location": "US", "kms_deletion_window_days": 30},
        ["BYOB-GCP-009 kms_deletion_window_days", "BYOB-GCP-027 kms_key_id"],
    ),
    (
        {"lifecycle_rules": [{"expiration_days": 3, "transition_days": 5, "storage_class": "ARCHIVE"}]},
        ["BYOB-GCP-015 lifecycle_rules[0].expiration_days", "BYOB-GCP-017 lifecycle_rules[0].expiration_days"],
    ),
    (
        {"lifecycle_rules": [{"expiration_days": 0}], "allow_data_expiry": True},
        ["BYOB-GCP-017 lifecycle_rules[0].expiration_days"],
    ),
    (
        {"force_destroy": True, "protection": "released", "abort_upload_days": 0},
        ["BYOB-GCP-014 abort_upload_days", "BYOB-GCP-021 force_destroy"],
    ),
    (
        {"deployment": "multi_tenant", "level": "instance", "signer": True},
        ["BYOB-GCP-018 signer", "BYOB-WANDB-001 level"],
    ),
    (
        {"paths": ["a", "b"], "suspended_paths": ["c"], "access": "minimal"},
        ["BYOB-GCP-029 suspended_paths[0]"],
    ),
    (
        {"project": "1", "labels": {"A": "b"}, "location": "mars"},
        ["BYOB-GCP-001 project", "BYOB-GCP-002 location", "BYOB-GCP-024 labels"],
    ),
    # An argument that is missing or misshapen hides only what reads it.
    (
        {"level": None, "encryption": "existing_key", "signer": True},
        ["BYOB-ARG-002 level", "BYOB-GCP-008 kms_key_id", "BYOB-GCP-018 signer"],
    ),
    (
        {
            "deployment": None,
            "signer": True,
            "principals": None,
            "force_destroy": True,
            "credential_account_id": "wandb-a",
        },
        ["BYOB-ARG-002 deployment", "BYOB-GCP-020 credential_account_id", "BYOB-GCP-021 force_destroy"],
    ),
    (
        {"location": None, "encryption": "existing_key", "kms_key_id": KEY, "access_log_prefix": "x"},
        ["BYOB-ARG-002 location", "BYOB-GCP-023 access_log_prefix"],
    ),
    (
        {"encryption": "csek", "kms_key_id": KEY, "location": "EU", "kms_rotation_days": 90},
        ["BYOB-ARG-005 encryption", "BYOB-GCP-027 kms_key_id"],
    ),
    (
        {"kms_key_id": 5, "kms_rotation_days": "often"},
        [
            "BYOB-ARG-004 kms_key_id",
            "BYOB-ARG-004 kms_rotation_days",
            "BYOB-GCP-009 kms_rotation_days",
            "BYOB-GCP-010 kms_key_id",
        ],
    ),
    (
        {"paths": ["a", 5], "suspended_paths": ["b"], "protection": "locked", "force_destroy": True, "signer": True},
        ["BYOB-ARG-004 paths[1]", "BYOB-ARG-005 protection", "BYOB-GCP-018 signer"],
    ),
    (
        {"access": "read", "paths": ["a", "b"], "suspended_paths": ["b"]},
        ["BYOB-ARG-005 access", "BYOB-GCP-030 suspended_paths"],
    ),
    (
        {"lifecycle_rules": ["x", {"expiration_days": 3}, {"transition_days": "soon", "noncurrent_days": 0}]},
        [
            "BYOB-ARG-004 lifecycle_rules[0]",
            "BYOB-ARG-004 lifecycle_rules[2].transition_days",
            "BYOB-GCP-015 lifecycle_rules[1].expiration_days",
            "BYOB-GCP-017 lifecycle_rules[2]",
            "BYOB-GCP-017 lifecycle_rules[2].noncurrent_days",
        ],
    ),
    (
        {"lifecycle_rules": [{"expiration_days": 3, "transition_days": 5}], "allow_data_expiry": "yes"},
        [
            "BYOB-ARG-004 allow_data_expiry",
            "BYOB-GCP-017 lifecycle_rules[0]",
            "BYOB-GCP-017 lifecycle_rules[0].expiration_days",
        ],
    ),
    (
        {"lifecycle_rules": [{"expiration_days": -5}], "allow_data_expiry": True},
        ["BYOB-GCP-017 lifecycle_rules[0].expiration_days"],
    ),
]
