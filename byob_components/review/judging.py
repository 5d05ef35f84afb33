"""A preview, the policies' findings and the waivers, put together to one review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from byob_components.review.danger import Danger
from byob_components.review.dangers import find
from byob_components.review.policies import PolicyFinding
from byob_components.review.reading import Change, Preview
from byob_components.review.rights import Right, changed
from byob_components.review.waivers import Waiver, waiver_for

SHOWN_OPS = ("create", "import", "update", "replace", "delete", "forget")


@dataclass(frozen=True)
class GrantChange:
    """What becomes of the rights that one resource grants.

    Args:
        resource: `BucketPolicy vision`.
        urn: The resource.
        op: What is planned for it.
        gone: Rights that go.
        come: Rights that come.
    """

    resource: str
    urn: str
    op: str
    gone: tuple[Right, ...]
    come: tuple[Right, ...]


@dataclass(frozen=True)
class Review:
    """Everything that a reviewer is told.

    Args:
        preview: The plan.
        grants: Changes of rights.
        dangers: Findings, each with its waiver.
        policies: The policies' findings, each with its waiver.
        unused: Waivers that cover nothing.
    """

    preview: Preview
    grants: tuple[GrantChange, ...]
    dangers: tuple[tuple[Danger, Waiver | None], ...]
    policies: tuple[tuple[PolicyFinding, Waiver | None], ...]
    unused: tuple[Waiver, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Operation to number of resources, components left out, only what changes something."""
        told: dict[str, int] = {}
        for change in self.preview.changes:
            op = _plain(change)
            if op in SHOWN_OPS and change.custom:
                told[op] = told.get(op, 0) + 1
        return {op: told[op] for op in SHOWN_OPS if op in told}

    @property
    def failing(self) -> list[Danger | PolicyFinding]:
        """What is at risk and covered by no waiver."""
        mine: list[Danger | PolicyFinding] = [one for one, waiver in self.dangers if one.fails and waiver is None]
        return [*mine, *(one for one, waiver in self.policies if one.mandatory and waiver is None)]

    @property
    def ok(self) -> bool:
        """Whether nothing is at risk."""
        return not self.failing

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as `--format json` writes it."""
        return {
            "stack": self.preview.stack,
            "ok": self.ok,
            "counts": self.counts,
            "errors": list(self.preview.errors),
            "grants": [
                {
                    "resource": one.resource,
                    "urn": one.urn,
                    "op": one.op,
                    "removed": [_right(right) for right in one.gone],
                    "added": [_right(right) for right in one.come],
                }
                for one in self.grants
            ],
            "findings": [
                {
                    "code": one.code,
                    "title": one.title,
                    "resource": one.resource,
                    "urn": one.urn,
                    "text": one.text,
                    "fix": one.fix,
                    "at_risk": one.fails,
                    "waiver": _waived(waiver),
                }
                for one, waiver in self.dangers
            ],
            "policies": [
                {
                    "code": one.code,
                    "policy": one.policy,
                    "pack": one.pack,
                    "resource": one.resource,
                    "urn": one.urn,
                    "mandatory": one.mandatory,
                    "text": one.text,
                    "waiver": _waived(waiver),
                }
                for one, waiver in self.policies
            ],
            "unused_waivers": [_waived(one) for one in self.unused],
        }


def judge(preview: Preview, policies: Sequence[PolicyFinding] = (), waivers: Sequence[Waiver] = ()) -> Review:
    """Make a review.

    Args:
        preview: The plan.
        policies: What the policies say of it.
        waivers: The exceptions that hold today.
    """
    grants = []
    for change in preview.changes:
        gone, come = changed(change)
        if gone or come:
            grants.append(
                GrantChange(change.title, change.urn, _plain(change), tuple(sorted(gone)), tuple(sorted(come)))
            )
    blocked = any(one.mandatory for one in policies)
    found = [one for one in find(preview) if not (blocked and _says_only_that_it_failed(one))]
    dangers = tuple((one, waiver_for(waivers, one)) for one in found)
    told = tuple(
        (one, next((w for w in waivers if w.covers(one.code, one.resource, one.urn)), None)) for one in policies
    )
    used = {waiver for _, waiver in (*dangers, *told) if waiver is not None}
    return Review(preview, tuple(grants), dangers, told, tuple(one for one in waivers if one not in used))


def _says_only_that_it_failed(one: Danger) -> bool:
    """Whether the engine's error is nothing but its verdict, which a mandatory policy explains."""
    return one.code == "BYOB-REV-017" and one.text.removeprefix("error: ").strip() == "preview failed"


def _plain(change: Change) -> str:
    """One word for each change: the engine has several for the parts of a replacement."""
    if change.forgotten:
        return "forget"
    if change.op in ("create-replacement", "delete-replaced"):
        return "replace"
    return change.op


def _right(right: Right) -> dict[str, Any]:
    return {
        "who": right.who,
        "what": right.what,
        "where": right.where,
        "condition": right.condition,
        "denies": right.denies,
    }


def _waived(waiver: Waiver | None) -> dict[str, str] | None:
    if waiver is None:
        return None
    return {
        "code": waiver.code,
        "resource": waiver.resource,
        "reason": waiver.reason,
        "by": waiver.by,
        "until": waiver.until.isoformat(),
    }
