"""After how many days deleted data is gone, per cloud."""

from __future__ import annotations

import pytest

from byob_components.wandb.deployment import Cloud
from byob_components.wandb.erasure import erasure

# cloud, noncurrent days, soft delete days, days in all, the words
ROWS = [
    (Cloud.AWS, 30, 0, 30, "stays 30 days as a noncurrent version. W&B itself"),
    (Cloud.AWS, 1, 0, 1, "After 1 day at the earliest"),
    (Cloud.GCP, 30, 7, 37, "stays 30 days as a noncurrent version; Google then keeps it 7 more days"),
    (Cloud.COREWEAVE, 14, 0, 14, "After 14 days at the earliest"),
    (Cloud.S3_COMPATIBLE, 30, 0, 30, "After 30 days at the earliest"),
    # S3 has no soft delete: a number given for it adds nothing.
    (Cloud.AWS, 30, 7, 30, "After 30 days at the earliest"),
]


@pytest.mark.parametrize(("cloud", "noncurrent", "soft", "days", "says"), ROWS)
def test_days_add_up(cloud: Cloud, noncurrent: int, soft: int, days: int, says: str) -> None:
    gone = erasure(cloud, noncurrent, soft)
    assert gone.days == days
    assert says in gone.text
    assert gone.text.startswith(f"After {days} day")
    by_wandb = "W&B itself cannot delete versions."
    if cloud is Cloud.GCP:
        by_wandb = "W&B's roles would let it delete versions too, which soft delete then keeps as well."
    assert gone.text.endswith(f". {by_wandb}")


@pytest.mark.parametrize(
    ("versions", "says"),
    [(1, "the newest version of every object stay"), (5, "the 5 newest versions of every object stay")],
)
def test_versions_that_are_kept_are_never_gone_by_themselves(versions: int, says: str) -> None:
    gone = erasure(Cloud.AWS, 30, 0, versions)
    assert gone.days is None
    assert gone.text.startswith(f"Never by itself: {says} until a person deletes them")
    assert "gone after 30 days at the earliest" in gone.text


def test_azure_counts_from_when_an_object_was_written() -> None:
    """So that only soft delete is sure to keep what is older than the days."""
    gone = erasure(Cloud.AZURE, 30, 7)
    assert gone.days == 37
    assert gone.text == (
        "After 37 days at the latest, give or take a day: a deleted or overwritten object stays as a previous version until "
        "30 days have passed since it was written, so that an older one goes with the next clean-up; Azure then keeps that "
        "version 7 more days, in which it can be restored (soft delete). Who has the account key, or the connector's roles, "
        "can delete versions too, which soft delete then keeps as well."
    )
