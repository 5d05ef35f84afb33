"""What the state should say after the cloud was read, and what an update would change."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.providers.framework.resource import Live, Props, Resource
from sandbox.providers.framework.wire import UNKNOWN, is_known


def same(kind: Resource, name: str, a: Any, b: Any) -> bool:
    """Whether two values of a property mean the same to the real provider.

    Args:
        kind: The resource type.
        name: The property.
        a: One value; None when absent.
        b: The other value.
    """
    if _empty(a) and _empty(b):
        return True
    if a is None or b is None or isinstance(a, bool) != isinstance(b, bool):
        return False
    if a == b:
        return True
    return name in kind.equal and is_known(a) and is_known(b) and kind.equal[name](a, b)


def _empty(value: Any) -> bool:
    # The real providers cannot tell an unset property from an empty one, nor an unset switch from one that is off.
    return value is None or value is False or value == "" or value == {} or value == []


def settle(kind: Resource, inputs: Props, live: Live, region_like: Iterable[str] = ()) -> tuple[Props, Props]:
    """The inputs and outputs to record after a read.

    A property that still means the same keeps the program's own text, so that a reformatted policy is no change. For an
    import (`inputs` empty) everything that is not a default is recorded, as the real providers do.

    Args:
        kind: The resource type.
        inputs: The inputs of the state; empty for an import.
        live: What the cloud says.
        region_like: Properties that are recorded as outputs only, unless the program gives them.
    """
    importing = not inputs
    found = {k: v for k, v in inputs.items() if k not in live.inputs}
    for name, value in live.inputs.items():
        if name in inputs and same(kind, name, inputs[name], value):
            found[name] = inputs[name]
        elif name in inputs:
            if value is not None:
                found[name] = value
        elif name in kind.cloud_decides or name in region_like:
            if importing and not _empty(value) and name not in region_like:
                found[name] = value
        elif not same(kind, name, kind.defaults.get(name), value):
            found[name] = value
    if importing:
        # What cannot be read back is taken as the real provider's default.
        found.update({k: v for k, v in kind.defaults.items() if k not in live.inputs})
    outputs = {k: v for k, v in live.inputs.items() if v is not None}
    outputs.update({k: v for k, v in found.items() if k != "__defaults"})
    return found, {**outputs, **live.outputs}


@dataclass
class Difference:
    """What an update would change.

    Attributes:
        changed: Property -> `add`, `update` or `delete`.
        replaced: Those of them that make a new thing.
        from_outputs: Those of them that are no inputs of the program.
        delete_first: Whether the old thing must go before the new one comes.
    """

    changed: dict[str, str] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    from_outputs: set[str] = field(default_factory=set)
    delete_first: bool = False


def difference(
    kind: Resource,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    outputs: Mapping[str, bool],
    ignored: Iterable[str],
) -> Difference:
    """Compare the state's inputs with the program's.

    Args:
        kind: The resource type.
        old: The inputs of the state.
        new: The program's inputs, after Check.
        outputs: `Resource.drifted_outputs`.
        ignored: Property paths of `ignore_changes`.
    """
    found = Difference()
    # The engine has already put the old values at ignored paths; whole properties are skipped for what is compared here.
    skip = {m[0] for path in ignored if (m := re.match(r"\w+|\*", path)) and m[0] == path}
    if "*" in skip:
        return found
    for name in sorted((set(old) | set(new)) - {"__defaults"} - skip):
        if name not in new and name in kind.cloud_decides:
            continue
        before, after = old.get(name, kind.defaults.get(name)), new.get(name, kind.defaults.get(name))
        if same(kind, name, before, after):
            continue
        found.changed[name] = "add" if name not in old else "delete" if name not in new else "update"
        if name in kind.replace_on:
            found.replaced.add(name)
    for name, replaces in outputs.items():
        if name not in skip and name not in found.changed:
            found.changed[name] = "update"
            found.from_outputs.add(name)
            if replaces:
                found.replaced.add(name)
    found.delete_first = bool(found.replaced) and _name_stays(kind, old, new)
    return found


def _name_stays(kind: Resource, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Two things cannot have one name at a time: a name that the program chose and keeps must first be free."""
    auto = kind.auto_name
    if auto is None or auto.property not in new or auto.property in new.get("__defaults", []):
        return False
    return new[auto.property] is not UNKNOWN and new[auto.property] == old.get(auto.property)
