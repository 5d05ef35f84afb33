"""Exceptions that somebody answers for: by name, for a reason, until a day."""

from __future__ import annotations

import datetime
import fnmatch
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.review.danger import CODES, Danger

FIELDS = ("code", "resource", "reason", "by", "until")
MOST_DAYS = 366
"""A waiver is for a change, not for ever."""


@dataclass(frozen=True)
class Waiver:
    """One exception.

    Args:
        code: Which finding, `BYOB-REV-001` or a policy's code.
        resource: The resource as the review names it (`Bucket vision`), or its URN; `*` and `?` stand for any characters.
        reason: Why.
        by: Who answers for it.
        until: The last day on which it holds.
    """

    code: str
    resource: str
    reason: str
    by: str
    until: datetime.date

    def covers(self, code: str, resource: str, urn: str) -> bool:
        """Whether it is for this finding.

        Args:
            code: The finding's.
            resource: As the review names it.
            urn: The resource.
        """
        return code == self.code and any(fnmatch.fnmatchcase(text, self.resource) for text in (resource, urn))

    def __str__(self) -> str:
        return f"waived by {self.by} until {self.until.isoformat()}: {self.reason}"


def read_waivers(text: str, today: datetime.date, policy_codes: Iterable[str] = ()) -> list[Waiver]:
    """The waivers of a file.

    Args:
        text: TOML, tables `[[waiver]]` with every field of FIELDS.
        today: The day on which they shall hold.
        policy_codes: Codes of policies that may be waived too.

    Raises:
        ByobError: With every fault of the file: a field that is missing, empty or unknown, a code that does not exist, a day
            that has passed or lies too far ahead.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        fault = Fault(
            "BYOB-REV-091", "waivers", f"is not TOML ({problem})", None, "tables [[waiver]]", "mend that line"
        )
        raise ByobError([fault], "byob review") from None
    faults = [_fault(f"{key}", "is not known", None, "tables [[waiver]]") for key in data if key != "waiver"]
    tables = data.get("waiver", [])
    if not isinstance(tables, list):
        tables, faults = [], [*faults, _fault("waiver", "is one table", None, "tables [[waiver]]")]
    waivers = []
    for i, table in enumerate(tables):
        made, found = _waiver(table, f"waiver[{i}]", today, frozenset(CODES) | frozenset(policy_codes))
        faults += found
        waivers += [made] if made else []
    if faults:
        raise ByobError(faults, "byob review")
    return waivers


def _fault(where: str, what: str, value: object, allowed: str, fix: str = "see docs/review.md") -> Fault:
    return Fault("BYOB-REV-091", where, what, value, allowed, fix)


def _waiver(
    table: Mapping[str, Any], where: str, today: datetime.date, codes: frozenset[str]
) -> tuple[Waiver | None, list[Fault]]:
    faults = [
        _fault(f"{where}.{key}", "is not a field of a waiver", None, ", ".join(FIELDS))
        for key in table
        if key not in FIELDS
    ]
    for name in FIELDS[:4]:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            faults.append(
                _fault(f"{where}.{name}", "is missing or no text", value, "text", "say it: a waiver is somebody's word")
            )
    code = table.get("code")
    if isinstance(code, str) and code and code not in codes:
        faults.append(
            _fault(f"{where}.code", "is no code", code, "a code of docs/review.md", "take it from the review's output")
        )
    until = table.get("until")
    if isinstance(until, datetime.datetime) or not isinstance(until, datetime.date):
        faults.append(
            _fault(f"{where}.until", "is no day", until, "a date without quotes, 2026-12-31", "say until when it holds")
        )
    elif until < today:
        faults.append(
            _fault(
                f"{where}.until", "has passed", until.isoformat(), f"{today.isoformat()} or later", "drop the waiver"
            )
        )
    elif (until - today).days > MOST_DAYS:
        faults.append(
            _fault(
                f"{where}.until",
                "lies too far ahead",
                until.isoformat(),
                f"at most {MOST_DAYS} days",
                "name a nearer day",
            )
        )
    return (
        (None, faults)
        if faults
        else (Waiver(table["code"], table["resource"], table["reason"], table["by"], table["until"]), [])
    )


def waiver_for(waivers: Sequence[Waiver], finding: Danger) -> Waiver | None:
    """The waiver that covers a finding.

    Args:
        waivers: All of them.
        finding: Which one.
    """
    return next((one for one in waivers if one.covers(finding.code, finding.resource, finding.urn)), None)
