"""How each AWS resource rule judges each of its types: expected verdicts, written down."""

from __future__ import annotations

from byob_components.policies.tree import UNKNOWN
from tests.policies.rows import Row

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_V2 = "aws:s3/bucketV2:BucketV2"
BLOCK = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
CORS = {
    "allowedMethods": ["GET", "HEAD", "PUT"],
    "allowedOrigins": ["https://wandb.example.com"],
    "allowedHeaders": ["*"],
    "exposeHeaders": ["ETag"],
}


def sse(algorithm: object, key_id: object = None) -> dict[str, object]:
    """One encryption rule."""
    named = {} if key_id is None else {"kmsMasterKeyId": key_id}
    return {"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm, **named}}


def rule(**parts: object) -> dict[str, object]:
    """A lifecycle setting with one rule that is on."""
    return {"rules": [{"id": "one", "status": "Enabled", **parts}]}


def inline(**parts: object) -> dict[str, object]:
    """The same inline, in the legacy shape."""
    return {"lifecycleRules": [{"enabled": True, **parts}]}


TIER = {"accessTier": "ARCHIVE_ACCESS", "days": 90}
BUCKET_ROWS: list[tuple[str, Row]] = [
    (
        "byob-aws-bucket-versioning",
        Row(
            "aws:s3/bucketVersioning:BucketVersioning",
            good=({"versioningConfiguration": {"status": "Enabled"}},),
            bad=(
                ({"versioningConfiguration": {"status": "Suspended"}}, "versioningConfiguration.status"),
                ({"versioningConfiguration": {"status": "Disabled"}}, "versioningConfiguration.status"),
                ({"versioningConfiguration": {}}, "versioningConfiguration.status"),
                ({}, "versioningConfiguration.status"),
            ),
            unknown=({"versioningConfiguration": {"status": UNKNOWN}}, {"versioningConfiguration": UNKNOWN}),
        ),
    ),
    (
        "byob-aws-bucket-versioning",
        Row(
            BUCKET,
            good=({"versioning": {"enabled": True}}, {"versioning": {"enabled": "true"}}),
            bad=(({"versioning": {"enabled": False}}, "versioning.enabled"), ({"versioning": {}}, "versioning.enabled")),
            unknown=({"versioning": UNKNOWN}, {"versioning": {"enabled": UNKNOWN}}),
            spared=({},),
        ),
    ),
    (
        "byob-aws-bucket-versioning",
        Row(
            BUCKET_V2,
            good=({"versionings": [{"enabled": True}]},),
            bad=(({"versionings": [{"enabled": False}]}, "versionings[0].enabled"),),
            unknown=({"versionings": [UNKNOWN]},),
            spared=({},),
        ),
    ),
    (
        "byob-aws-bucket-public-access",
        Row(
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            good=(BLOCK,),
            bad=(
                *(({**BLOCK, name: False}, name) for name in BLOCK),
                ({k: v for k, v in BLOCK.items() if k != "ignorePublicAcls"}, "ignorePublicAcls"),
            ),
            unknown=({**BLOCK, "blockPublicPolicy": UNKNOWN},),
        ),
    ),
    (
        "byob-aws-bucket-acl",
        Row(
            BUCKET,
            good=({"acl": "private"}, {"grants": [{"type": "CanonicalUser", "id": "79a5", "permissions": ["READ"]}]}),
            bad=(
                ({"acl": "public-read"}, "acl"),
                ({"acl": "public-read-write"}, "acl"),
                ({"acl": "authenticated-read"}, "acl"),
                ({"grants": [{"type": "Group", "uri": ALL_USERS, "permissions": ["READ"]}]}, "grants[0].uri"),
            ),
            unknown=({"acl": UNKNOWN},),
            spared=({},),
        ),
    ),
    (
        "byob-aws-bucket-acl",
        Row(
            "aws:s3/bucketAcl:BucketAcl",
            good=({"acl": "bucket-owner-full-control"},),
            bad=(
                ({"acl": "public-read"}, "acl"),
                ({"accessControlPolicy": {"grants": [{"grantee": {"uri": ALL_USERS}}]}}, "grants[0].grantee.uri"),
            ),
            unknown=({"accessControlPolicy": {"grants": UNKNOWN}},),
            spared=({"accessControlPolicy": {}},),
        ),
    ),
    (
        "byob-aws-bucket-ownership",
        Row(
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            good=({"rule": {"objectOwnership": "BucketOwnerEnforced"}},),
            bad=(
                ({"rule": {"objectOwnership": "BucketOwnerPreferred"}}, "rule.objectOwnership"),
                ({"rule": {"objectOwnership": "ObjectWriter"}}, "rule.objectOwnership"),
                ({}, "rule.objectOwnership"),
            ),
            unknown=({"rule": UNKNOWN},),
        ),
    ),
    (
        "byob-aws-bucket-encryption",
        Row(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            good=(
                {"rules": [sse("aws:kms", KEY_ARN)]},
                {"rules": [sse("aws:kms:dsse", KEY_ARN)]},
                {"rules": [sse("AES256")]},
                {"rules": [sse("aws:kms", UNKNOWN)]},
            ),
            bad=(
                ({"rules": [sse("aws:kms")]}, "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId"),
                ({"rules": [sse("aws:kms", "")]}, "kmsMasterKeyId"),
                ({"rules": [sse("none")]}, "sseAlgorithm"),
                ({"rules": [{"bucketKeyEnabled": True}]}, "rules"),
                ({"rules": []}, "rules"),
            ),
            unknown=({"rules": UNKNOWN}, {"rules": [sse(UNKNOWN)]}),
        ),
    ),
    (
        "byob-aws-bucket-encryption",
        Row(
            BUCKET,
            good=({"serverSideEncryptionConfiguration": {"rule": sse("AES256")}},),
            bad=(({"serverSideEncryptionConfiguration": {"rule": sse("aws:kms")}}, "kmsMasterKeyId"),),
            unknown=({"serverSideEncryptionConfiguration": UNKNOWN},),
            spared=({},),
        ),
    ),
    (
        "byob-aws-bucket-encryption",
        Row(
            BUCKET_V2,
            good=({"serverSideEncryptionConfigurations": [{"rules": [sse("aws:kms", KEY_ARN)]}]},),
            bad=(({"serverSideEncryptionConfigurations": [{"rules": [sse("aws:kms")]}]}, "kmsMasterKeyId"),),
            spared=({},),
        ),
    ),
    ("byob-aws-bucket-protect", Row(BUCKET, good=(), bad=(({}, "protect"),), protect=False)),
    ("byob-aws-bucket-protect", Row(BUCKET, good=({},), bad=())),
    (
        "byob-aws-bucket-force-destroy",
        Row(BUCKET, good=({}, {"forceDestroy": False}), bad=(({"forceDestroy": True}, "forceDestroy"),), unknown=({"forceDestroy": UNKNOWN},)),
    ),
    (
        "byob-aws-bucket-object-lock",
        Row(
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            good=({"objectLockEnabled": "Enabled"},),
            bad=(({"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}}, "rule.defaultRetention"),),
            unknown=({"rule": UNKNOWN},),
        ),
    ),
    (
        "byob-aws-bucket-object-lock",
        Row(
            BUCKET,
            good=({"objectLockConfiguration": {"objectLockEnabled": "Enabled"}},),
            bad=(({"objectLockConfiguration": {"rule": {"defaultRetention": {"days": 3}}}}, "defaultRetention"),),
            unknown=({"objectLockConfiguration": UNKNOWN},),
            spared=({"objectLockEnabled": True},),
        ),
    ),
    (
        "byob-aws-bucket-requester-pays",
        Row(
            "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration",
            good=({"payer": "BucketOwner"},),
            bad=(({"payer": "Requester"}, "payer"),),
            unknown=({"payer": UNKNOWN},),
        ),
    ),
    (
        "byob-aws-bucket-requester-pays",
        Row(BUCKET, good=({"requestPayer": "BucketOwner"},), bad=(({"requestPayer": "Requester"}, "requestPayer"),), spared=({},)),
    ),
]  # fmt: skip

OBJECT_ROWS: list[tuple[str, Row]] = [
    *(
        (
            "byob-aws-bucket-cors",
            Row(
                type_,
                good=(
                    {"corsRules": [CORS]},
                    {"corsRules": [{**CORS, "allowedMethods": ["GET", "HEAD"]}, {**CORS, "allowedMethods": ["PUT"]}]},
                    {"corsRules": [{**CORS, "allowedOrigins": [UNKNOWN]}]},
                    {"corsRules": [CORS, {**CORS, "allowedMethods": UNKNOWN}]},
                ),
                bad=(
                    ({"corsRules": [{**CORS, "allowedMethods": ["GET", "HEAD"]}]}, "corsRules"),
                    ({"corsRules": [{**CORS, "allowedHeaders": ["content-type"]}]}, "corsRules"),
                    ({"corsRules": [{**CORS, "exposeHeaders": []}]}, "corsRules"),
                    ({"corsRules": [{**CORS, "allowedOrigins": []}]}, "corsRules"),
                ),
                unknown=({"corsRules": UNKNOWN}, {"corsRules": [{**CORS, "allowedMethods": UNKNOWN}]}),
                spared=({},) if type_ == BUCKET else (),
            ),
        )
        for type_ in ("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", BUCKET)
    ),
    (
        "byob-aws-bucket-cors-origins",
        Row(
            "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
            good=({"corsRules": [CORS]},),
            bad=(({"corsRules": [CORS, {**CORS, "allowedOrigins": ["https://a.example", "*"]}]}, "corsRules[1].allowedOrigins[1]"),),
            unknown=({"corsRules": [{**CORS, "allowedOrigins": [UNKNOWN]}]},),
        ),
    ),
    ("byob-aws-bucket-cors-origins", Row(BUCKET, good=({"corsRules": [CORS]},), bad=(), spared=({},))),
    (
        "byob-aws-bucket-expiry",
        Row(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            good=(
                rule(noncurrentVersionExpiration={"noncurrentDays": 30}, expiration={"expiredObjectDeleteMarker": True}),
                rule(transitions=[{"days": 30, "storageClass": "STANDARD_IA"}]),
                {"rules": [{"id": "off", "status": "Disabled", "expiration": {"days": 1}}]},
                rule(expiration={"days": 0}),
            ),
            bad=(
                (rule(expiration={"days": 365}), "rules[0].expiration"),
                (rule(expiration={"date": "2027-01-01"}, filter={"prefix": "tmp/"}), "rules[0].expiration"),
                (rule(expiration={"days": UNKNOWN}), "rules[0].expiration"),
                (rule(transitions=[{"days": 30, "storageClass": "GLACIER"}]), "rules[0].transitions[0]"),
                (rule(transitions=[{"days": 30, "storageClass": "DEEP_ARCHIVE"}]), "rules[0].transitions[0]"),
            ),
            unknown=({"rules": UNKNOWN}, rule(transitions=[{"storageClass": UNKNOWN}])),
        ),
    ),
    (
        "byob-aws-bucket-expiry",
        Row(
            BUCKET,
            good=(inline(noncurrentVersionExpiration={"days": 30}), {"lifecycleRules": [{"enabled": False, "expiration": {"days": 1}}]}),
            bad=((inline(expiration={"days": 30}), "lifecycleRules[0].expiration"),),
            unknown=({"lifecycleRules": UNKNOWN},),
            spared=({},),
        ),
    ),
    (
        "byob-aws-bucket-expiry",
        Row(
            "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
            good=({"status": "Disabled", "tierings": [TIER]}, {"status": "Enabled", "tierings": []}),
            bad=(({"tierings": [TIER]}, "tierings[0]"), ({"status": "Enabled", "tierings": [{"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180}]}, "tierings[0]")),
            unknown=({"status": UNKNOWN, "tierings": [TIER]}, {"tierings": [{"accessTier": UNKNOWN}]}),
        ),
    ),
    (
        "byob-aws-bucket-one-zone",
        Row(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            good=(rule(transitions=[{"storageClass": "STANDARD_IA"}]), {"rules": [{"status": "Disabled", "transitions": [{"storageClass": "ONEZONE_IA"}]}]}),
            bad=((rule(transitions=[{"storageClass": "STANDARD_IA"}, {"storageClass": "ONEZONE_IA"}]), "rules[0].transitions[1]"),),
            unknown=(rule(transitions=[{"storageClass": UNKNOWN}]), {"rules": UNKNOWN}),
        ),
    ),
    ("byob-aws-bucket-one-zone", Row(BUCKET, good=(), bad=((inline(transitions=[{"storageClass": "ONEZONE_IA"}]), "lifecycleRules[0].transitions[0]"),), spared=({},))),
    (
        "byob-aws-bucket-noncurrent-days",
        Row(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            good=(rule(noncurrentVersionExpiration={"noncurrentDays": 7}), rule(expiration={"days": 1})),
            bad=((rule(noncurrentVersionExpiration={"noncurrentDays": 6}), "noncurrentDays"),),
            unknown=(rule(noncurrentVersionExpiration=UNKNOWN),),
        ),
    ),
    (
        "byob-aws-bucket-noncurrent-days",
        Row(BUCKET, good=(inline(noncurrentVersionExpiration={"days": 8}),), bad=((inline(noncurrentVersionExpiration={"days": 1}), "days"),), spared=({},)),
    ),
    (
        "byob-aws-bucket-upload-days",
        Row(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            good=(rule(abortIncompleteMultipartUpload={"daysAfterInitiation": 2}), rule()),
            bad=((rule(abortIncompleteMultipartUpload={"daysAfterInitiation": 1}), "daysAfterInitiation"),),
            unknown=(rule(abortIncompleteMultipartUpload={"daysAfterInitiation": UNKNOWN}),),
        ),
    ),
    (
        "byob-aws-bucket-upload-days",
        Row(BUCKET, good=(inline(abortIncompleteMultipartUploadDays=7),), bad=((inline(abortIncompleteMultipartUploadDays=1), "UploadDays"),), spared=({},)),
    ),
]  # fmt: skip

ROWS = [*BUCKET_ROWS, *OBJECT_ROWS]
