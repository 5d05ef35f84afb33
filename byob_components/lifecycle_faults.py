"""What can be wrong with a lifecycle rule of the user's own, in the same words on every cloud."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.combinations import displayed, readable
from byob_components.errors import Fault


@dataclass(frozen=True)
class RuleWords:
    """How a cloud speaks of its rules.

    Args:
        code: The code of a rule that cannot be.
        loss_code: The code of a rule that loses data.
        target: The argument that says where objects move to.
        thing: What the cloud calls an object.
        least_move: The least `transition_days`.
    """

    code: str
    loss_code: str
    target: str = "storage_class"
    thing: str = "object"
    least_move: int = 1


def rule_faults(rule: Mapping[str, Any], at: str, values: Mapping[str, Any], words: RuleWords) -> list[Fault]:
    """What is wrong with one rule.

    Args:
        rule: The rule; what reads a field that is misshapen is left out.
        at: Where it stands.
        values: The store's arguments: `allow_data_expiry` is whether current objects may expire.
        words: The cloud's.
    """
    bounds = {"expiration_days": 1, "transition_days": words.least_move, "noncurrent_days": 1}
    faults: list[Fault] = []
    for field, low in bounds.items():
        faults += readable(_bound, rule, at, field, low, words)
    for check in (_move, _order, _action):
        faults += readable(check, rule, at, words)
    return faults + readable(_expiry, rule, at, values, words)


def _bound(rule: Mapping[str, Any], at: str, field: str, low: int, words: RuleWords) -> list[Fault]:
    if field not in rule or rule[field] >= low:
        return []
    allowed = f"{low} or more"
    return [Fault(words.code, f"{at}.{field}", "is too small", rule[field], allowed, "give more days")]


def _move(rule: Mapping[str, Any], at: str, words: RuleWords) -> list[Fault]:
    if ("transition_days" in rule) == (words.target in rule):
        return []
    what, fix = f"has only one of transition_days and {words.target}", f"say when the {words.thing}s move and where to"
    return [Fault(words.code, at, what, displayed(rule, "id"), "both or neither", fix)]


def _order(rule: Mapping[str, Any], at: str, words: RuleWords) -> list[Fault]:
    if "transition_days" not in rule or rule.get("expiration_days", math.inf) > rule["transition_days"]:
        return []
    what = f"is not after transition_days: the {words.thing} would be gone before it moves"
    allowed, fix = f"more than {rule['transition_days']} days", "drop one of the two, or expire later"
    return [Fault(words.code, f"{at}.expiration_days", what, rule["expiration_days"], allowed, fix)]


def _action(rule: Mapping[str, Any], at: str, words: RuleWords) -> list[Fault]:
    if any(field in rule for field in ("expiration_days", "transition_days", "noncurrent_days")):
        return []
    allowed, fix = "at least one of the days", "drop the rule or give it an action"
    return [Fault(words.code, at, "does nothing", displayed(rule, "id"), allowed, fix)]


def _expiry(rule: Mapping[str, Any], at: str, values: Mapping[str, Any], words: RuleWords) -> list[Fault]:
    if "expiration_days" not in rule or values.get("allow_data_expiry", False):
        return []
    what = f"expires current {words.thing}s, which loses run history"
    days, allowed = displayed(rule, "expiration_days"), "rules for noncurrent versions"
    fix = "drop it, or set allow_data_expiry to true if W&B may lose what the rule matches"
    return [Fault(words.loss_code, f"{at}.expiration_days", what, days, allowed, fix)]
