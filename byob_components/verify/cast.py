"""Who acts in a verification: W&B, the store's owner, and those who must not get in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from byob_components.errors import ByobError, Fault


class Named(Protocol):
    """An identity of some cloud: credentials with a name."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    @property
    def login(self) -> str:
        """What tells it from others, whatever its name: the public part of its credentials."""
        ...


Who = TypeVar("Who", bound=Named)


@dataclass(frozen=True)
class Cast(Generic[Who]):
    """Everybody who acts.

    Args:
        wandb: W&B's principal, or an identity of yours that holds the very same grant. Without one the owner acts in its
            place, and every result says so with a warning: that shows the store works, not that the grant does.
        owner: Who reads settings that W&B may not read, and removes what the verification put there. Without one those
            checks are skipped, and versions that W&B cannot delete stay until they expire.
        outsiders: Identities that must be refused: a user of another account, another team's credential, another role
            of W&B's account when the grant names a role.

    Raises:
        ByobError: Nobody is there to act, or an outsider is W&B or the owner.
    """

    wandb: Who | None
    owner: Who | None = None
    outsiders: tuple[Who, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        if self.wandb is None and self.owner is None:
            faults.append(
                Fault(
                    "BYOB-VERIFY-001",
                    "cast",
                    "has nobody to act",
                    allowed="wandb, owner or both",
                    fix="give W&B's identity, the owner's, or both",
                )
            )
        names = [who.name for who in (self.wandb, self.owner, *self.outsiders) if who is not None]
        faults += [
            Fault(
                "BYOB-VERIFY-002",
                "cast",
                "names two identities",
                name,
                "a name of its own for everybody: the report says who acted",
                "rename one of them",
            )
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
        insiders = [who.login for who in (self.wandb, self.owner) if who is not None]
        faults += [
            Fault(
                "BYOB-VERIFY-003",
                f"cast.outsiders[{i}]",
                "is let in on purpose: it is W&B or the owner",
                outsider.name,
                "identities without any right on the store",
                "drop it, or give another identity",
            )
            for i, outsider in enumerate(self.outsiders)
            if outsider.login in insiders
        ]
        if faults:
            raise ByobError(faults, "verification")
