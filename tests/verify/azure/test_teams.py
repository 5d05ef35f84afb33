"""Two teams, each with an identity, an account and a key of its own: what opens one store opens no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from byob_components.verify import AzureIdentity, State, verify_azure
from sandbox.clouds.azure.accounts import AUDIENCE, LOCATION, WANDB_SUBJECT
from tests.verify.azure.stores import CONNECTOR, Azure, Store, make

pytestmark = pytest.mark.server


def connector(azure: Azure, team: str) -> tuple[AzureIdentity, str]:
    """A team's identity, which the pods of W&B's cluster act as; and its object id."""
    id = f"{azure.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{team}-wandb"
    made = azure.call("PUT", id, {"location": LOCATION}, "2023-01-31")["properties"]
    trust = {"issuer": azure.cloud.accounts.cluster.issuer, "subject": WANDB_SUBJECT, "audiences": [AUDIENCE]}
    azure.call("PUT", f"{id}/federatedIdentityCredentials/wandb", {"properties": trust}, "2023-01-31")
    who = azure.cloud.accounts.identity(made["clientId"])
    return azure.identity(f"W&B for team {team}", who), made["principalId"]


def team_store(azure: Azure, team: str) -> Store:
    """A team's store, opened by its connector alone."""
    store = make(azure, "team_connector")
    store.revoke(*CONNECTOR)
    wandb, principal = connector(azure, team)
    for role in CONNECTOR:
        store.grant(role, who=principal)
    store.store = replace(store.store, principals=(principal,))
    store.cast = replace(store.cast, wandb=wandb, outsiders=())
    return store


def key_of(store: Store) -> AzureIdentity:
    account = store.store.account
    return AzureIdentity("the key of the other team", account_key=store.azure.key(store.id), account=account)


def test_what_opens_one_teams_store_opens_no_other(azure: Azure) -> None:
    vision, robotics = team_store(azure, "vision"), team_store(azure, "robotics")
    for mine, other in ((vision, robotics), (robotics, vision)):
        assert other.cast.wandb is not None
        cast = replace(mine.cast, outsiders=(other.cast.wandb, key_of(other)))
        report = verify_azure(mine.store, cast)
        assert report.ok, report.to_text()
        refused = {f"V19:{other.cast.wandb.name}", "V19:the key of the other team"}
        assert refused <= set(report.ids(State.PASS)), report.to_text()


def test_a_team_that_was_let_in_on_purpose_is_found(azure: Azure) -> None:
    store = team_store(azure, "lidar")
    other, principal = connector(azure, "radar")
    store.grant("Storage Account Key Operator Service Role", who=principal)
    report = verify_azure(store.store, replace(store.cast, outsiders=(other,)))
    assert report.ids(State.FAIL) == ["V19:W&B for team radar"]
    told = next(r for r in report.results if r.id == "V19:W&B for team radar")
    assert told.evidence[-1] == "they list the account's keys, with which everything is open that takes them"
