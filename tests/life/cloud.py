"""What the life-cycle tests ask of a cloud: its running servers, data about its stores, and a few reads and writes.

A cloud subclasses `LocalCloud` in its own `test_<cloud>.py`. Whatever is expected is written down there; nothing is computed
by the code under test. Resources are named as the engine's log names them here, `Bucket vision`: kind and name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

Ops = dict[str, str]
"""Resource to operation."""
Reading = dict[str, Any]
"""Everything of a store in the cloud, by topic; two readings that are equal mean that nothing was touched."""


@dataclass(frozen=True)
class Made:
    """A team's store after an `up`.

    Args:
        outputs: The team's outputs, secrets shown.
        ids: Resource to its id in the cloud.
    """

    outputs: Mapping[str, Any]
    ids: Mapping[str, str]

    @property
    def bucket(self) -> str:
        """What W&B's form calls the name."""
        name: str = self.outputs["bucketName"]
        return name


@dataclass(frozen=True)
class Change:
    """A change in place of the team `vision`, made after the ones before it.

    Args:
        settings: The team's settings from now on, beside those it was made with.
        ops: What the engine does.
        reads: What is different in the cloud afterwards, topic to its new reading; all else stays.
        paths: The paths of the store from now on.
    """

    settings: Mapping[str, Any]
    ops: Ops
    reads: Mapping[str, Any] = field(default_factory=dict)
    paths: tuple[str, ...] = ("/",)


@dataclass(frozen=True)
class Suspension:
    """What suspending a team does.

    Args:
        ops: What the engine does; bringing the grant back does the opposite.
        back: What it does then.
        touches: The topics of the reading that change.
    """

    ops: Ops
    back: Ops
    touches: frozenset[str]


@dataclass(frozen=True)
class ByHand:
    """A bucket that somebody made without Pulumi.

    Args:
        settings: The team that shall take it over.
        made: The bucket, as far as a reading asks for it.
        ids: The import id of everything that is there, by kind.
        ops: What the first `up` after the import does.
        touches: The topics of the reading that it changes.
        kept: Topics of the reading with what of theirs must still be there then.
    """

    settings: Mapping[str, Any]
    made: Made
    ids: Mapping[str, str]
    ops: Ops
    touches: frozenset[str]
    kept: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Remainder:
    """Something that a destroy leaves in the cloud.

    Args:
        state: What `inventory` says of it.
        reason: Why it stays, for the one who reads the adapter.
    """

    state: str
    reason: str


class LocalCloud(ABC):
    """A cloud of the sandbox with everything that the tests need to know of it."""

    # ------------------------------------------------------------------------------------------ data
    stack: ClassVar[Mapping[str, Any]]
    """`deployment`, and what else of `byob:` every stack has beside `level` and `teams`."""
    team: ClassVar[Mapping[str, Any]]
    """The smallest team, with its `cloud`."""
    whole: ClassVar[Mapping[str, Any]]
    """What makes of it a store with everything that describes it: a customer key, where the cloud has one."""
    whole_store: ClassVar[frozenset[str]]
    """The registrations of that store, for a team `vision`."""
    first: ClassVar[Mapping[str, Any]]
    """Outputs of that store, as far as they can be written down."""
    unknown: ClassVar[frozenset[str]]
    """Outputs of that store that a preview cannot know."""
    planned: ClassVar[Mapping[str, Mapping[str, Any]]]
    """Resource of that store to inputs that a preview shows, None for one that is not known yet."""
    settled: ClassVar[Mapping[str, Any]]
    """Topics of the reading of that store, as `up` leaves them."""
    changes: ClassVar[tuple[Change, ...]]
    """Changes in place, in their order."""
    replacing: ClassVar[tuple[tuple[Mapping[str, Any], str], ...]]
    """Settings that would replace a protected resource of that store, and the type of that resource."""
    drifted: ClassVar[tuple[Ops, Ops]]
    """What a refresh finds after `drift`, and what the next `up` does, for a team `drift`."""
    forgets: ClassVar[frozenset[str]] = frozenset()
    """Kinds of a protected store that the state may forget when a removal is refused without a preview: they go with a
    protected resource, so nothing happens to them in the cloud, and the next `up` takes them up again."""
    suspended: ClassVar[Mapping[str, Suspension]]
    """Team of `ways` to what suspending it does."""
    shared: ClassVar[Mapping[str, Any]]
    """What makes of the smallest team a store that keeps its paths apart, or comes closest to it."""
    apart: ClassVar[Suspension | str]
    """What suspending one path of such a store `ml` does; the code of its refusal where rights hold for the whole bucket."""
    leaving: ClassVar[Mapping[str, Any]]
    """A team with everything, to be released."""
    leaving_store: ClassVar[frozenset[str]]
    """Its resources, components not counted, for a team `vision`."""
    not_empty: ClassVar[str]
    """What the cloud says when a bucket that holds something is to be deleted; empty where it deletes it with all that is in
    it, and what is kept then is a remainder."""
    refusing: ClassVar[frozenset[str]]
    """Kinds that may be the one that refuses then."""
    put_again: ClassVar[Ops]
    """What the next `up` does for a team `vision` after that refusal."""
    forced: ClassVar[Mapping[str, Any]] = {"forceDestroy": True}
    """What makes a smallest store be destroyed with all that is in it, leaving nothing; empty where that needs no asking."""
    naming: ClassVar[frozenset[str]] = frozenset({"bucketName"})
    """Settings without which an import would make the bucket anew."""
    bad: ClassVar[tuple[Mapping[str, Any], tuple[str, ...]]]
    """Wrong settings of a team, and the codes of their faults."""
    adopted_ops: ClassVar[Ops] = {}
    """What the first `up` does after a whole store of a team `vision` was imported exactly as wanted."""

    # ------------------------------------------------------------------------------------------ servers
    @classmethod
    def missing(cls) -> str:
        """What this machine lacks to run it; empty when nothing."""
        return ""

    @classmethod
    @abstractmethod
    def start(cls, folder: Path) -> LocalCloud:
        """Start servers of one's own.

        Args:
            folder: An empty folder.
        """

    @abstractmethod
    def stop(self) -> None:
        """End them."""

    @abstractmethod
    def config(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The configuration of the provider, and apart its secrets, with whole keys (`gcp:project`)."""

    def env(self) -> Mapping[str, str]:
        """More environment for the engine."""
        return {}

    # ------------------------------------------------------------------------------------------ the cloud behind Pulumi's back
    @abstractmethod
    def read(self, made: Made) -> Reading:
        """Everything of a store: its CORS rules under `cors`, its objects with all versions under `objects`.

        Args:
            made: Which one.
        """

    @abstractmethod
    def inventory(self) -> dict[str, str]:
        """Everything there is, with the state of what can be on its way out."""

    @abstractmethod
    def put(self, made: Made, key: str, body: bytes = b"data") -> None:
        """Put an object as the owner.

        Args:
            made: In which store.
            key: Its name.
            body: Its bytes.
        """

    @abstractmethod
    def empty(self, made: Made) -> None:
        """Delete every version of every object.

        Args:
            made: In which store.
        """

    @abstractmethod
    def wandb_reads(self, made: Made, key: str) -> bool:
        """Whether W&B gets an object: by the keys in its address, else by its own identity.

        Args:
            made: The store, as W&B was told of it.
            key: The object.

        Returns:
            False when it is refused; anything else but the object is an error of the test.
        """

    @abstractmethod
    def address(self, made: Made, path: str) -> str:
        """What W&B takes.

        Args:
            made: The store.
            path: A path, `/` for the root.
        """

    def cors_ops(self, team: str) -> Ops:
        """What the engine does when the `corsOrigins` of a smallest team change.

        Args:
            team: Which one.
        """
        return {f"Bucket {team}": "update"}

    @abstractmethod
    def foreign(self, made: Made) -> None:
        """Do what others may do to a store and Pulumi must leave alone: their own tag or member."""

    @abstractmethod
    def drift(self, made: Made) -> None:
        """Change and delete settings and grants of a store."""

    @abstractmethod
    def ways(self, purpose: str) -> dict[str, dict[str, Any]]:
        """Every way to make a store that a removal must leave alone, by team; keys of somebody else's are made here.

        Args:
            purpose: A word for the names of what is made; each is asked for once.
        """

    @abstractmethod
    def by_hand(self, name: str) -> ByHand:
        """Make a bucket as people make them, with an object, with settings that are not ours.

        Args:
            name: Its name.
        """

    def adopting(self, name: str) -> dict[str, Any]:
        """A whole store whose every name is given, which an import needs.

        Args:
            name: Of the bucket; other names are made of it.
        """
        return {**self.whole, "bucketName": name}

    def import_id(self, kind: str, resource: Mapping[str, Any]) -> str:
        """How an import names a resource.

        Args:
            kind: For example `Bucket`.
            resource: The resource in the state of the stack that made it.
        """
        found: str = resource["id"]
        return found

    @abstractmethod
    def remainders(self, made: Made) -> dict[str, Remainder]:
        """What a destroy of a whole store leaves.

        Args:
            made: The store.
        """
