"""The programs that are measured against each other register the same things: else a ratio says nothing."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi.runtime.mocks import Mocks

from benchmarks.programs import CLOUDS, KINDS, programs
from tests.mocks.aws import AwsMocks
from tests.mocks.azure import AzureMocks
from tests.mocks.gcp import GcpMocks
from tests.mocks.monitor import Registered, Run, run

STORES = 3
MOCKS: dict[str, type[Mocks]] = {
    "aws": AwsMocks,
    "gcp": GcpMocks,
    "azure": AzureMocks,
    "s3_compatible": AwsMocks,
    "coreweave": AwsMocks,
}
COMPONENTS = {
    "aws": {"AwsByob", "AwsKey", "AwsBucket"},
    "gcp": {"GcpByob", "GcpBucket"},
    "azure": {"AzureByob", "AzureContainer"},
    "s3_compatible": {"S3CompatibleByob", "S3CompatibleBucket"},
    "coreweave": {"CoreWeaveByob", "CoreWeaveBucket"},
}
RESOURCES = {
    "aws": {
        "Key", "Alias", "Bucket", "BucketPublicAccessBlock", "BucketOwnershipControls", "BucketVersioning",
        "BucketServerSideEncryptionConfiguration", "BucketPolicy", "BucketCorsConfiguration", "BucketLifecycleConfiguration",
    },
    "gcp": {"Bucket", "BucketIAMMember"},
    "azure": {
        "ResourceGroup", "StorageAccount", "RoleAssignment", "BlobServiceProperties", "BlobContainer", "ManagementPolicy",
    },
    "s3_compatible": {"Bucket", "BucketVersioning", "BucketPolicy", "BucketCorsConfiguration"},
    "coreweave": {"Bucket", "BucketVersioning", "BucketPolicy", "BucketCorsConfiguration"},
}  # fmt: skip
LOOKED_UP = {
    "aws": ["aws:index/getCallerIdentity:getCallerIdentity"],
    "gcp": [],
    "azure": ["azure-native:authorization:getClientConfig"],
    "s3_compatible": [],
    "coreweave": [],
}
TWICE = {"RoleAssignment"}
"""Kinds of which a store has two."""
each_cloud = pytest.mark.parametrize("cloud", CLOUDS)


@functools.cache
def runs(cloud: str) -> dict[str, Run]:
    return {name: run(functools.partial(make, STORES), MOCKS[cloud]()) for name, make in programs(cloud).items()}


def _read(inputs: dict[str, Any]) -> dict[str, Any]:
    """Policies as data, because the order of the words in the text is free; and so is the GUID that names an assignment."""
    read = {**inputs, "policy": json.loads(inputs["policy"])} if isinstance(inputs.get("policy"), str) else dict(inputs)
    read.pop("roleAssignmentName", None)
    return read


def _like(resource: Registered) -> Registered:
    """The registration without what is free: whose components they are, and what those give out."""

    def kind(key: str) -> str:
        return key.replace("wandb-byob:index:", "").replace("by-hand:index:", "")

    return replace(
        resource, type=kind(resource.type), parent=kind(resource.parent), inputs=_read(resource.inputs), outputs={},
        dependencies=frozenset(kind(d) for d in resource.dependencies),
    )  # fmt: skip


def test_every_cloud_is_measured_with_every_kind_of_program() -> None:
    assert set(CLOUDS) == MOCKS.keys() == COMPONENTS.keys() == RESOURCES.keys() == LOOKED_UP.keys()
    assert {cloud: tuple(programs(cloud)) for cloud in CLOUDS} == dict.fromkeys(CLOUDS, KINDS)


@each_cloud
def test_each_store_is_a_registration_of_every_kind(cloud: str) -> None:
    wanted = COMPONENTS[cloud] | RESOURCES[cloud]
    for name in ("composite", "bare"):
        made = [(r.kind, r.name) for r in runs(cloud)[name].resources]
        assert len(made) == len(set(made)) == (len(wanted) + len(wanted & TWICE)) * STORES, name
        assert {kind for kind, _ in made} == wanted, name


@each_cloud
def test_bare_components_hold_the_same_resources_with_the_same_inputs_and_options(cloud: str) -> None:
    ours, theirs = ({(r.kind, r.name): _like(r) for r in runs(cloud)[name].resources} for name in ("composite", "bare"))
    assert theirs.keys() == ours.keys()
    for key in ours:
        assert theirs[key] == ours[key], key


def test_the_bare_rival_has_the_options_that_cost_something() -> None:
    # Written out, so that the comparison above cannot be satisfied by two programs that have lost them both.
    made = runs("aws")["bare"]
    last = made.one("BucketLifecycleConfiguration", "team-001")
    assert (last.protect, last.parent) == (True, "by-hand:index:AwsBucket::team-001")
    assert last.deleted_with == "aws:s3/bucket:Bucket::team-001"
    before = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration::team-001"
    assert last.dependencies == {before, "aws:s3/bucket:Bucket::team-001"}
    assert made.one("BucketPolicy", "team-001").protect is False


@each_cloud
def test_loose_resources_have_the_same_inputs_and_nothing_around_them(cloud: str) -> None:
    loose, composite = runs(cloud)["loose"].resources, runs(cloud)["composite"].resources
    ours = {(r.kind, r.name): _read(r.inputs) for r in composite if r.custom}
    theirs = {(r.kind, r.name): _read(r.inputs) for r in loose}
    assert theirs == ours
    assert len(theirs) == (len(RESOURCES[cloud]) + len(RESOURCES[cloud] & TWICE)) * STORES
    assert {r.parent for r in loose} == {"pulumi:pulumi:Stack::byob-test"}
    assert {r.protect for r in loose} == {False}
    assert {r.deleted_with for r in loose} == {""}


@each_cloud
def test_each_program_looks_up_once_what_it_must(cloud: str) -> None:
    assert {name: [token for token, _, _ in done.calls] for name, done in runs(cloud).items()} == dict.fromkeys(
        KINDS, LOOKED_UP[cloud]
    )


@each_cloud
def test_the_rivals_are_independent_of_the_library(cloud: str) -> None:
    import subprocess
    import sys

    from sandbox.places import ROOT

    code = (
        f"import sys, benchmarks.programs.{cloud}; print(*[m for m in sys.modules if m.startswith('byob_components')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
