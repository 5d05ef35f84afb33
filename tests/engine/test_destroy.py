"""Destroying what is not protected: a store with data stays whole, an empty one leaves the listed remainders and no more."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from sandbox.clouds.aws.accounts import NODE_ROLE
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws, changed

pytestmark = pytest.mark.engine

TEAM = {"deployment": "dedicated", "level": "team"}
SETTINGS = {
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
}


def test_a_store_with_data_is_refused_with_every_control_in_place(bench: Bench, aws: LocalAws) -> None:
    own_key = aws.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    teams: dict[str, dict[str, Any]] = {
        "vision": {"protection": "unprotected"},
        "robotics": {
            "protection": "unprotected", "encryption": "existing_key", "kmsKeyArn": own_key, "principals": [NODE_ROLE],
        },
    }  # fmt: skip
    stack = bench(byob={**TEAM, "teams": teams})
    stack.up().ok()
    stores = stack.outputs()["teams"]
    for store in stores.values():
        aws.put(store["bucketName"], "run/data")

    def read() -> dict[str, Any]:
        found = {name: aws.bucket(store["bucketName"]) for name, store in stores.items()}
        return {**found, **{f"key of {name}": aws.key(store["kmsKeyId"]) for name, store in stores.items()}}

    before = read()
    refused = stack.destroy(preview=True).refused("BucketNotEmpty")
    assert {name.split()[0] for name in refused.failed} == {"Bucket"}
    assert changed(before, read()) == {}

    # The state has forgotten settings, which would have gone with the buckets; `up` puts them again. Of the store whose
    # bucket was the first to refuse all are forgotten; then the engine stopped.
    state, stopped_at = stack.state(), refused.failed[0].split()[1]
    assert {"Bucket", "Key"} <= {n.split()[0] for n in state if n.endswith(" vision")}
    assert not {f"{setting} {stopped_at}" for setting in SETTINGS} & state.keys()
    again = stack.up().ok()
    made = {n for n, op in again.ops().items() if op == "create" and not n.startswith("Aws")}
    assert {f"{setting} {stopped_at}" for setting in SETTINGS} <= made
    assert made <= {f"{setting} {team}" for setting in SETTINGS for team in teams}
    assert changed(before, read()) == {}
    assert stack.up("--expect-no-changes").ok().ops() == {}
    assert stack.outputs()["teams"] == stores


def test_a_store_with_data_keeps_the_access_key_that_wandb_has(bench: Bench, aws: LocalAws) -> None:
    team = {"protection": "unprotected", "encryption": "provider_managed", "credentialKeys": ["2026-11"]}
    stack = bench(byob={**TEAM, "teams": {"audio": team}})
    stack.up().ok()
    store = stack.outputs()["teams"]["audio"]
    user = stack.state()["User audio"]["id"]
    aws.put(store["bucketName"], "run/data")
    before, bucket = aws.user(user), aws.bucket(store["bucketName"])

    assert stack.destroy().refused("BucketNotEmpty").failed == ["Bucket audio"]
    # Its rights name the bucket and go before it; the user and its access key go after it.
    assert changed(before, aws.user(user)).keys() <= {"policies"}
    assert changed(bucket, aws.bucket(store["bucketName"])) == {}

    made = {n.split()[0] for n, op in stack.up().ok().ops().items() if op == "create" and not n.startswith("Aws")}
    assert made == SETTINGS | {"UserPolicy"}
    assert [*aws.user(user)["policies"].values()] == [*before["policies"].values()]
    assert stack.outputs()["teams"]["audio"] == store


def test_an_empty_store_leaves_its_key_pending_and_a_second_up_works(bench: Bench, aws: LocalAws) -> None:
    teams = {
        "vision": {"protection": "unprotected", "kmsAliasName": "alias/destroy-vision", "credentialKeys": ["2026-11"]},
        "audio": {"protection": "unprotected", "kmsDeletionWindowDays": 7},
        "plain": {"protection": "unprotected", "encryption": "provider_managed"},
    }
    kms = aws.client("kms")
    buckets, users = {b["Name"] for b in aws.client("s3").list_buckets()["Buckets"]}, aws.user_names()
    aliases = {a["AliasName"] for a in kms.list_aliases()["Aliases"]}
    keys = {k["KeyArn"] for k in kms.list_keys()["Keys"]}
    stack = bench(byob={**TEAM, "teams": teams})
    up = stack.up(preview=True).ok()
    stores = stack.outputs()["teams"]

    destroyed = stack.destroy(preview=True).ok()
    assert destroyed.ops().keys() == up.ops().keys()
    assert set(destroyed.ops().values()) == {"delete"}
    assert stack.state() == {}

    # What is left: the two keys, disabled, with the dates of their ends. Nothing else.
    assert {b["Name"] for b in aws.client("s3").list_buckets()["Buckets"]} == buckets
    assert aws.user_names() == users
    assert {a["AliasName"] for a in kms.list_aliases()["Aliases"]} == aliases
    left = {k["KeyArn"] for k in kms.list_keys()["Keys"]} - keys
    assert left == {stores["vision"]["kmsKeyId"], stores["audio"]["kmsKeyId"]}
    today = datetime.datetime.now(datetime.UTC).date()
    for team, days in (("vision", 30), ("audio", 7)):
        key = kms.describe_key(KeyId=stores[team]["kmsKeyId"])["KeyMetadata"]
        assert (key["KeyState"], key["Enabled"]) == ("PendingDeletion", False)
        ends = key["DeletionDate"].astimezone(datetime.UTC).date()
        assert days - 1 <= (ends - today).days <= days  # the test may run past midnight

    # A second `up` makes everything anew, under the same alias, with new keys.
    second = stack.up().ok()
    assert second.ops() == up.ops()
    anew = stack.outputs()["teams"]
    assert anew["vision"]["kmsKeyId"] != stores["vision"]["kmsKeyId"]
    assert aws.key(anew["vision"]["kmsKeyId"])["aliases"] == ["alias/destroy-vision"]
    assert aws.bucket(anew["vision"]["bucketName"])["versioning"] == "Enabled"
    assert stack.up("--expect-no-changes").ok().ops() == {}


def test_force_destroy_deletes_the_objects_too(bench: Bench, aws: LocalAws) -> None:
    stack = bench(byob={**TEAM, "teams": {"scratch": {"protection": "unprotected", "forceDestroy": True}}})
    stack.up().ok()
    bucket = stack.outputs()["teams"]["scratch"]["bucketName"]
    for body in (b"one", b"two"):
        aws.put(bucket, "run/data", body)
    aws.client("s3").delete_object(Bucket=bucket, Key="run/data")
    stack.destroy().ok()
    assert not aws.bucket_exists(bucket)
