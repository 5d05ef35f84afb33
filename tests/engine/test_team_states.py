"""The states of a team: suspended takes the grant and keeps the data, released lets go of everything and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clouds.aws.accounts import NODE_ROLE
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws, changed

pytestmark = pytest.mark.engine

TEAM = {"deployment": "dedicated", "level": "team"}


def wandb_reads(aws: LocalAws, bucket: str, key: str) -> bool:
    """Whether W&B's own role gets an object."""
    try:
        aws.client("s3", aws.accounts.wandb_dedicated).get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


def test_a_suspended_team_loses_the_grant_and_nothing_else(bench: Bench, aws: LocalAws) -> None:
    own: dict[str, Any] = {"vision": {}, "robotics": {"credentialKeys": ["2026-11"]}, "keep": {}}
    stack = bench(byob={**TEAM, "teams": own})
    stack.up().ok()
    stores = stack.outputs()["teams"]
    buckets = {name: store["bucketName"] for name, store in stores.items()}
    user = stack.state()["User robotics"]["id"]
    for bucket in buckets.values():
        aws.put(bucket, "run/data")
    before = {name: {**aws.bucket(b), "key": aws.key(stores[name]["kmsKeyId"])} for name, b in buckets.items()}
    assert wandb_reads(aws, buckets["vision"], "run/data")

    suspended = {name: {**own[name], "state": "suspended"} for name in ("vision", "robotics")}
    stack.set(teams={**own, **suspended})
    run = stack.up().ok()
    # Only grants: of the credential its rights and its key, which is switched off and not deleted.
    assert run.ops() == {
        "BucketPolicy vision": "update",
        "Key vision": "update",
        "AccessKey robotics-2026-11": "update",
    }
    assert not wandb_reads(aws, buckets["vision"], "run/data")
    assert wandb_reads(aws, buckets["keep"], "run/data")
    assert set(aws.policy(buckets["vision"])) == {"DenyInsecureTransport", "DenyOldTls", "DenyCustomerProvidedKeys"}
    assert [s["Sid"] for s in aws.key(stores["vision"]["kmsKeyId"])["policy"]["Statement"]] == ["AccountAdministration"]
    assert [status for _, status in aws.user(user)["keys"]] == ["Inactive"]
    assert changed(before["vision"], aws.bucket(buckets["vision"])).keys() == {"policy", "key"}
    assert changed(before["robotics"], aws.bucket(buckets["robotics"])).keys() == {"key"}
    told = stack.outputs()["teams"]["vision"]
    assert told["storageAddresses"] == stores["vision"]["storageAddresses"]
    assert told["principals"] == []
    assert "suspended" in str(told["handoffs"]["/"]["warnings"])
    assert any("suspended" in w for w in stack.preview().ok().messages("warning"))

    # Removing a suspended team is refused as well: its data stays protected.
    stack.set(teams={"robotics": suspended["robotics"], "keep": {}})
    stack.preview().refused("because it is protected")

    stack.set(teams=own)
    assert stack.up().ok().ops() == run.ops()
    for name, bucket in buckets.items():
        assert changed(before[name], {**aws.bucket(bucket), "key": aws.key(stores[name]["kmsKeyId"])}) == {}
    assert stack.outputs()["teams"]["robotics"] == stores["robotics"]  # the same address, the same access key
    assert wandb_reads(aws, buckets["vision"], "run/data")


def test_in_a_shared_store_only_the_suspended_path_is_closed(bench: Bench, aws: LocalAws) -> None:
    shared = {"ml": {"access": "minimal", "principals": [NODE_ROLE]}}
    teams = {"vision": {"store": "ml", "path": "vision"}, "audio": {"store": "ml", "path": "audio"}}
    stack = bench(byob={**TEAM, "stores": shared, "teams": teams})
    stack.up().ok()
    told = stack.outputs()["teams"]
    bucket = told["vision"]["bucketName"]
    assert told["vision"]["storageAddresses"] == {"vision": f"s3://{bucket}/vision"}
    assert told["audio"]["storageAddresses"] == {"audio": f"s3://{bucket}/audio"}
    for path in ("vision", "audio"):
        aws.put(bucket, f"{path}/data")
        assert wandb_reads(aws, bucket, f"{path}/data")
    before = aws.bucket(bucket)

    stack.set(teams={**teams, "vision": {**teams["vision"], "state": "suspended"}})
    assert stack.up().ok().ops() == {"BucketPolicy ml": "update"}
    assert aws.policy(bucket)["WAndBObjectAccess"]["Resource"] == [f"arn:aws:s3:::{bucket}/audio/*"]
    assert (wandb_reads(aws, bucket, "vision/data"), wandb_reads(aws, bucket, "audio/data")) == (False, True)

    stack.set(teams=teams)
    assert stack.up().ok().ops() == {"BucketPolicy ml": "update"}
    assert changed(before, aws.bucket(bucket)) == {}


def test_a_team_is_released_in_two_steps(bench: Bench, aws: LocalAws) -> None:
    leaving: dict[str, Any] = {"credentialKeys": ["2026-11"], "paths": ["vision"]}
    stack = bench(byob={**TEAM, "teams": {"keep": {}, "vision": leaving}})
    stack.up().ok()
    store = stack.outputs()["teams"]["vision"]
    user = stack.state()["User vision"]["id"]
    aws.put(store["bucketName"], "vision/data")

    def read() -> dict[str, Any]:
        return {**aws.bucket(store["bucketName"]), "key": aws.key(store["kmsKeyId"]), "user": aws.user(user)}

    before = read()

    # Step 1 detaches: no resource changes, in the cloud everything stays, other lines have no effect any more.
    stack.set(teams={"keep": {}, "vision": {**leaving, "state": "released", "noncurrentDays": 5}})
    assert stack.preview().ok().ops() == {}
    assert any("released" in w for w in stack.preview().messages("warning"))
    assert stack.up().ok().ops() == {}
    assert changed(before, read()) == {}
    state = stack.state()
    of_vision = {n: r for n, r in state.items() if n.split()[-1].startswith("vision") and r["custom"]}
    assert len(of_vision) == 13
    assert {n for n, r in of_vision.items() if r.get("protect")} == set()
    assert {n for n, r in of_vision.items() if not r.get("retainOnDelete")} == set()
    assert {n for n, r in state.items() if n.endswith(" keep") and r.get("protect")} != set()

    # Step 2 forgets.
    stack.set(teams={"keep": {}})
    forgotten = stack.up(preview=True).ok()
    assert set(forgotten.ops().values()) == {"delete"}
    assert {n.split()[-1] for n in forgotten.ops()} == {"vision", "vision-2026-11"}
    assert changed(before, read()) == {}
    assert not [n for n in stack.state() if "vision" in n]
    assert stack.up("--expect-no-changes").ok().ops() == {}
