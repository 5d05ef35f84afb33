"""Who must stay out: plain HTTP, strangers, other teams, and W&B itself outside its path (V18, V19, V22)."""

from __future__ import annotations

from functools import partial

from byob_components.verify import refusal
from byob_components.verify.refusal import NOBODY, judge_refusal, no_outsider
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.verify.s3.meaning import BAD_KEYS
from byob_components.verify.s3.stage import Actor, Stage
from byob_components.verify.web import Answer
from byob_components.wandb.access import Access


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic: one for strangers, one more for each outsider of the cast.

    Args:
        stage: What they act with.
    """
    tls = "deny s3:* where aws:SecureTransport is false, in the bucket's policy (AwsBucket and AwsGrant write it)"
    grant = "find the statement of the bucket's policy, or the role's own right, that lets them in, and narrow it"
    scope = "keep the object statement to <bucket>/<path>/*, with the slash before the star"
    outsiders = [
        Check("V19", "An outsider is refused everything", grant, partial(outsider, stage, actor), part=actor.name)
        for actor in stage.outsiders
    ]
    return [
        Check("V18", "Plain HTTP is refused", tls, partial(plain_http, stage)),
        Check("V19", "Without a signature everything is refused", grant, partial(anonymous, stage)),
        *(outsiders or [Check("V19", "An outsider is refused everything", grant, no_outsider, part="outsiders")]),
        Check("V22", "W&B is kept to its path", scope, partial(outside_the_path, stage)),
    ]


# --------------------------------------------------------------------------------------------------- V18
def plain_http(stage: Stage, record: Record) -> None:
    """V18."""
    refusal.plain_http(stage, record, BAD_KEYS, "the store was not declared to refuse plain HTTP")


# --------------------------------------------------------------------------------------------------- V19
def anonymous(stage: Stage, record: Record) -> None:
    """V19 without a signature."""
    record.acted(NOBODY)
    planted = stage.plant("anonymous.txt")
    stage.reader(planted)
    listing = f"{stage.url()}?list-type=2&prefix={stage.prefix}"
    _judge(record, "GET", stage.web.send("GET", stage.url(planted.key)))
    _judge(record, "PUT", stage.web.send("PUT", stage.url(f"{stage.prefix}put-by-nobody.txt"), body=b"nobody"))
    _judge(record, "LIST", stage.web.send("GET", listing))
    _judge(record, "DELETE", stage.web.send("DELETE", stage.url(planted.key)))


def outsider(stage: Stage, actor: Actor, record: Record) -> None:
    """V19 as somebody with good keys and no right here."""
    record.acted(actor.name)
    number = stage.outsiders.index(actor)
    planted = stage.plant(f"outsider-{number}.txt")
    stage.reader(planted)
    _judge(record, "GET", stage.call(actor, "GET", planted.key))
    _judge(record, "PUT", stage.call(actor, "PUT", f"{stage.prefix}put-by-outsider-{number}.txt", body=b"outsider"))
    _judge(record, "LIST", stage.call(actor, "GET", query={"list-type": "2", "prefix": stage.prefix}))
    _judge(record, "DELETE", stage.call(actor, "DELETE", planted.key))


# --------------------------------------------------------------------------------------------------- V22
def outside_the_path(stage: Stage, record: Record) -> None:
    """V22: beside the path, at the root and in a folder whose name begins with the path's."""
    if stage.store.access is not Access.MINIMAL:
        raise UndecidedError(f"access '{Access.DOCUMENTED}' is for the whole bucket, as on W&B's page")
    if not stage.outside:
        raise UndecidedError("W&B's path is the whole bucket")
    if len(stage.insiders()) < 2:
        raise UndecidedError("W&B and the owner are both needed: one to be refused, one to put something there")
    owner, inside = stage.insiders()[1], stage.plant("inside.txt")
    actor = stage.wandb(record)
    if not stage.call(actor, "GET", inside.key).ok:
        raise UndecidedError("W&B cannot read inside its path (V11), so a refusal outside would show nothing")
    for prefix in stage.outside:
        planted = stage.plant("outside.txt", prefix=prefix, first=owner)
        _judge(record, f"GET {prefix}", stage.call(actor, "GET", planted.key))
        _judge(record, f"PUT {prefix}", stage.call(actor, "PUT", f"{prefix}put-by-wandb.txt", body=b"outside"))
        _judge(record, f"DELETE {prefix}", stage.call(actor, "DELETE", planted.key))


def _judge(record: Record, what: str, answer: Answer) -> None:
    """Note a request that must be refused."""
    judge_refusal(record, what, answer, BAD_KEYS)
