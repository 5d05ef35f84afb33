"""The label by which a half-made resource is found again; Google's labels take fewer characters than AWS' tags."""

import hashlib
import re
from collections.abc import Awaitable, Mapping

import pulumi

STORE_LABEL = "wandb-byob-store"
"""Key of the label on every bucket and key at creation; its value is made by `store_value`."""
_LIMIT = 63


def store_value(project: str, stack: str, name: str) -> str:
    """`<project>_<stack>_<name>` as a label may hold it.

    Args:
        project: The Pulumi project.
        stack: The stack.
        name: The store's resource name.

    Returns:
        The three in lower case; where a character or the length does not fit, with the start of a hash behind them, so
        that no two stores share a value.
    """
    whole = f"{project}_{stack}_{name}"
    fit = re.sub(r"[^a-z0-9_-]", "-", whole.lower())
    if fit == whole and len(fit) <= _LIMIT:
        return fit
    return f"{fit[: _LIMIT - 9]}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def own_value(name: str) -> str:
    """The value of the running stack.

    Args:
        name: The store's resource name.
    """
    return store_value(pulumi.get_project(), pulumi.get_stack(), name)


def store_labels(
    name: str, labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
) -> pulumi.Input[dict[str, pulumi.Input[str]]]:
    """The user's labels and ours.

    Args:
        name: The store's resource name.
        labels: The user's own; they win over ours.
    """
    own = {STORE_LABEL: own_value(name)}
    if isinstance(labels, pulumi.Output | Awaitable):
        # from_input takes a mapping apart, whose values may be late too; the SDK's types do not say so.
        given: pulumi.Output[dict[str, str] | None] = pulumi.Output.from_input(labels)  # type: ignore[arg-type]
        return given.apply(lambda known: {**own, **(known or {})})
    return {**own, **(labels or {})}
