"""What the workbench reads and writes by itself is what the engine's commands read and write."""

from __future__ import annotations

import json

import pytest

from tests.engine.conftest import Bench

pytestmark = [pytest.mark.engine, pytest.mark.server]
PROGRAM = """
import pulumi

pulumi.export("plain", {"list": [1, 2.5, "three", True], "empty": {}})
pulumi.export("whole", pulumi.Output.secret({"key": ["hunter2"]}))
pulumi.export("part", {"in": [pulumi.Output.secret("hunter3")]})
"""


def test_state_and_outputs_are_those_of_the_commands(bench: Bench) -> None:
    stack = bench(PROGRAM)
    # The stack that was written is one to the engine: it is listed, it is empty, and its configuration is taken.
    listed = json.loads(stack.run("stack", "ls", "--json", cwd=stack.folder / "project").ok().stdout)
    assert [(one["name"], one.get("resourceCount", 0)) for one in listed] == [("test", 0)]
    assert stack.outputs() == {}
    stack.set_secret("demo:word", "hunter4")

    stack.up().ok()
    assert stack.outputs() == {
        "plain": {"list": [1, 2.5, "three", True], "empty": {}},
        "whole": {"key": ["hunter2"]},
        "part": {"in": ["hunter3"]},
    }
    told = stack.run(
        "stack", "output", "--json", "--show-secrets", "--stack", "test", cwd=stack.folder / "project"
    ).ok()
    assert stack.outputs() == json.loads(told.stdout)
    exported = stack.run("stack", "export", "--stack", "test", cwd=stack.folder / "project").ok()
    assert stack.export() == json.loads(exported.stdout)["deployment"]
    assert "hunter" not in json.dumps(stack.export())
