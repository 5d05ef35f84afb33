"""One local S3-compatible store and one local CoreWeave for all tests of a worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.clouds.coreweave import accounts as coreweave
from sandbox.clouds.s3_compatible import accounts as s3_compatible
from sandbox.clouds.s3_compatible.server import Store
from sandbox.clouds.seaweedfs.server import User
from sandbox.loopback import know_localhost


class S3World:
    """The S3-compatible store, who is on it, and clients."""

    def __init__(self, store: Store, accounts: s3_compatible.Accounts) -> None:
        self.store, self.accounts = store, accounts
        self._clients: dict[str, Any] = {}

    def client(self, who: User | None = None) -> Any:
        """boto3, by default as the administrator."""
        person = who or self.accounts.deployer
        if person.name not in self._clients:
            self._clients[person.name] = s3_compatible.client(self.store, person)
        return self._clients[person.name]

    def bucket(self, name: str, *actions: str, who: User | None = None) -> str:
        """A bucket made by hand; with actions, a policy that lets W&B's user do them."""
        s3 = self.client()
        s3.create_bucket(Bucket=name)
        if actions:
            resources = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
            statement = {
                "Sid": "W",
                "Effect": "Allow",
                "Principal": {"AWS": (who or self.accounts.wandb).arn},
                "Action": list(actions),
                "Resource": resources,
            }
            s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        return name


class CoreWeaveWorld:
    """The local CoreWeave, who is on it, and clients."""

    def __init__(self, store: Store, accounts: coreweave.Accounts) -> None:
        self.store, self.accounts = store, accounts
        self._clients: dict[str, Any] = {}

    def client(self, who: coreweave.Principal | None = None) -> Any:
        """boto3, by default as the administrator; the bucket stands before the host."""
        person = who or self.accounts.deployer
        name = person.user.name
        if name not in self._clients:
            self._clients[name] = s3_compatible.client(self.store, person.user, coreweave.ZONE, path_style=False)
        return self._clients[name]

    def bucket(self, name: str) -> str:
        """A bucket made by hand."""
        self.client().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": coreweave.ZONE})
        return name


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3World]:
    accounts = s3_compatible.Accounts.make()
    with s3_compatible.start(tmp_path_factory.mktemp("s3-compatible"), accounts) as store:
        yield S3World(store, accounts)


@pytest.fixture(scope="session")
def cw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoreWeaveWorld]:
    know_localhost()
    accounts = coreweave.Accounts.make()
    with coreweave.start(tmp_path_factory.mktemp("coreweave"), accounts) as store:
        yield CoreWeaveWorld(store, accounts)
