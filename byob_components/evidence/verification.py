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
        ok: Whether the store is fit; of one that only read, whether its settings are as declared.
        read_only: Whether only settings were read.
        counts: State to number of checks.
        actors: As whom it acted, in the order of the checks.
        checks: Code, part, title and state of each check.
        digest: SHA-256 of the file that the report stands in.
    """

    subject: Mapping[str, Any]
    started: str
    run: str
    ok: bool
    read_only: bool
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
            "read_only": self.read_only,
            "counts": dict(self.counts),
            "as": list(self.actors),
            "checks": [dict(one) for one in self.checks],
            "report_sha256": self.digest,
        }


def read_verifications(text: str, name: str = "verification") -> list[Verification]:
    """The reports of a file.

    Args:
        text: What `byob verify` wrote, as JSON or to `--record`, or `Report.to_json` of `byob_components.verify`.
        name: What the file is called in a fault.

    Raises:
        ByobError: It is something else.
    """
    try:
        data = json.loads(text)
        reports = data["reports"] if isinstance(data, dict) and "reports" in data else [data]
        digest = hashlib.sha256(text.encode()).hexdigest()
        return [_read(one, digest, name) for one in reports]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refused(name) from None


def read_verification(text: str, name: str = "verification") -> Verification:
    """A report.

    Args:
        text: What `Report.to_json` of `byob_components.verify` wrote.
        name: What the file is called in a fault.

    Raises:
        ByobError: It is something else, or more than one.
    """
    found = read_verifications(text, name)
    if len(found) != 1:
        raise _refused(name)
    return found[0]


def _read(data: Any, digest: str, name: str) -> Verification:
    try:
        checks = [{key: str(one[key]) for key in _CHECK} for one in data["results"]]
        actors = dict.fromkeys(str(who) for one in data["results"] for who in one["as"])
        counts = {str(state): int(count) for state, count in data["counts"].items()}
        started, run, subject, ok = data["started"], data["run"], dict(data["subject"]), data["ok"] is True
        read_only = data.get("read_only") is True
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refused(name) from None
    return Verification(subject, str(started), str(run), ok, read_only, counts, tuple(actors), tuple(checks), digest)


def _refused(name: str) -> ByobError:
    what, fix = (
        "is no verification report",
        "give what `byob verify --record` or `report.to_json()` wrote (docs/verify.md)",
    )
    fault = Fault("BYOB-EVD-003", name, what, None, "the JSON of a verification", fix)
    return ByobError([fault], "byob evidence")
