"""No rule raises, whatever the properties look like: trees mutated from valid resources, with unknowns and secrets anywhere."""

from __future__ import annotations

import copy
import itertools
import json
import random
from typing import Any

import pytest

from byob_components.policies import RULES
from byob_components.policies.tree import UNKNOWN, Node, Secret
from byob_components.policies.view import Resource
from tests.policies import good
from tests.policies.made import answers

TREES = 2000
ODD: tuple[Any, ...] = (
    UNKNOWN,
    None,
    True,
    False,
    0,
    -1,
    1e9,
    "",
    "*",
    "true",
    [],
    {},
    [[]],
    [None],
    {"": None},
    "\0",
    "é" * 50,
)


def nodes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of a tree."""
    found = [path]
    if isinstance(value, dict):
        for key, one in value.items():
            found += nodes(one, (*path, key))
    if isinstance(value, list):
        for i, one in enumerate(value):
            found += nodes(one, (*path, i))
    return found


def mutated(tree: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A tree with a few of its places changed; a policy document is taken apart and put together again."""
    mine = copy.deepcopy(tree)
    policy = mine.get("policy")
    if isinstance(policy, str) and chance.random() < 0.8:
        mine["policy"] = json.loads(policy)
    for _ in range(chance.randint(1, 4)):
        place = chance.choice(nodes(mine)[1:] or [("new",)])
        here = mine
        for step in place[:-1]:
            here = here[step]
        old = here[place[-1]] if not isinstance(here, dict) or place[-1] in here else None
        what = chance.randrange(5)
        if what == 0 and isinstance(here, dict):
            here.pop(place[-1], None)
        elif what == 1:
            here[place[-1]] = [copy.deepcopy(old), copy.deepcopy(old)]
        elif what == 2:
            here[place[-1]] = {"inside": old}
        else:
            here[place[-1]] = copy.deepcopy(chance.choice(ODD))
    if isinstance(mine.get("policy"), dict) and chance.random() < 0.7 and not _holds_unknown(mine["policy"]):
        mine["policy"] = json.dumps(mine["policy"])
    return {key: _secret(value, chance) for key, value in mine.items()}


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(_holds_unknown(one) for one in (value.values() if isinstance(value, dict) else value))
    return value is UNKNOWN


def _secret(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        value = {key: _secret(one, chance) for key, one in value.items()}
    elif isinstance(value, list):
        value = [_secret(one, chance) for one in value]
    return Secret(value) if chance.random() < 0.1 else value


@pytest.mark.parametrize("part", range(4))
def test_no_rule_raises(part: int) -> None:
    chance = random.Random(part)  # noqa: S311
    stacks = [stack for stacks in good.stacks().values() for stack in stacks.values()]
    trees, seen = 0, set()
    chance.shuffle(stacks)
    for stack in itertools.cycle(stacks):
        if trees >= TREES // 4:
            break
        changed = []
        for one in stack:
            if chance.random() < 0.5:
                inputs = Node(mutated(one.inputs.value, chance))
                changed.append(Resource(one.urn, one.type, one.name, inputs, inputs, one.protect, one.links))
                trees += 1
            else:
                changed.append(one)
        for name, answer in answers(changed):
            seen.add(name)
            assert not [one for one in answer.violations if one.failed], (name, answer)
    assert seen == {one.name for one in RULES if one.stack} | {
        one.name for one in RULES if set(one.types) & {resource.type for stack in stacks for resource in stack}
    }
