"""Removes what a verification has put there, every generation of it, and nothing else (V27)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, NotFound

from byob_components.verify.folder import FOLDER
from byob_components.verify.gcs.settings import DAY, properties
from byob_components.verify.gcs.stage import RETRY, Actor, Stage
from byob_components.verify.result import Record
from byob_components.verify.runner import Check


def check(stage: Stage) -> Check:
    """The clean-up, which is a check too.

    Args:
        stage: What it acts with.
    """
    return Check(
        "V27",
        "Nothing of the verification is left",
        "remove what is left below the named folder as the owner, every generation of it (clear_gcs does it)",
        partial(clean_up, stage),
    )


def clean_up(stage: Stage, record: Record) -> None:
    """V27: as the owner; as W&B, as far as it may, when there is none."""
    actor = stage.insiders()[-1]
    record.acted(actor.name)
    while stage.sessions:
        stage.web.send("DELETE", stage.sessions.pop(), {"Content-Length": "0"})
    try:
        _remove(stage, record, actor)
    except NotFound:
        record.saw("there is no bucket, and so nothing in it")
        return
    others = _other_runs(stage, actor)
    if others:
        record.warn(
            f"from other runs, ended too early or still going: {', '.join(others)}",
            "remove what ended runs have left: clear_gcs with the run's name",
        )


def _remove(stage: Stage, record: Record, actor: Actor) -> None:
    removed, refused = 0, list[str]()
    for blob in list(_generations(stage, actor)):
        try:
            actor.bucket.delete_blob(blob.name, generation=blob.generation, retry=RETRY)
        except NotFound:
            continue
        except GoogleAPICallError as problem:  # one object that stays must not keep the others
            if problem.code == 401:
                raise
            refused.append(problem.message)
        else:
            removed += 1
    if any(_generations(stage, actor)):
        record.fail(f"left below {stage.prefix}" + (f" ({refused[0]})" if refused else ""))
        return
    kept = _softly(stage, actor) if removed else ""
    record.saw(f"{removed} objects and generations removed; none is left{kept}")


def _softly(stage: Stage, actor: Actor) -> str:
    """How long Google keeps what was removed: nobody can remove that."""
    try:
        policy = properties(stage, actor).get("softDeletePolicy") or {}
    except GoogleAPICallError:
        return ""
    days = int(policy.get("retentionDurationSeconds") or 0) / DAY
    return f", but for the {days:g} days of soft delete" if days else ""


def _generations(stage: Stage, actor: Actor) -> Iterator[Any]:
    """Every generation below our folder. A server that ignores the prefix would list other people's objects: each name is
    looked at again here."""
    for blob in actor.storage.list_blobs(stage.store.bucket, prefix=stage.prefix, versions=True, retry=RETRY):
        if blob.name.startswith(stage.prefix):
            yield blob


def _other_runs(stage: Stage, actor: Actor) -> list[str]:
    """The names of other runs that have something in our folder."""
    above = stage.prefix.removesuffix(f"{stage.run}/")
    found = actor.storage.list_blobs(stage.store.bucket, prefix=above, delimiter="/", versions=True, retry=RETRY)
    for _ in found:
        pass  # the prefixes are known when every page was read
    return sorted(
        name.removeprefix(above).strip("/")
        for name in found.prefixes
        if name.startswith(above) and name != stage.prefix and FOLDER in name
    )
