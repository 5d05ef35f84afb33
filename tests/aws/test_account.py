"""One account look-up a provider, none when the account is given, and the partition it tells."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws
import pytest
from pulumi.runtime.mocks import MockCallArgs

from byob_components.aws import AwsByob, AwsKey
from byob_components.store import ByobRunError
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import Refusal, run

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team"}
GOV = "arn:aws-us-gov:iam::111122223333:user/ci"
GOV_ROLE = "arn:aws-us-gov:iam::444455556666:role/wandb"


def lookups(program: Callable[[], Any], **answers: Any) -> list[str]:
    """The provider of each look-up."""
    seen = run(lambda: program() and None, AwsMocks(**answers))
    return [provider for token, _, provider in seen.calls if token.endswith(":getCallerIdentity")]


def test_many_stores_on_one_provider_ask_once() -> None:
    assert lookups(lambda: [AwsByob(f"team{i}", STORE) for i in range(5)]) == [""]  # type: ignore[arg-type]


def test_each_provider_is_asked_once() -> None:
    def program() -> None:
        for name in ("eu", "us"):
            provider = pulumi_aws.Provider(name, region=f"{name}-west-1")
            for i in range(3):
                AwsByob(f"{name}{i}", STORE, pulumi.ResourceOptions(providers={"aws": provider}))  # type: ignore[arg-type]
        AwsByob("default", STORE)  # type: ignore[arg-type]

    assert sorted(lookups(program)) == ["", "pulumi:providers:aws::eu", "pulumi:providers:aws::us"]


def test_a_second_run_in_the_same_process_asks_again() -> None:
    for _ in range(2):
        assert lookups(lambda: AwsByob("vision", STORE)) == [""]  # type: ignore[arg-type]


@pytest.mark.parametrize("args", [{"account_id": "444455556666"}, {"encryption": "provider_managed"}])
def test_nobody_is_asked_when_the_account_is_given_or_not_needed(args: dict[str, Any]) -> None:
    assert lookups(lambda: AwsByob("vision", {**STORE, **args})) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("preview", [True, False])
def test_a_look_up_without_an_answer_is_told_without_a_traceback(preview: bool) -> None:
    class Deaf(AwsMocks):
        def call(self, args: MockCallArgs) -> Any:
            raise Refusal("InvalidClientTokenId: The security token included in the request is invalid.")

    with pytest.raises(ByobRunError, match="InvalidClientTokenId") as refused:
        run(lambda: AwsByob("vision", STORE) and None, Deaf(preview=preview), preview=preview)  # type: ignore[arg-type]
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("BYOB-AWS-033", "account_id")]


def root_of(args: dict[str, Any], **answers: Any) -> str:
    policy = json.loads(record(AwsKey, args, **answers).one("Key").inputs["policy"])
    found: str = policy["Statement"][0]["Principal"]["AWS"]
    return found


@pytest.mark.parametrize(
    ("args", "identity", "root"),
    [
        ({}, GOV, "arn:aws-us-gov:iam::111122223333:root"),
        ({"partition": "aws"}, GOV, "arn:aws:iam::111122223333:root"),
        ({"account_id": "444455556666"}, GOV, "arn:aws:iam::444455556666:root"),
        (
            {"account_id": "444455556666", "partition": "aws-us-gov"},
            GOV,
            "arn:aws-us-gov:iam::444455556666:root",
        ),
        (
            {"account_id": "444455556666", "region": "us-gov-west-1"},
            GOV,
            "arn:aws-us-gov:iam::444455556666:root",
        ),
        ({"account_id": "444455556666", "region": "cn-north-1"}, GOV, "arn:aws-cn:iam::444455556666:root"),
        ({"account_id": "444455556666", "region": "eu-west-1"}, GOV, "arn:aws:iam::444455556666:root"),
    ],
)
def test_the_account_administers_the_key_in_its_partition(args: dict[str, Any], identity: str, root: str) -> None:
    assert root_of(args, identity=identity) == root


def test_a_whole_store_in_gov_cloud_has_no_arn_of_another_partition() -> None:
    args = {
        **STORE,
        "principals": [GOV_ROLE],
        "region": "us-gov-west-1",
        "credential_keys": ["2026-11"],
        "access": "minimal",
    }
    seen = record(AwsByob, args, identity=GOV)
    for resource in seen.resources:
        assert "arn:aws:" not in json.dumps(resource.inputs), resource.key
    assert json.loads(seen.one("UserPolicy").inputs["policy"])["Statement"][0]["Resource"] == (
        "arn:aws-us-gov:s3:::vision-a1b2c3d"
    )
    assert seen.value("storage_addresses") == {
        "/": "s3://vision-2026-11-id:secret%2Bof%2Fvision-2026-11%3D@s3.us-gov-west-1.amazonaws.com/vision-a1b2c3d?region=us-gov-west-1"
    }


def test_the_credential_follows_the_partition_of_the_bucket_when_nothing_else_tells_it() -> None:
    seen = record(AwsByob, {**STORE, "principals": [], "credential_keys": ["a"]}, identity=GOV)
    assert json.loads(seen.one("UserPolicy").inputs["policy"])["Statement"][0]["Resource"] == [
        "arn:aws-us-gov:s3:::vision-a1b2c3d",
        "arn:aws-us-gov:s3:::vision-a1b2c3d/*",
    ]
