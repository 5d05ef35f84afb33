"""A whole stack under mocks: its configuration as the engine hands it over, its resources by name, its outputs as plain data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.runtime import set_all_config

from tests.mocks.clouds import CloudMocks
from tests.mocks.monitor import Registered, Run, Secret, plain, run


@dataclass(frozen=True)
class Recording:
    """What a program did."""

    run: Run

    @property
    def resources(self) -> dict[str, Registered]:
        """`<type>::<name>` to the resource; the stack itself is left out."""
        return {r.key: r for r in self.run.resources}

    @property
    def names(self) -> list[str]:
        """`AwsByob vision` and so on, sorted."""
        return sorted(f"{r.kind} {r.name}" for r in self.run.resources)

    @property
    def outputs(self) -> dict[str, Any]:
        """The outputs; None stands for one that is not known yet."""
        return {name: seen.value for name, seen in self.run.outputs.items()}

    @property
    def secret_outputs(self) -> dict[str, bool]:
        """Whether each output is secret, or holds something that is."""
        return {name: seen.secret for name, seen in self.run.outputs.items()}

    def of(self, kind: str) -> dict[str, Registered]:
        """Resources of a kind, by name."""
        return {r.name: r for r in self.run.resources if r.kind == kind}

    def inputs(self, kind: str, name: str) -> dict[str, Any]:
        """The inputs of a resource, without the marks of secrets."""
        found: dict[str, Any] = plain(self.run.one(kind, name).inputs)
        return found

    def secret_inputs(self, kind: str, name: str) -> set[str]:
        """Inputs that are secret as a whole."""
        return {key for key, value in self.run.one(kind, name).inputs.items() if isinstance(value, Secret)}

    def policy(self, bucket: str) -> dict[str, Any]:
        """The statements of a bucket's policy, by Sid."""
        text = self.inputs("BucketPolicy", bucket)["policy"]
        return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


def record(
    program: Callable[[], Mapping[str, Any] | None], *, preview: bool = False, config: Mapping[str, str] | None = None
) -> Recording:
    """Run a program; what it returns, or else exports, are the outputs.

    Args:
        program: The program.
        preview: Whether it is a preview, in which computed values are unknown.
        config: The stack's configuration, values as the engine hands them over.
    """

    def whole() -> Mapping[str, Any]:
        set_all_config(dict(config or {}), [])
        made = program()
        return pulumi.runtime.get_root_resource().outputs if made is None else made  # type: ignore[union-attr]

    return Recording(run(whole, CloudMocks(preview=preview), preview=preview))
