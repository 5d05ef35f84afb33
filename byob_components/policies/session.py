"""One run of the rules: their settings, what was registered so far, and what is said of it.

Both ways to run the pack, the SDK's and the own servicer, ask here, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from byob_components.policies.configuration import default_settings
from byob_components.policies.finding import Finding, Verdict, not_applicable, unknown
from byob_components.policies.rule import Level, Rule, Scope, Settings
from byob_components.policies.tree import NotKnown
from byob_components.policies.view import Resource, Stack

_EMPTY = Stack()


@dataclass(frozen=True)
class Violation:
    """A broken rule.

    Args:
        message: What is wrong, with the rule's code.
        urn: The resource; empty for the one that is being registered.
        failed: Whether it is the rule itself that failed.
    """

    message: str
    urn: str = ""
    failed: bool = False


@dataclass(frozen=True)
class Answer:
    """What one rule says.

    Args:
        violations: What is broken.
        undecided: What cannot be decided yet, in one text; empty when all is.
        not_applicable: Why there is nothing to judge; empty when there is.
    """

    violations: tuple[Violation, ...] = ()
    undecided: str = ""
    not_applicable: str = ""


class Session:
    """The rules and what they have seen.

    Args:
        rules: The rules of the pack.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = {rule.name: rule for rule in rules}
        self.settings = {rule.name: default_settings(rule) for rule in self.rules.values()}
        self.types = frozenset(type_ for rule in self.rules.values() for type_ in (*rule.types, *rule.reads))
        self.audit = True
        """Whether a state is looked at without a program: until the engine tells of a stack that it deploys."""
        self._registered: dict[str, Resource | None] = {}

    # ------------------------------------------------------------------------------------ what is seen
    def see(self, urn: str, resource: Resource | None = None) -> None:
        """Remember what was registered: stack rules judge what the program asked for, and what was never registered is not
        managed here.

        Args:
            urn: The resource.
            resource: Its view, where any rule may ask for it.
        """
        self._registered[urn] = resource

    def stack(self, resources: Iterable[Resource]) -> Stack:
        """The stack, with what was registered in the place of what the cloud says.

        Args:
            resources: From the engine, at the end.
        """
        return Stack(self._completed(one) for one in resources)

    def _completed(self, one: Resource) -> Resource:
        if not self._registered:
            return one  # nothing was registered in this run: the state is all there is
        if one.urn not in self._registered:
            return replace(one, external=True)
        seen = self._registered[one.urn]
        if seen is None:
            return one
        if self.audit and not seen.inputs.value:
            return replace(one, external=True)  # how a state shows a resource that was fetched
        return replace(one, inputs=seen.inputs)

    # ------------------------------------------------------------------------------------ what is said
    def judge(self, rule: Rule, resource: Resource) -> Answer:
        """What a resource rule says of a resource that is being registered.

        Args:
            rule: The rule.
            resource: Of one of its types.
        """
        found = self._findings(rule, resource, _EMPTY, self.settings[rule.name])
        return Answer(
            tuple(
                Violation(_said(rule, one), failed=one.where == _FAILED)
                for one in found
                if one.verdict is Verdict.VIOLATION
            ),
            _undecided(rule, [one for one in found if one.verdict is Verdict.UNKNOWN]),
            _reason(found),
        )

    def judge_stack(self, rule: Rule, stack: Stack) -> Answer:
        """What a stack rule says of all resources.

        Args:
            rule: The rule.
            stack: From `stack`.
        """
        violations: list[Violation] = []
        open_: list[Finding] = []
        spared: list[Finding] = []
        judged = False
        for resource in stack.of(rule.types):
            for one in self._findings(rule, resource, stack, self.settings[rule.name]):
                if one.verdict is Verdict.VIOLATION:
                    violations.append(Violation(_said(rule, one), resource.urn, one.where == _FAILED))
                elif one.verdict is Verdict.UNKNOWN:
                    open_.append(replace(one, where=f"{resource.name} {one.where}".strip()))
                else:
                    spared.append(one)
                    continue
                judged = True
            judged = judged or not spared
        reason = "" if judged else _reason(spared or [not_applicable("the stack has none of the rule's resources")])
        return Answer(tuple(violations), _undecided(rule, open_), reason)

    def remedy(self, rule: Rule, resource: Resource) -> Mapping[tuple[str, ...], Any]:
        """The values that mend a resource; nothing when nothing is to be mended, or the rule does not look at it.

        Args:
            rule: A rule with a remedy.
            resource: Of one of its types.

        Raises:
            NotKnown: It cannot be decided yet.
        """
        settings = self.settings[rule.name]
        if rule.remedy is None or self._spared(rule, resource, settings):
            return {}
        return rule.remedy(resource, settings)

    def _findings(self, rule: Rule, resource: Resource, stack: Stack, settings: Settings) -> list[Finding]:
        found: list[Finding] = []
        try:
            spared = self._spared(rule, resource, settings)
            if spared:
                return [not_applicable(spared)]
            for one in rule.check(resource, stack, settings):
                found.append(one)
        except NotKnown as missing:
            found.append(unknown(missing.path))
        except Exception as problem:
            # A fault of ours must neither pass nor end the run with an error nobody understands; its text could hold a value.
            found.append(Finding(Verdict.VIOLATION, _FAILED, type(problem).__name__))
        return found

    def _spared(self, rule: Rule, resource: Resource, settings: Settings) -> str:
        if settings.include and not any(fnmatchcase(resource.name, pattern) for pattern in settings.include):
            return "its name is not included by the rule's configuration"
        if any(fnmatchcase(resource.name, pattern) for pattern in settings.exclude):
            return "its name is excluded by the rule's configuration"
        if rule.s3_compatible is not True and resource.s3_compatible is not (rule.s3_compatible is None):
            return "it concerns AWS only" if resource.s3_compatible else "it concerns S3-compatible servers only"
        if settings.scope is Scope.BYOB and not self._is_byob(resource):
            return "it is neither below a component of byob-components nor tagged by it"
        return ""

    def _is_byob(self, resource: Resource) -> bool:
        if resource.ours or resource.tagged:
            return True
        # A setting counts with its bucket, account or key, as far as its name tells.
        for reference in _REFERENCES:
            name = resource.inputs.at(reference).text()
            if name is not None and name in self._byob_names():
                return True
        return False

    def _byob_names(self) -> set[Any]:
        """What the resources of this library that were registered are called in the cloud."""
        return {
            other.inputs.at(own).value
            for other in self._registered.values()
            if other is not None and (other.ours or other.tagged)
            for own in _OWN_NAMES
            if isinstance(other.inputs.at(own).value, str)
        }


_REFERENCES = ("bucket", "keyId", "cryptoKeyId", "accountName", "vaultName")
"""Properties by which a setting or a grant names what it belongs to."""
_OWN_NAMES = ("bucket", "name", "arn", "accountName", "vaultName")
_FAILED = "\0failed"


def _said(rule: Rule, one: Finding) -> str:
    if one.where == _FAILED:
        return f"{rule.code}: rule failed ({one.what}); this is a defect of byob-components, not of your program"
    subject = f"{rule.code} {one.where}: " if one.where else f"{rule.code}: "
    return f"{subject}{one.what}. Fix: {rule.fix}"


def _undecided(rule: Rule, found: Sequence[Finding]) -> str:
    if not found:
        return ""
    texts = dict.fromkeys(f"{one.where} {one.what}".strip() for one in found)
    return f"{rule.code} {'; '.join(texts)}"


def _reason(found: Sequence[Finding]) -> str:
    if not found or any(one.verdict is not Verdict.NOT_APPLICABLE for one in found):
        return ""
    return found[0].what


def reported_level(level: Level) -> Level:
    """The level that a violation is reported with: one that could not be mended blocks.

    Args:
        level: The rule's.
    """
    return Level.MANDATORY if level is Level.REMEDIATE else level
