"""A key that is missing or not usable hides nothing but what is read from it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stack.faults import INSTANCE, ROLE, TEAM, faults

SHARED = {"stores": {"s": {"access": "minimal"}}}
ROWS: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        "no level, and teams",
        {"deployment": "dedicated", "teams": {"v": {"encryption": "existing_key"}, "w": {"paths": ["/x"]}}},
        ["BYOB-SET-003 byob:level", "BYOB-AWS-008 byob:teams.v.kmsKeyArn", "BYOB-WANDB-021 byob:teams.w.paths[0]"],
    ),
    (
        "no level, and the store of an instance",
        {"deployment": "dedicated", "store": {"forceDestroy": True}},
        ["BYOB-SET-003 byob:level", "BYOB-AWS-021 byob:store.forceDestroy"],
    ),
    (
        "a level that is none, and both",
        {
            "deployment": "dedicated",
            "level": "org",
            "store": {"accessLogPrefix": "x/"},
            "stores": {"s": {"forceDestroy": True}},
            "teams": {"a": {"store": "s", "path": "a"}, "b": {"store": "t", "path": "b"}},
        },
        [
            "BYOB-SET-004 byob:level",
            "BYOB-SET-012 byob:teams.b.store",
            "BYOB-AWS-023 byob:store.accessLogPrefix",
            "BYOB-AWS-021 byob:stores.s.forceDestroy",
        ],
    ),
    (
        "no deployment",
        {"level": "instance", "store": {"access": "minimal", "paths": ["a"]}},
        ["BYOB-SET-003 byob:deployment", "BYOB-WANDB-002 byob:store.access"],
    ),
    (
        "neither, and a store that needs a provider",
        {"teams": {"a": {"cloud": "coreweave", "forceDestroy": True}}, "providers": {"p": {"cloud": "aws", "x": 1}}},
        [
            "BYOB-SET-003 byob:deployment",
            "BYOB-SET-003 byob:level",
            "BYOB-SET-021 byob:teams.a.provider",
            "BYOB-ARG-002 byob:teams.a.wandbOrganizationId",
            "BYOB-CW-021 byob:teams.a.forceDestroy",
            "BYOB-SET-001 byob:providers.p.x",
        ],
    ),
    (
        "a state that is none",
        {**TEAM, "teams": {"v": {"state": "gone", "region": "Ireland", "encryption": "existing_key"}}},
        ["BYOB-SET-004 byob:teams.v.state", "BYOB-AWS-003 byob:teams.v.region", "BYOB-AWS-008 byob:teams.v.kmsKeyArn"],
    ),
    (
        "a provider that is none, which is not missing",
        {**TEAM, "teams": {"a": {"cloud": "coreweave", "provider": 7, "forceDestroy": True}}},
        [
            "BYOB-SET-005 byob:teams.a.provider",
            "BYOB-ARG-002 byob:teams.a.wandbOrganizationId",
            "BYOB-CW-021 byob:teams.a.forceDestroy",
        ],
    ),
    (
        "a path that is none, which is not missing",
        {**TEAM, **SHARED, "teams": {"a": {"store": "s", "path": 7, "region": "x"}, "b": {"store": "s", "path": "/b"}}},
        [
            "BYOB-SET-005 byob:teams.a.path",
            "BYOB-SET-014 byob:teams.a.region",
            "BYOB-WANDB-021 byob:teams.b.path",
        ],
    ),
    (
        "the store of an instance, which is not an empty one",
        {"deployment": "self_managed", "level": "instance", "store": {"provider": 7, "principals": [ROLE]}},
        ["BYOB-SET-005 byob:store.provider"],
    ),
    (
        "a cloud that is none: nothing can be said of the store, nor of defaults that may be its",
        {**INSTANCE, "deployment": "self_managed", "store": {"cloud": "gpc"}, "defaults": {"location": "EU"}},
        ["BYOB-SET-004 byob:store.cloud"],
    ),
    (
        "a team's cloud that is none, beside another team",
        {**TEAM, "teams": {"a": {"noncurrentDays": 0}, "b": {"cloud": "gpc"}}, "defaults": {"location": "EU"}},
        ["BYOB-SET-004 byob:teams.b.cloud", "BYOB-AWS-012 byob:teams.a.noncurrentDays"],
    ),
]


@pytest.mark.parametrize(("config", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_else_is_told(config: dict[str, Any], expected: list[str]) -> None:
    assert [line.split(": ")[0] for line in faults(config)] == expected
