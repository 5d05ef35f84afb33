"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_gcp
import pytest

from byob_components.gcp import GcpByob
from tests.mocks.gcp import GcpMocks, record
from tests.mocks.monitor import Run, run

STORE: dict[str, Any] = {
    "deployment": "self_managed",
    "level": "team",
    "location": "EU",
    "principals": ["wandb@acme-servers.iam.gserviceaccount.com"],
    "encryption": "new_key",
    "credential_keys": ["a"],
    "signer": True,
}
KINDS = ("Account", "Bucket", "BucketIAMMember", "CryptoKey", "CryptoKeyIAMMember", "IAMMember", "Key", "KeyRing")
MADE = 9
"""The bucket has a member for the server and one for the credential."""


def transformed(change: Any) -> Run:
    return record(GcpByob, STORE, opts=pulumi.ResourceOptions(transforms=[change]))


def test_the_list_of_children_is_whole() -> None:
    made = [r.kind for r in record(GcpByob, STORE).resources if r.type.startswith("gcp:")]
    assert (sorted(set(made)), len(made)) == (sorted(KINDS), MADE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_child(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        return pulumi.ResourceTransformResult(props={**args.props, "project": "acme-moved"}, opts=args.opts)

    changed = {r.kind for r in transformed(change).resources if r.inputs.get("project") == "acme-moved"}
    assert changed == {kind}


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_of_the_composite_changes_a_childs_options(kind: str) -> None:
    def change(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith(f":{kind}"):
            return None
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=not args.opts.protect))
        return pulumi.ResourceTransformResult(props=args.props, opts=options)

    usual = {r.key: r.protect for r in record(GcpByob, STORE).resources}
    seen = {r.key: r.protect for r in transformed(change).resources}
    assert {key for key in usual if usual[key] != seen[key]} == {key for key in usual if f":{kind}::" in key}


def test_the_composites_provider_reaches_every_child_and_the_look_up() -> None:
    def program() -> None:
        there = pulumi_gcp.Provider("there", project="acme-there")
        GcpByob("vision", STORE, pulumi.ResourceOptions(providers=[there]))  # type: ignore[arg-type]

    seen = run(program, GcpMocks())
    made = [r for r in seen.resources if r.type.startswith("gcp:")]
    assert len(made) == MADE
    assert {r.provider for r in made} == {"pulumi:providers:gcp::there"}
    assert [provider for *_, provider in seen.calls] == ["pulumi:providers:gcp::there"]


def test_no_provider_is_made_inside() -> None:
    assert not [r.key for r in record(GcpByob, STORE).resources if r.type.startswith("pulumi:providers:")]


def test_protecting_the_composite_leaves_grants_and_keys_rotatable() -> None:
    seen = record(GcpByob, STORE, opts=pulumi.ResourceOptions(protect=True))
    unprotected = {r.kind for r in seen.resources if r.type.startswith("gcp:") and not r.protect}
    assert unprotected == {"BucketIAMMember", "CryptoKeyIAMMember", "IAMMember", "Key"}
