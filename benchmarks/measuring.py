"""Paired measurements: all rivals in each round, in turning order, and the median of the rounds' ratios.

A round's ratio compares runs that lie seconds apart, so what else the machine does meanwhile hits both; the median drops the rounds
where it did not. Times of different rounds are never compared.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Sample:
    """One run.

    Args:
        seconds: By the clock on the wall.
        cpu_seconds: Of the processor, in the measured processes; less shaken by what else runs.
    """

    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Comparison:
    """Rivals that ran side by side.

    Args:
        what: What was measured.
        stores: How many stores each program had.
        rounds: Rival to its run in each round.
        facts: What else was seen, by rival.
        cloud: Whose programs, where the rivals are some.
    """

    what: str
    stores: int
    rounds: dict[str, list[Sample]]
    facts: dict[str, dict[str, Any]]
    cloud: str = ""

    def seconds(self, name: str) -> float:
        """The median time of a rival."""
        return statistics.median(sample.seconds for sample in self.rounds[name])

    def ratio(self, name: str, to: str, *, cpu: bool = False) -> float:
        """The median of the rounds' ratios.

        Args:
            name: Whose time stands above the line.
            to: Whose time stands below.
            cpu: Of the processor's time instead of the clock's.
        """
        field = "cpu_seconds" if cpu else "seconds"
        pairs = zip(self.rounds[name], self.rounds[to], strict=True)
        return statistics.median(getattr(one, field) / getattr(other, field) for one, other in pairs)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for the JSON file."""
        return asdict(self)


def paired(
    what: str,
    stores: int,
    names: Sequence[str],
    once: Callable[[str], tuple[Sample, dict[str, Any]]],
    rounds: int,
    allowance: float,
    cloud: str = "",
) -> Comparison:
    """Run every rival in every round.

    Args:
        what: What is measured.
        stores: How many stores each program has.
        names: The rivals.
        once: Runs one of them; tells the time and what else was seen.
        rounds: How many rounds.
        allowance: Seconds; no round is begun that would not end within them, but there is always a first.
        cloud: Whose programs.
    """
    began = time.monotonic()
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    facts: dict[str, dict[str, Any]] = {}
    for number in range(rounds):
        spent = time.monotonic() - began
        if number and spent + spent / number > allowance:
            break
        turn = number % len(names)
        for name in [*names[turn:], *names[:turn]]:
            sample, facts[name] = once(name)
            samples[name].append(sample)
    return Comparison(what, stores, samples, facts, cloud)
