"""The policy documents, whole: each beside this file in `documents/`, as AWS would get it."""

from pathlib import Path
from typing import Any

import pytest

from byob_components.aws.bucket import bucket_policy
from byob_components.aws.credential import identity_policy
from byob_components.aws.key import key_policy
from byob_components.wandb.access import Access
from tests.mocks.golden import assert_golden

BUCKET = "arn:aws:s3:::acme-vision"
ACCOUNT = "111122223333"
NODE = "arn:aws:iam::830241207209:role/acme-node"
SECOND = "arn:aws:iam::444455556666:role/wandb-eu"
ROOT = "arn:aws:iam::830241207209:root"
ADMIN = "arn:aws:iam::111122223333:role/security"
BREAK_GLASS = "arn:aws:iam::111122223333:role/break-glass"
ETL = "arn:aws:iam::111122223333:user/etl"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
NETWORK = {
    "Sid": "OnlyFromOurNetwork",
    "Effect": "Deny",
    "NotPrincipal": {"AWS": [NODE, BREAK_GLASS]},
    "Action": "s3:*",
    "Resource": ["{bucket_arn}", "{bucket_arn}/*"],
    "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
}

DOCUMENTS: dict[str, dict[str, Any]] = {
    "bucket-documented": bucket_policy(bucket_arn=BUCKET, principals=[NODE]),
    "bucket-documented-account-root": bucket_policy(bucket_arn=BUCKET, principals=[ROOT]),
    "bucket-documented-two-principals": bucket_policy(bucket_arn=BUCKET, principals=[NODE, SECOND]),
    "bucket-documented-own-statement": bucket_policy(bucket_arn=BUCKET, principals=[NODE], statements=[NETWORK]),
    "bucket-minimal": bucket_policy(bucket_arn=BUCKET, principals=[NODE], access=Access.MINIMAL),
    "bucket-minimal-paths": bucket_policy(
        bucket_arn=BUCKET, principals=[NODE], access=Access.MINIMAL, paths=["vision", "research/nlp"]
    ),
    "bucket-nobody": bucket_policy(bucket_arn=BUCKET, principals=[]),
    "bucket-gov": bucket_policy(
        bucket_arn="arn:aws-us-gov:s3:::acme-vision", principals=["arn:aws-us-gov:iam::444455556666:role/wandb"]
    ),
    "key-documented": key_policy(account_id=ACCOUNT, partition="aws", principals=[NODE]),
    "key-minimal": key_policy(account_id=ACCOUNT, partition="aws", principals=[NODE], access=Access.MINIMAL),
    "key-minimal-region": key_policy(
        account_id=ACCOUNT, partition="aws", principals=[NODE], access=Access.MINIMAL, region="eu-west-1"
    ),
    "key-minimal-china": key_policy(
        account_id=ACCOUNT,
        partition="aws-cn",
        principals=["arn:aws-cn:iam::444455556666:role/wandb"],
        access=Access.MINIMAL,
        region="cn-north-1",
    ),
    "key-gov": key_policy(
        account_id=ACCOUNT, partition="aws-us-gov", principals=["arn:aws-us-gov:iam::444455556666:role/wandb"]
    ),
    "key-nobody": key_policy(account_id=ACCOUNT, partition="aws"),
    "key-everything": key_policy(
        account_id=ACCOUNT,
        partition="aws",
        principals=[NODE, SECOND],
        access=Access.MINIMAL,
        region="eu-west-1",
        admins=[ADMIN],
        users=[ETL],
        guard=[BREAK_GLASS],
    ),
    "key-guard": key_policy(account_id=ACCOUNT, partition="aws", principals=[NODE], guard=[BREAK_GLASS, ADMIN]),
    "identity-documented": identity_policy(
        bucket_arn=BUCKET, kms_key_arn=KEY, access=Access.DOCUMENTED, paths=["vision"], region=None, partition="aws"
    ),
    "identity-without-key": identity_policy(
        bucket_arn=BUCKET, kms_key_arn=None, access=Access.DOCUMENTED, paths=[], region=None, partition="aws"
    ),
    "identity-minimal": identity_policy(
        bucket_arn=BUCKET,
        kms_key_arn=KEY,
        access=Access.MINIMAL,
        paths=["vision"],
        region="eu-west-1",
        partition="aws",
    ),
}
FOLDER = Path(__file__).parent / "documents"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_the_one_written_down(name: str) -> None:
    assert_golden(DOCUMENTS[name], FOLDER / f"{name}.json")


def test_no_document_is_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(DOCUMENTS)
