"""S3 types through their whole life."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import ACCOUNT, Life, by_key, live, policy

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("aws-handlers")]

BUCKET_POLICY = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Resource": ["arn:aws:s3:::life-policy/*"]}
QUEUE_POLICY = {"Principal": {"Service": "s3.amazonaws.com"}, "Resource": "*"}
FLAGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def s3(world: World) -> Any:
    return world.client("s3")


def _rule(**more: Any) -> dict[str, Any]:
    return {
        "id": "old",
        "status": "Enabled",
        "filter": {},
        "noncurrentVersionExpiration": {"noncurrentDays": 30},
        **more,
    }


def _open_queue(world: World, name: str) -> str:
    """A queue that S3 may write to."""
    url = world.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    allowed = json.dumps(policy("sqs:SendMessage", **QUEUE_POLICY))
    world.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": allowed})
    return f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{name}"


LIVES = {
    "bucket": Life(
        "aws:s3/bucket:Bucket",
        lambda w: {"bucket": "life-bucket", "tags": {"a": "1", "b": "2"}},
        {"tags": {"b": "3", "c": "4"}},
        lambda w, t: by_key(s3(w).get_bucket_tagging(Bucket=t.id)["TagSet"]),
        {"a": "1", "b": "2"},
        {"b": "3", "c": "4"},
        "NoSuchBucket",
        {"forceDestroy": False},
    ),
    "public access block": Life(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        lambda w: {"bucket": w.bucket("life-pab"), "blockPublicAcls": True, "blockPublicPolicy": True},
        {"ignorePublicAcls": True, "restrictPublicBuckets": True},
        lambda w, t: [s3(w).get_public_access_block(Bucket=t.id)["PublicAccessBlockConfiguration"][f] for f in FLAGS],
        [True, True, False, False],
        [True, True, True, True],
        "NoSuchPublicAccessBlockConfiguration",
    ),
    "ownership controls": Life(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        lambda w: {"bucket": w.bucket("life-own"), "rule": {"objectOwnership": "BucketOwnerPreferred"}},
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        lambda w, t: s3(w).get_bucket_ownership_controls(Bucket=t.id)["OwnershipControls"]["Rules"],
        [{"ObjectOwnership": "BucketOwnerPreferred"}],
        [{"ObjectOwnership": "BucketOwnerEnforced"}],
        "OwnershipControlsNotFoundError",
    ),
    "versioning": Life(
        "aws:s3/bucketVersioning:BucketVersioning",
        lambda w: {"bucket": w.bucket("life-versions"), "versioningConfiguration": {"status": "Suspended"}},
        {"versioningConfiguration": {"status": "Enabled"}},
        lambda w, t: s3(w).get_bucket_versioning(Bucket=t.id)["Status"],
        "Suspended",
        "Enabled",
        "Suspended",
    ),
    "encryption": Life(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        lambda w: {
            "bucket": w.bucket("life-sse"),
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        },
        {
            "rules": [
                {
                    "applyServerSideEncryptionByDefault": {
                        "sseAlgorithm": "aws:kms",
                        "kmsMasterKeyId": "arn:aws:kms:eu-west-1:111122223333:key/k",
                    },
                    "bucketKeyEnabled": True,
                }
            ]
        },
        lambda w, t: [
            (
                r["ApplyServerSideEncryptionByDefault"].get("SSEAlgorithm"),
                r["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID"),
                bool(r.get("BucketKeyEnabled")),
            )
            for r in s3(w).get_bucket_encryption(Bucket=t.id)["ServerSideEncryptionConfiguration"]["Rules"]
        ],
        [("AES256", None, False)],
        [("aws:kms", "arn:aws:kms:eu-west-1:111122223333:key/k", True)],
        [("AES256", None, False)],
    ),
    "bucket policy": Life(
        "aws:s3/bucketPolicy:BucketPolicy",
        lambda w: {"bucket": w.bucket("life-policy"), "policy": json.dumps(policy("s3:GetObject", **BUCKET_POLICY))},
        {"policy": json.dumps(policy("s3:GetObject", "s3:PutObject", **BUCKET_POLICY))},
        lambda w, t: json.loads(s3(w).get_bucket_policy(Bucket=t.id)["Policy"])["Statement"][0]["Action"],
        ["s3:GetObject"],
        ["s3:GetObject", "s3:PutObject"],
        "NoSuchBucketPolicy",
    ),
    "cors": Life(
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        lambda w: {
            "bucket": w.bucket("life-cors"),
            "corsRules": [{"allowedMethods": ["GET", "PUT"], "allowedOrigins": ["*"], "exposeHeaders": ["ETag"]}],
        },
        {
            "corsRules": [
                {
                    "allowedMethods": ["GET"],
                    "allowedOrigins": ["https://w.example"],
                    "allowedHeaders": ["*"],
                    "maxAgeSeconds": 60,
                }
            ]
        },
        lambda w, t: s3(w).get_bucket_cors(Bucket=t.id)["CORSRules"],
        [{"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["*"], "ExposeHeaders": ["ETag"]}],
        [
            {
                "AllowedMethods": ["GET"],
                "AllowedOrigins": ["https://w.example"],
                "AllowedHeaders": ["*"],
                "MaxAgeSeconds": 60,
            }
        ],
        "NoSuchCORSConfiguration",
    ),
    "lifecycle": Life(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        lambda w: {"bucket": w.bucket("life-cycle"), "rules": [_rule()]},
        {
            "rules": [
                _rule(filter={"prefix": "p/"}),
                {
                    "id": "uploads",
                    "status": "Disabled",
                    "filter": {},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                },
                {
                    "id": "both",
                    "status": "Enabled",
                    "filter": {"and": {"prefix": "x/", "tags": {"k": "v"}}},
                    "transitions": [{"days": 40, "storageClass": "STANDARD_IA"}],
                },
            ]
        },
        lambda w, t: [
            (
                r["ID"],
                r["Status"],
                r.get("Filter"),
                r.get("NoncurrentVersionExpiration"),
                r.get("AbortIncompleteMultipartUpload"),
                r.get("Transitions"),
            )
            for r in s3(w).get_bucket_lifecycle_configuration(Bucket=t.id)["Rules"]
        ],
        [("old", "Enabled", {"Prefix": ""}, {"NoncurrentDays": 30}, None, None)],
        [
            ("old", "Enabled", {"Prefix": "p/"}, {"NoncurrentDays": 30}, None, None),
            ("uploads", "Disabled", {"Prefix": ""}, None, {"DaysAfterInitiation": 7}, None),
            (
                "both",
                "Enabled",
                {"And": {"Prefix": "x/", "Tags": [{"Key": "k", "Value": "v"}], "ObjectSizeGreaterThan": 0}},
                None,
                None,
                [{"Days": 40, "StorageClass": "STANDARD_IA"}],
            ),
        ],
        "NoSuchLifecycleConfiguration",
        {"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
    ),
    "logging": Life(
        "aws:s3/bucketLogging:BucketLogging",
        lambda w: {"bucket": w.bucket("life-logged"), "targetBucket": w.bucket("life-logs"), "targetPrefix": "a/"},
        {"targetPrefix": "b/"},
        lambda w, t: s3(w).get_bucket_logging(Bucket=t.id).get("LoggingEnabled", {}).get("TargetPrefix"),
        "a/",
        "b/",
        None,
    ),
    "notification": Life(
        "aws:s3/bucketNotification:BucketNotification",
        lambda w: {
            "bucket": w.bucket("life-events"),
            "queues": [
                {"queueArn": _open_queue(w, "life-events"), "events": ["s3:ObjectCreated:*"], "filterPrefix": "a/"}
            ],
        },
        {
            "queues": [
                {
                    "queueArn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:life-events",
                    "events": ["s3:ObjectRemoved:*"],
                    "id": "mine",
                }
            ]
        },
        lambda w, t: [
            (q["QueueArn"].rsplit(":", 1)[1], q["Events"], q.get("Filter"))
            for q in s3(w).get_bucket_notification_configuration(Bucket=t.id).get("QueueConfigurations", [])
        ],
        [("life-events", ["s3:ObjectCreated:*"], {"Key": {"FilterRules": [{"Name": "prefix", "Value": "a/"}]}})],
        [("life-events", ["s3:ObjectRemoved:*"], None)],
        [],
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_life(world: World, name: str) -> None:
    live(LIVES[name], world)
