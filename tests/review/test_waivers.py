"""Waivers: what they cover, and what is wrong with a file."""

from __future__ import annotations

import datetime

import pytest

from byob_components.errors import ByobError
from byob_components.review.judging import judge
from byob_components.review.policies import PolicyFinding
from byob_components.review.waivers import read_waivers
from tests.review.plans import BUCKET, plan, step

TODAY = datetime.date(2026, 11, 25)
WHOLE = """
[[waiver]]
code = "BYOB-REV-001"
resource = "Bucket data"
reason = "the team is gone"
by = "jane.doe@acme.example"
until = 2026-12-01
"""


def changed(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


@pytest.mark.parametrize(
    ("resource", "covers"),
    [
        ("Bucket data", True),
        ("Bucket *", True),
        ("urn:pulumi:prod::shop::aws:s3/bucket:Bucket::data", True),
        ("Bucket dat", False),
        ("data", False),
        ("bucket data", False),
    ],
)
def test_a_waiver_covers_what_it_names(resource: str, covers: bool) -> None:
    waivers = read_waivers(changed('"Bucket data"', f'"{resource}"'), TODAY)
    review = judge(plan(step(BUCKET, "delete", {})), waivers=waivers)
    assert review.ok is covers
    assert len(review.unused) == (0 if covers else 1)
    assert [waiver is not None for _, waiver in review.dangers] == [covers]


def test_a_waiver_is_for_one_code() -> None:
    waivers = read_waivers(changed("BYOB-REV-001", "BYOB-REV-002"), TODAY)
    assert not judge(plan(step(BUCKET, "delete", {})), waivers=waivers).ok


def test_a_policy_is_waived_by_its_own_code() -> None:
    finding = PolicyFinding(
        "BYOB-POL-AWS-001", "byob-aws-versioning", "byob", "Bucket data", "urn", True, "no versioning"
    )
    waivers = read_waivers(changed("BYOB-REV-001", "BYOB-POL-AWS-001"), TODAY, ["BYOB-POL-AWS-001"])
    assert not judge(plan(), [finding]).ok
    assert judge(plan(), [finding], waivers).ok


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed("2026-12-01", "2026-11-24"), ["waiver[0].until: '2026-11-24' has passed"]),
        (changed("2026-12-01", "2028-01-01"), ["waiver[0].until: '2028-01-01' lies too far ahead"]),
        (changed("2026-12-01", '"2026-12-01"'), ["waiver[0].until: '2026-12-01' is no day"]),
        (changed("2026-12-01", "2026-12-01T10:00:00"), ["waiver[0].until:"]),
        (changed("BYOB-REV-001", "BYOB-REV-nine"), ["waiver[0].code: 'BYOB-REV-nine' is no code"]),
        (changed('reason = "the team is gone"\n', ""), ["waiver[0].reason: is missing or no text"]),
        (changed('by = "jane.doe@acme.example"', 'by = " "'), ["waiver[0].by: ' ' is missing or no text"]),
        (changed("reason =", "why ="), ["waiver[0].why: is not a field of a waiver", "waiver[0].reason: is missing"]),
        ("[waiver]\n", ["waiver: is one table"]),
        ("[[waver]]\n", ["waver: is not known"]),
        ("[[waiver", ["waivers: is not TOML"]),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_every_mistake(text: str, told: list[str]) -> None:
    with pytest.raises(ByobError) as refused:
        read_waivers(text, TODAY)
    said = [str(fault) for fault in refused.value.faults]
    assert {fault.code for fault in refused.value.faults} == {"BYOB-REV-091"}
    assert len(said) == len(told)
    for one, wanted in zip(said, told, strict=True):
        assert one.startswith(f"BYOB-REV-091 {wanted}")


def test_the_last_day_still_counts_and_an_empty_file_waives_nothing() -> None:
    assert len(read_waivers(changed("2026-12-01", "2026-11-25"), TODAY)) == 1
    assert read_waivers("", TODAY) == []
