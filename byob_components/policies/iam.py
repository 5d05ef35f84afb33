"""IAM policy documents as rules read them: whom a statement names, what it allows, and what narrows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from byob_components.policies.tree import Node
from byob_components.wandb import principal as wandb_principal

_NARROWING = {
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "kms:calleraccount",
}
"""Condition keys that say who asks, so that `*` with one of them is not everybody (S3 user guide, the meaning of public)."""
_POSITIVE = {"stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase"}
_NEGATIVE = {"arnnotequals", "arnnotlike", "stringnotequals", "stringnotlike"}
_WANDB = (
    wandb_principal.AWS_MULTI_TENANT_ROLE,
    wandb_principal.AWS_DEDICATED_ROOT,
    wandb_principal.COREWEAVE_MULTI_TENANT,
    wandb_principal.COREWEAVE_OTHERS,
)
_ACCOUNTS = frozenset(arn.split(":")[4] for arn in _WANDB)
"""The accounts that W&B's documented identities are in; the node role of a Dedicated Cloud instance is in one of them."""


@dataclass(frozen=True)
class Principal:
    """Whom a statement names.

    Args:
        kind: The key of the element, for example `AWS`; `*` for everybody.
        node: The name.
    """

    kind: str
    node: Node


def statements(policy: Node, effect: str) -> list[Node]:
    """The statements of a policy with an effect.

    Args:
        policy: The property that holds the document.
        effect: `Allow` or `Deny`.
    """
    return [one for one in policy.json().at("Statement").items() if one.at("Effect").text() == effect]


def principals(statement: Node) -> list[Principal]:
    """Whom a statement names.

    Args:
        statement: A statement.
    """
    who = statement.at("Principal")
    if who.text() is not None:
        return [Principal("*" if who.text() == "*" else "AWS", who)]
    found = []
    for kind, names in who.entries():
        found += [Principal(kind, name) for name in names.items()]
    return found


def everybody(statement: Node) -> Node | None:
    """Where a statement names everybody; None when it does not.

    Args:
        statement: A statement.
    """
    if statement.at("NotPrincipal").present:
        return statement.at("NotPrincipal")
    return next(
        (one.node for one in principals(statement) if one.kind in ("*", "AWS", "CW") and one.node.text() == "*"), None
    )


def refuses_everybody(statement: Node) -> bool:
    """Whether a Deny spares nobody.

    Args:
        statement: A Deny statement.
    """
    return not statement.at("NotPrincipal").present and everybody(statement) is not None


def account_of(who: str) -> str:
    """The account of an identity; empty when it has none.

    Args:
        who: An ARN, or the id of an account.
    """
    return who if who.isdigit() else who.split(":")[4] if who.count(":") > 4 else ""


def conditions(statement: Node) -> Iterator[tuple[str, str, Node]]:
    """Operator and key, in lower case, and the values of each condition of a statement.

    Args:
        statement: A statement.
    """
    for operator, keys in statement.at("Condition").entries():
        for key, values in keys.entries():
            yield operator.lower(), key.lower(), values


def is_narrowed(statement: Node) -> bool:
    """Whether a condition says who may ask, and names no `*` for it.

    Args:
        statement: A statement.
    """
    return any(
        # `…IfExists` and `ForAllValues:` also match a request that does not carry the key at all.
        operator.removeprefix("foranyvalue:") in _POSITIVE
        and key in _NARROWING
        and values.texts()
        and not any(text.strip("*?") == "" for text in values.texts())
        for operator, key, values in conditions(statement)
    )


def is_wandb(who: str) -> bool:
    """Whether an identity is one that W&B documents, or lies in the account of one.

    Args:
        who: An ARN, or the id of an account.
    """
    parts = who.split(":")
    return who in _ACCOUNTS or (len(parts) > 5 and parts[2] in ("iam", "sts") and parts[4] in _ACCOUNTS)


def is_listed(who: str, listed: Collection[str]) -> bool:
    """Whether an identity is among those that a configuration lists; an account stands for its root, `*` and `?` are patterns.

    Args:
        who: An identity, as it stands in a policy.
        listed: The configuration's.
    """
    account = who if who.isdigit() else who.split(":")[4] if who.endswith(":root") and who.count(":") > 4 else ""
    return any(fnmatchcase(who, one) for one in listed) or bool(
        account and (account in listed or any(one.endswith(f"::{account}:root") for one in listed))
    )


def admits(users: Collection[str], who: str) -> bool:
    """Whether a list of identities lets one in: by its name, with its whole account, or with everybody.

    Args:
        users: Identities that a key's policy or grants name.
        who: An identity.
    """
    account = who.split(":")[4] if who.count(":") > 4 else who
    return bool({who, account, "*"} & set(users)) or any(one.endswith(f"::{account}:root") for one in users)


def denies(statement: Node, who: str) -> bool:
    """Whether a Deny certainly hits an identity; with a condition on anything but the caller's ARN nobody can tell.

    Args:
        statement: A Deny statement.
        who: An identity.
    """
    listed = [one.node.text() or "" for one in principals(statement)]
    spared = [text for _, names in statement.at("NotPrincipal").entries() for text in names.texts()]
    if not (admits(listed, who) or (statement.at("NotPrincipal").present and not admits(spared, who))):
        return False
    for operator, key, values in conditions(statement):
        others = key == "aws:principalarn" and operator in _NEGATIVE
        # A root stands for everybody of its account.
        same = any(
            fnmatchcase(who, one) or (who.endswith(":root") and account_of(one) == account_of(who))
            for one in values.texts()
        )
        if not others or same:
            return False
    return True


def actions(statement: Node) -> list[Node]:
    """The actions that a statement lists.

    Args:
        statement: A statement.
    """
    return statement.at("Action").items()


def beyond(statement: Node, allowed: Sequence[str]) -> Node | None:
    """The first action of a statement that goes beyond a set; None when there is none.

    Args:
        statement: An Allow statement.
        allowed: Actions, with `*` as IAM knows it.
    """
    if statement.at("NotAction").present:
        return statement.at("NotAction")
    patterns = [one.lower() for one in allowed]
    for action in actions(statement):
        text = action.text()
        # The wildcards of the action are ordinary characters here: a pattern covers it when it covers them too.
        if text is not None and not any(fnmatchcase(text.lower(), pattern) for pattern in patterns):
            return action
    return None


def covers(statement: Node, action: str) -> bool:
    """Whether a statement is about an action.

    Args:
        statement: A statement.
        action: One action, without wildcards, for example `s3:PutObject`.
    """
    wanted = action.lower()
    if statement.at("NotAction").present:
        spared = [text.lower() for text in statement.at("NotAction").texts()]
        return not any(fnmatchcase(wanted, one) for one in spared)
    return any(fnmatchcase(wanted, text.lower()) for text in statement.at("Action").texts())


def covers_all(statement: Node, service: str) -> bool:
    """Whether a statement is about every action of a service.

    Args:
        statement: A statement.
        service: For example `s3`.
    """
    return any(text.lower() in ("*", f"{service}:*") for text in statement.at("Action").texts())


def covers_bucket_and_objects(statement: Node) -> bool:
    """Whether the resources of a statement are a bucket and all of its objects.

    Args:
        statement: A statement of a bucket policy.
    """
    resources = statement.at("Resource").texts()
    whole = any(text == "*" or text.endswith(":::*") for text in resources)
    return whole or (
        any(text.endswith("/*") and text.count("/") == 1 for text in resources)
        and any("/" not in text for text in resources)
    )
