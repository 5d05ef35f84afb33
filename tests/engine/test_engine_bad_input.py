"""Bad input on the engine: every fault with its code, no traceback, nothing registered; and faults that only `up` can know."""

from __future__ import annotations

import json

import pytest

from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws

pytestmark = pytest.mark.engine

THREE_FAULTS = """
import pulumi
from byob_components.aws import AwsByob

pulumi.ComponentResource("demo:index:Before", "before")
AwsByob("vision", {
    "deployment": "dedicated",
    "level": "team",
    "kms_deletion_window_days": 3,
    "paths": ["/vision"],
    "cors_origins": ["wandb.example.com"],
})
"""


def test_faults_known_beforehand_are_told_together_and_nothing_is_registered(bench: Bench) -> None:
    stack = bench(THREE_FAULTS)
    for run in (stack.preview(), stack.up()):
        run.refused(
            "AwsByob 'vision': 3 faults",
            "BYOB-AWS-006 kms_deletion_window_days",
            "paths[0]",
            "BYOB-WANDB-031 cors_origins",
        )
        assert run.code == 1
        assert "".join(run.messages("error")).count("fix:") == 3
        registered = {e["resourcePreEvent"]["metadata"]["type"] for e in run.events if "resourcePreEvent" in e}
        assert registered == {"pulumi:pulumi:Stack", "demo:index:Before"}


def test_one_bad_team_of_three_stops_all_before_the_first_is_registered(bench: Bench, aws: LocalAws) -> None:
    buckets = aws.client("s3").list_buckets()["Buckets"]
    teams = {"good": {}, "bad": {"noncurrentDays": 0}, "worse": {"kmsKeyArn": "alias/x", "colour": "chartreuse"}}
    stack = bench(byob={"deployment": "dedicated", "level": "team", "teams": teams})
    run = stack.up().refused("byob:teams.bad.noncurrentDays", "byob:teams.worse.colour", "BYOB-SET-001", "BYOB-AWS-012")
    registered = {e["resourcePreEvent"]["metadata"]["type"] for e in run.events if "resourcePreEvent" in e}
    assert registered <= {"pulumi:pulumi:Stack"}
    assert "chartreuse" not in run.said
    assert aws.client("s3").list_buckets()["Buckets"] == buckets


ONLY_KNOWN_AT_UP = """
import pulumi
import pulumi_aws as aws
from byob_components.aws import AwsByob

key = aws.kms.Key("own", description="somebody's")
AwsByob("vision", {
    "deployment": "dedicated",
    "level": "team",
    "encryption": "existing_key",
    "kms_key_arn": key.key_id,  # an id, not an ARN: nobody can know before the key is there
    "bucket_name": "known-at-up",
})
"""


def test_a_fault_that_only_up_can_know_stops_the_run(bench: Bench, aws: LocalAws) -> None:
    stack = bench(ONLY_KNOWN_AT_UP)
    stack.preview().ok()
    run = stack.up().refused("BYOB-AWS-004 kms_key_arn", "is not the ARN of a KMS key", "fix:")
    assert run.code == 1
    # What does not depend on the fault may be there, protected and in the state; what does depend on it is not.
    state = stack.state()
    assert "Key own" in state
    assert not {n for n in state if n.startswith(("Grant", "BucketServerSideEncryption"))}
    if "Bucket vision" in state:
        assert state["Bucket vision"]["protect"] is True

    # Mended, the same stack goes on from there.
    stack.write(ONLY_KNOWN_AT_UP.replace("key.key_id,", "key.arn,"))
    stack.up().ok()
    assert stack.up("--expect-no-changes").ok().ops() == {}
    assert aws.bucket("known-at-up")["encryption"]["Rules"][0]["BucketKeyEnabled"] is True


def test_a_wrong_setting_of_the_stack_is_told_with_its_path(bench: Bench) -> None:
    stack = bench(byob={"deployment": "dedicatd", "level": "team", "teams": {"vision": {}}})
    run = stack.preview().refused("byob:deployment", "'dedicatd'", "dedicated")
    assert run.ops() == {}
    assert json.dumps(run.messages("error")).count("BYOB-SET-") == 1
