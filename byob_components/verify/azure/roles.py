"""The roles of W&B's identity: those that were declared, and no other (V22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from byob_components.verify.azure.built_in import BUILT_IN
from byob_components.verify.azure.stage import Stage
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check

Assignment = Mapping[str, Any]


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    fix = "assign the roles of W&B's page (AzureGrant does), and take away what is more"
    return [Check("V22", "W&B has the roles that were declared", fix, partial(roles, stage), part="roles")]


def roles(stage: Stage, record: Record) -> None:
    """V22 for roles."""
    store = stage.store
    if not (store.roles.account or store.roles.container):
        raise UndecidedError(f"mode '{store.mode}' needs no role: who has the key has the account")
    if not store.principals:
        raise UndecidedError("no object id of W&B's identity was given (principals)")
    assignments = stage.owner(record).arm.role_assignments()
    for principal in store.principals:
        judge_roles(
            record,
            assignments,
            principal,
            stage.resource_id,
            store.container,
            store.roles.account,
            store.roles.container,
        )


def judge_roles(
    record: Record,
    assignments: Sequence[Assignment],
    principal: str,
    account: str,
    container: str,
    on_account: Sequence[str],
    on_container: Sequence[str],
) -> None:
    """Whether an identity has its roles, where they were declared, and no other.

    Args:
        record: Where it is noted.
        assignments: Properties of every assignment at the account.
        principal: The identity's object id.
        account: The account's resource id.
        container: The container's name.
        on_account: The roles it shall have on the account.
        on_container: The roles it shall have on the container.
    """
    wanted = {("the account", role) for role in on_account} | {("the container", role) for role in on_container}
    found = {
        (_place(str(one.get("scope", "")), account, container), _role(str(one.get("roleDefinitionId", ""))))
        for one in assignments
        if str(one.get("principalId", "")).lower() == principal.lower()
    }
    missing, more = sorted(wanted - found), sorted(found - wanted)
    if missing:
        record.fail(f"{principal} lacks {_told(missing)}")
    if more:
        record.fail(f"{principal} has {_told(more)}, which was not declared")
    if not missing and not more:
        record.saw(f"{principal} has {_told(sorted(wanted))}, and no other")


def _place(scope: str, account: str, container: str) -> str:
    scope, account = scope.rstrip("/").lower(), account.rstrip("/").lower()
    if scope == account:
        return "the account"
    if scope == f"{account}/blobservices/default/containers/{container}".lower():
        return "the container"
    return scope


def _role(definition: str) -> str:
    id = definition.rsplit("/", 1)[-1].lower()
    return BUILT_IN.get(id, id)


def _told(pairs: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{role} on {place}" for place, role in pairs)
