"""What each argument of a whole store, of its bucket and of a grant changes among the registered inputs."""

from typing import Any

WANDB = "arn:aws:iam::wandb:static/wandb-integration"
PUBLIC = "arn:aws:iam::wandb:static/wandb-integration-public"
ARN = "arn:aws:s3:::vision-a1b2c3d"
BUCKET: dict[str, Any] = {"wandb_organization_id": "acme", "principals": [WANDB]}
STORE: dict[str, Any] = {"wandb_organization_id": "acme", "deployment": "dedicated", "level": "team"}
WHO = {"CW": "arn:aws:iam::ab1cd2:coreweave/auditor"}
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": WHO, "Action": "s3:GetObject", "Resource": "{bucket_arn}/*"}

Change = dict[str, Any]
EMPTY: Change = {}
BOTH = "BucketPolicy.policy.AllowWandbUser"
OBJECTS = "BucketPolicy.policy.AllowWandbUserObjects"
PEOPLE = "BucketPolicy.policy.AllowUsersInOrg"
MINIMAL_BUCKET = [
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
]
MINIMAL_OBJECT = [
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetObjectAttributes",
    "s3:GetObjectVersionAttributes",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
]


def people(arn: str) -> Change:
    return {
        "Sid": "AllowUsersInOrg",
        "Effect": "Allow",
        "Principal": {"CW": "arn:aws:iam::ab1cd2:*"},
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
    }


def minimal(arn: str, *paths: str) -> Change:
    return {
        f"{BOTH}.Action": MINIMAL_BUCKET,
        f"{BOTH}.Resource": arn,
        OBJECTS: {
            "Sid": "AllowWandbUserObjects",
            "Effect": "Allow",
            "Principal": {"CW": WANDB},
            "Action": MINIMAL_OBJECT,
            "Resource": [f"{arn}/{path}*" for path in paths or ("",)],
            "Condition": {"StringLike": {"wandb:OrgID": ["acme"]}},
        },
    }


ORG = ({"wandb_organization_id": "other"}, {f"{BOTH}.Condition": {"StringLike": {"wandb:OrgID": ["other"]}}})
NAMED = "arn:aws:s3:::acme-vision"
BUCKET_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "wandb_organization_id": ORG,
    "storage_organization_id": ({"storage_organization_id": "ab1cd2"}, {PEOPLE: people(ARN)}),
    "principals": ({"principals": [PUBLIC]}, {f"{BOTH}.Principal": {"CW": PUBLIC}}),
    "access": ({"access": "minimal"}, minimal(ARN)),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "bucket_name": (
        {"bucket_name": "acme-vision"},
        {
            "Bucket.bucket": "acme-vision",
            "BucketVersioning.bucket": "acme-vision",
            "BucketPolicy.bucket": "acme-vision",
            "BucketCorsConfiguration.bucket": "acme-vision",
            f"{BOTH}.Resource": [NAMED, f"{NAMED}/*"],
        },
    ),
    "force_destroy": ({"force_destroy": True, "protection": "unprotected"}, {"Bucket.forceDestroy": True}),
    "paths": ({"paths": ["vision", "nlp"], "access": "minimal"}, minimal(ARN, "vision/", "nlp/")),
    "cors_origins": (
        {"cors_origins": ["https://wandb.example.com"]},
        {"BucketCorsConfiguration.corsRules[0].allowedOrigins": ["https://wandb.example.com"]},
    ),
    "cors_max_age_seconds": (
        {"cors_max_age_seconds": 60},
        {"BucketCorsConfiguration.corsRules[0].maxAgeSeconds": 60},
    ),
    "noncurrent_days": ({"noncurrent_days": 90}, {"Bucket.lifecycleRules[0].noncurrentVersionExpiration.days": 90}),
    "abort_upload_days": ({"abort_upload_days": 2}, {"Bucket.lifecycleRules[1].abortIncompleteMultipartUploadDays": 2}),
    "lifecycle_rules": (
        {"lifecycle_rules": [{"id": "old", "prefix": "old/", "noncurrent_days": 3}]},
        {
            "Bucket.lifecycleRules[2]": {
                "id": "old",
                "enabled": True,
                "prefix": "old/",
                "noncurrentVersionExpiration": {"days": 3},
            }
        },
    ),
    "allow_data_expiry": (
        {"allow_data_expiry": True, "lifecycle_rules": [{"id": "scratch", "expiration_days": 400}]},
        {"Bucket.lifecycleRules[2]": {"id": "scratch", "enabled": True, "expiration": {"days": 400}}},
    ),
    "bucket_policy_statements": (
        {"bucket_policy_statements": [OWN]},
        {"BucketPolicy.policy.Own": {**OWN, "Resource": f"{ARN}/*"}},
    ),
}
STORE_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    **BUCKET_CHANGES,
    "deployment": ({"deployment": "multi_tenant"}, {f"{BOTH}.Principal": {"CW": PUBLIC}}),
    "level": ({"level": "instance"}, EMPTY),
    "suspended_paths": ({"suspended_paths": ["/"]}, {"BucketPolicy": None}),
}
GRANT: dict[str, Any] = {
    "deployment": "dedicated",
    "wandb_organization_id": "acme",
    "bucket_name": "theirs",
    "bucket_policy_statements": [],
}
THEIRS = "arn:aws:s3:::theirs"
GRANT_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "deployment": STORE_CHANGES["deployment"],
    "wandb_organization_id": ORG,
    "storage_organization_id": ({"storage_organization_id": "ab1cd2"}, {PEOPLE: people(THEIRS)}),
    "bucket_name": (
        {"bucket_name": "other"},
        {"BucketPolicy.bucket": "other", f"{BOTH}.Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]},
    ),
    "principals": ({"principals": [PUBLIC]}, {f"{BOTH}.Principal": {"CW": PUBLIC}}),
    "bucket_policy_statements": (
        {"bucket_policy_statements": [OWN]},
        {"BucketPolicy.policy.Own": {**OWN, "Resource": f"{THEIRS}/*"}},
    ),
    "access": ({"access": "minimal"}, minimal(THEIRS)),
    "paths": ({"access": "minimal", "paths": ["vision"]}, minimal(THEIRS, "vision/")),
}
