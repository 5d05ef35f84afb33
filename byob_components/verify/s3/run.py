"""A whole verification of a store on S3, and the removal of what an earlier one has left."""

from __future__ import annotations

import uuid

from byob_components.verify.masking import Mask
from byob_components.verify.report import Report
from byob_components.verify.runner import Check, OnResult, nothing_to_clear, only_reading, run_checks
from byob_components.verify.s3 import (
    cleanup,
    cors,
    encryption,
    lifecycle,
    listing,
    multipart,
    presigned,
    settings,
    strangers,
    versions,
)
from byob_components.verify.s3.meaning import explain
from byob_components.verify.s3.stage import Stage
from byob_components.verify.s3.store import S3Cast, S3Store

TOPICS = (settings, encryption, cors, lifecycle, listing, presigned, multipart, versions, strangers)
READS = frozenset(("V02", "V03", "V04", "V05", "V06", "V07"))
"""The checks that read settings and neither write nor try anything: what a run that only reads does."""


def verify_s3(
    target: S3Store,
    cast: S3Cast,
    browser: str | None = None,
    on_result: OnResult | None = None,
    read_only: bool = False,
) -> Report:
    """Verify that W&B, its SDK and a browser can use a store, and that nobody else can.

    It writes only below `<path>/.wandb-byob-verify/<run>/` (under `minimal` also, to be refused, beside the path, in folders
    of that same name), changes no setting, and removes everything it wrote: also when a check breaks, and on an interrupt.

    Args:
        target: The store, as it was declared.
        cast: Who acts: W&B, the owner, those who must be refused.
        browser: The path of a Chromium for the part of CORS that only a browser can judge; none skips that part.
        on_result: Called with each result as it comes, for progress.
        read_only: Only read settings: nothing is written, and no right is tried. Whoever reads them, W&B or the owner in its
            place, the settings are the same, so that no result warns of a stand-in.

    Returns:
        The report. Faults of store, network or keys stand in it; they raise nothing.
    """
    everybody = [who for who in (cast.wandb, cast.owner, *cast.outsiders) if who is not None]
    mask = Mask(text for who in everybody for text in (who.secret_key, who.session_token))
    run = str(uuid.uuid4())
    with Stage(target, cast, run, mask, browser) as stage:
        stage.read_only = read_only
        checks, clean_up = ordered(stage), cleanup.check(stage)
        if read_only:
            checks, clean_up = only_reading(checks, READS), nothing_to_clear(clean_up)
        return run_checks(
            checks,
            clean_up,
            run=run,
            subject=target.subject(),
            explain=explain,
            mask=mask,
            on_result=on_result,
            read_only=read_only,
        )


def ordered(stage: Stage) -> list[Check]:
    """Every check but the clean-up, in the order of the checklist.

    Args:
        stage: What they act with.
    """
    return sorted((check for topic in TOPICS for check in topic.checks(stage)), key=lambda check: check.code)


def clear_s3(target: S3Store, cast: S3Cast, run: str) -> Report:
    """Remove what a verification has left that was ended before its clean-up.

    Args:
        target: The store.
        cast: Who acts; versions can be removed by the owner only.
        run: The run's name, as the report or its folder gives it.

    Returns:
        A report with V27 alone.

    Raises:
        ValueError: The name is not that of a run.
    """
    run = str(uuid.UUID(run))
    mask = Mask(text for who in (cast.wandb, cast.owner) if who for text in (who.secret_key, who.session_token))
    with Stage(target, cast, run, mask) as stage:
        return run_checks([], cleanup.check(stage), run=run, subject=target.subject(), explain=explain, mask=mask)
