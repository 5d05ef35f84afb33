"""How each Google Cloud resource rule judges each of its types: expected verdicts, written down."""

from __future__ import annotations

import json

from byob_components.policies.tree import UNKNOWN
from tests.policies.rows import Row

BUCKET = "gcp:storage/bucket:Bucket"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
BINDING = "gcp:storage/bucketIAMBinding:BucketIAMBinding"
POLICY = "gcp:storage/bucketIAMPolicy:BucketIAMPolicy"
KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
NODE = "serviceAccount:acme-node@wandb-production.iam.gserviceaccount.com"
AGENT = "serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
STRANGER = "user:someone@example.com"
KEY_ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
CORS = {"methods": ["GET", "HEAD", "PUT"], "origins": ["https://wandb.example.com"], "responseHeaders": ["*"]}


def rule(kind: object, storage_class: str = "", **condition: object) -> dict[str, object]:
    """Lifecycle rules with one rule."""
    action = {"type": kind, **({"storageClass": storage_class} if storage_class else {})}
    return {"lifecycleRules": [{"action": action, "condition": condition}]}


def policy(role: str, *members: str) -> dict[str, object]:
    """A whole policy with one binding."""
    return {"policyData": json.dumps({"bindings": [{"role": role, "members": list(members)}]})}


def grant(role: object = "roles/storage.admin", member: object = NODE) -> dict[str, object]:
    """A member."""
    return {"bucket": "vision", "role": role, "member": member}


def signer(**changes: object) -> dict[str, object]:
    """A service account's right to sign as itself."""
    email = "wandb@acme.iam.gserviceaccount.com"
    own = {"serviceAccountId": f"projects/-/serviceAccounts/{email}", "member": f"serviceAccount:{email}"}
    return {**own, "role": "roles/iam.serviceAccountTokenCreator", **changes}


BUCKET_ROWS: list[tuple[str, Row]] = [
    ("byob-gcp-bucket-versioning", Row(BUCKET, ({"versioning": {"enabled": True}},), (({"versioning": {"enabled": False}}, "versioning.enabled"), ({}, "versioning.enabled")), ({"versioning": UNKNOWN},))),
    ("byob-gcp-bucket-soft-delete", Row(BUCKET, ({"softDeletePolicy": {"retentionDurationSeconds": 604800}},), (({"softDeletePolicy": {"retentionDurationSeconds": 604799}}, "retentionDurationSeconds"), ({"softDeletePolicy": {"retentionDurationSeconds": 0}}, "retentionDurationSeconds"), ({}, "retentionDurationSeconds")), ({"softDeletePolicy": {"retentionDurationSeconds": UNKNOWN}},))),
    ("byob-gcp-bucket-public-access", Row(BUCKET, ({"publicAccessPrevention": "enforced"},), (({"publicAccessPrevention": "inherited"}, "publicAccessPrevention"), ({}, "publicAccessPrevention")), ({"publicAccessPrevention": UNKNOWN},))),
    ("byob-gcp-bucket-uniform-access", Row(BUCKET, ({"uniformBucketLevelAccess": True},), (({"uniformBucketLevelAccess": False}, "uniformBucketLevelAccess"), ({}, "uniformBucketLevelAccess")), ({"uniformBucketLevelAccess": UNKNOWN},))),
    ("byob-gcp-bucket-acl", Row("gcp:storage/bucketACL:BucketACL", ({"predefinedAcl": "projectPrivate"}, {"roleEntities": ["OWNER:user-a@example.com"]}), (({"predefinedAcl": "publicRead"}, "predefinedAcl"), ({"roleEntities": ["OWNER:user-a@example.com", "READER:allUsers"]}, "roleEntities[1]")), ({"roleEntities": UNKNOWN},))),
    ("byob-gcp-bucket-acl", Row("gcp:storage/bucketAccessControl:BucketAccessControl", ({"entity": "user-a@example.com"},), (({"entity": "allAuthenticatedUsers"}, "entity"),), ({"entity": UNKNOWN},))),
    ("byob-gcp-bucket-acl", Row("gcp:storage/defaultObjectACL:DefaultObjectACL", ({},), (({"predefinedAcl": "authenticatedRead"}, "predefinedAcl"),))),
    ("byob-gcp-bucket-acl", Row("gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl", (), (({"entity": "allUsers"}, "entity"),))),
    ("byob-gcp-bucket-encryption", Row(BUCKET, ({"encryption": {"defaultKmsKeyName": "projects/p/…"}}, {"encryption": {"defaultKmsKeyName": UNKNOWN}}), (({"encryption": {}}, "encryption.defaultKmsKeyName"), ({"encryption": {"defaultKmsKeyName": ""}}, "encryption.defaultKmsKeyName")), ({"encryption": UNKNOWN},), ({},))),
    ("byob-gcp-bucket-protect", Row(BUCKET, ({},), ())),
    ("byob-gcp-bucket-protect", Row(BUCKET, (), (({}, "protect"),), protect=False)),
    ("byob-gcp-bucket-force-destroy", Row(BUCKET, ({}, {"forceDestroy": False}), (({"forceDestroy": True}, "forceDestroy"),), ({"forceDestroy": UNKNOWN},))),
    ("byob-gcp-bucket-retention", Row(BUCKET, ({}, {"defaultEventBasedHold": False}), (({"retentionPolicy": {"retentionPeriod": "60"}}, "retentionPolicy"), ({"defaultEventBasedHold": True}, "defaultEventBasedHold")), ({"retentionPolicy": UNKNOWN},))),
    ("byob-gcp-bucket-requester-pays", Row(BUCKET, ({}, {"requesterPays": False}), (({"requesterPays": True}, "requesterPays"),), ({"requesterPays": UNKNOWN},))),
    ("byob-gcp-bucket-network", Row(BUCKET, ({}, {"ipFilter": {"mode": "Disabled"}}), (({"ipFilter": {"mode": "Enabled"}}, "ipFilter.mode"),), ({"ipFilter": UNKNOWN},))),
    ("byob-gcp-bucket-access-log", Row(BUCKET, ({"logging": {"logBucket": "logs"}},), (({}, "logging"),), ({"logging": UNKNOWN},))),
    ("byob-gcp-bucket-cors", Row(BUCKET,
        ({"cors": [CORS]}, {"cors": [{**CORS, "methods": ["*"]}]}, {"cors": [{**CORS, "responseHeaders": ["ETag", "Content-Type"]}]}, {"cors": [{**CORS, "methods": ["GET"]}, {**CORS, "methods": ["HEAD", "PUT"]}]}),
        (({}, "cors"), ({"cors": [{**CORS, "methods": ["GET", "HEAD"]}]}, "cors"), ({"cors": [{**CORS, "responseHeaders": ["ETag"]}]}, "cors"), ({"cors": [{**CORS, "origins": []}]}, "cors")),
        ({"cors": UNKNOWN}, {"cors": [{**CORS, "methods": UNKNOWN}]}))),
    ("byob-gcp-bucket-cors-origins", Row(BUCKET, ({"cors": [CORS]}, {}), (({"cors": [{**CORS, "origins": ["https://a.example", "*"]}]}, "cors[0].origins[1]"),), ({"cors": [{**CORS, "origins": [UNKNOWN]}]},))),
    ("byob-gcp-bucket-expiry", Row(BUCKET,
        ({}, rule("Delete", withState="ARCHIVED", age=1), rule("Delete", daysSinceNoncurrentTime=30), rule("Delete", numNewerVersions=3), rule("SetStorageClass", "ARCHIVE", age=1), rule("AbortIncompleteMultipartUpload", age=7)),
        ((rule("Delete", age=365), "lifecycleRules[0]"), (rule("Delete", withState="ANY", age=1), "lifecycleRules[0]"), (rule("Delete", withState="LIVE"), "lifecycleRules[0]"), (rule("Delete", numNewerVersions=0, age=1), "lifecycleRules[0]")),
        ({"lifecycleRules": UNKNOWN}, rule(UNKNOWN), rule("Delete", withState=UNKNOWN)))),
    ("byob-gcp-bucket-archive", Row(BUCKET, ({}, rule("SetStorageClass", "COLDLINE", age=90), rule("SetStorageClass", "ARCHIVE", withState="ARCHIVED")), ((rule("SetStorageClass", "ARCHIVE", age=90), "lifecycleRules[0]"),), (rule("SetStorageClass", age=90) | rule(UNKNOWN),))),
    ("byob-gcp-bucket-noncurrent-days", Row(BUCKET, ({}, rule("Delete", daysSinceNoncurrentTime=7), rule("Delete", withState="ARCHIVED", age=8), rule("Delete", age=1)), ((rule("Delete", daysSinceNoncurrentTime=6), "condition"), (rule("Delete", numNewerVersions=1), "condition")), (rule("Delete", daysSinceNoncurrentTime=UNKNOWN),))),
    ("byob-gcp-bucket-upload-days", Row(BUCKET, ({}, rule("AbortIncompleteMultipartUpload", age=2)), ((rule("AbortIncompleteMultipartUpload", age=1), "condition.age"), (rule("AbortIncompleteMultipartUpload"), "condition.age")), (rule("AbortIncompleteMultipartUpload", age=UNKNOWN),))),
    ("byob-gcp-bucket-noncurrent-missing", Row(BUCKET, (rule("Delete", daysSinceNoncurrentTime=30),), (({}, "lifecycleRules"), (rule("AbortIncompleteMultipartUpload", age=7), "lifecycleRules"), (rule("Delete", withState="LIVE", daysSinceNoncurrentTime=30), "lifecycleRules")), ({"lifecycleRules": UNKNOWN},))),
]  # fmt: skip
ACCESS_ROWS: list[tuple[str, Row]] = [
    ("byob-gcp-bucket-wildcard-principal", Row(MEMBER, (grant(),), ((grant(member="allUsers"), "member"), (grant(member="allAuthenticatedUsers"), "member")), (grant(member=UNKNOWN),))),
    ("byob-gcp-bucket-wildcard-principal", Row(BINDING, ({"members": [NODE]},), (({"members": [NODE, "allUsers"]}, "members[1]"),), ({"members": UNKNOWN},))),
    ("byob-gcp-bucket-wildcard-principal", Row(POLICY, (policy("roles/storage.admin", NODE), {"policyData": "no JSON"}), ((policy("roles/storage.admin", "allUsers"), "policyData.bindings[0].members[0]"),), ({"policyData": UNKNOWN},))),
    *(("byob-gcp-bucket-grant-principals", Row(type_, good, bad, ({key: UNKNOWN},), changes={"principals": ("*@acme-storage.iam.gserviceaccount.com",)}))
      for type_, good, bad, key in (
        (MEMBER, (grant(), grant(member="serviceAccount:wandb-integration@wandb-production.iam.gserviceaccount.com"), grant(member="serviceAccount:etl@acme-storage.iam.gserviceaccount.com")), ((grant(member=STRANGER), "member"), (grant(member="user:deploy@wandb-production.iam.gserviceaccount.com"), "member"), (grant(member="projectOwner:acme"), "member")), "member"),
        (BINDING, ({"members": [NODE]},), (({"members": [NODE, STRANGER]}, "members[1]"),), "members"),
        (POLICY, (policy("roles/storage.admin", NODE),), ((policy("roles/storage.admin", NODE, STRANGER), "policyData.bindings[0].members[1]"),), "policyData"),
    )),
    ("byob-gcp-bucket-grant-principals", Row(MEMBER, (), (), spared=(grant(member="serviceAccount:vision@acme.iam.gserviceaccount.com"),), below="wandb-byob:index:GcpCredential")),
    ("byob-gcp-bucket-grant-width", Row(MEMBER, (grant(), grant("roles/storage.objectUser"), grant("roles/storage.legacyBucketReader"), grant("roles/owner", "user:admin@example.com")), ((grant("roles/owner"), "role"), (grant("projects/p/roles/custom"), "role"), (grant("roles/storage.legacyBucketOwner"), "role")), (grant(UNKNOWN),), changes={"principals": ("user:admin@example.com",)})),
    ("byob-gcp-bucket-grant-width", Row(BINDING, ({"role": "roles/storage.admin", "members": [NODE]},), (({"role": "roles/editor", "members": [NODE]}, "role"),))),
    ("byob-gcp-bucket-grant-width", Row(POLICY, (policy("roles/storage.objectAdmin", NODE),), ((policy("roles/editor", NODE), "policyData.bindings[0].role"),))),
    ("byob-gcp-bucket-storage-admin", Row(MEMBER, (grant("roles/storage.objectUser"),), ((grant(), "role"),), (grant(UNKNOWN),))),
    ("byob-gcp-bucket-storage-admin", Row(BINDING, (), (({"role": "roles/storage.admin", "members": [NODE]}, "role"),))),
    ("byob-gcp-bucket-storage-admin", Row(POLICY, (), ((policy("roles/storage.admin", NODE), "policyData.bindings[0].role"),))),
    ("byob-gcp-bucket-shared-principal", Row(MEMBER, (grant(),), ((grant(member="serviceAccount:deploy@wandb-production.iam.gserviceaccount.com"), "member"),), (grant(member=UNKNOWN),))),
    ("byob-gcp-bucket-shared-principal", Row(BINDING, ({"members": []},), (({"members": ["serviceAccount:wandb-integration@wandb-production.iam.gserviceaccount.com"]}, "members[0]"),))),
    ("byob-gcp-bucket-shared-principal", Row(POLICY, (), ((policy("r", "serviceAccount:deploy@wandb-production.iam.gserviceaccount.com"), "members[0]"),))),
]  # fmt: skip
KEY = "gcp:kms/cryptoKey:CryptoKey"
KEY_ROWS: list[tuple[str, Row]] = [
    ("byob-gcp-key-rotation", Row(KEY, ({"rotationPeriod": "7776000s"}, {"rotationPeriod": "86400s", "purpose": "ENCRYPT_DECRYPT"}), (({}, "rotationPeriod"), ({"rotationPeriod": "7776001s"}, "rotationPeriod"), ({"rotationPeriod": "soon"}, "rotationPeriod")), ({"rotationPeriod": UNKNOWN},), ({"purpose": "ASYMMETRIC_SIGN"},))),
    ("byob-gcp-key-destroy-window", Row(KEY, ({}, {"destroyScheduledDuration": "2592000s"}), (({"destroyScheduledDuration": "86400s"}, "destroyScheduledDuration"), ({"destroyScheduledDuration": "x"}, "destroyScheduledDuration")), ({"destroyScheduledDuration": UNKNOWN},))),
    ("byob-gcp-key-enabled", Row(KEY, ({}, {"skipInitialVersionCreation": False}), (({"skipInitialVersionCreation": True}, "skipInitialVersionCreation"),), ({"skipInitialVersionCreation": UNKNOWN},))),
    ("byob-gcp-key-enabled", Row("gcp:kms/cryptoKeyVersion:CryptoKeyVersion", ({}, {"state": "ENABLED"}), (({"state": "DISABLED"}, "state"), ({"state": "DESTROY_SCHEDULED"}, "state"), ({"state": "DESTROYED"}, "state")), ({"state": UNKNOWN},))),
    ("byob-gcp-key-protect", Row(KEY, ({},), ())),
    ("byob-gcp-key-protect", Row("gcp:kms/keyRing:KeyRing", (), (({}, "protect"),), protect=False)),
    ("byob-gcp-key-wildcard-principal", Row(KEY_MEMBER, ({"member": AGENT},), (({"member": "allUsers"}, "member"),), ({"member": UNKNOWN},))),
    ("byob-gcp-key-wildcard-principal", Row("gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", ({"members": [AGENT]},), (({"members": ["allUsers"]}, "members[0]"),))),
    ("byob-gcp-key-wildcard-principal", Row("gcp:kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy", (policy(KEY_ROLE, AGENT),), ((policy(KEY_ROLE, "allUsers"), "members[0]"),))),
    ("byob-gcp-key-wandb", Row(KEY_MEMBER, ({"member": AGENT},), (({"member": NODE}, "member"),), ({"member": UNKNOWN},))),
    ("byob-gcp-key-wandb", Row("gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", (), (({"members": [AGENT, NODE]}, "members[1]"),))),
    ("byob-gcp-key-wandb", Row("gcp:kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy", (), ((policy(KEY_ROLE, NODE), "members[0]"),))),
    ("byob-gcp-key-grant-principals", Row(KEY_MEMBER, ({"member": AGENT}, {"member": NODE}, {"member": "user:admin@example.com"}), (({"member": STRANGER}, "member"), ({"member": "serviceAccount:service-1@gs-project-accounts.iam.example.com"}, "member")), ({"member": UNKNOWN},), changes={"principals": ("admin@example.com",)})),
    ("byob-gcp-key-grant-principals", Row("gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", (), (({"members": [AGENT, STRANGER]}, "members[1]"),))),
    ("byob-gcp-key-grant-principals", Row("gcp:kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy", (), ((policy(KEY_ROLE, STRANGER), "members[0]"),))),
    ("byob-gcp-key-grant-width", Row(KEY_MEMBER, ({"role": KEY_ROLE, "member": AGENT}, {"role": "roles/cloudkms.viewer", "member": STRANGER}, {"role": "roles/cloudkms.admin", "member": "user:admin@example.com"}), (({"role": "roles/cloudkms.admin", "member": AGENT}, "role"), ({"role": "roles/owner", "member": AGENT}, "role"), ({"member": AGENT}, "role")), ({"role": UNKNOWN, "member": AGENT}, {"role": "roles/owner", "member": UNKNOWN}), changes={"principals": ("admin@example.com",)})),
    ("byob-gcp-key-grant-width", Row("gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", ({"role": KEY_ROLE, "members": [AGENT]},), (({"role": "roles/editor", "members": [AGENT]}, "role"),))),
    ("byob-gcp-key-grant-width", Row("gcp:kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy", (policy(KEY_ROLE, AGENT),), ((policy("projects/p/roles/custom", AGENT), "policyData.bindings[0].role"),))),
    ("byob-gcp-signer", Row("gcp:serviceaccount/iAMMember:IAMMember", (signer(),), ((signer(member="allUsers"), "member"), (signer(member=STRANGER), "member"), (signer(role="roles/owner"), "role"), ({}, "role")), (signer(member=UNKNOWN),), below="wandb-byob:index:GcpByob")),
    ("byob-gcp-signer", Row("gcp:serviceaccount/iAMMember:IAMMember", (), (), spared=(signer(member="allUsers"),))),
]  # fmt: skip
ROWS = [*BUCKET_ROWS, *ACCESS_ROWS, *KEY_ROWS]
