"""Resources and stacks as the rules see them, made by hand or from what a program registered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from byob_components.policies import RULES, Rule, Session, rule
from byob_components.policies.session import Answer
from byob_components.policies.tree import UNKNOWN, Node, Secret
from byob_components.policies.view import Resource
from tests.mocks import monitor

URN = "urn:pulumi:test::byob::"


def made(
    type_: str,
    inputs: Mapping[str, Any],
    name: str = "vision",
    *,
    protect: bool = True,
    links: Mapping[str, Iterable[str]] | None = None,
    below: str = "",
    outputs: Mapping[str, Any] | None = None,
) -> Resource:
    """A resource.

    Args:
        type_: Its type token.
        inputs: Plain data, with UNKNOWN and Secret.
        name: Its logical name.
        protect: Whether it is protected.
        links: Property to the `type::name` of what its value comes from.
        below: The component type it lies below.
        outputs: What the cloud says; default the inputs.
    """
    chain = f"{below}$" if below else ""
    read = Node(inputs)
    found = {key: [urn(*one.split("::")) for one in ones] for key, ones in (links or {}).items()}
    said = read if outputs is None else Node(outputs)
    return Resource(f"{URN}{chain}{type_}::{name}", type_, name, read, said, protect, found)


def urn(type_: str, name: str) -> str:
    """The URN of a resource that lies below nothing."""
    return f"{URN}{type_}::{name}"


def registered(run: monitor.Run) -> list[Resource]:
    """What a program registered, under mocks.

    Args:
        run: From tests.mocks.monitor.
    """
    by_key = {one.key: one for one in run.resources}

    def whole(one: monitor.Registered) -> str:
        chain, at = one.type, one.parent
        while at in by_key:
            chain = f"{by_key[at].type}${chain}"
            at = by_key[at].parent
        return f"{URN}{chain}::{one.name}"

    return [
        Resource(
            whole(one),
            one.type,
            one.name,
            Node(plain(one.inputs)),
            Node(plain(one.inputs)),
            one.protect,
            {k: [whole(by_key[key]) for key in keys if key in by_key] for k, keys in one.property_dependencies.items()},
        )
        for one in run.resources
        if not one.type.startswith("pulumi:")
    ]


def plain(value: Any) -> Any:
    """What the monitor recorded, with the marks of the rules' own view."""
    if value is monitor.UNKNOWN:
        return UNKNOWN
    if isinstance(value, monitor.Secret):
        return Secret(plain(value.value))
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def secret(value: Any) -> Any:
    """The same data with every leaf, and every list and mapping inside, marked as secret."""
    if isinstance(value, dict):
        return {k: Secret(secret(v)) for k, v in value.items()}
    return [Secret(secret(v)) for v in value] if isinstance(value, list) else value


def session(configured: Mapping[str, Mapping[str, Any]] | None = None, rules: Iterable[Rule] = RULES) -> Session:
    """A session with settings.

    Args:
        configured: Rule name to the settings that differ, under the names of `Settings`.
        rules: Which rules.
    """
    made_ = Session(rules)
    for name, changes in (configured or {}).items():
        if name not in made_.settings:
            continue
        made_.settings[name] = replace(made_.settings[name], **changes)
    return made_


def judged(name: str, one: Resource, **changes: Any) -> Answer:
    """What a resource rule says.

    Args:
        name: The rule's name.
        one: The resource.
        changes: Of its settings.
    """
    return session({name: changes}).judge(rule(name), one)


def judged_stack(name: str, resources: Iterable[Resource], *, registered: bool = True, **changes: Any) -> Answer:
    """What a stack rule says.

    Args:
        name: The rule's name.
        resources: All of the stack.
        registered: Whether they were registered in this run.
        changes: Of its settings.
    """
    with_settings = session({name: changes})
    ones = list(resources)
    if registered:
        for one in ones:
            with_settings.see(one.urn, one)
    return with_settings.judge_stack(rule(name), with_settings.stack(handed(ones)))


def handed(resources: Iterable[Resource]) -> list[Resource]:
    """What a run hands to stack rules: only resources of types that some rule speaks of.

    Args:
        resources: All of the stack.
    """
    types = session().types
    return [one for one in resources if one.type in types]


def fired(resources: Iterable[Resource], configured: Mapping[str, Mapping[str, Any]] | None = None) -> set[str]:
    """The names of the rules that a stack breaks.

    Args:
        resources: All of the stack.
        configured: As for `session`.
    """
    return {name for name, answer in answers(resources, configured) if answer.violations}


def answers(
    resources: Iterable[Resource], configured: Mapping[str, Mapping[str, Any]] | None = None
) -> list[tuple[str, Answer]]:
    """What every rule says of every resource it looks at.

    Args:
        resources: All of the stack.
        configured: As for `session`.
    """
    found, one_session = [], session(configured)
    ones = list(resources)
    for one in ones:
        one_session.see(one.urn, one)
    for each in one_session.rules.values():
        if not each.stack:
            found += [(each.name, one_session.judge(each, one)) for one in ones if one.type in each.types]
    whole = one_session.stack(handed(ones))
    found += [(each.name, one_session.judge_stack(each, whole)) for each in one_session.rules.values() if each.stack]
    return found


def outcome(answer: Answer) -> str:
    """One word for what a rule says."""
    if answer.violations:
        return "failed" if any(one.failed for one in answer.violations) else "violation"
    if answer.undecided:
        return "unknown"
    return "not applicable" if answer.not_applicable else "fine"
