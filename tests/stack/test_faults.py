"""Every fault of a stack's configuration: its code, its config path, what it says and what it must not say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from byob_components.stack import load
from tests.stack.faults import INSTANCE, SECRET, TEAM, faults

ROWS: list[tuple[str, dict[str, Any], tuple[str, ...], list[str]]] = [
    # name, configuration, secret keys, the whole text of every fault
    (
        "unknown key at the top",
        {**TEAM, "team": {"vision": SECRET}},
        (),
        ["BYOB-SET-001 byob:team: is not a setting; fix: did you mean `teams`?"],
    ),
    (
        "unknown key of a team, in the component's spelling",
        {**TEAM, "teams": {"vision": {"noncurrent_days": 3}}},
        (),
        ["BYOB-SET-001 byob:teams.vision.noncurrent_days: is not a setting; fix: did you mean `noncurrentDays`?"],
    ),
    (
        "unknown key of a team that is near nothing",
        {**TEAM, "teams": {"vision": {"zzzzzz": SECRET}}},
        (),
        [
            "BYOB-SET-001 byob:teams.vision.zzzzzz: is not a setting; fix: the keys are abortUploadDays, access, "
            "accessLogBucket, accessLogPrefix, accountId, allowDataExpiry, bucketName, bucketPolicyStatements, "
            "corsMaxAgeSeconds, corsOrigins, credentialKeys, encryption, forceDestroy, kmsAliasName, "
            "kmsDeletionWindowDays, kmsKeyAdmins, kmsKeyArn, kmsKeyGuard, kmsKeyUsers, kmsRotationDays, lifecycleRules, "
            "noncurrentDays, noncurrentVersions, partition, paths, principals, protection, region, tags"
        ],
    ),
    (
        "unknown key of a lifecycle rule",
        {**TEAM, "teams": {"vision": {"lifecycleRules": [{"id": "a", "prefixes": SECRET, "noncurrentDays": 3}]}}},
        (),
        ["BYOB-SET-001 byob:teams.vision.lifecycleRules[0].prefixes: is not a setting; fix: did you mean `prefix`?"],
    ),
    (
        "unknown key of the defaults, told once for two stores",
        {**TEAM, "defaults": {"tag": SECRET}, "teams": {"a": {}, "b": {}}},
        (),
        ["BYOB-SET-001 byob:defaults.tag: is not a setting; fix: did you mean `tags`?"],
    ),
    (
        "unknown setting of a provider",
        {**TEAM, "providers": {"lab": {"cloud": "aws", "secretkey": SECRET}}},
        ("providers",),
        ["BYOB-SET-001 byob:providers.lab.secretkey: is not a setting; fix: did you mean `secretKey`?"],
    ),
    (
        "a provider's setting in the component's spelling",
        {**TEAM, "providers": {"lab": {"cloud": "aws", "assume_roles": [{"roleArn": SECRET}]}}},
        (),
        ["BYOB-SET-001 byob:providers.lab.assume_roles: is not a setting; fix: did you mean `assumeRoles`?"],
    ),
    (
        "unknown setting inside a provider's record",
        {**TEAM, "providers": {"lab": {"cloud": "aws", "assumeRoles": [{"roleArn": "x"}, {"role_arn": SECRET}]}}},
        (),
        ["BYOB-SET-001 byob:providers.lab.assumeRoles[1].role_arn: is not a setting; fix: did you mean `roleArn`?"],
    ),
    (
        "a secret where nothing is one",
        {**TEAM, "teams": {"vision": {"bucketName": SECRET}}},
        ("teams",),
        [
            "BYOB-SET-002 byob:teams: holds a secret, and nothing there is one; allowed: settings under byob:providers, "
            "accessKey, secretKey; fix: move the secret to a provider's settings, or write the value without --secret"
        ],
    ),
    (
        "a secret deployment",
        {"deployment": SECRET, "level": "team"},
        ("deployment",),
        [
            "BYOB-SET-004 byob:deployment: is not one of the values; allowed: 'multi_tenant', 'dedicated', "
            "'self_managed'; fix: give one of the allowed values",
            "BYOB-SET-002 byob:deployment: holds a secret, and nothing there is one; allowed: settings under "
            "byob:providers, accessKey, secretKey; fix: move the secret to a provider's settings, or write the value "
            "without --secret",
        ],
    ),
    (
        "what is required",
        {},
        (),
        [
            "BYOB-SET-003 byob:deployment: is required; fix: set it: pulumi config set byob:deployment …",
            "BYOB-SET-003 byob:level: is required; fix: set it: pulumi config set byob:level …",
        ],
    ),
    (
        "a provider without its cloud",
        {**TEAM, "providers": {"lab": {"region": "eu-west-1"}}},
        (),
        [
            "BYOB-SET-003 byob:providers.lab.cloud: is required; fix: set it: "
            "pulumi config set --path byob:providers.lab.cloud …"
        ],
    ),
    (
        "values that are none of an enum's",
        {"deployment": "self-managed", "level": "teams"},
        (),
        [
            "BYOB-SET-004 byob:deployment: 'self-managed' is not one of the values; allowed: 'multi_tenant', "
            "'dedicated', 'self_managed'; fix: did you mean 'self_managed'?",
            "BYOB-SET-004 byob:level: 'teams' is not one of the values; allowed: 'instance', 'team'; "
            "fix: did you mean 'team'?",
        ],
    ),
    (
        "a state that is none",
        {**TEAM, "teams": {"vision": {"state": "paused"}}},
        (),
        [
            "BYOB-SET-004 byob:teams.vision.state: 'paused' is not one of the values; allowed: 'active', 'suspended', "
            "'released'; fix: give one of the allowed values"
        ],
    ),
    (
        "a name that resources cannot have",
        {**TEAM, "teams": {"Vision_1": {}}},
        (),
        [
            "BYOB-SET-005 byob:teams.Vision_1: is not a name: 1 to 54 lower-case letters, digits and '-', a letter or "
            "digit at both ends; fix: see the examples in stacks/config"
        ],
    ),
    (
        "shapes that are none",
        {
            **TEAM,
            "teams": {"vision": SECRET},
            "stores": [SECRET],
            "providers": {"lab": {"cloud": "aws"}},
            "defaults": "x",
        },
        (),
        [
            "BYOB-SET-005 byob:defaults: is not a mapping of settings; fix: see the examples in stacks/config",
            "BYOB-SET-005 byob:stores: is not a mapping of settings; fix: see the examples in stacks/config",
            "BYOB-SET-005 byob:teams.vision: is not a mapping of settings; fix: see the examples in stacks/config",
        ],
    ),
    (
        "a number where text belongs",
        {**TEAM, "stores": {"s": {"provider": 7}}, "teams": {"a": {"store": "s", "path": "a"}}},
        (),
        ["BYOB-SET-005 byob:stores.s.provider: is not text: put it in quotes; fix: see the examples in stacks/config"],
    ),
    (
        "teams at instance level",
        {**INSTANCE, "teams": {"vision": {}}},
        (),
        [
            "BYOB-SET-006 byob:teams: has no place at instance level; allowed: byob:store; "
            "fix: set byob:level to 'team', or use byob:store"
        ],
    ),
    (
        "a store at team level",
        {**TEAM, "store": {}},
        (),
        [
            "BYOB-SET-006 byob:store: has no place at team level; allowed: byob:teams, byob:stores; "
            "fix: give the store to a team under byob:teams"
        ],
    ),
    (
        "a store called as a team",
        {**TEAM, "stores": {"a": {}}, "teams": {"a": {"store": "a", "path": "a"}}},
        (),
        [
            "BYOB-SET-007 byob:stores.a: 'a' has the name of a team, and each names resources; allowed: different names; "
            "fix: rename the store"
        ],
    ),
    (
        "a provider that is not defined",
        {**TEAM, "teams": {"vision": {"provider": "lab"}}},
        (),
        [
            "BYOB-SET-009 byob:teams.vision.provider: 'lab' is not defined; allowed: none yet; "
            "fix: add it to byob:providers, or drop it for the default provider"
        ],
    ),
    (
        "a path without a store",
        {**TEAM, "teams": {"vision": {"path": "vision"}}},
        (),
        [
            "BYOB-SET-011 byob:teams.vision.path: needs a shared store; allowed: store and path together; "
            "fix: name the store, or write `paths` for paths of the team's own store"
        ],
    ),
    (
        "a store that is not defined",
        {**TEAM, "stores": {"s": {}}, "teams": {"a": {"store": "s", "path": "a"}, "b": {"store": "t", "path": "b"}}},
        (),
        [
            "BYOB-SET-012 byob:teams.b.store: 't' is not defined; allowed: s; "
            "fix: add it to byob:stores, or drop it for a store of the team's own"
        ],
    ),
    (
        "no path in a shared store",
        {**TEAM, "stores": {"s": {}}, "teams": {"a": {"store": "s"}, "b": {"store": "s", "path": "b"}}},
        (),
        ["BYOB-SET-013 byob:teams.a.path: is required in a shared store; fix: give the team a path of its own"],
    ),
    (
        "what belongs to the shared store",
        {
            **TEAM,
            "stores": {"s": {}},
            "teams": {"a": {"store": "s", "path": "a", "region": "eu-west-1", "cloud": "aws"}},
        },
        (),
        [
            "BYOB-SET-014 byob:teams.a.cloud: belongs to the shared store; allowed: store, path, state; "
            "fix: move it to the store under byob:stores",
            "BYOB-SET-014 byob:teams.a.region: belongs to the shared store; allowed: store, path, state; "
            "fix: move it to the store under byob:stores",
        ],
    ),
    (
        "one team of a shared store released",
        {
            **TEAM,
            "stores": {"s": {"access": "minimal"}},
            "teams": {"a": {"store": "s", "path": "a", "state": "released"}, "b": {"store": "s", "path": "b"}},
        },
        (),
        [
            "BYOB-SET-015 byob:teams.a.state: 'released' is not possible while other teams of the shared store stay; "
            "allowed: 'active', 'suspended'; fix: suspend the team, then remove its lines: its data stays in the store; "
            "or release every team of it"
        ],
    ),
    (
        "a store without a team",
        {**TEAM, "stores": {"s": {}}},
        (),
        [
            "BYOB-SET-016 byob:stores.s: 's' is used by no team; "
            "fix: name it in a team; to keep the store of a team that leaves, suspend or release the team"
        ],
    ),
    (
        "a record that is none",
        {**TEAM, "providers": {"lab": {"cloud": "aws", "defaultTags": SECRET, "assumeRoles": [SECRET]}}},
        (),
        [
            "BYOB-SET-017 byob:providers.lab.defaultTags: is not a mapping of settings; allowed: tags; "
            "fix: give a mapping",
            "BYOB-SET-017 byob:providers.lab.assumeRoles[0]: is not a mapping of settings; allowed: duration, externalId, "
            "policy, policyArns, roleArn, sessionName, sourceIdentity, tags, transitiveTagKeys; fix: give a mapping",
        ],
    ),
    (
        "a suspended team in a shared store with the documented grant",
        {
            **TEAM,
            "stores": {"s": {}},
            "teams": {"a": {"store": "s", "path": "a", "state": "suspended"}, "b": {"store": "s", "path": "b"}},
        },
        (),
        [
            "BYOB-SET-019 byob:teams.a.state: 'suspended' needs 'minimal' access in a shared store: the documented grant "
            "covers the whole bucket; allowed: access 'minimal'; fix: set access of the store to 'minimal', "
            "and give each team its path"
        ],
    ),
    (
        "one bucket name for two stores",
        {**TEAM, "teams": {"a": {"bucketName": "acme-data"}, "b": {"bucketName": "acme-data"}}},
        (),
        [
            "BYOB-SET-020 byob:teams.b.bucketName: 'acme-data' is the name in a already; "
            "fix: give it another name; teams that share a bucket name one store of byob:stores"
        ],
    ),
]


@pytest.mark.parametrize(("config", "secret_keys", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_faults_say_what_where_and_how(
    config: dict[str, Any], secret_keys: tuple[str, ...], expected: list[str]
) -> None:
    assert faults(config, secret_keys) == expected


def test_every_code_has_a_row() -> None:
    sources = Path(load.__code__.co_filename).parent.glob("*.py")
    codes = {code for source in sources for code in re.findall(r"BYOB-SET-\d{3}", source.read_text())}
    here = {
        code
        for test in Path(__file__).parent.glob("test_faults*.py")
        for code in re.findall(r"BYOB-SET-\d{3}", test.read_text())
    }
    assert codes == here
    assert len(codes) == 21
