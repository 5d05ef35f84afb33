"""W&B's rights on a bucket and a key that somebody else made: no statement of theirs is ever lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.clouds.aws.accounts import NODE_ROLE, OTHER_ROLE, REGION
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws, changed

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
from byob_components.aws import AwsGrant

AwsGrant("lake", {arguments})
"""


def program(**arguments: Any) -> str:
    return PROGRAM.format(arguments=repr({"deployment": "dedicated", **arguments}))


def foreign(bucket: str, sid: str = "Analysts", **more: Any) -> dict[str, Any]:
    """A statement of the bucket's owner."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/public/*",
        **more,
    }


def made_elsewhere(aws: LocalAws, bucket: str, *statements: dict[str, Any]) -> None:
    """Somebody's bucket, with a policy when there are statements."""
    aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    if statements:
        put_policy(aws, bucket, *statements)


def put_policy(aws: LocalAws, bucket: str, *statements: dict[str, Any]) -> None:
    document = {"Version": "2012-10-17", "Id": "theirs", "Statement": list(statements)}
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def test_foreign_statements_survive_from_grant_to_goodbye(bench: Bench, aws: LocalAws) -> None:
    bucket = "lake-survives"
    theirs, more = (
        foreign(bucket),
        foreign(bucket, "Auditors", Action="s3:ListBucket", Resource=f"arn:aws:s3:::{bucket}"),
    )
    made_elsewhere(aws, bucket, theirs, more)
    before = aws.bucket(bucket)

    # One statement of two is given: the run stops, in the preview and in `up`, before anything is written.
    stack = bench(program(bucket_name=bucket, bucket_policy_statements=[theirs]))
    for run in (stack.preview(), stack.up()):
        run.refused("BYOB-AWS-028", "'Auditors'", "would be lost", "bucket_policy_statements")
        assert "BucketPolicy lake" not in run.ops()
        assert "'Analysts'" not in run.said
    stack.write(program(bucket_name=bucket, bucket_policy_statements=[]))
    refused = stack.up().refused("2 faults", "'Analysts'", "'Auditors'")
    assert "BucketPolicy lake" not in refused.ops()
    assert changed(before, aws.bucket(bucket)) == {}

    # Both are given: they survive beside W&B's, and nothing but the policy is touched.
    given = [theirs, more]
    stack.write(program(bucket_name=bucket, bucket_policy_statements=given))
    assert stack.up(preview=True).ok().ops() == {"BucketPolicy lake": "create"}
    policy = aws.policy(bucket)
    assert policy.keys() == {"DenyInsecureTransport", "DenyOldTls", "WAndBAccountAccess", "Analysts", "Auditors"}
    assert [policy["Analysts"], policy["Auditors"]] == given
    assert policy["WAndBAccountAccess"]["Principal"] == {"AWS": "arn:aws:iam::830241207209:root"}
    assert changed(before, aws.bucket(bucket)).keys() == {"policy"}
    assert stack.up("--expect-no-changes").ok().ops() == {}

    # Somebody adds a statement between two runs: the next one stops, although it has nothing to change.
    late = foreign(bucket, "Late")
    put_policy(aws, bucket, *policy.values(), late)
    with_late = aws.bucket(bucket)
    for run in (stack.preview(), stack.up(), stack.up("--refresh")):
        run.refused("BYOB-AWS-028", "'Late'")
    without_sid = {k: v for k, v in late.items() if k != "Sid"}
    put_policy(aws, bucket, *policy.values(), without_sid)
    stack.up().refused("BYOB-AWS-028", "a statement without a Sid")
    put_policy(aws, bucket, *policy.values(), late)
    assert changed(with_late, aws.bucket(bucket)) == {}
    given = [*given, late]
    stack.write(program(bucket_name=bucket, bucket_policy_statements=given))
    stack.up().ok()
    assert aws.policy(bucket)["Late"] == late

    # Revoked by an empty list and an `up`; a destroy then leaves the policy and theirs in it.
    stack.write(program(bucket_name=bucket, bucket_policy_statements=given, principals=[]))
    assert stack.up().ok().ops() == {"BucketPolicy lake": "update"}
    kept = {"DenyInsecureTransport", "DenyOldTls", "Analysts", "Auditors", "Late"}
    assert aws.policy(bucket).keys() == kept
    revoked = aws.bucket(bucket)
    stack.destroy(preview=True).ok()
    assert stack.state() == {}
    assert changed(revoked, aws.bucket(bucket)) == {}
    assert [aws.policy(bucket)[sid] for sid in ("Analysts", "Auditors", "Late")] == given


def test_a_statement_under_one_of_our_names_is_not_lost_either(bench: Bench, aws: LocalAws) -> None:
    # Names such as DenyInsecureTransport are common: a statement that says more than ours must not be replaced by it.
    bucket = "lake-same-name"
    tls13 = {
        "Sid": "DenyOldTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.3"}},
    }
    https = {
        "Sid": "DenyInsecureTransport",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": ["s3:*"],
        "Resource": [f"arn:aws:s3:::{bucket}/*", f"arn:aws:s3:::{bucket}"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    made_elsewhere(aws, bucket, tls13, https)
    before = aws.bucket(bucket)
    stack = bench(program(bucket_name=bucket, bucket_policy_statements=[]))
    refused = stack.up().refused("1 fault", "BYOB-AWS-028", "'DenyOldTls'")
    assert "BucketPolicy lake" not in refused.ops()
    assert changed(before, aws.bucket(bucket)) == {}

    put_policy(aws, bucket, {**tls13, "Sid": "DenyTlsBelow13"}, https)
    stack.write(program(bucket_name=bucket, bucket_policy_statements=[{**tls13, "Sid": "DenyTlsBelow13"}]))
    stack.up().ok()
    assert aws.policy(bucket).keys() == {"DenyInsecureTransport", "DenyOldTls", "DenyTlsBelow13", "WAndBAccountAccess"}
    assert aws.policy(bucket)["DenyTlsBelow13"]["Condition"] == tls13["Condition"]


def test_a_key_made_elsewhere_gets_grants_and_loses_them(bench: Bench, aws: LocalAws) -> None:
    bucket = "lake-with-key"
    made_elsewhere(aws, bucket)
    kms = aws.client("kms")
    key = kms.create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    theirs = kms.create_grant(KeyId=key, GranteePrincipal="arn:aws:iam::444455556666:root", Operations=["Decrypt"])
    before = aws.key(key)
    call: dict[str, Any] = {"bucket_name": bucket, "bucket_policy_statements": [], "kms_key_arn": key}

    stack = bench(program(**call, principals=[NODE_ROLE, OTHER_ROLE]))
    assert sorted(stack.up().ok().ops().values()) == ["create"] * 4
    after = aws.key(key)
    assert changed(before, after).keys() == {"grants"}
    ours = [g for g in after["grants"] if g["GrantId"] != theirs["GrantId"]]
    assert {g["GranteePrincipal"] for g in ours} == {NODE_ROLE, OTHER_ROLE}
    assert {tuple(sorted(g["Operations"])) for g in ours} == {
        ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo")
    }  # fmt: skip

    # One principal leaves: its grant goes, the other's stays the same grant.
    stack.write(program(**call, principals=[NODE_ROLE]))
    assert sorted(stack.up().ok().ops().items(), key=lambda i: i[1])[0][1] == "delete"
    left = aws.key(key)["grants"]
    assert [g for g in left if g["GranteePrincipal"] == NODE_ROLE] == [
        g for g in ours if g["GranteePrincipal"] == NODE_ROLE
    ]
    assert [g for g in left if g["GranteePrincipal"] == OTHER_ROLE] == []

    # Revoked: the key is as it was found, with the grant of somebody else.
    stack.write(program(**call, principals=[]))
    assert stack.up().ok().ops()["BucketPolicy lake"] == "update"
    assert changed(before, aws.key(key)) == {}
    stack.destroy().ok()
    assert changed(before, aws.key(key)) == {}


def test_a_deny_that_hits_wandb_is_reported(bench: Bench, aws: LocalAws) -> None:
    bucket = "lake-with-deny"
    deny = {
        "Sid": "OnlyUs",
        "Effect": "Deny",
        "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    made_elsewhere(aws, bucket, deny)
    stack = bench(program(bucket_name=bucket, bucket_policy_statements=[deny], principals=[NODE_ROLE]))
    warnings = stack.preview().ok().messages("warning")
    assert [w for w in warnings if "OnlyUs" in w and "denies what W&B needs" in w]
    assert aws.bucket(bucket)["policy"]["Id"] == "theirs"
