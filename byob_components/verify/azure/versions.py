"""What is overwritten or deleted can be had back, and can be deleted (V14, V15)."""

from __future__ import annotations

from functools import partial

from azure.core.exceptions import HttpResponseError

from byob_components.verify.azure.arm import ArmError
from byob_components.verify.azure.meaning import refused, status_of
from byob_components.verify.azure.stage import Actor, Planted, Stage
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check

NO_VERSIONS = (
    "the account says that versioning is on, and this server names no version of what is put there: it has none to try"
)
NO_UNDELETE = (
    "the account says that deleted blobs are kept, and this server cannot bring one back ({}): it was not tried"
)


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    versions = "turn versioning on, and give W&B's identity the data role of its page, which reads versions"
    return [
        Check("V14", "Overwritten and deleted blobs stay readable as versions", versions, partial(old_versions, stage)),
        Check(
            "V14",
            "A deleted blob can be had back",
            "turn soft delete of blobs on",
            partial(undelete, stage),
            part="soft-delete",
        ),
        Check(
            "V15",
            "A blob can be deleted",
            "give W&B's identity the data role of its page (AzureGrant does): its artifact clean-up needs it",
            partial(delete, stage),
        ),
    ]


# ----------------------------------------------------------------------------------------- V14, by versions
def old_versions(stage: Stage, record: Record) -> None:
    """V14."""
    if not stage.store.versioning:
        raise UndecidedError("the store was declared without versioning")
    actor = stage.wandb(record)
    first, second = stage.plant("versions.txt", b"first"), stage.plant("versions.txt", b"second")
    if not (first.version and second.version):
        if stage.store.endpoint and _said_on(stage):
            raise UndecidedError(NO_VERSIONS)
        record.fail("an upload is answered without a version: what is overwritten is lost")
        return
    found = _versions(stage, first.key)
    if set(found) != {first.version, second.version}:
        record.fail(f"after an overwrite there are {len(found)} versions: {', '.join(found) or 'none'}")
        return
    _delete(stage, actor, first.key)
    found = _versions(stage, first.key)
    if set(found) != {first.version, second.version}:
        record.fail(f"after the delete there are {len(found)} versions: {', '.join(found) or 'none'}")
        return
    for planted in (first, second):
        body = actor.container.download_blob(planted.key, version_id=planted.version).readall()
        if body != planted.body:
            record.fail(f"the version with {planted.body.decode()!r} reads {body[:20]!r}")
    record.saw("two versions, and after the delete still both; both were read")


def _said_on(stage: Stage) -> bool:
    """Whether the account says that it keeps versions; a server that does not is not Azure."""
    for actor in reversed(stage.insiders()):
        if actor.reads_settings:
            try:
                return actor.arm.blob_service().get("properties", {}).get("isVersioningEnabled") is True
            except ArmError:
                continue
    return False


def _versions(stage: Stage, key: str) -> list[str]:
    """The versions of a blob, listed by W&B or else by the owner: whether W&B may is V09's question."""
    for actor in stage.insiders():
        try:
            found = list(actor.container.list_blobs(name_starts_with=key, include=["versions"]))
        except HttpResponseError as problem:
            if not refused(problem):
                raise
        else:
            return [str(blob.version_id) for blob in found if blob.name == key]
    raise UndecidedError("nobody may list versions")


# -------------------------------------------------------------------------------------- V14, by soft delete
def undelete(stage: Stage, record: Record) -> None:
    """V14 for soft delete. Where versions are kept, a deleted blob is one of them; then its version is deleted too, and both
    come back."""
    if not stage.store.soft_delete_days:
        raise UndecidedError("no soft delete was declared")
    actor = stage.wandb(record)
    planted = stage.plant("undelete.txt", b"had back")
    reader = stage.reader(planted)
    _delete(stage, actor, planted.key)
    if planted.version:
        record.acted(_delete_version(stage, planted).name)
    if stage.call(reader, "GET", planted.key).ok:
        record.fail("the blob is still there after its delete")
        return
    who = _undelete(stage, actor, planted)
    record.acted(who.name)
    if planted.version:
        blob = who.container.get_blob_client(planted.key)
        body: bytes = blob.download_blob(version_id=planted.version).readall()
    else:
        body = stage.call(reader, "GET", planted.key).body
    if body == planted.body:
        record.saw("deleted, gone, and had back with the same bytes")
    else:
        record.fail(f"had back with {len(body)} other bytes than the {len(planted.body)} that were put")


def _delete_version(stage: Stage, planted: Planted) -> Actor:
    """Delete a version too, as the owner or else as W&B, whose data role may not."""
    for actor in reversed(stage.insiders()):
        try:
            actor.container.get_blob_client(planted.key).delete_blob(version_id=planted.version)
        except HttpResponseError as problem:
            if not refused(problem):
                raise
        else:
            return actor
    raise UndecidedError("nobody may delete a version, so none could be had back")


def _undelete(stage: Stage, first: Actor, planted: Planted) -> Actor:
    """Bring a blob back, as W&B or else as the owner."""
    for actor in dict.fromkeys((first, *stage.insiders())):
        try:
            actor.container.get_blob_client(planted.key).undelete_blob()
        except HttpResponseError as problem:
            if stage.store.endpoint and status_of(problem) == 501:
                raise UndecidedError(NO_UNDELETE.format(status_of(problem))) from None
            if not refused(problem):
                raise
        else:
            return actor
    raise UndecidedError("nobody may bring a deleted blob back")


# --------------------------------------------------------------------------------------------------- V15
def delete(stage: Stage, record: Record) -> None:
    """V15."""
    actor = stage.wandb(record)
    planted = stage.plant("delete.txt")
    reader = stage.reader(planted)
    actor.container.delete_blob(planted.key)
    left = stage.call(reader, "GET", planted.key)
    if left.ok:
        record.fail("the DELETE was taken, and the blob is still there")
    else:
        record.saw(f"deleted; then GET {left}")


def _delete(stage: Stage, first: Actor, key: str) -> None:
    """Delete as W&B or else as the owner: whether W&B may is V15's question."""
    for actor in dict.fromkeys((first, *stage.insiders())):
        try:
            actor.container.delete_blob(key)
        except HttpResponseError as problem:
            if not refused(problem):
                raise
        else:
            return
    raise UndecidedError("nobody may delete a blob")
