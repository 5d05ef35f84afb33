"""The contract between the protocol and a cloud's handlers."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from sandbox.providers.framework.contract import Failure, Shape
from sandbox.providers.framework.wire import UNKNOWN

Props = dict[str, Any]


class Cloud(Protocol):
    """One configured provider: clients with their credentials. Handlers get it with every call."""

    @property
    def implied(self) -> Props:
        """Inputs that the provider's settings give every resource that takes them (`region`)."""

    def error_code(self, problem: Exception) -> str:
        """The cloud's own code of an error it answered; empty when the problem is not the cloud's answer."""

    def error_text(self, problem: Exception) -> str:
        """One line for the user about any problem a client raises; empty when it is not a client's."""


@dataclass(frozen=True)
class Created:
    """A new thing: its id, and outputs that nobody can read again later (a secret key)."""

    id: str
    outputs: Props = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """What the cloud says about a thing.

    Attributes:
        inputs: Every managed property by its wire name; None where the cloud has none. A property that is not here
            cannot be read back and stays what the program said.
        outputs: What only the cloud can tell.
    """

    inputs: Props
    outputs: Props = field(default_factory=dict)


class PartlyCreated(Exception):
    """The thing exists, but a later step failed: the engine records it as needing repair."""

    def __init__(self, created: Created, cause: Exception) -> None:
        super().__init__(str(cause))
        self.created, self.cause = created, cause


class Refused(Exception):
    """The handler itself refuses, with a text for the user."""


@dataclass(frozen=True)
class AutoName:
    """How the real provider names what has no name: `<resource name>-<7 hex digits>`.

    Attributes:
        property: The property that holds the name.
        limit: The longest name, in characters.
        lower: Lower case only.
        prefix: Put before an automatic name (KMS wants `alias/`).
        suffix: Put behind it, made from the inputs (`.fifo`).
        unless: Properties that name the thing in another way, such as `namePrefix`.
    """

    property: str
    limit: int
    lower: bool = False
    prefix: str = ""
    suffix: Callable[[Props], str] = lambda _: ""
    unless: tuple[str, ...] = ()

    def fill(self, new: Props, old: Props, name: str, seed: bytes, mode: str, proposed: str) -> list[Failure]:
        """Put a name into `new` when there is none.

        Args:
            new: The inputs to fill.
            old: The inputs of the state; a name that was made before is kept.
            name: The resource name.
            seed: The engine's random seed for this resource; empty for a random name.
            mode: `propose`, `enforce` or `disable`, the engine's autonaming mode.
            proposed: The engine's name, for the first two modes.
        """
        if self.property in new or any(k in new for k in self.unless):
            return []
        if self.property in old.get("__defaults", []) and old.get(self.property):
            new[self.property] = old[self.property]
        elif mode == "disable":
            return [Failure(self.property, "automatic naming is switched off for this resource: give a name")]
        else:
            end = self.suffix(new)
            made = proposed or f"{name}-{seed.hex()[:7] if seed else secrets.token_hex(4)[:7]}"
            made = made if mode == "enforce" and proposed else self.prefix + made
            new[self.property] = (made.lower() if self.lower else made) + end
        new["__defaults"] = sorted({*new.get("__defaults", []), self.property})
        if len(new[self.property]) > self.limit:
            return [Failure(self.property, f"{new[self.property]!r} is longer than {self.limit} characters")]
        return []


class Resource:
    """One resource type. A handler sets the attributes and writes create, read, update and delete.

    `create` and `update` only change the cloud: the framework reads the thing afterwards, so that the outputs are what the
    cloud says and not what the program hoped.
    """

    token: ClassVar[str]
    """The real type token."""
    title: ClassVar[str]
    """What messages call it: `S3 Bucket`."""
    carried_out: ClassVar[Shape]
    """The properties that this stand-in carries out."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """The real provider's defaults; they are put into the inputs, as the real one does."""
    cloud_decides: ClassVar[frozenset[str]] = frozenset()
    """Inputs that the cloud fills in when the program is silent; their absence is no change."""
    computed: ClassVar[frozenset[str]] = frozenset()
    """Outputs that only the cloud can tell."""
    changing: ClassVar[frozenset[str]] = frozenset()
    """Computed outputs that an update may change."""
    secret_outputs: ClassVar[frozenset[str]] = frozenset()
    """Outputs that the real provider's schema calls sensitive."""
    replace_on: ClassVar[frozenset[str]] = frozenset()
    """Inputs whose change makes a new thing."""
    equal: ClassVar[Mapping[str, Callable[[Any, Any], bool]]] = {}
    """Properties that are compared by meaning, such as policy documents."""
    absent: ClassVar[frozenset[str]] = frozenset()
    """The cloud's error codes that mean: it is not there."""
    auto_name: ClassVar[AutoName | None] = None

    def check(self, new: Props, old: Props) -> list[Failure]:
        """Refuse what the real provider refuses before any call. `new` is well-shaped; parts may be UNKNOWN."""
        return []

    def create(self, cloud: Any, new: Props) -> Created:
        raise NotImplementedError

    def read(self, cloud: Any, id: str, inputs: Props, state: Props) -> Live | None:
        """What is there under the id, None when nothing is. `inputs` and `state` are empty for an import."""
        raise NotImplementedError

    def update(self, cloud: Any, id: str, old: Props, new: Props) -> None:
        raise NotImplementedError

    def delete(self, cloud: Any, id: str, state: Props) -> None:
        raise NotImplementedError

    def planned(self, cloud: Any, new: Props) -> Props:
        """Outputs that are known before the cloud is asked."""
        return {}

    def drifted_outputs(self, cloud: Any, new: Props, state: Props) -> dict[str, bool]:
        """Outputs that must change although no input does: name -> whether that replaces the thing."""
        return {}


def changed(old: Mapping[str, Any], new: Mapping[str, Any], *names: str) -> bool:
    """Whether any of the properties differs; absent and empty are the same.

    Args:
        old: Properties before.
        new: Properties now.
        names: Which ones.
    """
    return any((old.get(n) or None) != (new.get(n) or None) for n in names)


def given(props: Mapping[str, Any], *names: str) -> Props:
    """The named properties that are there.

    Args:
        props: Inputs.
        names: Which ones.
    """
    return {n: props[n] for n in names if props.get(n) is not None}


def one_of(props: Mapping[str, Any], name: str, allowed: Sequence[str]) -> list[Failure]:
    """A failure unless the property is absent, unknown or one of the allowed texts.

    Args:
        props: Inputs.
        name: Which property.
        allowed: The texts.
    """
    value = props.get(name)
    if value is None or value is UNKNOWN or value in allowed:
        return []
    return [Failure(name, f"must be one of {', '.join(allowed)}")]


def between(props: Mapping[str, Any], name: str, low: int, high: int) -> list[Failure]:
    """A failure unless the property is absent, unknown or in the range.

    Args:
        props: Inputs.
        name: Which property.
        low: The least value.
        high: The greatest value.
    """
    value = props.get(name)
    if value is None or value is UNKNOWN or low <= value <= high:
        return []
    return [Failure(name, f"must be between {low} and {high}")]


def matches(props: Mapping[str, Any], name: str, pattern: str, rule: str) -> list[Failure]:
    """A failure unless the property is absent, unknown or of a form.

    Args:
        props: Inputs.
        name: Which property.
        pattern: A regular expression for the whole text.
        rule: The form in words.
    """
    value = props.get(name)
    if value is None or value is UNKNOWN or re.fullmatch(pattern, value):
        return []
    return [Failure(name, rule)]
