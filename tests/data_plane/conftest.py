"""The second, independent S3 server, and the KMS behind it that checks key policies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sandbox.clouds.aws.ministack import ROOT_SECRET, Ministack
from sandbox.clouds.seaweedfs.server import Kms, SeaweedFS, User
from sandbox.places import VENVS

CUSTOMER, REGION = "111122223333", "eu-west-1"
ADMIN = User("admin", "AKIAADMIN00000000001", "secret-of-the-admin", ("Admin", "Read", "Write", "List", "Tagging"))
WANDB = User("wandb", "AKIAWANDB00000000002", "secret-of-wandb")
STRANGER = User("stranger", "AKIASTRANGER00000003", "secret-of-the-stranger")
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


@dataclass(frozen=True)
class Person:
    """A user of the account that owns the keys.

    Args:
        arn: The user.
        kms: A client with the user's own keys.
        s3: Another one.
        keys: Access key id and secret.
    """

    arn: str
    kms: Any
    s3: Any
    keys: tuple[str, str]


@dataclass(frozen=True)
class KeyHolders:
    """Who acts on the KMS. It checks key policies for users of its own account only, so W&B is one of them here.

    Args:
        endpoint: The KMS.
        administrator: May do everything that IAM can allow.
        wandb: Nothing but what a key's policy allows.
        break_glass: May do everything that IAM can allow, and is named in the guard.
    """

    endpoint: str
    administrator: Person
    wandb: Person
    break_glass: Person


@pytest.fixture(scope="session")
def key_holders(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyHolders]:
    for name in ("ministack", "seaweedfs"):
        require((VENVS / name / "made-of").exists(), f"the environment of {name}: run `make setup`")
    with Ministack.start(tmp_path_factory.mktemp("kms")) as server:
        iam = _client(server, "iam", CUSTOMER, ROOT_SECRET)

        def person(name: str, policy: str | None) -> Person:
            arn = iam.create_user(UserName=name)["User"]["Arn"]
            if policy:
                iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy)
            key = iam.create_access_key(UserName=name)["AccessKey"]
            keys = key["AccessKeyId"], key["SecretAccessKey"]
            return Person(arn, _client(server, "kms", *keys), _client(server, "s3", *keys), keys)

        yield KeyHolders(
            server.plain_endpoint, person("administrator", EVERYTHING), person("wandb", None), person("glass", EVERYTHING)
        )  # fmt: skip


def _client(server: Ministack, service: str, key: str, secret: str) -> Any:
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name=REGION)
    paths = Config(s3={"addressing_style": "path"})
    return session.client(service, endpoint_url=server.endpoint, verify=str(server.ca_bundle), config=paths)


@pytest.fixture(scope="session")
def second_server(key_holders: KeyHolders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFS]:
    """SeaweedFS, which asks the KMS as W&B's user, whoever reads or writes."""
    kms = Kms(key_holders.endpoint, REGION, *key_holders.wandb.keys)
    with SeaweedFS.start(tmp_path_factory.mktemp("seaweedfs"), (ADMIN, WANDB, STRANGER), kms=kms) as server:
        yield server


@pytest.fixture(scope="session")
def s3(second_server: SeaweedFS) -> Callable[..., Any]:
    """`s3(ADMIN)`: a client of the second server with somebody's keys; over HTTP with `plain=True`."""

    def make(who: User, *, plain: bool = False) -> Any:
        session = boto3.Session(aws_access_key_id=who.access_key, aws_secret_access_key=who.secret_key)
        return session.client(
            "s3", region_name=REGION, endpoint_url=second_server.plain_endpoint if plain else second_server.endpoint,
            verify=str(second_server.ca_bundle),
            # Uploads with a trailing checksum are not matched with bucket policies by SeaweedFS 4.48; W&B's are not of that kind.
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"max_attempts": 1},
                          request_checksum_calculation="when_required"),
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def data_files(second_server: SeaweedFS) -> Callable[[bytes], bool]:
    """Whether some bytes stand in the files in which the second server keeps its data."""
    folder: Path = second_server.directory / "data"
    return lambda marker: any(marker in file.read_bytes() for file in folder.rglob("*") if file.is_file())
