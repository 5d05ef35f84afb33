"""Stores on AWS before Checkov.

Stores on other S3-compatible servers and on CoreWeave are not scanned, though they are made of the same provider's resources:
Checkov would miss there what only AWS has (public access blocks, KMS, access logs), and has no check of what such servers do.
"""

from __future__ import annotations

import json
from typing import Any

from byob_components.aws import AwsByob
from tests.mocks.aws import record
from tests.scanners.bridged import translate
from tests.scanners.subject import Change, Subject, broken, drop, put

KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
STORES: dict[str, dict[str, Any]] = {
    "default": {},
    "node role": {"principals": ["arn:aws:iam::830241207209:role/acme-node"]},
    "instance": {"level": "instance"},
    "minimal with paths": {"access": "minimal", "paths": ["vision", "nlp"]},
    "existing key": {"encryption": "existing_key", "kms_key_arn": KEY},
    "guarded key": {"kms_key_guard": ["arn:aws:iam::111122223333:role/break-glass"]},
    "key admins and users": {
        "kms_key_admins": ["arn:aws:iam::111122223333:role/security"],
        "kms_key_users": ["arn:aws:iam::111122223333:role/etl"],
    },
    "access logs": {"access_log_bucket": "acme-logs"},
    "suspended": {"suspended_paths": ["/"]},
    "provider's key": {"encryption": "provider_managed"},
    "credential": {"credential_keys": ["2026-05", "2026-11"]},
}
WAIVERS = {
    "CKV_AWS_18": "access logs cost money and need a bucket of their own: `access_log_bucket` names one",
    "CKV_AWS_144": "replication doubles the cost, and a copy elsewhere would need a grant and a key of its own",
    "CKV2_AWS_62": "W&B needs no notifications on a bucket that is reached by its own queue or by none",
}
CHOSEN = {
    "provider's key": {"CKV_AWS_145": "SSE-S3 is what was asked for: no customer key"},
    "credential": {
        "CKV_AWS_273": "a static identity is what W&B on another cloud needs: IAM knows no other that a key pair is for",
        "CKV_AWS_40": "the identity exists for this one policy: a group would only hide it",
    },
}
LOOKED_AT = {
    "default": {
        "CKV_AWS_7",  # key rotation
        "CKV_AWS_19",  # encryption at rest
        "CKV_AWS_20",  # no public read ACL
        "CKV_AWS_21",  # versioning
        "CKV_AWS_33",  # no wildcard principal in the key policy
        "CKV_AWS_53",  # the four public access blocks
        "CKV_AWS_54",
        "CKV_AWS_55",
        "CKV_AWS_56",
        "CKV_AWS_57",  # no public write ACL
        "CKV_AWS_70",  # no wildcard principal in the bucket policy
        "CKV_AWS_145",  # KMS by default
        "CKV_AWS_300",  # unfinished uploads are dropped
        "CKV2_AWS_6",  # the bucket has a public access block
        "CKV2_AWS_61",  # the bucket has a lifecycle
        "CKV2_AWS_64",  # the key has a policy
        "CKV2_AWS_65",  # ACLs are off
    }
}
JUDGED = {
    "aws_iam_access_key",
    "aws_iam_user",
    "aws_iam_user_policy",
    "aws_kms_key",
    "aws_s3_bucket",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
}


def policy(kind: str, statement: dict[str, Any]) -> Change:
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return put(kind, policy=document)


EVERYBODY = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Resource": "*"}
BY_AES = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
BY_NOTHING = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "none"}}
EXPIRY_ALONE = {"id": "x", "status": "Enabled", "expiration": {"days": 9}}
MUTANTS = {
    "no public access block": broken(drop("BucketPublicAccessBlock"), "CKV2_AWS_6"),
    "public ACLs": broken(put("BucketPublicAccessBlock", blockPublicAcls=False), "CKV_AWS_53", "CKV2_AWS_6"),
    "public policies": broken(put("BucketPublicAccessBlock", blockPublicPolicy=False), "CKV_AWS_54", "CKV2_AWS_6"),
    "public ACLs heeded": broken(put("BucketPublicAccessBlock", ignorePublicAcls=False), "CKV_AWS_55"),
    "public buckets unrestricted": broken(put("BucketPublicAccessBlock", restrictPublicBuckets=False), "CKV_AWS_56"),
    "no versioning": broken(drop("BucketVersioning"), "CKV_AWS_21"),
    "versioning suspended": broken(
        put("BucketVersioning", versioningConfiguration={"status": "Suspended"}), "CKV_AWS_21"
    ),
    "no encryption": broken(drop("BucketServerSideEncryptionConfiguration"), "CKV_AWS_145"),
    "a cipher that is none": broken(
        put("BucketServerSideEncryptionConfiguration", rules=[BY_NOTHING]), "CKV_AWS_19", "CKV_AWS_145"
    ),
    "S3's own key": broken(put("BucketServerSideEncryptionConfiguration", rules=[BY_AES]), "CKV_AWS_145"),
    "no key rotation": broken(put("Key", enableKeyRotation=False), "CKV_AWS_7"),
    "no lifecycle": broken(drop("BucketLifecycleConfiguration"), "CKV2_AWS_61"),
    "unfinished uploads stay": broken(put("BucketLifecycleConfiguration", rules=[EXPIRY_ALONE]), "CKV_AWS_300"),
    "an ACL for every reader": broken(put("Bucket", acl="public-read"), "CKV_AWS_20"),
    "an ACL for every writer": broken(put("Bucket", acl="public-read-write"), "CKV_AWS_20", "CKV_AWS_57"),
    "ACLs on": broken(put("BucketOwnershipControls", rule={"objectOwnership": "BucketOwnerPreferred"}), "CKV2_AWS_65"),
    "a bucket policy for everybody": broken(
        policy("BucketPolicy", {**EVERYBODY, "Action": "s3:GetObject"}), "CKV_AWS_70"
    ),
    "a key without a policy": broken(put("Key", policy=None), "CKV2_AWS_64"),
    "a key policy for everybody": broken(policy("Key", {**EVERYBODY, "Action": "kms:*"}), "CKV_AWS_33"),
}

AWS = Subject(
    name="aws",
    provider="aws",
    component=AwsByob,
    record=record,
    translate=translate,
    base={"deployment": "dedicated", "level": "team"},
    stores=STORES,
    waivers=WAIVERS,
    chosen=CHOSEN,
    looked_at=LOOKED_AT,
    ended={"access logs": {"CKV_AWS_18"}},
    judged=JUDGED,
    mutants=MUTANTS,
)
