"""Stores on a real Ceph gateway: made by the real engine, used by W&B's keys, closed to everybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from byob_components.verify import Cast, Identity, S3Store, State, verify_s3
from byob_components.wandb.address import parse
from sandbox.clouds.ceph.server import REGION, Ceph, User
from tests.ceph.conftest import DEPLOYER, OTHER_TEAM, STRANGER, WANDB, Bench, client, team

pytestmark = [pytest.mark.ceph, pytest.mark.engine, pytest.mark.server, pytest.mark.xdist_group("ceph")]

PAGE = "https://wandb.example.com"
BOTH = ["vision", "robotics"]


def code(call: Any, **arguments: Any) -> str:
    """The code of the error that a call ends with; empty when it ends well."""
    try:
        call(**arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def identity(who: User) -> Identity:
    return Identity(who.name, who.access_key, who.secret_key)


def test_two_teams_from_preview_to_proof(ceph: Ceph, bench: Bench) -> None:
    stack = bench(
        {
            "vision": team(ceph, WANDB),
            "robotics": team(ceph, OTHER_TEAM, access="minimal", paths=["robotics"], corsOrigins=[PAGE]),
        }
    )
    before = [b["Name"] for b in client(ceph).list_buckets()["Buckets"]]
    kinds = ("S3CompatibleByob", "S3CompatibleBucket", "Bucket", "BucketVersioning", "BucketPolicy", "BucketCorsConfiguration")  # fmt: skip
    assert set(stack.preview().ok().ops().values()) == {"create"}
    assert [b["Name"] for b in client(ceph).list_buckets()["Buckets"]] == before
    made = stack.up().ok().ops()
    for kind in kinds:
        assert len([name for name, op in made.items() if name.split()[0] == kind and op == "create"]) == 2, made
    assert stack.up("--expect-no-changes").ok().ops() == {}
    assert stack.preview("--refresh", "--expect-no-changes").ok().ops() == {}

    teams = stack.outputs()["teams"]
    addresses = {name: parse(teams[name]["storageAddresses"]["/" if name == "vision" else name]) for name in BOTH}
    assert {name: (a.access_key, a.bucket, a.path) for name, a in addresses.items()} == {
        "vision": (WANDB.access_key, teams["vision"]["bucketName"], ""),
        "robotics": (OTHER_TEAM.access_key, teams["robotics"]["bucketName"], "robotics"),
    }
    for name, other in (("vision", OTHER_TEAM), ("robotics", WANDB)):
        address = addresses[name]
        store = S3Store(
            bucket=address.bucket, region=REGION, path=address.path, cloud="s3_compatible", endpoint=ceph.endpoint,
            plain_endpoint=ceph.plain_endpoint, ca_bundle=str(ceph.ca_bundle), path_style=True,
            access="documented" if name == "vision" else "minimal", cors_origins=("*",) if name == "vision" else (PAGE,),
            noncurrent_days=30, tls_only=False, lacks=("public_access_block",),
        )  # fmt: skip
        cast = Cast(
            wandb=Identity(f"W&B by the keys in the address of {name}", address.access_key, address.secret_key),
            owner=identity(DEPLOYER),
            outsiders=(identity(STRANGER), identity(other)),
        )
        report = verify_s3(store, cast)
        assert report.ok, report.to_text()
        assert (report.ids(State.FAIL), report.ids(State.WARN)) == ([], []), report.to_text()
        passed = set(report.ids(State.PASS))
        assert passed >= {
            "V02",
            "V05",
            "V06",
            "V07",
            "V08",
            "V09",
            "V10",
            "V11",
            "V12",
            "V13",
            "V14",
            "V15",
            "V16",
            "V21",
        }
        assert {"V19", f"V19:{STRANGER.name}", f"V19:{other.name}", "V27"} <= passed
        assert ({"V17", "V22"} <= passed) is (name == "robotics")


def test_versions_can_be_had_back_and_a_full_bucket_stays(ceph: Ceph, bench: Bench) -> None:
    stack = bench({"vision": team(ceph, WANDB, protection="unprotected")})
    stack.up().ok()
    name = stack.outputs()["teams"]["vision"]["bucketName"]
    wandb, owner = client(ceph, WANDB), client(ceph)
    wandb.put_object(Bucket=name, Key="run/data", Body=b"first")
    wandb.put_object(Bucket=name, Key="run/data", Body=b"second")
    wandb.delete_object(Bucket=name, Key="run/data")
    found = owner.list_object_versions(Bucket=name)
    versions = {v["VersionId"]: wandb.get_object(Bucket=name, Key="run/data", VersionId=v["VersionId"])["Body"].read() for v in found["Versions"]}  # fmt: skip
    assert sorted(versions.values()) == [b"first", b"second"]
    assert {code(wandb.delete_object, Bucket=name, Key="run/data", VersionId=one) for one in versions} == {
        "AccessDenied"
    }

    stack.destroy().refused("BucketNotEmpty")
    assert [v["VersionId"] for v in owner.list_object_versions(Bucket=name)["Versions"]] == list(versions)
    stack.up().ok()
    for one in [*found["Versions"], *found["DeleteMarkers"]]:
        owner.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
    stack.destroy().ok()
    assert name not in [bucket["Name"] for bucket in owner.list_buckets()["Buckets"]]


def test_a_suspended_team_is_shut_out_of_all_but_what_it_wrote_itself(ceph: Ceph, bench: Bench) -> None:
    stack = bench({"vision": team(ceph, WANDB)})
    stack.up().ok()
    name = stack.outputs()["teams"]["vision"]["bucketName"]
    wandb, owner = client(ceph, WANDB), client(ceph)
    wandb.put_object(Bucket=name, Key="run/own", Body=b"own")
    owner.put_object(Bucket=name, Key="run/data", Body=b"data")
    assert wandb.get_object(Bucket=name, Key="run/data")["Body"].read() == b"data"

    stack.set_secret("byob:teams", json.dumps({"vision": team(ceph, WANDB, state="suspended")}))
    stack.up().ok()
    assert code(wandb.get_object, Bucket=name, Key="run/data") == "AccessDenied"
    assert code(wandb.list_objects_v2, Bucket=name) == "AccessDenied"
    assert code(wandb.put_object, Bucket=name, Key="run/more", Body=b"more") == "AccessDenied"
    # There is no ownership setting: who wrote an object stays its owner, and reads it whatever the policy says.
    assert wandb.get_object(Bucket=name, Key="run/own")["Body"].read() == b"own"

    stack.set_secret("byob:teams", json.dumps({"vision": team(ceph, WANDB)}))
    stack.up().ok()
    assert wandb.get_object(Bucket=name, Key="run/data")["Body"].read() == b"data"
