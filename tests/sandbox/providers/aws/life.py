"""The whole life of a resource on a real server, as a table's row describes it, looked at with boto3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.caller import Thing, changed

ACCOUNT = "111122223333"


def policy(*actions: str, **more: Any) -> dict[str, Any]:
    """A policy of one Allow statement."""
    return {"Version": "2012-10-17", "Statement": [{"Sid": "S", "Effect": "Allow", "Action": list(actions), **more}]}


def by_key(found: list[dict[str, str]]) -> dict[str, str]:
    """Tags as a mapping."""
    return {t["Key"]: t["Value"] for t in found}


@dataclass
class Life:
    """One type: what is asked for, then changed, and what must be seen in the cloud.

    Args:
        token: The type.
        inputs: The first inputs, with what they refer to made by hand.
        change: Inputs that differ in the second step.
        look: Reads the setting with boto3.
        before: What it must give after the creation.
        after: What it must give after the update.
        gone: The error code, or the value, that `look` gives after the deletion.
        imported: What an import records beyond the inputs of the second step.
        unreadable: Inputs that no import can know.
    """

    token: str
    inputs: Callable[[World], dict[str, Any]]
    change: dict[str, Any]
    look: Callable[[World, Thing], Any]
    before: Any
    after: Any
    gone: Any
    imported: dict[str, Any] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


_OTHER_TEXT = ("policy", "assumeRolePolicy", "rules")
"""What an import records in other words than the program's; the diff that follows says whether they mean the same."""


def seen(life: Life, world: World, thing: Thing) -> Any:
    """What boto3 sees, or the code of its error."""
    try:
        return life.look(world, thing)
    except ClientError as error:
        return error.response["Error"]["Code"]


def live(life: Life, world: World) -> None:
    """Create, read, no-op, update, import, delete."""
    caller = world.caller
    first = life.inputs(world)
    thing = caller.create(life.token, "thing", first)
    assert seen(life, world, thing) == life.before

    again = caller.read(thing)
    assert again is not None
    assert again.inputs == thing.inputs, "a refresh of what was just made changes nothing"
    assert again.outputs == thing.outputs
    assert changed(caller.diff(thing, first)) == {}

    second = {**first, **life.change}
    really = {k for k, v in life.change.items() if v is not False}
    assert set(changed(caller.diff(thing, second))) == really | ({"tagsAll"} if "tags" in really else set())
    thing = caller.update(thing, second)
    assert seen(life, world, thing) == life.after
    assert changed(caller.diff(thing, second)) == {}

    found = caller.imported(life.token, thing.id)
    assert found is not None
    expected = {k: v for k, v in {**second, **life.imported}.items() if k not in (*life.unreadable, *_OTHER_TEXT)}
    assert {k: v for k, v in found.inputs.items() if k not in _OTHER_TEXT} == expected
    assert changed(caller.diff(found, second)) == dict.fromkeys(life.unreadable, "ADD")

    caller.delete(thing)
    assert seen(life, world, thing) == life.gone
    caller.delete(thing)  # what is gone already is no failure
