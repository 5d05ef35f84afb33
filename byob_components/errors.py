"""What is wrong with an input, said so that its reader can mend it.

Plain Python: neither pulumi nor a cloud SDK is imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_SHOWN = 120
"""How many characters of a given value a message repeats."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input.

    Args:
        code: Stable id, `BYOB-<AREA>-<NNN>`; the page docs/errors.md has one entry for each.
        where: The argument or config path that holds the value, for example `paths[1]`.
        what: What is wrong, a clause without the value ("is not the ARN of a KMS key").
        value: The value given, as it was given; None when it must not or cannot be shown (secrets, unknown keys).
        allowed: What would be accepted.
        fix: What to do, one imperative sentence.
    """

    code: str
    where: str
    what: str
    value: object = None
    allowed: str = ""
    fix: str = ""

    def __str__(self) -> str:
        subject = f"{self.code} {self.where}: "
        if self.value is not None:
            subject += f"{shown(self.value)} "
        tail = "".join(f"; {word}: {text}" for word, text in (("allowed", self.allowed), ("fix", self.fix)) if text)
        return subject + self.what + tail


def shown(value: object) -> str:
    """A value as a message shows it: quoted when it is text, cut when it is long."""
    text = repr(str(value)) if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


Check = Callable[[Any, str], list[Fault]]
"""Takes a known value and the name of its argument; says what is wrong with it."""


class ByobError(Exception):
    """Raised for bad input, with every fault that was found, not only the first.

    Args:
        faults: What is wrong; at least one.
        subject: What the faults belong to, for example `AwsByob 'vision'`.
    """

    def __init__(self, faults: Iterable[Fault], subject: str = "") -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.subject = subject
        if not self.faults:
            raise ValueError("a ByobError needs at least one fault")
        count = len(self.faults)
        head = f"{subject}: " if subject else ""
        head += "1 fault" if count == 1 else f"{count} faults"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))
