"""Arguments that are right each for itself and wrong together, and calls with several faults."""

from __future__ import annotations

from tests.bad_input.rows import (
    ADMIN,
    BUCKET,
    CREDENTIAL,
    GRANT,
    KEY,
    KEY_ONLY,
    NODE,
    OWN,
    STORE,
    Row,
    bad,
)

HELD = (STORE, BUCKET)
CHINA = "arn:aws-cn:iam::444455556666:role/wandb"
KEY_IN_CHINA = "arn:aws-cn:kms:cn-north-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

COMBINATIONS: list[Row] = [
    # encryption and key: the pairings that S3 or KMS would refuse, or would take and lock W&B out
    bad(STORE, {"encryption": "existing_key"}, ("BYOB-AWS-008", "kms_key_arn", "the ARN of a KMS key", "give kms_key_arn")),
    bad(STORE, {"kms_key_arn": KEY}, ("BYOB-AWS-010", "kms_key_arn", "'existing_key' with a key", "drop kms_key_arn")),
    bad(
        STORE,
        {"encryption": "provider_managed", "kms_key_arn": KEY},
        ("BYOB-AWS-010", "kms_key_arn", "'existing_key' with a key", "set encryption to 'existing_key'"),
    ),
    bad(
        STORE,
        {"encryption": "provider_managed", "kms_alias_name": "alias/x", "kms_key_guard": [ADMIN]},
        ("BYOB-AWS-009", "kms_alias_name", "'new_key'", "drop it"),
        ("BYOB-AWS-009", "kms_key_guard", "'new_key'", "drop it"),
    ),
    bad(
        STORE,
        {"encryption": "existing_key", "kms_key_arn": KEY, "kms_rotation_days": 180, "kms_deletion_window_days": 7},
        ("BYOB-AWS-009", "kms_deletion_window_days", "'new_key'", "drop it"),
        ("BYOB-AWS-009", "kms_rotation_days", "'new_key'", "drop it"),
    ),
    bad(
        BUCKET,
        {"encryption": None},
        ("BYOB-AWS-008", "kms_key_arn", "'provider_managed' without a key", "give kms_key_arn, or set encryption"),
    ),
    bad(
        BUCKET,
        {"encryption": "existing_key"},
        ("BYOB-AWS-008", "kms_key_arn", "'provider_managed' without a key", "give kms_key_arn, or set encryption"),
    ),
    bad(BUCKET, {"kms_key_arn": KEY}, ("BYOB-AWS-010", "kms_key_arn", "'provider_managed' without a key", "drop kms_key_arn")),
    # places
    bad(
        HELD,
        {"encryption": "existing_key", "kms_key_arn": KEY, "region": "us-east-1"},
        ("BYOB-AWS-027", "kms_key_arn", "a key in us-east-1", "a key of the bucket's region"),
    ),
    bad((GRANT, CREDENTIAL), {"kms_key_arn": KEY, "region": "us-east-1"}, ("BYOB-AWS-027", "kms_key_arn", "us-east-1", "region")),
    bad(
        (GRANT, CREDENTIAL),
        {"kms_key_arn": KEY_IN_CHINA, "region": "cn-northwest-1", "partition": "aws-cn", "principals": [CHINA]},
        ("BYOB-AWS-027", "kms_key_arn", "a key in cn-northwest-1", "a key of the bucket's region"),
    ),
    bad(
        (GRANT, CREDENTIAL),
        {"kms_key_arn": KEY, "partition": "aws-cn", "principals": [CHINA]},
        ("BYOB-AWS-025", "kms_key_arn", "arn:aws-cn:kms:…", "a key of the same partition"),
    ),
    bad(
        STORE,
        {"region": "cn-north-1", "partition": "aws", "principals": [NODE]},
        ("BYOB-AWS-025", "partition", "aws-cn", "the region tells it"),
    ),
    bad(
        KEY_ONLY,
        {"region": "us-gov-west-1", "partition": "aws"},
        ("BYOB-AWS-025", "partition", "aws-us-gov", "the region tells it"),
    ),
    bad(
        (STORE, KEY_ONLY),
        {"partition": "aws-cn", "principals": [CHINA], "kms_key_admins": [ADMIN], "kms_key_guard": [ADMIN]},
        ("BYOB-AWS-025", "kms_key_admins", "arn:aws-cn:iam::…", "of the same partition"),
        ("BYOB-AWS-025", "kms_key_guard", "arn:aws-cn:iam::…", "of the same partition"),
    ),
    bad(
        (STORE, GRANT, KEY_ONLY),
        {"partition": "aws-us-gov", "principals": [NODE]},
        ("BYOB-WANDB-013", "principals", "arn:aws-us-gov:iam::…", "in this partition"),
    ),
    bad(
        (STORE, BUCKET, GRANT, KEY_ONLY),
        {"region": "cn-north-1", "principals": [NODE]},
        ("BYOB-WANDB-013", "principals", "arn:aws-cn:iam::…", "in this partition"),
    ),
    # whom W&B is, where nobody knows
    bad((STORE, GRANT), {"partition": "aws-cn"}, ("BYOB-WANDB-010", "principals", "arn:aws-cn:iam::…", "ask W&B which identity")),
    bad((STORE, GRANT), {"region": "us-gov-east-1"}, ("BYOB-WANDB-010", "principals", "arn:aws-us-gov:iam::…", "ask W&B")),
    bad(
        (STORE, GRANT),
        {"deployment": "self_managed"},
        ("BYOB-WANDB-010", "principals", "…:role/<name>", "the role your W&B server runs as"),
    ),
    # what W&B offers
    bad(
        STORE,
        {"deployment": "multi_tenant", "level": "instance"},
        ("BYOB-WANDB-001", "level", "'team'", "set level to 'team'"),
    ),
    bad(
        STORE,
        {"deployment": "multi_tenant", "credential_keys": ["one"]},
        ("BYOB-WANDB-003", "credential_keys", "on dedicated or self_managed", "leave it out"),
    ),
    bad(
        STORE,
        {"level": "instance", "access": "minimal", "paths": ["runs"]},
        ("BYOB-WANDB-002", "access", "'minimal' without paths", "drop the paths"),
    ),
    # removal
    bad(HELD, {"force_destroy": True}, ("BYOB-AWS-021", "force_destroy", "false", "protection to 'unprotected' as well")),
    bad(
        HELD,
        {"force_destroy": True, "protection": "released"},
        ("BYOB-AWS-021", "force_destroy", "false", "protection to 'unprotected' as well"),
    ),
    # suspension
    bad(
        STORE,
        {"paths": ["a", "b"], "suspended_paths": ["a"]},
        ("BYOB-AWS-030", "suspended_paths", "access 'minimal'", "or suspend every path"),
    ),
    bad(
        STORE,
        {"paths": ["a"], "suspended_paths": ["/"]},
        ("BYOB-AWS-029", "suspended_paths[0]", "'a'", "name a path of the store"),
    ),
    # lifecycle
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "a", "transition_days": 40}]},
        ("BYOB-AWS-017", "lifecycle_rules[0]", "both or neither", "where to"),
    ),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "a", "transition_days": 7, "storage_class": "STANDARD_IA"}]},
        ("BYOB-AWS-017", "lifecycle_rules[0].transition_days", "30 days or more", "give more days"),
    ),
    bad(
        HELD,
        {
            "allow_data_expiry": True,
            "lifecycle_rules": [
                {"id": "a", "transition_days": 60, "storage_class": "GLACIER", "expiration_days": 60}
            ],
        },
        ("BYOB-AWS-017", "lifecycle_rules[0].expiration_days", "more than 60 days", "expire later"),
    ),
    # logs
    bad(HELD, {"access_log_prefix": "wandb/"}, ("BYOB-AWS-023", "access_log_prefix", "both, or", "drop the prefix")),
    bad(
        HELD,
        {"bucket_name": "acme-wandb", "access_log_bucket": "acme-wandb"},
        ("BYOB-AWS-023", "access_log_bucket", "another bucket", "a bucket of their own"),
    ),
    # statements
    bad(
        (STORE, BUCKET, GRANT),
        {"bucket_policy_statements": [OWN, {**OWN, "Action": "s3:PutObject"}]},
        ("BYOB-AWS-019", "bucket_policy_statements[1].Sid", "each Sid once", "rename one"),
    ),
]  # fmt: skip

TOGETHER: list[Row] = [
    # Several arguments: shapes, values, unknown names.
    bad(
        STORE,
        {
            "deployment": None,
            "level": "project",
            "noncurrent_days": "many",
            "kms_deletion_window_days": 3,
            "paths": ["/a", 5],
            "colour": "red",
        },
        ("BYOB-ARG-001", "colour", "", "see the arguments"),
        ("BYOB-ARG-002", "deployment", "'dedicated'", "add `deployment`"),
        ("BYOB-ARG-005", "level", "'team'", "give one"),
        ("BYOB-ARG-004", "noncurrent_days", "a whole number", "a whole number"),
        ("BYOB-AWS-006", "kms_deletion_window_days", "7 to 30 days", "in the range"),
        ("BYOB-ARG-004", "paths[1]", "text", "give text"),
    ),
    # Values and combinations.
    bad(
        STORE,
        {
            "kms_deletion_window_days": 3,
            "force_destroy": True,
            "access_log_prefix": "x/",
            "cors_origins": ["wandb.ai", "*", "https://wandb.ai/"],
            "region": "cn-north-1",
            "colour": "red",
        },
        ("BYOB-ARG-001", "colour", "", "see the arguments"),
        ("BYOB-AWS-006", "kms_deletion_window_days", "7 to 30 days", "in the range"),
        ("BYOB-WANDB-031", "cors_origins", "without a path", "as a browser"),
        ("BYOB-WANDB-031", "cors_origins", "without a path", "as a browser"),
        ("BYOB-AWS-021", "force_destroy", "false", "'unprotected'"),
        ("BYOB-AWS-023", "access_log_prefix", "both, or", "drop the prefix"),
        ("BYOB-WANDB-010", "principals", "arn:aws-cn:iam::…", "ask W&B"),
    ),
    bad(
        GRANT,
        {"bucket_name": "A", "principals": ["x", "*"], "kms_key_arn": "k", "region": "r", "paths": ["/"]},
        ("BYOB-WANDB-027", "bucket_name", "3 to 63", "that fits"),
        ("BYOB-WANDB-012", "principals", "…:role/<name>", "copy the identity"),
        ("BYOB-WANDB-011", "principals", "…:role/<name>", "name W&B's identity"),
        ("BYOB-AWS-004", "kms_key_arn", "arn:<partition>:kms:", "aws kms describe-key"),
        ("BYOB-AWS-003", "region", "'eu-west-1'", "the region's code"),
        ("BYOB-WANDB-020", "paths[0]", "segments of", "leave paths out"),
    ),
]

ROWS = [*COMBINATIONS, *TOGETHER]
