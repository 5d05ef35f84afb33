"""A stack's export, as the components for stores that are in it, each with its children and their providers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.policies.view import canonical
from byob_components.wandb.deployment import Cloud

CLOUDS = {
    "AwsByob": Cloud.AWS,
    "GcpByob": Cloud.GCP,
    "AzureByob": Cloud.AZURE,
    "S3CompatibleByob": Cloud.S3_COMPATIBLE,
    "CoreWeaveByob": Cloud.COREWEAVE,
}
"""Component to its cloud."""
_COMPOSITE = "wandb-byob:index:"
_SIGNATURE, _IS_SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
"""The key and the value by which the engine marks a secret in a state (Pulumi's properties.go)."""


class _Sealed:
    """The type of `SEALED`."""

    def __repr__(self) -> str:
        return "SEALED"


SEALED = _Sealed()
"""Stands for a secret whose value the export does not show."""


@dataclass(frozen=True)
class Child:
    """A resource of a store.

    Args:
        type: Its type token, without a version inside.
        id: The cloud's id.
        inputs: What the program asked for.
        outputs: What the cloud said.
        provider: The inputs of its provider.
    """

    type: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    provider: Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class Holder:
    """A store's component, as the state has it.

    Args:
        name: The component's name: the team's, or the shared store's.
        cloud: Who stores the bytes.
        outputs: Its outputs.
        children: Every resource below it.
        teams: Path to the names under which the stack's outputs tell of it, where they do.
    """

    name: str
    cloud: Cloud
    outputs: Mapping[str, Any]
    children: tuple[Child, ...]
    teams: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> frozenset[str]:
        """Every name that it can be asked for by: the component's, and those of its teams."""
        return frozenset((self.name, *(team for names in self.teams.values() for team in names)))

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that W&B uses, `/` for the root."""
        found = self.outputs.get("paths")
        return tuple(map(str, found)) if isinstance(found, list) and found else ("/",)

    @property
    def sealed(self) -> bool:
        """Whether the export does not show what is needed to go there: keys in the address, or where the server is."""
        settings = [child.provider.get(name) for child in self.children for name in ("endpoints", "region")]
        own_server = self.cloud in (Cloud.S3_COMPATIBLE, Cloud.COREWEAVE)
        return self.outputs.get("storageAddresses") is SEALED or (own_server and SEALED in settings)

    def of(self, type_: str) -> list[Child]:
        """The children of a type.

        Args:
            type_: The end of the token, for example `BucketPolicy`.
        """
        return [child for child in self.children if child.type.rpartition(":")[2] == type_]

    def first(self, *types: str) -> Child | None:
        """The first child of any of some types.

        Args:
            types: As for `of`.
        """
        return next((child for type_ in types for child in self.of(type_)), None)


@dataclass(frozen=True, repr=False)
class Export:
    """A stack.

    Args:
        stack: `project/stack`.
        holders: Its stores, by name.
    """

    stack: str
    holders: tuple[Holder, ...]

    @property
    def names(self) -> list[str]:
        """Every name that a store can be asked for by: the component's, and the teams'."""
        return sorted({name for holder in self.holders for name in holder.names})


def read_export(text: str) -> Export:
    """The stores of a stack.

    Args:
        text: What `pulumi stack export` wrote, with secrets shown or not.

    Raises:
        ByobError: It is something else, or holds no store.
    """
    try:
        data = json.loads(text)
    except ValueError as problem:
        raise _error("BYOB-CLI-004", f"is not JSON ({problem})") from None
    if not isinstance(data, dict) or not isinstance(data.get("deployment"), dict):
        raise _error("BYOB-CLI-004", "is no export: it has no `deployment`")
    try:
        found = _read(data["deployment"])
    except (LookupError, TypeError, AttributeError, ValueError):
        raise _error("BYOB-CLI-004", "has a resource that cannot be read") from None
    if not found.holders:
        raise _error("BYOB-CLI-005", "holds no store: no component like AwsByob of byob-components")
    return found


def _error(code: str, what: str) -> ByobError:
    fix = "give the stack that has one" if code == "BYOB-CLI-005" else "run `pulumi stack export > export.json`"
    return ByobError([Fault(code, "stack", what, None, "the output of `pulumi stack export`", fix)], "byob verify")


def _read(deployment: Mapping[str, Any]) -> Export:
    written = [one for one in deployment.get("resources") or [] if not one.get("delete")]
    by_urn = {one["urn"]: one for one in written}
    told = _told(written)
    holders = [
        _holder(one, written, by_urn, told)
        for one in written
        if one["type"].startswith(_COMPOSITE) and one["type"].rpartition(":")[2] in CLOUDS
    ]
    return Export(_stack(by_urn), tuple(sorted(holders, key=lambda holder: (holder.name, holder.cloud))))


def _holder(
    one: Mapping[str, Any],
    written: Iterable[Mapping[str, Any]],
    by_urn: Mapping[str, Any],
    told: Mapping[tuple[str, str, str], tuple[str, ...]],
) -> Holder:
    outputs = _plain(one.get("outputs") or {})
    place = (str(outputs.get("accountName") or ""), str(outputs.get("bucketName") or ""))
    below = [child for child in written if one["urn"] in _above(child, by_urn)]
    return Holder(
        _name(one["urn"]),
        CLOUDS[one["type"].rpartition(":")[2]],
        outputs,
        tuple(_child(child, by_urn) for child in below),
        {path: names for (*where, path), names in told.items() if tuple(where) == place},
    )


def _child(one: Mapping[str, Any], by_urn: Mapping[str, Any]) -> Child:
    provider = by_urn.get(str(one.get("provider") or "").rpartition("::")[0], {})
    return Child(
        canonical(one["type"]),
        str(one.get("id") or ""),
        _plain(one.get("inputs") or {}),
        _plain(one.get("outputs") or {}),
        _plain(provider.get("inputs") or {}),
    )


def _above(one: Mapping[str, Any], by_urn: Mapping[str, Any]) -> set[str]:
    seen: set[str] = set()
    urn = one.get("parent") or ""
    while urn and urn not in seen:
        seen.add(urn)
        urn = by_urn.get(urn, {}).get("parent") or ""
    return seen


def _told(written: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Account, bucket and path to the names in the stack's own outputs: a team in a shared store has no component."""
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for one in written:
        teams = (one.get("outputs") or {}).get("teams") if one["type"] == "pulumi:pulumi:Stack" else None
        for name, team in teams.items() if isinstance(teams, dict) else ():
            outputs = _plain(team)
            if not isinstance(outputs, dict):
                continue
            for path in outputs.get("paths") or ():
                key = (str(outputs.get("accountName") or ""), str(outputs.get("bucketName") or ""), str(path))
                found[key] = (*found.get(key, ()), str(name))
    return found


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _stack(urns: Iterable[str]) -> str:
    for urn in urns:
        stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
        return f"{project}/{stack}"
    return ""


def _plain(value: Any) -> Any:
    """Plain data, a secret's value in the place of its mark, or `SEALED`."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return SEALED if value == "[secret]" else value
    if value.get(_SIGNATURE) == _IS_SECRET:
        return _plain(json.loads(value["plaintext"])) if "plaintext" in value else SEALED
    return {key: _plain(inner) for key, inner in value.items() if key != _SIGNATURE}
