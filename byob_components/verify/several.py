"""The reports of several stores, as one document for a machine or a page for a person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from byob_components.verify.report import FORMAT, Report, own_words
from byob_components.verify.result import Result, State, Trouble

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_MARKS = {State.PASS: "pass", State.WARN: "**warning**", State.FAIL: "**FAIL**", State.SKIP: "skipped"}


@dataclass(frozen=True)
class Verified:
    """One store's.

    Args:
        name: The store's name.
        report: What was seen.
    """

    name: str
    report: Report


def exit_code(verified: Iterable[Verified]) -> int:
    """How a command ends: 0 all is well, 1 something was shown to be wrong, 2 keys were not accepted, 3 it could not run.

    Args:
        verified: The reports.
    """
    every = list(verified)
    if any(one.report.ids(State.FAIL) for one in every):
        return 1
    if any(Trouble.CREDENTIALS in one.report.troubles for one in every):
        return 2
    return 0 if every and all(one.report.ok for one in every) else 3


def to_json(verified: Sequence[Verified]) -> str:
    """One document: `reports`, each with the store's name.

    Args:
        verified: The reports.
    """
    reports = [{"store": one.name, **one.report.to_dict()} for one in verified]
    whole = {"format": FORMAT, "ok": exit_code(verified) == 0, "reports": reports}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def to_text(verified: Sequence[Verified]) -> str:
    """For a terminal: plain text, no colour.

    Args:
        verified: The reports.
    """
    pages = [f"Store {one.name}\n{one.report.to_text()}\n" for one in verified]
    return "\n".join([*pages, _summary(verified), ""])


def _summary(verified: Sequence[Verified]) -> str:
    bad = [one.name for one in verified if not one.report.ok]
    count = f"{len(verified)} store{'' if len(verified) == 1 else 's'}"
    return f"{count}, not right: {', '.join(bad)}" if bad else f"{count}, nothing failed"


def to_markdown(verified: Sequence[Verified]) -> str:
    """For a comment or the summary of a job.

    Args:
        verified: The reports.
    """
    lines = ["## Verification of the storage", "", f"{_summary(verified)}.", ""]
    for one in verified:
        place = one.report.subject
        where = _cell(f"{place.get('account') or ''} {place.get('bucket') or place.get('container')}".strip())
        lines += [
            f"### {_cell(one.name)}: `{where}`, path `{place.get('path')}`",
            "",
            f"{_cell(one.report.verdict)}.",
            "",
        ]
        rows = [_row(result, one.report.shared) for result in one.report.tried]
        lines += ["| check | | state | as whom | what was seen |", "|---|---|---|---|---|", *rows, ""]
        for (fact, fix), ids in one.report.shared.items():
            lines += [f"Warning of {', '.join(ids)}: {_cell(fact)}.{f' **Fix:** {_cell(fix)}' if fix else ''}", ""]
        for because, ids in one.report.untried.items():
            lines += [f"Not tried: {', '.join(ids)}, because {_cell(because)}.", ""]
    return "\n".join(lines)


def _row(result: Result, shared: Collection[tuple[str, str]]) -> str:
    evidence, mend = own_words(result, shared)
    seen = "; ".join((*evidence, *([result.because] if result.because else [])))
    fix = f" **Fix:** {mend}" if mend else ""
    cells = (result.id, result.title, _MARKS[result.state], "; ".join(result.actors), seen + fix)
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def to_sarif(verified: Sequence[Verified], version: str) -> str:
    """SARIF 2.1.0, which code hosts show: what failed as errors, warnings as warnings.

    Args:
        verified: The reports.
        version: Of this library.
    """
    told = [(one, result) for one in verified for result in one.report.results]
    rules = {
        result.id: {"id": result.id, "shortDescription": {"text": result.title}} for _, result in told
    }  # a part of a check may ask another question than the rest of it
    results = [_finding(one, result) for one, result in told if result.state in (State.FAIL, State.WARN)]
    driver = {"name": "byob verify", "version": version, "rules": list(rules.values())}
    ran = all(not one.report.troubles for one in verified)
    run = {"tool": {"driver": driver}, "invocations": [{"executionSuccessful": ran}], "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _finding(one: Verified, result: Result) -> dict[str, Any]:
    fix = f". Fix: {result.fix}" if result.fix else ""
    name = str(one.report.subject.get("bucket") or one.report.subject.get("container"))
    return {
        "ruleId": result.id,
        "level": "error" if result.state is State.FAIL else "warning",
        "message": {"text": f"{one.name}: {result.title}: {'; '.join(result.evidence)}{fix}"},
        "locations": [
            {
                "logicalLocations": [
                    {"name": one.name, "fullyQualifiedName": f"{one.name}/{name}", "kind": "resource"}
                ],
                # A code host needs a file; a bucket is none, so the project's own stands in.
                "physicalLocation": {"artifactLocation": {"uri": "Pulumi.yaml"}, "region": {"startLine": 1}},
            }
        ],
    }


def to_junit(verified: Sequence[Verified]) -> str:
    """JUnit XML, which CI systems show as tests: a suite for each store, a case for each check. A warning passes, with its text.

    Args:
        verified: The reports.
    """
    from xml.etree import ElementTree as xml

    root = xml.Element("testsuites")
    for one in verified:
        results, counts = one.report.results, one.report.counts
        errors = sum(result.trouble is not Trouble.NONE and result.state is State.SKIP for result in results)
        suite = xml.SubElement(
            root,
            "testsuite",
            name=one.name,
            tests=str(len(results)),
            failures=str(counts["fail"]),
            errors=str(errors),
            skipped=str(counts["skip"] - errors),
            time=f"{one.report.seconds:.3f}",
            timestamp=one.report.started,
        )
        for result in results:
            case = xml.SubElement(
                suite,
                "testcase",
                classname=one.name,
                name=f"{result.id} {result.title}",
                time=f"{result.seconds:.3f}",
            )
            text = _clean("; ".join((*result.evidence, *([f"fix: {result.fix}"] if result.fix else []))))
            if result.state is State.FAIL:
                xml.SubElement(case, "failure", message=text)
            elif result.state is State.SKIP:
                kind = "skipped" if result.trouble is Trouble.NONE else "error"
                xml.SubElement(case, kind, message=_clean(result.because))
            elif result.state is State.WARN:
                xml.SubElement(case, "system-out").text = text
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """Without the characters that XML has no place for, which a server's words may hold."""
    return "".join(one if one in "\t\n" or one >= " " else "?" for one in text)
