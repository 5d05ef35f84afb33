"""What a resource type of the local Resource Manager is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.clouds.azure.apis.ids import Where
from sandbox.clouds.azure.apis.web import Answer, ArmError, Request

if TYPE_CHECKING:
    from sandbox.clouds.azure.apis.arm import Arm
    from sandbox.clouds.azure.apis.directory import Principal

Body = dict[str, Any]


class Kind:
    """A resource type. What is held is the whole body as it is shown, without id, name and type.

    Args:
        arm: Resource Manager, which holds the resources.
    """

    type = ""
    tracked = False
    """Whether it has a location of its own, which never changes."""
    made = 201
    """The status that a new one is answered with; tracked ones say 200."""
    on_others = False
    """An extension type: it lies on any other resource."""
    deletable_default = False
    """Whether what is there by itself can be deleted (a container that a data-plane client made)."""
    serial = True
    """Whether its calls wait for all others."""

    def __init__(self, arm: Arm) -> None:
        self.arm = arm
        self.actions: dict[str, Callable[[Where, Request, Principal], Answer]] = {}

    def prepare(self, at: Where, body: Body, old: Body | None, who: Principal) -> Body:
        """What will be held after a PUT or a PATCH.

        Args:
            at: Which resource.
            body: What was sent.
            old: What is held; None when it is new.
            who: The caller.

        Raises:
            ArmError: It is refused.
        """
        raise NotImplementedError

    def stored(self, at: Where, held: Body, new: bool) -> None:
        """Called when it is held."""

    def shown(self, at: Where, held: Body) -> Body:
        """What a GET answers, without id, name and type."""
        return held

    def default(self, at: Where) -> Body | None:
        """What is there although nobody made it; None for most types."""
        return None

    def removing(self, at: Where, held: Body) -> None:
        """Called before it goes, by itself or with what it lies in."""


def properties(body: Body) -> Body:
    """The properties that were sent, those that are null left out.

    Raises:
        ArmError: They are no object.
    """
    found = body.get("properties")
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ArmError(400, "InvalidRequestContent", "The request content was invalid: 'properties' must be an object.")
    return {name: value for name, value in found.items() if value is not None}


def place(body: Body, old: Body | None, fallback: str = "") -> str:
    """The location of a tracked resource.

    Raises:
        ArmError: There is none, or it would change.
    """
    asked = str(body.get("location") or fallback).replace(" ", "").lower()
    if old is not None:
        if asked and asked != old["location"]:
            raise ArmError(409, "InvalidResourceLocation", f"The resource already exists in location '{old['location']}'. A resource with the same name cannot be created in location '{asked}'. Please select a new resource name.")  # fmt: skip
        return str(old["location"])
    if not asked:
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    return asked
