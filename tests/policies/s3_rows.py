"""How the rules for S3-compatible servers judge a bucket policy below their components: expected verdicts, written down."""

from __future__ import annotations

import json
from typing import Any

from byob_components.policies.tree import UNKNOWN
from tests.policies.aws_documents import TLS, bucket, put
from tests.policies.rows import Row

POLICY = "aws:s3/bucketPolicy:BucketPolicy"
SERVER, COREWEAVE = "wandb-byob:index:S3CompatibleBucket", "wandb-byob:index:CoreWeaveBucket"
WANDB = "arn:aws:iam::wandb:static/wandb-integration"
ONE = {"StringLike": {"wandb:OrgID": ["acme"]}}


def policy(principal: dict[str, Any], actions: list[str], **more: Any) -> dict[str, str]:
    """A bucket policy with one statement."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": "*", **more}
    return {"policy": json.dumps({"Statement": [statement]})}


USER = {"AWS": "arn:aws:iam::000000000000:user/wandb"}
ROWS: list[tuple[str, Row]] = [
    (
        "byob-s3-bucket-grant-width",
        Row(
            POLICY,
            good=(
                policy(USER, ["s3:GetObject", "s3:GetBucketCors", "s3:DeleteObject"]),
                policy({"CW": "arn:aws:iam::ab1cd2:*"}, ["s3:*"]),
                policy({"AWS": "arn:aws:iam:::user/etl"}, ["s3:*"]),
                {"policy": "no JSON"},
            ),
            bad=(
                (policy(USER, ["s3:*"]), "policy.Statement[0].Action[0]"),
                (policy(USER, ["s3:GetObject", "s3:PutBucketPolicy"]), "policy.Statement[0].Action[1]"),
                (policy({"CW": [WANDB, "arn:aws:iam::ab1cd2:*"]}, ["s3:*"]), "policy.Statement[0].Action[0]"),
            ),
            unknown=({"policy": UNKNOWN},),
            below=SERVER,
            changes={"principals": ("arn:aws:iam:::user/etl",)},
        ),
    ),
    (
        "byob-s3-bucket-organization",
        Row(
            POLICY,
            good=(
                policy({"CW": WANDB}, ["s3:GetObject"], Condition=ONE),
                policy({"CW": f"{WANDB}-public"}, ["s3:GetObject"], Condition={"StringEquals": {"wandb:OrgID": "acme"}}),
            ),
            bad=(
                (policy({"CW": WANDB}, ["s3:GetObject"]), "Condition"),
                (policy({"CW": WANDB}, ["s3:GetObject"], Condition={"StringLike": {"wandb:OrgID": ["*"]}}), "Condition"),
                (policy({"CW": WANDB}, ["s3:GetObject"], Condition={"StringLike": {"wandb:OrgID": ["acme", "b?"]}}), "Condition"),
                (policy({"CW": WANDB}, ["s3:GetObject"], Condition={"StringNotLike": {"wandb:OrgID": ["acme"]}}), "Condition"),
                (policy({"CW": WANDB}, ["s3:GetObject"], Condition={"StringLike": {"wandb:OrgID": []}}), "Condition"),
            ),
            unknown=({"policy": UNKNOWN},),
            spared=(policy({"CW": "arn:aws:iam::ab1cd2:*"}, ["s3:*"]), policy(USER, ["s3:*"])),
            below=COREWEAVE,
        ),
    ),
    (
        "byob-s3-bucket-grant-principals",
        Row(
            POLICY,
            good=(
                policy(USER, ["s3:GetObject"]),
                policy({"AWS": ["arn:aws:iam:::user/wandb", "arn:aws:iam:::user/etl"]}, ["s3:GetObject"]),
                policy({"AWS": [USER["AWS"], "arn:aws:iam::999900001111:user/audit"]}, ["s3:GetObject"]),
                {"policy": "no JSON"},
            ),
            bad=(
                (policy({"AWS": [USER["AWS"], "arn:aws:iam::999900001111:role/x"]}, ["s3:GetObject"]), "policy.Statement[0].Principal.AWS[1]"),
                (policy({"AWS": [USER["AWS"], "999900001111"]}, ["s3:GetObject"]), "policy.Statement[0].Principal.AWS[1]"),
                (policy({"Service": "ec2.amazonaws.com"}, ["s3:GetObject"]), "policy.Statement[0].Principal.Service"),
                (policy({**USER, "CanonicalUser": "79a59df900b949e5"}, ["s3:GetObject"]), "policy.Statement[0].Principal.CanonicalUser"),
            ),
            unknown=({"policy": UNKNOWN},),
            below=SERVER,
            changes={"principals": ("*:user/audit",)},
        ),
    ),
    (
        "byob-s3-bucket-grant-principals",
        Row(
            POLICY,
            good=(policy({"CW": [WANDB, "arn:aws:iam::ab1cd2:*"]}, ["s3:GetObject"]), policy({"CW": ["arn:aws:iam::ab1cd2:user/a", WANDB]}, ["s3:*"])),
            bad=(
                (policy(USER, ["s3:GetObject"]), "policy.Statement[0].Principal.AWS"),
                (policy({"CW": [WANDB], "Federated": "x"}, ["s3:GetObject"]), "policy.Statement[0].Principal.Federated"),
            ),
            below=COREWEAVE,
        ),
    ),
    (
        "byob-s3-bucket-tls",
        Row(
            POLICY,
            good=(bucket(),),
            bad=((policy(USER, ["s3:GetObject"]), "policy"), (bucket(put(TLS, Condition={"Bool": {"aws:SecureTransport": "true"}})), "policy"), ({}, "policy")),
            unknown=({"policy": UNKNOWN},),
            below=SERVER,
        ),
    ),
    ("byob-s3-bucket-tls", Row(POLICY, good=(), bad=(), spared=(policy(USER, ["s3:GetObject"]),), below=COREWEAVE)),
]  # fmt: skip
