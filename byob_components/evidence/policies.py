"""What the policies say of one store in a stack's state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.evidence.settings import title
from byob_components.policies import RULES, Finding, Level, Rule, Session, Settings
from byob_components.policies.configuration import ALL, check_configuration, settings
from byob_components.policies.finding import not_applicable
from byob_components.policies.session import reported_level
from byob_components.policies.view import Resource, Stack
from byob_components.review.waivers import Waiver

_LEVEL = "enforcementLevel"


@dataclass(frozen=True)
class Broken:
    """A violation.

    Args:
        resource: `Bucket vision`.
        text: What is wrong; it never repeats a value.
        waiver: The exception that covers it.
    """

    resource: str
    text: str
    waiver: Waiver | None


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule.

    Args:
        rule: The rule.
        level: How a violation counts here.
        state: `kept`, `broken`, `advised` (broken, but only advice), `waived`, `open` (the state does not tell),
            `not applicable` or `disabled`.
        broken: The violations.
        because: Why it is open or not applicable.
    """

    rule: Rule
    level: Level
    state: str
    broken: tuple[Broken, ...] = ()
    because: str = ""

    @property
    def fails(self) -> bool:
        """Whether it is a finding: mandatory, broken and not waived."""
        return self.state == "broken"


def read_configuration(text: str) -> dict[str, Settings]:
    """The rules' settings of a file for `--policy-pack-config`.

    Args:
        text: JSON; a level, or an object with `enforcementLevel` and properties, by rule.

    Raises:
        ByobError: With every fault of it.
    """
    try:
        data = json.loads(text)
        given = {name: {_LEVEL: one} if isinstance(one, str) else dict(one) for name, one in data.items()}
        levels = {name: Level(one.pop(_LEVEL)) for name, one in given.items() if _LEVEL in one}
    except (ValueError, TypeError, AttributeError):
        what, fix = "is no configuration of the policies", "see docs/policies.md"
        fault = Fault("BYOB-EVD-005", "policy configuration", what, None, "a JSON object, a rule an entry", fix)
        raise ByobError([fault], "byob evidence") from None
    faults = check_configuration({rule.name: rule for rule in RULES}, given)
    if faults:
        raise ByobError(faults, "byob evidence")
    return {
        rule.name: settings(rule, levels.get(rule.name, levels.get(ALL, rule.level)), given.get(rule.name, {}))
        for rule in RULES
    }


def judge(
    resources: Sequence[Resource],
    mine: frozenset[str],
    rules: Iterable[Rule],
    configured: Mapping[str, Settings] | None = None,
    waivers: Sequence[Waiver] = (),
) -> tuple[RuleResult, ...]:
    """What each rule says of the resources of one store.

    Args:
        resources: All of the stack: a setting may stand beside the store's component.
        mine: The URNs of the store's.
        rules: Those of the store's cloud.
        configured: Rule name to its settings; default each rule's own.
        waivers: The exceptions that hold.
    """
    own = [one for one in resources if one.urn in mine]
    # Each in the first place of a stack of its own: a stack rule that looks only at it then says what it says of it.
    stacks = {one.urn: Stack([one, *(other for other in resources if other is not one)]) for one in own}
    return tuple(_result(rule, own, stacks, (configured or {}).get(rule.name), waivers) for rule in rules)


def _only(rule: Rule, mine: Resource) -> Rule:
    """The same rule, for one resource."""

    def check(one: Resource, stack: Stack, own: Settings) -> Iterable[Finding]:
        return rule.check(one, stack, own) if one is mine else [not_applicable("")]

    return replace(rule, check=check)


def _result(
    rule: Rule,
    own: Sequence[Resource],
    stacks: Mapping[str, Stack],
    configured: Settings | None,
    waivers: Sequence[Waiver],
) -> RuleResult:
    level = configured.level if configured else rule.level
    if level is Level.DISABLED:
        return RuleResult(rule, level, "disabled")
    broken: list[Broken] = []
    open_: list[str] = []
    spared, judged = "the store has none of the rule's resources", False
    for one in own:
        if one.type not in rule.types:
            continue
        narrow = _only(rule, one) if rule.stack else rule
        session = Session([narrow])
        if configured:
            session.settings[rule.name] = configured
        answer = session.judge_stack(narrow, stacks[one.urn]) if rule.stack else session.judge(narrow, one)
        broken += [_broken(rule, one, violation.message, waivers) for violation in answer.violations]
        open_ += [f"{title(one)}: {answer.undecided}"] if answer.undecided else []
        judged = judged or not answer.not_applicable
        spared = answer.not_applicable or spared
    if broken:
        counts = "broken" if reported_level(level) is Level.MANDATORY else "advised"
        return RuleResult(rule, level, "waived" if all(one.waiver for one in broken) else counts, tuple(broken))
    if open_:
        return RuleResult(rule, level, "open", because="; ".join(open_))
    return RuleResult(rule, level, "kept") if judged else RuleResult(rule, level, "not applicable", because=spared)


def _broken(rule: Rule, one: Resource, text: str, waivers: Sequence[Waiver]) -> Broken:
    name = title(one)
    return Broken(name, text, next((w for w in waivers if w.covers(rule.code, name, one.urn)), None))


_WORST = ("broken", "advised", "waived", "open", "kept", "disabled", "not applicable")
"""The state of a control is the first of these that one of its rules has."""


def controls(results: Iterable[RuleResult]) -> list[dict[str, Any]]:
    """The controls that the rules serve, each with its state.

    Args:
        results: From `judge`.
    """
    by_control: dict[tuple[str, str, str], list[RuleResult]] = {}
    for result in results:
        for one in result.rule.frameworks:
            by_control.setdefault((one.name, one.version, one.control), []).append(result)
    return [
        {
            "framework": name,
            "version": version,
            "control": control,
            "state": next(state for state in _WORST if any(one.state == state for one in served)),
            "rules": [one.rule.code for one in served],
        }
        for (name, version, control), served in sorted(by_control.items(), key=lambda pair: pair[0])
    ]
