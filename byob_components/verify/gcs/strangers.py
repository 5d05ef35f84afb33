"""Who must stay out: plain HTTP, strangers, other teams, and who holds the grant (V18, V19, V22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from byob_components.verify import refusal
from byob_components.verify.gcs.meaning import BAD_KEYS
from byob_components.verify.gcs.stage import RETRY, Actor, Stage
from byob_components.verify.refusal import NOBODY, judge_refusal, no_outsider
from byob_components.verify.result import Record, Trouble, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.web import Answer
from byob_components.wandb.access import Access, gcp_roles

ADMIN = "roles/storage.admin"
PUBLIC = ("allUsers", "allAuthenticatedUsers")
_PROJECT = ("projectOwner:", "projectEditor:", "projectViewer:")
_NO_SETTING = (
    "the store was not declared to refuse plain HTTP: a bucket has no setting for it, the organization policy "
    "storage.secureHttpTransport does it"
)


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic: one for strangers, one more for each outsider of the cast.

    Args:
        stage: What they act with.
    """
    tls = "enforce the organization policy constraint storage.secureHttpTransport on the bucket's project"
    grant = "find the binding of the bucket's or the project's policy that lets them in, and narrow it"
    members = (
        "take the members of GcpGrant: the roles of the declared access, for each declared principal, and nobody else"
    )
    outsiders = [
        Check("V19", "An outsider is refused everything", grant, partial(outsider, stage, actor), part=actor.name)
        for actor in stage.outsiders
    ]
    return [
        Check("V18", "Plain HTTP is refused", tls, partial(plain_http, stage)),
        Check("V19", "Without credentials everything is refused", grant, partial(anonymous, stage)),
        *(outsiders or [Check("V19", "An outsider is refused everything", grant, no_outsider, part="outsiders")]),
        Check("V19", "The bucket's policy is as declared", members, partial(policy, stage), part="policy"),
        Check("V22", "W&B is kept to its path", "", partial(outside_the_path, stage)),
    ]


# --------------------------------------------------------------------------------------------------- V18
def plain_http(stage: Stage, record: Record) -> None:
    """V18."""
    refusal.plain_http(stage, record, BAD_KEYS, _NO_SETTING)


# --------------------------------------------------------------------------------------------------- V19
def anonymous(stage: Stage, record: Record) -> None:
    """V19 without credentials."""
    record.acted(NOBODY)
    planted = stage.plant("anonymous.txt")
    stage.sees(planted)
    send = stage.web.send
    _judge(record, "GET", send("GET", stage.url(planted.key)))
    _judge(record, "PUT", send("PUT", stage.url(f"{stage.prefix}put-by-nobody.txt"), body=b"nobody"))
    _judge(record, "LIST", send("GET", _listing(stage)))
    _judge(record, "DELETE", send("DELETE", stage.url(planted.key)))


def outsider(stage: Stage, actor: Actor, record: Record) -> None:
    """V19 as somebody with good credentials and no right here: with a token, and by a signed URL where there is a key."""
    record.acted(actor.name)
    number = stage.outsiders.index(actor)
    planted = stage.plant(f"outsider-{number}.txt")
    stage.sees(planted)
    put = stage.by_token(actor, "PUT", f"{stage.prefix}put-by-outsider-{number}.txt", body=b"outsider")
    tries = {
        "GET": stage.by_token(actor, "GET", planted.key),
        "PUT": put,
        "LIST": stage.web.send("GET", _listing(stage), actor.token()),
    }
    if actor.has_key:
        tries["GET by a signed URL"] = stage.call(actor, "GET", planted.key)
    tries["DELETE"] = stage.by_token(actor, "DELETE", planted.key)
    for what, answer in tries.items():
        if answer.status == 401:
            said = f"{what}: {answer}: this token is not accepted, so nobody was judged"
            raise UndecidedError(said, Trouble.CREDENTIALS)
        _judge(record, what, answer)


def _listing(stage: Stage) -> str:
    return f"{stage.endpoint}/storage/v1/b/{stage.store.bucket}/o?prefix={quote(stage.prefix, safe='')}"


def policy(stage: Stage, record: Record) -> None:
    """V19: who holds what on the bucket, as the owner reads it."""
    if not stage.store.principals:
        raise UndecidedError("no principals were declared")
    owner = stage.owner(record)
    found = owner.bucket.get_iam_policy(requested_policy_version=3, retry=RETRY)
    judge_policy(record, found.bindings, stage.store.principals, stage.store.access)


def judge_policy(
    record: Record, bindings: Sequence[Mapping[str, Any]], principals: Sequence[str], access: Access
) -> None:
    """Whether the declared principals hold the declared roles, and nobody is let in who was not declared.

    Args:
        record: Where it is noted.
        bindings: Of the bucket's policy.
        principals: E-mail addresses of service accounts.
        access: Which set of rights.
    """
    wanted = set(gcp_roles(access))
    for who in principals:
        held = {b["role"] for b in bindings if f"serviceAccount:{who}" in b["members"] and not b.get("condition")}
        limited = {b["role"] for b in bindings if f"serviceAccount:{who}" in b["members"] and b.get("condition")}
        if wanted - held:
            how = " (only under a condition)" if wanted & limited - held else ""
            record.fail(f"{who} lacks {', '.join(sorted(wanted - held))}{how}")
        wider = held - wanted if ADMIN not in wanted else set()  # which holds everything that there is on a bucket
        if wider:
            record.fail(f"{who} holds {', '.join(sorted(wider))} too, which access '{access}' does not give")
        if wanted <= held and not wider:
            record.saw(f"{who} holds {', '.join(sorted(held))}")
    declared = {f"serviceAccount:{who}" for who in principals}
    for binding in bindings:
        others = sorted(set(binding["members"]) - declared)
        public = [member for member in others if member in PUBLIC]
        if public:
            record.fail(f"{binding['role']} is for {', '.join(public)}")
        strange = [member for member in others if member not in PUBLIC and not member.startswith(_PROJECT)]
        if strange:
            record.warn(f"{binding['role']} is also for {', '.join(strange)}", "see whether they are yours, and needed")


# --------------------------------------------------------------------------------------------------- V22
def outside_the_path(stage: Stage, record: Record) -> None:
    """V22: nothing keeps W&B to a path here, and nothing was meant to."""
    raise UndecidedError("the grant is for the whole bucket on Google Cloud, whatever the paths")


def _judge(record: Record, what: str, answer: Answer) -> None:
    """Note a request that must be refused."""
    judge_refusal(record, what, answer, BAD_KEYS)
