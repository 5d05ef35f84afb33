"""Properties of a resource as a rule reads them: read-only, forgiving about shapes, and honest about what is not known yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class _Unknown:
    """The type of `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"  # there is one only, also after a copy


UNKNOWN = _Unknown()
"""Stands for a value that the engine does not know yet, as in a preview before the first `up`."""


@dataclass(frozen=True)
class Secret:
    """Stands for a value that is marked as secret.

    Args:
        value: The value itself.
    """

    value: Any


class NotKnown(Exception):
    """Raised when a rule reads a value that is not known yet; the runner turns it into a finding.

    Args:
        path: The property.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Node:
    """A value somewhere in the properties of a resource.

    Reading never fails for a shape that a rule does not expect: what is not a text has no text. Only what is not known yet
    raises `NotKnown`.

    Args:
        value: Plain data with `UNKNOWN` and `Secret` inside.
        path: Where it stands, for messages.
        secret: Whether it lies inside something secret.
    """

    __slots__ = ("path", "secret", "value")

    def __init__(self, value: Any, path: str = "", secret: bool = False) -> None:
        while type(value) is Secret:
            value, secret = value.value, True
        self.value = value
        self.path = path
        self.secret = secret

    def __repr__(self) -> str:
        # Never the value: it may be a secret.
        return f"Node({self.path!r})"

    def at(self, *names: str) -> Node:
        """The value below, step by step; a list with one element on the way is looked through, as providers write a single
        block either way.

        Args:
            names: Property names.
        """
        here = self
        for name in names:
            here = here._step(name)
        return here

    def _step(self, name: str) -> Node:
        value = self.value
        path = f"{self.path}.{name}" if self.path else name
        if value is UNKNOWN:
            return Node(UNKNOWN, path, self.secret)
        if isinstance(value, list) and len(value) == 1:
            return Node(value[0], f"{self.path}[0]", self.secret)._step(name)
        return Node(value.get(name) if isinstance(value, dict) else None, path, self.secret)

    @property
    def known(self) -> bool:
        """Whether the value itself is known; values inside may still be unknown."""
        return self.value is not UNKNOWN

    @property
    def present(self) -> bool:
        """Whether there is a value; raises `NotKnown` when that is not known."""
        return self.plain() is not None

    def plain(self) -> Any:
        """The value as it is, with everything inside."""
        if self.value is UNKNOWN:
            raise NotKnown(self.path)
        return self.value

    def text(self) -> str | None:
        """The text, or None when it is none."""
        value = self.plain()
        return value if isinstance(value, str) else None

    def number(self) -> float | None:
        """The number, also one written as text, or None when it is none."""
        value = self.plain()
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                return None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self) -> bool | None:
        """The truth value, also one written as text, or None when it is none."""
        value = self.plain()
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value.lower())
        return value if isinstance(value, bool) else None

    def items(self) -> list[Node]:
        """The elements of a list; a single value counts as a list of one, nothing as an empty list."""
        value = self.plain()
        if value is None:
            return []
        if isinstance(value, list):
            return [Node(one, f"{self.path}[{i}]", self.secret) for i, one in enumerate(value)]
        return [self]

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Name and value of each entry of a mapping."""
        value = self.plain()
        if isinstance(value, dict):
            for name, one in value.items():
                yield str(name), Node(one, f"{self.path}.{name}" if self.path else str(name), self.secret)

    def texts(self) -> list[str]:
        """The texts of a list, what is no text left out."""
        return [text for node in self.items() if (text := node.text()) is not None]

    def json(self) -> Node:
        """The document that a text holds; nothing when it is no JSON. A mapping is taken as it is."""
        value = self.plain()
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                value = None
        return Node(value if isinstance(value, dict) else None, self.path, self.secret)
