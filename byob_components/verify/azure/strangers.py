"""Who must stay out: plain HTTP, strangers, other teams, and W&B itself outside its container (V18, V19, V22)."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from azure.core.exceptions import HttpResponseError

from byob_components.verify import refusal
from byob_components.verify.azure.arm import ArmError
from byob_components.verify.azure.meaning import BAD_KEYS, KEY_OFF, REFUSALS, code_of, judge_refusal, refused
from byob_components.verify.azure.stage import Actor, Stage
from byob_components.verify.refusal import NOBODY, no_outsider
from byob_components.verify.result import Record, Trouble, UndecidedError
from byob_components.verify.runner import Check
from byob_components.wandb.access import Access


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic: one for strangers, one more for each outsider of the cast.

    Args:
        stage: What they act with.
    """
    tls = "turn 'secure transfer required' on (AzureContainer does)"
    grant = "find the role assignment that lets them in, on the account or above it, and take it away"
    scope = "give W&B's data role on the container, and on the account only Reader and Storage Blob Delegator"
    outsiders = [
        Check("V19", "An outsider is refused everything", grant, partial(outsider, stage, actor), part=actor.name)
        for actor in stage.outsiders
    ]
    private = "forbid public blobs on the account, and set the container's public access to none"
    return [
        Check("V18", "Plain HTTP is refused", tls, partial(plain_http, stage)),
        Check("V19", "Without a signature everything is refused", private, partial(anonymous, stage)),
        *(outsiders or [Check("V19", "An outsider is refused everything", grant, no_outsider, part="outsiders")]),
        Check("V22", "W&B is kept to its container", scope, partial(other_container, stage)),
    ]


# --------------------------------------------------------------------------------------------------- V18
def plain_http(stage: Stage, record: Record) -> None:
    """V18: with a signature that would be good over HTTP too, so that only the account can refuse it."""
    refusal.plain_http(stage, record, BAD_KEYS, "the store was not declared to refuse plain HTTP", REFUSALS)


# --------------------------------------------------------------------------------------------------- V19
def anonymous(stage: Stage, record: Record) -> None:
    """V19 without a signature."""
    record.acted(NOBODY)
    planted = stage.plant("anonymous.txt")
    stage.reader(planted)
    body, new = b"nobody", f"{stage.prefix}put-by-nobody.txt"
    listing = f"{stage.url()}?restype=container&comp=list&prefix={stage.prefix}"
    tries = {
        "GET": stage.web.send("GET", stage.url(planted.key)),
        "PUT": stage.web.send("PUT", stage.url(new), stage.upload_headers(body), body),
        "LIST": stage.web.send("GET", listing),
        "DELETE": stage.web.send("DELETE", stage.url(planted.key)),
    }
    for what, answer in tries.items():
        judge_refusal(record, what, answer, signed=False)


def outsider(stage: Stage, actor: Actor, record: Record) -> None:
    """V19 as somebody with a good token, or with the good key of another account, and no right here."""
    record.acted(actor.name)
    number = stage.outsiders.index(actor)
    planted, body = stage.plant(f"outsider-{number}.txt"), b"outsider"
    stage.reader(planted)
    # A key that is not this account's is told apart from a wrong one only at home: here both are answered alike.
    bad_keys = frozenset[str]() if _opens_its_own(stage, actor) else BAD_KEYS
    tries = {
        "GET": stage.attempt(actor, "GET", planted.key),
        "PUT": stage.attempt(
            actor, "PUT", f"{stage.prefix}put-by-outsider-{number}.txt", headers=stage.upload_headers(body), body=body
        ),
        "LIST": stage.attempt(actor, "LIST", ""),
        "DELETE": stage.attempt(actor, "DELETE", planted.key),
    }
    for what, answer in tries.items():
        judge_refusal(record, what, answer, bad_keys=bad_keys)
    if actor.has_token:
        _no_delegation(actor, record)
    if actor.reads_settings:
        _no_account_key(actor, record)


def _opens_its_own(stage: Stage, actor: Actor) -> bool:
    """Whether an outsider's key has been shown to be good for its own account."""
    if not actor.foreign_account:
        return False
    home = _elsewhere(stage.endpoint, stage.store.account, actor.foreign_account)
    try:
        next(iter(actor.client(home, actor.foreign_account).list_containers(results_per_page=1)), None)
    except HttpResponseError as problem:
        if problem.status_code not in (401, 403):
            raise
        shown = f"{problem.status_code} {code_of(problem)}"
        trouble = Trouble.NONE if code_of(problem) == KEY_OFF else Trouble.CREDENTIALS
        said = f"the key does not open its own account {actor.foreign_account} ({shown}), so nobody was judged"
        raise UndecidedError(said, trouble) from None
    return True


def _elsewhere(url: str, account: str, other: str) -> str:
    """The address of another account on the same service, whether accounts stand in its host or in its path."""
    parts = urlsplit(url)
    if parts.path.strip("/"):
        return f"{parts.scheme}://{parts.netloc}/{other}"
    return f"{parts.scheme}://{parts.netloc.replace(account, other, 1)}"


def _no_delegation(actor: Actor, record: Record) -> None:
    try:
        actor.delegation_key  # noqa: B018 - it is fetched when it is first read
    except HttpResponseError as problem:
        if not refused(problem):
            raise
        record.saw(f"a user delegation key: {problem.status_code} {code_of(problem)}")
    else:
        record.fail("they get a user delegation key of the account, with which URLs are signed")


def _no_account_key(actor: Actor, record: Record) -> None:
    try:
        actor.arm.keys()
    except ArmError as problem:
        if not refused(problem):
            raise
        record.saw(f"the account's keys: {problem.status_code} {problem.error_code}")
    else:
        record.fail("they list the account's keys, with which everything is open that takes them")


# --------------------------------------------------------------------------------------------------- V22
def other_container(stage: Stage, record: Record) -> None:
    """V22: another container of the account, in which only the owner may do anything."""
    store = stage.store
    if store.access is not Access.MINIMAL:
        raise UndecidedError(f"access '{Access.DOCUMENTED}' is for the whole account, as on W&B's page")
    if not store.other_container:
        raise UndecidedError("no other container of the account was given to try it with")
    actor, inside = stage.wandb(record), stage.plant("inside.txt")
    stage.reader(inside)
    body, place = b"outside", f"{store.url}/{store.other_container}"
    listing = stage.as_token(actor, "GET", f"{place}?restype=container&comp=list", {}, None)
    judge_refusal(record, f"LIST in {store.other_container}", listing)
    url = f"{place}/{stage.prefix}put-by-wandb.txt"
    try:
        put = stage.as_token(actor, "PUT", url, stage.upload_headers(body), body)
    except BaseException:
        stage.containers.append(store.other_container)
        raise
    if put.ok:
        stage.containers.append(store.other_container)
    judge_refusal(record, f"PUT in {store.other_container}", put)
