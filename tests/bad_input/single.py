"""Bad values of single arguments: every argument of every component has a row here."""

from __future__ import annotations

import pulumi

from tests.bad_input.rows import (
    ADMIN,
    BUCKET,
    CREDENTIAL,
    EVERY,
    GRANT,
    KEY,
    KEY_ONLY,
    NODE,
    OWN,
    SESSION,
    STORE,
    Row,
    bad,
    without,
)

PARTS = (STORE, BUCKET, KEY_ONLY)
HELD = (STORE, BUCKET)
KEYED = (STORE, KEY_ONLY)

SHAPES: list[Row] = [
    # What decides which resources there are is plain, at any depth.
    bad((STORE, GRANT), {"deployment": "saas"}, ("BYOB-ARG-005", "deployment", "'multi_tenant', 'dedicated'", "give one")),
    bad(STORE, {"deployment": "self-managed"}, ("BYOB-ARG-005", "deployment", "'self_managed'", "mean 'self_managed'?")),
    bad(STORE, {"deployment": None}, ("BYOB-ARG-002", "deployment", "'self_managed'", "add `deployment`")),
    bad(GRANT, {"deployment": None}, ("BYOB-ARG-002", "deployment", "'self_managed'", "add `deployment`")),
    bad(STORE, {"level": "project"}, ("BYOB-ARG-005", "level", "'instance', 'team'", "give one of the allowed")),
    bad(STORE, {"level": None}, ("BYOB-ARG-002", "level", "'instance', 'team'", "add `level`")),
    bad(
        STORE,
        {"level": pulumi.Output.from_input("team")},
        ("BYOB-ARG-003", "level", "'instance', 'team'", "give a plain value"),
    ),
    bad(EVERY, {"access": "minimum"}, ("BYOB-ARG-005", "access", "'documented', 'minimal'", "mean 'minimal'?")),
    bad(EVERY, {"access": ["minimal"]}, ("BYOB-ARG-005", "access", "'documented', 'minimal'", "mean 'minimal'?")),
    bad(HELD, {"encryption": "aws:kms"}, ("BYOB-ARG-005", "encryption", "'new_key', 'existing_key'", "give one")),
    bad(
        (*PARTS, CREDENTIAL),
        {"protection": True},
        ("BYOB-ARG-005", "protection", "'protected', 'unprotected', 'released'", "give one of the allowed"),
    ),
    bad(HELD, {"force_destroy": "no"}, ("BYOB-ARG-004", "force_destroy", "true or false", "give true or false")),
    bad(
        HELD,
        {"force_destroy": pulumi.Output.from_input(True)},
        ("BYOB-ARG-003", "force_destroy", "true or false", "give a plain value"),
    ),
    bad(HELD, {"allow_data_expiry": 1}, ("BYOB-ARG-004", "allow_data_expiry", "true or false", "give true or false")),
    bad(CREDENTIAL, {"suspended": "yes"}, ("BYOB-ARG-004", "suspended", "true or false", "give true or false")),
    bad(HELD, {"noncurrent_days": "30"}, ("BYOB-ARG-004", "noncurrent_days", "a whole number", "give a whole number")),
    bad(HELD, {"noncurrent_days": 30.5}, ("BYOB-ARG-004", "noncurrent_days", "a whole number", "give a whole number")),
    bad(HELD, {"noncurrent_days": True}, ("BYOB-ARG-004", "noncurrent_days", "a whole number", "give a whole number")),
    bad(
        HELD,
        {"noncurrent_days": pulumi.Output.from_input(30)},
        ("BYOB-ARG-003", "noncurrent_days", "a whole number", "give a plain value"),
    ),
    bad((*HELD, GRANT, CREDENTIAL), {"paths": "vision"}, ("BYOB-ARG-004", "paths", "a list, each element text", "a list")),
    bad((*HELD, GRANT), {"paths": ["ok", 7]}, ("BYOB-ARG-004", "paths[1]", "text", "give text")),
    bad(
        (*HELD, GRANT),
        {"paths": ["ok", pulumi.Output.from_input("late")]},
        ("BYOB-ARG-003", "paths[1]", "text", "give a plain value"),
    ),
    bad(EVERY, {"region": 7}, ("BYOB-ARG-004", "region", "text", "give text")),
    bad((*PARTS, CREDENTIAL), {"tags": ["team"]}, ("BYOB-ARG-004", "tags", "a mapping", "give a mapping")),
    bad((*PARTS, CREDENTIAL), {"tags": {"cost": 5}}, ("BYOB-ARG-004", "tags.cost", "text", "give text")),
    bad((*PARTS, CREDENTIAL), {"tags": {5: "x"}}, ("BYOB-ARG-004", "tags (a key)", "text", "give text")),
    bad((*PARTS, GRANT), {"principals": NODE}, ("BYOB-ARG-004", "principals", "a list, each element text", "a list")),
    bad((*HELD, GRANT), {"bucket_policy_statements": "[]"}, ("BYOB-ARG-004", "bucket_policy_statements", "a mapping", "a list")),
    bad(
        (*HELD, GRANT),
        {"bucket_policy_statements": ["{}"]},
        ("BYOB-ARG-004", "bucket_policy_statements[0]", "a mapping", "give a mapping"),
    ),
    bad(GRANT, {"bucket_policy_statements": None}, ("BYOB-ARG-002", "bucket_policy_statements", "a list", "add `bucket_policy")),
    bad((GRANT, CREDENTIAL), {"bucket_name": None}, ("BYOB-ARG-002", "bucket_name", "text", "add `bucket_name`")),
    bad(CREDENTIAL, {"credential_keys": None}, ("BYOB-ARG-002", "credential_keys", "a list", "add `credential_keys`")),
    bad(
        HELD,
        {"lifecycle_rules": [{"prefix": "x", "noncurrent_days": 3}]},
        ("BYOB-ARG-002", "lifecycle_rules[0].id", "text", "add `id`"),
    ),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "cold", "transition_days": 40, "storage_class": "COLD"}]},
        ("BYOB-ARG-005", "lifecycle_rules[0].storage_class", "'GLACIER_IR'", "give one of the allowed"),
    ),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "a", "noncurrent_days": 3, "enabled": True}]},
        ("BYOB-ARG-001", "lifecycle_rules[0].enabled", "", "see the arguments of AwsLifecycleRuleArgs"),
    ),
    # What does not exist: the value is not looked at.
    bad(EVERY, {"colour": "chartreuse"}, ("BYOB-ARG-001", "colour", "", "see the arguments of Aws")),
    bad(HELD, {"kms_key": KEY}, ("BYOB-ARG-001", "kms_key", "", "did you mean `kms_key_arn`?")),
    bad(STORE, {"path": "vision"}, ("BYOB-ARG-001", "path", "", "did you mean `paths`?")),
]  # fmt: skip

VALUES: list[Row] = [
    bad(KEYED, {"account_id": "1234"}, ("BYOB-AWS-001", "account_id", "12 digits", "sts get-caller-identity")),
    bad(KEYED, {"account_id": "١٢٣٤٥٦٧٨٩٠١٢"}, ("BYOB-AWS-001", "account_id", "12 digits", "leading zeros")),
    bad(
        (*KEYED, GRANT, CREDENTIAL),
        {"partition": "aws-eu", "principals": [NODE]},
        ("BYOB-AWS-002", "partition", "aws, aws-us-gov, aws-cn", "leave it out"),
    ),
    bad(EVERY, {"region": "Ireland"}, ("BYOB-AWS-003", "region", "'eu-west-1'", "the region's code")),
    bad(EVERY, {"region": "eu-west-1a"}, ("BYOB-AWS-003", "region", "'eu-west-1'", "an availability zone")),
    bad(
        (GRANT, CREDENTIAL),
        {"kms_key_arn": "alias/wandb"},
        ("BYOB-AWS-004", "kms_key_arn", "arn:<partition>:kms:", "an alias does not work across accounts"),
    ),
    bad(
        HELD,
        {"encryption": "existing_key", "kms_key_arn": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"},
        ("BYOB-AWS-004", "kms_key_arn", "arn:<partition>:kms:", "aws kms describe-key"),
    ),
    bad(KEYED, {"kms_alias_name": "wandb"}, ("BYOB-AWS-005", "kms_alias_name", "'alias/' and up to 250", "prefix the name")),
    bad(KEYED, {"kms_alias_name": "alias/aws/s3"}, ("BYOB-AWS-005", "kms_alias_name", "not 'alias/aws/…'", "prefix the name")),
    bad(KEYED, {"kms_deletion_window_days": 6}, ("BYOB-AWS-006", "kms_deletion_window_days", "7 to 30 days", "in the range")),
    bad(KEYED, {"kms_deletion_window_days": 31}, ("BYOB-AWS-006", "kms_deletion_window_days", "7 to 30 days", "in the range")),
    bad(KEYED, {"kms_rotation_days": 30}, ("BYOB-AWS-007", "kms_rotation_days", "90 to 2560 days", "in the range")),
    bad(KEYED, {"kms_key_admins": [SESSION]}, ("BYOB-AWS-011", "kms_key_admins", "…:role/<name>", "not the session's")),
    bad(KEYED, {"kms_key_admins": ["111122223333"]}, ("BYOB-AWS-011", "kms_key_admins", ":root", "from the IAM console")),
    bad(KEYED, {"kms_key_users": ["jane"]}, ("BYOB-AWS-011", "kms_key_users", "…:user/<name>", "from the IAM console")),
    bad(KEYED, {"kms_key_guard": ["*"]}, ("BYOB-AWS-011", "kms_key_guard", "arn:<partition>:iam::", "from the IAM console")),
    bad(KEYED, {"kms_key_guard": []}, ("BYOB-AWS-026", "kms_key_guard", "at least one break-glass", "name the role")),
    bad(HELD, {"noncurrent_days": 0}, ("BYOB-AWS-012", "noncurrent_days", "1 to 36500 days", "in the range")),
    bad(HELD, {"noncurrent_days": -1}, ("BYOB-AWS-012", "noncurrent_days", "1 to 36500 days", "in the range")),
    bad(HELD, {"noncurrent_versions": 101}, ("BYOB-AWS-013", "noncurrent_versions", "0 to 100 versions", "in the range")),
    bad(HELD, {"abort_upload_days": 1}, ("BYOB-AWS-014", "abort_upload_days", "2 to 3650 days", "in the range")),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "old", "expiration_days": 90}]},
        ("BYOB-AWS-015", "lifecycle_rules[0].expiration_days", "noncurrent versions", "allow_data_expiry to true"),
    ),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "cold", "transition_days": 90, "storage_class": "DEEP_ARCHIVE"}]},
        ("BYOB-AWS-016", "lifecycle_rules[0].storage_class", "GLACIER_IR", "can be read at once"),
    ),
    bad(HELD, {"lifecycle_rules": [{"id": "a"}]}, ("BYOB-AWS-017", "lifecycle_rules[0]", "at least one of", "drop the rule")),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "abort-uploads", "noncurrent_days": 3}]},
        ("BYOB-AWS-017", "lifecycle_rules[0].id", "not 'noncurrent-versions' or 'abort-uploads'", "a name of its own"),
    ),
    bad(
        HELD,
        {"lifecycle_rules": [{"id": "a", "noncurrent_days": 3}, {"id": "a", "noncurrent_days": 0}]},
        ("BYOB-AWS-017", "lifecycle_rules[1].id", "each once", "a name of its own"),
        ("BYOB-AWS-017", "lifecycle_rules[1].noncurrent_days", "1 or more", "give more days"),
    ),
    bad(
        HELD,
        {"bucket_policy_statements": [without("Sid")]},
        ("BYOB-AWS-018", "bucket_policy_statements[0]", "Sid, Effect", "keeps it apart from ours"),
    ),
    bad(
        GRANT,
        {"bucket_policy_statements": [without("Resource")]},
        ("BYOB-AWS-018", "bucket_policy_statements[0]", "Resource", "complete the statement"),
    ),
    bad(
        (*HELD, GRANT),
        {"bucket_policy_statements": [{**OWN, "Effect": "deny"}]},
        ("BYOB-AWS-018", "bucket_policy_statements[0].Effect", "'Allow', 'Deny'", "write one of them"),
    ),
    bad(
        (*HELD, GRANT),
        {"bucket_policy_statements": [{**OWN, "Sid": "WAndBAccountAccess"}]},
        ("BYOB-AWS-019", "bucket_policy_statements[0].Sid", "any but WAndBAccountAccess", "a Sid of its own"),
    ),
    bad(
        (*HELD, GRANT),
        {"bucket_policy_statements": [{**OWN, "Effect": "Allow", "Principal": {"AWS": "*"}}]},
        ("BYOB-AWS-020", "bucket_policy_statements[0].Principal", "named principals", "name the accounts or roles"),
    ),
    bad((STORE, CREDENTIAL), {"credential_keys": []}, ("BYOB-AWS-022", "credential_keys", "1 label, or 2", "oldest label first")),
    bad(
        (STORE, CREDENTIAL),
        {"credential_keys": ["a", "b", "c"]},
        ("BYOB-AWS-022", "credential_keys", "1 label, or 2 during a rotation", "oldest label first"),
    ),
    bad((STORE, CREDENTIAL), {"credential_keys": ["a", "a"]}, ("BYOB-AWS-022", "credential_keys", "different", "of its own")),
    bad(
        (STORE, CREDENTIAL),
        {"credential_keys": ["May 2026"]},
        ("BYOB-AWS-022", "credential_keys[0]", "1 to 32 letters", "the month of issue"),
    ),
    bad(
        HELD,
        {"access_log_bucket": "acme-logs", "access_log_prefix": "/wandb"},
        ("BYOB-AWS-023", "access_log_prefix", "without a leading '/'", "such as 'wandb/vision/'"),
    ),
    bad((*PARTS, CREDENTIAL), {"tags": {"AWS:team": "x"}}, ("BYOB-AWS-024", "tags", "at most 49 tags", "change or drop")),
    bad((*PARTS, CREDENTIAL), {"tags": {"k" * 129: "x"}}, ("BYOB-AWS-024", "tags", "1 to 128", "change or drop")),
    bad((*PARTS, CREDENTIAL), {"tags": {"team": "a|b"}}, ("BYOB-AWS-024", "tags", "_.:/=+-@", "change or drop")),
    bad(
        (*PARTS, CREDENTIAL),
        {"tags": {f"key{i}": "x" for i in range(50)}},
        ("BYOB-AWS-024", "tags", "at most 49 tags", "change or drop"),
    ),
    bad((*PARTS, GRANT), {"principals": ["*"]}, ("BYOB-WANDB-011", "principals", "…:role/<name>", "name W&B's identity")),
    bad(
        (*PARTS, GRANT),
        {"principals": ["830241207209"]},
        ("BYOB-WANDB-012", "principals", "arn:<partition>:iam::", "write 'arn:aws:iam::830241207209:root'"),
    ),
    bad((*PARTS, GRANT), {"principals": [SESSION]}, ("BYOB-WANDB-012", "principals", "…:role/<name>", "give the role's own")),
    bad((*PARTS, GRANT), {"principals": [NODE, NODE]}, ("BYOB-WANDB-014", "principals", "each once", "drop one")),
    bad((*HELD, GRANT, CREDENTIAL), {"paths": [""]}, ("BYOB-WANDB-020", "paths[0]", "segments of", "leave paths out")),
    bad((*HELD, GRANT, CREDENTIAL), {"paths": ["ok", "/x/"]}, ("BYOB-WANDB-021", "paths[1]", "segments of", "write 'x'")),
    bad((*HELD, GRANT), {"paths": ["a/../b"]}, ("BYOB-WANDB-022", "paths[0]", "segments of", "name every folder")),
    bad((*HELD, GRANT), {"paths": ["team/*"]}, ("BYOB-WANDB-023", "paths[0]", "segments of", "allowed characters")),
    bad((*HELD, GRANT), {"paths": ["x" * 513]}, ("BYOB-WANDB-024", "paths[0]", "up to 512 bytes", "shorten it")),
    bad((*HELD, GRANT), {"paths": ["a", "a"]}, ("BYOB-WANDB-025", "paths[1]", "each path once", "drop one")),
    bad((*HELD, GRANT), {"paths": ["a", "a/b"]}, ("BYOB-WANDB-026", "paths[1]", "beside each other", "reads the inner one")),
    bad(
        (*HELD, GRANT, CREDENTIAL),
        {"bucket_name": "Acme_Vision"},
        ("BYOB-WANDB-027", "bucket_name", "3 to 63 lower-case", "choose a name that fits"),
    ),
    bad(HELD, {"bucket_name": "acme-s3alias"}, ("BYOB-WANDB-028", "bucket_name", "'-s3alias'", "choose another name")),
    bad(HELD, {"access_log_bucket": "Logs"}, ("BYOB-WANDB-027", "access_log_bucket", "3 to 63 lower-case", "that fits")),
    bad(HELD, {"cors_origins": []}, ("BYOB-WANDB-030", "cors_origins", "'*' or origins", "leave it out for '*'")),
    bad(
        HELD,
        {"cors_origins": ["https://wandb.example.com/"]},
        ("BYOB-WANDB-031", "cors_origins", "without a path", "as a browser sends it"),
    ),
    bad(HELD, {"cors_max_age_seconds": 86401}, ("BYOB-WANDB-032", "cors_max_age_seconds", "0 to 86400", "give 3000")),
    bad(
        STORE,
        {"suspended_paths": ["vision"]},
        ("BYOB-AWS-029", "suspended_paths[0]", "'/'", "name a path of the store"),
    ),
    bad(KEYED, {"kms_key_admins": ADMIN}, ("BYOB-ARG-004", "kms_key_admins", "a list", "give a list")),
]  # fmt: skip

ROWS = [*SHAPES, *VALUES]
