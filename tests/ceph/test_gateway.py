"""What Ceph 16.2 does with calls that other servers take: the facts behind the preset `ceph` and behind its provider settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.clouds.ceph.server import REGION, Ceph
from sandbox.providers.aws.plugin import PLUGIN
from tests.ceph.conftest import DEPLOYER, WANDB, client, provider_settings
from tests.ceph.test_stores import code
from tests.sandbox.providers.caller import Caller, Refusal

pytestmark = [pytest.mark.ceph, pytest.mark.server, pytest.mark.xdist_group("ceph")]

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
BLOCK = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


@pytest.fixture
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    made = Caller(PLUGIN, tmp_path_factory.mktemp("contracts"))
    yield made
    made.close()


def configure(caller: Caller, ceph: Ceph, **more: Any) -> None:
    given = provider_settings(ceph, **more)
    caller.configure({k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items() if v is not None})


def policy(name: str, *actions: str) -> str:
    statement = {
        "Sid": "W",
        "Effect": "Allow",
        "Principal": {"AWS": WANDB.arn},
        "Action": list(actions),
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def made(ceph: Ceph, name: str) -> Any:
    s3 = client(ceph)
    s3.create_bucket(Bucket=name)
    return s3


@pytest.mark.parametrize(
    "action", ["s3:GetEncryptionConfiguration", "s3:GetObjectAttributes", "s3:GetObjectVersionAttributes"]
)
def test_a_policy_with_a_newer_action_is_refused_whole(ceph: Ceph, action: str) -> None:
    s3 = made(ceph, "newer-actions")
    assert code(s3.put_bucket_policy, Bucket="newer-actions", Policy=policy("newer-actions", "s3:GetObject*", action)) == "InvalidArgument"  # fmt: skip
    assert code(s3.put_bucket_policy, Bucket="newer-actions", Policy=policy("newer-actions", "s3:GetObject*")) == ""


def test_settings_of_aws_that_are_not_there(ceph: Ceph) -> None:
    s3 = made(ceph, "settings")
    rule = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert code(s3.put_bucket_ownership_controls, Bucket="settings", OwnershipControls=rule) == "InvalidArgument"
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    assert (
        code(s3.put_bucket_encryption, Bucket="settings", ServerSideEncryptionConfiguration=rules) == "InvalidArgument"
    )


def test_the_public_access_block_shuts_out_everybodys_policies(ceph: Ceph) -> None:
    s3 = made(ceph, "blocked")
    assert code(s3.put_bucket_policy, Bucket="blocked", Policy=policy("blocked", "s3:GetObject")) == ""
    s3.put_public_access_block(Bucket="blocked", PublicAccessBlockConfiguration=BLOCK)
    assert code(s3.put_bucket_policy, Bucket="blocked", Policy=policy("blocked", "s3:GetObject")) == "AccessDenied"


def test_a_condition_on_transport_is_taken_and_never_holds(ceph: Ceph) -> None:
    s3 = made(ceph, "transport")
    document = json.loads(policy("transport", "s3:GetObject"))
    everything = ["arn:aws:s3:::transport", "arn:aws:s3:::transport/*"]
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    document["Statement"].append({"Sid": "T", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": everything, "Condition": condition})  # fmt: skip
    assert code(s3.put_bucket_policy, Bucket="transport", Policy=json.dumps(document)) == ""
    s3.put_object(Bucket="transport", Key="k", Body=b"data")
    plain = Ceph(ceph.plain_endpoint, "", ceph.ca_bundle, ceph.directory, [])
    assert client(plain, WANDB).get_object(Bucket="transport", Key="k")["Body"].read() == b"data"


def test_a_place_is_the_zone_group_or_none_and_never_an_empty_element(ceph: Ceph) -> None:
    s3 = client(ceph)
    for place, answer in (({"LocationConstraint": "eu-west-2"}, "InvalidLocationConstraint"), ({}, "InvalidArgument")):
        assert code(s3.create_bucket, Bucket="elsewhere", CreateBucketConfiguration=place) == answer
    made(ceph, "placed-nowhere")
    s3.create_bucket(Bucket="placed", CreateBucketConfiguration={"LocationConstraint": REGION})
    told = {name: s3.get_bucket_location(Bucket=name)["LocationConstraint"] for name in ("placed", "placed-nowhere")}
    assert told == {"placed": "eu-west-1", "placed-nowhere": "eu-west-1"}


# ------------------------------------------------------------------------------------------------ the provider on it
def test_without_the_settings_no_bucket_can_be_managed(ceph: Ceph, caller: Caller) -> None:
    everywhere = [dict.fromkeys(("s3", "s3control", "sts", "iam"), ceph.endpoint)]
    configure(caller, ceph, endpoints=everywhere, skipRequestingAccountId=None)
    with pytest.raises(Refusal, match="AWS account ID not previously found"):
        caller.create(BUCKET, "b", {"bucket": "no-settings"})
    configure(caller, ceph, endpoints=everywhere)
    assert caller.create(BUCKET, "b", {"bucket": "with-settings"}).outputs["tagsAll"] == {}


@pytest.mark.parametrize(
    ("region", "refusal"),
    [
        ("eu-west-1", ""),
        ("eu-west-2", "InvalidLocationConstraint"),
        ("us-east-1", "InvalidArgument"),
        ("default", "InvalidArgument"),
    ],
)
def test_which_regions_of_the_provider_work(ceph: Ceph, caller: Caller, region: str, refusal: str) -> None:
    configure(caller, ceph, region=region)
    name = f"region-{region}"
    if refusal:
        with pytest.raises(Refusal, match=refusal):
            caller.create(BUCKET, "b", {"bucket": name})
    else:
        assert caller.create(BUCKET, "b", {"bucket": name}).outputs["bucketRegion"] == ""


def test_rules_of_their_own_type_never_settle_and_inline_ones_do(ceph: Ceph, caller: Caller) -> None:
    configure(caller, ceph)
    inline = {"id": "old", "enabled": True, "noncurrentVersionExpiration": {"days": 30}, "abortIncompleteMultipartUploadDays": 7}  # fmt: skip
    thing = caller.create(BUCKET, "b", {"bucket": "ruled", "lifecycleRules": [inline]})
    assert thing.outputs["lifecycleRules"] == [inline]
    again = caller.read(thing)
    assert again is not None
    assert again.outputs == thing.outputs
    rule = {"id": "old", "status": "Enabled", "filter": {}, "noncurrentVersionExpiration": {"noncurrentDays": 30}}
    with pytest.raises(Refusal, match="timeout while waiting for state to become 'true'"):
        caller.create(LIFECYCLE, "l", {"bucket": "ruled", "rules": [rule]})


def test_a_bucket_of_ones_own_is_made_twice_without_a_word(ceph: Ceph) -> None:
    assert code(made(ceph, "twice").create_bucket, Bucket="twice") == ""
    assert code(client(ceph, WANDB).create_bucket, Bucket="twice") == "BucketAlreadyExists"
    assert DEPLOYER.arn == "arn:aws:iam:::user/deployer"
