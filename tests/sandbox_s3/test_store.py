"""The S3-compatible store: what SeaweedFS judges, and the two things that the gate before it puts right."""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path

import httpx
import pytest
from botocore.exceptions import ClientError

from sandbox.clouds.s3_compatible.server import Store
from tests.sandbox_s3.conftest import S3World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("s3-compatible")]

PAGE = "https://wandb.example.com"
RULES = [{"AllowedHeaders": ["*"], "AllowedMethods": ["GET", "HEAD", "PUT"], "AllowedOrigins": [PAGE], "ExposeHeaders": ["ETag"]}]  # fmt: skip


def code(call: object, **arguments: object) -> str:
    """The code of the error that a call ends with; empty when it ends well."""
    try:
        call(**arguments)  # type: ignore[operator]
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def page(world: S3World, method: str, target: str, **headers: str) -> httpx.Response:
    trust = ssl.create_default_context(cafile=str(world.store.ca_bundle))
    with httpx.Client(verify=trust, trust_env=False) as client:
        return client.request(method, f"{world.store.endpoint}/{target}", headers={"Origin": PAGE, **headers})


def test_a_policy_lets_one_user_in_and_nobody_else(world: S3World) -> None:
    name, everybody = world.bucket("granted", "s3:PutObject", "s3:GetObject"), world.accounts
    wandb = world.client(everybody.wandb)
    assert code(wandb.put_object, Bucket=name, Key="k", Body=b"data") == ""
    assert wandb.get_object(Bucket=name, Key="k")["Body"].read() == b"data"
    assert code(wandb.delete_object, Bucket=name, Key="k") == "AccessDenied"
    for who in (everybody.other_team, everybody.stranger):
        assert code(world.client(who).get_object, Bucket=name, Key="k") == "AccessDenied", who.name
        assert code(world.client(who).put_object, Bucket=name, Key="k", Body=b"theirs") == "AccessDenied", who.name
    assert world.client().get_object(Bucket=name, Key="k")["Body"].read() == b"data"


def test_a_signature_holds_through_the_gate_and_only_a_right_one(world: S3World) -> None:
    name = world.bucket("signed", "s3:GetObject")
    world.client().put_object(Bucket=name, Key="a b/ü", Body=b"data")
    url = world.client(world.accounts.wandb).generate_presigned_url("get_object", Params={"Bucket": name, "Key": "a b/ü"})  # fmt: skip
    target = url.removeprefix(f"{world.store.endpoint}/")
    assert page(world, "GET", target).content == b"data"
    assert page(world, "GET", target.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200")).status_code == 403
    assert page(world, "GET", f"{name}/a%20b/%C3%BC").status_code == 403


def test_large_bodies_pass_both_ways(world: S3World) -> None:
    name = world.bucket("large")
    body = os.urandom(9 * 1024 * 1024)
    world.client().put_object(Bucket=name, Key="k", Body=body)
    assert world.client().get_object(Bucket=name, Key="k")["Body"].read() == body
    assert world.client().get_object(Bucket=name, Key="k", Range="bytes=5-9")["Body"].read() == body[5:10]


def test_plain_http_is_seen_as_such(world: S3World) -> None:
    name = world.bucket("plain")
    s3 = world.client()
    s3.put_object(Bucket=name, Key="k", Body=b"data")
    deny = {"Sid": "T", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{name}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip
    allow = {"Sid": "A", "Effect": "Allow", "Principal": {"AWS": world.accounts.wandb.arn}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}  # fmt: skip
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]}))
    secure = world.client(world.accounts.wandb)
    plain = Store(
        endpoint=world.store.plain_endpoint,
        plain_endpoint="",
        ca_bundle=world.store.ca_bundle,
        pid=0,
        directory=world.store.directory,
    )
    from sandbox.clouds.s3_compatible.accounts import client

    assert code(secure.get_object, Bucket=name, Key="k") == ""
    assert code(client(plain, world.accounts.wandb).get_object, Bucket=name, Key="k") == "AccessDenied"


# ------------------------------------------------------------------------------------------------ the gate's own
def test_a_bucket_with_nothing_but_versions_is_not_deleted(world: S3World) -> None:
    name = world.bucket("versions-only")
    s3 = world.client()
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=name, Key="k", Body=b"data")
    assert code(s3.delete_bucket, Bucket=name) == "BucketNotEmpty"
    s3.delete_object(Bucket=name, Key="k")
    assert code(s3.delete_bucket, Bucket=name) == "BucketNotEmpty", "a delete marker and an old version"
    assert code(world.client(world.accounts.stranger).delete_bucket, Bucket=name) == "AccessDenied"
    found = s3.list_object_versions(Bucket=name)
    for one in [*found["Versions"], *found["DeleteMarkers"]]:
        s3.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
    assert code(s3.delete_bucket, Bucket=name) == ""
    assert code(s3.delete_bucket, Bucket=name) == "NoSuchBucket"


def test_pages_are_let_in_by_rules_only(world: S3World) -> None:
    name = world.bucket("paged", "s3:GetObject")
    s3 = world.client()
    s3.put_object(Bucket=name, Key="k", Body=b"data")
    url = world.client(world.accounts.wandb).generate_presigned_url("get_object", Params={"Bucket": name, "Key": "k"})
    target = url.removeprefix(f"{world.store.endpoint}/")
    asked = {"Access-Control-Request-Method": "GET"}
    assert page(world, "OPTIONS", target, **asked).status_code == 403
    answer = page(world, "GET", target)
    assert (answer.status_code, [h for h in answer.headers if h.startswith("access-control")]) == (200, [])

    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": RULES})
    answer = page(world, "OPTIONS", target, **asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, PAGE)
    assert page(world, "GET", target).headers["access-control-allow-origin"] == PAGE
    foreign = page(world, "OPTIONS", target, **{**asked, "Origin": "https://elsewhere.example.com"})
    assert foreign.status_code == 403


def test_a_running_store_is_found_again_and_ends_with_all_that_is_below_it(world: S3World, tmp_path: Path) -> None:
    file = tmp_path / "run" / "store.json"
    world.store.save(file)
    assert Store.load(file) == world.store
    assert [one.pid for one in Store.left_in(world.store.directory)] == [world.store.pid]
    assert Store.left_in(tmp_path) == []
    assert Store.load(tmp_path / "none.json") is None

    from sandbox.clouds.s3_compatible.accounts import Accounts, start

    accounts = Accounts.make()
    with start(tmp_path / "another", accounts) as another:
        children = Path(f"/proc/{another.pid}/task/{another.pid}/children").read_text().split()
        assert another.answers()
        assert len(children) == 1
    assert not another.answers()
    assert not another.alive()
    assert not Path(f"/proc/{children[0]}").exists()
    settings = tmp_path / "another" / "settings.json"
    assert settings.stat().st_mode & 0o077 == 0, "it holds the keys"
