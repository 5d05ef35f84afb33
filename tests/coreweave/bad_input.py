"""Bad input for stores at CoreWeave: what is given, and the faults that are told, all of them and no others."""

from typing import Any

WANDB = "arn:aws:iam::wandb:static/wandb-integration"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
WHO = {"CW": "arn:aws:iam::ab1cd2:coreweave/auditor"}
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": WHO, "Action": "s3:GetObject", "Resource": "*"}

# argument -> (what is given, the faults as "code where")
Row = tuple[dict[str, Any], list[str]]
SINGLE: dict[str, list[Row]] = {
    "deployment": [({"deployment": "saas"}, ["BYOB-ARG-005 deployment"])],
    "level": [
        ({"level": "org"}, ["BYOB-ARG-005 level"]),
        ({"level": "instance", "deployment": "multi_tenant"}, ["BYOB-WANDB-001 level"]),
    ],
    "wandb_organization_id": [
        ({"wandb_organization_id": "*"}, ["BYOB-CW-001 wandb_organization_id"]),
        ({"wandb_organization_id": "acm?"}, ["BYOB-CW-001 wandb_organization_id"]),
        ({"wandb_organization_id": "my organization"}, ["BYOB-CW-001 wandb_organization_id"]),
        ({"wandb_organization_id": ""}, ["BYOB-CW-001 wandb_organization_id"]),
        ({"wandb_organization_id": None}, ["BYOB-ARG-002 wandb_organization_id"]),
        ({"wandb_organization_id": ["acme"]}, ["BYOB-ARG-004 wandb_organization_id"]),
    ],
    "storage_organization_id": [
        ({"storage_organization_id": "*"}, ["BYOB-CW-002 storage_organization_id"]),
        ({"storage_organization_id": "arn:aws:iam::ab1cd2:root"}, ["BYOB-CW-002 storage_organization_id"]),
    ],
    "principals": [
        ({"principals": ["*"]}, ["BYOB-WANDB-011 principals"]),
        ({"principals": ["wandb-integration"]}, ["BYOB-WANDB-012 principals"]),
        ({"principals": [WANDB, WANDB]}, ["BYOB-WANDB-014 principals"]),
        ({"principals": WANDB}, ["BYOB-ARG-004 principals"]),
    ],
    "access": [
        ({"access": "read"}, ["BYOB-ARG-005 access"]),
        ({"access": "minimal", "level": "instance", "paths": ["a"]}, ["BYOB-WANDB-002 access"]),
    ],
    "protection": [({"protection": "locked"}, ["BYOB-ARG-005 protection"])],
    "bucket_name": [
        ({"bucket_name": "my_bucket"}, ["BYOB-WANDB-027 bucket_name"]),
        ({"bucket_name": "cw-vision"}, ["BYOB-WANDB-028 bucket_name"]),
        ({"bucket_name": "vip-vision"}, ["BYOB-WANDB-028 bucket_name"]),
        ({"bucket_name": "log-stitcher-ch-1"}, ["BYOB-WANDB-028 bucket_name"]),
    ],
    "force_destroy": [({"force_destroy": True}, ["BYOB-CW-021 force_destroy"])],
    "paths": [
        ({"paths": ["/vision"]}, ["BYOB-WANDB-021 paths[0]"]),
        ({"paths": ["a", "a/b"]}, ["BYOB-WANDB-026 paths[1]"]),
    ],
    "suspended_paths": [
        ({"suspended_paths": ["x"]}, ["BYOB-CW-029 suspended_paths[0]"]),
        ({"paths": ["a", "b"], "suspended_paths": ["b"]}, ["BYOB-CW-030 suspended_paths"]),
    ],
    "cors_origins": [
        ({"cors_origins": []}, ["BYOB-WANDB-030 cors_origins"]),
        ({"cors_origins": ["wandb.example.com"]}, ["BYOB-WANDB-031 cors_origins"]),
    ],
    "cors_max_age_seconds": [({"cors_max_age_seconds": -1}, ["BYOB-WANDB-032 cors_max_age_seconds"])],
    "noncurrent_days": [({"noncurrent_days": 0}, ["BYOB-CW-012 noncurrent_days"])],
    "abort_upload_days": [({"abort_upload_days": 1}, ["BYOB-CW-014 abort_upload_days"])],
    "lifecycle_rules": [
        ({"lifecycle_rules": [{"id": "a", "expiration_days": 30}]}, ["BYOB-CW-015 lifecycle_rules[0].expiration_days"]),
        ({"lifecycle_rules": [{"id": "a"}]}, ["BYOB-CW-017 lifecycle_rules[0]"]),
        ({"lifecycle_rules": [{"noncurrent_days": 3}]}, ["BYOB-ARG-002 lifecycle_rules[0].id"]),
    ],
    "allow_data_expiry": [({"allow_data_expiry": "true"}, ["BYOB-ARG-004 allow_data_expiry"])],
    "bucket_policy_statements": [
        ({"bucket_policy_statements": [{"Sid": "A"}]}, ["BYOB-CW-018 bucket_policy_statements[0]"]),
        (
            {"bucket_policy_statements": [{**OWN, "Sid": "AllowUsersInOrg"}]},
            ["BYOB-CW-019 bucket_policy_statements[0].Sid"],
        ),
        (
            {"bucket_policy_statements": [{**OWN, "Principal": {"CW": "*"}}]},
            ["BYOB-CW-020 bucket_policy_statements[0].Principal"],
        ),
        (
            {"bucket_policy_statements": [{**OWN, "Principal": "*"}]},
            ["BYOB-CW-020 bucket_policy_statements[0].Principal"],
        ),
        (
            {"bucket_policy_statements": [{**OWN, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}]},
            ["BYOB-CW-003 bucket_policy_statements[0].Principal"],
        ),
    ],
}
"""Every argument has a row."""

COMBINED: list[Row] = [
    ({"encryption": "new_key"}, ["BYOB-CW-016 encryption"]),
    ({"kms_key_arn": "x"}, ["BYOB-CW-016 kms_key_arn"]),
    ({"tags": {"team": "vision"}}, ["BYOB-CW-016 tags"]),
    ({"noncurrent_versions": 3}, ["BYOB-CW-016 noncurrent_versions"]),
    (
        {"access_key": "confidential", "secret_key": "confidential"},
        ["BYOB-CW-016 access_key", "BYOB-CW-016 secret_key"],
    ),
    ({"region": "US-EAST-04A"}, ["BYOB-CW-016 region"]),
    ({"endpoint": "cwlota.com", "tls": False}, ["BYOB-CW-016 endpoint", "BYOB-CW-016 tls"]),
    ({"bucket_nam": "x"}, ["BYOB-ARG-001 bucket_nam"]),
    (
        {"wandb_organization_id": "*", "storage_organization_id": "*", "noncurrent_days": 0},
        [
            "BYOB-CW-001 wandb_organization_id",
            "BYOB-CW-002 storage_organization_id",
            "BYOB-CW-012 noncurrent_days",
        ],
    ),
    (
        {"force_destroy": True, "protection": "released", "abort_upload_days": 0},
        ["BYOB-CW-014 abort_upload_days", "BYOB-CW-021 force_destroy"],
    ),
    # An argument that is missing or misshapen hides only what reads it.
    (
        {"level": None, "force_destroy": True, "access": "minimal", "paths": ["a"], "suspended_paths": ["x"]},
        ["BYOB-ARG-002 level", "BYOB-CW-021 force_destroy", "BYOB-CW-029 suspended_paths[0]"],
    ),
    (
        {"wandb_organization_id": None, "deployment": "multi_tenant", "level": "instance"},
        ["BYOB-ARG-002 wandb_organization_id", "BYOB-WANDB-001 level"],
    ),
    (
        {"deployment": "saas", "level": "instance", "access": "minimal", "paths": ["a"]},
        ["BYOB-ARG-005 deployment", "BYOB-WANDB-002 access"],
    ),
    (
        {"principals": WANDB, "paths": ["a", "b"], "suspended_paths": ["a"], "protection": 5, "force_destroy": True},
        ["BYOB-ARG-004 principals", "BYOB-ARG-005 protection", "BYOB-CW-030 suspended_paths"],
    ),
    (
        {"lifecycle_rules": [{"noncurrent_days": 0}, {"id": "b", "expiration_days": "3"}], "force_destroy": True},
        [
            "BYOB-ARG-002 lifecycle_rules[0].id",
            "BYOB-ARG-004 lifecycle_rules[1].expiration_days",
            "BYOB-CW-015 lifecycle_rules[1].expiration_days",
            "BYOB-CW-017 lifecycle_rules[0].noncurrent_days",
            "BYOB-CW-021 force_destroy",
        ],
    ),
]
