"""What is overwritten or deleted can be had back, and can be deleted (V14, V15)."""

from __future__ import annotations

from functools import partial
from typing import Any

from google.api_core.exceptions import Forbidden

from byob_components.verify.gcs.stage import RETRY, Actor, Stage
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check(
            "V14",
            "Overwritten and deleted objects stay readable as generations",
            "enable versioning, and give W&B's principal the roles of its page",
            partial(old_generations, stage),
        ),
        Check(
            "V14",
            "What was deleted for good can be restored",
            "set soft delete of 7 days or more",
            partial(restored, stage),
            part="soft-delete",
        ),
        Check(
            "V15",
            "An object can be deleted",
            "give W&B's principal storage.objects.delete on the bucket: its artifact clean-up needs it",
            partial(delete, stage),
        ),
    ]


def old_generations(stage: Stage, record: Record) -> None:
    """V14."""
    actor = stage.wandb(record)
    first, second = stage.plant("versions.txt", b"first"), stage.plant("versions.txt", b"second")
    generations = _generations(stage, first.key)
    if len(generations) != 2:
        record.fail(f"after an overwrite there are {len(generations)} generations")
        return
    _delete(stage, actor, first.key)
    if len(_generations(stage, first.key)) != 2:
        record.fail(f"after the delete there are {len(_generations(stage, first.key))} generations")
        return
    for planted in (first, second):
        got = stage.call(actor, "GET", planted.key, query={"generation": planted.version})
        if not got.ok or got.body != planted.body:
            record.fail(f"GET of the generation with {planted.body.decode()!r}: {got}")
    record.saw("two generations, none of them live after the delete; both were asked for")


def restored(stage: Stage, record: Record) -> None:
    """V14: an object's only generation is deleted, and brought back from soft deletion."""
    actor = stage.settler(record)
    planted = stage.plant("restored.txt", b"deleted and restored")
    actor.bucket.delete_blob(planted.key, generation=int(planted.version), retry=RETRY)
    if _generations(stage, planted.key):
        raise UndecidedError("a generation that was just deleted is still listed")
    where = {"prefix": planted.key, "soft_deleted": True, "retry": RETRY}
    softly = [str(one.generation) for one in actor.storage.list_blobs(stage.store.bucket, **where)]
    if planted.version not in softly:
        record.fail(f"what was deleted is not among the {len(softly)} soft-deleted generations")
        return
    actor.bucket.restore_blob(planted.key, generation=int(planted.version), retry=RETRY)
    got = stage.by_token(actor, "GET", planted.key)
    if got.ok and got.body == planted.body:
        record.saw("deleted with its generation, found among the soft-deleted, restored, and read with the same bytes")
    else:
        record.fail(f"GET of what was restored: {got}, {len(got.body)} B of {len(planted.body)}")


def delete(stage: Stage, record: Record) -> None:
    """V15."""
    actor = stage.wandb(record)
    planted = stage.plant("delete.txt")
    stage.sees(planted)
    actor.bucket.delete_blob(planted.key, retry=RETRY)
    reader = stage.who_reads(planted.key)
    if reader:
        record.fail(f"the object was deleted, and {reader} still reads it")
    else:
        record.saw("deleted; then it is not found")


def _generations(stage: Stage, key: str) -> list[Any]:
    """The generations of an object, listed by W&B or else by the owner: whether W&B may is V09's question."""
    for actor in stage.insiders():
        try:
            found = list(actor.storage.list_blobs(stage.store.bucket, prefix=key, versions=True, retry=RETRY))
        except Forbidden:
            continue
        return [one for one in found if one.name == key]
    raise UndecidedError("nobody may list generations")


def _delete(stage: Stage, first: Actor, key: str) -> None:
    """Delete as W&B or else as the owner: whether W&B may is V15's question."""
    for actor in dict.fromkeys((first, *stage.insiders())):
        try:
            actor.bucket.delete_blob(key, retry=RETRY)
        except Forbidden:
            continue
        return
    raise UndecidedError("nobody may delete an object")
