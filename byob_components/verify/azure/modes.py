"""How W&B signs, and how it must not: by a user delegation key, by the account's key (V23)."""

from __future__ import annotations

from functools import partial

from byob_components.verify.azure.arm import ArmError
from byob_components.verify.azure.meaning import KEY_OFF, error_code, refused
from byob_components.verify.azure.sas import Signer
from byob_components.verify.azure.stage import Actor, Stage
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.runner import Check
from byob_components.wandb.access import AzureMode


def checks(stage: Stage) -> list[Check]:
    """The checks of this topic.

    Args:
        stage: What they act with.
    """
    roles = "give W&B's identity the roles of its page on the account (AzureGrant does)"
    if stage.store.roles.shared_key:
        title, fix = "The account's key signs, as the mode needs it", "allow shared key access on the account"
    else:
        title, fix = (
            "The account's key opens nothing",
            "forbid shared key access on the account: nobody needs it in this mode",
        )
    return [
        Check("V23", "W&B signs with a user delegation key", roles, partial(delegation, stage), part="delegation"),
        Check("V23", title, fix, partial(shared_key, stage), part="shared-key"),
    ]


def delegation(stage: Stage, record: Record) -> None:
    """V23 by user delegation: the identity gets a key for its token, and URLs signed with that write and read."""
    if stage.store.mode is AzureMode.ACCESS_KEY:
        raise UndecidedError(f"mode '{AzureMode.ACCESS_KEY}' has no identity that could get such a key")
    actor = stage.wandb(record)
    if not actor.has_token:
        raise UndecidedError(f"{actor.name} holds the account's key, and no token to get such a key with")
    _write_and_read(stage, record, actor, actor.by_delegation, "delegation.txt")
    record.saw(f"signed by {actor.delegation_key.oid}")


def shared_key(stage: Stage, record: Record) -> None:
    """V23 by the account's key: it must work in the modes whose URLs it signs, and must be refused where nobody needs it."""
    if stage.store.roles.shared_key:
        actor = stage.wandb(record)
        signer = actor.by_key
        record.saw("the key was listed with W&B's token" if actor.has_token else "the key was given")
        _write_and_read(stage, record, actor, signer, "shared-key.txt")
        return
    actor, signer = _any_key(stage)
    record.acted(actor.name)
    planted = stage.plant("no-shared-key.txt")
    stage.reader(planted)
    answer = stage.web.send("GET", stage.sign(actor, "GET", planted.key, signer=signer))
    if answer.ok:
        record.fail("an URL that is signed with the account's key opens")
    elif error_code(answer) == KEY_OFF:
        record.saw(f"an URL that is signed with the account's key: {answer}")
    else:
        raise UndecidedError(f"an URL that is signed with the account's key is answered {answer}, not {KEY_OFF}")


def _any_key(stage: Stage) -> tuple[Actor, Signer]:
    """A real key of the account: with a wrong one, a refusal would show nothing."""
    seen = []
    for actor in reversed(stage.insiders()):
        try:
            return actor, actor.by_key
        except ArmError as problem:
            if not refused(problem):
                raise
            seen.append(f"{actor.name}: {problem.status_code} {problem.error_code}")
        except UndecidedError as problem:
            seen.append(problem.because)
    raise UndecidedError(f"no key of the account to try it with ({'; '.join(dict.fromkeys(seen))})")


def _write_and_read(stage: Stage, record: Record, actor: Actor, signer: Signer, name: str) -> None:
    key, body = f"{stage.prefix}{name}", name.encode()
    put = stage.web.send("PUT", stage.sign(actor, "PUT", key, signer=signer), stage.upload_headers(body), body)
    got = stage.web.send("GET", stage.sign(actor, "GET", key, signer=signer))
    if not put.ok:
        record.fail(f"PUT: {put}")
    elif not got.ok or got.body != body:
        record.fail(f"GET: {got}, {len(got.body)} B of {len(body)}")
    else:
        record.saw(f"PUT {put}, GET {got}")
