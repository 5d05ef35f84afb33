"""No secret is left anywhere, as one class of tests that each cloud runs.

Secrets are planted in every argument that may hold one, and with those that the cloud makes they are looked for in
everything that commands leave behind. A name or an id cannot be secret: the cloud shows it, and the state keeps ids in the
clear.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.engine.leaks import Watcher, assert_nowhere, left_behind
from tests.life.cloud import LocalCloud


class SecretsStayHidden:
    """The contract; not collected by itself."""

    pytestmark: ClassVar[list[pytest.MarkDecorator]] = [pytest.mark.engine, pytest.mark.server]
    local: ClassVar[type[LocalCloud]]
    """The cloud."""
    program: ClassVar[str]
    """Takes the secrets by `one(name)`, makes stores that can be destroyed, and exports whatever may hold secrets."""
    planted: ClassVar[Mapping[str, str]]
    """Names to secrets, such as the cloud takes them."""
    masked: ClassVar[frozenset[str]]
    """The exports that are secret."""

    def arrived(self, cloud: LocalCloud, outputs: Mapping[str, Any]) -> None:
        """Assert that the planted secrets are in the cloud: the test would prove nothing if they had been lost on the way.

        Args:
            cloud: Where.
            outputs: Of the stack, secrets shown.
        """
        raise NotImplementedError

    def made(self, cloud: LocalCloud, outputs: Mapping[str, Any]) -> dict[str, str]:
        """The secrets that the cloud made, and those of the one who runs Pulumi, by name.

        Args:
            cloud: Where.
            outputs: Of the stack, secrets shown.
        """
        raise NotImplementedError

    def test_no_secret_is_left_anywhere(self, grounds: Callable[[type[LocalCloud]], Any], tmp_path: Path) -> None:
        ground, log = grounds(self.local), tmp_path / "calls.log"
        stack = ground.bench(
            tmp_path / "bench",
            {},
            program=PREAMBLE + self.program,
            name="planted",
            throw_away=False,
            env={"BYOB_SANDBOX_CALL_LOG": str(log)},
        )
        stack.set_secret("demo:planted", json.dumps(self.planted))
        with Watcher() as watcher:
            runs = [stack.preview("--json"), stack.up("--diff", preview=True), stack.refresh("--diff")]
            for run in runs:
                run.ok()
            shown = stack.run("stack", "output", "--json", "--stack", stack.name, "--non-interactive").ok()
            exported = stack.run("stack", "export", "--stack", stack.name, "--non-interactive").ok()
            out = stack.outputs()
            kept = left_behind(stack, [*runs, shown, exported], log)
        self.arrived(ground.cloud, out)
        secrets = {**self.planted, **self.made(ground.cloud, out)}
        assert_nowhere(secrets, kept)
        assert watcher.seen
        assert_nowhere(secrets, {"arguments of processes": "\n".join(watcher.seen).encode()})
        assert {name for name, value in json.loads(shown.stdout).items() if value == "[secret]"} == self.masked
        stack.destroy().ok()
        assert_nowhere(secrets, left_behind(stack, [], log))


PREAMBLE = """
import pulumi

secrets = pulumi.Config("demo").require_secret_object("planted")


def one(name):
    return secrets.apply(lambda all_: all_[name])


"""
