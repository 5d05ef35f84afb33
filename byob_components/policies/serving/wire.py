"""Properties as they travel between the engine and a pack, as the plain data that rules read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from byob_components.policies.tree import UNKNOWN, Secret

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks a mapping as something else than a mapping (Pulumi's properties.go)."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWNS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # text
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # mapping
    }
)
"""How the engine writes a value that is not known yet."""


def plain(struct: struct_pb2.Struct) -> Any:
    """A struct as plain data with `UNKNOWN` and `Secret`.

    Args:
        struct: From the engine.
    """
    fields = struct.fields
    made = {name: _value(fields[name]) for name in fields}
    if SIGNATURE in made:
        # Assets and archives hold files, which no rule reads.
        return Secret(made.get("value")) if made[SIGNATURE] == SECRET else {}
    return made


def _value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if len(text) == 36 and text in UNKNOWNS else text
    if kind == "struct_value":
        return plain(value.struct_value)
    if kind == "list_value":
        return [_value(one) for one in value.list_value.values]
    if kind == "number_value":
        return value.number_value
    return value.bool_value if kind == "bool_value" else None


def properties(struct: struct_pb2.Struct) -> Mapping[str, Any]:
    """The properties of a resource, which are a mapping in any case.

    Args:
        struct: From the engine.
    """
    found = plain(struct)
    return found if isinstance(found, dict) else {}


def put(struct: struct_pb2.Struct, place: tuple[str, ...], value: Any) -> None:
    """Change one value in place; what was secret stays secret.

    Args:
        struct: The properties.
        place: The names that lead to the value.
        value: The new one: a text, a number or a truth value.
    """
    here = struct
    for i, name in enumerate(place):
        field = here.fields[name]
        while _is_secret(field):
            field = field.struct_value.fields["value"]
        if i == len(place) - 1:
            if isinstance(value, bool):
                field.bool_value = value
            elif isinstance(value, str):
                field.string_value = value
            else:
                field.number_value = value
        elif field.WhichOneof("kind") != "struct_value":
            field.struct_value.SetInParent()
        here = field.struct_value if i < len(place) - 1 else here


def _is_secret(value: struct_pb2.Value) -> bool:
    return (
        value.WhichOneof("kind") == "struct_value"
        and SIGNATURE in value.struct_value.fields
        and value.struct_value.fields[SIGNATURE].string_value == SECRET
    )
