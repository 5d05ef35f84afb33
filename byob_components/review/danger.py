"""What a reviewer must see before a change is let through, each kind with a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byob_components.review.reading import Change

CODES: Mapping[str, tuple[str, str]] = {
    "BYOB-REV-001": (
        "data is deleted",
        "take the lines back; to let a team go and keep its data, release it first (docs/lifecycle.md)",
    ),
    "BYOB-REV-002": (
        "data is replaced by an empty one",
        "undo the change of the property that forces it, or copy the data first and switch W&B over",
    ),
    "BYOB-REV-003": ("protection is taken away", "keep `protect`, or say in a waiver why the resource may go"),
    "BYOB-REV-004": ("objects may be deleted with the bucket", "turn force destroy off again"),
    "BYOB-REV-005": ("versioning is turned off", "keep it on: W&B's clean-up of artifacts deletes for good without it"),
    "BYOB-REV-006": (
        "soft delete is shortened or turned off",
        "keep the days; W&B's server refuses a GCS bucket without",
    ),
    "BYOB-REV-007": ("old versions go sooner", "keep the days, or make sure that nobody relies on the older ones"),
    "BYOB-REV-008": (
        "current objects expire or are archived",
        "drop the rule: it loses run history, or makes downloads fail",
    ),
    "BYOB-REV-009": ("CORS no longer allows what W&B's pages need", "allow GET, HEAD and PUT, and expose ETag"),
    "BYOB-REV-010": ("public access is opened", "block it again: nobody but W&B and you needs the bucket"),
    "BYOB-REV-011": (
        "encryption changes",
        "keep the old key and every right on it: what was written with it is not rewritten",
    ),
    "BYOB-REV-012": ("the key is weaker protected", "keep rotation, the deletion window and the key enabled"),
    "BYOB-REV-013": ("everybody gets a right", "name the identities"),
    "BYOB-REV-014": ("W&B loses a right", "make sure that W&B no longer uses the store, or put the right back"),
    "BYOB-REV-015": ("a refusal goes", "put the deny statement back"),
    "BYOB-REV-016": ("the lock goes", "keep the lock, or say in a waiver why the account may go"),
    "BYOB-REV-017": ("the plan is not whole", "mend the error first: what comes after it was not planned"),
    "BYOB-REV-018": ("rights are known only during `up`", "look at the grant after `up`, or plan in two steps"),
}
"""Code to what it means and what to do."""
NOTES = frozenset({"BYOB-REV-018"})
"""Codes that are told and do not fail the review."""


@dataclass(frozen=True)
class Danger:
    """One finding.

    Args:
        code: Of CODES.
        resource: `Bucket vision`, or an empty text for the whole plan.
        urn: The resource.
        text: What exactly, with the values.
    """

    code: str
    resource: str
    urn: str
    text: str

    @property
    def title(self) -> str:
        """What the code means."""
        return CODES[self.code][0]

    @property
    def fix(self) -> str:
        """What to do."""
        return CODES[self.code][1]

    @property
    def fails(self) -> bool:
        """Whether data or access is at risk, and not only worth a look."""
        return self.code not in NOTES


def danger(code: str, change: Change, text: str) -> Danger:
    """A finding about a change.

    Args:
        code: Of CODES.
        change: The resource's change.
        text: What exactly.
    """
    return Danger(f"BYOB-REV-{code}", change.title, change.urn, text)
