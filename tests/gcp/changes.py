"""What each argument of a whole store, of its key and of its bucket changes among the registered inputs."""

from typing import Any

NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
OTHER = "wandb@acme-servers.iam.gserviceaccount.com"
AGENT = "service-444455556666@gs-project-accounts.iam.gserviceaccount.com"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
PLACE = {"location": "europe-west4"}
STORE = {**PLACE, "deployment": "dedicated", "level": "team", "principals": [NODE], "encryption": "new_key"}
BUCKET = {**PLACE, "principals": [NODE]}
RULE = {"prefix": "old/", "transition_days": 90, "storage_class": "NEARLINE"}
ADMIN = "BucketIAMMember#vision-storage-admin-f555fdfa"
ADMIN_OTHER = "BucketIAMMember#vision-storage-admin-1ecaffd9"
USER = "BucketIAMMember#vision-storage-objectUser-f555fdfa"
READER = "BucketIAMMember#vision-storage-legacyBucketReader-f555fdfa"

Change = dict[str, Any]
EMPTY: Change = {}


def member(role: str, who: str = NODE, bucket: str = "vision-a1b2c3d") -> Change:
    return {"bucket": bucket, "role": role, "member": f"serviceAccount:{who}"}


LABELS = {"labels": {"team": "vision"}}
MINIMAL: Change = {
    ADMIN: None,
    USER: member("roles/storage.objectUser"),
    READER: member("roles/storage.legacyBucketReader"),
}
BUCKET_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "location": ({"location": "EU"}, {"Bucket.location": "EU"}),
    "principals": ({"principals": [NODE, OTHER]}, {ADMIN_OTHER: member("roles/storage.admin", OTHER)}),
    "access": ({"access": "minimal"}, MINIMAL),
    "project": ({"project": "acme-other"}, {"Bucket.project": "acme-other"}),
    "labels": (LABELS, {"Bucket.labels.team": "vision"}),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "bucket_name": (
        {"bucket_name": "acme-vision"},
        {"Bucket.name": "acme-vision", f"{ADMIN}.bucket": "acme-vision"},
    ),
    "force_destroy": ({"force_destroy": True, "protection": "unprotected"}, {"Bucket.forceDestroy": True}),
    "cors_origins": (
        {"cors_origins": ["https://wandb.example.com"]},
        {"Bucket.cors[0].origins": ["https://wandb.example.com"]},
    ),
    "cors_max_age_seconds": ({"cors_max_age_seconds": 60}, {"Bucket.cors[0].maxAgeSeconds": 60}),
    "soft_delete_days": ({"soft_delete_days": 90}, {"Bucket.softDeletePolicy.retentionDurationSeconds": 7776000}),
    "noncurrent_days": ({"noncurrent_days": 90}, {"Bucket.lifecycleRules[0].condition.daysSinceNoncurrentTime": 90}),
    # Three noncurrent versions and the live one are the four newest.
    "noncurrent_versions": ({"noncurrent_versions": 3}, {"Bucket.lifecycleRules[0].condition.numNewerVersions": 4}),
    "abort_upload_days": ({"abort_upload_days": 2}, {"Bucket.lifecycleRules[1].condition.age": 2}),
    "lifecycle_rules": (
        {"lifecycle_rules": [RULE]},
        {
            "Bucket.lifecycleRules[2]": {
                "action": {"type": "SetStorageClass", "storageClass": "NEARLINE"},
                "condition": {"age": 90, "withState": "LIVE", "matchesPrefixes": ["old/"]},
            }
        },
    ),
    "allow_data_expiry": (
        {"allow_data_expiry": True, "lifecycle_rules": [{"expiration_days": 400, "noncurrent_days": 5}]},
        {
            "Bucket.lifecycleRules[2]": {
                "action": {"type": "Delete"},
                "condition": {"age": 400, "withState": "LIVE"},
            },
            "Bucket.lifecycleRules[3]": {
                "action": {"type": "Delete"},
                "condition": {"daysSinceNoncurrentTime": 5, "withState": "ARCHIVED"},
            },
        },
    ),
    "access_log_bucket": ({"access_log_bucket": "acme-logs"}, {"Bucket.logging": {"logBucket": "acme-logs"}}),
    "access_log_prefix": (
        {"access_log_bucket": "acme-logs", "access_log_prefix": "gcs/vision"},
        {"Bucket.logging": {"logBucket": "acme-logs", "logObjectPrefix": "gcs/vision"}},
    ),
}
BUCKET_ONLY: dict[str, tuple[dict[str, Any], Change]] = {
    **BUCKET_CHANGES,
    "encryption": (
        {"encryption": "existing_key", "kms_key_id": KEY},
        {"Bucket.encryption": {"defaultKmsKeyName": KEY}},
    ),
    "kms_key_id": (
        {"encryption": "new_key", "kms_key_id": KEY},
        {"Bucket.encryption": {"defaultKmsKeyName": KEY}},
    ),
}
RING = "projects/acme-storage/locations/europe-west4/keyRings/vision-a1b2c3d"
KEY_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "location": (
        {"location": "EU"},
        {
            "KeyRing.location": "europe",
            "CryptoKey.keyRing": RING.replace("europe-west4", "europe"),
            "CryptoKeyIAMMember.cryptoKeyId": f"{RING.replace('europe-west4', 'europe')}/cryptoKeys/vision-a1b2c3d",
        },
    ),
    "project": (
        {"project": "acme-other"},
        {
            "KeyRing.project": "acme-other",
            "CryptoKey.keyRing": RING.replace("acme-storage", "acme-other"),
            "CryptoKeyIAMMember.cryptoKeyId": f"{RING.replace('acme-storage', 'acme-other')}/cryptoKeys/vision-a1b2c3d",
        },
    ),
    "labels": (LABELS, {"CryptoKey.labels.team": "vision"}),
    "protection": ({"protection": "unprotected"}, EMPTY),
    "storage_service_agent": (
        {"storage_service_agent": AGENT},
        {"CryptoKeyIAMMember.member": f"serviceAccount:{AGENT}"},
    ),
    "kms_key_ring_name": (
        {"kms_key_ring_name": "wandb"},
        {
            "KeyRing.name": "wandb",
            "CryptoKey.keyRing": RING.replace("vision-a1b2c3d", "wandb"),
            "CryptoKeyIAMMember.cryptoKeyId": f"{RING.replace('vision-a1b2c3d', 'wandb')}/cryptoKeys/vision-a1b2c3d",
        },
    ),
    "kms_key_name": (
        {"kms_key_name": "store"},
        {"CryptoKey.name": "store", "CryptoKeyIAMMember.cryptoKeyId": f"{RING}/cryptoKeys/store"},
    ),
    "kms_deletion_window_days": (
        {"kms_deletion_window_days": 120},
        {"CryptoKey.destroyScheduledDuration": "10368000s"},
    ),
    "kms_rotation_days": ({"kms_rotation_days": 365}, {"CryptoKey.rotationPeriod": "31536000s"}),
}


def _both(argument: str, more: Change | None = None) -> tuple[dict[str, Any], Change]:
    """An argument that concerns key and bucket."""
    given, change = BUCKET_CHANGES[argument]
    return given, {**change, **KEY_CHANGES[argument][1], **(more or {})}


def _encrypted(argument: str) -> tuple[dict[str, Any], Change]:
    """An argument that changes the key's resource name, which stands in the bucket too."""
    given, change = KEY_CHANGES[argument]
    return given, {**change, "Bucket.encryption.defaultKmsKeyName": change["CryptoKeyIAMMember.cryptoKeyId"]}


WITHOUT_KEY: Change = {"KeyRing": None, "CryptoKey": None, "CryptoKeyIAMMember": None, "Bucket.encryption": None}
CREDENTIAL_MEMBER = "BucketIAMMember#vision-storage-admin-credential"
ACCOUNT = {
    "displayName": "W&B storage vision",
    "description": "wandb-byob-store: byob_test_vision",
    "disabled": False,
}
ACCOUNT_NAME = "projects/acme-storage/serviceAccounts/vision-a1b2c3d@acme-storage.iam.gserviceaccount.com"
CREDENTIAL_PARTS: Change = {
    "Account": ACCOUNT,
    "Key": {"serviceAccountId": ACCOUNT_NAME},
    CREDENTIAL_MEMBER: member("roles/storage.admin", "vision-a1b2c3d@acme-storage.iam.gserviceaccount.com"),
}
STORE_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    **BUCKET_CHANGES,
    **KEY_CHANGES,
    **{argument: _both(argument) for argument in ("labels", "protection")},
    **{argument: _encrypted(argument) for argument in ("kms_key_ring_name", "kms_key_name")},
    "location": (
        {"location": "EU"},
        {**_encrypted("location")[1], "Bucket.location": "EU"},
    ),
    "project": (
        {"project": "acme-other"},
        {**_encrypted("project")[1], "Bucket.project": "acme-other"},
    ),
    "deployment": ({"deployment": "self_managed"}, EMPTY),
    "level": ({"level": "instance"}, EMPTY),
    "signer": (
        {"deployment": "self_managed", "signer": True},
        {
            "IAMMember": {
                "serviceAccountId": f"projects/-/serviceAccounts/{NODE}",
                "role": "roles/iam.serviceAccountTokenCreator",
                "member": f"serviceAccount:{NODE}",
            }
        },
    ),
    "encryption": ({"encryption": "provider_managed"}, WITHOUT_KEY),
    "kms_key_id": (
        {"encryption": "existing_key", "kms_key_id": KEY},
        {
            "KeyRing": None,
            "CryptoKey": None,
            "CryptoKeyIAMMember.cryptoKeyId": KEY,
            "Bucket.encryption.defaultKmsKeyName": KEY,
        },
    ),
    "paths": ({"paths": ["vision"]}, EMPTY),  # rights hold for the whole bucket
    "suspended_paths": ({"suspended_paths": ["/"]}, {ADMIN: None}),
    "credential_keys": ({"credential_keys": ["2026-11"]}, CREDENTIAL_PARTS),
    "credential_account_id": (
        {"credential_keys": ["2026-11"], "credential_account_id": "wandb-vision"},
        {
            "Account": {**ACCOUNT, "accountId": "wandb-vision"},
            "Key": {"serviceAccountId": ACCOUNT_NAME.replace("vision-a1b2c3d@", "wandb-vision@")},
            CREDENTIAL_MEMBER: member("roles/storage.admin", "wandb-vision@acme-storage.iam.gserviceaccount.com"),
        },
    ),
}
GRANT = {"deployment": "dedicated", "bucket_name": "theirs", "principals": [NODE]}
GRANT_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "deployment": ({"deployment": "self_managed"}, EMPTY),
    "bucket_name": ({"bucket_name": "other"}, {f"{ADMIN}.bucket": "other"}),
    "principals": (
        {"principals": [OTHER]},
        {ADMIN: None, ADMIN_OTHER: member("roles/storage.admin", OTHER, "theirs")},
    ),
    "access": (
        {"access": "minimal"},
        {
            ADMIN: None,
            USER: member("roles/storage.objectUser", bucket="theirs"),
            READER: member("roles/storage.legacyBucketReader", bucket="theirs"),
        },
    ),
    "signer": STORE_CHANGES["signer"],
}
CREDENTIAL = {"bucket_name": "theirs", "credential_keys": ["a"]}
OF_CREDENTIAL = "vision-a1b2c3d@acme-storage.iam.gserviceaccount.com"
CREDENTIAL_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "bucket_name": ({"bucket_name": "other"}, {f"{CREDENTIAL_MEMBER}.bucket": "other"}),
    "credential_keys": ({"credential_keys": ["a", "b"]}, {"Key#vision-b": {"serviceAccountId": ACCOUNT_NAME}}),
    "access": (
        {"access": "minimal"},
        {
            CREDENTIAL_MEMBER: None,
            "BucketIAMMember#vision-storage-objectUser-credential": member(
                "roles/storage.objectUser", OF_CREDENTIAL, "theirs"
            ),
            "BucketIAMMember#vision-storage-legacyBucketReader-credential": member(
                "roles/storage.legacyBucketReader", OF_CREDENTIAL, "theirs"
            ),
        },
    ),
    "project": (
        {"project": "acme-other"},
        {
            "Account.project": "acme-other",
            "Key.serviceAccountId": ACCOUNT_NAME.replace("acme-storage", "acme-other"),
            f"{CREDENTIAL_MEMBER}.member": f"serviceAccount:{OF_CREDENTIAL.replace('acme-storage', 'acme-other')}",
        },
    ),
    "credential_account_id": (
        {"credential_account_id": "wandb-vision"},
        {
            "Account.accountId": "wandb-vision",
            "Key.serviceAccountId": ACCOUNT_NAME.replace("vision-a1b2c3d@", "wandb-vision@"),
            f"{CREDENTIAL_MEMBER}.member": f"serviceAccount:{OF_CREDENTIAL.replace('vision-a1b2c3d', 'wandb-vision')}",
        },
    ),
    "suspended": ({"suspended": True}, {"Account.disabled": True}),
    "protection": ({"protection": "unprotected"}, EMPTY),
}
