"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_aws
import pytest

from byob_components.coreweave import CoreWeaveByob
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import Run, run

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
KINDS = ("Bucket", "BucketCorsConfiguration", "BucketPolicy", "BucketVersioning")


def transformed(change: Any) -> Run:
    return record(CoreWeaveByob, STORE, opts=pulumi.ResourceOptions(transforms=[change]))


def test_the_list_of_children_is_whole() -> None:
    made = record(CoreWeaveByob, STORE).resources
    assert sorted(r.kind for r in made if r.type.startswith("aws:")) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_child(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        return pulumi.ResourceTransformResult(props={**args.props, "region": "north-1"}, opts=args.opts)

    assert {r.kind for r in transformed(change).resources if r.inputs.get("region") == "north-1"} == {kind}


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_childs_options(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=not args.opts.protect))
        return pulumi.ResourceTransformResult(props=args.props, opts=options)

    usual = {r.key: r.protect for r in record(CoreWeaveByob, STORE).resources}
    seen = {r.key: r.protect for r in transformed(change).resources}
    assert {key for key in usual if usual[key] != seen[key]} == {key for key in usual if f":{kind}::" in key}


def test_the_composites_provider_reaches_every_child() -> None:
    def program() -> None:
        there = pulumi_aws.Provider("there", region="US-EAST-04A")
        CoreWeaveByob("vision", STORE, pulumi.ResourceOptions(providers=[there]))  # type: ignore[arg-type]

    seen = run(program, AwsMocks())
    made = [r for r in seen.resources if r.type.startswith("aws:")]
    assert len(made) == len(KINDS)
    assert {r.provider for r in made} == {"pulumi:providers:aws::there"}
    assert seen.calls == []


def test_protecting_the_composite_leaves_the_grant_rotatable() -> None:
    seen = record(CoreWeaveByob, STORE, opts=pulumi.ResourceOptions(protect=True))
    assert {r.kind for r in seen.resources if r.type.startswith("aws:") and not r.protect} == {"BucketPolicy"}


def test_no_child_has_tags_or_a_region_of_its_own() -> None:
    """Tags at creation are dropped by other servers without a word; the region is the provider's."""
    for resource in record(CoreWeaveByob, STORE).resources:
        assert not {"tags", "region"} & resource.inputs.keys(), resource.key
