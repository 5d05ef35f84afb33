"""What the second server does not do and the first one does: settings of AwsBucket on ministack, each with its counter-proof."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from byob_components.aws import AwsBucket
from tests.data_plane.conftest import REGION, KeyHolders
from tests.mocks.aws import record

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("seaweedfs")]


@pytest.fixture
def s3(key_holders: KeyHolders) -> Any:
    return key_holders.administrator.s3


@pytest.fixture
def bucket(s3: Any) -> str:
    name = f"store-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def _refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**given)
    return str(refused.value.response["Error"]["Code"])


def test_a_public_policy_is_refused(s3: Any, bucket: str) -> None:
    registered = record(AwsBucket, {"encryption": "provider_managed"}).one("BucketPublicAccessBlock").inputs
    block = {name[0].upper() + name[1:]: value for name, value in registered.items() if name != "bucket"}
    public = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    ]})  # fmt: skip
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=public)
    s3.delete_bucket_policy(Bucket=bucket)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
    assert _refused(s3.put_bucket_policy, Bucket=bucket, Policy=public) == "AccessDenied"
    assert _refused(s3.get_bucket_policy, Bucket=bucket) == "NoSuchBucketPolicy"


def test_a_bucket_with_only_old_versions_is_not_deleted(s3: Any, bucket: str) -> None:
    status = record(AwsBucket, {"encryption": "provider_managed"}).one("BucketVersioning").inputs
    s3.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": status["versioningConfiguration"]["status"]}
    )
    version = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="a")["VersionId"]
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert _refused(s3.delete_bucket, Bucket=bucket) == "BucketNotEmpty"
    for one in (version, marker):
        s3.delete_object(Bucket=bucket, Key="a", VersionId=one)
    s3.delete_bucket(Bucket=bucket)


def test_a_location_is_kept(s3: Any, bucket: str) -> None:
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == "eu-west-1"
