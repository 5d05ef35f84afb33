"""One local Google Cloud, and one configured provider on it, for all tests of a worker."""

from __future__ import annotations

import importlib.util
import json
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.clouds.gcp.accounts import Credentials, provider_config, session, storage_client
from sandbox.clouds.gcp.server import GoogleCloud
from sandbox.providers.gcp.plugin import PLUGIN
from tests.sandbox.providers.caller import Caller


def _has(*modules: str) -> bool:
    """Whether every module is there, asked from the outermost on."""
    return all(importlib.util.find_spec(module) is not None for module in modules)


Require = Callable[[bool, str], None]


class World:
    """The local Google Cloud, who is on it, and clients for everybody."""

    def __init__(self, server: GoogleCloud) -> None:
        self.server, self.accounts = server, server.accounts
        self._sessions: dict[str, Any] = {}
        self._clients: dict[str, Any] = {}
        self._names = iter(range(1, 1000))

    def session(self, who: Credentials) -> Any:
        """An HTTP session that sends somebody's token."""
        if who.email not in self._sessions:
            self._sessions[who.email] = session(self.server, who)
        return self._sessions[who.email]

    def anonymous(self) -> Any:
        """An HTTP session that sends no token."""
        import requests

        made = requests.Session()
        made.trust_env, made.verify = False, str(self.server.ca_bundle)
        return made

    def client(self, who: Credentials | None = None) -> Any:
        """Google's own storage client; by default the customer's administrator's."""
        person = who or self.accounts.deployer
        if person.email not in self._clients:
            self._clients[person.email] = storage_client(self.server, person)
        return self._clients[person.email]

    def call(self, method: str, path: str, body: Any = None, who: Credentials | None = None, **query: Any) -> Any:
        """Call a JSON API; storage paths begin with `b`, the others with `projects`."""
        base = f"{self.server.storage}/storage/v1/" if path.split("/")[0] in ("b", "b?") else f"{self.server.apis}/v1/"
        return self.session(who or self.accounts.deployer).request(method, base + path, json=body, params=query)

    def bucket(self, **settings: Any) -> str:
        """A bucket of uniform access."""
        name = f"made-by-hand-{next(self._names)}"
        body = {"name": name, "location": "europe-west1", "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}, **settings}  # fmt: skip
        made = self.call("POST", "b", body, project="byob-customer")
        assert made.status_code == 200, made.text
        return name

    def grant(self, bucket: str, who: Credentials, *roles: str, condition: dict[str, str] | None = None) -> None:
        """Add somebody to a bucket's policy."""
        policy = self.call("GET", f"b/{bucket}/iam", optionsRequestedPolicyVersion=3).json()
        extra = {"condition": condition} if condition else {}
        policy["bindings"] += [{"role": role, "members": [who.member], **extra} for role in roles]
        done = self.call("PUT", f"b/{bucket}/iam", {**policy, "version": 3})
        assert done.status_code == 200, done.text

    def url(self, who: Credentials, method: str, bucket: str, name: str, minutes: float = 5, **more: Any) -> str:
        """A signed URL, made by Google's own library."""
        blob = self.client(who).bucket(bucket).blob(name)
        url: str = blob.generate_signed_url(
            version="v4", expiration=timedelta(minutes=minutes), method=method, credentials=who.google,
            api_access_endpoint=self.server.storage, **more,
        )  # fmt: skip
        return url


@pytest.fixture(scope="session")
def world(require: Require, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    require(_has("google", "google.cloud", "google.cloud.storage"), "google-cloud-storage in the environment")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # it would like grpcio-status, for an API that is not used here
        import google.cloud.storage  # noqa: F401
    with GoogleCloud.start(tmp_path_factory.mktemp("gcs")) as server:
        yield World(server)


@pytest.fixture(scope="session")
def contracts(require: Require, tmp_path_factory: pytest.TempPathFactory) -> Path:
    require(importlib.util.find_spec("pulumi_gcp") is not None, "pulumi-gcp in the environment")
    return tmp_path_factory.mktemp("contracts")


@pytest.fixture(scope="session")
def settings(world: World) -> dict[str, str]:
    """The provider's settings, as the engine sends them."""
    found = provider_config(world.server, world.accounts.deployer)
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in found.items()}


@pytest.fixture
def trusted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's authority in the environment, where a provider looks for it when it is configured."""
    monkeypatch.setenv("SSL_CERT_FILE", str(world.server.ca_bundle))


@pytest.fixture(scope="session")
def caller(world: World, contracts: Path, settings: dict[str, str]) -> Iterator[Caller]:
    made = Caller(PLUGIN, contracts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(world.server.ca_bundle))
        made.configure(settings)
    yield made
    made.close()
