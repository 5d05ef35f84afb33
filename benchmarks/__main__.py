"""`make bench`: what the composites cost, beside the same resources written by hand. Every pair of numbers comes from the same run."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import imports, through_engine, under_mocks
from benchmarks.measuring import Comparison, paired
from benchmarks.programs import CLOUDS, KINDS
from sandbox.places import STATE
from sandbox.providers.install import PACKAGES

OUT = STATE / "bench"
LIMITS = {"under mocks": 1.35, "through the engine": 1.10}
"""How much time the composite may take, as a ratio to the same resources under bare components with the same options."""


@dataclass(frozen=True)
class Plan:
    """What is measured, and how long it may take.

    Args:
        cloud: Whose programs.
        what: Under mocks, or through the engine.
        stores: How many stores.
        rounds: At most.
        allowance: Seconds.
        programs: Which ones.
    """

    cloud: str
    what: str
    stores: int
    rounds: int
    allowance: float
    programs: tuple[str, ...] = KINDS


PLANS = (
    Plan("aws", "under mocks", 50, 5, 40),
    Plan("aws", "under mocks", 200, 3, 65),
    Plan("aws", "through the engine", 50, 5, 85),
    Plan(
        "aws", "through the engine", 200, 3, 165, ("composite", "bare")
    ),  # a round of all three would take over a minute
    # As long as three rounds of the slowest SDK take, that of Azure.
    *(Plan(cloud, "under mocks", 50, 5, 75) for cloud in CLOUDS if cloud != "aws"),
    *(Plan(cloud, "through the engine", 50, 5, 150) for cloud in CLOUDS if cloud != "aws"),
)
ENOUGH = 3
"""Rounds from which a median says something."""


def measure(console: Console, clouds: Collection[str]) -> Iterator[Comparison]:
    """Everything, one after the other.

    Args:
        console: Where progress is shown.
        clouds: Whose programs.
    """
    if "aws" in clouds:
        with console.status("import time"):
            yield imports.compare(9, 30)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUT) as folder:
        engine = through_engine.Engine(Path(folder))
        for plan in (plan for plan in PLANS if plan.cloud in clouds):
            with console.status(f"{plan.stores} stores on {plan.cloud} {plan.what}, up to {plan.rounds} rounds"):
                run = under_mocks.fresh if plan.what == "under mocks" else engine.run
                once = partial(run, cloud=plan.cloud, stores=plan.stores)
                yield paired(plan.what, plan.stores, plan.programs, once, plan.rounds, plan.allowance, plan.cloud)


def show_programs(console: Console, comparison: Comparison) -> None:
    """The programs of one comparison as a table.

    Args:
        console: Where to.
        comparison: Of the programs.
    """
    rounds = len(comparison.rounds["composite"])
    table = Table(
        title=f"{comparison.stores} stores on {comparison.cloud} {comparison.what}, {rounds} rounds",
        title_justify="left",
    )
    for column in ("program", "registrations", "a store", "seconds", "ms a store", "composite to it", "by processor"):
        table.add_column(column, justify="left" if column == "program" else "right")
    for name in comparison.rounds:
        made, seconds = comparison.facts[name]["registrations"], comparison.seconds(name)
        ratios = [f"{comparison.ratio('composite', name, cpu=cpu):.2f}" for cpu in (False, True)]
        table.add_row(
            name, str(made), f"{made / comparison.stores:g}", f"{seconds:.2f}", f"{1000 * seconds / comparison.stores:.1f}",
            *(ratios if name != "composite" else ["", ""]),
        )  # fmt: skip
    console.print(table)


def show_imports(console: Console, comparison: Comparison) -> None:
    """The import times as a table.

    Args:
        console: Where to.
        comparison: Of the imports.
    """
    table = Table(title=f"import, {len(comparison.rounds['composite'])} rounds", title_justify="left")
    for column in ("line", "seconds", "to by hand", "modules", "SDKs", "rooms of pulumi_aws"):
        table.add_column(column, justify="right" if column in ("seconds", "to by hand", "modules") else "left")
    for name in comparison.rounds:
        facts = comparison.facts[name]
        table.add_row(
            name, f"{comparison.seconds(name):.2f}", f"{comparison.ratio(name, 'by hand'):.2f}", str(facts["modules"]),
            ", ".join(facts["sdks"]) or "none", ", ".join(facts["pulumi_aws"]) or "none",
        )  # fmt: skip
    console.print(table)


def verdicts(comparisons: list[Comparison]) -> list[tuple[str, str]]:
    """Each limit, and whether it is `kept`, `MISSED`, or `open` because the machine was too slow for enough rounds.

    Args:
        comparisons: All of them.
    """
    told = []
    for one in comparisons:
        if one.what in LIMITS:
            ratio, limit, rounds = one.ratio("composite", "bare"), LIMITS[one.what], len(one.rounds["bare"])
            verdict = "open" if rounds < ENOUGH else "kept" if ratio <= limit else "MISSED"
            text = f"{one.stores} stores on {one.cloud} {one.what}: {ratio:.2f} of bare components in {rounds} rounds, at most {limit:.2f}"
            told.append((text, verdict))
    return told


def main() -> int:
    """Measure, show, write; 1 when a limit is missed, or could not be judged."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("clouds", nargs="*", help=f"only these: {', '.join(CLOUDS)}")
    clouds = asked.parse_args().clouds or list(CLOUDS)
    if unknown := sorted(set(clouds) - set(CLOUDS)):
        asked.error(f"{', '.join(unknown)}: there is {', '.join(CLOUDS)}")
    console, began = Console(), time.monotonic()
    comparisons = []
    for comparison in measure(console, clouds):
        comparisons.append(comparison)
        (show_imports if comparison.what == "import" else show_programs)(console, comparison)
    told = verdicts(comparisons)
    for text, verdict in told:
        console.print(f"{verdict:6}  {text}")
    file = _write(comparisons, told, time.monotonic() - began)
    console.print(f"{time.monotonic() - began:.0f} s; all samples: {file.relative_to(STATE.parent)}")
    return 0 if all(verdict == "kept" for _, verdict in told) else 1


def _write(comparisons: list[Comparison], told: list[tuple[str, str]], seconds: float) -> Path:
    file = OUT / f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps({
        "machine": {"cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version(),
                    "load": os.getloadavg()},
        "versions": {name: version(name) for name in ("byob-components", "pulumi", *PACKAGES.values(), "grpcio", "protobuf")},
        "seconds": seconds,
        "limits": [{"what": text, "verdict": verdict} for text, verdict in told],
        "comparisons": [one.to_dict() for one in comparisons],
    }, indent=1))  # fmt: skip
    return file


if __name__ == "__main__":
    sys.exit(main())
