"""From the configuration of a stack to typed settings: all that is wrong is told at once, with its config path."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from byob_components.errors import ByobError, Fault
from byob_components.stack.checks import check_references, check_shape
from byob_components.stack.clouds import CLOUDS
from byob_components.stack.plan import plan_providers, plan_stores
from byob_components.stack.settings import Name, ProviderSettings, Settings, StoreSettings, TeamSettings
from byob_components.stack.spelling import camel, unknown_key
from byob_components.wandb.deployment import Cloud, Deployment, Level

_SUBJECT = "stack configuration"
_PLAIN: dict[str, Any] = {"deployment": Deployment, "level": Level, "store": StoreSettings, "defaults": dict[str, Any]}
_NAMED: dict[str, Any] = {"stores": StoreSettings, "teams": TeamSettings, "providers": ProviderSettings}
_SHAPES = {
    "dict_type": "is not a mapping of settings",
    "model_type": "is not a mapping of settings",
    "string_type": "is not text: put it in quotes",
}
"""What pydantic says in its own terms."""
_APART = frozenset({"path", "provider", "state"})
"""Keys of a store or a team without which the rest of it can be judged."""
_SHOWN = 40
"""Longer than any value of an enum: what is longer than that is not a slip of the pen."""


def load(config: Mapping[str, Any], secret_keys: Collection[str] = ()) -> Settings:
    """Typed settings of a stack, held against the composites they are for.

    Args:
        config: The `byob:` keys without their namespace; values are plain data.
        secret_keys: Which of the keys are secret as a whole.

    Raises:
        ByobError: With every fault. Values are shown only where they cannot be secret.
    """
    known = [*_PLAIN, *_NAMED]
    faults = [unknown_key(key, "byob:", known) for key in config if key not in known]
    parts: dict[str, Any] = {"secret_keys": frozenset(secret_keys) & set(known)}
    broken = set[str]()
    for key in known:
        value, found = _part(key, config.get(key))
        faults += found
        broken |= {fault.where for fault in found}
        if value is not None:
            parts[key] = value
    wanted = ["deployment", "level"] + (["store"] if config.get("store") else [])
    unread = frozenset(key for key in wanted if key not in parts)
    settings = Settings.model_construct(**parts, unread=unread)
    faults += [*_misplaced_secrets(settings), *check_shape(settings)]
    found = [*check_references(settings), *plan_stores(settings)[1], *plan_providers(settings)[1]]
    faults += [fault for fault in found if not _about(fault, broken, config)]
    if faults:
        raise ByobError([_quiet(fault, secret_keys) for fault in _once(faults)], _SUBJECT)
    return settings


def read_config(namespace: str = "byob") -> Settings:
    """Typed settings of the running program's stack.

    Args:
        namespace: The namespace of the keys.

    Raises:
        ByobRunError: With every fault.
    """
    from pulumi.runtime import config

    from byob_components.store import ByobRunError

    prefix = f"{namespace}:"
    everything = {**config.get_config_env(), **config.CONFIG.get()}
    names = [key for key in everything if key.startswith(prefix)]
    given = {key.removeprefix(prefix): _plain(everything[key]) for key in names}
    secret = [key.removeprefix(prefix) for key in names if config.is_config_secret(key)]
    try:
        return load(given, secret)
    except ByobError as error:
        raise ByobRunError(error.faults, error.subject) from None


def _plain(text: Any) -> Any:
    """The engine hands every value over as text; objects and lists as JSON."""
    if not isinstance(text, str) or text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


# ------------------------------------------------------------------------------------------ one key
def _part(key: str, given: Any) -> tuple[Any, list[Fault]]:
    """The typed value of one key, None when it is not given or not usable."""
    if key not in _NAMED:
        if key in ("deployment", "level"):
            return _typed(_PLAIN[key], given, f"byob:{key}")
        # An empty value stands for every default: YAML's `store:` with nothing behind it reads so.
        return (None, []) if given in (None, "") else _usable(_PLAIN[key], given, f"byob:{key}")
    given, faults = _typed(dict[str, Any], given or {}, f"byob:{key}")
    values = {}
    for name, entry in (given or {}).items():
        where = f"byob:{key}.{name}"
        value, found = _usable(_NAMED[key], {} if entry is None else entry, where)
        faults += [*_typed(Name, name, where)[1], *found]
        if value is not None:
            values[name] = value
    return values, faults


def _typed(kind: Any, given: Any, where: str) -> tuple[Any, list[Fault]]:
    if given is None:
        return None, [Fault("BYOB-SET-003", where, "is required", fix=f"set it: pulumi config set {where} …")]
    try:
        return TypeAdapter(kind).validate_python(given), []
    except ValidationError as error:
        return None, list(_faults(error, given, where))


def _usable(kind: Any, given: Any, where: str) -> tuple[Any, list[Fault]]:
    """The typed value; without those of its keys that are not usable, where the others can be judged without them."""
    value, faults = _typed(kind, given, where)
    broken = {fault.where.removeprefix(f"{where}.") for fault in faults}
    if not faults or not broken <= _APART:
        return value, faults
    return _typed(kind, {key: inner for key, inner in given.items() if key not in broken}, where)[0], faults


def _faults(error: ValidationError, given: Any, where: str) -> Iterator[Fault]:
    for problem in error.errors(include_url=False, include_context=True, include_input=False):
        path = [str(part) for part in problem["loc"]]
        place = ".".join([where, *path])
        if problem["type"] == "missing":
            yield Fault("BYOB-SET-003", place, "is required", fix=f"set it: pulumi config set --path {place} …")
        elif problem["type"] == "enum":
            # Values of enums are no secrets: what was written may be shown, so that a slip is seen.
            yield _not_a_value(place, _at(given, path), problem["ctx"]["expected"])
        else:
            what = _SHAPES.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
            yield Fault("BYOB-SET-005", place, what, fix="see the examples in stacks/config")


def _not_a_value(where: str, value: str | None, expected: str) -> Fault:
    allowed = expected.replace(" or ", ", ")
    near = difflib.get_close_matches((value or "").lower().replace("-", "_"), allowed.replace("'", "").split(", "), n=1)
    fix = f"did you mean '{near[0]}'?" if near else "give one of the allowed values"
    return Fault("BYOB-SET-004", where, "is not one of the values", value, allowed, fix)


def _at(given: Any, path: list[str]) -> str | None:
    value = given
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) and len(value) <= _SHOWN else None


# ------------------------------------------------------------------------------------------ all keys
def _misplaced_secrets(settings: Settings) -> Iterator[Fault]:
    """A secret where nothing is one by its schema: as an argument of a resource it would stand in the state in clear."""
    fix = "move the secret to a provider's settings, or write the value without --secret"
    allowed = [
        "settings under byob:providers",
        *sorted({camel(n) for e in CLOUDS.values() for n in e.secret_arguments}),
    ]
    places = {
        "store": [settings.store],
        "stores": settings.stores.values(),
        "teams": settings.teams.values(),
    }
    for key in sorted(settings.secret_keys - {"providers"}):
        if not any(_holds_secret(store) for store in places.get(key, ())):
            what = "holds a secret, and nothing there is one"
            yield Fault("BYOB-SET-002", f"byob:{key}", what, None, ", ".join(allowed), fix)


def _holds_secret(store: StoreSettings) -> bool:
    entry = CLOUDS.get(Cloud(store.cloud))
    return entry is not None and any(camel(name) in store.rest for name in entry.secret_arguments)


def _about(fault: Fault, broken: Collection[str], config: Mapping[str, Any]) -> bool:
    """Whether a fault only seems to be one, because it is read from what has a fault of its own."""
    if fault.where in broken:
        return True
    if fault.code == "BYOB-SET-001" and fault.where.startswith("byob:defaults."):
        return any(where.endswith(".cloud") for where in broken)
    if fault.code == "BYOB-SET-016":
        return any(where.startswith("byob:teams") for where in broken)
    target = {"BYOB-SET-009": "providers", "BYOB-SET-012": "stores"}.get(fault.code)
    if target is None:
        return False
    there = config.get(target)
    if isinstance(there, Mapping):
        return fault.value in there
    return any(where.startswith(f"byob:{target}") for where in broken)


def _once(faults: list[Fault]) -> list[Fault]:
    """Several stores meet the same fault in a shared place."""
    return [fault for i, fault in enumerate(faults) if fault not in faults[:i]]


def _quiet(fault: Fault, secret_keys: Collection[str]) -> Fault:
    """A fault in a key that the engine holds as secret, without anything of its values."""
    if fault.where.removeprefix("byob:").partition(".")[0] not in secret_keys:
        return fault
    if fault.code.startswith("BYOB-SET-"):
        return replace(fault, value=None)
    what = "is not accepted; it stands in a secret key, so the value is not shown"
    return Fault(fault.code, fault.where, what, None, "", f"docs/errors.md tells what {fault.code} allows")
