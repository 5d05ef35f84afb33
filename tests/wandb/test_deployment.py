"""The availability matrix, row by row, against W&B's page."""

from __future__ import annotations

import pytest

from byob_components.wandb.deployment import Cloud, Deployment, Level, check_keys, check_offer, offer
from byob_components.wandb.source import BYOB

D, L, C = Deployment, Level, Cloud

# deployment, level, cloud, offered, what the reason says, what W&B asks for
MATRIX = [
    (D.MULTI_TENANT, L.INSTANCE, C.AWS, False, "W&B's own", ""),
    (D.MULTI_TENANT, L.INSTANCE, C.GCP, False, "W&B's own", ""),
    (D.MULTI_TENANT, L.INSTANCE, C.AZURE, False, "W&B's own", ""),
    (D.MULTI_TENANT, L.INSTANCE, C.S3_COMPATIBLE, False, "W&B's own", ""),
    (D.MULTI_TENANT, L.INSTANCE, C.COREWEAVE, False, "W&B's own", ""),
    (D.MULTI_TENANT, L.TEAM, C.AWS, True, "own form", "the Enterprise plan"),
    (D.MULTI_TENANT, L.TEAM, C.GCP, True, "own form", "the Enterprise plan"),
    (D.MULTI_TENANT, L.TEAM, C.AZURE, False, "no team storage on Azure", ""),
    (D.MULTI_TENANT, L.TEAM, C.S3_COMPATIBLE, False, "other than CoreWeave", ""),
    (D.MULTI_TENANT, L.TEAM, C.COREWEAVE, True, "own form", "the Enterprise plan"),
    (D.DEDICATED, L.INSTANCE, C.AWS, True, "support sets it up", ""),
    (D.DEDICATED, L.INSTANCE, C.GCP, True, "support sets it up", ""),
    (D.DEDICATED, L.INSTANCE, C.AZURE, True, "support sets it up", ""),
    (D.DEDICATED, L.INSTANCE, C.S3_COMPATIBLE, True, "support sets it up", ""),
    (D.DEDICATED, L.INSTANCE, C.COREWEAVE, True, "not self-service", "server version 0.73.0 or newer"),
    (D.DEDICATED, L.TEAM, C.AWS, True, "support lists the store", ""),
    (D.DEDICATED, L.TEAM, C.GCP, True, "support lists the store", ""),
    (D.DEDICATED, L.TEAM, C.AZURE, True, "support lists the store", ""),
    (D.DEDICATED, L.TEAM, C.S3_COMPATIBLE, True, "support lists the store", ""),
    (D.DEDICATED, L.TEAM, C.COREWEAVE, True, "support lists the store", "server version 0.73.0 or newer"),
    (D.SELF_MANAGED, L.INSTANCE, C.AWS, True, "System Console", ""),
    (D.SELF_MANAGED, L.INSTANCE, C.GCP, True, "System Console", ""),
    (D.SELF_MANAGED, L.INSTANCE, C.AZURE, True, "System Console", ""),
    (D.SELF_MANAGED, L.INSTANCE, C.S3_COMPATIBLE, True, "System Console", ""),
    (
        D.SELF_MANAGED,
        L.INSTANCE,
        C.COREWEAVE,
        True,
        "not self-service",
        "server version 0.73.0 or newer, deployed with Helm chart 0.33.14 or newer",
    ),
    (D.SELF_MANAGED, L.TEAM, C.AWS, True, "lists the store on the server", ""),
    (D.SELF_MANAGED, L.TEAM, C.GCP, True, "lists the store on the server", ""),
    (D.SELF_MANAGED, L.TEAM, C.AZURE, True, "lists the store on the server", ""),
    (D.SELF_MANAGED, L.TEAM, C.S3_COMPATIBLE, True, "lists the store on the server", ""),
    (
        D.SELF_MANAGED,
        L.TEAM,
        C.COREWEAVE,
        True,
        "lists the store on the server",
        "server version 0.73.0 or newer, deployed with Helm chart 0.33.14 or newer",
    ),
]


def test_the_matrix_is_whole() -> None:
    assert [row[:3] for row in MATRIX] == [(d, level, c) for d in D for level in L for c in C]


@pytest.mark.parametrize(("deployment", "level", "cloud", "offered", "reason", "needs"), MATRIX)
def test_what_is_offered(
    deployment: Deployment, level: Level, cloud: Cloud, offered: bool, reason: str, needs: str
) -> None:
    found = offer(deployment, level, cloud)
    assert found.offered is offered
    assert reason in found.reason
    assert found.needs == needs
    assert found.source.ref
    assert found.source.date
    assert bool(check_offer(deployment, level, cloud)) is not offered


def test_azure_on_multi_tenant_names_where_it_was_taken_back() -> None:
    assert "#118" in offer(D.MULTI_TENANT, L.TEAM, C.AZURE).source.ref
    assert offer(D.MULTI_TENANT, L.TEAM, C.S3_COMPATIBLE).source is BYOB


@pytest.mark.parametrize(
    ("level", "cloud", "where", "value", "allowed", "fix"),
    [
        (L.INSTANCE, C.AWS, "level", "instance", "'team'", "set level to 'team'"),
        (L.INSTANCE, C.COREWEAVE, "level", "instance", "'team'", "set level to 'team'"),
        # Another level would not help here: the fix must not send anybody to the next refusal.
        (L.INSTANCE, C.AZURE, "cloud", "azure", "at team level aws, gcp, coreweave", "choose one of these clouds"),
        (L.TEAM, C.AZURE, "cloud", "azure", "at team level aws, gcp, coreweave", "choose one of these clouds"),
        (L.TEAM, C.S3_COMPATIBLE, "cloud", "s3_compatible", "at team level aws, gcp, coreweave", "choose one of these"),
    ],
)
def test_a_refusal_says_what_would_work(
    level: Level, cloud: Cloud, where: str, value: str, allowed: str, fix: str
) -> None:
    [fault] = check_offer(D.MULTI_TENANT, level, cloud)
    assert (fault.code, fault.where, fault.value, fault.allowed) == ("BYOB-WANDB-001", where, value, allowed)
    assert fix in fault.fix
    assert "is not offered on multi_tenant: " in fault.what


def test_multi_tenant_takes_no_keys() -> None:
    [fault] = check_keys(D.MULTI_TENANT, "credential_keys")
    assert (fault.code, fault.where, fault.value) == ("BYOB-WANDB-003", "credential_keys", None)
    assert check_keys(D.DEDICATED, "credential_keys") == check_keys(D.SELF_MANAGED, "credential_keys") == []
