"""Stores that are not AWS: what the real provider makes of their answers, and the settings that it takes to live with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.providers.aws.plugin import PLUGIN
from tests.sandbox.providers.aws.odd_store import OddStore, odd_store
from tests.sandbox.providers.caller import Caller, Refusal, changed

pytestmark = [pytest.mark.server]

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
DENIED = (403, "AccessDenied", "Access Denied")
LISTING = r"listing tags for S3 \(Simple Storage\) Bucket \(the-bucket\): operation error ListTagsForResource, "


@pytest.fixture
def store() -> Iterator[OddStore]:
    with odd_store() as made:
        yield made


@pytest.fixture
def caller(contracts: Any) -> Iterator[Caller]:
    made = Caller(PLUGIN, contracts)
    yield made
    made.close()


def configure(caller: Caller, store: OddStore, services: tuple[str, ...] = ("s3", "s3control", "sts"), **more: Any) -> None:  # fmt: skip
    """A provider on the store, with every skip setting unless the test says otherwise."""
    given = {
        "region": "eu-west-1",
        "accessKey": "a",
        "secretKey": "b",
        "endpoints": [dict.fromkeys(services, store.endpoint)],
        "s3UsePathStyle": True,
        "maxRetries": 1,
        "skipCredentialsValidation": True,
        "skipRequestingAccountId": True,
        "skipMetadataApiCheck": True,
        "skipRegionValidation": True,
        **more,
    }
    caller.configure({k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items() if v is not None})


def control_calls(store: OddStore) -> list[str]:
    return [seen for seen in store.seen if "/v20180820/" in seen]


# ------------------------------------------------------------------------------------------------ tags
def test_without_an_account_s3_control_is_never_called(store: OddStore, caller: Caller) -> None:
    store.answers["control"] = DENIED
    configure(caller, store, services=("s3",))
    made = caller.create(BUCKET, "b", {"bucket": "the-bucket"})
    assert made.outputs["arn"] == "arn:aws:s3:::the-bucket"
    assert control_calls(store) == []
    assert "GET localhost /the-bucket tagging" in store.seen
    assert "POST localhost /" not in store.seen


@pytest.mark.parametrize(
    "code", ["NoSuchTagSet", "NoSuchTagSetError", "MethodNotAllowed", "NotImplemented", "XNotImplemented", "UnsupportedOperation"]
)  # fmt: skip
def test_these_answers_mean_no_tags(store: OddStore, caller: Caller, code: str) -> None:
    store.answers["tagging"] = (404, code, "")
    configure(caller, store)
    assert caller.create(BUCKET, "b", {"bucket": "the-bucket"}).outputs["tagsAll"] == {}


def test_any_other_answer_about_tags_is_a_failure(store: OddStore, caller: Caller) -> None:
    store.answers["tagging"] = (404, "ERROR_NO_SUCH_BUCKET_TAGSET", "Tag does not exist")  # Cloudian, issue #36714
    configure(caller, store)
    with pytest.raises(Refusal, match=r"GetBucketTagging.*StatusCode: 404, api error ERROR_NO_SUCH_BUCKET_TAGSET"):
        caller.create(BUCKET, "b", {"bucket": "the-bucket"})


@pytest.mark.parametrize("more", [{"skipRequestingAccountId": None}, {"skipCredentialsValidation": None}])
def test_with_an_account_s3_control_comes_first_at_the_accounts_own_name(
    store: OddStore, caller: Caller, more: dict[str, Any]
) -> None:
    configure(caller, store, **more)
    assert caller.create(BUCKET, "b", {"bucket": "the-bucket"}).outputs["tagsAll"] == {}
    assert control_calls(store) == [
        "GET 000000000000.localhost /v20180820/tags/arn%3Aaws%3As3%3A%3A%3Athe-bucket",
    ]
    assert "GET localhost /the-bucket tagging" not in store.seen


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (DENIED, "https response error StatusCode: 403, api error AccessDenied: Access Denied"),  # Ceph, issue #46202
        ((404, "UnknownError", ""), "https response error StatusCode: 404, api error UnknownError"),  # Cloudian
        ((501, "NotImplemented", ""), "https response error StatusCode: 501, api error NotImplemented"),
    ],
)
def test_a_server_without_s3_control_fails_the_bucket(
    store: OddStore, caller: Caller, answer: tuple[int, str, str], told: str
) -> None:
    store.answers["control"] = answer
    configure(caller, store, skipRequestingAccountId=None)
    with pytest.raises(Refusal, match=LISTING + told):
        caller.create(BUCKET, "b", {"bucket": "the-bucket"})


@pytest.mark.parametrize(
    "answer",
    [
        (403, "AccessDenied", "User x is not authorized to perform: s3:ListTagsForResource on resource y"),
        (405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    ],
)
def test_two_answers_of_s3_control_lead_to_the_older_call(
    store: OddStore, caller: Caller, answer: tuple[int, str, str]
) -> None:
    store.answers["control"] = answer
    configure(caller, store, skipRequestingAccountId=None)
    assert caller.create(BUCKET, "b", {"bucket": "the-bucket"}).outputs["tagsAll"] == {}
    assert "GET localhost /the-bucket tagging" in store.seen


def test_outside_the_partition_aws_a_refusal_means_no_tags(store: OddStore, caller: Caller) -> None:
    store.answers["control"] = DENIED
    configure(caller, store, skipRequestingAccountId=None, region="cn-north-1")
    assert caller.create(BUCKET, "b", {"bucket": "the-bucket"}).outputs["tagsAll"] == {}


def test_without_an_endpoint_of_its_own_s3_control_would_be_the_real_cloud(store: OddStore, caller: Caller) -> None:
    configure(caller, store, services=("s3", "sts"), skipRequestingAccountId=None)
    with pytest.raises(Refusal, match=r"listing tags .*there is no endpoint for s3control"):
        caller.create(BUCKET, "b", {"bucket": "the-bucket"})


def test_a_server_without_sts_needs_the_setting(store: OddStore, caller: Caller) -> None:
    store.answers["sts"] = (403, "AccessDenied", "no")
    configure(caller, store, skipRequestingAccountId=None)
    with pytest.raises(Refusal, match=r"AWS account ID not previously found .*skipRequestingAccountId"):
        caller.create(BUCKET, "b", {"bucket": "the-bucket"})


def test_tags_come_with_the_bucket_or_after_it(store: OddStore, caller: Caller) -> None:
    configure(caller, store)
    store.answers["create-tagged"] = (400, "UnsupportedArgument", "The request contained an unsupported argument.")
    made = caller.create(BUCKET, "b", {"bucket": "the-bucket", "tags": {"k": "v"}})
    assert [seen for seen in store.seen if seen.startswith("PUT")] == [
        "PUT localhost /the-bucket",
        "PUT localhost /the-bucket",
        "PUT localhost /the-bucket tagging",
    ]
    assert made.outputs["tagsAll"] == {"k": "v"}


def test_tags_that_a_server_drops_in_silence_are_a_difference_for_ever(store: OddStore, caller: Caller) -> None:
    configure(caller, store)
    wanted = {"bucket": "the-bucket", "tags": {"k": "v"}}
    made = caller.create(BUCKET, "b", wanted)
    again = caller.read(made)
    assert again is not None
    assert again.outputs["tagsAll"] == {}
    assert set(changed(caller.diff(again, wanted))) == {"tags", "tagsAll"}
    assert caller.update(again, wanted).outputs["tagsAll"] == {"k": "v"}, "an update puts them"


# ------------------------------------------------------------------------------------------------ reading
@pytest.mark.parametrize("code", ["MethodNotAllowed", "NotImplemented", "XNotImplemented"])
def test_settings_that_a_server_does_not_know_are_not_there(store: OddStore, caller: Caller, code: str) -> None:
    subs = ("policy", "acl", "cors", "website", "versioning", "accelerate", "requestPayment", "logging", "lifecycle", "replication", "encryption", "object-lock")  # fmt: skip
    store.answers |= dict.fromkeys(subs, (501, code, ""))
    configure(caller, store)
    assert caller.create(BUCKET, "b", {"bucket": "the-bucket"}).id == "the-bucket"
    assert {f"GET localhost /the-bucket {sub}" for sub in subs} <= set(store.seen)


def test_an_answer_of_a_servers_own_fails_the_bucket(store: OddStore, caller: Caller) -> None:
    store.answers["website"] = (400, "InvalidArgument", "what?")
    configure(caller, store)
    with pytest.raises(
        Refusal, match=r"reading S3 Bucket \(the-bucket\) website configuration: .*InvalidArgument: what"
    ):
        caller.create(BUCKET, "b", {"bucket": "the-bucket"})


@pytest.mark.parametrize(("region", "works"), [("eu-west-1", False), ("cn-north-1", True)])
def test_object_locks_are_less_strict_elsewhere(store: OddStore, caller: Caller, region: str, works: bool) -> None:
    store.answers["object-lock"] = (400, "InvalidArgument", "what?")
    configure(caller, store, region=region)
    if works:
        assert caller.create(BUCKET, "b", {"bucket": "the-bucket"}).outputs["objectLockEnabled"] is False
    else:
        with pytest.raises(Refusal, match="object lock configuration"):
            caller.create(BUCKET, "b", {"bucket": "the-bucket"})


@pytest.mark.parametrize(
    ("region", "headers", "told", "arn"),
    [
        ("eu-west-1", {}, "", "arn:aws:s3:::the-bucket"),
        ("eu-west-1", {"x-amz-bucket-region": "eu-central-1"}, "eu-central-1", "arn:aws:s3:::the-bucket"),
        ("cn-north-1", {}, "", "arn:aws-cn:s3:::the-bucket"),
    ],
)
def test_region_and_arn(
    store: OddStore, caller: Caller, region: str, headers: dict[str, str], told: str, arn: str
) -> None:
    store.headers = headers
    configure(caller, store, region=region)
    made = caller.create(BUCKET, "b", {"bucket": "the-bucket"})
    assert (made.outputs["bucketRegion"], made.outputs["region"]) == (told, told or region)
    assert made.outputs["arn"] == arn
    again = caller.read(made)
    assert again is not None
    assert again.outputs == made.outputs


def test_a_region_of_another_form_is_for_signatures_alone(store: OddStore, caller: Caller) -> None:
    configure(caller, store, region="US-EAST-04A")
    made = caller.create(BUCKET, "b", {"bucket": "the-bucket"})
    assert (made.outputs["region"], made.outputs["arn"]) == ("us-east-1", "arn:aws:s3:::the-bucket")
    assert store.regions == {"US-EAST-04A"}
    (body,) = store.bodies
    assert "LocationConstraint" not in body
    assert "CreateBucketConfiguration" in body, "an empty element, which Ceph refuses"


def test_a_region_of_amazons_form_is_sent_along(store: OddStore, caller: Caller) -> None:
    configure(caller, store)
    caller.create(BUCKET, "b", {"bucket": "the-bucket"})
    assert store.regions == {"eu-west-1"}
    (body,) = store.bodies
    assert "<LocationConstraint>eu-west-1</LocationConstraint>" in body


def test_a_region_that_is_not_of_aws_is_refused_only_when_asked(store: OddStore, caller: Caller) -> None:
    with pytest.raises(Refusal, match="invalid AWS Region: default"):
        configure(caller, store, region="default", skipRegionValidation=False)
    configure(caller, store, region="default", skipRegionValidation=None)


@pytest.mark.parametrize(("style", "request_line"), [(True, "PUT localhost /the-bucket"), (None, "PUT the-bucket.localhost /")])  # fmt: skip
def test_the_bucket_stands_in_the_path_or_before_the_host(
    store: OddStore, caller: Caller, style: bool | None, request_line: str
) -> None:
    configure(caller, store, s3UsePathStyle=style)
    caller.create(BUCKET, "b", {"bucket": "the-bucket"})
    assert request_line in store.seen


# ------------------------------------------------------------------------------------------------ lifecycle
RULE = {"id": "old", "status": "Enabled", "filter": {}, "noncurrentVersionExpiration": {"noncurrentDays": 30}}
INLINE = {
    "id": "old",
    "enabled": True,
    "noncurrentVersionExpiration": {"days": 30},
    "expiration": {"expiredObjectDeleteMarker": True},
    "abortIncompleteMultipartUploadDays": 7,
}


def test_a_lifecycle_that_is_not_told_back_whole_never_settles(store: OddStore, caller: Caller) -> None:
    configure(caller, store)
    waited = r"While waiting: timeout while waiting for state to become 'true' \(last state: 'false', timeout: 3m0s\)"
    with pytest.raises(Refusal, match=waited):
        caller.create(LIFECYCLE, "l", {"bucket": "the-bucket", "rules": [RULE]})
    store.headers = {"x-amz-transition-default-minimum-object-size": "all_storage_classes_128K"}
    made = caller.create(LIFECYCLE, "l", {"bucket": "the-bucket", "rules": [RULE]})
    assert made.outputs["rules"] == [RULE]


def test_a_lifecycle_with_its_filter_told_as_a_prefix_never_settles(store: OddStore, caller: Caller) -> None:
    store.headers = {"x-amz-transition-default-minimum-object-size": "all_storage_classes_128K"}
    rule = "<Rule><ID>old</ID><Prefix></Prefix><Status>Enabled</Status>"
    rule += "<NoncurrentVersionExpiration><NoncurrentDays>30</NoncurrentDays></NoncurrentVersionExpiration></Rule>"
    told = f"<LifecycleConfiguration>{rule}</LifecycleConfiguration>"  # as Ceph does

    class Fixed(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            return told if key == "lifecycle" else super().__getitem__(key)

    store.kept = Fixed()
    configure(caller, store)
    with pytest.raises(Refusal, match="timeout while waiting"):
        caller.create(LIFECYCLE, "l", {"bucket": "the-bucket", "rules": [RULE]})


def test_inline_rules_are_put_and_waited_for_by_nobody(store: OddStore, caller: Caller) -> None:
    configure(caller, store)
    wanted = {"bucket": "the-bucket", "lifecycleRules": [INLINE]}
    made = caller.create(BUCKET, "b", wanted)
    assert made.outputs["lifecycleRules"] == [INLINE]
    again = caller.read(made)
    assert again is not None
    assert (again.inputs, again.outputs) == (made.inputs, made.outputs)
    assert changed(caller.diff(made, wanted)) == {}

    off = {**INLINE, "enabled": False, "prefix": "p/"}
    assert changed(caller.diff(made, {**wanted, "lifecycleRules": [off]})) == {"lifecycleRules": "UPDATE"}
    made = caller.update(made, {**wanted, "lifecycleRules": [off]})
    assert made.outputs["lifecycleRules"] == [off]
    found = caller.imported(BUCKET, "the-bucket")
    assert found is not None
    assert found.inputs["lifecycleRules"] == [off]

    assert changed(caller.diff(made, {"bucket": "the-bucket"})) == {}, (
        "silence leaves them, as it does with the real provider"
    )
    made = caller.update(made, {**wanted, "lifecycleRules": []})
    assert "lifecycle" not in store.kept
