"""Whether somebody who must stay out is kept out: what an answer says, and when it says nothing. The same for every cloud."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

from byob_components.verify.result import Record, Trouble, UndecidedError
from byob_components.verify.web import Answer

NOBODY = "nobody (no signature)"


class Verdict(StrEnum):
    """What an answer says about somebody who must be refused."""

    REFUSED = "refused"
    ALLOWED = "allowed"
    BAD_KEYS = "bad keys"
    UNCLEAR = "unclear"


def verdict(answer: Answer, bad_keys: Collection[str], refusals: Collection[str] = ()) -> Verdict:
    """Whether an answer is a refusal. A wrong key is answered 403 too, and is none: nobody was judged then.

    Args:
        answer: To a request that must be refused.
        bad_keys: The cloud's codes that say who asks is not known.
        refusals: Its codes of refusals that have another status than 401 and 403.
    """
    if answer.ok:
        return Verdict.ALLOWED
    if answer.code in refusals:
        return Verdict.REFUSED
    if answer.code in bad_keys:
        return Verdict.BAD_KEYS
    return Verdict.REFUSED if answer.status in (401, 403) else Verdict.UNCLEAR


def judge_refusal(
    record: Record, what: str, answer: Answer, bad_keys: Collection[str], refusals: Collection[str] = ()
) -> None:
    """Note a request that must be refused.

    Args:
        record: Where it is noted.
        what: The request, in words.
        answer: To it.
        bad_keys: The cloud's codes that say who asks is not known.
        refusals: Its codes of refusals that have another status than 401 and 403.

    Raises:
        UndecidedError: It is neither allowed nor refused.
    """
    found = verdict(answer, bad_keys, refusals)
    if found is Verdict.ALLOWED:
        record.fail(f"{what} is allowed: {answer}")
    elif found is Verdict.REFUSED:
        record.saw(f"{what}: {answer}")
    elif found is Verdict.BAD_KEYS:
        raise UndecidedError(
            f"{what}: {answer}: these keys are not accepted, so nobody was judged", Trouble.CREDENTIALS
        )
    else:
        raise UndecidedError(f"{what} is answered {answer}, neither allowed nor refused")


def no_outsider(record: Record) -> None:
    """V19 when the cast has no outsider.

    Args:
        record: Of the check.
    """
    raise UndecidedError("no outsider was given: only requests without a signature were tried")


def plain_http(
    stage: Any, record: Record, bad_keys: Collection[str], undeclared: str, refusals: Collection[str] = ()
) -> None:
    """V18: a request that is right in every other way, over plain HTTP. Only a refusal passes: a port that does not
    answer says nothing about what would happen on another one, or from another network.

    Args:
        stage: The cloud's.
        record: Of the check.
        bad_keys: The cloud's codes that say who asks is not known.
        undeclared: Why nothing is decided when the store was not declared to refuse it.
        refusals: Its codes of refusals that have another status than 401 and 403.
    """
    if not stage.store.tls_only:
        raise UndecidedError(undeclared)
    if urlsplit(stage.endpoint).scheme == "http":
        record.acted(NOBODY)
        record.fail(f"the store's own address is plain HTTP: {stage.endpoint}")
        return
    plain = stage.store.plain_endpoint or f"http://{urlsplit(stage.endpoint).hostname}"
    planted = stage.plant("plain-http.txt")
    actor = stage.reader(planted, record)
    try:
        answer = stage.call(actor, "GET", planted.key, endpoint=plain)
    except httpx.TransportError as problem:
        raise UndecidedError(
            f"nothing answers at {plain} ({type(problem).__name__}): the refusal itself could not be seen"
        ) from None
    where = answer.headers.get("location", "")
    if answer.status in (301, 302, 307, 308) and where.startswith("https:"):
        record.warn(f"{plain} sends on to HTTPS in the place of refusing: the signed URL has crossed in the clear")
    else:
        judge_refusal(record, f"GET over {plain}", answer, bad_keys, refusals)
