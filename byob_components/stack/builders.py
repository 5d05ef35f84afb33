"""Settings turned into composites: all are checked before the first is registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pulumi

from byob_components.errors import Fault
from byob_components.stack.clouds import CLOUDS, CloudEntry
from byob_components.stack.settings import ProviderSettings, Settings, StoreSettings, TeamSettings, TeamState
from byob_components.stack.spelling import camel, snake_keys, unknown_key
from byob_components.store import Protection, refuse
from byob_components.wandb.address import ROOT, supported_file_stores
from byob_components.wandb.deployment import Level

OUTPUTS = (
    "storage_addresses", "bucket_name", "paths", "region", "kms_key_id", "principals", "principals_date", "handoffs", "server_env",
    "server_secrets",
)  # fmt: skip
"""The outputs of every store, as the Protocol has them."""


@dataclass(frozen=True)
class Planned:
    """A store that will be made.

    Args:
        name: The resource name.
        where: Its config path.
        cloud: Whose composite.
        provider: The provider's name, None for the default one.
        args: The composite's arguments.
        teams: For a shared store, team to path.
    """

    name: str
    where: str
    cloud: CloudEntry
    provider: str | None
    args: dict[str, Any]
    teams: dict[str, str] | None = None


def build(settings: Settings) -> dict[str, Any]:
    """Make every store of the settings.

    Args:
        settings: From `load` or `read_config`.

    Returns:
        What a stack exports: `store` at instance level; `teams` and, when an address holds keys, `supportedFileStores` at team level.

    Raises:
        ByobRunError: With every fault of every store; nothing is registered then.
    """
    planned, faults = _plan(settings)
    providers, found = _plan_providers(settings)
    refuse([*faults, *found], "stack configuration")
    made = {name: _provider(settings, name, arguments) for name, arguments in providers.items()}
    stores: dict[str, Any] = {}
    for plan in planned:
        chosen = None if plan.provider is None else {plan.cloud.package: made[plan.provider]}
        stores[plan.name] = plan.cloud.make()(plan.name, plan.args, pulumi.ResourceOptions(providers=chosen))
    if settings.level is Level.INSTANCE:
        return {"store": _outputs(stores["wandb"])}
    return _team_outputs(planned, stores)


def check(settings: Settings) -> list[Fault]:
    """What is wrong with the stores and providers of the settings, without making any.

    Args:
        settings: From `load`.
    """
    return [*_plan(settings)[1], *_plan_providers(settings)[1]]


# ------------------------------------------------------------------------------------------ planning
def _plan(settings: Settings) -> tuple[list[Planned], list[Fault]]:
    planned, faults = [], []
    for name, where, store, teams in _wanted(settings):
        entry = CLOUDS[store.cloud]
        args, found = _arguments(settings, entry, store, where)
        if teams is not None:
            args["paths"] = [team.path for team in teams.values()]
            suspended = [team.path for team in teams.values() if team.state is TeamState.SUSPENDED]
        else:
            state = store.state if isinstance(store, TeamSettings) else TeamState.ACTIVE
            suspended = (args.get("paths") or [ROOT]) if state is TeamState.SUSPENDED else []
            if state is TeamState.RELEASED:
                args["protection"] = Protection.RELEASED
        if suspended:
            args["suspended_paths"] = suspended
        plan = Planned(name, where, entry, store.provider, args)
        planned.append(
            replace(plan, teams={team: str(entry_.path) for team, entry_ in teams.items()}) if teams else plan
        )
        faults += found or [_placed(fault, where, teams) for fault in entry.check(args)]
    return planned, faults


def _wanted(settings: Settings) -> Iterator[tuple[str, str, StoreSettings, dict[str, TeamSettings] | None]]:
    if settings.level is Level.INSTANCE and settings.store is not None:
        yield "wandb", "byob:store", settings.store, None
    for name, store in settings.stores.items():
        yield name, f"byob:stores.{name}", store, {t: team for t, team in settings.teams.items() if team.store == name}
    for name, team in settings.teams.items():
        if team.store is None:
            yield name, f"byob:teams.{name}", team, None


def _arguments(
    settings: Settings, entry: CloudEntry, store: StoreSettings, where: str
) -> tuple[dict[str, Any], list[Fault]]:
    names = {
        name: inner
        for name, inner in _argument_names(entry).items()
        if name not in ("deployment", "level", "suspended_paths")
    }
    if settings.stores and where.startswith("byob:stores."):
        names.pop("paths")
    base, faults = snake_keys(settings.defaults, names, "byob:defaults")
    own, found = snake_keys(store.rest, names, where)
    return {**base, **own, "deployment": settings.deployment, "level": settings.level}, faults + found


def _argument_names(entry: CloudEntry) -> dict[str, dict[str, str] | None]:
    """Arguments of a composite, with the names inside those that are lists of records."""
    found: dict[str, dict[str, str] | None] = {}
    for name, hint in get_type_hints(entry.argument_kind(), localns={"Output": pulumi.Output, "T": Any}).items():
        record = next((arg for arg in get_args(hint) if is_typeddict(arg)), None) if get_origin(hint) is list else None
        found[name] = None if record is None else {inner: inner for inner in get_type_hints(record)}
    return found


def _placed(fault: Fault, where: str, teams: Mapping[str, TeamSettings] | None) -> Fault:
    """A composite's fault with its place in the configuration."""
    if teams and fault.where.startswith("paths["):
        index = int(fault.where.removeprefix("paths[").split("]")[0])
        return replace(fault, where=f"byob:teams.{list(teams)[index]}.path")
    if fault.where in ("deployment", "level"):
        return replace(fault, where=f"byob:{fault.where}")
    if fault.where.startswith("suspended_paths"):
        return replace(fault, where=f"{where}.access" if teams else f"{where}.state")
    return replace(fault, where=f"{where}.{camel(fault.where)}")


def _plan_providers(settings: Settings) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    planned, faults = {}, []
    for name, provider in settings.providers.items():
        arguments, found = _provider_arguments(CLOUDS[provider.cloud], provider, f"byob:providers.{name}")
        planned[name] = arguments
        faults += found
    return planned, faults


def _provider_arguments(
    entry: CloudEntry, provider: ProviderSettings, where: str
) -> tuple[dict[str, Any], list[Fault]]:
    known = entry.provider_settings()
    arguments, faults = {}, []
    for key, value in provider.rest.items():
        if key not in known:
            faults.append(unknown_key(key, where, known))
            continue
        inner = entry.nested_names(key)
        records = value if isinstance(value, list) else [value]
        for i, record in enumerate(records if inner else []):
            at = f"{where}.{key}[{i}]" if isinstance(value, list) else f"{where}.{key}"
            if not isinstance(record, Mapping):
                faults.append(
                    Fault(
                        "BYOB-SET-017",
                        at,
                        "is not a mapping of settings",
                        None,
                        ", ".join(sorted(inner)),
                        "give a mapping",
                    )
                )
                continue
            faults += [unknown_key(name, at, inner) for name in record if name not in inner]
        arguments[known[key]] = value
    return arguments, faults


# ------------------------------------------------------------------------------------------ making
def _provider(settings: Settings, name: str, arguments: dict[str, Any]) -> pulumi.ProviderResource:
    entry = CLOUDS[settings.providers[name].cloud]
    wire = {python: key for key, python in entry.provider_settings().items()}
    # The engine marks a whole config key as secret; then every value below it is treated as one.
    hidden = {
        key: pulumi.Output.secret(value) if settings.secret_providers or wire[key] in entry.secret_settings else value
        for key, value in arguments.items()
    }
    made: pulumi.ProviderResource = entry.provider_class()(name, **hidden)
    return made


def _outputs(store: Any) -> dict[str, Any]:
    return {camel(name): getattr(store, name) for name in OUTPUTS}


def _team_outputs(planned: list[Planned], stores: Mapping[str, Any]) -> dict[str, Any]:
    teams: dict[str, Any] = {}
    for plan in planned:
        whole = _outputs(stores[plan.name])
        if plan.teams is None:
            teams[plan.name] = whole
        for team, path in (plan.teams or {}).items():
            teams[team] = {
                **whole,
                "paths": [path],
                **{key: _only(whole[key], path) for key in ("storageAddresses", "handoffs")},
            }
    outputs: dict[str, Any] = {"teams": teams}
    keyed = [stores[plan.name].storage_addresses for plan in planned if plan.args.get("credential_keys")]
    if keyed:
        listed = pulumi.Output.all(*keyed).apply(
            lambda maps: supported_file_stores([a for one in maps for a in one.values()])
        )
        outputs["supportedFileStores"] = pulumi.Output.secret(listed)
    return outputs


def _only(mapping: pulumi.Output[dict[str, Any]], path: str) -> pulumi.Output[dict[str, Any]]:
    return mapping.apply(lambda known: {path: known[path]})
