"""What the parts of a stack's configuration must be to each other."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.errors import Fault
from byob_components.stack.clouds import CLOUDS
from byob_components.stack.settings import Settings, StoreSettings, TeamSettings, TeamState
from byob_components.wandb.deployment import Cloud, Level


def check_shape(settings: Settings) -> Iterator[Fault]:
    """What each level has no place for.

    Args:
        settings: The settings.
    """
    if "level" in settings.unread:
        return
    if settings.level is Level.INSTANCE:
        fix = "set byob:level to 'team', or use byob:store"
        for key in ("teams", "stores"):
            if getattr(settings, key):
                yield Fault("BYOB-SET-006", f"byob:{key}", "has no place at instance level", None, "byob:store", fix)
        return
    if "store" in settings.model_fields_set:
        fix = "give the store to a team under byob:teams"
        yield Fault("BYOB-SET-006", "byob:store", "has no place at team level", None, "byob:teams, byob:stores", fix)
    for name in sorted(settings.stores.keys() & settings.teams.keys()):
        what = "has the name of a team, and each names resources"
        yield Fault("BYOB-SET-007", f"byob:stores.{name}", what, name, "different names", "rename the store")


def check_references(settings: Settings) -> Iterator[Fault]:
    """Whether clouds, providers, stores and states fit each other.

    Args:
        settings: The settings.
    """
    for where, store in own_stores(settings):
        yield from _check_cloud(store.cloud, where)
        yield from _check_provider(settings, store, where)
    for name, provider in settings.providers.items():
        yield from _check_cloud(provider.cloud, f"byob:providers.{name}")
    for name, team in settings.teams.items():
        yield from _check_team(settings, team, f"byob:teams.{name}")
    used = {team.store for team in settings.teams.values()}
    for name in sorted(settings.stores.keys() - used):
        fix = "name it in a team; to keep the store of a team that leaves, suspend or release the team"
        yield Fault("BYOB-SET-016", f"byob:stores.{name}", "is used by no team", name, fix=fix)


def own_stores(settings: Settings) -> Iterator[tuple[str, StoreSettings]]:
    """Everything that becomes a composite, with its config path; where the level could not be read, everything that is given.

    Args:
        settings: The settings.
    """
    of_instance = (
        "store" in settings.model_fields_set if "level" in settings.unread else settings.level is Level.INSTANCE
    )
    if of_instance and "store" not in settings.unread:
        yield "byob:store", settings.store
    if of_instance and "level" not in settings.unread:
        return
    yield from ((f"byob:stores.{name}", store) for name, store in settings.stores.items())
    yield from ((f"byob:teams.{name}", team) for name, team in settings.teams.items() if team.store is None)


def teams_of(settings: Settings, store: str) -> dict[str, TeamSettings]:
    """The teams in a shared store.

    Args:
        settings: The settings.
        store: The store's name.
    """
    return {name: team for name, team in settings.teams.items() if team.store == store}


def _check_cloud(cloud: Cloud, where: str) -> Iterator[Fault]:
    entry = CLOUDS.get(cloud)
    if entry is None:
        what, fix = "has no components in this version", "use another cloud"
        yield Fault("BYOB-SET-008", f"{where}.cloud", what, str(cloud), ", ".join(CLOUDS), fix)
    elif missing := entry.missing():
        fix = f"pip install 'byob-components[{entry.extra},stack]'"
        yield Fault("BYOB-SET-018", f"{where}.cloud", f"needs {missing}, which is not installed", str(cloud), fix=fix)


def _check_provider(settings: Settings, store: StoreSettings, where: str) -> Iterator[Fault]:
    if store.provider is None:
        entry = CLOUDS.get(store.cloud)
        if entry is not None and entry.needs_provider:
            what = f"is required: the stack's own `{entry.package}:` configuration is that of another cloud"
            fix = f"add a provider with cloud {store.cloud} to byob:providers, and name it here"
            yield Fault("BYOB-SET-021", f"{where}.provider", what, None, "a name of byob:providers", fix)
        return
    named = settings.providers.get(store.provider)
    if named is None:
        fix = "add it to byob:providers, or drop it for the default provider"
        allowed = ", ".join(settings.providers) or "none yet"
        yield Fault("BYOB-SET-009", f"{where}.provider", "is not defined", store.provider, allowed, fix)
    elif named.cloud is not store.cloud:
        what, fix = f"is for {named.cloud}, the store on {store.cloud}", "name a provider of the store's cloud"
        yield Fault("BYOB-SET-010", f"{where}.provider", what, store.provider, f"a provider for {store.cloud}", fix)


def _check_team(settings: Settings, team: TeamSettings, where: str) -> Iterator[Fault]:
    if team.store is None:
        if team.path is not None:
            fix = "name the store, or write `paths` for paths of the team's own store"
            yield Fault("BYOB-SET-011", f"{where}.path", "needs a shared store", None, "store and path together", fix)
        return
    if team.store not in settings.stores:
        fix = "add it to byob:stores, or drop it for a store of the team's own"
        allowed = ", ".join(settings.stores) or "none yet"
        yield Fault("BYOB-SET-012", f"{where}.store", "is not defined", team.store, allowed, fix)
    if team.path is None:
        fix = "give the team a path of its own"
        yield Fault("BYOB-SET-013", f"{where}.path", "is required in a shared store", fix=fix)
    for key in sorted({*team.rest, *(team.model_fields_set & {"cloud", "provider"})}):
        fix = "move it to the store under byob:stores"
        yield Fault("BYOB-SET-014", f"{where}.{key}", "belongs to the shared store", None, "store, path, state", fix)
    mates = teams_of(settings, team.store)
    if team.state is TeamState.RELEASED and any(mate.state is not TeamState.RELEASED for mate in mates.values()):
        what = "is not possible while other teams of the shared store stay"
        fix = "suspend the team, then remove its lines: its data stays in the store; or release every team of it"
        yield Fault("BYOB-SET-015", f"{where}.state", what, "released", "'active', 'suspended'", fix)
