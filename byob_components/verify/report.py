"""A verification's outcome: as text for a terminal, and as data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.verify.result import Result, State, Trouble

FORMAT = 1
"""The version of the JSON's shape."""
LEFT_OUT = "only reading was asked for, and this check writes into the store"
"""Why a check that writes is skipped in a run that only reads."""
_SEVERAL = 3
"""So many checks with one reason are told together."""
_WORDS = {State.PASS: "passed", State.WARN: "with a warning", State.FAIL: "failed", State.SKIP: "skipped"}


@dataclass(frozen=True)
class Report:
    """Every result of one verification, in the order of the checklist.

    Args:
        subject: What was verified, as plain data without secrets: bucket, region, path, ….
        run: The run's id; everything the run put into the store lay below a folder of that name.
        started: When, ISO 8601 in UTC.
        seconds: How long it took.
        results: One a check, or several where a check has parts.
        read_only: Whether only settings were read, and nothing was written or tried.
    """

    subject: Mapping[str, Any]
    run: str
    started: str
    seconds: float
    results: tuple[Result, ...]
    read_only: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing failed, everything that should have been decided was, and something was shown at all."""
        states = {r.state for r in self.results}
        return State.FAIL not in states and not self.troubles and bool(states & {State.PASS, State.WARN})

    @property
    def troubles(self) -> frozenset[Trouble]:
        """What kept checks from deciding; empty when everything ran."""
        return frozenset(r.trouble for r in self.results) - {Trouble.NONE}

    @property
    def counts(self) -> dict[str, int]:
        """How many results ended in each state."""
        found = Counter(r.state for r in self.results)
        return {str(state): found[state] for state in State}

    @property
    def tried(self) -> tuple[Result, ...]:
        """The results without those that `untried` tells together."""
        return tuple(r for r in self.results if not (_is_bare(r) and r.because in self.untried))

    @property
    def untried(self) -> dict[str, list[str]]:
        """Why several checks did not even begin, and their ids: said once for all of them, a person reads it."""
        reasons = Counter(r.because for r in self.results if _is_bare(r))
        several = [because for because, count in reasons.items() if count >= _SEVERAL]
        return {why: [r.id for r in self.results if _is_bare(r) and r.because == why] for why in several}

    @property
    def shared(self) -> dict[tuple[str, str], list[str]]:
        """Warnings that several checks have in common, each with its fix, and the ids of these checks: said once as well."""
        warned = [r for r in self.results if r.state is State.WARN]
        facts = Counter(fact for r in warned for fact in set(r.evidence))
        found = {}
        for fact in dict.fromkeys(fact for r in warned for fact in r.evidence if facts[fact] >= _SEVERAL):
            having = [r for r in warned if fact in r.evidence]
            fixes = Counter(r.fix for r in having)
            found[fact, fixes.most_common(1)[0][0]] = [r.id for r in having]
        return found

    def ids(self, state: State) -> list[str]:
        """The ids of the results that ended in a state.

        Args:
            state: Which one.
        """
        return [r.id for r in self.results if r.state is state]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, ready for JSON."""
        return {
            "format": FORMAT,
            "subject": dict(self.subject),
            "run": self.run,
            "started": self.started,
            "seconds": round(self.seconds, 3),
            "read_only": self.read_only,
            "ok": self.ok,
            "counts": self.counts,
            "troubles": sorted(map(str, self.troubles)),
            "results": [r.to_dict() for r in self.results],
        }

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """The report for a terminal: plain text, no colour."""
        named = ", ".join(f"{name} {_plain(value)}" for name, value in self.subject.items() if value)
        lines = [named, ""]
        for result in self.tried:
            lines += _lines(result, self.shared)
        for (fact, fix), ids in self.shared.items():
            lines += [f"WARN {', '.join(ids)}", f"       {fact}", *([f"       fix: {fix}"] if fix else [])]
        for because, ids in self.untried.items():
            lines += [f"SKIP {', '.join(ids)}", f"       because {because}"]
        counted = ", ".join(f"{self.counts[state]} {_WORDS[state]}" for state in State if self.counts[state])
        lines += ["", f"{counted or 'nothing ran'}; {self.verdict} ({self.seconds:.1f} s)"]
        return "\n".join(lines)

    @property
    def verdict(self) -> str:
        """What it comes to, in a few words."""
        if self.ok and self.ids(State.WARN):
            return "nothing failed: read the warnings"
        if self.ok:
            read = "the settings are as declared; whether W&B can use this store was not tried"
            return read if self.read_only else "W&B can use this store"
        failed = self.ids(State.FAIL)
        if failed:
            return f"not fit yet: {', '.join(failed)}"
        troubles = sorted(map(str, self.troubles)) or ["nothing was shown"]
        return f"could not run to the end: {', '.join(troubles)}"


def _is_bare(result: Result) -> bool:
    return result.state is State.SKIP and not result.actors and not result.evidence


def _plain(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _lines(result: Result, shared: Collection[tuple[str, str]]) -> list[str]:
    part = f" [{result.part}]" if result.part else ""
    lines = [f"{result.state.upper():<4} {result.code} {result.title}{part}"]
    if result.actors:
        lines.append(f"       as {'; '.join(result.actors)}")
    if result.because:
        lines.append(f"       because {result.because}")
    evidence, fix = own_words(result, shared)
    lines += [f"       {fact}" for fact in evidence]
    if fix:
        lines.append(f"       fix: {fix}")
    return lines


def own_words(result: Result, shared: Collection[tuple[str, str]]) -> tuple[list[str], str]:
    """The evidence and the fix that are a result's own.

    Args:
        result: The result.
        shared: Facts that are told once for several warnings, each with its fix.
    """
    if result.state is not State.WARN:
        return list(result.evidence), result.fix
    facts = {fact for fact, _ in shared}
    told = any(fact in result.evidence and fix == result.fix for fact, fix in shared)
    return [fact for fact in result.evidence if fact not in facts], "" if told else result.fix
