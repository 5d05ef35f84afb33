"""A stack's state or outputs, as the stores that are in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.policies.tree import UNKNOWN, Node, Secret
from byob_components.policies.view import Resource, canonical
from byob_components.wandb.address import ROOT, parse

SECRET = "(secret)"
"""Stands in a record for a value that is marked as secret."""
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_IS_SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""The key and the value by which the engine marks a secret in a state (Pulumi's properties.go)."""
_COMPOSITE = "wandb-byob:index:"
CLOUDS = {"AwsByob": "aws", "GcpByob": "gcp", "AzureByob": "azure", "S3CompatibleByob": "s3_compatible"} | {
    "CoreWeaveByob": "coreweave"
}
"""Component to its cloud."""
_STACK = "pulumi:pulumi:Stack"
_OF_A_HANDOFF = {"address", "cloud", "path", "steps", "principal_meaning"}
"""What no other mapping in a program's outputs has."""


@dataclass(frozen=True)
class StoreState:
    """A store as the stack has it.

    Args:
        name: The component's name, or the team's; `store` for an instance's.
        component: The component's type; empty when only outputs are known.
        outputs: Its outputs, secrets replaced.
        below: The URNs of everything below the component.
    """

    name: str
    component: str
    outputs: Mapping[str, Any]
    below: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Source:
    """What a record is made of.

    Args:
        kind: `export` or `outputs`.
        stack: `project/stack`; empty when only outputs are known.
        taken: When the state was written, as the engine says.
        engine: The version of the engine that wrote it.
        providers: Package to the versions in use.
        stores: The stores.
        resources: Every resource as the policies see it.
    """

    kind: str
    stores: tuple[StoreState, ...]
    stack: str = ""
    taken: str = ""
    engine: str = ""
    providers: Mapping[str, tuple[str, ...]] | None = None
    resources: tuple[Resource, ...] = ()


def read_source(text: str) -> Source:
    """The stores of a stack.

    Args:
        text: What `pulumi stack export` or `pulumi stack output --json` wrote.

    Raises:
        ByobError: It is something else, or holds no store.
    """
    try:
        data = json.loads(text)
    except ValueError as problem:
        raise _error("BYOB-EVD-001", f"is not JSON ({problem})") from None
    if not isinstance(data, dict):
        raise _error("BYOB-EVD-001", "is no JSON object")
    try:
        found = _export(data["deployment"]) if "deployment" in data else _outputs(data)
    except (LookupError, TypeError, AttributeError, ValueError):
        raise _error("BYOB-EVD-001", "has a resource or a store that cannot be read") from None
    if not found.stores:
        raise _error("BYOB-EVD-002", "holds no store: no component of byob-components, and neither `teams` nor `store`")
    return found


def _error(code: str, what: str) -> ByobError:
    fix = "run `pulumi stack export > export.json`"
    allowed = "the output of `pulumi stack export` or of `pulumi stack output --json`"
    return ByobError([Fault(code, "source", what, None, allowed, fix)], "byob evidence")


def hidden(value: Any) -> Any:
    """Plain data of a state or of outputs with every secret replaced.

    Args:
        value: From JSON.
    """
    if isinstance(value, dict):
        return SECRET if value.get(_SIGNATURE) == _IS_SECRET else {k: hidden(v) for k, v in value.items()}
    if isinstance(value, list):
        return [hidden(one) for one in value]
    return SECRET if value == "[secret]" else value


def _shown(outputs: Any) -> dict[str, Any]:
    """The outputs of a store; none where all of them are one secret."""
    found = hidden(outputs)
    if found == SECRET:
        return {}
    if not isinstance(found, dict):
        raise TypeError
    return found


def _outputs(data: Mapping[str, Any]) -> Source:
    told: Any = data.get("teams")
    if not isinstance(told, dict):
        told = {"store": data["store"]} if isinstance(data.get("store"), dict) else {}
    return Source("outputs", tuple(StoreState(name, "", _shown(one)) for name, one in sorted(told.items())))


def _export(deployment: Mapping[str, Any]) -> Source:
    manifest = deployment.get("manifest") or {}
    written = [one for one in deployment.get("resources") or [] if not one.get("delete")]
    parents = {one["urn"]: one.get("parent") or "" for one in written}
    tops = [one for one in written if one["type"].startswith(_COMPOSITE) and one["type"].endswith("Byob")]
    below: dict[str, set[str]] = {one["urn"]: set() for one in tops}
    for urn in parents:
        for above in _above(urn, parents):
            if above in below:
                below[above].add(urn)
    told = [found for one in written if one["type"] == _STACK for found in _handoffs(hidden(one.get("outputs")))]
    stores = [
        StoreState(_name(one["urn"]), one["type"], _outputs_of(one, told), frozenset(below[one["urn"]])) for one in tops
    ]
    return Source(
        "export",
        tuple(sorted(stores, key=lambda store: (store.name, store.component))),
        _stack(parents),
        str(manifest.get("time") or ""),
        str(manifest.get("version") or "").removeprefix("v"),
        _providers(written),
        tuple(_resource(one) for one in written if not one["type"].startswith("pulumi:")),
    )


def _handoffs(outputs: Any) -> Iterable[Mapping[str, Any]]:
    """Every hand-off that a program exports, wherever in its outputs it stands."""
    if isinstance(outputs, dict):
        if outputs.keys() >= _OF_A_HANDOFF:
            yield outputs
        else:
            for one in outputs.values():
                yield from _handoffs(one)
    elif isinstance(outputs, list):
        for one in outputs:
            yield from _handoffs(one)


def _outputs_of(store: Mapping[str, Any], told: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A store's outputs with the stack's hand-offs of it: its own are in the state only where a host put them there."""
    outputs = _shown(store.get("outputs") or {})
    cloud = CLOUDS.get(store["type"].removeprefix(_COMPOSITE))
    own = {one["path"]: one for one in told if one["cloud"] == cloud and _is_of(one, outputs)}
    return {"handoffs": own, **outputs} if own else outputs


def _is_of(handoff: Mapping[str, Any], outputs: Mapping[str, Any]) -> bool:
    try:
        address = parse(handoff["address"])
    except ByobError:
        return False
    same = address.bucket == outputs.get("bucketName") and address.account == (outputs.get("accountName") or "")
    return same and handoff["path"] in (outputs.get("paths") or [ROOT])


def _above(urn: str, parents: Mapping[str, str]) -> Iterable[str]:
    seen: set[str] = set()
    while (urn := parents.get(urn, "")) and urn not in seen:
        seen.add(urn)
        yield urn


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _stack(urns: Iterable[str]) -> str:
    for urn in urns:
        stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
        return f"{project}/{stack}"
    return ""


def _providers(written: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for one in written:
        version = (one.get("inputs") or {}).get("version")
        if one["type"].startswith("pulumi:providers:") and isinstance(version, str):
            found.setdefault(one["type"].rpartition(":")[2], set()).add(version)
    return {package: tuple(sorted(versions)) for package, versions in sorted(found.items())}


def _resource(one: Mapping[str, Any]) -> Resource:
    return Resource(
        one["urn"],
        canonical(one["type"]),
        _name(one["urn"]),
        Node(_marked(one.get("inputs") or {})),
        Node(_marked(one.get("outputs") or {})),
        bool(one.get("protect")),
        {name: tuple(urns or ()) for name, urns in (one.get("propertyDependencies") or {}).items()},
        bool(one.get("external")),
    )


def _marked(value: Any) -> Any:
    """The value with the marks of the rules' view: what is encrypted is not known."""
    if isinstance(value, list):
        return [_marked(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get(_SIGNATURE) == _IS_SECRET:
        try:
            return Secret(_marked(json.loads(value["plaintext"])))
        except (KeyError, TypeError, ValueError):
            return Secret(UNKNOWN)
    return {} if _SIGNATURE in value else {k: _marked(v) for k, v in value.items()}
