"""Uploads in blocks: put together and given up (V12, V13)."""

from __future__ import annotations

import base64
import os
from functools import partial

from byob_components.verify.azure.stage import Actor, Stage
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.web import Answer
from byob_components.wandb.cors import EXPOSED

BLOCK_BYTES = 4 * 1024 * 1024
"""Of a block: the most that the oldest servers take (Microsoft, Put Block)."""
_GRANT = "give W&B's identity the roles of its page on the account (AzureGrant does), or the account's key in its mode"


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    return [
        Check("V12", "Uploads in blocks are put together", _GRANT, partial(complete, stage)),
        Check("V13", "An upload in blocks can be given up", _GRANT, partial(abort, stage)),
    ]


def complete(stage: Stage, record: Record) -> None:
    """V12: the SDK puts blocks and their list to one signed URL (Put Block, Put Block List)."""
    actor, key = stage.wandb(record), f"{stage.prefix}blocks.bin"
    url, bodies = stage.sign(actor, "PUT", key), [os.urandom(BLOCK_BYTES), os.urandom(BLOCK_BYTES)]
    for number, body in enumerate(bodies):
        answer = stage.web.send("PUT", f"{url}&comp=block&blockid={_block(number)}", body=body)
        if not answer.ok:
            record.fail(f"PUT of block {number + 1}: {answer}")
            return
    answer = commit(stage, url, len(bodies))
    if not answer.ok or not answer.headers.get(EXPOSED.lower()):
        record.fail(f"PUT of the list: {answer}, {EXPOSED} {answer.headers.get(EXPOSED.lower(), 'missing')}")
        return
    got = stage.call(actor, "GET", key)
    if got.ok and got.body == b"".join(bodies):
        record.saw(
            f"2 blocks of {BLOCK_BYTES // 1024 // 1024} MiB and their list, its {EXPOSED}; the whole reads back equal"
        )
    else:
        record.fail(f"GET of the whole: {got}, {len(got.body)} B of {2 * BLOCK_BYTES}")


def abort(stage: Stage, record: Record) -> None:
    """V13: Azure knows no call for it; an empty list drops the blocks, and what is left is deleted like any blob."""
    actor, key = stage.wandb(record), f"{stage.prefix}given-up.bin"
    opener, url = _open(stage, actor, key)
    if not _unfinished(stage, key):
        raise UndecidedError("an upload that was just begun is not listed, so its absence would show nothing")
    mine = url if opener is actor else stage.sign(actor, "PUT", key)
    answer = commit(stage, mine, 0)
    if not answer.ok:
        record.fail(f"PUT of an empty list: {answer}")
        return
    if _unfinished(stage, key):
        record.fail("the blocks are still listed after the upload was given up")
    else:
        record.saw("begun, given up, and gone from the list" + ("" if opener is actor else f"; begun by {opener.name}"))


def commit(stage: Stage, url: str, blocks: int) -> Answer:
    """Put a list of blocks.

    Args:
        stage: What it acts with.
        url: The blob's, signed for writing.
        blocks: How many; 0 gives all of them up.
    """
    listed = "".join(f"<Latest>{_block(number)}</Latest>" for number in range(blocks))
    body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>'.encode()
    headers = {"Content-Type": "application/xml", "x-ms-blob-content-type": "application/octet-stream"}
    return stage.web.send("PUT", f"{url}&comp=blocklist", headers, body)


def _block(number: int) -> str:
    """A block's id: Base64 without signs that would have to be encoded in an address."""
    return base64.b64encode(f"block-{number:06}".encode()).decode()


def _open(stage: Stage, first: Actor, key: str) -> tuple[Actor, str]:
    """Begin an upload, as W&B or else as the owner: whether W&B may is the question of V12."""
    for actor in dict.fromkeys((first, *stage.insiders())):
        try:
            url = stage.sign(actor, "PUT", key)
        except stage.CANNOT:
            continue
        if stage.web.send("PUT", f"{url}&comp=block&blockid={_block(0)}", body=b"given up").ok:
            return actor, url
    raise UndecidedError("nobody may begin an upload")


def _unfinished(stage: Stage, key: str) -> bool:
    """Whether a blob has blocks that were not put together, listed by W&B or else by the owner."""
    for actor in stage.insiders():
        try:
            _, blocks = actor.container.get_blob_client(key).get_block_list("all")
        except stage.CANNOT:
            continue
        return bool(blocks)
    raise UndecidedError("nobody may list blocks")
