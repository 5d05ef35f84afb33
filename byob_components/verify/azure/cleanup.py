"""Removes what a verification has put there, every version and unfinished upload of it, and nothing else (V27)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from azure.core.exceptions import HttpResponseError

from byob_components.verify.azure.meaning import BAD_KEYS, NO_CONTAINER, code_of
from byob_components.verify.azure.stage import FOLDER, Actor, Stage
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
        "remove what is left below the named folder as the owner, every version of it (clear_azure does it)",
        partial(clean_up, stage),
    )


def clean_up(stage: Stage, record: Record) -> None:
    """V27: as the owner, because W&B's data role cannot delete versions; as W&B, as far as it may, without an owner."""
    actor = stage.insiders()[-1]
    record.acted(actor.name)
    try:
        _remove(stage, record, actor)
    except HttpResponseError as problem:
        if code_of(problem) not in NO_CONTAINER:
            raise
        record.saw("there is no container, and so nothing in it")
        return
    others = _other_runs(stage, actor)
    if others:
        record.warn(
            f"from other runs, ended too early or still going: {', '.join(others)}",
            "remove what ended runs have left: clear_azure with the run's name",
        )


def _remove(stage: Stage, record: Record, actor: Actor) -> None:
    removed, refused = 0, list[str]()
    for name in stage.containers:
        container = actor.service.get_container_client(name)
        for unfinished in _unfinished(stage, container):
            # An empty list makes a blob of it, which goes with the others.
            refused += _attempt(container.get_blob_client(unfinished).commit_block_list, [])
        for blob in _blobs(stage, container):
            why = _attempt(container.delete_blob, blob.name, delete_snapshots="include")
            refused, removed = refused + why, removed + (not why)
        for blob in _blobs(stage, container, "versions"):
            why = _attempt(container.get_blob_client(blob.name).delete_blob, version_id=blob.version_id)
            refused, removed = refused + why, removed + (not why)
    current, old = list[str](), list[str]()
    for name in stage.containers:
        container = actor.service.get_container_client(name)
        current += [blob.name for blob in _blobs(stage, container)] + _unfinished(stage, container)
        old += [blob.name for blob in _blobs(stage, container, "versions")]
    if not current and not old:
        record.saw(f"{removed} blobs and versions removed; none is left, but for what soft delete keeps for its days")
        return
    left = f"left below {stage.prefix}" + (f" ({refused[0]})" if refused else "")
    if stage.has_owner or current:
        record.fail(left)
    else:
        record.warn(
            f"old versions only, {left}",
            "give the owner's identity, or let them be removed by their rule: W&B cannot delete versions",
        )


def _blobs(stage: Stage, container: Any, *include: str) -> list[Any]:
    """What lies below our folder. A server that ignores the prefix would list other people's blobs: each name is looked at
    again here."""
    found = container.list_blobs(name_starts_with=stage.prefix, include=list(include))
    return [blob for blob in found if blob.name.startswith(stage.prefix)]


def _unfinished(stage: Stage, container: Any) -> list[str]:
    """Blobs below our folder of which there are blocks only."""
    whole = {blob.name for blob in _blobs(stage, container)}
    return [blob.name for blob in _blobs(stage, container, "uncommittedblobs") if blob.name not in whole]


def _attempt(call: Callable[..., Any], *arguments: Any, **more: Any) -> list[str]:
    """Nothing when a call works, else why not: one blob that stays must not keep the others."""
    try:
        call(*arguments, **more)
    except HttpResponseError as problem:
        if code_of(problem) in BAD_KEYS:
            raise
        return [f"{problem.status_code} {code_of(problem)}"]
    return []


def _other_runs(stage: Stage, actor: Actor) -> list[str]:
    """The names of other runs that have something in our folder."""
    above = stage.prefix.removesuffix(f"{stage.run}/")
    found: Iterator[Any] = actor.container.walk_blobs(name_starts_with=above, include=["versions"], delimiter="/")
    names = [entry.name for entry in found if entry.name.endswith("/")]
    return sorted(
        {
            name.removeprefix(above).strip("/")
            for name in names
            if name.startswith(above) and name != stage.prefix and FOLDER in name
        }
    )
