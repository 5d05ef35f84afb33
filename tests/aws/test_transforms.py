"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_aws
import pytest

from byob_components.aws import AwsByob
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import Run, run

STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "credential_keys": ["a"],
    "access_log_bucket": "acme-logs",
}
KINDS = (
    "Key",
    "Alias",
    "Bucket",
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
    "BucketLogging",
    "User",
    "AccessKey",
    "UserPolicy",
)


def transformed(change: Any) -> Run:
    return record(AwsByob, STORE, opts=pulumi.ResourceOptions(transforms=[change]))


def test_the_list_of_children_is_whole() -> None:
    assert sorted({r.kind for r in record(AwsByob, STORE).resources if r.custom}) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_child(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        return pulumi.ResourceTransformResult(props={**args.props, "region": "eu-north-1"}, opts=args.opts)

    changed = {r.key for r in transformed(change).resources if r.inputs.get("region") == "eu-north-1"}
    assert len(changed) == 1
    assert f":{kind}::" in changed.pop()


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_childs_options(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=not args.opts.protect))
        return pulumi.ResourceTransformResult(props=args.props, opts=options)

    usual = {r.key: r.protect for r in record(AwsByob, STORE).resources}
    seen = {r.key: r.protect for r in transformed(change).resources}
    assert [key for key in usual if usual[key] != seen[key]] == [key for key in usual if f":{kind}::" in key]


def test_the_composites_provider_reaches_every_child() -> None:
    def program() -> None:
        there = pulumi_aws.Provider("there", region="us-west-2")
        AwsByob("vision", STORE, pulumi.ResourceOptions(providers=[there]))  # type: ignore[arg-type]

    made = [r for r in run(program, AwsMocks()).resources if r.type.startswith("aws:")]
    assert len(made) == len(KINDS)
    assert {r.provider for r in made} == {"pulumi:providers:aws::there"}


def test_no_provider_is_made_inside() -> None:
    assert not [r.key for r in record(AwsByob, STORE).resources if r.type.startswith("pulumi:providers:")]


def test_protecting_the_composite_leaves_grants_and_keys_rotatable() -> None:
    seen = record(AwsByob, STORE, opts=pulumi.ResourceOptions(protect=True))
    assert {r.kind for r in seen.resources if r.custom and not r.protect} == {"BucketPolicy", "AccessKey"}
