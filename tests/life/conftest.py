"""The real engine, and each cloud that the tests of a worker ask for, started once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import engine
from tests.engine.workbench import Workbench
from tests.life.cloud import LocalCloud

__all__ = ["engine"]


@dataclass(frozen=True)
class Ground:
    """A running cloud, with the salt and the provider's configuration of every stack on it: encrypted once, because each
    encryption costs a command."""

    cloud: LocalCloud
    salt: str
    config: Mapping[str, Any]

    def bench(self, folder: Path, config: Mapping[str, Any], **more: Any) -> Workbench:
        """One workbench.

        Args:
            folder: An empty folder.
            config: What the stack's configuration has beside the provider's.
            more: As for Workbench.
        """
        env = {**self.cloud.env(), **more.pop("env", {})}
        return Workbench(folder, {**self.config, **config}, salt=self.salt, env=env, **more)

    def benches(self, folder: Path) -> Callable[..., Workbench]:
        """Makes stacks of the repository's own programs: `bench({team: settings}, stores={…})`.

        Args:
            folder: An empty folder.
        """
        made: list[Workbench] = []

        def make(teams: Mapping[str, Any], **byob: Any) -> Workbench:
            keys = {**self.cloud.stack, "level": "team", "teams": dict(teams), **byob}
            made.append(self.bench(folder / f"bench{len(made)}", {f"byob:{k}": v for k, v in keys.items()}))
            return made[-1]

        return make


@pytest.fixture(scope="session")
def grounds(
    engine: None, require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[type[LocalCloud]], Ground]]:
    """Each cloud, started when it is first asked for; the tests on it keep apart by the names of their buckets."""
    found: dict[type[LocalCloud], Ground] = {}

    def ground(kind: type[LocalCloud]) -> Ground:
        if kind not in found:
            require(not kind.missing(), kind.missing())
            folder = tmp_path_factory.mktemp(kind.__name__.lower())
            cloud = kind.start(folder / "servers")
            found[kind] = Ground(cloud, "", {})  # it is ended, whatever comes next
            plain, secrets = cloud.config()
            bench = Workbench(folder / "settings", plain, program="", env=cloud.env())
            for key, value in secrets.items():
                bench.set_secret(key, value)
            written = bench.settings()
            found[kind] = Ground(cloud, written.get("encryptionsalt", ""), written["config"])
        return found[kind]

    yield ground
    for one in found.values():
        one.cloud.stop()
