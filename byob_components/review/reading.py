"""A preview as the engine writes it with `--json`, turned into changes of resources."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from byob_components.errors import ByobError, Fault

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a value that only `up` will know."""
SECRET = "[secret]"
"""How the engine writes a value that is a secret."""
_VERSION = re.compile(r"/v\d{8}(preview)?(?=:)")


@dataclass(frozen=True)
class State:
    """One side of a change.

    Args:
        inputs: What the program says, without the engine's own marks.
        protect: Whether removal is refused.
        retained: Whether the resource stays in the cloud when its lines go.
        parents: URN of the resource above, or an empty text.
    """

    inputs: Mapping[str, Any]
    protect: bool
    retained: bool
    parent: str


@dataclass(frozen=True)
class Change:
    """What is planned for one resource.

    Args:
        op: The engine's word: `create`, `update`, `replace`, `delete`, `same`, `import`, …
        urn: The resource.
        kind: Its type without the version that some SDKs have in their tokens.
        name: Its name in the program.
        before: What is there; None for a new one.
        after: What shall be there; None for one that goes.
        differs: The properties that differ, as paths.
        replaced_for: Those that make it a replacement.
        custom: Whether it is something in a cloud, and not a component.
    """

    op: str
    urn: str
    kind: str
    name: str
    before: State | None
    after: State | None
    differs: tuple[str, ...] = ()
    replaced_for: tuple[str, ...] = ()
    custom: bool = True

    @property
    def title(self) -> str:
        """`Bucket vision`."""
        return f"{self.kind.rpartition(':')[2]} {self.name}"

    @property
    def goes(self) -> bool:
        """Whether the resource that is there now is deleted in the cloud."""
        going = self.op in ("delete", "replace", "delete-replaced", "create-replacement")
        return going and not self.forgotten

    @property
    def forgotten(self) -> bool:
        """Whether it goes from the state only, and stays in the cloud as it is."""
        return self.op in ("delete", "delete-replaced") and self.before is not None and self.before.retained

    def was(self, *path: str) -> Any:
        """A value before; None when it is not there."""
        return at(self.before.inputs, *path) if self.before else None

    def becomes(self, *path: str) -> Any:
        """A value after; None when it is not there."""
        return at(self.after.inputs, *path) if self.after else None


@dataclass(frozen=True)
class Preview:
    """A whole preview.

    Args:
        changes: Resources with a planned change, the engine's own left out.
        counts: Operation to number of resources, as the engine summed up.
        errors: What the engine complained of: then the plan is not whole.
        stack: `project/stack` as the URNs say, or an empty text.
    """

    changes: tuple[Change, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    stack: str = ""


def at(value: Any, *path: str) -> Any:
    """The value under nested keys; None when there is none, the mark itself when a value on the way is not known.

    Args:
        value: A mapping, or what stands in its place.
        path: Keys; in a list of one the element is looked into.
    """
    for key in path:
        if value in (UNKNOWN, SECRET):
            return value
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def is_open(value: Any) -> bool:
    """Whether a value, or a part of it, is not known or not shown.

    Args:
        value: From a preview.
    """
    if isinstance(value, Mapping):
        return any(map(is_open, value.values()))
    if isinstance(value, list):
        return any(map(is_open, value))
    return isinstance(value, str) and (UNKNOWN in value or value == SECRET)


def read_preview(text: str) -> Preview:
    """A preview from what `pulumi preview --json` printed.

    Args:
        text: All of it.

    Raises:
        ByobError: It is something else.
    """
    try:
        data = json.loads(text)
    except ValueError as problem:
        raise _unreadable(f"is not JSON ({problem})") from None
    if (
        not isinstance(data, dict)
        or not isinstance(data.get("steps", []), list)
        or not {"steps", "diagnostics"} & set(data)
    ):
        raise _unreadable("has neither steps nor diagnostics")
    steps = data.get("steps") or []
    try:
        changes = tuple(_change(step) for step in steps if "::pulumi:" not in step["urn"])
        urns = [step["urn"] for step in steps]
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _unreadable("has a step without operation or URN") from None
    complaints = [one.get("message", "") for one in data.get("diagnostics") or [] if one.get("severity") == "error"]
    errors = tuple(filter(None, map(_complaint, complaints))) or tuple(text for text in complaints[:1] if text)
    return Preview(changes, dict(data.get("changeSummary") or {}), errors, _stack(urns))


def _complaint(message: str) -> str:
    """The first line of what the engine complained of; nothing where it only says that it failed."""
    first = (message.strip().splitlines() or [""])[0].removeprefix("error: ")
    return "" if first in ("preview failed", "update failed") else first


def _unreadable(what: str) -> ByobError:
    fix = "run `pulumi preview --json > preview.json`, without --diff"
    return ByobError(
        [Fault("BYOB-REV-090", "preview", what, None, "the output of `pulumi preview --json`", fix)], "byob review"
    )


def _change(step: Mapping[str, Any]) -> Change:
    urn = step["urn"]
    types, name = urn.split("::", 3)[2:4]
    kind = _VERSION.sub("", types.rpartition("$")[2])
    differs = tuple(sorted(step.get("detailedDiff") or step.get("diffReasons") or ()))
    replaced_for = tuple(sorted(step.get("replaceReasons") or ()))
    either = step.get("newState") or step.get("oldState") or {}
    return Change(
        step["op"],
        urn,
        kind,
        name,
        _state(step.get("oldState")),
        _state(step.get("newState")),
        differs,
        replaced_for,
        either.get("custom") is not False,
    )


def _state(written: Mapping[str, Any] | None) -> State | None:
    if written is None:
        return None
    inputs = {k: _plain(v) for k, v in (written.get("inputs") or {}).items() if k != "__defaults"}
    return State(inputs, bool(written.get("protect")), bool(written.get("retainOnDelete")), written.get("parent") or "")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if k != "__defaults"}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _stack(urns: list[str]) -> str:
    if not urns:
        return ""
    stack, project = urns[0].removeprefix("urn:pulumi:").split("::")[:2]
    return f"{project}/{stack}"
