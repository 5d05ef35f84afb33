"""Removing a team, with and without a preview: refused before anything of that team is touched, whatever its store is made of."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.clouds.aws.accounts import NODE_ROLE
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws, changed
from tests.engine.workbench import Workbench

pytestmark = pytest.mark.engine

TEAM = {"deployment": "dedicated", "level": "team"}


def everything(aws: LocalAws, store: dict[str, Any], user: str | None = None) -> dict[str, Any]:
    """All that a team has in the cloud."""
    found = {**aws.bucket(store["bucketName"])}
    if store["kmsKeyId"]:
        found |= {f"key {k}": v for k, v in aws.key(store["kmsKeyId"]).items()}
    if user:
        found |= {f"user {k}": v for k, v in aws.user(user).items()}
    return found


def of_team(stack: Workbench, name: str) -> dict[str, Any]:
    """The team's resources in the state, without what every command writes anew (times, ciphers of the same secrets)."""

    def stable(value: Any) -> Any:
        if isinstance(value, dict):
            volatile = ("modified", "sourcePosition", "stackTrace", "ciphertext")
            return {k: stable(v) for k, v in value.items() if k not in volatile}
        if isinstance(value, list):
            urns = all(isinstance(v, str) and v.startswith("urn:") for v in value)
            return sorted(value) if urns else [stable(v) for v in value]
        return value

    return {
        short: stable(resource)
        for short, resource in stack.state().items()
        if short.split()[-1] == name or short.split()[-1].startswith(f"{name}-")
    }


def test_a_removed_team_is_refused_before_anything_is_touched(bench: Bench, aws: LocalAws) -> None:
    own_key = aws.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    teams: dict[str, dict[str, Any]] = {
        "keep": {},
        "vision": {"credentialKeys": ["2026-11"]},
        "robotics": {"encryption": "existing_key", "kmsKeyArn": own_key, "principals": [NODE_ROLE]},
        "audio": {"encryption": "provider_managed", "credentialKeys": ["2026-10", "2026-11"]},
    }
    stack = bench(byob={**TEAM, "teams": teams})
    stack.up().ok()
    stores = stack.outputs()["teams"]
    users = {name: stack.state()[f"User {name}"]["id"] for name in ("vision", "audio")}
    for store in stores.values():
        aws.put(store["bucketName"], "run/history.jsonl", b"step 1")
    read = {name: everything(aws, store, users.get(name)) for name, store in stores.items()}
    assert [len(r["objects"]) for r in read.values()] == [1, 1, 1, 1]
    assert len(read["robotics"]["key grants"]) == 1
    assert [len(read[name]["user keys"]) for name in users] == [1, 2]
    written = {name: of_team(stack, name) for name in teams}

    for gone in ("vision", "robotics", "audio"):
        stack.set(teams={name: team for name, team in teams.items() if name != gone})
        # With a preview nothing is begun.
        for run in (stack.preview(), stack.up(preview=True)):
            run.refused("cannot be deleted", "because it is protected", f"::{gone}")
            assert run.code == 1
        # Without one the deletes are begun, and the first of them is refused.
        stack.up().refused("cannot be deleted", "because it is protected", f"::{gone}")
        for name, store in stores.items():
            assert changed(read[name], everything(aws, store, users.get(name))) == {}
        # The state has lost nothing either, so the same lines bring the team back without a change.
        assert changed(written[gone], of_team(stack, gone)) == {}

    stack.set(teams=teams)
    assert stack.up("--expect-no-changes").ok().ops() == {}


def test_without_a_preview_the_rest_of_that_up_is_carried_out(bench: Bench, aws: LocalAws) -> None:
    stack = bench(byob={**TEAM, "teams": {"keep": {}, "leave": {}}})
    stack.up().ok()
    stores = stack.outputs()["teams"]
    before = everything(aws, stores["leave"])

    stack.set(teams={"keep": {"corsOrigins": ["https://wandb.example.com"]}})
    stack.up(preview=True).refused("is protected")
    assert (aws.cors(stores["keep"]["bucketName"]) or [])[0]["AllowedOrigins"] == ["*"]

    refused = stack.up().refused("is protected")
    assert refused.ops(without=("same", "delete")) == {"BucketCorsConfiguration keep": "update"}
    assert (aws.cors(stores["keep"]["bucketName"]) or [])[0]["AllowedOrigins"] == ["https://wandb.example.com"]
    assert changed(before, everything(aws, stores["leave"])) == {}


def test_destroy_of_a_protected_stack_is_refused(bench: Bench, aws: LocalAws) -> None:
    stack = bench(byob={"deployment": "self_managed", "level": "instance", "store": {"principals": [NODE_ROLE]}})
    stack.up().ok()
    store = stack.outputs()["store"]
    before = everything(aws, store)
    for preview in (True, False):
        stack.destroy(preview=preview).refused("cannot be deleted", "because it is protected")
        assert changed(before, everything(aws, store)) == {}
    assert stack.up("--expect-no-changes").ok().ops() == {}


def test_a_replacement_is_refused_with_its_reason(bench: Bench, aws: LocalAws) -> None:
    stack = bench(byob={**TEAM, "teams": {"fixed": {"bucketName": "fixed-here-1", "region": "eu-west-1"}}})
    stack.up().ok()
    before = everything(aws, stack.outputs()["teams"]["fixed"])

    stack.set(teams={"fixed": {"bucketName": "fixed-elsewhere-1", "region": "eu-west-1"}})
    for run in (stack.preview(), stack.up()):
        run.refused("unable to replace resource", "aws:s3/bucket:Bucket::fixed", "marked for protection")
    assert not aws.bucket_exists("fixed-elsewhere-1")

    stack.set(teams={"fixed": {"bucketName": "fixed-here-1", "region": "eu-central-1"}})
    for run in (stack.preview(), stack.up()):
        run.refused("unable to replace resource", "aws:kms/key:Key::fixed", "marked for protection")

    stack.set(teams={"fixed": {"bucketName": "fixed-here-1", "region": "eu-west-1"}})
    assert stack.up("--expect-no-changes").ok().ops() == {}
    assert changed(before, everything(aws, stack.outputs()["teams"]["fixed"])) == {}
