"""When data that somebody deleted is really gone: versions and soft delete add up, differently on each cloud."""

from __future__ import annotations

from dataclasses import dataclass

from byob_components.wandb.deployment import Cloud


@dataclass(frozen=True)
class Erasure:
    """When deleted data is gone.

    Args:
        days: The least number of days, on Azure the greatest; None when some of it stays until a person removes it.
        text: The same in words.
    """

    days: int | None
    text: str


_SOFT_DELETE = {Cloud.GCP: "Google then keeps it {days} more days, in which it can be restored (soft delete)"}
_BY_WANDB = {
    # `storage.objects.delete` covers noncurrent versions, and both sets of roles hold it (Cloud Storage, IAM permissions).
    Cloud.GCP: "W&B's roles would let it delete versions too, which soft delete then keeps as well.",
}


def erasure(
    cloud: Cloud,
    noncurrent_days: int | None,
    soft_delete_days: int = 0,
    noncurrent_versions: int = 0,
    *,
    versioned: bool = True,
) -> Erasure:
    """When deleted data of a store is gone.

    Args:
        cloud: Who stores the bytes. Only Google and Azure have soft delete.
        noncurrent_days: How long a noncurrent version is kept, in days; on Azure counted from when it was written. None
            where no rule ends it, as on some S3-compatible stores.
        soft_delete_days: How long the provider keeps what was deleted for good, in days; 0 where it does not.
        noncurrent_versions: How many of the newest noncurrent versions of an object are kept beyond that time.
        versioned: Whether the store keeps versions at all.
    """
    if not versioned:
        return Erasure(0, "At once, and for good: the store keeps no versions, so that nothing can be had back.")
    if noncurrent_days is None:
        return Erasure(
            None,
            "Never by itself: the store has no rule for noncurrent versions, so that every version of a deleted or "
            "overwritten object stays until a person deletes it in the bucket. W&B itself cannot delete versions.",
        )
    if cloud is Cloud.AZURE:
        return _azure(noncurrent_days, soft_delete_days)
    by_wandb = _BY_WANDB.get(cloud, "W&B itself cannot delete versions.")
    parts = [f"a deleted or overwritten object stays {_days(noncurrent_days)} as a noncurrent version"]
    if soft_delete_days and cloud in _SOFT_DELETE:
        parts.append(_SOFT_DELETE[cloud].format(days=soft_delete_days))
    else:
        soft_delete_days = 0
    days = noncurrent_days + soft_delete_days
    if noncurrent_versions:
        kept = "the newest version" if noncurrent_versions == 1 else f"the {noncurrent_versions} newest versions"
        return Erasure(
            None,
            f"Never by itself: {kept} of every object stay until a person deletes them in the bucket. What is older is "
            f"gone after {_days(days)} at the earliest: {'; '.join(parts)}. {by_wandb}",
        )
    text = f"After {_days(days)} at the earliest: {'; '.join(parts)}. {by_wandb}"
    return Erasure(days, text)


def _azure(noncurrent_days: int, soft_delete_days: int) -> Erasure:
    """Azure's clean-up counts the age of a previous version from its creation, which is when its content was written, and not
    from when it was replaced (Azure: lifecycle management policies, action run conditions; blob versioning, version ID)."""
    days = noncurrent_days + soft_delete_days
    text = (
        f"After {_days(days)} at the latest, give or take a day: a deleted or overwritten object stays as a previous version "
        f"until {_days(noncurrent_days)} have passed since it was written, so that an older one goes with the next clean-up; "
        f"Azure then keeps that version {soft_delete_days} more days, in which it can be restored (soft delete). Who has the "
        "account key, or the connector's roles, can delete versions too, which soft delete then keeps as well."
    )
    return Erasure(days, text)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
