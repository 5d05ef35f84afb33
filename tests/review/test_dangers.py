"""Each danger: what raises it, and what is near and does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from byob_components.review.dangers import find
from byob_components.review.reading import SECRET, UNKNOWN
from tests.review.plans import BUCKET, plan, step

WANDB = "arn:aws:iam::725579432336:role/WandbIntegration"
GCP = "gcp:storage/bucket:Bucket"
GCP_WANDB = "serviceAccount:deploy@wandb-production.iam.gserviceaccount.com"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
KEY = "aws:kms/key:Key"
BLOBS = "azure-native:storage:BlobServiceProperties"
LOCK = "azure-native:authorization:ManagementLockByScope"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"bucket": "data", "policy": json.dumps({"Statement": list(statements)})}


def allow(who: Any, action: Any = "s3:GetObject", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": who}, "Action": action, "Resource": "arn:aws:s3:::data/*", **more}


def noncurrent(days: Any) -> dict[str, Any]:
    return {"rules": [{"id": "old", "status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": days}}]}


def cors(methods: Any, expose: Any = ("ETag",)) -> dict[str, Any]:
    return {"corsRules": [{"allowedMethods": list(methods), "exposeHeaders": list(expose), "allowedOrigins": ["*"]}]}


def sse(key: Any) -> dict[str, Any]:
    return {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}}]}


DENY = {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip
ON, OFF = {"versioningConfiguration": {"status": "Enabled"}}, {"versioningConfiguration": {"status": "Suspended"}}
FOUR = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
SOFT = {"softDeletePolicy": {"retentionDurationSeconds": 604800}}
ALL = ["GET", "HEAD", "PUT"]

RAISES: list[tuple[str, dict[str, Any], str]] = [
    ("BYOB-REV-001", step(BUCKET, "delete", {}), "what is in it goes too"),
    ("BYOB-REV-001", step("azure-native:storage/v20240101:StorageAccount", "delete", {}), "what is in it goes too"),
    ("BYOB-REV-001", step(KEY, "delete", {}), "what was encrypted with it can no longer be read"),
    ("BYOB-REV-002", step(GCP, "replace", {}, {}, replaceReasons=["location"]), "replaced because of location"),
    ("BYOB-REV-002", step(BUCKET, "delete-replaced", {}), "replaced because of a property that cannot change in place"),
    ("BYOB-REV-003", step(BUCKET, "same", {}, {}, protect=(True, False)), "protect is true, and becomes false"),
    ("BYOB-REV-003", step("gcp:kms/cryptoKey:CryptoKey", "update", {}, {}, protect=(True, False)), "protect is true"),
    ("BYOB-REV-004", step(BUCKET, "update", {"forceDestroy": False}, {"forceDestroy": True}), "forceDestroy becomes true"),
    ("BYOB-REV-004", step(GCP, "create", None, {"forceDestroy": True}), "forceDestroy becomes true"),
    ("BYOB-REV-005", step(VERSIONING, "update", ON, OFF), "Enabled becomes Suspended"),
    ("BYOB-REV-005", step(VERSIONING, "delete", ON), "Enabled becomes nothing"),
    ("BYOB-REV-005", step(GCP, "update", {"versioning": {"enabled": True}}, {}), "true becomes nothing"),
    ("BYOB-REV-005", step(BUCKET, "update", {"versioning": {"enabled": True}}, {"versioning": {"enabled": False}}), "true becomes false"),
    ("BYOB-REV-005", step(BLOBS, "update", {"isVersioningEnabled": True}, {"isVersioningEnabled": False}), "true becomes false"),
    ("BYOB-REV-006", step(GCP, "update", {"softDeletePolicy": {"retentionDurationSeconds": 2592000}}, SOFT), "soft delete: 30 days becomes 7 days"),
    ("BYOB-REV-006", step(GCP, "update", SOFT, {"softDeletePolicy": {"retentionDurationSeconds": 0}}), "soft delete: 7 days becomes 0 days"),
    ("BYOB-REV-006", step(GCP, "update", {"softDeletePolicy": {"retentionDurationSeconds": 2592000}}, {}), "soft delete: 30 days becomes 7 days"),
    ("BYOB-REV-006", step(BLOBS, "update", {"deleteRetentionPolicy": {"enabled": True, "days": 7}}, {}), "soft delete of blobs: 7 days becomes 0 days"),
    (
        "BYOB-REV-006",
        step(BLOBS, "update", {"containerDeleteRetentionPolicy": {"enabled": True, "days": 30}}, {"containerDeleteRetentionPolicy": {"enabled": True, "days": 3}}),
        "soft delete of containers: 30 days becomes 3 days",
    ),
    ("BYOB-REV-007", step(LIFECYCLE, "update", noncurrent(30), noncurrent(5)), "noncurrent versions: 30 days becomes 5 days"),
    ("BYOB-REV-007", step(LIFECYCLE, "update", {"rules": []}, noncurrent(5)), "noncurrent versions: for ever becomes 5 days"),
    (
        "BYOB-REV-007",
        step(GCP, "update", {"lifecycleRules": []}, {"lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 9, "withState": "ARCHIVED"}}]}),
        "noncurrent versions: for ever becomes 9 days",
    ),
    ("BYOB-REV-008", step(LIFECYCLE, "create", None, {"rules": [{"id": "x", "status": "Enabled", "expiration": {"days": 90}}]}), "rule 'x' expires current objects after 90"),
    ("BYOB-REV-008", step(LIFECYCLE, "update", {"rules": []}, {"rules": [{"id": "x", "status": "Enabled", "transitions": [{"days": 1, "storageClass": "DEEP_ARCHIVE"}]}]}), "rule 'x' archives current objects to DEEP_ARCHIVE"),
    ("BYOB-REV-008", step(GCP, "update", {}, {"lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 9}}]}), "rule 'every object' deletes current objects"),
    ("BYOB-REV-008", step(GCP, "update", {}, {"lifecycleRules": [{"action": {"type": "SetStorageClass", "storageClass": "ARCHIVE"}, "condition": {"age": 9}}]}), "archives current objects to ARCHIVE"),
    ("BYOB-REV-009", step(CORS, "update", cors(ALL), cors(["GET"])), "HEAD, PUT no longer allowed"),
    ("BYOB-REV-009", step(CORS, "delete", cors(ALL)), "GET, HEAD, PUT no longer allowed"),
    ("BYOB-REV-009", step(CORS, "update", cors(ALL), cors(ALL, ["x-amz-meta"])), "ETag is no longer exposed"),
    ("BYOB-REV-009", step(GCP, "update", {"cors": [{"methods": ALL, "responseHeaders": ["*"]}]}, {"cors": [{"methods": ["GET", "HEAD"], "responseHeaders": ["*"]}]}), "PUT no longer allowed"),
    (
        "BYOB-REV-009",
        step(BLOBS, "update", {"cors": {"corsRules": [{"allowedMethods": ALL, "exposedHeaders": ["*"]}]}}, {"cors": {"corsRules": []}}),
        "GET, HEAD, PUT no longer allowed",
    ),
    ("BYOB-REV-010", step(BLOCK, "update", dict.fromkeys(FOUR, True), {**dict.fromkeys(FOUR, True), "blockPublicPolicy": False}), "blockPublicPolicy becomes false"),
    ("BYOB-REV-010", step(GCP, "update", {"publicAccessPrevention": "enforced"}, {"publicAccessPrevention": "inherited"}), "publicAccessPrevention becomes inherited"),
    ("BYOB-REV-010", step("azure-native:storage:StorageAccount", "update", {"allowBlobPublicAccess": False}, {"allowBlobPublicAccess": True}), "allowBlobPublicAccess becomes true"),
    ("BYOB-REV-011", step(SSE, "update", sse("key-1"), sse("key-2")), "the key key-1 becomes key-2"),
    ("BYOB-REV-011", step(SSE, "delete", sse("key-1")), "the key key-1 becomes nothing"),
    ("BYOB-REV-011", step(GCP, "update", {"encryption": {"defaultKmsKeyName": "k"}}, {}), "the key k becomes nothing"),
    ("BYOB-REV-012", step(KEY, "update", {"enableKeyRotation": True}, {"enableKeyRotation": False}), "enableKeyRotation becomes false"),
    ("BYOB-REV-012", step(KEY, "update", {"isEnabled": True}, {"isEnabled": False}), "isEnabled becomes false"),
    ("BYOB-REV-012", step(KEY, "update", {"deletionWindowInDays": 30}, {"deletionWindowInDays": 7}), "deletionWindowInDays: 30 becomes 7"),
    ("BYOB-REV-012", step("gcp:kms/cryptoKey:CryptoKey", "update", {"rotationPeriod": "7776000s"}, {}), "rotationPeriod goes"),
    ("BYOB-REV-012", step("gcp:kms/cryptoKey:CryptoKey", "update", {"destroyScheduledDuration": "2592000s"}, {"destroyScheduledDuration": "86400s"}), "2592000s becomes 86400s"),
    ("BYOB-REV-012", step("azure-native:keyvault:Vault", "update", {"enablePurgeProtection": True}, {}), "enablePurgeProtection becomes nothing"),
    ("BYOB-REV-013", step(POLICY, "update", policy(DENY), policy(DENY, allow("*"))), "everybody may s3:GetObject on arn:aws:s3:::data/*"),
    ("BYOB-REV-013", step(MEMBER, "create", None, {"bucket": "b", "role": "roles/storage.objectViewer", "member": "allUsers"}), "everybody may roles/storage.objectViewer on b"),
    ("BYOB-REV-014", step(POLICY, "update", policy(allow(WANDB, ["s3:GetObject", "s3:PutObject"])), policy(allow(WANDB))), "no longer"),
    ("BYOB-REV-014", step(MEMBER, "delete", {"bucket": "b", "role": "roles/storage.admin", "member": GCP_WANDB}), f"{GCP_WANDB} (W&B Dedicated Cloud) may roles/storage.admin on b"),
    ("BYOB-REV-015", step(POLICY, "update", policy(DENY), policy()), "everybody may not s3:* on *"),
    ("BYOB-REV-016", step(LOCK, "delete", {}), "the lock is deleted"),
    ("BYOB-REV-018", step(POLICY, "create", None, {"bucket": "b", "policy": UNKNOWN}), "what becomes of data"),
]  # fmt: skip

QUIET: list[dict[str, Any]] = [
    step(BUCKET, "create", None, {"bucket": "b"}),
    step(BUCKET, "update", {"tags": {}}, {"tags": {"a": "b"}}),
    step(BUCKET, "delete", {}, retained=True),
    step(BUCKET, "same", {}, {}, protect=(False, True)),
    step("aws:sqs/queue:Queue", "delete", {}),
    step("aws:sqs/queue:Queue", "same", {}, {}, protect=(True, False)),
    step(BUCKET, "update", {"forceDestroy": True}, {"forceDestroy": False}),
    step(VERSIONING, "update", OFF, ON),
    step(VERSIONING, "update", ON, {"versioningConfiguration": {"status": UNKNOWN}}),
    step(GCP, "update", SOFT, {"softDeletePolicy": {"retentionDurationSeconds": 2592000}}),
    step(GCP, "update", SOFT, {"softDeletePolicy": UNKNOWN}),
    step(GCP, "update", SOFT, {}),
    step(BLOBS, "update", {"deleteRetentionPolicy": {"enabled": True, "days": 7}}, {"deleteRetentionPolicy": {"enabled": True, "days": UNKNOWN}}),
    step(LIFECYCLE, "create", None, noncurrent(5)),
    step(LIFECYCLE, "update", noncurrent(5), noncurrent(30)),
    step(LIFECYCLE, "update", noncurrent(30), noncurrent(UNKNOWN)),
    step(LIFECYCLE, "update", {"rules": []}, {"rules": [{"id": "x", "status": "Disabled", "expiration": {"days": 90}}]}),
    step(LIFECYCLE, "update", {"rules": []}, {"rules": [{"id": "x", "status": "Enabled", "expiration": {"expiredObjectDeleteMarker": True}}]}),
    step(LIFECYCLE, "update", {"rules": []}, {"rules": [{"id": "x", "status": "Enabled", "transitions": [{"days": 1, "storageClass": "STANDARD_IA"}]}]}),
    step(GCP, "update", {}, {"lifecycleRules": [{"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 9}}]}),
    step(CORS, "create", None, cors(["GET"])),
    step(CORS, "update", cors(ALL), cors([*ALL, "POST"], ["ETag", "x-amz-meta"])),
    step(CORS, "update", cors(ALL), cors(ALL, ["*"])),
    step(CORS, "update", cors(ALL), {"corsRules": UNKNOWN}),
    step(BLOCK, "update", dict.fromkeys(FOUR, False), dict.fromkeys(FOUR, True)),
    step(SSE, "create", None, sse("key-1")),
    step(SSE, "update", {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]}, sse("key-1")),
    step(KEY, "update", {"deletionWindowInDays": 7}, {"deletionWindowInDays": 30}),
    step(POLICY, "update", policy(DENY), policy(DENY, allow("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))),
    step(POLICY, "update", policy(allow(WANDB)), policy(allow(WANDB, ["s3:GetObject", "s3:PutObject"]))),
    step(POLICY, "update", policy(allow(WANDB)), policy(allow(WANDB, "s3:Get*"))),
    step(POLICY, "update", policy(allow("arn:aws:iam::111122223333:root")), policy()),
    step(POLICY, "update", policy({**DENY, "Resource": "a"}), policy(DENY)),
    step(MEMBER, "replace", {"bucket": "b", "role": "roles/storage.admin", "member": GCP_WANDB}, {"bucket": "b", "role": "roles/storage.objectUser", "member": GCP_WANDB}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "change", "text"), RAISES)
def test_a_danger_is_found_and_nothing_else(code: str, change: dict[str, Any], text: str) -> None:
    found = find(plan(change))
    assert [one.code for one in found] == [code]
    assert text in found[0].text
    assert found[0].urn == change["urn"]


def test_every_code_is_raised_by_a_row() -> None:
    from byob_components.review.danger import CODES

    assert {code for code, _, _ in RAISES} | {"BYOB-REV-017"} == CODES.keys()


@pytest.mark.parametrize("change", QUIET)
def test_what_is_near_a_danger_and_none_is_quiet(change: dict[str, Any]) -> None:
    assert find(plan(change)) == []


def test_a_plan_that_is_not_whole_is_a_danger_of_its_own() -> None:
    messages = [
        {
            "severity": "error",
            "message": "error: Preview failed: resource x cannot be deleted\nbecause it is protected",
        },
        {"severity": "error", "message": "error: preview failed\n"},
        {"severity": "warning", "message": "warning: shared"},
    ]
    found = find(plan(diagnostics=messages))
    assert [(one.code, one.text) for one in found] == [("BYOB-REV-017", "Preview failed: resource x cannot be deleted")]
    alone = [{"severity": "error", "message": "error: preview failed\n"}]
    assert [one.code for one in find(plan(diagnostics=alone))] == ["BYOB-REV-017"]


def test_settings_that_go_with_their_bucket_are_told_once() -> None:
    steps = (
        step(BUCKET, "delete", {"bucket": "b"}),
        step(VERSIONING, "delete", {**ON, "bucket": "b"}),
        step(BLOCK, "delete", {**dict.fromkeys(FOUR, True), "bucket": "b"}),
        step(POLICY, "delete", {**policy(allow(WANDB), DENY), "bucket": "b"}),
    )
    assert [one.code for one in find(plan(*steps))] == ["BYOB-REV-001"]
    other = step(VERSIONING, "delete", {**ON, "bucket": "another"}, name="other")
    assert [one.code for one in find(plan(*steps, other))] == ["BYOB-REV-001", "BYOB-REV-005"]


def test_what_is_forgotten_stays_and_is_no_danger() -> None:
    kept = plan(
        step(POLICY, "delete", policy(allow(WANDB), DENY), retained=True), step(KEY, "delete", {}, retained=True)
    )
    assert find(kept) == []


def test_a_policy_that_is_a_secret_is_said_to_be_unreadable() -> None:
    found = find(plan(step(POLICY, "update", policy(allow(WANDB)), {"bucket": "b", "policy": SECRET})))
    assert [one.code for one in found] == ["BYOB-REV-018"]
