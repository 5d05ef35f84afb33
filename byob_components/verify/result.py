"""What a check finds: its state, the evidence, who acted, and how to mend it. The same for every cloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a check ended."""

    PASS = "pass"
    """Shown to be right."""
    WARN = "warn"
    """Works, with something to know or to change."""
    FAIL = "fail"
    """Shown to be wrong."""
    SKIP = "skip"
    """Nothing was decided; `because` says why. Never a silent pass."""


class Trouble(StrEnum):
    """Why a check that should have decided could not."""

    NONE = ""
    """It was not to be decided: it does not apply, or what it needs was not given."""
    NETWORK = "network"
    """The store did not answer, or answered with an error of its own."""
    CREDENTIALS = "credentials"
    """The keys of an actor are wrong or have expired."""
    TOOL = "tool"
    """A tool on this machine does not run."""
    DEFECT = "defect"
    """The check itself broke: a defect of this library."""


@dataclass(frozen=True)
class Result:
    """One check of a report.

    Args:
        code: The checklist's number, for example `V05`.
        title: What is right when the check passes.
        state: How it ended.
        part: Which part of the check, where it has several: `browser`, or the name of an outsider.
        actors: As whom it acted.
        evidence: What was seen, one fact a line, secrets masked.
        fix: What to do about it; empty when nothing is to be done.
        because: Why nothing was decided; only with SKIP.
        trouble: What kept it from deciding; only with SKIP.
        seconds: How long it took.
    """

    code: str
    title: str
    state: State
    part: str = ""
    actors: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    fix: str = ""
    because: str = ""
    trouble: Trouble = Trouble.NONE
    seconds: float = 0.0

    @property
    def id(self) -> str:
        """Code and part: unique in a report, and stable."""
        return f"{self.code}:{self.part}" if self.part else self.code

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        return {
            "id": self.id,
            "code": self.code,
            "part": self.part,
            "title": self.title,
            "state": str(self.state),
            "as": list(self.actors),
            "evidence": list(self.evidence),
            "fix": self.fix,
            "because": self.because,
            "trouble": str(self.trouble),
            "seconds": round(self.seconds, 3),
        }


class UndecidedError(Exception):
    """Raised by a check that cannot decide.

    Args:
        because: Why.
        trouble: What kept it from deciding, when it should have.
    """

    def __init__(self, because: str, trouble: Trouble = Trouble.NONE) -> None:
        super().__init__(because)
        self.because, self.trouble = because, trouble


class HopelessError(Exception):
    """Raised by a check that failed in a way that makes every later one pointless.

    Args:
        fact: What was seen.
    """


@dataclass
class Record:
    """What a check writes down while it runs; the runner makes the result of it.

    Args:
        fix: What to do when the check fails or warns and says nothing more special.
    """

    fix: str = ""
    actors: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    fixes: list[str] = field(default_factory=list)
    state: State = State.PASS

    def acted(self, who: str) -> None:
        """Note as whom the check acts.

        Args:
            who: The actor's name.
        """
        if who not in self.actors:
            self.actors.append(who)

    def saw(self, fact: str) -> None:
        """Note what speaks for the check.

        Args:
            fact: One fact.
        """
        self.evidence.append(fact)

    def warn(self, fact: str, fix: str = "") -> None:
        """Note what works and should be known.

        Args:
            fact: One fact.
            fix: What to do about it; default the check's own.
        """
        self._against(State.WARN, fact, fix)

    def fail(self, fact: str, fix: str = "") -> None:
        """Note what is wrong.

        Args:
            fact: One fact.
            fix: What to do about it; default the check's own.
        """
        self._against(State.FAIL, fact, fix)

    def _against(self, state: State, fact: str, fix: str) -> None:
        if state is State.FAIL or self.state is State.PASS:
            self.state = state
        self.evidence.append(fact)
        fix = fix or self.fix
        if fix and fix not in self.fixes:
            self.fixes.append(fix)
