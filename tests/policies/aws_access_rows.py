"""How each AWS rule on bucket policies judges a policy beside the bucket and one inline: expected verdicts, written down."""

from __future__ import annotations

from byob_components.policies.tree import UNKNOWN
from tests.policies.aws_documents import (
    BUCKET_ARN,
    EVERYTHING,
    GRANT,
    NODE,
    OWN_KEYS,
    TLS,
    TLS_VERSION,
    add,
    bucket,
    drop,
    put,
)
from tests.policies.rows import Row

BUCKET = "aws:s3/bucket:Bucket"
NO_POLICY = ({"bucket": "vision"},)
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
POLICY_UNKNOWN = ({"policy": UNKNOWN},)

ROWS: list[tuple[str, Row]] = [
    row
    for type_, spared in ((POLICY, ()), (BUCKET, NO_POLICY))
    for row in (
        (
            "byob-aws-bucket-tls",
            Row(
                type_,
                good=(
                    bucket(),
                    bucket(put(TLS, Principal={"AWS": ["*"]}, Condition={"BoolIfExists": {"aws:SecureTransport": [False]}})),
                    bucket(put(TLS, Resource="*", Action=["s3:*"])),
                ),
                bad=(
                    (bucket(drop(TLS)), "policy"),
                    (bucket(put(TLS, Effect="Allow")), "policy"),
                    (bucket(put(TLS, Principal={"AWS": NODE})), "policy"),
                    (bucket(put(TLS, Action="s3:GetObject")), "policy"),
                    (bucket(put(TLS, Resource=[BUCKET_ARN])), "policy"),
                    (bucket(put(TLS, Resource=[f"{BUCKET_ARN}/*"])), "policy"),
                    (bucket(put(TLS, Condition={"Bool": {"aws:SecureTransport": "true"}})), "policy"),
                    (bucket(put(TLS, Condition={"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}})), "policy"),
                    ({"policy": "no JSON"}, "policy"),
                ),
                unknown=POLICY_UNKNOWN,
                spared=spared,
            ),
        ),
        (
            "byob-aws-bucket-tls-version",
            Row(
                type_,
                good=(bucket(), bucket(put(TLS_VERSION, Condition={"NumericLessThan": {"s3:TlsVersion": 1.3}}))),
                bad=(
                    (bucket(drop(TLS_VERSION)), "policy"),
                    (bucket(put(TLS_VERSION, Condition={"NumericLessThan": {"s3:TlsVersion": "1.1"}})), "policy"),
                ),
                unknown=POLICY_UNKNOWN,
                spared=spared,
            ),
        ),
        (
            "byob-aws-bucket-customer-keys",
            Row(
                type_,
                good=(bucket(),),
                bad=((bucket(drop(OWN_KEYS)), "policy"), (bucket(put(OWN_KEYS, Resource=BUCKET_ARN)), "policy")),
                unknown=POLICY_UNKNOWN,
                spared=spared,
            ),
        ),
        (
            "byob-aws-bucket-wildcard-principal",
            Row(
                type_,
                good=(
                    bucket(),
                    bucket(add(Effect="Allow", Principal="*", Action="s3:GetObject", Resource="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})),
                ),
                bad=(
                    (bucket(put(GRANT, Principal="*")), "policy.Statement[3].Principal"),
                    (bucket(put(GRANT, Principal={"AWS": [NODE, "*"]})), "policy.Statement[3].Principal.AWS[1]"),
                    (bucket(put(GRANT, Principal=None, NotPrincipal={"AWS": NODE})), "policy.Statement[3].NotPrincipal"),
                    (bucket(put(GRANT, Principal="*", Condition={"StringLike": {"aws:PrincipalArn": "*"}})), "Principal"),
                    (bucket(put(GRANT, Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})), "Principal"),
                    (bucket(put(GRANT, Principal="*", Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}})), "Principal"),
                    (bucket(put(GRANT, Principal="*", Condition={"StringEquals": {"aws:UserAgent": "wandb"}})), "Principal"),
                ),
                unknown=POLICY_UNKNOWN,
                spared=spared,
            ),
        ),
        (
            "byob-aws-bucket-grant-principals",
            Row(
                type_,
                good=(
                    bucket(),
                    bucket(put(GRANT, Principal={"AWS": "arn:aws:iam::725579432336:role/WandbIntegration"})),
                    bucket(put(GRANT, Principal={"AWS": "830241207209"})),
                    bucket(put(GRANT, Principal={"AWS": ["444455556666"], "Service": "logging.s3.amazonaws.com"})),
                ),
                bad=(
                    (bucket(put(GRANT, Principal={"AWS": [NODE, "arn:aws:iam::999900001111:root"]})), "policy.Statement[3].Principal.AWS[1]"),
                    (bucket(put(GRANT, Principal={"Service": "ec2.amazonaws.com"})), "policy.Statement[3].Principal.Service"),
                    (bucket(put(GRANT, Principal={"CanonicalUser": "79a59df9"})), "policy.Statement[3].Principal.CanonicalUser"),
                    (bucket(put(GRANT, Principal={"AWS": "arn:aws:iam::999900001111:role/830241207209"})), "Principal.AWS"),
                ),
                unknown=POLICY_UNKNOWN,
                spared=spared,
                changes={"principals": ("arn:aws:iam::444455556666:root", "logging.s3.amazonaws.com")},
            ),
        ),
        (
            "byob-aws-bucket-grant-width",
            Row(
                type_,
                good=(
                    bucket(),
                    bucket(put(GRANT, Action=["s3:getobject", "S3:GetObjectTagging", "s3:DeleteObject", "s3:AbortMultipartUpload"])),
                    bucket(add(Effect="Allow", Principal={"AWS": "arn:aws:iam::444455556666:role/etl"}, Action="s3:*", Resource="*")),
                ),
                bad=(
                    (bucket(put(GRANT, Action="s3:*")), "policy.Statement[3].Action"),
                    (bucket(put(GRANT, Action=["s3:GetObject", "s3:DeleteObjectVersion"])), "policy.Statement[3].Action[1]"),
                    (bucket(put(GRANT, Action=["s3:Get*"])), "policy.Statement[3].Action[0]"),
                    (bucket(put(GRANT, Action=None, NotAction="s3:DeleteBucket")), "policy.Statement[3].NotAction"),
                ),
                unknown=POLICY_UNKNOWN,
                spared=spared,
                changes={"principals": ("arn:aws:iam::444455556666:role/etl",)},
            ),
        ),
        (
            "byob-aws-bucket-shared-principal",
            Row(
                type_,
                good=(bucket(),),
                bad=(
                    (bucket(put(GRANT, Principal={"AWS": "arn:aws:iam::830241207209:root"})), "policy.Statement[3].Principal.AWS"),
                    (bucket(put(GRANT, Principal={"AWS": "arn:aws:iam::725579432336:role/WandbIntegration"})), "Principal.AWS"),
                ),
                unknown=POLICY_UNKNOWN,
                spared=spared,
            ),
        ),
        (
            "byob-aws-bucket-denied",
            Row(
                type_,
                good=(
                    bucket(),
                    bucket(add(Effect="Deny", Principal="*", Action="s3:DeleteBucket", Resource=EVERYTHING)),
                    bucket(add(Effect="Deny", Principal={"AWS": "arn:aws:iam::444455556666:role/etl"}, Action="s3:*", Resource="*")),
                    bucket(add(Effect="Deny", Principal="*", Action="s3:*", Resource="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})),
                ),
                bad=(
                    (bucket(add(Effect="Deny", Principal="*", Action="s3:Get*", Resource="*", Condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}})), "policy.Statement[4].Condition"),
                    (bucket(add(Effect="Deny", Principal={"AWS": NODE}, NotAction="s3:ListBucket", Resource="*")), "policy.Statement[4]"),
                    (bucket(add(Effect="Deny", NotPrincipal={"AWS": "arn:aws:iam::444455556666:root"}, Action="s3:*", Resource="*")), "policy.Statement[4]"),
                ),
                unknown=POLICY_UNKNOWN,
                spared=spared,
            ),
        ),
    )
]  # fmt: skip
