"""Bad input for stores on S3-compatible servers: what is given, and the faults that are told, all of them and no others."""

from typing import Any

USER = "arn:aws:iam::000000000000:user/wandb"
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "server": "seaweedfs",
    "endpoint": "store.acme.example:8333",
    "access_key": "confidential-id",
    "secret_key": "confidential+of/wandb=",
    "principals": [USER],
}
MINIO: dict[str, Any] = {"server": "minio", "principals": []}
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": USER}, "Action": "s3:GetObject", "Resource": "*"}

# argument -> (what is given, the faults as "code where")
Row = tuple[dict[str, Any], list[str]]
SINGLE: dict[str, list[Row]] = {
    "deployment": [
        ({"deployment": "saas"}, ["BYOB-ARG-005 deployment"]),
        ({"deployment": "multi_tenant"}, ["BYOB-WANDB-001 cloud"]),
    ],
    "level": [({"level": "org"}, ["BYOB-ARG-005 level"])],
    "server": [
        ({"server": "garage"}, ["BYOB-ARG-005 server"]),
        ({"server": None}, ["BYOB-ARG-002 server"]),
    ],
    "endpoint": [
        ({"endpoint": "https://store.acme.example"}, ["BYOB-WANDB-050 endpoint"]),
        ({"endpoint": "store.acme.example/bucket"}, ["BYOB-WANDB-050 endpoint"]),
        ({"endpoint": "store.acme.example:99999"}, ["BYOB-WANDB-050 endpoint"]),
        ({"endpoint": "minio"}, ["BYOB-S3C-001 endpoint"]),
        ({"endpoint": "s3.eu-west-1.amazonaws.com"}, ["BYOB-S3C-001 endpoint"]),
        ({"endpoint": "cwobject.com"}, ["BYOB-S3C-001 endpoint"]),
        ({"endpoint": "acme.blob.core.windows.net"}, ["BYOB-S3C-001 endpoint"]),
        ({"endpoint": None}, ["BYOB-ARG-002 endpoint"]),
        ({"endpoint": 8333}, ["BYOB-ARG-004 endpoint"]),
    ],
    "access_key": [
        ({"access_key": ""}, ["BYOB-S3C-002 access_key"]),
        ({"access_key": "confidential id"}, ["BYOB-S3C-002 access_key"]),
        ({"access_key": ["confidential"]}, ["BYOB-ARG-004 access_key"]),
    ],
    "secret_key": [
        ({"secret_key": "confidential\n"}, ["BYOB-S3C-002 secret_key"]),
        ({"secret_key": "confidential" * 30}, ["BYOB-S3C-002 secret_key"]),
        ({"secret_key": 123456789}, ["BYOB-ARG-004 secret_key"]),
        ({"secret_key": None}, ["BYOB-ARG-002 secret_key"]),
    ],
    "capabilities": [
        ({"capabilities": ["acl"]}, ["BYOB-ARG-005 capabilities[0]"]),
        ({"capabilities": ["bucket_policy", "cors", "cors"]}, ["BYOB-S3C-011 capabilities"]),
        ({"capabilities": ["bucket_policy", "noncurrent_expiry"]}, ["BYOB-S3C-011 capabilities"]),
        ({**MINIO, "capabilities": ["secure_transport"]}, ["BYOB-S3C-011 capabilities"]),
        ({"capabilities": "cors"}, ["BYOB-ARG-004 capabilities"]),
    ],
    "region": [
        ({"region": "eu west"}, ["BYOB-S3C-003 region"]),
        ({"region": ""}, ["BYOB-S3C-003 region"]),
    ],
    "tls": [({"tls": "true"}, ["BYOB-ARG-004 tls"])],
    "path_style": [({"path_style": 1}, ["BYOB-ARG-004 path_style"])],
    "principals": [
        ({"principals": ["*"]}, ["BYOB-WANDB-011 principals"]),
        ({"principals": ["wandb"]}, ["BYOB-WANDB-012 principals"]),
        ({"principals": [USER, USER]}, ["BYOB-WANDB-014 principals"]),
        ({**MINIO, "principals": [USER]}, ["BYOB-S3C-010 principals"]),
    ],
    "access": [
        ({"access": "read"}, ["BYOB-ARG-005 access"]),
        ({"access": "minimal", "level": "instance", "paths": ["a"]}, ["BYOB-WANDB-002 access"]),
    ],
    "protection": [({"protection": "locked"}, ["BYOB-ARG-005 protection"])],
    "bucket_name": [({"bucket_name": "My_Bucket"}, ["BYOB-WANDB-027 bucket_name"])],
    "force_destroy": [({"force_destroy": True}, ["BYOB-S3C-021 force_destroy"])],
    "paths": [
        ({"paths": ["/vision"]}, ["BYOB-WANDB-021 paths[0]"]),
        ({"paths": ["a", "a/b"]}, ["BYOB-WANDB-026 paths[1]"]),
    ],
    "suspended_paths": [
        ({"suspended_paths": ["x"]}, ["BYOB-S3C-029 suspended_paths[0]"]),
        ({"paths": ["a", "b"], "suspended_paths": ["b"]}, ["BYOB-S3C-030 suspended_paths"]),
        ({**MINIO, "suspended_paths": ["/"]}, ["BYOB-S3C-032 suspended_paths"]),
    ],
    "cors_origins": [
        ({"cors_origins": []}, ["BYOB-WANDB-030 cors_origins"]),
        ({"cors_origins": ["wandb.example.com"]}, ["BYOB-WANDB-031 cors_origins"]),
        ({**MINIO, "cors_origins": ["https://wandb.example.com"]}, ["BYOB-S3C-010 cors_origins"]),
    ],
    "cors_max_age_seconds": [
        ({"cors_max_age_seconds": -1}, ["BYOB-WANDB-032 cors_max_age_seconds"]),
        ({**MINIO, "cors_max_age_seconds": 60}, ["BYOB-S3C-010 cors_max_age_seconds"]),
    ],
    "noncurrent_days": [
        ({"noncurrent_days": 0}, ["BYOB-S3C-012 noncurrent_days"]),
        ({"noncurrent_days": 3, "capabilities": ["bucket_policy"]}, ["BYOB-S3C-010 noncurrent_days"]),
    ],
    "abort_upload_days": [
        ({"abort_upload_days": 1}, ["BYOB-S3C-014 abort_upload_days"]),
        ({**MINIO, "abort_upload_days": 3}, ["BYOB-S3C-010 abort_upload_days"]),
    ],
    "lifecycle_rules": [
        (
            {"lifecycle_rules": [{"id": "a", "expiration_days": 30}]},
            ["BYOB-S3C-015 lifecycle_rules[0].expiration_days"],
        ),
        ({"lifecycle_rules": [{"id": "a"}]}, ["BYOB-S3C-017 lifecycle_rules[0]"]),
        ({"lifecycle_rules": [{"id": "abort-uploads", "noncurrent_days": 3}]}, ["BYOB-S3C-017 lifecycle_rules[0].id"]),
        (
            {"lifecycle_rules": [{"id": "a", "noncurrent_days": 3}], "capabilities": ["bucket_policy", "versioning"]},
            ["BYOB-S3C-010 lifecycle_rules[0].noncurrent_days"],
        ),
        (
            {"lifecycle_rules": [{"id": "a", "noncurrent_days": 3, "transition_days": 3}]},
            ["BYOB-ARG-001 lifecycle_rules[0].transition_days"],
        ),
    ],
    "allow_data_expiry": [({"allow_data_expiry": "true"}, ["BYOB-ARG-004 allow_data_expiry"])],
    "bucket_policy_statements": [
        ({"bucket_policy_statements": [{"Sid": "A"}]}, ["BYOB-S3C-018 bucket_policy_statements[0]"]),
        (
            {"bucket_policy_statements": [{**OWN, "Sid": "DenyInsecureTransport"}]},
            ["BYOB-S3C-019 bucket_policy_statements[0].Sid"],
        ),
        (
            {"bucket_policy_statements": [{**OWN, "Principal": "*"}]},
            ["BYOB-S3C-020 bucket_policy_statements[0].Principal"],
        ),
        ({**MINIO, "bucket_policy_statements": [OWN]}, ["BYOB-S3C-010 bucket_policy_statements"]),
    ],
}
"""Every argument has a row."""

COMBINED: list[Row] = [
    ({"encryption": "new_key"}, ["BYOB-S3C-016 encryption"]),
    ({"kms_key_arn": "x"}, ["BYOB-S3C-016 kms_key_arn"]),
    ({"tags": {"team": "vision"}}, ["BYOB-S3C-016 tags"]),
    ({"noncurrent_versions": 3}, ["BYOB-S3C-016 noncurrent_versions"]),
    ({"credential_keys": ["a"]}, ["BYOB-S3C-016 credential_keys"]),
    (
        {"object_lock_enabled": True, "access_log_bucket": "x"},
        ["BYOB-S3C-016 access_log_bucket", "BYOB-S3C-016 object_lock_enabled"],
    ),
    ({"endpont": "x"}, ["BYOB-ARG-001 endpont"]),
    (
        {"endpoint": "minio", "access_key": "", "secret_key": " ", "region": "-"},
        [
            "BYOB-S3C-001 endpoint",
            "BYOB-S3C-002 access_key",
            "BYOB-S3C-002 secret_key",
            "BYOB-S3C-003 region",
        ],
    ),
    (
        {**MINIO, "principals": [USER], "cors_origins": ["https://w.example.com"], "suspended_paths": ["/"]},
        ["BYOB-S3C-010 cors_origins", "BYOB-S3C-010 principals"],
    ),
    (
        {"force_destroy": True, "protection": "released", "abort_upload_days": 0},
        ["BYOB-S3C-014 abort_upload_days", "BYOB-S3C-021 force_destroy"],
    ),
    (
        {"deployment": "multi_tenant", "level": "instance", "endpoint": "minio"},
        ["BYOB-S3C-001 endpoint", "BYOB-WANDB-001 cloud"],
    ),
    (
        {"capabilities": ["secure_transport", "newer_actions", "delete_marker_expiry"], "principals": []},
        ["BYOB-S3C-011 capabilities"] * 3,
    ),
    # An argument that is missing or misshapen hides only what reads it.
    (
        {"level": None, "force_destroy": True, "suspended_paths": ["x"], "access": "minimal", "paths": ["a"]},
        ["BYOB-ARG-002 level", "BYOB-S3C-021 force_destroy", "BYOB-S3C-029 suspended_paths[0]"],
    ),
    (
        {**MINIO, "deployment": "saas", "cors_max_age_seconds": 60, "suspended_paths": ["/"]},
        ["BYOB-ARG-005 deployment", "BYOB-S3C-010 cors_max_age_seconds", "BYOB-S3C-032 suspended_paths"],
    ),
    (
        {"server": "garage", "cors_max_age_seconds": 60, "deployment": "multi_tenant", "force_destroy": True},
        ["BYOB-ARG-005 server", "BYOB-S3C-021 force_destroy", "BYOB-WANDB-001 cloud"],
    ),
    (
        {**MINIO, "principals": "x", "cors_max_age_seconds": 60, "paths": ["a", "b"], "suspended_paths": ["a"]},
        ["BYOB-ARG-004 principals", "BYOB-S3C-010 cors_max_age_seconds"],
    ),
    (
        {"access_key": ["confidential"], "endpoint": None, "paths": ["a", "b"], "suspended_paths": ["a"]},
        ["BYOB-ARG-002 endpoint", "BYOB-ARG-004 access_key", "BYOB-S3C-030 suspended_paths"],
    ),
    (
        {
            "access": "read",
            "level": "instance",
            "paths": ["a", "b"],
            "suspended_paths": ["a"],
            "deployment": "multi_tenant",
        },
        ["BYOB-ARG-005 access", "BYOB-WANDB-001 cloud"],
    ),
    (
        {
            "capabilities": ["versioning", "bucket_policy"],
            "lifecycle_rules": ["x", {"id": "a", "noncurrent_days": "3"}, {"noncurrent_days": 0}, {"id": "a"}],
        },
        [
            "BYOB-ARG-002 lifecycle_rules[2].id",
            "BYOB-ARG-004 lifecycle_rules[0]",
            "BYOB-ARG-004 lifecycle_rules[1].noncurrent_days",
            "BYOB-S3C-010 lifecycle_rules[1].noncurrent_days",
            "BYOB-S3C-010 lifecycle_rules[2].noncurrent_days",
            "BYOB-S3C-017 lifecycle_rules[2].noncurrent_days",
            "BYOB-S3C-017 lifecycle_rules[3]",
            "BYOB-S3C-017 lifecycle_rules[3].id",
        ],
    ),
    (
        {"capabilities": "cors", "abort_upload_days": 3, "lifecycle_rules": [{"id": "a", "expiration_days": 3}]},
        ["BYOB-ARG-004 capabilities", "BYOB-S3C-015 lifecycle_rules[0].expiration_days"],
    ),
]
