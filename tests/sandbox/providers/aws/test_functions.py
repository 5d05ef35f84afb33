"""The look-ups."""

from __future__ import annotations

import json

import pytest

from byob_components.live_policy import _no_policy
from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import policy
from tests.sandbox.providers.caller import Refusal

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("aws-handlers")]

BUCKET_POLICY = "aws:s3/getBucketPolicy:getBucketPolicy"


def test_who_the_provider_is(world: World) -> None:
    found = world.caller.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})
    assert found["accountId"] == found["id"] == "111122223333"
    assert found["arn"] == "arn:aws:iam::111122223333:user/deployer"
    assert found["userId"].startswith("AID")


def test_where_the_provider_is(world: World) -> None:
    assert world.caller.invoke("aws:index/getPartition:getPartition", {})["partition"] == "aws"
    assert world.caller.invoke("aws:index/getPartition:getPartition", {})["dnsSuffix"] == "amazonaws.com"
    assert world.caller.invoke("aws:index/getRegion:getRegion", {})["region"] == "eu-west-1"
    assert world.caller.invoke("aws:index/getRegion:getRegion", {"region": "us-east-1"})["id"] == "us-east-1"


def test_the_policy_of_a_bucket(world: World) -> None:
    name = world.bucket("asked")
    wanted = policy("s3:GetObject", Principal={"AWS": "arn:aws:iam::111122223333:root"}, Resource=f"arn:aws:s3:::{name}/*")  # fmt: skip
    world.client("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(wanted))
    found = world.caller.invoke(BUCKET_POLICY, {"bucket": name})
    assert json.loads(found["policy"]) == wanted
    assert (found["bucket"], found["id"], found["region"]) == (name, name, "eu-west-1")


def test_a_bucket_without_a_policy_fails_as_the_real_provider_does(world: World) -> None:
    with pytest.raises(Refusal, match=r"reading S3 Bucket Policy \(bare\): couldn't find resource$") as refused:
        world.caller.invoke(BUCKET_POLICY, {"bucket": world.bucket("bare")})
    assert _no_policy(refused.value) == "", "the component takes this failure for an empty policy"


def test_a_function_that_is_not_carried_out_says_so(world: World) -> None:
    with pytest.raises(Refusal, match="the function aws:ec2/getAmi:getAmi is not carried out by this stand-in"):
        world.caller.invoke("aws:ec2/getAmi:getAmi", {})
