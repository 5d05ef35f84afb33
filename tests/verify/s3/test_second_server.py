"""The same verification on SeaweedFS: another server, which is no AWS and has no public access block, KMS or regions."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from byob_components.verify import Cast, Identity, S3Store, State, verify_s3
from sandbox.clouds.seaweedfs.server import SeaweedFS, User
from sandbox.places import VENVS

pytestmark = pytest.mark.server
ADMIN = User("admin", "AKIAADMIN00000000001", "secret-of-the-admin", ("Admin", "Read", "Write", "List", "Tagging"))
WANDB = User("wandb", "AKIAWANDB00000000002", "secret-of-wandb")
STRANGER = User("stranger", "AKIASTRANGER00000003", "secret-of-the-stranger")
ACTIONS = [
    "s3:GetObject*", "s3:GetEncryptionConfiguration", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions",
    "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject", "s3:GetBucketCORS", "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
]  # fmt: skip


@pytest.fixture(scope="module")
def server(
    require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SeaweedFS, Any]]:
    require((VENVS / "seaweedfs").exists(), "the environment of SeaweedFS: make setup")
    with SeaweedFS.start(tmp_path_factory.mktemp("verify-seaweedfs"), (ADMIN, WANDB, STRANGER)) as running:
        yield (
            running,
            boto3.client(
                "s3", endpoint_url=running.endpoint, verify=str(running.ca_bundle), region_name="us-east-1",
                aws_access_key_id=ADMIN.access_key, aws_secret_access_key=ADMIN.secret_key,
                config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 10, "mode": "standard"}),
            ),
        )  # fmt: skip


def identity(who: User) -> Identity:
    return Identity(who.name, who.access_key, who.secret_key)


def make(server: tuple[SeaweedFS, Any], name: str, *, tls: bool = True) -> S3Store:
    running, s3 = server
    arn = f"arn:aws:s3:::{name}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    cors = {
        "AllowedMethods": ["GET", "HEAD", "PUT"], "AllowedHeaders": ["*"], "AllowedOrigins": ["https://wandb.example.com"],
        "ExposeHeaders": ["ETag"],
    }  # fmt: skip
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [cors]})
    grant = {
        "Sid": "W",
        "Effect": "Allow",
        "Principal": {"AWS": WANDB.arn},
        "Action": ACTIONS,
        "Resource": [arn, f"{arn}/*"],
    }
    deny = {
        "Sid": "T", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    document = {"Version": "2012-10-17", "Statement": [grant, deny] if tls else [grant]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
    return S3Store(
        bucket=name, region="us-east-1", path="vision", cloud="s3_compatible", endpoint=running.endpoint, path_style=True,
        plain_endpoint=running.plain_endpoint, ca_bundle=str(running.ca_bundle), cors_origins=("https://wandb.example.com",),
    )  # fmt: skip


@pytest.mark.parametrize(("name", "tls", "also"), [("good", True, set()), ("no-tls-deny", False, {"V18"})])
def test_what_another_server_shows(server: tuple[SeaweedFS, Any], name: str, tls: bool, also: set[str]) -> None:
    store = make(server, name, tls=tls)
    report = verify_s3(store, Cast(identity(WANDB), identity(ADMIN), (identity(STRANGER),)))
    # This server grants the read of CORS in another spelling only, `s3:GetBucketCors`: a true finding of V05.
    assert set(report.ids(State.FAIL)) == {"V05"} | also, report.to_text()
    assert report.ids(State.WARN) == ["V07"]
    assert set(report.ids(State.SKIP)) == {"V03", "V04", "V16:browser", "V17:browser", "V22"}
    assert next(r for r in report.results if r.id == "V03").because == "this server has no public access block"
    assert not report.troubles
    assert "Versions" not in server[1].list_object_versions(Bucket=name)


def test_what_a_server_was_declared_without_is_said_and_not_judged(server: tuple[SeaweedFS, Any]) -> None:
    store = make(server, "declared-without")
    lacking = dataclasses.replace(store, lacks=("public_access_block", "cors", "versioning"))
    report = verify_s3(lacking, Cast(identity(WANDB), identity(ADMIN), (identity(STRANGER),)))
    assert report.ids(State.FAIL) == []
    told = {r.id: r.because for r in report.results if r.state is State.SKIP}
    assert {code: told[code].partition(":")[0] for code in ("V03", "V05", "V06", "V14")} == {
        "V03": "the server was declared without a public access block",
        "V05": "the server was declared without CORS rules of a bucket",
        "V06": "the server was declared without versions",
        "V14": "the server was declared without versions",
    }
    assert "lacks public_access_block cors versioning" in report.to_text().splitlines()[0]
