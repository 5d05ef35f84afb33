"""One ministack and one configured provider for all resource tests of a worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.clouds.aws.accounts import Accounts, client, provider_config, seed
from sandbox.clouds.aws.ministack import Ministack
from sandbox.providers.aws.plugin import PLUGIN
from tests.sandbox.providers.caller import Caller

pytest.register_assert_rewrite("tests.sandbox.providers.aws.life")


class World:
    """The local AWS, the provider on it, and clients to look behind its back."""

    def __init__(self, server: Ministack, accounts: Accounts, caller: Caller) -> None:
        self.server, self.accounts, self.caller = server, accounts, caller
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str = "eu-west-1") -> Any:
        """boto3 as the customer's administrator."""
        key = service, region
        if key not in self._clients:
            self._clients[key] = client(self.server, service, self.accounts.deployer, region)
        return self._clients[key]

    def bucket(self, name: str) -> str:
        """A bucket made by hand."""
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        return name

    def key(self) -> str:
        """The id of a key made by hand."""
        made: str = self.client("kms").create_key()["KeyMetadata"]["KeyId"]
        return made


@pytest.fixture(scope="session")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("contracts")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, contracts: Any) -> Iterator[World]:
    with Ministack.start(tmp_path_factory.mktemp("ministack")) as server:
        accounts = seed(server)
        caller = Caller(PLUGIN, contracts)
        caller.configure({k: _wired(v) for k, v in provider_config(server, accounts.deployer).items()})
        yield World(server, accounts, caller)
        caller.close()


def _wired(value: Any) -> Any:
    """Settings that are no text come as JSON text, as the engine sends them."""
    return value if isinstance(value, str) else json.dumps(value)
