"""A record as a page for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from byob_components.evidence.record import Record

_NONE = "none"
_MISSING = ("policies_missing", "handoffs_missing", "verifications_missing")


def to_markdown(record: Record) -> str:
    """The page.

    Args:
        record: One store's.
    """
    data = record.data
    store, principals, key, retention = data["store"], data["principals"], data["key"], data["retention"]
    rows = [(name.capitalize(), _said(store[name])) for name in store if store[name] not in ("", [])]
    lines = [
        f"# Evidence for the store {_line(store['name'])}, {data['date']}",
        "",
        f"Made {data['made']}. {_verdict(record)}",
        "",
        *_table(("store", ""), rows),
        "## Controls",
        "",
        *_table(
            ("control", "state", "rules"),
            [
                (f"{one['framework']} {one['version']} {one['control']}", one["state"], ", ".join(one["rules"]))
                for one in data["controls"]
            ],
            data["policies_missing"],
        ),
        "## Policies",
        "",
        *_table(
            ("rule", "what holds", "severity", "level", "state"),
            [
                (one["code"], one["title"], one["severity"], one["level"], _state(one))
                for one in data["policies"]
                if one["state"] != "not applicable"
            ],
            data["policies_missing"],
        ),
        *_violations(data["policies"]),
        "## Verification",
        "",
        *_verifications(data),
        "## Who has access",
        "",
        *_list(principals["identities"]),
        *([f"W&B's documentation of {principals['preset_date']}.", ""] if principals["preset_date"] else []),
        *([_line(principals["meaning"]), ""] if principals["meaning"] else []),
        *_settings(principals["static_keys"]),
        "## Key",
        "",
        f"{_said(key['id'])}, managed by the customer." if key["id"] else "Managed by the provider.",
        "",
        *_settings(key["resources"]),
        "## Retention",
        "",
        _line(retention["deleted_data_is_gone"]) or _NONE,
        "",
        *_settings(retention["resources"]),
        "## Protected against removal",
        "",
        *_list(data["protection"]["protected"]),
    ]
    for heading, entries in (
        ("Loosened", data["protection"]["loosened"]),
        ("Waivers", [_waived(one) for one in data["waivers"]]),
        ("Warnings", data["warnings"]),
        ("Not certain", data["doubts"]),
    ):
        lines += [f"## {heading}", "", *_list(entries, plain=True)] if entries else []
    return "\n".join([*lines, "## Versions", "", *_versions(data["versions"])])


def _verdict(record: Record) -> str:
    if not record.ok:
        return f"**Not in order: {', '.join(record.failing)}.**"
    missing = [record.data[name] for name in _MISSING if record.data[name]]
    return "Nothing is broken." if not missing else f"Not all was shown: {'; '.join(missing)}."


def _line(text: Any) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _said(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _line(text) if "`" in text else f"`{_line(text)}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], missing: str = "") -> list[str]:
    body = [f"| {' | '.join(map(_line, row))} |" for row in rows]
    if not body:
        return [f"Not judged: {missing}." if missing else _NONE, ""]
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *body, ""]


def _list(entries: Sequence[Any], plain: bool = False) -> list[str]:
    return [*(f"- {_line(one) if plain else _said(one)}" for one in entries), ""] if entries else [_NONE, ""]


def _state(one: Mapping[str, Any]) -> str:
    return f"{one['state']}: {one['because']}" if one["because"] else str(one["state"])


def _violations(policies: Iterable[Mapping[str, Any]]) -> list[str]:
    found = [
        f"- {_line(each['resource'])}: {_line(each['text'])}{' (waived)' if each['waived'] else ''}"
        for one in policies
        for each in one["violations"]
    ]
    return [*found, ""] if found else []


def _verifications(data: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for one in data["verifications"]:
        counts = ", ".join(f"{count} {state}" for state, count in one["counts"].items() if count)
        lines += [
            f"{one['started']}, path {_said(one['path'])}: {_outcome(one)} ({counts}).",
            f"Run {_line(one['run'])}, report SHA-256 {one['report_sha256']}. As whom:",
            "",
            *_list(one["as"], plain=True),
            *_table(
                ("check", "what was shown", "state"),
                [(" ".join(filter(None, (c["code"], c["part"]))), c["title"], c["state"]) for c in one["checks"]],
            ),
        ]
    return lines or [f"Not shown: {data['verifications_missing']}.", ""]


def _outcome(one: Mapping[str, Any]) -> str:
    if not one["ok"]:
        return "**not in order**"
    return "settings in order, their use was not tried" if one["read_only"] else "in order"


def _settings(resources: Iterable[Mapping[str, Any]]) -> list[str]:
    rows = [
        (one["resource"], name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for one in resources
        for name, value in one["settings"].items()
    ]
    return _table(("resource", "setting", "value"), rows) if rows else []


def _waived(one: Mapping[str, str]) -> str:
    return f"{one['code']} on {one['resource']}: {one['reason']} ({one['by']}, until {one['until']})"


def _versions(versions: Mapping[str, Any]) -> list[str]:
    rows = [("byob-components", versions["byob-components"]), ("Pulumi", versions["pulumi"])]
    rows += [(f"pulumi-{name}", ", ".join(found)) for name, found in versions["providers"].items()]
    rows.append(("state written", versions["state_written"]))
    return _table(("what", "version"), [row for row in rows if row[1]])
