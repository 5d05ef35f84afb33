"""Stores for any number of teams: each its own, or a path in a shared one."""

import pulumi

from byob_components.stack import Settings, build


def run(settings: Settings) -> None:
    """Make the stores of `byob:teams` and `byob:stores` and export every team's outputs as `teams`."""
    for name, value in build(settings).items():
        pulumi.export(name, value)
