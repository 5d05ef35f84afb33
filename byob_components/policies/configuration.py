"""What a configuration may say of a rule, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from byob_components.errors import Fault
from byob_components.policies.rule import PAGE, Level, Rule, Scope, Settings

ALL = "all"
"""The engine's own name for every rule; it takes a level only."""
_LISTS = {
    "include": "Patterns of resource names (`*` and `?`): only these are judged. Default: every name.",
    "exclude": "Patterns of resource names (`*` and `?`) that are not judged. Default: none.",
}
_SCOPE = (
    "`all`: every resource of the rule's types; `byob`: those below a component of byob-components or with its tag."
)
_DAYS = "The least number of days that this rule accepts."


def schema(rule: Rule) -> dict[str, dict[str, Any]]:
    """The properties that a rule's configuration takes, as JSON schemas.

    Args:
        rule: The rule.
    """
    found: dict[str, dict[str, Any]] = {
        name: {"type": "array", "items": {"type": "string"}, "default": [], "description": text}
        for name, text in _LISTS.items()
    }
    found["scope"] = {
        "type": "string",
        "enum": [str(scope) for scope in Scope],
        "default": str(Scope.ALL),
        "description": _SCOPE,
    }
    if rule.principals:
        found["principals"] = {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": f"{rule.principals} `*` and `?` are patterns. Default: none.",
        }
    if rule.minimum_days is not None:
        found["minimumDays"] = {
            "type": "integer",
            "minimum": 0,
            "default": rule.minimum_days,
            "description": _DAYS,
        }
    return found


def default_settings(rule: Rule) -> Settings:
    """How a rule runs when nobody configures it.

    Args:
        rule: The rule.
    """
    return Settings(rule.level, minimum_days=rule.minimum_days or 0)


def settings(rule: Rule, level: Level, properties: Mapping[str, Any]) -> Settings:
    """How a rule runs with a configuration that `check_rule` finds nothing wrong with.

    Args:
        rule: The rule.
        level: How a violation counts.
        properties: The configuration.
    """
    return Settings(
        level,
        Scope(properties.get("scope", Scope.ALL)),
        tuple(properties.get("include", ())),
        tuple(properties.get("exclude", ())),
        tuple(properties.get("principals", ())),
        int(properties.get("minimumDays", rule.minimum_days or 0)),
    )


def check_rule(rule: Rule, properties: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the configuration of a rule.

    Args:
        rule: The rule.
        properties: The configuration, without the level.
    """
    known = schema(rule)
    faults: list[Fault] = []
    for name, value in properties.items():
        where = f"{rule.name}.{name}"
        if name not in known:
            allowed = ", ".join(["enforcementLevel", *sorted(known)])
            faults.append(
                Fault("BYOB-POL-002", where, "is not a property of this rule", None, allowed, "correct or drop it")
            )
        elif not _fits(value, known[name]):
            faults.append(
                Fault("BYOB-POL-003", where, "has another type or value", value, _wanted(known[name]), "correct it")
            )
    return faults


def check_configuration(rules: Mapping[str, Rule], given: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    """What is wrong with a configuration: the engine lets unknown names pass, and a rule that somebody meant to turn on would
    stay as it was.

    Args:
        rules: By name.
        given: Properties by rule name, without the levels.
    """
    faults: list[Fault] = []
    for name, properties in given.items():
        if name in rules:
            faults += check_rule(rules[name], properties)
        elif name != ALL:
            what, fix = "is not a rule of this pack", f"take a name from {PAGE}"
            faults.append(Fault("BYOB-POL-001", name, what, None, "a rule's name, or 'all'", fix))
        elif properties:
            what = f"takes a level only, and has {', '.join(sorted(properties))}"
            faults.append(Fault("BYOB-POL-004", name, what, None, "a level", "configure the rules one by one"))
    return faults


def _fits(value: Any, wanted: Mapping[str, Any]) -> bool:
    if wanted["type"] == "array":
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    if wanted["type"] == "integer":
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and value == int(value) and value >= wanted["minimum"]
    return value in wanted["enum"]


def _wanted(wanted: Mapping[str, Any]) -> str:
    if wanted["type"] == "array":
        return "a list of texts"
    return ", ".join(map(repr, wanted["enum"])) if "enum" in wanted else f"a whole number from {wanted['minimum']}"
