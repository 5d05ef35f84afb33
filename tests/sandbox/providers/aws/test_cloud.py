"""A provider's settings: who it is, where it calls, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.clouds.aws.accounts import provider_config
from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.plugin import PLUGIN
from sandbox.providers.framework.resource import Refused
from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.caller import Caller, Refusal, changed, pack, secret

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("aws-handlers")]

WHO = "aws:index/getCallerIdentity:getCallerIdentity"
BUCKET = "aws:s3/bucket:Bucket"


@pytest.fixture
def fresh(contracts: Any) -> Iterator[Caller]:
    """A provider that is not configured yet."""
    caller = Caller(PLUGIN, contracts)
    yield caller
    caller.close()


def settings(world: World, **more: Any) -> dict[str, Any]:
    """As the engine sends them: what is no text is JSON text."""
    found = {**provider_config(world.server, world.accounts.deployer), **more}
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in found.items() if v is not None}


def test_a_provider_that_is_not_configured_says_so(fresh: Caller) -> None:
    with pytest.raises(Refusal, match="the aws provider is not configured"):
        fresh.imported(BUCKET, "x")


def test_secret_settings_and_json_texts_are_understood(world: World, fresh: Caller) -> None:
    given = settings(world)
    fresh.configure({**given, "secretKey": secret(given["secretKey"])})
    assert fresh.invoke(WHO, {})["accountId"] == "111122223333"


def test_settings_are_held_to_the_real_ones(world: World, fresh: Caller) -> None:
    from pulumi.runtime.proto import provider_pb2 as p

    given = {**settings(world), "reigon": "eu-west-1", "profile": "me", "s3UsePathStyle": "maybe"}
    found = fresh.call("CheckConfig", p.CheckRequest(urn="urn:pulumi:s::p::pulumi:providers:aws::w", news=pack(given)))
    assert {f.property: f.reason for f in found.failures} == {
        "reigon": "no such property; did you mean 'region'?",
        "profile": "a real property, but not carried out by this stand-in",
        "s3UsePathStyle": "must be of type boolean, not string",
    }


def test_roles_are_assumed_one_after_the_other(world: World, fresh: Caller) -> None:
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam = world.client("iam")
    for name in ("first-hop", "second-hop"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(everything))
    hops = [
        {"roleArn": "arn:aws:iam::111122223333:role/first-hop"},
        {"roleArn": "arn:aws:iam::111122223333:role/second-hop", "sessionName": "byob", "duration": "30m"},
    ]
    fresh.configure(settings(world, assumeRoles=hops))
    assert fresh.invoke(WHO, {})["arn"] == "arn:aws:sts::111122223333:assumed-role/second-hop/byob"
    assert fresh.create(BUCKET, "by-role", {"bucket": "by-role"}).id == "by-role"


def test_a_role_that_may_not_be_assumed_is_one_line(world: World, fresh: Caller) -> None:
    with pytest.raises(Refusal) as refused:
        fresh.configure(settings(world, assumeRoles=[{"roleArn": "arn:aws:iam::111122223333:role/nobody"}]))
    assert str(refused.value).startswith("configuring the aws provider: operation error AssumeRole, https response")
    assert world.accounts.deployer.secret_key not in str(refused.value)


@pytest.mark.parametrize("given", [{"allowedAccountIds": ["444455556666"]}, {"forbiddenAccountIds": ["111122223333"]}])
def test_the_wrong_account_is_refused(world: World, fresh: Caller, given: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="AWS account ID not allowed: 111122223333"):
        fresh.configure(settings(world, **given))


def test_a_server_with_another_certificate_is_not_trusted(world: World, fresh: Caller) -> None:
    fresh.configure(settings(world, customCaBundle=None))
    with pytest.raises(Refusal, match=r"creating S3 Bucket .*SSL validation failed"):
        fresh.create(BUCKET, "b", {"bucket": "untrusted"})


def test_wrong_keys_are_the_servers_refusal(world: World, fresh: Caller) -> None:
    fresh.configure(settings(world, secretKey="not-the-secret"))
    with pytest.raises(Refusal, match=r"api error SignatureDoesNotMatch"):
        fresh.create(BUCKET, "b", {"bucket": "wrong-keys"})
    with pytest.raises(Refusal, match=r"configuring the aws provider: .*SignatureDoesNotMatch"):
        fresh.configure(settings(world, secretKey="not-the-secret", skipCredentialsValidation=False))


def test_the_real_cloud_is_never_called(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Refused, match="set aws:region"):
        Aws({})
    with pytest.raises(Refused, match="set aws:accessKey and aws:secretKey"):
        Aws({"region": "eu-west-1"})
    offline = Aws({"region": "eu-west-1", "accessKey": "a", "secretKey": "b", "skipCredentialsValidation": True})
    with pytest.raises(Refused, match="there is no endpoint for s3"):
        offline.client("s3")


def test_default_tags_are_put_on_and_told_apart_from_the_programs_own(world: World, fresh: Caller) -> None:
    fresh.configure(settings(world, defaultTags={"tags": {"team": "platform", "env": "dev"}}))
    own = {"bucket": "tagged", "tags": {"env": "prod"}}
    made = fresh.create(BUCKET, "tagged", own)
    found = {t["Key"]: t["Value"] for t in world.client("s3").get_bucket_tagging(Bucket="tagged")["TagSet"]}
    assert found == {"team": "platform", "env": "prod"}
    assert (made.outputs["tags"], made.outputs["tagsAll"]) == ({"env": "prod"}, {"team": "platform", "env": "prod"})
    again = fresh.read(made)
    assert again is not None
    assert again.inputs == made.inputs
    assert changed(fresh.diff(again, own)) == {}
    fresh.configure(settings(world, defaultTags={"tags": {"team": "storage"}}))
    assert changed(fresh.diff(made, own)) == {"tagsAll": "UPDATE"}
    made = fresh.update(made, own)
    assert made.outputs["tagsAll"] == {"team": "storage", "env": "prod"}
    hidden = fresh.create(BUCKET, "hidden", {"bucket": "tagged-hidden", "tags": secret({"code": "s3cr3t-leaf"})})
    assert hidden.outputs["tagsAll"] == secret({"team": "storage", "code": "s3cr3t-leaf"})
