"""What is special about buckets and their settings."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import policy
from tests.sandbox.providers.caller import SIGNATURE, UNKNOWN, Refusal, changed, secret

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("aws-handlers")]

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def test_a_bucket_without_a_name_gets_one_made_from_the_resource_name(world: World) -> None:
    filled, failures = world.caller.check(BUCKET, "Vision", {})
    assert failures == {}
    assert filled == {"bucket": "vision-abababa", "forceDestroy": False, "__defaults": ["bucket", "forceDestroy"]}
    kept, _ = world.caller.check(BUCKET, "Vision", {}, {**filled, "bucket": "vision-0123456"})
    assert kept["bucket"] == "vision-0123456", "a name that was made before stays"


def test_a_preview_knows_what_the_provider_knows_and_nothing_more(world: World) -> None:
    planned = world.caller.preview(BUCKET, "planned", {"bucket": "planned", "tags": {"a": "1"}})
    unknown = (
        "arn",
        "bucketDomainName",
        "bucketRegion",
        "bucketRegionalDomainName",
        "hostedZoneId",
        "lifecycleRules",
        "objectLockEnabled",
    )
    assert {k: planned.pop(k) for k in unknown} == dict.fromkeys(unknown, UNKNOWN)
    assert planned == {
        "bucket": "planned",
        "forceDestroy": False,
        "region": "eu-west-1",
        "tags": {"a": "1"},
        "tagsAll": {"a": "1"},
    }
    with pytest.raises(ClientError, match="404"):
        world.client("s3").head_bucket(Bucket="planned")


def test_what_a_bucket_tells_about_itself(world: World) -> None:
    made = world.caller.create(BUCKET, "told", {"bucket": "told"})
    assert made.id == "told"
    assert made.outputs == {
        "arn": "arn:aws:s3:::told",
        "bucket": "told",
        "bucketDomainName": "told.s3.amazonaws.com",
        "bucketRegion": "eu-west-1",
        "bucketRegionalDomainName": "told.s3.eu-west-1.amazonaws.com",
        "forceDestroy": False,
        "hostedZoneId": "Z1BKCTXD74EZPE",
        "objectLockEnabled": False,
        "region": "eu-west-1",
        "tagsAll": {},
    }


def test_a_bucket_goes_to_its_own_region(world: World) -> None:
    made = world.caller.create(BUCKET, "away", {"bucket": "away", "region": "us-west-2"})
    assert world.client("s3", "us-west-2").get_bucket_location(Bucket="away")["LocationConstraint"] == "us-west-2"
    assert made.outputs["bucketRegionalDomainName"] == "away.s3.us-west-2.amazonaws.com"
    set_there = world.caller.create(VERSIONING, "away", {"bucket": "away", "region": "us-west-2", "versioningConfiguration": {"status": "Enabled"}})  # fmt: skip
    assert set_there.outputs["region"] == "us-west-2"
    assert world.client("s3", "us-west-2").get_bucket_versioning(Bucket="away")["Status"] == "Enabled"


def test_saying_the_region_it_is_in_is_no_change_and_another_one_is_a_replacement(world: World) -> None:
    made = world.caller.create(BUCKET, "stays", {"bucket": "stays"})
    assert changed(world.caller.diff(made, {"bucket": "stays", "region": "eu-west-1"})) == {}
    assert changed(world.caller.diff(made, {"bucket": "stays", "region": "us-west-2"})) == {"region": "UPDATE_REPLACE"}


def test_a_renamed_bucket_is_replaced_the_new_one_first(world: World) -> None:
    made = world.caller.create(BUCKET, "renamed", {"bucket": "renamed-a"})
    renamed = world.caller.diff(made, {"bucket": "renamed-b"})
    assert changed(renamed) == {"bucket": "UPDATE_REPLACE"}
    assert list(renamed.replaces) == ["bucket"]
    assert not renamed.deleteBeforeReplace
    locked = world.caller.diff(made, {"bucket": "renamed-a", "objectLockEnabled": True})
    assert changed(locked) == {"objectLockEnabled": "UPDATE_REPLACE"}
    assert locked.deleteBeforeReplace, "two buckets cannot have one name"


def test_ignored_changes_are_none(world: World) -> None:
    made = world.caller.create(BUCKET, "ignored", {"bucket": "ignored", "tags": {"a": "1"}})
    other = {"bucket": "ignored", "tags": {"a": "2"}}
    assert changed(world.caller.diff(made, other, ("tags", "tagsAll"))) == {}
    assert changed(world.caller.diff(made, other, ("*",))) == {}


def test_a_bucket_with_objects_is_not_deleted(world: World) -> None:
    made = world.caller.create(BUCKET, "full", {"bucket": "full"})
    world.client("s3").put_object(Bucket="full", Key="run/1", Body=b"x")
    with pytest.raises(Refusal, match=r"^deleting S3 Bucket \(full\): .*api error BucketNotEmpty"):
        world.caller.delete(made)
    assert world.client("s3").head_object(Bucket="full", Key="run/1")["ContentLength"] == 1


def test_force_destroy_takes_versions_and_delete_markers_too(world: World) -> None:
    s3 = world.client("s3")
    made = world.caller.create(BUCKET, "forced", {"bucket": "forced", "forceDestroy": True})
    s3.put_bucket_versioning(Bucket="forced", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket="forced", Key="k", Body=body)
    s3.delete_object(Bucket="forced", Key="k")
    world.caller.delete(made)
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket="forced")


def test_a_name_that_somebody_has_is_refused_by_the_server(world: World) -> None:
    world.bucket("taken")
    with pytest.raises(Refusal) as refused:
        world.caller.create(BUCKET, "taken", {"bucket": "taken"})
    assert str(refused.value).startswith("creating S3 Bucket (taken): operation error CreateBucket, https response error StatusCode: 409")  # fmt: skip
    assert refused.value.half is None


@pytest.mark.parametrize("name", ["ab", "Upper", "a..b", "-a-", "x" * 64])
def test_a_name_that_s3_would_not_take_fails_before_any_call(world: World, name: str) -> None:
    _, failures = world.caller.check(BUCKET, "bad", {"bucket": name})
    assert list(failures) == ["bucket"]


def test_wrong_names_and_what_is_not_carried_out_are_told_apart(world: World) -> None:
    _, failures = world.caller.check(BUCKET, "bad", {"buckt": "x-y-z", "acl": "private", "tags": {"a": 1}})
    assert failures == {
        "buckt": "no such property; did you mean 'bucket'?",
        "acl": "a real property, but not carried out by this stand-in",
        "tags.a": "must be of type string, not integer",
    }
    _, missing = world.caller.check("aws:s3/bucketPolicy:BucketPolicy", "bad", {"bucket": "x"})
    assert missing == {"policy": "is required"}


def test_a_type_that_is_not_there_says_whether_it_is_real(world: World) -> None:
    with pytest.raises(Refusal, match="is a real type, but not carried out by this stand-in"):
        world.caller.check("aws:ec2/instance:Instance", "x", {})
    with pytest.raises(Refusal, match="is no type of this provider"):
        world.caller.check("aws:s3/bukkit:Bukkit", "x", {})


def test_nothing_is_there_to_import(world: World) -> None:
    assert world.caller.imported(BUCKET, "never-made") is None
    assert world.caller.imported("aws:s3/bucketPolicy:BucketPolicy", world.bucket("no-policy")) is None


def test_drift_made_behind_pulumis_back_is_seen(world: World) -> None:
    made = world.caller.create(BUCKET, "drifts", {"bucket": "drifts", "tags": {"a": "1"}})
    world.client("s3").put_bucket_tagging(Bucket="drifts", Tagging={"TagSet": [{"Key": "a", "Value": "2"}]})
    found = world.caller.read(made)
    assert found is not None
    assert found.inputs["tags"] == {"a": "2"}
    assert changed(world.caller.diff(found, {"bucket": "drifts", "tags": {"a": "1"}})) == {"tags": "UPDATE", "tagsAll": "UPDATE"}  # fmt: skip
    world.client("s3").delete_bucket(Bucket="drifts")
    assert world.caller.read(made) is None


def test_secret_tags_stay_secret_wherever_they_are_repeated(world: World) -> None:
    made = world.caller.create(BUCKET, "hush", {"bucket": "hush", "tags": {"code": secret("s3cr3t-leaf"), "a": "1"}})
    assert made.outputs["tags"] == {"code": secret("s3cr3t-leaf"), "a": "1"}
    assert made.outputs["tagsAll"] == {"code": secret("s3cr3t-leaf"), "a": "1"}
    found = world.caller.read(made)
    assert found is not None
    assert SIGNATURE in found.outputs["tagsAll"]["code"]
    assert str(found.outputs).count("s3cr3t-leaf") == 2
    updated = world.caller.update(made, {"bucket": "hush", "tags": {"code": secret("other-leaf")}})
    assert updated.outputs["tagsAll"] == {"code": secret("other-leaf")}
    whole = world.caller.create(BUCKET, "hush", {"bucket": "hush-whole", "tags": secret({"code": "s3cr3t-leaf"})})
    # The values that lie in a secret object are not known one by one: the object is hidden where it is repeated.
    assert whole.outputs["tags"] == whole.outputs["tagsAll"] == secret({"code": "s3cr3t-leaf"})


def test_a_policy_that_means_the_same_is_no_change(world: World) -> None:
    name = world.bucket("reworded")
    resource = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    first = policy("s3:GetObject", "s3:PutObject", Principal={"AWS": ["arn:aws:iam::830241207209:root"]}, Resource=resource)  # fmt: skip
    made = world.caller.create("aws:s3/bucketPolicy:BucketPolicy", "p", {"bucket": name, "policy": json.dumps(first)})
    again = policy("s3:PutObject", "s3:GetObject", Principal={"AWS": "830241207209"}, Resource=resource[::-1])
    assert changed(world.caller.diff(made, {"bucket": name, "policy": json.dumps(again, indent=2)})) == {}
    wider = policy("s3:*", Principal={"AWS": "830241207209"}, Resource=resource)
    assert changed(world.caller.diff(made, {"bucket": name, "policy": json.dumps(wider)})) == {"policy": "UPDATE"}
    # A server that lays the text out anew is no drift, and the program's own text stays in the state.
    world.client("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(again))
    found = world.caller.read(made)
    assert found is not None
    assert found.inputs["policy"] == json.dumps(first)


def test_versioning_cannot_be_taken_back(world: World) -> None:
    name = world.bucket("versions")
    made = world.caller.create(VERSIONING, "v", {"bucket": name, "versioningConfiguration": {"status": "Enabled"}})
    _, failures = world.caller.check(VERSIONING, "v", {"bucket": name, "versioningConfiguration": {"status": "Disabled"}}, made.inputs)  # fmt: skip
    assert failures == {"versioningConfiguration.status": "cannot be updated from 'Enabled' to 'Disabled'"}


def test_settings_of_a_bucket_that_is_gone_are_gone(world: World) -> None:
    name = world.bucket("vanishes")
    made = world.caller.create(VERSIONING, "v", {"bucket": name, "versioningConfiguration": {"status": "Enabled"}})
    world.client("s3").delete_bucket(Bucket=name)
    assert world.caller.read(made) is None
    world.caller.delete(made)


def test_the_public_access_block_may_stay_when_asked(world: World) -> None:
    name = world.bucket("stays-blocked")
    made = world.caller.create("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "b", {"bucket": name, "blockPublicAcls": True, "skipDestroy": True})  # fmt: skip
    world.caller.delete(made)
    found = world.client("s3").get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert found["BlockPublicAcls"] is True


def test_an_import_may_name_the_region(world: World) -> None:
    far = {"bucket": "far-away", "region": "us-west-2"}
    versioned = {**far, "versioningConfiguration": {"status": "Enabled"}}
    made = world.caller.create(BUCKET, "far", far)
    world.caller.create(VERSIONING, "far", versioned)
    for token, inputs in ((BUCKET, far), (VERSIONING, versioned)):
        found = world.caller.imported(token, f"{made.id}@us-west-2")
        assert found is not None
        assert (found.id, found.outputs["region"]) == ("far-away", "us-west-2")
        assert changed(world.caller.diff(found, inputs)) == {}


def test_a_policy_that_is_no_json_fails_before_any_call(world: World) -> None:
    for text in ("{", "[]", ""):
        _, failures = world.caller.check("aws:s3/bucketPolicy:BucketPolicy", "p", {"bucket": "x", "policy": text})
        assert failures == {"policy": "contains an invalid JSON policy"}
    _, failures = world.caller.check("aws:s3/bucketPolicy:BucketPolicy", "p", {"bucket": "x", "policy": UNKNOWN})
    assert failures == {}
