"""The programs that are measured against each other register the same things: else a ratio says nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.programs import PROGRAMS
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import Registered, Run, run

STORES = 3
KINDS = {
    "AwsByob", "AwsKey", "AwsBucket", "Key", "Alias", "Bucket", "BucketPublicAccessBlock", "BucketOwnershipControls",
    "BucketVersioning", "BucketServerSideEncryptionConfiguration", "BucketPolicy", "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
}  # fmt: skip


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    return {name: run(lambda program=program: program(STORES), AwsMocks()) for name, program in PROGRAMS.items()}  # type: ignore[misc]


def _read(inputs: dict[str, Any]) -> dict[str, Any]:
    """Policies as data: the order of the words in the text is free."""
    return {**inputs, "policy": json.loads(inputs["policy"])} if "policy" in inputs else inputs


def _like(resource: Registered) -> Registered:
    """The registration without what is free: whose components they are, and what those give out."""

    def kind(key: str) -> str:
        return key.replace("wandb-byob:index:", "").replace("by-hand:index:", "")

    return replace(
        resource, type=kind(resource.type), parent=kind(resource.parent), inputs=_read(resource.inputs), outputs={},
        dependencies=frozenset(kind(d) for d in resource.dependencies),
    )  # fmt: skip


def test_each_store_is_thirteen_registrations_of_every_kind_once(runs: dict[str, Run]) -> None:
    for name in ("composite", "bare"):
        made = [(r.kind, r.name) for r in runs[name].resources]
        assert len(made) == len(set(made)) == 13 * STORES, name
        assert {kind for kind, _ in made} == KINDS, name


def test_bare_components_hold_the_same_resources_with_the_same_inputs_and_options(runs: dict[str, Run]) -> None:
    ours, theirs = ({(r.kind, r.name): _like(r) for r in runs[name].resources} for name in ("composite", "bare"))
    assert theirs.keys() == ours.keys()
    for key in ours:
        assert theirs[key] == ours[key], key


def test_the_bare_rival_has_the_options_that_cost_something(runs: dict[str, Run]) -> None:
    # Written out, so that the comparison above cannot be satisfied by two programs that have lost them both.
    last = runs["bare"].one("BucketLifecycleConfiguration", "team-001")
    assert (last.protect, last.parent) == (True, "by-hand:index:AwsBucket::team-001")
    assert last.deleted_with == "aws:s3/bucket:Bucket::team-001"
    before = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration::team-001"
    assert last.dependencies == {before, "aws:s3/bucket:Bucket::team-001"}
    assert runs["bare"].one("BucketPolicy", "team-001").protect is False


def test_loose_resources_have_the_same_inputs_and_nothing_around_them(runs: dict[str, Run]) -> None:
    ours = {(r.kind, r.name): _read(r.inputs) for r in runs["composite"].resources if r.custom}
    theirs = {(r.kind, r.name): _read(r.inputs) for r in runs["loose"].resources}
    assert theirs == ours
    assert len(theirs) == 10 * STORES
    assert {r.parent for r in runs["loose"].resources} == {"pulumi:pulumi:Stack::byob-test"}
    assert {r.protect for r in runs["loose"].resources} == {False}
    assert {r.deleted_with for r in runs["loose"].resources} == {""}


def test_each_program_looks_the_account_up_once(runs: dict[str, Run]) -> None:
    wanted = ["aws:index/getCallerIdentity:getCallerIdentity"]
    assert {name: [token for token, _, _ in done.calls] for name, done in runs.items()} == dict.fromkeys(runs, wanted)


def test_the_rivals_are_independent_of_the_library() -> None:
    import subprocess
    import sys

    from sandbox.places import ROOT

    code = "import sys, benchmarks.programs; print(*[m for m in sys.modules if m.startswith('byob_components')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
