"""What each argument of a whole store, of its key and of its bucket changes among the registered inputs."""

from typing import Any

ROLE = "arn:aws:iam::830241207209:role/acme-node"
ADMIN = "arn:aws:iam::111122223333:role/security"
USER = "arn:aws:iam::111122223333:role/etl"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
STORE = {"deployment": "dedicated", "level": "team", "principals": [ROLE]}
OWN = {"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "{bucket_arn}"}
BUCKET = {"kms_key_arn": KEY}
RULE = {"id": "cold", "prefix": "old/", "transition_days": 90, "storage_class": "STANDARD_IA"}
SETTINGS = (
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
)

Change = dict[str, Any]


def everywhere(kinds: tuple[str, ...], field: str, value: Any) -> Change:
    return {f"{kind}.{field}": value for kind in kinds}


TAGS = {"tags": {"team": "vision"}}
TAGGED = {"tags.team": "vision"}
EMPTY: Change = {}
BUCKET_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "principals": (
        {"principals": [ROLE, USER]},
        {
            "BucketPolicy.policy.Statement[3].Principal.AWS": [ROLE, USER],
        },
    ),
    "access": (
        {"access": "minimal"},
        {
            "BucketPolicy.policy.Statement[3].Action": [
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads",
                "s3:ListBucketVersions",
                "s3:GetBucketCORS",
                "s3:GetBucketLocation",
                "s3:GetBucketVersioning",
                "s3:GetEncryptionConfiguration",
            ],
            "BucketPolicy.policy.Statement[3].Resource": "arn:aws:s3:::vision-a1b2c3d",
            "BucketPolicy.policy.Statement[4]": {
                "Sid": "WAndBObjectAccess",
                "Effect": "Allow",
                "Principal": {"AWS": ROLE},
                "Action": [
                    "s3:GetObject",
                    "s3:GetObjectVersion",
                    "s3:GetObjectAttributes",
                    "s3:GetObjectVersionAttributes",
                    "s3:PutObject",
                    "s3:DeleteObject",
                    "s3:AbortMultipartUpload",
                ],
                "Resource": ["arn:aws:s3:::vision-a1b2c3d/*"],
            },
        },
    ),
    "region": ({"region": "eu-west-1"}, everywhere(("Bucket", *SETTINGS), "region", "eu-west-1")),
    "tags": (TAGS, everywhere(("Bucket",), "tags.team", "vision")),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "bucket_name": (
        {"bucket_name": "acme-vision"},
        {
            "Bucket.bucket": "acme-vision",
            **everywhere(SETTINGS, "bucket", "acme-vision"),
            **{
                f"BucketPolicy.policy.Statement[{i}].Resource": [
                    "arn:aws:s3:::acme-vision",
                    "arn:aws:s3:::acme-vision/*",
                ]
                for i in (0, 1, 3)
            },
            "BucketPolicy.policy.Statement[2].Resource": "arn:aws:s3:::acme-vision/*",
        },
    ),
    "force_destroy": ({"force_destroy": True, "protection": "unprotected"}, {"Bucket.forceDestroy": True}),
    "paths": ({"paths": ["vision"]}, EMPTY),  # they narrow `minimal` only
    "cors_origins": (
        {"cors_origins": ["https://wandb.example.com"]},
        {"BucketCorsConfiguration.corsRules[0].allowedOrigins": ["https://wandb.example.com"]},
    ),
    "cors_max_age_seconds": (
        {"cors_max_age_seconds": 60},
        {"BucketCorsConfiguration.corsRules[0].maxAgeSeconds": 60},
    ),
    "noncurrent_days": (
        {"noncurrent_days": 90},
        {"BucketLifecycleConfiguration.rules[0].noncurrentVersionExpiration.noncurrentDays": 90},
    ),
    "noncurrent_versions": (
        {"noncurrent_versions": 3},
        {"BucketLifecycleConfiguration.rules[0].noncurrentVersionExpiration.newerNoncurrentVersions": 3},
    ),
    "abort_upload_days": (
        {"abort_upload_days": 2},
        {"BucketLifecycleConfiguration.rules[1].abortIncompleteMultipartUpload.daysAfterInitiation": 2},
    ),
    "lifecycle_rules": (
        {"lifecycle_rules": [RULE]},
        {
            "BucketLifecycleConfiguration.rules[2]": {
                "id": "cold",
                "status": "Enabled",
                "filter": {"prefix": "old/"},
                "transitions": [{"days": 90, "storageClass": "STANDARD_IA"}],
            }
        },
    ),
    "allow_data_expiry": (
        {"allow_data_expiry": True, "lifecycle_rules": [{"id": "gone", "expiration_days": 400, "noncurrent_days": 5}]},
        {
            "BucketLifecycleConfiguration.rules[2]": {
                "id": "gone",
                "status": "Enabled",
                "filter": {},
                "expiration": {"days": 400},
                "noncurrentVersionExpiration": {"noncurrentDays": 5},
            }
        },
    ),
    "bucket_policy_statements": (
        {"bucket_policy_statements": [OWN]},
        {"BucketPolicy.policy.Statement[4]": {**OWN, "Resource": "arn:aws:s3:::vision-a1b2c3d"}},
    ),
    "access_log_bucket": (
        {"access_log_bucket": "acme-logs"},
        {
            "BucketLogging": {
                "bucket": "vision-a1b2c3d",
                "targetBucket": "acme-logs",
                "targetPrefix": "vision-a1b2c3d/",
            }
        },
    ),
    "access_log_prefix": (
        {"access_log_bucket": "acme-logs", "access_log_prefix": "s3/vision/"},
        {"BucketLogging": {"bucket": "vision-a1b2c3d", "targetBucket": "acme-logs", "targetPrefix": "s3/vision/"}},
    ),
}
KEY_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "principals": ({"principals": [ROLE, USER]}, {"Key.policy.Statement[1].Principal.AWS": [ROLE, USER]}),
    "access": (
        {"access": "minimal"},
        {
            "Key.policy.Statement[1].Action": [
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            "Key.policy.Statement[1].Condition": {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
            "Key.policy.Statement[2]": {
                "Sid": "WAndBKeyDescribe",
                "Effect": "Allow",
                "Principal": {"AWS": ROLE},
                "Action": ["kms:DescribeKey"],
                "Resource": "*",
            },
        },
    ),
    "region": ({"region": "eu-west-1"}, everywhere(("Key", "Alias"), "region", "eu-west-1")),
    "tags": (TAGS, {"Key.tags.team": "vision"}),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "account_id": (
        {"account_id": "444455556666"},
        {"Key.policy.Statement[0].Principal.AWS": "arn:aws:iam::444455556666:root"},
    ),
    "partition": (
        {"partition": "aws-us-gov", "principals": []},
        {
            "Key.policy.Statement[0].Principal.AWS": "arn:aws-us-gov:iam::111122223333:root",
            "Key.policy.Statement[1]": None,
        },
    ),
    "kms_alias_name": ({"kms_alias_name": "alias/vision"}, {"Alias.name": "alias/vision"}),
    "kms_deletion_window_days": ({"kms_deletion_window_days": 7}, {"Key.deletionWindowInDays": 7}),
    "kms_rotation_days": ({"kms_rotation_days": 90}, {"Key.rotationPeriodInDays": 90}),
    "kms_key_admins": (
        {"kms_key_admins": [ADMIN]},
        {
            "Key.policy.Statement[1].Sid": "KeyAdministration",
            "Key.policy.Statement[1].Principal.AWS": ADMIN,
            "Key.policy.Statement[1].Action": [
                "kms:Create*",
                "kms:Describe*",
                "kms:Enable*",
                "kms:List*",
                "kms:Put*",
                "kms:Update*",
                "kms:Revoke*",
                "kms:Disable*",
                "kms:Get*",
                "kms:Delete*",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:ScheduleKeyDeletion",
                "kms:CancelKeyDeletion",
                "kms:RotateKeyOnDemand",
            ],
            "Key.policy.Statement[2]": {
                "Sid": "WAndBKeyUse",
                "Effect": "Allow",
                "Principal": {"AWS": ROLE},
                "Action": ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
                "Resource": "*",
            },
        },
    ),
    "kms_key_users": (
        {"kms_key_users": [USER]},
        {
            "Key.policy.Statement[2]": {
                "Sid": "KeyUse",
                "Effect": "Allow",
                "Principal": {"AWS": USER},
                "Action": ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
                "Resource": "*",
            }
        },
    ),
    "kms_key_guard": (
        {"kms_key_guard": [ADMIN]},
        {
            "Key.policy.Statement[2]": {
                "Sid": "KeyGuard",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": [
                    "kms:DisableKey",
                    "kms:ScheduleKeyDeletion",
                    "kms:DeleteImportedKeyMaterial",
                    "kms:PutKeyPolicy",
                ],
                "Resource": "*",
                "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [ADMIN]}},
            }
        },
    ),
}


def _both(argument: str) -> tuple[dict[str, Any], Change]:
    """An argument that concerns key and bucket."""
    return BUCKET_CHANGES[argument][0], {**BUCKET_CHANGES[argument][1], **KEY_CHANGES[argument][1]}


STORE_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    **KEY_CHANGES,
    **BUCKET_CHANGES,
    **{argument: _both(argument) for argument in ("principals", "access", "region", "tags", "protection")},
    "deployment": ({"deployment": "self_managed"}, EMPTY),
    "level": ({"level": "instance"}, EMPTY),
    "partition": (
        {"partition": "aws-us-gov", "principals": []},
        {**KEY_CHANGES["partition"][1], "BucketPolicy.policy.Statement[3]": None},
    ),
    "encryption": (
        {"encryption": "provider_managed"},
        {
            "Key": None,
            "Alias": None,
            "BucketServerSideEncryptionConfiguration.rules[0]": {
                "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}
            },
        },
    ),
    "kms_key_arn": (
        {"encryption": "existing_key", "kms_key_arn": KEY},
        {
            "Key": None,
            "Alias": None,
            "Grant": {
                "keyId": KEY,
                "granteePrincipal": ROLE,
                "operations": [
                    "Decrypt",
                    "DescribeKey",
                    "Encrypt",
                    "GenerateDataKey",
                    "GenerateDataKeyWithoutPlaintext",
                    "ReEncryptFrom",
                    "ReEncryptTo",
                ],
            },
            "BucketServerSideEncryptionConfiguration.rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId": KEY,
        },
    ),
    "suspended_paths": (
        {"suspended_paths": ["/"]},
        {"Key.policy.Statement[1]": None, "BucketPolicy.policy.Statement[3]": None},
    ),
    "credential_keys": (
        {"credential_keys": ["2026-11"]},
        {
            "User": {
                "path": "/wandb-byob/",
                "forceDestroy": True,
                "tags": {"wandb-byob:store": "byob/test/vision"},
            },
            "AccessKey": {"user": "vision-a1b2c3d", "status": "Active"},
            "UserPolicy": {
                "user": "vision-a1b2c3d",
                "policy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "WAndBAccountAccess",
                            "Effect": "Allow",
                            "Action": [
                                "s3:GetObject*",
                                "s3:GetEncryptionConfiguration",
                                "s3:ListBucket",
                                "s3:ListBucketMultipartUploads",
                                "s3:ListBucketVersions",
                                "s3:AbortMultipartUpload",
                                "s3:DeleteObject",
                                "s3:PutObject",
                                "s3:GetBucketCORS",
                                "s3:GetBucketLocation",
                                "s3:GetBucketVersioning",
                            ],
                            "Resource": ["arn:aws:s3:::vision-a1b2c3d", "arn:aws:s3:::vision-a1b2c3d/*"],
                        },
                        {
                            "Sid": "WAndBKeyUse",
                            "Effect": "Allow",
                            "Action": [
                                "kms:Decrypt",
                                "kms:Describe*",
                                "kms:Encrypt",
                                "kms:ReEncrypt*",
                                "kms:GenerateDataKey*",
                            ],
                            "Resource": "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
                        },
                    ],
                },
            },
        },
    ),
}
