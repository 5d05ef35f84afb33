"""What each argument of a whole store, of its bucket and of a grant changes among the registered inputs."""

from typing import Any

USER = "arn:aws:iam::000000000000:user/wandb"
OTHER = "arn:aws:iam::000000000000:user/other"
ARN = "arn:aws:s3:::vision-a1b2c3d"
BUCKET: dict[str, Any] = {"server": "seaweedfs", "principals": [USER]}
STORE: dict[str, Any] = {
    **BUCKET,
    "deployment": "dedicated",
    "level": "team",
    "endpoint": "store.acme.example:8333",
    "access_key": "id",
    "secret_key": "secret",
}
OWN = {
    "Sid": "Own",
    "Effect": "Allow",
    "Principal": {"AWS": OTHER},
    "Action": "s3:GetObject",
    "Resource": "{bucket_arn}/*",
}

Change = dict[str, Any]
EMPTY: Change = {}
TLS, BOTH = "BucketPolicy.policy.DenyInsecureTransport", "BucketPolicy.policy.WAndBAccountAccess"
OBJECTS = "BucketPolicy.policy.WAndBObjectAccess"
MINIMAL_BUCKET = [
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:GetBucketCors",
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


def objects(*paths: str) -> Change:
    """The statement of `minimal` access on objects."""
    return {
        "Sid": "WAndBObjectAccess",
        "Effect": "Allow",
        "Principal": {"AWS": USER},
        "Action": MINIMAL_OBJECT,
        "Resource": [f"{ARN}/{path}*" for path in paths or ("",)],
    }


MINIMAL: Change = {f"{BOTH}.Action": MINIMAL_BUCKET, f"{BOTH}.Resource": ARN, OBJECTS: objects()}
NAMED = "arn:aws:s3:::acme-vision"
BUCKET_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "server": (
        {"server": "ceph"},
        {
            TLS: None,
            f"{BOTH}.Action": [
                "s3:GetObject*",
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
        },
    ),
    "capabilities": (
        {"capabilities": ["bucket_policy", "newer_actions"]},
        {TLS: None, "BucketVersioning": None, "BucketCorsConfiguration": None, "Bucket.lifecycleRules": None},
    ),
    "principals": ({"principals": [USER, OTHER]}, {f"{BOTH}.Principal": {"AWS": [USER, OTHER]}}),
    "access": ({"access": "minimal"}, MINIMAL),
    "tls": ({"tls": False}, {TLS: None}),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "bucket_name": (
        {"bucket_name": "acme-vision"},
        {
            "Bucket.bucket": "acme-vision",
            "BucketVersioning.bucket": "acme-vision",
            "BucketPolicy.bucket": "acme-vision",
            "BucketCorsConfiguration.bucket": "acme-vision",
            f"{TLS}.Resource": [NAMED, f"{NAMED}/*"],
            f"{BOTH}.Resource": [NAMED, f"{NAMED}/*"],
        },
    ),
    "force_destroy": ({"force_destroy": True, "protection": "unprotected"}, {"Bucket.forceDestroy": True}),
    "paths": (
        {"paths": ["vision", "nlp"], "access": "minimal"},
        {**MINIMAL, OBJECTS: objects("vision/", "nlp/")},
    ),
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
        {"Bucket.lifecycleRules[0].noncurrentVersionExpiration.days": 90},
    ),
    "abort_upload_days": (
        {"abort_upload_days": 2},
        {"Bucket.lifecycleRules[1].abortIncompleteMultipartUploadDays": 2},
    ),
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
    "deployment": ({"deployment": "self_managed"}, EMPTY),
    "level": ({"level": "instance"}, EMPTY),
    # They stand in the address and nowhere among the inputs.
    "endpoint": ({"endpoint": "other.acme.example"}, EMPTY),
    "access_key": ({"access_key": "other"}, EMPTY),
    "secret_key": ({"secret_key": "other"}, EMPTY),
    "region": ({"region": "north-1"}, EMPTY),
    "path_style": ({"path_style": True}, EMPTY),
    "suspended_paths": ({"suspended_paths": ["/"]}, {BOTH: None}),
}
GRANT: dict[str, Any] = {
    "server": "seaweedfs",
    "bucket_name": "theirs",
    "principals": [USER],
    "bucket_policy_statements": [],
}
THEIRS = "arn:aws:s3:::theirs"
OF_GRANT: Change = {
    f"{BOTH}.Action": MINIMAL_BUCKET,
    f"{BOTH}.Resource": THEIRS,
    OBJECTS: {**objects(), "Resource": [f"{THEIRS}/*"]},
}
GRANT_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "server": BUCKET_CHANGES["server"],
    "bucket_name": (
        {"bucket_name": "other"},
        {
            "BucketPolicy.bucket": "other",
            f"{TLS}.Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"],
            f"{BOTH}.Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"],
        },
    ),
    "principals": ({"principals": []}, {BOTH: None}),
    "bucket_policy_statements": (
        {"bucket_policy_statements": [OWN]},
        {"BucketPolicy.policy.Own": {**OWN, "Resource": f"{THEIRS}/*"}},
    ),
    "access": ({"access": "minimal"}, OF_GRANT),
    "paths": (
        {"access": "minimal", "paths": ["vision"]},
        {**OF_GRANT, OBJECTS: {**objects(), "Resource": [f"{THEIRS}/vision/*"]}},
    ),
    "tls": ({"tls": False}, {TLS: None}),
    "capabilities": ({"capabilities": ["bucket_policy", "newer_actions"]}, {TLS: None}),
}
