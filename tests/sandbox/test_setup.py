"""What a machine lacks: the stack that needs it is left out with the reason, or nothing goes on."""

from __future__ import annotations

import pytest

import sandbox.__main__ as command
from sandbox.stacks import STACKS, LocalStack


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made, in order."""
    order: list[str] = []
    monkeypatch.setattr(command, "ensure_engine", lambda: ("pulumi", "there"))
    monkeypatch.setattr(command, "install_plugins", lambda: order.append("plugins") or "there")
    return order


def stack(name: str, order: list[str], *needs: str, lacks: str = "") -> LocalStack:
    def work(need: str) -> str:
        if need == lacks:
            raise RuntimeError(f"there is no {need}")
        order.append(need)
        return "made now"

    one = STACKS["aws"]
    works = {need: lambda need=need: work(need) for need in needs}
    return LocalStack(name, one.start, one.stop, one.running, one.config, one.verify, works)


def test_what_two_stacks_need_is_made_once(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.prepare([stack("a", made, "x", "y"), stack("b", made, "y", "z")]) == {}
    assert made == ["x", "y", "z", "plugins"]


def test_a_stack_that_cannot_run_here_is_left_out_with_its_reason(made: list[str]) -> None:
    stacks = [stack("a", made, "node", "more", lacks="node"), stack("b", made, "x")]
    assert command.prepare(stacks, skip=True) == {"a": "there is no node"}
    assert made == ["x", "plugins"]


def test_what_was_asked_for_by_name_and_everything_in_ci_must_run(made: list[str]) -> None:
    with pytest.raises(RuntimeError, match="there is no node"):
        command.prepare([stack("a", made, "node", lacks="node")])
    assert made == []
