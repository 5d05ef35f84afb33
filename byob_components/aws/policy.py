"""IAM policy documents as plain data: statements, what others have written, and what would hit W&B."""

import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any

from byob_components.errors import Fault
from byob_components.wandb import access as wandb_access

Statement = dict[str, Any]
VERSION = "2012-10-17"
BUCKET_ARN = "{bucket_arn}"
"""Stands for the bucket's ARN in a resource of the user's own statements: a name made by Pulumi is known too late."""
_REQUIRED = (("Sid",), ("Effect",), ("Action", "NotAction"), ("Principal", "NotPrincipal"), ("Resource", "NotResource"))


def document(statements: Sequence[Mapping[str, Any]], policy_id: str | None = None) -> dict[str, Any]:
    """A policy document.

    Args:
        statements: In the order in which they shall stand.
        policy_id: The document's `Id`, where it has one.
    """
    head = {"Version": VERSION} if policy_id is None else {"Version": VERSION, "Id": policy_id}
    return {**head, "Statement": [dict(statement) for statement in statements]}


def aws_principals(principals: Sequence[str]) -> dict[str, Any]:
    """The `Principal` element, a single one as text, as AWS itself writes it back."""
    return {"AWS": principals[0] if len(principals) == 1 else list(principals)}


def placed(statement: Mapping[str, Any], bucket_arn: str) -> Statement:
    """A statement of the user's own, with the bucket's ARN where it says `{bucket_arn}`.

    Args:
        statement: The statement.
        bucket_arn: The bucket.
    """

    def place(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(BUCKET_ARN, bucket_arn)
        return [place(one) for one in value] if isinstance(value, list | tuple) else value

    return {k: place(v) if k in ("Resource", "NotResource") else v for k, v in statement.items()}


def as_list(value: Any) -> list[Any]:
    """IAM's elements are one thing or a list of them; this is the list."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def check_statements(statements: list[Any], where: str, reserved: Sequence[str] = ()) -> list[Fault]:
    """Statements of the user's own, as they go into the one bucket policy.

    Args:
        statements: Raw IAM statements.
        where: The argument's name.
        reserved: Sids that the component writes itself.
    """
    faults: list[Fault] = []
    seen: set[str] = set()
    for i, statement in enumerate(statements):
        at = f"{where}[{i}]"
        if not isinstance(statement, Mapping):
            faults.append(
                Fault(
                    "BYOB-AWS-018",
                    at,
                    "is not an IAM statement",
                    statement,
                    "a mapping with Sid, Effect, …",
                    "give the statement as a mapping, not as JSON text",
                )
            )
            continue
        missing = [" or ".join(names) for names in _REQUIRED if not any(statement.get(name) for name in names)]
        if missing:
            faults.append(
                Fault(
                    "BYOB-AWS-018",
                    at,
                    f"has no {', '.join(missing)}",
                    statement.get("Sid"),
                    "Sid, Effect, Principal, Action, Resource",
                    "complete the statement; the Sid keeps it apart from ours",
                )
            )
        if statement.get("Effect") not in (None, "Allow", "Deny"):
            faults.append(
                Fault(
                    "BYOB-AWS-018",
                    f"{at}.Effect",
                    "is not an effect",
                    statement["Effect"],
                    "'Allow', 'Deny'",
                    "write one of them",
                )
            )
        sid = statement.get("Sid")
        if sid in reserved:
            faults.append(
                Fault(
                    "BYOB-AWS-019",
                    f"{at}.Sid",
                    "is the Sid of a statement that the component writes",
                    sid,
                    f"any but {', '.join(reserved)}",
                    "drop the statement, or give it a Sid of its own",
                )
            )
        elif sid in seen:
            faults.append(
                Fault("BYOB-AWS-019", f"{at}.Sid", "stands twice", sid, "each Sid once", "rename one of them")
            )
        seen.add(str(sid))
        if is_public(statement):
            faults.append(
                Fault(
                    "BYOB-AWS-020",
                    f"{at}.Principal",
                    "allows everybody",
                    statement.get("Principal"),
                    "named principals, or '*' with a Condition",
                    "name the accounts or roles that need access",
                )
            )
    return faults


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two statements differ in spelling at most: one thing or a list of it, the order, and who everybody is.

    Args:
        one: A statement.
        other: Another.
    """
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        inner = {key: _plain(part) for key, part in value.items()}
        return ["*"] if inner == {"AWS": ["*"]} else inner
    return sorted(map(str, as_list(value)))


def is_public(statement: Mapping[str, Any]) -> bool:
    """Whether a statement lets strangers in: Allow, everybody, without a condition."""
    if statement.get("Effect") != "Allow" or statement.get("Condition"):
        return False
    if "NotPrincipal" in statement:
        return True
    who = statement.get("Principal")
    named = as_list(who.get("AWS")) if isinstance(who, Mapping) else as_list(who)
    return "*" in named


def denies_wandb(statements: Sequence[Mapping[str, Any]], principals: Sequence[str]) -> list[str]:
    """Sids of Deny statements that hit, or may hit, what W&B is granted.

    A condition can spare W&B, which cannot be decided here: such a statement is named as one that may hit.

    Args:
        statements: The user's own statements.
        principals: W&B's identities.
    """
    told = []
    for statement in statements:
        if statement.get("Effect") != "Deny" or not _names(statement, principals) or not _touches(statement):
            continue
        sid = str(statement.get("Sid", "(without a Sid)"))
        told.append(f"{sid} (may, by its Condition)" if statement.get("Condition") else sid)
    return told


def _names(statement: Mapping[str, Any], principals: Sequence[str]) -> bool:
    if "NotPrincipal" in statement:
        spared = statement["NotPrincipal"]
        named = {str(p) for p in as_list(spared.get("AWS") if isinstance(spared, Mapping) else spared)}
        return any(p not in named for p in principals)
    who = statement.get("Principal")
    named = {str(p) for p in as_list(who.get("AWS") if isinstance(who, Mapping) else who)}
    accounts = {p.split(":")[4] for p in principals if p.count(":") >= 5}
    whole = {p.split(":")[4] for p in principals if p.endswith(":root")}
    return bool(
        "*" in named
        or named & set(principals)
        or named & accounts
        # An account's root in a Deny is everybody in the account; a principal that is a root stands for all its roles.
        or any(n.endswith(f":{account}:root") for n in named for account in accounts)
        or any(n.split(":")[4] in whole for n in named if n.count(":") >= 5)
    )


def _touches(statement: Mapping[str, Any]) -> bool:
    granted = [action.lower() for action in wandb_access.AWS_S3_DOCUMENTED]
    if "NotAction" in statement:
        spared = [str(a).lower() for a in as_list(statement["NotAction"])]
        return any(not any(fnmatch.fnmatchcase(action, s) for s in spared) for action in granted)
    denied = [str(a).lower() for a in as_list(statement.get("Action"))]
    return any(fnmatch.fnmatchcase(a, d) or fnmatch.fnmatchcase(d, a) for d in denied for a in granted)
