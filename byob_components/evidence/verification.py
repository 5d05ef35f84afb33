"""A verification report as a record tells of it: what was shown, when and as whom. The evidence lines stay in the report itself,
which the record names by its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.errors import ByobError, Fault

_CHECK = ("code", "part", "title", "state")


@dataclass(frozen=True)
class Verification:
    """One report.

    Args:
        subject: What was verified.
        started: When.
        run: The run's id.
        ok: Whether the store is fit.
        counts: State to number of checks.
        actors: As whom it acted, in the order of the checks.
        checks: Code, part, title and state of each check.
        digest: SHA-256 of the report's text.
    """

    subject: Mapping[str, Any]
    started: str
    run: str
    ok: bool
    counts: Mapping[str, int]
    actors: tuple[str, ...]
    checks: tuple[Mapping[str, str], ...]
    digest: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Account, bucket and path: what makes it the report of one store."""
        bucket = self.subject.get("container") or self.subject.get("bucket") or ""
        return (str(self.subject.get("account") or ""), str(bucket), str(self.subject.get("path") or "/"))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "path": self.place[2],
            "started": self.started,
            "run": self.run,
            "ok": self.ok,
            "counts": dict(self.counts),
            "as": list(self.actors),
            "checks": [dict(one) for one in self.checks],
            "report_sha256": self.digest,
        }


def read_verification(text: str, name: str = "verification") -> Verification:
    """A report.

    Args:
        text: What `Report.to_json` of `byob_components.verify` wrote.
        name: What the file is called in a fault.

    Raises:
        ByobError: It is something else.
    """
    try:
        data = json.loads(text)
        checks = [{key: str(one[key]) for key in _CHECK} for one in data["results"]]
        actors = dict.fromkeys(str(who) for one in data["results"] for who in one["as"])
        counts = {str(state): int(count) for state, count in data["counts"].items()}
        started, run, subject, ok = data["started"], data["run"], dict(data["subject"]), data["ok"] is True
    except (KeyError, TypeError, ValueError, AttributeError):
        what, fix = "is no verification report", "give what `report.to_json()` returned (docs/verify.md)"
        fault = Fault("BYOB-EVD-003", name, what, None, "the JSON of a verification", fix)
        raise ByobError([fault], "byob evidence") from None
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Verification(subject, str(started), str(run), ok, counts, tuple(actors), tuple(checks), digest)
