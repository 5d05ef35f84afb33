"""What a stack's settings will make: every store and provider with its arguments, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from byob_components.errors import Fault
from byob_components.stack.checks import own_stores, teams_of
from byob_components.stack.clouds import CLOUDS, CloudEntry
from byob_components.stack.settings import ProviderSettings, Settings, StoreSettings, TeamSettings, TeamState, revealed
from byob_components.stack.spelling import Names, camel, config_path, config_text, snake_keys, unknown_key
from byob_components.store import Protection
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT

INSTANCE_NAME = "wandb"
"""The resource name of the one store of level `instance`."""
_GIVEN = ("deployment", "level")
_SETTLED = frozenset({*_GIVEN, "suspended_paths"})
"""Arguments that follow from the rest of the configuration, and so are no keys of a store."""


@dataclass(frozen=True)
class PlannedStore:
    """A store that will be made.

    Args:
        name: The resource name.
        entry: Whose composite.
        provider: The provider's name, None for the default one.
        args: The composite's arguments; secret ones are plain here, for the checks.
        teams: For a shared store, team to path.
    """

    name: str
    entry: CloudEntry
    provider: str | None
    args: dict[str, Any] = field(repr=False)
    teams: dict[str, str] | None = None


@dataclass(frozen=True)
class PlannedProvider:
    """A provider that will be made.

    Args:
        entry: Whose provider.
        settings: Python name of each setting to its value, secrets plain.
        secret: Which of them are secrets.
    """

    entry: CloudEntry
    settings: dict[str, Any] = field(repr=False)
    secret: frozenset[str]


def plan_stores(settings: Settings) -> tuple[list[PlannedStore], list[Fault]]:
    """Every store of the settings, whose composite this version has.

    Args:
        settings: The settings.
    """
    planned, faults = [], _unknown_defaults(settings)
    for where, store in own_stores(settings):
        entry = CLOUDS.get(store.cloud)
        if entry is None or entry.missing():
            continue
        name = INSTANCE_NAME if where == "byob:store" else where.rpartition(".")[2]
        shared = where.startswith("byob:stores.")
        plan, found = _plan(settings, name, where, store, entry, teams_of(settings, name) if shared else None)
        planned.append(plan)
        faults += found
    return planned, faults + _taken(planned, settings)


def _plan(
    settings: Settings,
    name: str,
    where: str,
    store: StoreSettings,
    entry: CloudEntry,
    teams: dict[str, TeamSettings] | None,
) -> tuple[PlannedStore, list[Fault]]:
    names = _store_names(entry, shared=teams is not None)
    common = {key: value for key, value in settings.defaults.items() if key in _default_keys(entry)}
    base, faults = snake_keys(common, names, "byob:defaults")
    own, found = snake_keys(store.rest, names, where)
    faults += found
    args = {**_of_provider(settings, store, entry), **base, **revealed(own)}
    args.update({key: getattr(settings, key) for key in _GIVEN if key not in settings.unread})
    if teams is None:
        state = store.state if isinstance(store, TeamSettings) else TeamState.ACTIVE
        paths = args.get("paths") or [ROOT]
        suspended = paths if state is TeamState.SUSPENDED and isinstance(paths, list) else []
        released = state is TeamState.RELEASED
    else:
        teams = {team: entry_ for team, entry_ in teams.items() if entry_.path is not None}
        args["paths"] = [team.path for team in teams.values()]
        suspended = [team.path for team in teams.values() if team.state is TeamState.SUSPENDED]
        released = bool(teams) and all(team.state is TeamState.RELEASED for team in teams.values())
        if suspended and args.get("access") != Access.MINIMAL:
            faults += [_not_apart(team) for team, entry_ in teams.items() if entry_.state is TeamState.SUSPENDED]
            suspended = []
    if released:
        args["protection"] = Protection.RELEASED
    if suspended:
        args["suspended_paths"] = suspended
    place = _Place(where, names, frozenset(own), frozenset(base), teams)
    shares = None if teams is None else {team: str(entry_.path) for team, entry_ in teams.items()}
    # Why deployment and level could not be read has been told already.
    found = [fault for fault in entry.check(args) if fault.where not in settings.unread]
    faults += [_placed(fault, place, entry) for fault in found]
    return PlannedStore(name, entry, store.provider, args, shares), faults


def _of_provider(settings: Settings, store: StoreSettings, entry: CloudEntry) -> dict[str, Any]:
    """Arguments that the store takes from the provider it names."""
    provider = settings.providers.get(store.provider or "")
    known = {} if provider is None else {name: revealed(provider.rest.get(camel(name))) for name in entry.from_provider}
    return {name: value for name, value in known.items() if isinstance(value, str)}


def _store_names(entry: CloudEntry, *, shared: bool) -> Names:
    left_out = _SETTLED | ({"paths"} if shared else set())
    return {name: inner for name, inner in entry.argument_names().items() if name not in left_out}


def _default_keys(entry: CloudEntry) -> set[str]:
    return {camel(name) for name in entry.argument_names() if name not in _SETTLED | entry.one_store}


def _unknown_defaults(settings: Settings) -> list[Fault]:
    """Defaults that no store could take; a store on another cloud takes those that its composite has."""
    used = {store.cloud for _, store in own_stores(settings)} & CLOUDS.keys() or CLOUDS.keys()
    known = {key for cloud in used if not CLOUDS[cloud].missing() for key in _default_keys(CLOUDS[cloud])}
    return [unknown_key(key, "byob:defaults", known) for key in settings.defaults if known and key not in known]


def _not_apart(team: str) -> Fault:
    what = "needs 'minimal' access in a shared store: the documented grant covers the whole bucket"
    fix = "set access of the store to 'minimal', and give each team its path"
    return Fault("BYOB-SET-019", f"byob:teams.{team}.state", what, "suspended", "access 'minimal'", fix)


def _taken(planned: list[PlannedStore], settings: Settings) -> list[Fault]:
    """Names that can exist only once, given twice."""
    faults, first = [], dict[tuple[str, str, str, str], str]()
    for plan in planned:
        for argument in plan.entry.unique:
            value = plan.args.get(argument)
            if not isinstance(value, str):
                continue
            at = str(plan.provider) if plan.entry.own_servers else ""
            owner = first.setdefault((plan.entry.composite, at, argument, value), plan.name)
            if owner != plan.name:
                group = "stores" if plan.teams is not None else "teams"
                where = f"byob:{group}.{plan.name}.{camel(argument)}"
                fix = "give it another name; teams that share a bucket name one store of byob:stores"
                faults.append(Fault("BYOB-SET-020", where, f"is the name in {owner} already", value, "", fix))
    return faults


def clear_secrets(settings: Settings) -> list[str]:
    """Config paths of secrets that the engine does not hold as such: they stand in the stack's file for all to read.

    Args:
        settings: The settings.
    """
    found = [
        f"{where}.{camel(name)}"
        for where, store in own_stores(settings)
        if store.cloud in CLOUDS and where.removeprefix("byob:").partition(".")[0] not in settings.secret_keys
        for name in sorted(CLOUDS[store.cloud].secret_arguments)
        if camel(name) in store.rest
    ]
    if "providers" not in settings.secret_keys:
        found += [
            f"byob:providers.{name}.{key}"
            for name, provider in settings.providers.items()
            if provider.cloud in CLOUDS
            for key in provider.rest
            if key in CLOUDS[provider.cloud].secret_settings
        ]
    return found


# ------------------------------------------------------------------------------------------ config paths
@dataclass(frozen=True)
class _Place:
    """Where the arguments of a store stand in the configuration."""

    where: str
    names: Names
    own: frozenset[str]
    base: frozenset[str]
    teams: Mapping[str, TeamSettings] | None


def _placed(fault: Fault, place: _Place, entry: CloudEntry) -> Fault:
    """A composite's fault with its place in the configuration."""
    head = fault.where.partition(".")[0].partition("[")[0]
    texts = {part: config_text(getattr(fault, part), place.names) for part in ("what", "allowed", "fix")}
    fault = replace(fault, **texts)
    if head in entry.secret_arguments:
        fault = replace(fault, value=None)
    if head in ("deployment", "level"):
        return replace(fault, where=f"byob:{head}")
    if place.teams is not None and head == "paths":
        index = fault.where.removeprefix("paths[").partition("]")[0]
        team = list(place.teams)[int(index)] if index.isdecimal() else ""
        return replace(fault, where=f"byob:teams.{team}.path" if team else place.where)
    if head == "suspended_paths":
        return replace(fault, where=f"{place.where}.state")
    where = place.where if head in place.own or head not in place.base else "byob:defaults"
    return replace(fault, where=f"{where}.{config_path(fault.where, place.names)}")


# ------------------------------------------------------------------------------------------ providers
def plan_providers(settings: Settings) -> tuple[dict[str, PlannedProvider], list[Fault]]:
    """Every provider of the settings, whose cloud this version has.

    Args:
        settings: The settings.
    """
    planned, faults = {}, []
    for name, provider in settings.providers.items():
        entry = CLOUDS.get(provider.cloud)
        if entry is None or entry.missing():
            continue
        everything = "providers" in settings.secret_keys
        planned[name], found = _plan_provider(entry, provider, f"byob:providers.{name}", everything)
        faults += found
    return planned, faults


def _plan_provider(
    entry: CloudEntry, provider: ProviderSettings, where: str, everything: bool
) -> tuple[PlannedProvider, list[Fault]]:
    known = entry.provider_settings()
    arguments, secret, faults = {}, set(), []
    for key, value in provider.rest.items():
        if key not in known:
            faults.append(unknown_key(key, where, known))
            continue
        faults += _check_nested(entry, key, value, f"{where}.{key}")
        arguments[known[key]] = revealed(value)
        # The engine marks a whole config key as secret; then every value below it is treated as one.
        if everything or key in entry.secret_settings:
            secret.add(known[key])
    return PlannedProvider(entry, arguments, frozenset(secret)), faults


def _check_nested(entry: CloudEntry, key: str, value: Any, where: str) -> list[Fault]:
    inner = entry.nested_names(key)
    faults = []
    for i, record in enumerate(value if isinstance(value, list) else [value]) if inner else ():
        at = f"{where}[{i}]" if isinstance(value, list) else where
        if isinstance(record, Mapping):
            faults += [unknown_key(name, at, inner) for name in record if name not in inner]
        else:
            allowed = ", ".join(sorted(inner))
            faults.append(Fault("BYOB-SET-017", at, "is not a mapping of settings", None, allowed, "give a mapping"))
    return faults
