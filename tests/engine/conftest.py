"""The real engine and one local AWS for the tests of a worker; projects, stacks and backends are each test's own."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.clouds.aws.accounts import provider_config, seed
from sandbox.clouds.aws.ministack import Ministack
from sandbox.engine.install import install_plugins
from sandbox.places import HOME
from tests.engine import warm_start
from tests.engine.readings import LocalAws
from tests.engine.workbench import Workbench, installed_engine_exists

Bench = Callable[..., Workbench]


@pytest.fixture(scope="session")
def engine(require: Callable[[bool, str], None]) -> Iterator[None]:
    """The engine with our plugins in the plugin cache, made once, whatever the number of workers; and this worker's warm
    processes."""
    require(installed_engine_exists(), "the Pulumi CLI, or Go to build it: run `make setup`")
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME.parent / "home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install_plugins(HOME)
    with warm_start.servers():
        yield


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One local AWS for all tests of this worker; they keep apart by the names of their buckets."""
    with Ministack.start(tmp_path_factory.mktemp("ministack")) as server:
        yield LocalAws(server, seed(server))


@pytest.fixture(scope="session")
def provider_settings(
    engine: None, aws: LocalAws, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, Any]]:
    """The salt and the `aws:` configuration of every stack: encrypted once, because each encryption costs a command."""
    settings = provider_config(aws.server, aws.accounts.deployer)
    secret = settings.pop("secretKey")
    bench = Workbench(tmp_path_factory.mktemp("settings"), {f"aws:{k}": v for k, v in settings.items()}, program="")
    bench.set_secret("aws:secretKey", secret)
    written = bench.settings()
    return written["encryptionsalt"], written["config"]


@pytest.fixture
def bench(provider_settings: tuple[str, dict[str, Any]], tmp_path: Path) -> Bench:
    """Makes workbenches: `bench(program)` with a program of the test's own, `bench(byob={…})` with the repository's."""
    return benches(provider_settings, tmp_path)


def benches(provider_settings: tuple[str, dict[str, Any]], tmp_path: Path) -> Bench:
    """What the fixture `bench` gives, for a folder of any life.

    Args:
        provider_settings: The fixture's value.
        tmp_path: An empty folder.
    """
    salt, provider = provider_settings
    made: list[Workbench] = []

    def make(
        program: str | None = None,
        *,
        byob: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
        name: str = "test",
        throw_away: bool = True,
        env: Mapping[str, str] | None = None,
    ) -> Workbench:
        whole = {**provider, **{f"byob:{k}": v for k, v in (byob or {}).items()}, **(config or {})}
        folder = tmp_path / f"bench{len(made)}"
        one = Workbench(folder, whole, salt=salt, program=program, name=name, throw_away=throw_away, env=env)
        made.append(one)
        return one

    return make
