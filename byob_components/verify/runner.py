"""Runs checks one after the other, and the clean-up always: after a crash, an interrupt or a termination too."""

from __future__ import annotations

import datetime
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any, NoReturn

from byob_components.verify.masking import Mask
from byob_components.verify.report import LEFT_OUT, Report
from byob_components.verify.result import HopelessError, Record, Result, State, Trouble, UndecidedError


@dataclass(frozen=True)
class Check:
    """One check, ready to run.

    Args:
        code: The checklist's number.
        title: What is right when it passes.
        fix: What to do when it does not.
        run: Does the work and writes down what it sees. It raises UndecidedError when it cannot decide.
        part: Which part of the check, where it has several.
        gate: Nothing can be learned when this one cannot run: the rest is skipped then.
    """

    code: str
    title: str
    fix: str
    run: Callable[[Record], None]
    part: str = ""
    gate: bool = False

    @property
    def id(self) -> str:
        """Code and part, as the result has it."""
        return f"{self.code}:{self.part}" if self.part else self.code


@dataclass(frozen=True)
class Explained:
    """What an exception of a cloud's client means.

    Args:
        text: In a user's words.
        trouble: What kept the check from deciding; NONE when the store refused, which is a decision.
        fix: What to do about a refusal; default the check's own.
    """

    text: str
    trouble: Trouble = Trouble.NONE
    fix: str = ""


Explain = Callable[[Exception], Explained | None]
"""Tells what an exception means; None for one that no check should raise."""
OnResult = Callable[[Result], None]


def only_reading(checks: Sequence[Check], reads: Collection[str]) -> list[Check]:
    """The checks for a run that must not write: those that do are told as skipped.

    Args:
        checks: All of them.
        reads: The ids of those that only read settings. What is not named here is taken to write, so that a new check
            cannot write by being forgotten.
    """
    return [check if check.id in reads else replace(check, run=_leave_out, gate=False) for check in checks]


def nothing_to_clear(clean_up: Check) -> Check:
    """The clean-up of a run that only reads.

    Args:
        clean_up: That of a run that writes.
    """
    return replace(clean_up, run=_leave_out)


def _leave_out(record: Record) -> None:
    raise UndecidedError(LEFT_OUT)


def run_checks(
    checks: Sequence[Check],
    clean_up: Check,
    *,
    run: str,
    subject: Mapping[str, Any],
    explain: Explain,
    mask: Mask,
    on_result: OnResult | None = None,
    read_only: bool = False,
) -> Report:
    """Run every check, then the clean-up.

    An interrupt (Ctrl-C) or a termination (SIGTERM, where the program has no handler of its own) still runs the
    clean-up, and is raised again after it.

    Args:
        checks: In the order in which they shall run.
        clean_up: Runs last, whatever happened.
        run: The run's id.
        subject: What is verified, for the report.
        explain: Tells what a client's exception means.
        mask: Hides secrets in everything that is told.
        on_result: Called with each result as it comes, for progress.
        read_only: Whether the checks were narrowed by `only_reading`, for the report.
    """
    started, begin = datetime.datetime.now(datetime.UTC), time.monotonic()
    results: list[Result] = []

    def keep(result: Result) -> None:
        results.append(result)
        if on_result is not None:
            on_result(result)

    with _terminable():
        try:
            closed: Result | None = None
            for check in checks:
                if closed is not None:
                    keep(_unreached(check, closed))
                    continue
                result, hopeless = _run(check, explain, mask)
                keep(result)
                if hopeless or (check.gate and result.trouble is not Trouble.NONE):
                    closed = result
        finally:
            keep(_run(clean_up, explain, mask)[0])
    seconds = time.monotonic() - begin
    return Report(subject, run, started.isoformat(timespec="seconds"), seconds, tuple(results), read_only)


def _run(check: Check, explain: Explain, mask: Mask) -> tuple[Result, bool]:
    """The check's result, and whether the later checks are pointless."""
    record, begin = Record(check.fix), time.monotonic()
    because, trouble, hopeless = "", Trouble.NONE, False
    try:
        check.run(record)
        if not record.evidence:
            raise AssertionError("the check ended without any evidence")
    except UndecidedError as undecided:
        because, trouble = undecided.because, undecided.trouble
    except HopelessError as problem:
        record.fail(str(problem))
        hopeless = True
    except Exception as problem:
        explained = explain(problem)
        if explained is None:
            because, trouble = f"the check itself broke: {type(problem).__name__}: {problem}", Trouble.DEFECT
        elif explained.trouble is Trouble.NONE:
            record.fail(explained.text, explained.fix)
        else:
            because, trouble = explained.text, explained.trouble
    # What was already seen to be wrong stays wrong, even when the rest could not be decided.
    state = State.SKIP if because and record.state is not State.FAIL else record.state
    evidence = [*record.evidence, *([f"then: {because}"] if because and state is State.FAIL else [])]
    result = Result(
        code=check.code,
        title=check.title,
        state=state,
        part=check.part,
        actors=tuple(record.actors),
        evidence=tuple(mask(fact) for fact in evidence),
        fix="; ".join(record.fixes) if state in (State.FAIL, State.WARN) else "",
        because=mask(because) if state is State.SKIP else "",
        trouble=trouble,
        seconds=time.monotonic() - begin,
    )
    return result, hopeless


def _unreached(check: Check, closed: Result) -> Result:
    why = closed.because or "; ".join(closed.evidence)
    return Result(
        check.code, check.title, State.SKIP, part=check.part, because=f"{closed.id}: {why}", trouble=closed.trouble
    )


@contextmanager
def _terminable() -> Iterator[None]:
    """Make SIGTERM end the run with the clean-up, where the program leaves the signal to its default."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if ours:
        signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
