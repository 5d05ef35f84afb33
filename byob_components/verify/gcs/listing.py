"""Listing: objects and their generations, as W&B's server does it (V08, V09)."""

from __future__ import annotations

from functools import partial

from byob_components.verify.gcs.stage import RETRY, Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check

_NAME = "listed: 100% of a+b & ü.txt"
_GRANT = "give W&B's principal the roles of its page on the bucket: storage.objects.list is in each of them"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check("V08", "Objects can be listed below a prefix", _GRANT, partial(objects, stage)),
        Check("V09", "Generations can be listed", _GRANT, partial(generations, stage)),
    ]


def objects(stage: Stage, record: Record) -> None:
    """V08: the listing works, and names come back as they were written."""
    planted = stage.plant(_NAME)
    found = stage.wandb(record).storage.list_blobs(stage.store.bucket, prefix=planted.key, retry=RETRY)
    keys = [one.name for one in found]
    if keys == [planted.key]:
        record.saw(f"the listing finds {_NAME!r}")
    else:
        record.fail(f"the listing finds {keys} in the place of {planted.key!r}")


def generations(stage: Stage, record: Record) -> None:
    """V09."""
    planted = stage.plant("generations-listed.txt")
    client = stage.wandb(record).storage
    found = list(client.list_blobs(stage.store.bucket, prefix=planted.key, versions=True, retry=RETRY))
    if planted.version in [str(one.generation) for one in found]:
        record.saw("the listing of generations answers, and names the one that was just written")
    else:
        record.fail(f"the listing of generations finds {len(found)}, and not the one that was just written")
