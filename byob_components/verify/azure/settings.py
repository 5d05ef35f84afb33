"""The account's plain settings: transport, place, public access, versions and soft delete (V01, V02, V03, V06)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from azure.core.exceptions import HttpResponseError

from byob_components.verify.azure.arm import NO_ACCOUNT
from byob_components.verify.azure.meaning import BAD_KEYS, NO_CONTAINER, code_of
from byob_components.verify.azure.stage import Actor, Stage
from byob_components.verify.azure.store import AzureStore, plain_region
from byob_components.verify.result import HopelessError, Record, UndecidedError
from byob_components.verify.runner import Check

TLS = ("TLS1_2", "TLS1_3")
"""The versions that may be the least (W&B's pages want 1.2)."""


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V01",
            "The account takes HTTPS only, TLS 1.2 at least",
            "turn 'secure transfer required' on, and set the minimum TLS version to 1.2",
            partial(transport, stage),
        ),
        Check(
            "V02",
            "The container is there, in the declared region",
            "correct the region that was declared; an account cannot be moved",
            partial(location, stage),
            gate=True,
        ),
        Check(
            "V03",
            "Public access is blocked",
            "forbid public blobs on the account, and set the container's public access to none",
            partial(public_access, stage),
        ),
        Check(
            "V06",
            "Versions are kept, and deleted blobs and containers for some days",
            "set versioning and soft delete as declared: W&B's artifact clean-up waits for it, and lost blobs can be had back",
            partial(versioning, stage),
        ),
    ]


# --------------------------------------------------------------------------------------------------- V01
def transport(stage: Stage, record: Record) -> None:
    """V01."""
    if not stage.store.tls_only:
        raise UndecidedError("the store was not declared to refuse plain HTTP")
    judge_transport(record, stage.owner(record).arm.account().get("properties", {}))


def judge_transport(record: Record, account: Mapping[str, Any]) -> None:
    """Whether the account is set to HTTPS and a TLS that is good enough.

    Args:
        record: Where it is noted.
        account: Its properties.
    """
    secure, least = account.get("supportsHttpsTrafficOnly") is True, account.get("minimumTlsVersion") or "TLS1_0"
    if not secure:
        record.fail("plain HTTP is let in: secure transfer is not required")
    if least not in TLS:
        record.fail(f"the minimum TLS version is {least}")
    if secure and least in TLS:
        record.saw(f"HTTPS only, {least} at least")


# --------------------------------------------------------------------------------------------------- V02
def location(stage: Stage, record: Record) -> None:
    """V02, and whether the tokens or keys of W&B and of the owner are taken at all: nothing else could be learned without."""
    wandb = stage.wandb(record)
    try:
        wandb.container.get_container_properties()
    except HttpResponseError as problem:
        if code_of(problem) in NO_CONTAINER:
            raise HopelessError(f"there is no container {stage.store.container}") from None
        raise
    record.saw(f"container {stage.store.account}/{stage.store.container}")
    for actor in stage.insiders():
        try:
            actor.container.get_container_properties()
        except HttpResponseError as problem:  # what they may not do is told by the check of that right
            if code_of(problem) in BAD_KEYS:
                raise
    reader = _arm_reader(stage)
    if reader is None:
        record.saw(f"the region could not be read: {NO_ACCOUNT}")
    else:
        record.acted(reader.name)
        judge_location(record, str(reader.arm.account().get("location", "")), stage.store.region)


def _arm_reader(stage: Stage) -> Actor | None:
    """Who reads settings that more than one may read: the owner first."""
    return next((actor for actor in reversed(stage.insiders()) if actor.reads_settings), None)


def judge_location(record: Record, found: str, declared: str) -> None:
    """Whether the account is where it was declared.

    Args:
        record: Where it is noted.
        found: What Azure Resource Manager says.
        declared: The region.
    """
    if plain_region(found) == plain_region(declared):
        record.saw(f"region {plain_region(found)}")
    else:
        record.fail(f"region {plain_region(found) or '(none)'}, declared {declared}")


# --------------------------------------------------------------------------------------------------- V03
def public_access(stage: Stage, record: Record) -> None:
    """V03: the container by its own answer, the account by Azure Resource Manager."""
    owner = stage.owner(record)
    judge_container(record, owner.container.get_container_properties().public_access)
    judge_public_access(record, owner.arm.account().get("properties", {}))


def judge_container(record: Record, found: str | None) -> None:
    """Whether the container is private.

    Args:
        record: Where it is noted.
        found: Its public access; none when it is private.
    """
    level = str(getattr(found, "value", found) or "").lower()
    if level in ("", "none"):
        record.saw("the container is private")
    else:
        record.fail(f"the container's public access is '{level}'")


def judge_public_access(record: Record, account: Mapping[str, Any]) -> None:
    """Whether the account forbids public containers and copies into other tenants.

    Args:
        record: Where it is noted.
        account: Its properties.
    """
    if account.get("allowBlobPublicAccess") is not False:
        record.fail("the account allows public containers")
    else:
        record.saw("the account allows no public container")
    if account.get("allowCrossTenantReplication") is True:
        record.warn("blobs may be replicated into other tenants", "forbid cross-tenant replication on the account")


# --------------------------------------------------------------------------------------------------- V06
def versioning(stage: Stage, record: Record) -> None:
    """V06: soft delete as W&B reads it, the rest through Azure Resource Manager."""
    policy = stage.wandb(record).service.get_service_properties()["delete_retention_policy"]
    judge_soft_delete(record, policy.days if policy.enabled else 0, stage.store.soft_delete_days)
    reader = _arm_reader(stage)
    if reader is None:
        raise UndecidedError(f"versioning and the soft delete of containers: {NO_ACCOUNT}")
    record.acted(reader.name)
    judge_versioning(record, reader.arm.blob_service().get("properties", {}), stage.store)


def judge_soft_delete(record: Record, found: int, declared: int, what: str = "blobs") -> None:
    """Whether what is deleted is kept as declared.

    Args:
        record: Where it is noted.
        found: Days; 0 when it is off.
        declared: Days; 0 when nothing was declared.
        what: `blobs` or `containers`.
    """
    kept = f"deleted {what} are kept for {found} days" if found else f"deleted {what} are gone at once"
    if declared and found != declared:
        record.fail(f"{kept}, declared {declared}")
    elif found:
        record.saw(kept)
    else:
        record.warn(kept, f"turn soft delete of {what} on")


def judge_versioning(record: Record, service: Mapping[str, Any], store: AzureStore) -> None:
    """Whether previous versions and deleted containers are kept.

    Args:
        record: Where it is noted.
        service: Properties of the blob service.
        store: As it was declared.
    """
    on = service.get("isVersioningEnabled") is True
    if on != store.versioning:
        record.fail(f"versioning is {'on' if on else 'off'}, declared {'on' if store.versioning else 'off'}")
    else:
        record.saw(f"versioning is {'on' if on else 'off, as declared'}")
    policy = service.get("containerDeleteRetentionPolicy") or {}
    days = int(policy.get("days") or 0) if policy.get("enabled") else 0
    judge_soft_delete(record, days, store.container_soft_delete_days, "containers")
