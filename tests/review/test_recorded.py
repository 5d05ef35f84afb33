"""Recorded previews of real runs, of our programs and of others: each with its comment, and whether it passes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from byob_components.review.judging import Review, judge
from byob_components.review.markdown import to_markdown
from byob_components.review.reading import read_preview
from tests.mocks.golden import assert_golden_text

HERE = Path(__file__).resolve().parent
PREVIEWS = HERE / "previews"
COMMENTS = HERE / "comments"
AT_RISK: dict[str, set[str]] = {
    "first_team": set(),
    "no_change": set(),
    "another_team": set(),
    "minimal_access": {"BYOB-REV-014"},
    "own_origin": set(),
    "old_versions_sooner": {"BYOB-REV-007"},
    "unprotected": {"BYOB-REV-003", "BYOB-REV-004"},
    "team_removed": {"BYOB-REV-001", "BYOB-REV-014"},
    "protected_team_removed": {"BYOB-REV-017"},
    "bucket_renamed": {"BYOB-REV-002"},
    "suspended": {"BYOB-REV-014"},
    "released": {"BYOB-REV-003"},
    "released_team_removed": set(),
    "key_rotated": set(),
    "gcp_first_team": set(),
    "gcp_soft_delete_shorter": {"BYOB-REV-006"},
    "gcp_principal_changed": {"BYOB-REV-014"},
    "other_tags": set(),
    "other_versioning_suspended": {"BYOB-REV-005"},
    "other_opened": {"BYOB-REV-010", "BYOB-REV-013"},
    "other_without_refusal_and_wandb": {"BYOB-REV-014", "BYOB-REV-015"},
    "other_expiry_and_archive": {"BYOB-REV-007", "BYOB-REV-008"},
    "other_cors_without_put": {"BYOB-REV-009"},
    "other_key_weaker": {"BYOB-REV-011", "BYOB-REV-012"},
    "other_gcp_loosened": {"BYOB-REV-005", "BYOB-REV-006", "BYOB-REV-008", "BYOB-REV-009", "BYOB-REV-010"},
    "other_gcp_without_wandb": {"BYOB-REV-014"},
}
"""Recording to the codes that fail it."""


def reviewed(name: str) -> Review:
    return judge(read_preview((PREVIEWS / f"{name}.json").read_text(encoding="utf-8")))


def test_every_recording_is_judged() -> None:
    assert {file.stem for file in PREVIEWS.iterdir()} == AT_RISK.keys()
    assert {file.stem for file in COMMENTS.iterdir()} == AT_RISK.keys()
    assert len(AT_RISK) >= 20
    assert len([name for name in AT_RISK if name.startswith("other_")]) >= 5


@pytest.mark.parametrize("name", AT_RISK)
def test_what_is_at_risk_fails_the_review(name: str) -> None:
    review = reviewed(name)
    assert {one.code for one in review.failing} == AT_RISK[name]
    assert review.ok is (not AT_RISK[name])


@pytest.mark.parametrize("name", AT_RISK)
def test_the_comment_is_the_expected_one(name: str) -> None:
    assert_golden_text(to_markdown(reviewed(name)), COMMENTS / f"{name}.md")


def test_recordings_hold_no_path_and_no_secret() -> None:
    for file in PREVIEWS.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r'"(?:file://)?/\w+/', text), "an absolute path"
        assert "PRIVATE KEY" not in text
        for step in json.loads(text)["steps"]:
            assert "sourcePosition" not in json.dumps(step)
