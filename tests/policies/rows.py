"""The shape of the rows by which every resource rule is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from byob_components.policies.view import Resource

Inputs = Mapping[str, Any]
Whole = tuple[Resource, ...]


@dataclass(frozen=True)
class Row:
    """How one resource rule judges resources of one type.

    Args:
        type: The type token.
        good: Inputs without a finding.
        bad: Inputs that break the rule, with the place that the message names.
        unknown: Inputs that cannot be decided.
        spared: Inputs with nothing to judge.
        protect: Whether the resources are protected; the rules on protection turn it.
        below: The component that the resources lie below.
        changes: Settings under which the good inputs are good.
    """

    type: str
    good: tuple[Inputs, ...]
    bad: tuple[tuple[Inputs, str], ...]
    unknown: tuple[Inputs, ...] = ()
    spared: tuple[Inputs, ...] = ()
    protect: bool = True
    below: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StackRow:
    """How one stack rule judges whole stacks.

    Args:
        good: Stacks without a finding.
        bad: Stacks that break the rule.
        unknown: Stacks that cannot be decided.
        spared: Stacks with nothing to judge.
    """

    good: tuple[Whole, ...]
    bad: tuple[Whole, ...]
    unknown: tuple[Whole, ...]
    spared: tuple[Whole, ...] = ()
