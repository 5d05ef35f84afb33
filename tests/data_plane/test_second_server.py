"""The settings that AwsByob registers, put on a second server that is not the first one's kin: what it takes, and what it acts on.

What SeaweedFS 4.48 does not do is written down as tests too, so that docs/proof.md is changed when a later one does it.
"""

from __future__ import annotations

import json
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from byob_components.aws import AwsByob
from sandbox.clouds.seaweedfs.server import SeaweedFS, User
from tests.data_plane.conftest import ADMIN, CUSTOMER, STRANGER, WANDB, KeyHolders
from tests.mocks.aws import record
from tests.mocks.monitor import Run

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("seaweedfs")]
PAGE = "https://wandb.example.com"


@dataclass(frozen=True)
class Placed:
    """A store of AwsByob on the second server.

    Args:
        bucket: The bucket.
        run: What the component registered.
        key: The key's ARN.
    """

    bucket: str
    run: Run
    key: str

    def inputs(self, kind: str) -> dict[str, Any]:
        """What the component registered for one setting."""
        return dict(self.run.one(kind).inputs)


@pytest.fixture(scope="module")
def place(s3: Callable[..., Any], key_holders: KeyHolders) -> Callable[..., Placed]:
    """Puts a store with W&B's user as principal on the server, every setting but the policy; more arguments as given."""

    def go(**args: Any) -> Placed:
        bucket, owner = f"store-{uuid.uuid4().hex[:12]}", s3(ADMIN)
        key = key_holders.administrator.kms.create_key()["KeyMetadata"]["Arn"]
        # The KMS is asked as its own W&B user, the bucket policy names the second server's.
        key_holders.administrator.kms.put_key_policy(KeyId=key, PolicyName="default", Policy=_open_to(key_holders))
        run = record(AwsByob, {
            "deployment": "dedicated", "level": "team", "bucket_name": bucket, "encryption": "existing_key", "kms_key_arn": key,
            "principals": [WANDB.arn], "cors_origins": [PAGE], "region": "eu-west-1", **args,
        })  # fmt: skip
        placed = Placed(bucket, run, key)
        owner.create_bucket(Bucket=bucket)
        owner.put_bucket_versioning(
            Bucket=bucket,
            VersioningConfiguration={"Status": placed.inputs("BucketVersioning")["versioningConfiguration"]["status"]},
        )
        rules = placed.inputs("BucketServerSideEncryptionConfiguration")["rules"]
        owner.put_bucket_encryption(
            Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [_encryption(rule) for rule in rules]}
        )
        owner.put_bucket_ownership_controls(
            Bucket=bucket,
            OwnershipControls={
                "Rules": [{"ObjectOwnership": placed.inputs("BucketOwnershipControls")["rule"]["objectOwnership"]}]
            },
        )
        owner.put_bucket_cors(
            Bucket=bucket,
            CORSConfiguration={
                "CORSRules": [_spelled(rule) for rule in placed.inputs("BucketCorsConfiguration")["corsRules"]]
            },
        )
        owner.put_bucket_lifecycle_configuration(
            Bucket=bucket,
            LifecycleConfiguration={
                "Rules": [_lifecycle(rule) for rule in placed.inputs("BucketLifecycleConfiguration")["rules"]]
            },
        )
        tags = placed.inputs("Bucket")["tags"]
        owner.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": k, "Value": v} for k, v in tags.items()]})
        for name in ("vision/a", "other/a"):
            owner.put_object(Bucket=bucket, Key=name, Body=b"x")
        return placed

    return go


def _open_to(people: KeyHolders) -> str:
    use = {"AWS": [f"arn:aws:iam::{CUSTOMER}:root", people.wandb.arn]}
    statement = {"Sid": "Use", "Effect": "Allow", "Principal": use, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _encryption(rule: dict[str, Any]) -> dict[str, Any]:
    default = rule["applyServerSideEncryptionByDefault"]
    return {
        "ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": default["sseAlgorithm"],
            "KMSMasterKeyID": default["kmsMasterKeyId"],
        },
        "BucketKeyEnabled": rule["bucketKeyEnabled"],
    }


def _spelled(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule in the API's spelling, which differs from the provider's in the first letters."""
    return {key[0].upper() + key[1:]: value for key, value in rule.items()}


def _lifecycle(rule: dict[str, Any]) -> dict[str, Any]:
    made = _spelled({key: _spelled(value) if isinstance(value, dict) else value for key, value in rule.items()})
    return {{"Id": "ID"}.get(key, key): value for key, value in made.items()}


def _refused(call: Callable[..., object], **given: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**given)
    return str(refused.value.response["Error"]["Code"])


@pytest.fixture(scope="module")
def documented(place: Callable[..., Placed], s3: Callable[..., Any]) -> Placed:
    placed = place()
    s3(ADMIN).put_bucket_policy(Bucket=placed.bucket, Policy=placed.inputs("BucketPolicy")["policy"])
    return placed


@pytest.fixture(scope="module")
def minimal(place: Callable[..., Placed], s3: Callable[..., Any]) -> Placed:
    placed = place(access="minimal", paths=["vision"])
    s3(ADMIN).put_bucket_policy(Bucket=placed.bucket, Policy=placed.inputs("BucketPolicy")["policy"])
    return placed


# ----------------------------------------------------------------------------------------- what it takes
def test_every_setting_it_has_reads_back_as_meant(documented: Placed, s3: Callable[..., Any]) -> None:
    owner, bucket = s3(ADMIN), {"Bucket": documented.bucket}
    assert owner.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    assert owner.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"] == [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": documented.key},
            "BucketKeyEnabled": True,
        }
    ]
    assert owner.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    assert owner.get_bucket_cors(**bucket)["CORSRules"] == [
        {
            "AllowedHeaders": ["*"],
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedOrigins": [PAGE],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 3000,
        }
    ]
    rules = {rule.pop("ID"): rule for rule in owner.get_bucket_lifecycle_configuration(**bucket)["Rules"]}
    assert rules == {
        "noncurrent-versions": {
            "Status": "Enabled",
            "Filter": {},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
        },
        "abort-uploads": {
            "Status": "Enabled",
            "Filter": {},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    }
    assert owner.get_bucket_tagging(**bucket)["TagSet"] == [{"Key": "wandb-byob:store", "Value": "byob/test/vision"}]
    policy = json.loads(owner.get_bucket_policy(**bucket)["Policy"])
    assert [statement["Sid"] for statement in policy["Statement"]] == [
        "DenyInsecureTransport", "DenyOldTls", "DenyCustomerProvidedKeys", "WAndBAccountAccess",
    ]  # fmt: skip


def test_what_it_does_not_have(documented: Placed, s3: Callable[..., Any]) -> None:
    owner, bucket = s3(ADMIN), {"Bucket": documented.bucket}
    registered = _spelled(documented.inputs("BucketPublicAccessBlock"))
    wanted = {k: v for k, v in registered.items() if k not in ("Bucket", "Region")}
    assert sorted(wanted) == ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]
    assert _refused(owner.put_public_access_block, **bucket, PublicAccessBlockConfiguration=wanted) == "NotImplemented"
    assert owner.get_bucket_location(**bucket)["LocationConstraint"] is None
    # It has no logging either, and takes the call for the making of a bucket.
    logging = {"LoggingEnabled": {"TargetBucket": documented.bucket, "TargetPrefix": "logs/"}}
    assert _refused(owner.put_bucket_logging, **bucket, BucketLoggingStatus=logging) == "BucketAlreadyOwnedByYou"
    # It knows s3:GetBucketCORS, as AWS spells it, only under a spelling of its own; W&B's user may not read CORS here.
    assert _refused(s3(WANDB).get_bucket_cors, **bucket) == "AccessDenied"


def test_it_deletes_a_bucket_that_is_not_empty(place: Callable[..., Placed], s3: Callable[..., Any]) -> None:
    # Objects with versions do not count for it. S3 and ministack refuse, so that is proved there and not here.
    placed, owner = place(), s3(ADMIN)
    assert len(owner.list_objects_v2(Bucket=placed.bucket)["Contents"]) == 2
    owner.delete_bucket(Bucket=placed.bucket)


# ----------------------------------------------------------------------------------------- what it acts on
def test_the_grant_lets_wandb_in_and_nobody_else(place: Callable[..., Placed], s3: Callable[..., Any]) -> None:
    placed = place()
    at = {"Bucket": placed.bucket, "Key": "vision/a"}
    assert _refused(s3(WANDB).get_object, **at) == "AccessDenied"
    s3(ADMIN).put_bucket_policy(Bucket=placed.bucket, Policy=placed.inputs("BucketPolicy")["policy"])
    wandb, stranger = s3(WANDB), s3(STRANGER)
    assert wandb.get_object(**at)["Body"].read() == b"x"
    wandb.put_object(Bucket=placed.bucket, Key="vision/b", Body=b"y")
    listed = {entry["Key"] for entry in wandb.list_objects_v2(Bucket=placed.bucket)["Contents"]}
    assert listed == {"vision/a", "vision/b", "other/a"}
    assert wandb.get_bucket_versioning(Bucket=placed.bucket)["Status"] == "Enabled"
    assert wandb.get_bucket_encryption(Bucket=placed.bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    for call, given in (
        (stranger.get_object, at),
        (stranger.put_object, {**at, "Body": b"z"}),
        (stranger.delete_object, at),
        (stranger.list_objects_v2, {"Bucket": placed.bucket}),
        (wandb.put_bucket_policy, {"Bucket": placed.bucket, "Policy": placed.inputs("BucketPolicy")["policy"]}),
        (wandb.delete_bucket_policy, {"Bucket": placed.bucket}),
        (wandb.put_bucket_versioning, {"Bucket": placed.bucket, "VersioningConfiguration": {"Status": "Suspended"}}),
        (wandb.delete_bucket, {"Bucket": placed.bucket}),
    ):
        assert _refused(call, **given) == "AccessDenied", call
    assert httpx.get(f"{s3(ADMIN, plain=True).meta.endpoint_url}/{placed.bucket}/vision/a").status_code == 403
    assert wandb.get_object(**at)["Body"].read() == b"x"


def test_minimal_keeps_to_the_paths(minimal: Placed, s3: Callable[..., Any]) -> None:
    wandb = s3(WANDB)
    inside, outside = ({"Bucket": minimal.bucket, "Key": f"{path}/a"} for path in ("vision", "other"))
    assert wandb.get_object(**inside)["Body"].read() == b"x"
    wandb.put_object(Bucket=minimal.bucket, Key="vision/new", Body=b"y")
    wandb.delete_object(Bucket=minimal.bucket, Key="vision/new")
    assert _refused(wandb.get_object, **outside) == "AccessDenied"
    assert _refused(wandb.put_object, **outside, Body=b"y") == "AccessDenied"
    assert _refused(wandb.delete_object, **outside) == "AccessDenied"
    assert s3(ADMIN).get_object(**outside)["Body"].read() == b"x"


def test_plain_http_is_refused_to_everybody_even_the_owner(documented: Placed, s3: Callable[..., Any]) -> None:
    at = {"Bucket": documented.bucket, "Key": "vision/a"}
    for who in (WANDB, ADMIN):
        assert s3(who).get_object(**at)["Body"].read() == b"x"
        assert _refused(s3(who, plain=True).get_object, **at) == "AccessDenied", who.name


def test_keys_that_a_client_holds_are_refused(
    documented: Placed, place: Callable[..., Placed], s3: Callable[..., Any]
) -> None:
    own = {"Key": "vision/own-key", "Body": b"x", "SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
    for who in (WANDB, ADMIN):
        assert _refused(s3(who).put_object, Bucket=documented.bucket, **own) == "AccessDenied", who.name
    # Without the policy the server takes such a key, so it is the policy that refuses.
    s3(ADMIN).put_object(Bucket=place().bucket, **own)


def test_what_wandb_overwrites_and_deletes_can_be_had_back(documented: Placed, s3: Callable[..., Any]) -> None:
    wandb, owner, at = s3(WANDB), s3(ADMIN), {"Bucket": documented.bucket, "Key": "vision/history"}
    first = wandb.put_object(**at, Body=b"first")["VersionId"]
    second = wandb.put_object(**at, Body=b"second")["VersionId"]
    assert wandb.delete_object(**at)["DeleteMarker"] is True
    assert _refused(wandb.get_object, **at) == "NoSuchKey"
    # For good is not W&B's to say: the grant has no s3:DeleteObjectVersion.
    assert _refused(wandb.delete_object, **at, VersionId=first) == "AccessDenied"
    assert [owner.get_object(**at, VersionId=v)["Body"].read() for v in (first, second)] == [b"first", b"second"]


def test_pages_of_the_named_origin_only(documented: Placed, s3: Callable[..., Any], second_server: SeaweedFS) -> None:
    trust = ssl.create_default_context(cafile=str(second_server.ca_bundle))
    where = {"Bucket": documented.bucket, "Key": "vision/from-a-page"}
    url = s3(WANDB).generate_presigned_url("put_object", Params=where)

    def preflight(origin: str, method: str) -> httpx.Response:
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "content-type",
        }
        return httpx.options(url, headers=asked, verify=trust)

    allowed = preflight(PAGE, "PUT")
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, PAGE)
    assert allowed.headers["access-control-max-age"] == "3000"
    assert "PUT" in allowed.headers["access-control-allow-methods"]
    # To a method that is not allowed it answers 200 without naming methods, which a browser takes as a refusal.
    assert "access-control-allow-methods" not in preflight(PAGE, "DELETE").headers
    refused = preflight("https://elsewhere.example.com", "PUT")
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers
    put = httpx.put(url, content=b"from a page", headers={"Origin": PAGE}, verify=trust)
    assert put.status_code == 200
    assert put.headers["access-control-expose-headers"] == "ETag"
    assert s3(ADMIN).get_object(**where)["Body"].read() == b"from a page"


@pytest.mark.parametrize("change", ["expired", "tampered", "another method", "a stranger's key"])
def test_presigned_urls_are_held_to_their_signature(
    documented: Placed, s3: Callable[..., Any], second_server: SeaweedFS, change: str
) -> None:
    trust = ssl.create_default_context(cafile=str(second_server.ca_bundle))
    where = {"Bucket": documented.bucket, "Key": "vision/a"}

    def signed(who: User = WANDB, seconds: int = 60) -> str:
        return str(s3(who).generate_presigned_url("get_object", Params=where, ExpiresIn=seconds))

    assert httpx.get(signed(), verify=trust).content == b"x"
    if change == "expired":
        url = signed(seconds=1)
        assert httpx.get(url, verify=trust).content == b"x"
        time.sleep(2.1)  # dates have whole seconds
        answer = httpx.get(url, verify=trust)
    elif change == "tampered":
        url = signed()
        answer = httpx.get(url[:-1] + ("0" if url[-1] != "0" else "1"), verify=trust)
    elif change == "another method":
        answer = httpx.put(signed(), content=b"overwritten", verify=trust)
    else:
        answer = httpx.get(signed(STRANGER), verify=trust)
    assert answer.status_code == 403
    assert httpx.get(signed(), verify=trust).content == b"x"
