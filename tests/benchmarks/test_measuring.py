"""How rounds are run and compared, and what becomes a verdict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from benchmarks import imports
from benchmarks.__main__ import measure, verdicts
from benchmarks.measuring import Comparison, Sample, paired
from benchmarks.through_engine import Engine
from sandbox.engine.install import installed_engine
from sandbox.places import BIN


def comparison(what: str, composite: list[float], bare: list[float]) -> Comparison:
    rounds = {"composite": [Sample(s, 2 * s) for s in composite], "bare": [Sample(s, 1.0) for s in bare]}
    return Comparison(what, 50, rounds, {})


def test_every_round_has_every_rival_each_first_in_turn() -> None:
    order: list[str] = []

    def once(name: str) -> tuple[Sample, dict[str, Any]]:
        order.append(name)
        return Sample(float(len(order)), 0.0), {"registrations": len(name)}

    done = paired("x", 50, ["one", "two", "three"], once, 4, 60)
    assert order == [
        "one", "two", "three", "two", "three", "one", "three", "one", "two", "one", "two", "three",
    ]  # fmt: skip
    assert [sample.seconds for sample in done.rounds["one"]] == [1.0, 6.0, 8.0, 10.0]
    assert done.facts == {"one": {"registrations": 3}, "two": {"registrations": 3}, "three": {"registrations": 5}}


@pytest.mark.parametrize(("allowance", "rounds"), [(0.0, 1), (25.0, 2), (29.9, 2), (30.0, 3), (1000.0, 5)])
def test_no_round_is_begun_that_would_not_end_in_time(
    monkeypatch: pytest.MonkeyPatch, allowance: float, rounds: int
) -> None:
    clock = [0.0]
    monkeypatch.setattr("benchmarks.measuring.time.monotonic", lambda: clock[0])

    def once(name: str) -> tuple[Sample, dict[str, Any]]:
        clock[0] += 5.0
        return Sample(5.0, 5.0), {}

    done = paired("x", 50, ["one", "two"], once, 5, allowance)
    assert {name: len(samples) for name, samples in done.rounds.items()} == {"one": rounds, "two": rounds}


def test_the_ratio_is_the_median_of_the_rounds_own() -> None:
    one = comparison("x", [2.0, 30.0, 3.0], [1.0, 10.0, 2.0])
    assert one.seconds("composite") == 3.0
    assert one.ratio("composite", "bare") == 2.0
    assert one.ratio("composite", "bare", cpu=True) == 6.0


@pytest.mark.parametrize(
    ("what", "composite", "verdict"),
    [
        ("under mocks", [1.35, 1.35, 1.35], "kept"),
        ("under mocks", [1.36, 1.36, 1.0], "MISSED"),
        ("through the engine", [1.11, 1.11, 1.11], "MISSED"),
        ("through the engine", [1.10, 1.10, 9.0], "kept"),
        ("through the engine", [9.0, 9.0], "open"),
    ],
)
def test_a_verdict_is_the_limit_and_enough_rounds(what: str, composite: list[float], verdict: str) -> None:
    assert [told for _, told in verdicts([comparison(what, composite, [1.0] * len(composite))])] == [verdict]


def test_imports_have_no_limit() -> None:
    assert verdicts([comparison("import", [9.0] * 3, [1.0] * 3)]) == []


def test_an_import_tells_what_it_loaded_and_not_what_it_could_load() -> None:
    _, facts = imports.load("import pulumi_aws")
    assert facts["sdks"] == ["pulumi_aws"]
    assert facts["pulumi_aws"] == []
    _, facts = imports.load("import pulumi_aws, pydantic; pulumi_aws.s3.Bucket")
    assert facts["sdks"] == ["pulumi_aws", "pydantic"]
    assert facts["pulumi_aws"] == ["s3"]


def test_only_the_clouds_that_were_asked_for_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def measured(
        what: str, stores: int, names: Any, once: Any, rounds: int, allowance: float, cloud: str
    ) -> Comparison:
        asked.append((cloud, what))
        return comparison(what, [1.0], [1.0])

    monkeypatch.setattr("benchmarks.__main__.paired", measured)
    monkeypatch.setattr("benchmarks.__main__.through_engine.Engine", lambda folder: SimpleNamespace(run=print))
    list(measure(Console(quiet=True), ["gcp"]))
    assert asked == [("gcp", "under mocks"), ("gcp", "through the engine")]


@pytest.mark.engine
@pytest.mark.parametrize(
    ("cloud", "program", "registrations"),
    [
        ("aws", "composite", 13),
        ("aws", "bare", 13),
        ("aws", "loose", 10),
        ("gcp", "composite", 4),
        ("azure", "composite", 9),
        ("azure", "loose", 7),
        ("s3_compatible", "composite", 6),
        ("coreweave", "bare", 6),
    ],
)
def test_the_null_provider_carries_every_program(
    require: Callable[[bool, str], None], tmp_path: Path, cloud: str, program: str, registrations: int
) -> None:
    require(installed_engine() is not None or (BIN / "pulumi").exists(), "the Pulumi CLI: run `make setup`")
    _, facts = Engine(tmp_path / "bench").run(program, cloud, 1)
    assert facts == {"registrations": registrations}
