"""When data that somebody deleted is really gone: versions and soft delete add up, differently on each cloud."""

from __future__ import annotations

from dataclasses import dataclass

from byob_components.wandb.deployment import Cloud


@dataclass(frozen=True)
class Erasure:
    """When deleted data is gone.

    Args:
        days: The least number of days; None when some of it stays until a person removes it.
        text: The same in words.
    """

    days: int | None
    text: str


_VERSION = {Cloud.AZURE: "a previous version"}
_SOFT_DELETE = {
    Cloud.GCP: "Google then keeps it {days} more days, in which it can be restored (soft delete)",
    Cloud.AZURE: "Azure then keeps that version {days} more days, in which it can be restored (soft delete)",
}
_BY_WANDB = {
    # `storage.objects.delete` covers noncurrent versions, and both sets of roles hold it (Cloud Storage, IAM permissions).
    Cloud.GCP: "W&B's roles would let it delete versions too, which soft delete then keeps as well.",
}


def erasure(cloud: Cloud, noncurrent_days: int, soft_delete_days: int = 0, noncurrent_versions: int = 0) -> Erasure:
    """When deleted data of a store is gone.

    Args:
        cloud: Who stores the bytes. Only Google and Azure have soft delete.
        noncurrent_days: How long a noncurrent version is kept, in days.
        soft_delete_days: How long the provider keeps what was deleted for good, in days; 0 where it does not.
        noncurrent_versions: How many of the newest noncurrent versions of an object are kept beyond that time.
    """
    version = _VERSION.get(cloud, "a noncurrent version")
    by_wandb = _BY_WANDB.get(cloud, "W&B itself cannot delete versions.")
    parts = [f"a deleted or overwritten object stays {_days(noncurrent_days)} as {version}"]
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


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
