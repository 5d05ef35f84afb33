"""The same rules as an ordinary pack of pulumi-policy, for the day on which the wire protocol is another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi_policy

from byob_components.policies import configuration
from byob_components.policies.rule import Level, Rule
from byob_components.policies.serving.servicer import tags
from byob_components.policies.serving.wire import UNKNOWNS
from byob_components.policies.session import Answer, Session
from byob_components.policies.tree import UNKNOWN, Node, NotKnown
from byob_components.policies.view import Resource, canonical


def policies(session: Session) -> list[Any]:
    """The rules as policies of the SDK.

    Args:
        session: The rules.
    """
    # pulumi-policy keeps what the engine tells of the stack to itself; the language host puts it into the environment.
    session.audit = "PULUMI_STACK" not in os.environ
    return [_stack(session, rule) if rule.stack else _resource(session, rule) for rule in session.rules.values()]


def _about(rule: Rule) -> dict[str, Any]:
    framework = None
    if rule.frameworks:
        first = rule.frameworks[0]
        framework = pulumi_policy.PolicyComplianceFramework(first.name, first.version, first.control)
    return {
        "name": rule.name,
        "description": rule.title,
        "enforcement_level": pulumi_policy.EnforcementLevel(rule.level),
        "config_schema": pulumi_policy.PolicyConfigSchema(configuration.schema(rule)),
        "severity": pulumi_policy.Severity(rule.severity),
        "framework": framework,
        "tags": tags(rule),
        "remediation_steps": rule.fix,
        "url": rule.url,
    }


def _resource(session: Session, rule: Rule) -> Any:
    def validate(args: Any, report: Callable[..., None]) -> None:
        type_ = canonical(args.resource_type)
        if type_ not in session.types:
            session.see(args.urn)
            return
        resource = _view(args)
        session.see(args.urn, resource)
        if type_ in rule.types and _configured(session, rule, args, report):
            _answer(rule, session.judge(rule, resource), args, report)

    def remediate(args: Any) -> Mapping[str, Any] | None:
        if canonical(args.resource_type) not in rule.types:
            return None
        _settle(session, rule, args.get_config())
        try:
            changes = session.remedy(rule, _view(args))
        except NotKnown as missing:
            raise _not_known(f"{rule.code} {missing.path} is not known yet") from None
        for place, value in changes.items():
            _put(args.props, place, value)
        return args.props if changes else None

    return pulumi_policy.ResourceValidationPolicy(
        **_about(rule), validate=validate, remediate=remediate if rule.remedy else None
    )


def _stack(session: Session, rule: Rule) -> Any:
    def validate(args: Any, report: Callable[..., None]) -> None:
        if not _configured(session, rule, args, report):
            return
        resources = [
            _view(one, {name: tuple(other.urn for other in found) for name, found in one.property_dependencies.items()})
            for one in args.resources
            if canonical(one.resource_type) in session.types
        ]
        _answer(rule, session.judge_stack(rule, session.stack(resources)), args, report)

    return pulumi_policy.StackValidationPolicy(**_about(rule), validate=validate)


def _settle(session: Session, rule: Rule, given: Mapping[str, Any]) -> None:
    # The level is the SDK's own affair.
    session.settings[rule.name] = configuration.settings(rule, Level.MANDATORY, given)


def _configured(session: Session, rule: Rule, args: Any, report: Callable[..., None]) -> bool:
    """Take over the rule's configuration; the SDK has no place where a wrong one could be refused."""
    given = args.get_config()
    faults = configuration.check_rule(rule, given)
    for fault in faults:
        report(str(fault))
    if not faults:
        _settle(session, rule, given)
    return not faults


def _answer(rule: Rule, answer: Answer, args: Any, report: Callable[..., None]) -> None:
    for violation in answer.violations:
        report(violation.message, violation.urn or None)
    if answer.undecided:
        raise _not_known(answer.undecided)
    if answer.not_applicable:
        args.not_applicable(answer.not_applicable)


def _not_known(text: str) -> Exception:
    """The exception by which the SDK says, as advice, that a policy could not be decided."""
    from pulumi_policy.proxy import UnknownValueError

    problem: Exception = UnknownValueError(next(iter(UNKNOWNS)), [])
    problem.message = text  # type: ignore[attr-defined]  # what the SDK shows; its constructor would make another text
    return problem


def _view(args: Any, links: Mapping[str, Sequence[str]] | None = None) -> Resource:
    inputs = Node({name: _plain(args.props, name) for name in args.props.keys()})  # noqa: SIM118 - iterating reads values
    type_ = canonical(args.resource_type)
    return Resource(args.urn, type_, args.name, inputs, inputs, bool(args.opts.protect), dict(links or {}))


def _plain(holder: Any, key: Any) -> Any:
    """A value out of the SDK's proxies, which raise where it is not known."""
    from pulumi_policy.proxy import UnknownValueError

    try:
        value = holder[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWNS else value
    if isinstance(value, Mapping):
        return {name: _plain(value, name) for name in value.keys()}  # noqa: SIM118
    if isinstance(value, Sequence):
        return [_plain(value, i) for i in range(len(value))]
    return value if isinstance(value, bool | int | float) or value is None else {}


def _put(props: Any, place: tuple[str, ...], value: Any) -> None:
    here = props
    for name in place[:-1]:
        if name not in here.keys() or not isinstance(here[name], Mapping):  # noqa: SIM118
            here[name] = {}
        here = here[name]
    here[place[-1]] = value
