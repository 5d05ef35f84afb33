"""Listing: blobs, versions and unfinished uploads, as W&B's server does it (V08, V09)."""

from __future__ import annotations

from functools import partial

from byob_components.verify.azure.stage import Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check

_NAME = "listed: 100% of a+b & ü.txt"
_GRANT = "give W&B's identity the data role of its page on the account (AzureGrant does)"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check("V08", "Blobs can be listed below a prefix", _GRANT, partial(blobs, stage)),
        Check("V09", "Versions and unfinished uploads can be listed", _GRANT, partial(versions_and_uploads, stage)),
    ]


def blobs(stage: Stage, record: Record) -> None:
    """V08: the listing works, and names come back as they were written."""
    planted = stage.plant(_NAME)
    found = [blob.name for blob in stage.wandb(record).container.list_blobs(name_starts_with=planted.key)]
    if found == [planted.key]:
        record.saw(f"List Blobs finds {_NAME!r}")
    else:
        record.fail(f"List Blobs finds {found} in the place of {planted.key!r}")


def versions_and_uploads(stage: Stage, record: Record) -> None:
    """V09."""
    container = stage.wandb(record).container
    list(container.list_blobs(name_starts_with=stage.prefix, include=["versions", "deleted"]))
    record.saw("List Blobs answers with versions and deleted blobs")
    list(container.list_blobs(name_starts_with=stage.prefix, include=["uncommittedblobs"]))
    record.saw("List Blobs answers with uncommitted blobs")
