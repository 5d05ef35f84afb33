"""Calls in which an argument is missing or misshapen, and others are wrong together: both are told, unless the one is read."""

from __future__ import annotations

import pulumi

from tests.bad_input.rows import BUCKET, CREDENTIAL, GRANT, KEY, KEY_ONLY, NODE, STORE, Row, bad

HELD = (STORE, BUCKET)
LEVEL = ("BYOB-ARG-002", "level", "'instance', 'team'", "add `level`")

ROWS: list[Row] = [
    # an argument that is missing
    bad(STORE, {"level": None, "encryption": "existing_key"}, LEVEL, ("BYOB-AWS-008", "kms_key_arn", "the ARN", "give kms_key_arn")),
    bad(STORE, {"level": None, "access": "minimal", "paths": ["runs"]}, LEVEL),
    bad(
        STORE,
        {"level": None, "paths": ["a", "b"], "suspended_paths": ["a", "c"], "kms_key_admins": [NODE], "partition": "aws-cn"},
        LEVEL,
        ("BYOB-AWS-025", "kms_key_admins", "arn:aws-cn:iam::…", "of the same partition"),
        ("BYOB-WANDB-010", "principals", "arn:aws-cn:iam::…", "ask W&B"),
        ("BYOB-AWS-029", "suspended_paths[1]", "'a', 'b'", "name a path of the store"),
    ),
    bad(
        STORE,
        {"level": None, "paths": ["a", "b"], "suspended_paths": ["a"]},
        LEVEL,
        ("BYOB-AWS-030", "suspended_paths", "access 'minimal'", "or suspend every path"),
    ),
    bad(
        (STORE, GRANT),
        {"deployment": None, "region": "cn-north-1"},
        ("BYOB-ARG-002", "deployment", "'dedicated'", "add `deployment`"),
        ("BYOB-WANDB-010", "principals", "arn:aws-cn:iam::…", "ask W&B"),
    ),
    bad(
        STORE,
        {"deployment": None, "credential_keys": ["one"], "level": "instance", "access": "minimal", "paths": ["runs"]},
        ("BYOB-ARG-002", "deployment", "'dedicated'", "add `deployment`"),
        ("BYOB-WANDB-002", "access", "'minimal' without paths", "drop the paths"),
    ),
    bad(
        GRANT,
        {"bucket_name": None, "deployment": "self_managed"},
        ("BYOB-ARG-002", "bucket_name", "text", "add `bucket_name`"),
        ("BYOB-WANDB-010", "principals", "…:role/<name>", "the role your W&B server runs as"),
    ),
    bad(
        CREDENTIAL,
        {"credential_keys": None, "kms_key_arn": KEY, "region": "us-east-1"},
        ("BYOB-ARG-002", "credential_keys", "a list", "add `credential_keys`"),
        ("BYOB-AWS-027", "kms_key_arn", "a key in us-east-1", "a key of the bucket's region"),
    ),
    # one of another shape, or no value of its enum
    bad(
        STORE,
        {"deployment": "saas", "force_destroy": True, "access_log_prefix": "x/"},
        ("BYOB-ARG-005", "deployment", "'multi_tenant', 'dedicated'", "give one"),
        ("BYOB-AWS-021", "force_destroy", "false", "'unprotected'"),
        ("BYOB-AWS-023", "access_log_prefix", "both, or", "drop the prefix"),
    ),
    bad(
        STORE,
        {"encryption": "aws:kms", "kms_key_arn": KEY, "region": "us-east-1", "kms_rotation_days": 180},
        ("BYOB-ARG-005", "encryption", "'existing_key'", "give one"),
        ("BYOB-AWS-027", "kms_key_arn", "a key in us-east-1", "a key of the bucket's region"),
    ),
    bad(
        HELD,
        {"protection": True, "force_destroy": True, "bucket_name": "acme", "access_log_bucket": "acme"},
        ("BYOB-ARG-005", "protection", "'unprotected'", "give one of the allowed"),
        ("BYOB-AWS-023", "access_log_bucket", "another bucket", "a bucket of their own"),
    ),
    bad(
        BUCKET,
        {"encryption": None, "noncurrent_days": "many"},
        ("BYOB-ARG-004", "noncurrent_days", "a whole number", "a whole number"),
        ("BYOB-AWS-008", "kms_key_arn", "'provider_managed' without a key", "give kms_key_arn"),
    ),
    bad(
        STORE,
        {"level": pulumi.Output.from_input("team"), "kms_key_arn": KEY},
        ("BYOB-ARG-003", "level", "'instance', 'team'", "give a plain value"),
        ("BYOB-AWS-010", "kms_key_arn", "'existing_key' with a key", "drop kms_key_arn"),
    ),
    bad(
        KEY_ONLY,
        {"access": "most", "region": "us-gov-west-1", "partition": "aws"},
        ("BYOB-ARG-005", "access", "'documented', 'minimal'", "give one"),
        ("BYOB-AWS-025", "partition", "aws-us-gov", "the region tells it"),
    ),
    bad(
        (STORE, GRANT, KEY_ONLY),
        {"principals": [NODE, 5], "region": "us-gov-west-1", "partition": "aws"},
        ("BYOB-ARG-004", "principals[1]", "text", "give text"),
        ("BYOB-AWS-025", "partition", "aws-us-gov", "the region tells it"),
    ),
    # a partition that is given needs no region to tell it
    bad(
        (STORE, GRANT, KEY_ONLY),
        {"partition": "aws-cn", "region": 5, "principals": [NODE]},
        ("BYOB-ARG-004", "region", "text", "give text"),
        ("BYOB-WANDB-013", "principals", "arn:aws-cn:iam::…", "in this partition"),
    ),
    bad(
        (GRANT, CREDENTIAL),
        {"kms_key_arn": KEY, "partition": "aws-cn", "region": 5, "principals": []},
        ("BYOB-ARG-004", "region", "text", "give text"),
        ("BYOB-AWS-025", "kms_key_arn", "arn:aws-cn:kms:…", "of the same partition"),
    ),
    bad(
        (STORE, KEY_ONLY),
        {"partition": "aws-cn", "region": 5, "principals": [], "kms_key_users": [NODE]},
        ("BYOB-ARG-004", "region", "text", "give text"),
        ("BYOB-AWS-025", "kms_key_users", "arn:aws-cn:iam::…", "of the same partition"),
    ),
    bad(
        STORE,
        {"paths": ["a", 5], "suspended_paths": ["c"], "force_destroy": True},
        ("BYOB-ARG-004", "paths[1]", "text", "give text"),
        ("BYOB-AWS-021", "force_destroy", "false", "'unprotected'"),
    ),
    # that an argument is there can be wrong whatever its shape
    bad(
        STORE,
        {"encryption": "provider_managed", "kms_rotation_days": "often", "kms_key_arn": 5},
        ("BYOB-ARG-004", "kms_rotation_days", "a whole number", "a whole number"),
        ("BYOB-ARG-004", "kms_key_arn", "text", "give text"),
        ("BYOB-AWS-010", "kms_key_arn", "'existing_key' with a key", "drop kms_key_arn"),
        ("BYOB-AWS-009", "kms_rotation_days", "'new_key'", "drop it"),
    ),
    bad(
        STORE,
        {"deployment": "multi_tenant", "credential_keys": "one"},
        ("BYOB-ARG-004", "credential_keys", "a list", "a list"),
        ("BYOB-WANDB-003", "credential_keys", "on dedicated or self_managed", "leave it out"),
    ),
    # rules of lifecycle are judged one by one
    bad(
        HELD,
        {"lifecycle_rules": [{"prefix": "x"}, {"id": "b", "expiration_days": 3}, "cold", {"id": "b", "noncurrent_days": 0}]},
        ("BYOB-ARG-002", "lifecycle_rules[0].id", "text", "add `id`"),
        ("BYOB-ARG-004", "lifecycle_rules[2]", "a mapping", "a mapping"),
        ("BYOB-AWS-017", "lifecycle_rules[0]", "at least one of", "give it an action"),
        ("BYOB-AWS-015", "lifecycle_rules[1].expiration_days", "noncurrent versions", "allow_data_expiry to true"),
        ("BYOB-AWS-017", "lifecycle_rules[3].id", "each once", "a name of its own"),
        ("BYOB-AWS-017", "lifecycle_rules[3].noncurrent_days", "1 or more", "give more days"),
    ),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "a", "expiration_days": "3", "transition_days": 7, "storage_class": "STANDARD_IA"}]},
        ("BYOB-ARG-004", "lifecycle_rules[0].expiration_days", "a whole number", "a whole number"),
        ("BYOB-AWS-015", "lifecycle_rules[0].expiration_days", "noncurrent versions", "allow_data_expiry to true"),
        ("BYOB-AWS-017", "lifecycle_rules[0].transition_days", "30 days or more", "give more days"),
    ),
    bad(
        HELD,
        {"allow_data_expiry": 1, "lifecycle_rules": [{"id": "a", "expiration_days": 3, "transition_days": 5}]},
        ("BYOB-ARG-004", "allow_data_expiry", "true or false", "true or false"),
        ("BYOB-AWS-017", "lifecycle_rules[0]", "both or neither", "where to"),
        ("BYOB-AWS-017", "lifecycle_rules[0].expiration_days", "more than 5 days", "expire later"),
    ),
    bad(
        HELD,
        {"lifecycle_rules": "none", "force_destroy": True},
        ("BYOB-ARG-004", "lifecycle_rules", "a list", "a list"),
        ("BYOB-AWS-021", "force_destroy", "false", "'unprotected'"),
    ),
    # what moves nowhere and expires too soon
    bad(
        HELD,
        {"allow_data_expiry": True, "lifecycle_rules": [{"id": "a", "expiration_days": -5}]},
        ("BYOB-AWS-017", "lifecycle_rules[0].expiration_days", "1 or more", "give more days"),
    ),
    # an unknown name spoils nothing
    bad(
        STORE,
        {"colour": "red", "level": "instance", "access": "minimal", "paths": ["runs"]},
        ("BYOB-ARG-001", "colour", "", "see the arguments"),
        ("BYOB-WANDB-002", "access", "'minimal' without paths", "drop the paths"),
    ),
]  # fmt: skip
