"""Stores on Google Cloud before Checkov.

Checkov looks at neither soft delete nor lifecycles nor CORS there, and knows no difference between roles on a bucket.
"""

from __future__ import annotations

from typing import Any

from byob_components.gcp import GcpByob
from tests.mocks.gcp import record
from tests.scanners.bridged import translate
from tests.scanners.subject import Subject, broken, put, put_within

KEY = "projects/acme-security/locations/europe-west4/keyRings/wandb/cryptoKeys/storage-1"
STORES: dict[str, dict[str, Any]] = {
    "default": {},
    "multi-tenant": {"deployment": "multi_tenant"},
    "instance": {"level": "instance"},
    "minimal with paths": {"access": "minimal", "paths": ["vision", "nlp"]},
    "own server": {
        "deployment": "self_managed",
        "principals": ["wandb@acme-storage.iam.gserviceaccount.com"],
        "signer": True,
    },
    "new key": {"encryption": "new_key"},
    "existing key": {"encryption": "existing_key", "kms_key_id": KEY},
    "access logs": {"access_log_bucket": "acme-logs", "bucket_name": "acme-vision"},
    "suspended": {"suspended_paths": ["/"]},
    "credential": {"credential_keys": ["2026-05", "2026-11"]},
}
WAIVERS = {
    "CKV_GCP_62": "access logs cost money and need a bucket of their own: `access_log_bucket` names one",
}
LOOKED_AT = {
    "default": {
        "CKV_GCP_28",  # nobody is everybody on the bucket
        "CKV_GCP_29",  # uniform access
        "CKV_GCP_78",  # versioning
        "CKV_GCP_114",  # public access prevention
    },
    "new key": {
        "CKV_GCP_43",  # key rotation
        "CKV_GCP_112",  # nobody is everybody on the key
        "CKV2_GCP_6",
    },
    "existing key": {"CKV_GCP_112"},
    "credential": {
        "CKV_GCP_28",
        "CKV2_GCP_3",  # Google made the key pair
    },
    "access logs": {"CKV_GCP_63"},  # in another bucket
}
JUDGED = {
    "google_kms_crypto_key",
    "google_kms_crypto_key_iam_member",
    "google_kms_key_ring",
    "google_service_account_key",
    "google_storage_bucket",
    "google_storage_bucket_iam_member",
}
YEAR = f"{365 * 86400}s"
MUTANTS = {
    "access lists": broken(put("Bucket", uniformBucketLevelAccess=False), "CKV_GCP_29"),
    "public access not prevented": broken(put("Bucket", publicAccessPrevention="inherited"), "CKV_GCP_114"),
    "no versioning": broken(put("Bucket", versioning=None), "CKV_GCP_78"),
    "versioning suspended": broken(put_within("Bucket", "versioning", enabled=False), "CKV_GCP_78"),
    "a grant for everybody": broken(put("BucketIAMMember", member="allUsers"), "CKV_GCP_28"),
    "a grant for every account": broken(put("BucketIAMMember", member="allAuthenticatedUsers"), "CKV_GCP_28"),
    "logs in the bucket itself": broken(
        put("Bucket", logging={"logBucket": "acme-vision"}), "CKV_GCP_63", store="access logs"
    ),
    "no key rotation": broken(put("CryptoKey", rotationPeriod=None), "CKV_GCP_43", store="new key"),
    "a key rotated once a year": broken(put("CryptoKey", rotationPeriod=YEAR), "CKV_GCP_43", store="new key"),
    "a key for everybody": broken(
        put("CryptoKeyIAMMember", member="allUsers"), "CKV_GCP_112", "CKV2_GCP_6", store="new key"
    ),
    "an existing key for everybody": broken(
        put("CryptoKeyIAMMember", member="allUsers"), "CKV_GCP_112", store="existing key"
    ),
    "a key pair made elsewhere": broken(put("Key", publicKeyData="LS0t"), "CKV2_GCP_3", store="credential"),
}

GCP = Subject(
    name="gcp",
    provider="google",
    component=GcpByob,
    record=record,
    translate=translate,
    base={"deployment": "dedicated", "level": "team", "location": "europe-west4"},
    stores=STORES,
    waivers=WAIVERS,
    chosen={},
    looked_at=LOOKED_AT,
    ended={"access logs": {"CKV_GCP_62"}},
    judged=JUDGED,
    mutants=MUTANTS,
)
