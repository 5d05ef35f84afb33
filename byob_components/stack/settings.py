"""The configuration of a stack as typed settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic.alias_generators import to_camel

from byob_components.stack.clouds import CLOUDS
from byob_components.stack.spelling import camel
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
        raise ValueError("is not a name: 1 to 54 lower-case letters, digits and '-', a letter or digit at both ends")
    return name


Name = Annotated[str, AfterValidator(_resource_name)]
"""A name that becomes part of resource and bucket names: 54 characters, and the 8 that Pulumi adds, fit into S3's 63."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="allow", hide_input_in_errors=True, alias_generator=to_camel, frozen=True)

    @property
    def rest(self) -> dict[str, Any]:
        """The keys that are not settings of ours: a composite's arguments, or a provider's; secrets are hidden."""
        return dict(self.model_extra or {})


class StoreSettings(_Model):
    """A store: where it is, and the arguments of its composite."""

    cloud: Cloud = Cloud.AWS
    provider: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        cloud = given.get("cloud", Cloud.AWS)
        secret = CLOUDS[Cloud(cloud)].secret_arguments if cloud in list(CLOUDS) else frozenset()
        keys = {camel(name) for name in secret}
        return {key: hidden(value) if key in keys else value for key, value in given.items()}


class TeamSettings(StoreSettings):
    """A team: a store of its own, or a path in a shared one."""

    store: str | None = None
    path: str | None = None
    state: TeamState = TeamState.ACTIVE


class ProviderSettings(_Model):
    """A further account, project or endpoint: the provider's own settings, every value of them hidden."""

    cloud: Cloud

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {key: value if key == "cloud" else hidden(value) for key, value in given.items()}


class Settings(BaseModel):
    """The whole `byob:` configuration of a stack; `load` makes it, with all checks.

    Args:
        deployment: Where W&B itself runs.
        level: Which of the two programs.
        store: The one store of level `instance`.
        stores: Stores that several teams share, by name.
        teams: The teams of level `team`, by name.
        providers: Further accounts, projects or endpoints, by name.
        defaults: Arguments that every store has unless it says otherwise.
        secret_keys: Which of the keys the engine holds as secret.
        unread: Which of `deployment`, `level` and `store` are missing or not usable, while what else is wrong is looked for;
            none in what `load` returns.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    deployment: Deployment
    level: Level
    store: StoreSettings = Field(default_factory=StoreSettings)
    stores: dict[Name, StoreSettings] = Field(default_factory=dict)
    teams: dict[Name, TeamSettings] = Field(default_factory=dict)
    providers: dict[Name, ProviderSettings] = Field(default_factory=dict)
    defaults: dict[str, Any] = Field(default_factory=dict)
    secret_keys: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


def hidden(value: Any) -> Any:
    """The value with every text in it as a `SecretStr`, which shows itself to nobody.

    Args:
        value: Plain data.
    """
    if isinstance(value, str):
        return SecretStr(value)
    if isinstance(value, Mapping):
        return {key: hidden(inner) for key, inner in value.items()}
    return [hidden(inner) for inner in value] if isinstance(value, list) else value


def revealed(value: Any) -> Any:
    """The plain data that `hidden` was given; for the one who makes an Output of it, at once.

    Args:
        value: Hidden data.
    """
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Mapping):
        return {key: revealed(inner) for key, inner in value.items()}
    return [revealed(inner) for inner in value] if isinstance(value, list) else value
