"""Policy documents: as text, and whether two of them mean the same (the rules of the real provider's comparison)."""

import json
import re
from typing import Any

from sandbox.providers.framework.contract import Failure

_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def text(document: Any) -> str:
    """A policy as JSON text; a program may give it as text or as an object.

    Args:
        document: The input.
    """
    return document if isinstance(document, str) else json.dumps(document)


def check_json(props: dict[str, Any], name: str) -> list[Failure]:
    """A failure when a policy is given as text that is no JSON object; the real provider reads it in Check, too.

    Args:
        props: Inputs.
        name: The property.
    """
    value = props.get(name)
    if not isinstance(value, str):
        return []
    try:
        right = isinstance(json.loads(value), dict)
    except ValueError:
        right = False
    return [] if right else [Failure(name, "contains an invalid JSON policy")]


def same_policy(a: Any, b: Any) -> bool:
    """Whether two policies mean the same: order of statements and of values, one value or a list of one, an account's
    number or its root ARN, and the layout of the text do not matter.

    Args:
        a: A policy, text or object.
        b: The other one.
    """
    try:
        return bool(_document(a) == _document(b))
    except (ValueError, TypeError, AttributeError):
        return False  # not a policy: the server says so


def _document(document: Any) -> Any:
    read = json.loads(document) if isinstance(document, str) else document
    statements = read.get("Statement") or []
    plain = [_statement(s) for s in (statements if isinstance(statements, list) else [statements])]
    rest = {k: v for k, v in read.items() if k != "Statement"}
    return rest, sorted(plain, key=lambda s: json.dumps(s, sort_keys=True))


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in statement.items():
        if key in _LISTS:
            found[key] = sorted({str(v).lower() if "Action" in key else str(v) for v in _as_list(value)})
        elif key in ("Principal", "NotPrincipal"):
            found[key] = _principal(value)
        elif key == "Condition":
            found[key] = {
                operator: {
                    name.lower(): sorted({_plain(v) for v in _as_list(values)}) for name, values in tests.items()
                }
                for operator, tests in value.items()
            }
        elif value != "":
            found[key] = value
    return found


def _principal(value: Any) -> Any:
    members = {"AWS": "*"} if value == "*" else value
    return {kind: sorted({_account(str(v)) for v in _as_list(who)}) for kind, who in members.items()}


def _account(who: str) -> str:
    root = re.fullmatch(r"arn:[\w-]+:iam::(\d{12}):root", who)
    return root[1] if root else who


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
