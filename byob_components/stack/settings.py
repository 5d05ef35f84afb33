"""The stack's configuration as typed settings: what is wrong with it is told with its config path, all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from byob_components.errors import ByobError, Fault
from byob_components.stack.clouds import CLOUDS
from byob_components.stack.spelling import unknown_key
from byob_components.wandb.deployment import Cloud, Deployment, Level


class TeamState(StrEnum):
    """Where a team is in its life."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """The grant is gone, the data is kept."""
    RELEASED = "released"
    """Pulumi lets go of the store: after one `up` its lines can go, and everything stays in the cloud."""


def _resource_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,52}[a-z0-9])?", name):
        raise ValueError("a name has 1 to 54 lower-case letters, digits and '-', a letter or digit at both ends")
    return name


Name = Annotated[str, AfterValidator(_resource_name)]
"""A name that becomes part of resource and bucket names."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="allow", hide_input_in_errors=True, alias_generator=to_camel, frozen=True)

    @property
    def rest(self) -> dict[str, Any]:
        """The keys that are not settings of ours: a composite's arguments, or a provider's."""
        return dict(self.model_extra or {})


class StoreSettings(_Model):
    """A store: where it is, and the arguments of its composite."""

    cloud: Cloud = Cloud.AWS
    provider: str | None = None


class TeamSettings(StoreSettings):
    """A team: a store of its own, or a path in a shared one."""

    store: str | None = None
    path: str | None = None
    state: TeamState = TeamState.ACTIVE


class ProviderSettings(_Model):
    """A further account: the provider's own settings."""

    cloud: Cloud


class Settings(BaseModel):
    """The whole `byob:` configuration of a stack."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, alias_generator=to_camel, frozen=True)

    deployment: Deployment
    level: Level
    store: StoreSettings | None = None
    stores: dict[Name, StoreSettings] = Field(default_factory=dict)
    teams: dict[Name, TeamSettings] = Field(default_factory=dict)
    providers: dict[str, ProviderSettings] = Field(default_factory=dict)
    defaults: dict[str, Any] = Field(default_factory=dict)
    secret_providers: bool = Field(default=False, exclude=True)


def load(config: Mapping[str, Any], secret_keys: Collection[str] = ()) -> Settings:
    """Typed settings of a stack.

    Args:
        config: The `byob:` keys without their namespace; values are plain data.
        secret_keys: Which of the keys are secret as a whole.

    Raises:
        ByobError: With every fault. Values are shown only where they cannot be secret.
    """
    faults = [_misplaced_secret(key) for key in sorted(secret_keys) if key != "providers" and key in config]
    known = {to_camel(name) for name in Settings.model_fields} - {"secretProviders"}
    faults += [unknown_key(key, "byob", known) for key in config if key not in known]
    given = {key: value for key, value in config.items() if key in known}
    try:
        settings = Settings.model_validate({**given, "secretProviders": "providers" in secret_keys})
    except ValidationError as error:
        raise ByobError([*faults, *_faults(error, given)], "stack configuration") from None
    faults += [*_shape(settings), *_references(settings)]
    if faults:
        raise ByobError(faults, "stack configuration")
    return settings


def _misplaced_secret(key: str) -> Fault:
    return Fault("BYOB-SET-002", f"byob:{key}", "holds a secret, and nothing there is one", None, "secrets in byob:providers",
                 "move the secret to a provider's settings, or write the value without --secret")  # fmt: skip


def _faults(error: ValidationError, given: Mapping[str, Any]) -> Iterator[Fault]:
    for problem in error.errors(include_url=False, include_context=True, include_input=False):
        path = [str(part) for part in problem["loc"] if part != "[key]"]
        where = "byob:" + ".".join(path)
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "missing":
            yield Fault("BYOB-SET-003", where, "is required", fix=f"set it: pulumi config set {where} …")
        elif problem["type"] == "enum":
            # Names of enums are not secrets: what was written may be shown, outside the providers.
            value = _value(given, path) if path[0] != "providers" or path[-1] == "cloud" else None
            allowed = str(problem.get("ctx", {}).get("expected", ""))
            yield Fault(
                "BYOB-SET-004", where, "is not one of the values", value, allowed, "give one of the allowed values"
            )
        else:
            yield Fault("BYOB-SET-005", where, f"does not fit: {message}", fix="see the examples in stacks/config")


def _value(given: Mapping[str, Any], path: list[str]) -> object:
    value: Any = given
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) and len(value) <= 40 else None


def _shape(settings: Settings) -> Iterator[Fault]:
    """What each level wants and what it has no place for."""
    if settings.level is Level.INSTANCE:
        if settings.store is None:
            yield Fault(
                "BYOB-SET-006",
                "byob:store",
                "is required at instance level",
                fix="add byob:store, `{}` for every default",
            )
        for key in ("teams", "stores"):
            if getattr(settings, key):
                yield Fault("BYOB-SET-006", f"byob:{key}", "has no place at instance level", allowed="byob:store",
                            fix="set byob:level to 'team', or use byob:store")  # fmt: skip
        return
    if settings.store is not None:
        yield Fault("BYOB-SET-006", "byob:store", "has no place at team level", allowed="byob:teams, byob:stores",
                    fix="give the store to a team under byob:teams")  # fmt: skip
    for name in sorted(settings.stores.keys() & settings.teams.keys()):
        yield Fault("BYOB-SET-007", f"byob:stores.{name}", "has the name of a team, and each names resources", name,
                    "different names", "rename the store")  # fmt: skip


def _references(settings: Settings) -> Iterator[Fault]:
    """Stores, providers and states that must fit each other."""
    for where, store in _stores(settings):
        if store.cloud not in CLOUDS:
            yield Fault("BYOB-SET-008", f"{where}.cloud", "has no components in this version", str(store.cloud),
                        ", ".join(CLOUDS), "use another cloud")  # fmt: skip
        if store.provider is not None and store.provider not in settings.providers:
            yield Fault("BYOB-SET-009", f"{where}.provider", "is not defined", store.provider,
                        ", ".join(settings.providers) or "none yet", "add it to byob:providers, or drop it for the default provider")  # fmt: skip
        elif store.provider is not None and settings.providers[store.provider].cloud is not store.cloud:
            yield Fault("BYOB-SET-010", f"{where}.provider", f"is for {settings.providers[store.provider].cloud}, the store on {store.cloud}",
                        store.provider, f"a provider for {store.cloud}", "name a provider of the store's cloud")  # fmt: skip
    for name, provider in settings.providers.items():
        if provider.cloud not in CLOUDS:
            yield Fault("BYOB-SET-008", f"byob:providers.{name}.cloud", "has no components in this version", str(provider.cloud),
                        ", ".join(CLOUDS), "use another cloud")  # fmt: skip
    used = set()
    for name, team in settings.teams.items():
        where = f"byob:teams.{name}"
        if team.store is None:
            if team.path is not None:
                yield Fault("BYOB-SET-011", f"{where}.path", "needs a shared store", None, "store and path together",
                            "name the store, or write `paths` for paths of the team's own store")  # fmt: skip
            continue
        used.add(team.store)
        if team.store not in settings.stores:
            yield Fault("BYOB-SET-012", f"{where}.store", "is not defined", team.store, ", ".join(settings.stores) or "none yet",
                        "add it to byob:stores, or drop it for a store of the team's own")  # fmt: skip
        if team.path is None:
            yield Fault(
                "BYOB-SET-013", f"{where}.path", "is required in a shared store", fix="give the team a path of its own"
            )
        for key in sorted([*team.rest, *(["provider"] if team.provider else [])]):
            yield Fault("BYOB-SET-014", f"{where}.{key}", "belongs to the shared store", None, "store, path, state",
                        f"move it to byob:stores.{team.store}")  # fmt: skip
        if team.state is TeamState.RELEASED:
            yield Fault("BYOB-SET-015", f"{where}.state", "is not possible in a shared store: the store has other teams",
                        "released", "'active', 'suspended'", "suspend the team, then remove its lines: its data stays in the store")  # fmt: skip
    for name in sorted(settings.stores.keys() - used):
        yield Fault("BYOB-SET-016", f"byob:stores.{name}", "is used by no team", name,
                    fix="name it in a team; to keep a store without teams, suspend its last one")  # fmt: skip


def _stores(settings: Settings) -> Iterator[tuple[str, StoreSettings]]:
    if settings.store is not None:
        yield "byob:store", settings.store
    yield from ((f"byob:stores.{name}", store) for name, store in settings.stores.items())
    yield from ((f"byob:teams.{name}", team) for name, team in settings.teams.items() if team.store is None)


def read_config(namespace: str = "byob") -> Settings:
    """Typed settings of the running program's stack.

    Args:
        namespace: The namespace of the keys, the project's name.

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
