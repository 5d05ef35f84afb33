"""What a report says, as data and as text."""

import json

import pytest

from byob_components.verify import Report, Result, State, Trouble
from byob_components.verify.report import LEFT_OUT

PASSED = Result("V02", "In its region", State.PASS, actors=("W&B",), evidence=("region eu-west-1",), seconds=0.25)
WARNED = Result("V07", "Lifecycle", State.WARN, actors=("the owner",), evidence=("kept for ever",), fix="add a rule")
FAILED = Result("V05", "CORS", State.FAIL, actors=("W&B",), evidence=("no CORS rule",), fix="write the rule")
SKIPPED = Result("V17", "Foreign pages", State.SKIP, part="browser", because="no browser was given")
BROKEN = Result("V12", "Parts", State.SKIP, because="no answer", trouble=Trouble.NETWORK)


def report(*results: Result) -> Report:
    return Report({"bucket": "b", "path": "", "origins": ["*"]}, "run-1", "2026-11-24T20:00:00+00:00", 1.5, results)


@pytest.mark.parametrize(
    ("results", "ok", "verdict"),
    [
        ((PASSED,), True, "1 passed; W&B can use this store (1.5 s)"),
        ((PASSED, SKIPPED), True, "1 passed, 1 skipped; W&B can use this store (1.5 s)"),
        ((PASSED, WARNED), True, "1 passed, 1 with a warning; nothing failed: read the warnings (1.5 s)"),
        ((PASSED, FAILED), False, "1 passed, 1 failed; not fit yet: V05 (1.5 s)"),
        ((PASSED, BROKEN), False, "1 passed, 1 skipped; could not run to the end: network (1.5 s)"),
        ((SKIPPED,), False, "1 skipped; could not run to the end: nothing was shown (1.5 s)"),
        ((), False, "nothing ran; could not run to the end: nothing was shown (1.5 s)"),
    ],
)
def test_a_report_is_good_only_when_something_was_shown_and_nothing_is_open(
    results: tuple[Result, ...], ok: bool, verdict: str
) -> None:
    made = report(*results)
    assert made.ok is ok
    assert made.to_text().splitlines()[-1] == verdict


def test_the_text_says_who_acted_why_not_and_what_to_do() -> None:
    assert report(PASSED, FAILED, SKIPPED).to_text() == (
        "bucket b, origins *\n"
        "\n"
        "PASS V02 In its region\n"
        "       as W&B\n"
        "       region eu-west-1\n"
        "FAIL V05 CORS\n"
        "       as W&B\n"
        "       no CORS rule\n"
        "       fix: write the rule\n"
        "SKIP V17 Foreign pages [browser]\n"
        "       because no browser was given\n"
        "\n"
        "1 passed, 1 failed, 1 skipped; not fit yet: V05 (1.5 s)"
    )


def test_the_json_holds_everything() -> None:
    assert json.loads(report(PASSED, BROKEN).to_json()) == {
        "format": 1,
        "subject": {"bucket": "b", "path": "", "origins": ["*"]},
        "run": "run-1",
        "started": "2026-11-24T20:00:00+00:00",
        "seconds": 1.5,
        "read_only": False,
        "ok": False,
        "counts": {"pass": 1, "warn": 0, "fail": 0, "skip": 1},
        "troubles": ["network"],
        "results": [
            {
                "id": "V02",
                "code": "V02",
                "part": "",
                "title": "In its region",
                "state": "pass",
                "as": ["W&B"],
                "evidence": ["region eu-west-1"],
                "fix": "",
                "because": "",
                "trouble": "",
                "seconds": 0.25,
            },
            {
                "id": "V12",
                "code": "V12",
                "part": "",
                "title": "Parts",
                "state": "skip",
                "as": [],
                "evidence": [],
                "fix": "",
                "because": "no answer",
                "trouble": "network",
                "seconds": 0.0,
            },
        ],
    }


def test_parts_of_a_check_have_ids_of_their_own() -> None:
    assert (PASSED.id, SKIPPED.id) == ("V02", "V17:browser")
    assert report(PASSED, SKIPPED).ids(State.SKIP) == ["V17:browser"]


def test_a_run_that_only_reads_claims_no_more_than_it_has_seen() -> None:
    left_out = [Result(f"V{code}", "Written", State.SKIP, because=LEFT_OUT) for code in (10, 11, 12)]
    made = Report({"bucket": "b"}, "run-1", "now", 1.5, (PASSED, SKIPPED, *left_out), read_only=True)
    assert made.ok
    assert made.to_text().splitlines()[-4:] == [
        "SKIP V10, V11, V12",
        "       because only reading was asked for, and this check writes into the store",
        "",
        "1 passed, 4 skipped; the settings are as declared; whether W&B can use this store was not tried (1.5 s)",
    ]
    assert made.to_dict()["read_only"] is True
    assert made.tried == (PASSED, SKIPPED)
