"""What a configuration may say, and that a mistake in one is refused."""

from __future__ import annotations

import json

import pytest

from byob_components.policies import RULES, Level, Scope, Settings, rule
from byob_components.policies.configuration import check_configuration, default_settings, schema, settings

BY_NAME = {one.name: one for one in RULES}
WINDOW = "byob-aws-key-deletion-window"
PRINCIPALS = "byob-aws-bucket-grant-principals"


def codes(given: dict[str, dict[str, object]]) -> list[tuple[str, str]]:
    """Code and place of every fault."""
    return [(fault.code, fault.where) for fault in check_configuration(BY_NAME, given)]


def test_what_is_right_is_taken() -> None:
    given = {
        "all": {},
        WINDOW: {"minimumDays": 7, "scope": "byob", "include": ["team-*"], "exclude": []},
        PRINCIPALS: {"principals": ["arn:aws:iam::111122223333:role/etl"], "exclude": ["logs"]},
    }
    assert codes(given) == []
    assert settings(rule(WINDOW), Level.ADVISORY, given[WINDOW]) == Settings(
        Level.ADVISORY, Scope.BYOB, ("team-*",), (), (), 7
    )
    assert settings(rule(PRINCIPALS), Level.MANDATORY, given[PRINCIPALS]) == Settings(
        Level.MANDATORY, Scope.ALL, (), ("logs",), ("arn:aws:iam::111122223333:role/etl",), 0
    )


def test_without_a_configuration_the_defaults_hold() -> None:
    assert default_settings(rule(WINDOW)) == Settings(Level.MANDATORY, minimum_days=30)
    assert settings(rule(WINDOW), Level.MANDATORY, {}) == default_settings(rule(WINDOW))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"byob-aws-bucket-versionning": {}}, ("BYOB-POL-001", "byob-aws-bucket-versionning")),
        ({WINDOW: {"minimum_days": 7}}, ("BYOB-POL-002", f"{WINDOW}.minimum_days")),
        ({WINDOW: {"principals": []}}, ("BYOB-POL-002", f"{WINDOW}.principals")),
        ({PRINCIPALS: {"minimumDays": 7}}, ("BYOB-POL-002", f"{PRINCIPALS}.minimumDays")),
        ({WINDOW: {"minimumDays": "7"}}, ("BYOB-POL-003", f"{WINDOW}.minimumDays")),
        ({WINDOW: {"minimumDays": 7.5}}, ("BYOB-POL-003", f"{WINDOW}.minimumDays")),
        ({WINDOW: {"minimumDays": -1}}, ("BYOB-POL-003", f"{WINDOW}.minimumDays")),
        ({WINDOW: {"minimumDays": True}}, ("BYOB-POL-003", f"{WINDOW}.minimumDays")),
        ({WINDOW: {"scope": "ours"}}, ("BYOB-POL-003", f"{WINDOW}.scope")),
        ({WINDOW: {"include": "team-*"}}, ("BYOB-POL-003", f"{WINDOW}.include")),
        ({WINDOW: {"exclude": [1]}}, ("BYOB-POL-003", f"{WINDOW}.exclude")),
        ({"all": {"scope": "byob"}}, ("BYOB-POL-004", "all")),
    ],
)
def test_a_mistake_is_refused(given: dict[str, dict[str, object]], wanted: tuple[str, str]) -> None:
    assert codes(given) == [wanted]


def test_all_mistakes_are_said_at_once() -> None:
    assert len(codes({"nothing": {}, WINDOW: {"scope": 1, "days": 3}})) == 3


@pytest.mark.parametrize("name", BY_NAME)
def test_the_schema_of_each_rule_is_json_and_its_defaults_are_the_rules(name: str) -> None:
    found = schema(rule(name))
    json.dumps(found)
    assert {"include", "exclude", "scope"} <= set(found) <= {"include", "exclude", "scope", "principals", "minimumDays"}
    defaults = {key: one["default"] for key, one in found.items()}
    assert check_configuration(BY_NAME, {name: defaults}) == []
    assert settings(rule(name), rule(name).level, defaults) == default_settings(rule(name))
