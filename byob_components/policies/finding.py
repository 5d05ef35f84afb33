"""What a rule says about a resource. A finding never repeats a value of the resource: it may be a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from byob_components.policies.tree import NotKnown

T = TypeVar("T")


class Verdict(StrEnum):
    """What a finding means."""

    VIOLATION = "violation"
    """The rule is broken."""
    UNKNOWN = "unknown"
    """It cannot be decided yet, or not from what the stack holds; said as advice, never passed over."""
    NOT_APPLICABLE = "not_applicable"
    """There is nothing to judge here."""


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found.

    Args:
        verdict: What it means.
        where: The property, or empty for the resource as a whole.
        what: What is the matter, a clause in the rule's own words.
    """

    verdict: Verdict
    where: str
    what: str


def violation(where: str, what: str) -> Finding:
    """The rule is broken.

    Args:
        where: The property, or empty.
        what: What is wrong, a clause.
    """
    return Finding(Verdict.VIOLATION, where, what)


def unknown(where: str, what: str = "is not known yet; it is checked again by `pulumi up`") -> Finding:
    """It cannot be decided.

    Args:
        where: The property, or empty.
        what: Why not, a clause.
    """
    return Finding(Verdict.UNKNOWN, where, what)


def not_applicable(why: str) -> Finding:
    """There is nothing to judge.

    Args:
        why: The reason, a clause.
    """
    return Finding(Verdict.NOT_APPLICABLE, "", why)


def each(parts: Iterable[T], judge: Callable[[T], Iterable[Finding]]) -> Iterator[Finding]:
    """Judge parts one by one, so that what is not known of one does not hide what is wrong with another.

    Args:
        parts: What is judged, for example the rules of a setting.
        judge: Judges one.
    """
    for part in parts:
        try:
            yield from judge(part)
        except NotKnown as missing:
            yield unknown(missing.path)
