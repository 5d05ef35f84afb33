"""A bucket that exists, made by somebody else with boto3, taken over without being made anew: the commands of docs/lifecycle.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.clouds.aws.accounts import NODE_ROLE, REGION
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws, changed
from tests.engine.workbench import Workbench

pytestmark = pytest.mark.engine

TEAM = {"deployment": "dedicated", "level": "team"}
BUCKET = "adopted-store"


def made_by_hand(aws: LocalAws) -> str:
    """A bucket as people make them: versioned and encrypted with a key of its own, a policy, other CORS; its key."""
    s3, kms = aws.client("s3"), aws.client("kms")
    key: str = kms.create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "owner", "Value": "ml"}]})
    s3.put_bucket_encryption(
        Bucket=BUCKET,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
                    "BucketKeyEnabled": True,
                }
            ]
        },
    )
    s3.put_bucket_cors(
        Bucket=BUCKET,
        CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://old.example.com"]}]},
    )
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [ANALYSTS]}))
    return key


ANALYSTS = {
    "Sid": "Analysts",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "s3:GetObject",
    "Resource": f"arn:aws:s3:::{BUCKET}/public/*",
}
THERE = {
    "Bucket",
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketCorsConfiguration",
}
"""What S3 has for such a bucket; it has no lifecycle configuration. Every one's id is the bucket's name."""


def import_entries(stack: Workbench, there: set[str], ids: dict[str, str]) -> dict[str, Any]:
    """Step 1 and 2: the engine's own list, without what does not exist, with the ids filled in."""
    file = stack.folder / "wanted.json"
    stack.preview("--import-file", str(file)).ok()
    wanted: dict[str, Any] = json.loads(file.read_text())
    kept = []
    for entry in wanted["resources"]:
        kind = entry["type"].rsplit(":", 1)[-1]
        if entry.get("component") or entry["type"].startswith("pulumi:"):
            kept.append(entry)
        elif kind in there:
            assert entry["id"] == "<PLACEHOLDER>"
            kept.append({**entry, "id": ids.get(kind, ids["Bucket"])})
    return {**wanted, "resources": kept}


def test_a_bucket_made_by_hand_is_taken_over_in_place(bench: Bench, aws: LocalAws) -> None:
    key = made_by_hand(aws)
    aws.put(BUCKET, "run/data")
    before, objects = aws.bucket(BUCKET), aws.bucket(BUCKET)["objects"]
    team = {
        "bucketName": BUCKET,
        "encryption": "existing_key",
        "kmsKeyArn": key,
        "principals": [NODE_ROLE],
        "tags": {"owner": "ml"},
        "bucketPolicyStatements": [ANALYSTS],
    }
    stack = bench(byob={**TEAM, "teams": {"vision": team}})
    imported = stack.import_file(import_entries(stack, THERE, {"Bucket": BUCKET})).ok()
    assert {n for n, op in imported.ops().items() if op == "import"} >= {f"{kind} vision" for kind in THERE}
    assert changed(before, aws.bucket(BUCKET)) == {}

    # The preview shows what differs and what is missing; nothing would be made anew.
    preview = stack.preview().ok()
    grant = next(n for n in preview.ops() if n.startswith("Grant "))
    assert preview.ops() == {
        "Bucket vision": "update",  # our tag
        "BucketPolicy vision": "update",
        "BucketCorsConfiguration vision": "update",
        "BucketLifecycleConfiguration vision": "create",
        grant: "create",
    }
    up = stack.up().ok()
    assert up.ops() == preview.ops()
    assert stack.preview("--expect-no-changes").ok().ops() == {}
    after = aws.bucket(BUCKET)
    assert after["objects"] == objects
    assert after["policy"]["Statement"][-1] == ANALYSTS
    assert changed(before, after).keys() == {"tags", "policy", "cors", "lifecycle"}
    stack.set(teams={})
    stack.preview().refused("because it is protected")


def test_what_is_exactly_as_wanted_is_imported_without_a_change(bench: Bench, aws: LocalAws) -> None:
    """A whole store with its key, known to no state: the import changes nothing, and no preview after it either."""
    team = {"bucketName": "adopted-whole", "kmsAliasName": "alias/adopted-whole"}
    maker = bench(byob={**TEAM, "teams": {"vision": team}})
    maker.up().ok()
    store = maker.outputs()["teams"]["vision"]
    before = {**aws.bucket("adopted-whole"), "key": aws.key(store["kmsKeyId"])}

    heir = bench(byob={**TEAM, "teams": {"vision": team}})  # the same project and stack name with an empty state
    ids = {"Bucket": "adopted-whole", "Key": store["kmsKeyId"].rsplit("/", 1)[1], "Alias": "alias/adopted-whole"}
    whole = THERE | {"BucketLifecycleConfiguration", "Key", "Alias"}
    imported = heir.import_file(import_entries(heir, whole, ids)).ok()
    assert {n for n, op in imported.ops().items() if op == "import"} >= {f"{kind} vision" for kind in whole}
    # KMS does not tell how long it would keep a key that is deleted: the number is written into the state, no more.
    first = heir.preview().ok()
    assert first.ops() == {"Key vision": "update"}
    assert first.step("Key vision").differs == ("deletionWindowInDays",)
    assert heir.up().ok().ops() == {"Key vision": "update"}
    assert heir.preview("--expect-no-changes").ok().ops() == {}
    assert changed(before, {**aws.bucket("adopted-whole"), "key": aws.key(store["kmsKeyId"])}) == {}
    assert heir.outputs()["teams"]["vision"] == store


def test_without_a_name_the_bucket_would_be_made_anew_and_is_refused(bench: Bench, aws: LocalAws) -> None:
    aws.client("s3").create_bucket(Bucket="adopted-unnamed", CreateBucketConfiguration={"LocationConstraint": REGION})
    stack = bench(byob={**TEAM, "teams": {"vision": {"encryption": "provider_managed"}}})
    stack.import_file(import_entries(stack, {"Bucket"}, {"Bucket": "adopted-unnamed"})).ok()
    for run in (stack.preview(), stack.up()):
        run.refused("unable to replace resource", "Bucket::vision", "marked for protection")
    assert aws.bucket_exists("adopted-unnamed")
