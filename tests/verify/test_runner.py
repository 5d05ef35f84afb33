"""Checks run in order, the clean-up always, and nothing that was not decided passes."""

import os
import signal
import time

import pytest

from byob_components.verify import Result, State, Trouble
from byob_components.verify.masking import Mask
from byob_components.verify.report import LEFT_OUT
from byob_components.verify.result import HopelessError, Record, UndecidedError
from byob_components.verify.runner import Check, Explained, nothing_to_clear, only_reading, run_checks


class RefusedError(Exception):
    pass


class UnreachableError(Exception):
    pass


def explain(problem: Exception) -> Explained | None:
    if isinstance(problem, RefusedError):
        return Explained(f"refused: {problem}")
    if isinstance(problem, UnreachableError):
        return Explained("no answer", Trouble.NETWORK)
    return None


def passes(record: Record) -> None:
    record.acted("W&B")
    record.saw("fine")


def says_nothing(record: Record) -> None:
    record.acted("W&B")


def raises(problem: BaseException, *, after: str = "") -> object:
    def run(record: Record) -> None:
        if after:
            record.fail(after)
        raise problem

    return run


def warns_then_sees(record: Record) -> None:
    record.warn("old")
    record.saw("fine")


def fails_then_warns(record: Record) -> None:
    record.fail("wrong", "mend it")
    record.warn("old")


def run(*checks: Check, clean_up: object = passes, on_result: object = None) -> tuple[Result, ...]:
    last = Check("V27", "Clean", "clean", clean_up)
    return run_checks(
        checks, last, run="r", subject={}, explain=explain, mask=Mask(["hush"]), on_result=on_result
    ).results


@pytest.mark.parametrize(
    ("work", "state", "evidence", "because", "trouble", "fix"),
    [
        (passes, State.PASS, ("fine",), "", Trouble.NONE, ""),
        (says_nothing, State.SKIP, (), "the check itself broke: AssertionError: the check ended without any evidence", Trouble.DEFECT, ""),
        (warns_then_sees, State.WARN, ("old", "fine"), "", Trouble.NONE, "do it"),
        (fails_then_warns, State.FAIL, ("wrong", "old"), "", Trouble.NONE, "mend it; do it"),
        (raises(UndecidedError("no owner")), State.SKIP, (), "no owner", Trouble.NONE, ""),
        (raises(UndecidedError("keys", Trouble.CREDENTIALS)), State.SKIP, (), "keys", Trouble.CREDENTIALS, ""),
        (raises(RefusedError("AccessDenied")), State.FAIL, ("refused: AccessDenied",), "", Trouble.NONE, "do it"),
        (raises(UnreachableError()), State.SKIP, (), "no answer", Trouble.NETWORK, ""),
        (raises(KeyError("x")), State.SKIP, (), "the check itself broke: KeyError: 'x'", Trouble.DEFECT, ""),
        (raises(UnreachableError(), after="wrong"), State.FAIL, ("wrong", "then: no answer"), "", Trouble.NETWORK, "do it"),
        (raises(RefusedError("with hush")), State.FAIL, ("refused: with ****",), "", Trouble.NONE, "do it"),
        (raises(ValueError("hush")), State.SKIP, (), "the check itself broke: ValueError: ****", Trouble.DEFECT, ""),
    ],
)  # fmt: skip
def test_how_a_check_ends(
    work: object, state: State, evidence: tuple[str, ...], because: str, trouble: Trouble, fix: str
) -> None:
    result, last = run(Check("V05", "Title", "do it", work))
    found = (result.state, result.evidence, result.because, result.trouble, result.fix)
    assert found == (state, evidence, because, trouble, fix)
    assert (last.id, last.state) == ("V27", State.PASS)


@pytest.mark.parametrize(
    ("work", "gate", "reached"),
    [
        (raises(UnreachableError()), True, False),
        (raises(UnreachableError()), False, True),
        (raises(HopelessError("no bucket")), False, False),
        (raises(RefusedError("AccessDenied")), True, True),
        (passes, True, True),
    ],
)
def test_what_makes_the_rest_pointless_skips_it(work: object, gate: bool, reached: bool) -> None:
    first, second, third, last = run(
        Check("V02", "First", "", work, gate=gate),
        Check("V03", "Second", "", passes),
        Check("V04", "Third", "", passes),
    )
    assert {second.state, third.state} == {State.PASS if reached else State.SKIP}
    if not reached:
        assert second.because.startswith("V02: ")
        assert second.trouble is first.trouble
    assert last.state is State.PASS


def test_results_are_told_as_they_come() -> None:
    told: list[str] = []
    run(Check("V02", "First", "", passes), Check("V03", "Second", "", passes), on_result=lambda r: told.append(r.id))
    assert told == ["V02", "V03", "V27"]


def test_an_interrupt_cleans_up_and_is_raised_again() -> None:
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        run(
            Check("V02", "First", "", raises(KeyboardInterrupt())),
            Check("V03", "Second", "", passes),
            on_result=lambda r: told.append(r.id),
        )
    assert told == ["V27"]


def test_a_termination_cleans_up_and_ends_the_program() -> None:
    told: list[str] = []

    def terminated(record: Record) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)
        record.saw("still here")

    before = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with pytest.raises(SystemExit) as ended:
            run(Check("V02", "First", "", terminated), on_result=lambda r: told.append(r.id))
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.value.code == 143
    assert told == ["V27"]


def test_a_handler_of_the_programs_own_is_left_alone() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
    try:
        result, _ = run(
            Check("V02", "First", "", lambda record: (os.kill(os.getpid(), signal.SIGTERM), passes(record)))
        )
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (seen, result.state) == ([signal.SIGTERM], State.PASS)


def test_a_run_that_only_reads_leaves_out_whatever_is_not_known_to_read() -> None:
    ran: list[str] = []

    def check(code: str, part: str = "") -> Check:
        def run(record: Record) -> None:
            ran.append(code)
            record.saw("seen")

        return Check(code, "title", "fix", run, part=part, gate=True)

    checks = only_reading([check("V02"), check("V10"), check("V19", "policy"), check("V19")], {"V02", "V19:policy"})
    results = run_checks(
        checks, nothing_to_clear(check("V27")), run="r", subject={}, explain=explain, mask=Mask(), read_only=True
    )
    assert ran == ["V02", "V19"]
    assert [(r.id, r.state, r.because) for r in results.results] == [
        ("V02", State.PASS, ""),
        ("V10", State.SKIP, LEFT_OUT),
        ("V19:policy", State.PASS, ""),
        ("V19", State.SKIP, LEFT_OUT),
        ("V27", State.SKIP, LEFT_OUT),
    ]
    assert results.read_only
    assert results.ok
