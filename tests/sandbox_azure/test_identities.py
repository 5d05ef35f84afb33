"""Identities and whom they trust: a pod of W&B's cluster signs in as the customer's identity, and nobody else does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.clouds.azure.accounts import AUDIENCE, LOCATION, TENANT
from tests.sandbox_azure.conftest import GROUP, World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]


def identity(world: World) -> dict[str, Any]:
    return world.done("PUT", f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{world.name('identity')}", {"location": LOCATION})  # fmt: skip


def trust(world: World, id: str, name: str, subject: str, issuer: str = "") -> tuple[int, str]:
    said = {"issuer": issuer or world.accounts.cluster.issuer, "subject": subject, "audiences": [AUDIENCE]}
    return world.code("PUT", f"{id}/federatedIdentityCredentials/{name}", {"properties": said})


def signs_in(world: World, client: str, assertion: str) -> tuple[int, int]:
    """The status, and the number of the refusal."""
    form = {
        "grant_type": "client_credentials", "client_id": client, "scope": "https://storage.azure.com/.default", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    answer = world.web.post(f"{world.server.arm}/{TENANT}/oauth2/v2.0/token", data=form)
    return answer.status_code, (answer.json().get("error_codes") or [0])[0]


def test_only_a_trusted_pod_signs_in(world: World) -> None:
    made, cluster = identity(world), world.accounts.cluster
    client, subject = made["properties"]["clientId"], "system:serviceaccount:default:wandb-app"
    assert signs_in(world, client, cluster.token(subject)) == (401, 700211), "it trusts nobody yet"
    assert trust(world, made["id"], "wandb-app", subject) == (201, "")
    assert signs_in(world, client, cluster.token(subject)) == (200, 0)
    assert signs_in(world, client, cluster.token("system:serviceaccount:default:other")) == (401, 700213)
    assert signs_in(world, client, cluster.token(subject, audience="api://other")) == (401, 700212)
    assert signs_in(world, client, cluster.token(subject, seconds=-600)) == (401, 700027)
    assert signs_in(world, client, world.accounts.other_cluster.token(subject)) == (401, 700211)
    forged = cluster.token(subject).rpartition(".")[0] + "." + world.accounts.other_cluster.token(subject).rpartition(".")[2]  # fmt: skip
    assert signs_in(world, client, forged) == (401, 700027)
    assert signs_in(world, client, "nonsense") == (401, 50027)
    world.done("DELETE", f"{made['id']}/federatedIdentityCredentials/wandb-app")
    assert signs_in(world, client, cluster.token(subject)) == (401, 700211)
    world.done("DELETE", made["id"])
    assert signs_in(world, client, cluster.token(subject)) == (400, 700016)


def test_at_most_twenty_and_each_pod_once(world: World) -> None:
    id = identity(world)["id"]
    for number in range(20):
        assert trust(world, id, f"pod-{number}", f"system:serviceaccount:default:pod-{number}") == (201, "")
    assert trust(world, id, "pod-20", "system:serviceaccount:default:pod-20") == (400, "BadRequest")
    world.done("DELETE", f"{id}/federatedIdentityCredentials/pod-19")
    assert trust(world, id, "twice", "system:serviceaccount:default:pod-0") == (409, "Conflict")
    assert trust(world, id, "x", "s") == (400, "BadRequest"), "a name has at least three characters"
    assert trust(world, id, "plain", "s", "http://issuer/") == (400, "BadRequest")
    assert len(world.done("GET", f"{id}/federatedIdentityCredentials")["value"]) == 19


def test_two_writes_at_a_time_are_refused(world: World) -> None:
    id, seen = identity(world)["id"], set[tuple[int, str]]()
    with ThreadPoolExecutor(6) as pool:
        for _ in range(20):  # two calls of one round need not meet on a busy machine
            seen |= set(pool.map(lambda n: trust(world, id, f"pod-{n}", f"system:serviceaccount:default:pod-{n}"), range(6)))  # fmt: skip
            if len({status for status, _ in seen} & {200, 409}) == 2:
                break
    assert seen <= {(201, ""), (200, ""), (409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity")}
    assert {409} < {status for status, _ in seen}


def test_secrets(world: World) -> None:
    who = world.accounts.deployer
    form = {"grant_type": "client_credentials", "client_id": who.client_id, "client_secret": "wrong", "scope": "x/.default"}  # fmt: skip
    url = f"{world.server.arm}/{TENANT}/oauth2/v2.0/token"
    assert world.web.post(url, data=form).json()["error_codes"] == [7000215]
    assert world.web.post(url, data={**form, "client_id": world.accounts.wandb_console.client_id}).json()["error_codes"] == [7000215]  # fmt: skip
    assert world.web.post(url.replace(TENANT, "other"), data=form).json()["error_codes"] == [90002]
    assert world.web.post(url, data={**form, "client_secret": who.secret, "scope": "x"}).json()["error"] == "invalid_scope"  # fmt: skip
    assert world.web.post(url, data={**form, "client_secret": who.secret}).json()["token_type"] == "Bearer"
