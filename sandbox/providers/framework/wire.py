"""Values as the engine sends them: plain JSON, and four special kinds marked by signatures.

Two layers. `decode` and `encode` translate between the protocol's Struct and Python values in which a special value is an
object of its own; nothing is lost on the way. `reveal` opens the secrets for a handler and remembers where they were, and
`Secrets.hide` puts them back into what the handler answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.providers.framework.protos import json_format, struct_pb2

Value = Any
"""None, bool, int, float, str, list, dict, or one of the special values below."""
Path = tuple[str | int, ...]

_SIG: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_ASSETS: Final = {"c44067f5952c0a294b673a41bacd8c17": "asset", "0def7320c3a5731c473e5ecbe6d01bc7": "archive"}
_UNKNOWNS: Final = {
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    # the same, with the type it will have
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
_UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """Not known during preview."""

    _only: "Unknown | None" = None

    def __new__(cls) -> "Unknown":
        cls._only = cls._only or super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that must stay encrypted in the state."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True)
class Asset:
    """A file or an archive: `kind` is asset or archive, `fields` what the engine says about it (text, path, hash …)."""

    kind: str
    fields: Mapping[str, Any]


def decode(struct: "struct_pb2.Struct") -> dict[str, Value]:
    """Properties from the wire. Absent and null properties are the same to a provider: null ones are dropped.

    Args:
        struct: The message's properties.
    """
    return _decode_map(json_format.MessageToDict(struct))


def _decode_map(raw: Mapping[str, Any]) -> dict[str, Value]:
    return {k: _decode(v) for k, v in raw.items() if v is not None}


def _decode(raw: Any) -> Value:
    if isinstance(raw, str):
        return UNKNOWN if raw in _UNKNOWNS else raw
    if isinstance(raw, list):
        return [_decode(x) for x in raw]
    if isinstance(raw, dict):
        return _decode_special(raw) if _SIG in raw else _decode_map(raw)
    # A Struct knows only floats; the clouds' clients want whole numbers as int.
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


def _decode_special(raw: Mapping[str, Any]) -> Value:
    kind = raw[_SIG]
    if kind == _SECRET:
        return Secret(_decode(raw.get("value")))
    if kind == _OUTPUT:
        value = _decode(raw["value"]) if "value" in raw else UNKNOWN
        return Secret(value) if raw.get("secret") else value
    if kind == _REFERENCE:
        return _decode(raw.get("id", raw["urn"]))
    if kind in _ASSETS:
        return Asset(_ASSETS[kind], {k: v for k, v in raw.items() if k != _SIG})
    raise ValueError(f"a value with the signature {kind} is not known to this provider")


def encode(props: Mapping[str, Value]) -> "struct_pb2.Struct":
    """Properties for the wire; None means absent.

    Args:
        props: Values as `decode` gives them.
    """
    struct = struct_pb2.Struct()
    struct.update({k: _encode(v) for k, v in props.items() if v is not None})
    return struct


def _encode(value: Value) -> Any:
    if value is UNKNOWN:
        return _UNKNOWN_TEXT
    if isinstance(value, Secret):
        return {_SIG: _SECRET, "value": _encode(value.value)}
    if isinstance(value, Asset):
        return {_SIG: next(s for s, kind in _ASSETS.items() if kind == value.kind), **value.fields}
    if isinstance(value, Mapping):
        return {k: _encode(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_encode(v) for v in value]
    return value


def is_known(value: Value) -> bool:
    """Whether no part of the value is unknown.

    Args:
        value: A value, secrets opened or not.
    """
    if isinstance(value, Secret):
        return is_known(value.value)
    if isinstance(value, Mapping):
        return all(map(is_known, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    return value is not UNKNOWN


def _worth_hiding(value: Value) -> bool:
    # `true` or `""` being secret at one place says nothing about every other `true`.
    return isinstance(value, str | list | dict) and bool(value)


def _repeats(value: Value, secret: Value) -> bool:
    """Whether a value gives a secret away: it is the same, or an object with all of it and more (default tags)."""
    if isinstance(value, Mapping) and isinstance(secret, Mapping):
        return all(k in value and value[k] == v for k, v in secret.items())
    return bool(value == secret)


class Secrets:
    """Where secrets were, and what they were."""

    def __init__(self, paths: Iterable[Path] = (), values: Iterable[Value] = ()) -> None:
        self.paths = frozenset(paths)
        self.values = [v for v in values if _worth_hiding(v)]

    def __or__(self, other: "Secrets") -> "Secrets":
        return Secrets(self.paths | other.paths, [*self.values, *other.values])

    def hide(self, props: Mapping[str, Value], names: Iterable[str] = ()) -> dict[str, Value]:
        """Mark what is secret: the same places as before, and the same values anywhere (`tagsAll` repeats `tags`).

        Args:
            props: Plain properties.
            names: Properties that are secret by the provider's schema.
        """
        own = Secrets(self.paths | {(name,) for name in names}, self.values)
        return {k: own._hide(v, (k,)) for k, v in props.items()}

    def _hide(self, value: Value, path: Path) -> Value:
        if value is None:
            return None
        if path in self.paths or (_worth_hiding(value) and any(_repeats(value, v) for v in self.values)):
            return Secret(value)
        if isinstance(value, Mapping):
            return {k: self._hide(v, (*path, k)) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._hide(v, (*path, i)) for i, v in enumerate(value)]
        return value


def reveal(props: Mapping[str, Value]) -> tuple[dict[str, Value], Secrets]:
    """Open the secrets.

    Args:
        props: Values as `decode` gives them.

    Returns:
        The plain properties, and what to put back.
    """
    paths: list[Path] = []
    values: list[Value] = []

    def opened(value: Value, path: Path) -> Value:
        if isinstance(value, Secret):
            inner = opened(value.value, path)
            paths.append(path)
            values.append(inner)
            return inner
        if isinstance(value, Mapping):
            return {k: opened(v, (*path, k)) for k, v in value.items()}
        if isinstance(value, list):
            return [opened(v, (*path, i)) for i, v in enumerate(value)]
        return value

    plain = {k: opened(v, (k,)) for k, v in props.items()}
    return plain, Secrets(paths, values)
