"""The contract of a real provider, read from its installed Python SDK.

The wheels ship no schema file, but their generated classes say everything a program can get wrong: which resource types
there are, which properties each takes and gives, under which wire names, of which types, and which are required.

This module imports the whole SDK, which takes seconds: it runs as a process of its own, at install time or once when a
plugin finds no file (`contract.load`), never inside a plugin.
"""

import collections.abc
import importlib
import inspect
import json
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from enum import Enum
from importlib import metadata
from typing import Any

import pulumi
from pulumi._types import input_type_py_to_pulumi_names, is_input_type

Wire = Any
"""A type as JSON: "string", "boolean", "integer", "number", "asset", "any", {"list": …}, {"map": …},
{"enum": […], "open": bool}, {"object": {name: …}, "required": […]}."""

_BASIC = {str: "string", bool: "boolean", int: "integer", float: "number"}


def wire_type(hint: Any) -> Wire:
    """A type hint of the SDK as a wire type.

    Args:
        hint: What `typing.get_type_hints` gives for a property.
    """
    if hint in _BASIC:
        return _BASIC[hint]
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _union([a for a in args if a is not type(None)])
    if origin in (list, Sequence):
        return {"list": wire_type(args[0])}
    if origin in (dict, Mapping):
        return {"map": wire_type(args[1])}
    if inspect.isclass(hint):
        if issubclass(hint, Enum):
            return {"enum": [member.value for member in hint], "open": False}
        if issubclass(hint, pulumi.Asset | pulumi.Archive):
            return "asset"
        if is_input_type(hint):
            return object_type(hint)
    return "any"


def _union(options: list[Any]) -> Wire:
    # Input[T] is T | Awaitable[T] | Output[T]; a nested input is a class beside its dict twin: the class says more.
    plain = [
        o
        for o in options
        if typing.get_origin(o) not in (collections.abc.Awaitable, pulumi.Output) and not typing.is_typeddict(o)
    ]
    found: list[Wire] = []
    for option in plain:
        kind = wire_type(option)
        if kind not in found:
            found.append(kind)
    enums = [kind for kind in found if isinstance(kind, dict) and "enum" in kind]
    if enums and "string" in found:  # a relaxed enum: other texts are allowed
        return {"enum": enums[0]["enum"], "open": True}
    return found[0] if len(found) == 1 else "any"


def _members(cls: type, module: types.ModuleType) -> dict[str, Wire]:
    names = input_type_py_to_pulumi_names(cls)
    # `Input[T]` holds the text 'Output[T]': both names must resolve; that member of the union is dropped anyway.
    scope = {**vars(pulumi), **vars(module), "T": typing.TypeVar("T")}
    found = {}
    for python_name, name in names.items():
        getter = inspect.getattr_static(cls, python_name).fget
        found[name] = wire_type(typing.get_type_hints(getter, globalns=scope).get("return", Any))
    return found


def _required(cls: type) -> list[str]:
    names = input_type_py_to_pulumi_names(cls)
    parameters = inspect.signature(cls.__init__).parameters  # type: ignore[misc]
    return sorted(names[k] for k, p in parameters.items() if k in names and p.default is inspect.Parameter.empty)


def object_type(cls: type) -> Wire:
    """An input class of the SDK as a wire type.

    Args:
        cls: A class marked with `pulumi.input_type`.
    """
    return {"object": _members(cls, sys.modules[cls.__module__]), "required": _required(cls)}


def resource(cls: type) -> dict[str, Any]:
    """Inputs, required inputs and outputs of a resource class.

    Args:
        cls: A generated resource class. Its arguments' class stands in the same module; it is looked for there by being
            defined there, because nested types of other resources are imported under the same name.
    """
    module = sys.modules[cls.__module__]
    own = [
        c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == module.__name__ and is_input_type(c)
    ]
    args = next(c for c in own if c.__name__.endswith("Args") and c.__name__.startswith(cls.__name__))
    state = next((c for c in own if c.__name__ == f"_{cls.__name__}State"), None)
    inputs = _members(args, module)
    outputs = inputs if state is None else _members(state, module)
    return {"inputs": inputs, "required": _required(args), "outputs": outputs}


def resource_classes(sdk: types.ModuleType) -> dict[str, tuple[str, str]]:
    """Type token -> (module, class name), for every resource the SDK has.

    Args:
        sdk: The SDK's root module, such as pulumi_aws.
    """
    # The generated root module registers them with the runtime in one call, as JSON text.
    source = inspect.getsource(sdk)
    text = source.split('resource_modules="""', 1)[1].split('"""', 1)[0]
    return {token: (e["fqn"], name) for e in json.loads(text) for token, name in e["classes"].items()}


def build(package: str, tokens: Sequence[str]) -> dict[str, Any]:
    """The contract of one SDK: the given types in full, of all others the token.

    Args:
        package: The SDK's root module name, such as `pulumi_aws`.
        tokens: The resource types to describe.

    Raises:
        KeyError: When the SDK has no such type.
    """
    sdk = importlib.import_module(package)
    classes = resource_classes(sdk)
    found = {}
    for token in tokens:
        module, name = classes[token]
        found[token] = resource(getattr(importlib.import_module(module), name))
    provider = importlib.import_module(f"{package}.provider").ProviderArgs
    return {
        "package": package,
        "version": metadata.version(package),
        "tokens": sorted(classes),
        "resources": found,
        "provider": object_type(provider),
    }


if __name__ == "__main__":
    json.dump(build(sys.argv[1], sys.argv[2:]), sys.stdout, separators=(",", ":"))
