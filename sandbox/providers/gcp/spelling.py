"""A bucket's nested settings: the program's spelling and the JSON API's."""

from typing import Any

from sandbox.providers.framework.resource import Props

_SAME = ("age", "createdBefore", "customTimeBefore", "daysSinceCustomTime", "daysSinceNoncurrentTime", "noncurrentTimeBefore", "numNewerVersions")  # fmt: skip
_LISTS = {
    "matchesPrefixes": "matchesPrefix",
    "matchesSuffixes": "matchesSuffix",
    "matchesStorageClasses": "matchesStorageClass",
}
_LIVE = {"LIVE": True, "ARCHIVED": False}
_IF_ZERO = {
    "age": "sendAgeIfZero",
    "daysSinceCustomTime": "sendDaysSinceCustomTimeIfZero",
    "daysSinceNoncurrentTime": "sendDaysSinceNoncurrentTimeIfZero",
    "numNewerVersions": "sendNumNewerVersionsIfZero",
}
"""A zero is sent only when its switch says so: the real provider cannot tell it from absent otherwise."""


def cors_to_api(rules: list[Props] | None) -> list[Props]:
    """CORS rules for the API; an empty list takes them all off."""
    return [
        {k: v for k, v in (("origin", r.get("origins")), ("method", r.get("methods")), ("responseHeader", r.get("responseHeaders")), ("maxAgeSeconds", r.get("maxAgeSeconds"))) if v is not None}
        for r in rules or []
    ]  # fmt: skip


def cors_from_api(rules: list[Props] | None) -> list[Props] | None:
    """CORS rules as a program writes them."""
    names = {
        "origin": "origins",
        "method": "methods",
        "responseHeader": "responseHeaders",
        "maxAgeSeconds": "maxAgeSeconds",
    }
    return [
        {ours: r[theirs] for theirs, ours in names.items() if r.get(theirs) is not None} for r in rules or []
    ] or None


def lifecycle_to_api(rules: list[Props] | None) -> Props:
    """Lifecycle rules for the API."""
    return {"rule": [{"action": _kept(r["action"]), "condition": _condition(r["condition"])} for r in rules or []]}


def _kept(value: Props) -> Props:
    return {k: v for k, v in value.items() if v not in (None, "", [])}


def _condition(given: Props) -> Props:
    found: Props = {k: given[k] for k in _SAME if given.get(k) not in (None, "", 0)}
    found |= {k: 0 for k, switch in _IF_ZERO.items() if given.get(switch) and not given.get(k)}
    found |= {theirs: given[ours] for ours, theirs in _LISTS.items() if given.get(ours)}
    if given.get("withState") in _LIVE:
        found["isLive"] = _LIVE[given["withState"]]
    return found


def lifecycle_from_api(lifecycle: Props | None) -> list[Props] | None:
    """Lifecycle rules as a program writes them."""
    return [
        {"action": _kept(r["action"]), "condition": _from_condition(r["condition"])} for r in (lifecycle or {}).get("rule", [])
    ] or None  # fmt: skip


def _from_condition(found: Props) -> Props:
    given: Props = {k: found[k] for k in _SAME if found.get(k) is not None}
    given |= {switch: True for k, switch in _IF_ZERO.items() if found.get(k) == 0}
    given |= {ours: found[theirs] for ours, theirs in _LISTS.items() if found.get(theirs)}
    if "isLive" in found:
        given["withState"] = "LIVE" if found["isLive"] else "ARCHIVED"
    return given


def same_lifecycle(a: Any, b: Any) -> bool:
    """Whether two lists of rules mean the same: they are a set, and a rule's absent parts have defaults."""
    return _normal(a) == _normal(b)


def _normal(rules: Any) -> list[str]:
    return sorted(repr(_sorted(rule)) for rule in lifecycle_to_api(rules)["rule"])


def _sorted(value: Any) -> Any:
    return [(k, _sorted(v)) for k, v in sorted(value.items())] if isinstance(value, dict) else value
