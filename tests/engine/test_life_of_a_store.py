"""A store from its first preview to its last change: what the engine plans, does, leaves alone and mends."""

from __future__ import annotations

import json

import pytest

from sandbox.clouds.aws.accounts import CUSTOMER, NODE_ROLE
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws, changed
from tests.engine.workbench import UNKNOWN

pytestmark = pytest.mark.engine

ROOT = "arn:aws:iam::830241207209:root"
"""The documented principal of Dedicated Cloud."""
WHOLE_STORE = {
    "AwsByob vision",
    "AwsKey vision",
    "Key vision",
    "Alias vision",
    "AwsBucket vision",
    "Bucket vision",
    "BucketPublicAccessBlock vision",
    "BucketOwnershipControls vision",
    "BucketVersioning vision",
    "BucketServerSideEncryptionConfiguration vision",
    "BucketPolicy vision",
    "BucketCorsConfiguration vision",
    "BucketLifecycleConfiguration vision",
}
"""The thirteen registrations of a whole store."""
TEAM = {"deployment": "dedicated", "level": "team"}


def test_preview_up_no_op_and_changes_in_place(bench: Bench, aws: LocalAws) -> None:
    before = {b["Name"] for b in aws.client("s3").list_buckets()["Buckets"]}
    keys_before = len(aws.client("kms").list_keys()["Keys"])
    stack = bench(byob={**TEAM, "teams": {"vision": {}}})

    # The preview plans everything, knows what it cannot know, and makes nothing.
    preview = stack.preview().ok()
    assert preview.ops() == dict.fromkeys(WHOLE_STORE, "create")
    planned = preview.step("Stack byob-test").outputs["teams"]["vision"]
    assert [planned["kmsKeyId"], planned["handoffs"]] == [UNKNOWN] * 2
    assert planned["serverEnv"] == {}  # W&B runs this server: nothing to set, and that is known at once
    # The engine proposes a name in the preview, and another one in `up`: an address shown by a preview is not final.
    assert planned["storageAddresses"] == {"/": f"s3://{planned['bucketName']}"}
    assert preview.step("Bucket vision").outputs["arn"] == UNKNOWN
    assert preview.step("BucketPolicy vision").inputs["policy"] == UNKNOWN  # it names the bucket's ARN
    assert ROOT in preview.step("Key vision").inputs["policy"]  # the account is looked up in a preview too
    assert {b["Name"] for b in aws.client("s3").list_buckets()["Buckets"]} == before
    assert len(aws.client("kms").list_keys()["Keys"]) == keys_before
    assert [w for w in preview.messages("warning") if ROOT in w and "Narrower" in w]

    # `up` makes it; the outputs are what W&B takes.
    up = stack.up().ok()
    assert up.ops() == dict.fromkeys(WHOLE_STORE, "create")
    assert up.messages("warning") == []
    vision = stack.outputs()["teams"]["vision"]
    bucket, key = vision["bucketName"], vision["kmsKeyId"]
    assert bucket.startswith("vision-")
    assert bucket != planned["bucketName"]
    assert vision["storageAddresses"] == {"/": f"s3://{bucket}"}
    assert (vision["paths"], vision["region"], vision["principals"]) == (["/"], "eu-west-1", [ROOT])
    assert vision["handoffs"].keys() == {"/"}
    found = aws.bucket(bucket)
    assert found["versioning"] == "Enabled"
    assert found["encryption"]["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": key,
    }
    assert set(found["public access"].values()) == {True}
    assert found["tags"] == {"wandb-byob:store": "byob/test/vision"}
    assert list(aws.policy(bucket)) == [
        "DenyInsecureTransport",
        "DenyOldTls",
        "DenyCustomerProvidedKeys",
        "WAndBAccountAccess",
    ]
    made = aws.key(key)
    assert made["rotation"] is True
    assert made["policy"]["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{CUSTOMER}:root"}
    assert [a.startswith("alias/vision-") for a in made["aliases"]] == [True]

    # A second process finds nothing to do.
    again = stack.up("--expect-no-changes").ok()
    assert again.ops() == {}
    assert stack.preview("--expect-no-changes").ok().ops() == {}
    assert aws.bucket(bucket) == found

    # Changes touch what they concern, in place, and nothing else.
    stack.set(teams={"vision": {"paths": ["vision"]}})
    assert stack.up().ok().ops() == {}  # a documented grant covers the bucket; only the address knows the path
    assert stack.outputs()["teams"]["vision"]["storageAddresses"] == {"vision": f"s3://{bucket}/vision"}

    stack.set(teams={"vision": {"paths": ["vision"], "corsOrigins": ["https://wandb.example.com"]}})
    assert stack.up().ok().ops() == {"BucketCorsConfiguration vision": "update"}
    assert [r["AllowedOrigins"] for r in aws.cors(bucket) or []] == [["https://wandb.example.com"]]

    narrowed = {
        "paths": ["vision"],
        "access": "minimal",
        "principals": [NODE_ROLE],
        "corsOrigins": ["https://wandb.example.com"],
    }
    stack.set(teams={"vision": narrowed})
    changed = stack.up(preview=True).ok()
    assert changed.ops() == {"BucketPolicy vision": "update", "Key vision": "update"}
    assert changed.step("BucketPolicy vision").differs == ("policy",)
    assert changed.step("Key vision").differs == ("policy",)
    objects = aws.policy(bucket)["WAndBObjectAccess"]
    assert (objects["Principal"], objects["Resource"]) == ({"AWS": NODE_ROLE}, [f"arn:aws:s3:::{bucket}/vision/*"])
    users = [s["Principal"] for s in aws.key(key)["policy"]["Statement"] if s["Sid"] == "WAndBKeyUse"]
    assert users == [{"AWS": NODE_ROLE}]

    stack.set(teams={"vision": {**narrowed, "paths": ["vision", "archive"]}})
    assert stack.up().ok().ops() == {"BucketPolicy vision": "update"}
    assert aws.policy(bucket)["WAndBObjectAccess"]["Resource"] == [
        f"arn:aws:s3:::{bucket}/vision/*",
        f"arn:aws:s3:::{bucket}/archive/*",
    ]


def test_drift_behind_pulumis_back_is_shown_and_mended(bench: Bench, aws: LocalAws) -> None:
    stack = bench(byob={**TEAM, "teams": {"drift": {"tags": {"cost": "ml"}}}})
    stack.up().ok()
    drift = stack.outputs()["teams"]["drift"]
    bucket, key = drift["bucketName"], drift["kmsKeyId"]
    whole, whole_key = aws.bucket(bucket), aws.key(key)

    s3, kms = aws.client("s3"), aws.client("kms")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.delete_bucket_cors(Bucket=bucket)
    opened = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    opened["Statement"].append(
        {"Sid": "Friends", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
         "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    )  # fmt: skip
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(opened))
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "cost", "Value": "other"}]})
    s3.delete_public_access_block(Bucket=bucket)
    kms.disable_key_rotation(KeyId=key)

    # Without a refresh the engine trusts its state.
    assert stack.preview().ok().ops() == {}
    shown = stack.refresh().ok()
    assert shown.ops() == {
        "BucketVersioning drift": "update",
        "BucketCorsConfiguration drift": "delete",
        "BucketPolicy drift": "update",
        "Bucket drift": "update",
        "BucketPublicAccessBlock drift": "delete",
        "Key drift": "update",
    }

    mended = stack.up().ok()
    assert mended.ops() == {
        "BucketVersioning drift": "update",
        "BucketCorsConfiguration drift": "create",
        "BucketPolicy drift": "update",
        "Bucket drift": "update",
        "BucketPublicAccessBlock drift": "create",
        "Key drift": "update",
    }
    assert changed(whole, aws.bucket(bucket)) == {}
    assert changed(whole_key, aws.key(key)) == {}
    assert stack.preview("--refresh", "--expect-no-changes").ok().ops() == {}
