"""What a stack's state says of one team."""

from __future__ import annotations

from typing import Any

from tests.engine.workbench import Workbench

_VOLATILE = ("modified", "sourcePosition", "stackTrace", "ciphertext")
"""What every command writes anew: times, places, ciphers of the same secrets."""


def of_team(stack: Workbench, team: str) -> dict[str, Any]:
    """The team's resources, without what every command writes anew.

    Args:
        stack: The stack.
        team: The team.
    """
    return {
        name: _stable(resource)
        for name, resource in stack.state().items()
        if name.split()[1] == team or name.split()[1].startswith(f"{team}-")
    }


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _stable(v) for k, v in value.items() if k not in _VOLATILE}
    if isinstance(value, list):
        urns = all(isinstance(v, str) and v.startswith("urn:") for v in value)
        return sorted(value) if urns else [_stable(v) for v in value]
    return value


def lost(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """What the state has forgotten; that anything else changed is a failure.

    Args:
        before: From `of_team`.
        after: A later one.
    """
    gone = before.keys() - after.keys()
    assert {name: after[name] for name in after} == {name: before[name] for name in before if name not in gone}
    return gone
