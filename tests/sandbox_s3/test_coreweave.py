"""The local CoreWeave: its principals decide who is let in, the bucket stands before the host, TLS is 1.3 only."""

from __future__ import annotations

import json
import socket
import ssl
from typing import Any

import pytest

from sandbox.clouds.coreweave.accounts import DEDICATED, STORAGE_ORGANIZATION, WANDB_ORGANIZATION
from tests.sandbox_s3.conftest import CoreWeaveWorld
from tests.sandbox_s3.test_store import code

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("coreweave")]

ACTIONS = ["s3:GetObject*", "s3:PutObject", "s3:ListBucket", "s3:GetBucketCORS"]


def policy(name: str, *more: dict[str, Any]) -> str:
    statement = {
        "Sid": "AllowWandbUser",
        "Effect": "Allow",
        "Principal": {"CW": DEDICATED},
        "Action": ACTIONS,
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"StringLike": {"wandb:OrgID": [WANDB_ORGANIZATION]}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement, *more]})


def test_the_condition_tells_w_and_bs_customers_apart(cw: CoreWeaveWorld) -> None:
    name, s3 = cw.bucket("acme-wandb"), cw.client()
    people = cw.accounts
    assert code(cw.client(people.wandb).put_object, Bucket=name, Key="k", Body=b"data") == "AccessDenied"
    s3.put_bucket_policy(Bucket=name, Policy=policy(name))
    assert s3.get_bucket_policy(Bucket=name)["Policy"] == policy(name), "told as it was given"
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]})  # fmt: skip
    wandb = cw.client(people.wandb)
    assert code(wandb.put_object, Bucket=name, Key="k", Body=b"data") == ""
    assert wandb.get_object(Bucket=name, Key="k")["Body"].read() == b"data"
    assert wandb.get_bucket_cors(Bucket=name)["CORSRules"][0]["AllowedOrigins"] == ["*"]
    assert code(wandb.delete_object, Bucket=name, Key="k") == "AccessDenied"
    for who in (people.wandb_elsewhere, people.wandb_multi_tenant, people.stranger, people.colleague):
        assert code(cw.client(who).get_object, Bucket=name, Key="k") == "AccessDenied", who.arn
        assert code(cw.client(who).get_bucket_policy, Bucket=name) == "AccessDenied", who.arn
        assert code(cw.client(who).put_bucket_policy, Bucket=name, Policy=policy(name)) == "AccessDenied", who.arn

    s3.delete_bucket_policy(Bucket=name)
    assert code(s3.get_bucket_policy, Bucket=name) == "NoSuchBucketPolicy"
    assert code(wandb.get_object, Bucket=name, Key="k") == "AccessDenied"


def test_the_customers_own_organization_gets_in_by_its_own_statement(cw: CoreWeaveWorld) -> None:
    name = cw.bucket("acme-own")
    own = {
        "Sid": "AllowUsersInOrg",
        "Effect": "Allow",
        "Principal": {"CW": f"arn:aws:iam::{STORAGE_ORGANIZATION}:*"},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    cw.client().put_bucket_policy(Bucket=name, Policy=policy(name, own))
    assert code(cw.client(cw.accounts.colleague).put_object, Bucket=name, Key="k", Body=b"x") == ""
    assert code(cw.client(cw.accounts.stranger).put_object, Bucket=name, Key="k", Body=b"x") == "AccessDenied"


def test_policies_name_no_principals_of_aws(cw: CoreWeaveWorld) -> None:
    name = cw.bucket("acme-aws")
    aws = policy(name).replace('"CW"', '"AWS"')
    assert code(cw.client().put_bucket_policy, Bucket=name, Policy=aws) == "MalformedPolicy"
    behind = aws.replace(DEDICATED, cw.accounts.stranger.user.arn)
    assert code(cw.client().put_bucket_policy, Bucket=name, Policy=behind) == "MalformedPolicy"
    assert code(cw.client(cw.accounts.stranger).list_objects_v2, Bucket=name) == "AccessDenied"
    assert code(cw.client().get_bucket_policy, Bucket=name) == "NoSuchBucketPolicy"


@pytest.mark.parametrize("name", ["cw-acme", "vip-acme", "acme_wandb"])
def test_reserved_names_are_refused(cw: CoreWeaveWorld, name: str) -> None:
    assert code(cw.client().create_bucket, Bucket=name) == "InvalidBucketName"


def test_there_is_no_key_management_and_no_public_access_block(cw: CoreWeaveWorld) -> None:
    name, s3 = cw.bucket("acme-plain"), cw.client()
    kms = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": kms}]}
    assert code(s3.put_bucket_encryption, Bucket=name, ServerSideEncryptionConfiguration=rules) == "NotImplemented"
    assert (
        code(s3.put_object, Bucket=name, Key="k", ServerSideEncryption="aws:kms", SSEKMSKeyId="k") == "NotImplemented"
    )
    block = {"BlockPublicAcls": True}
    assert code(s3.put_public_access_block, Bucket=name, PublicAccessBlockConfiguration=block) == "NotImplemented"


def test_tls_is_1_3_and_nothing_older(cw: CoreWeaveWorld) -> None:
    port = int(cw.store.endpoint.rpartition(":")[2])
    context = ssl.create_default_context(cafile=str(cw.store.ca_bundle))
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname="any-bucket.cwobject.localhost") as secure,
    ):
        assert secure.version() == "TLSv1.3"
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        context.wrap_socket(plain, server_hostname="any-bucket.cwobject.localhost")
    assert cw.store.plain_endpoint == ""
