"""IAM conditions: the part of the Common Expression Language that scopes a grant to the objects under a path.

Carried out: `resource.name`, `resource.type` and the list prefix attribute, compared by `==`, `!=` or `.startsWith("…")`,
joined by `&&`, `||`, `!` and parentheses. Anything else is refused when the policy is set, never silently true.
Source: cloud.google.com/iam/docs/conditions-attribute-reference, cloud.google.com/storage/docs/access-control/iam#conditions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKENS = re.compile(
    r"""\s*(&&|\|\||==|!=|!|\(|\)|,|\.startsWith|api\.getAttribute|resource\.\w+|"[^"\\]*"|'[^'\\]*')"""
)
_LIST_PREFIX = "storage.googleapis.com/objectListPrefix"


@dataclass(frozen=True)
class Subject:
    """What a request is about.

    Args:
        name: The resource's full name: `projects/_/buckets/b/objects/o`.
        type: Such as `storage.googleapis.com/Object`.
        list_prefix: The prefix of a listing.
    """

    name: str
    type: str
    list_prefix: str = ""


class Unsupported(Exception):
    """An expression that the local cloud does not evaluate."""


def evaluate(expression: str, subject: Subject) -> bool:
    """Whether a condition holds.

    Args:
        expression: The condition.
        subject: What the request is about.

    Raises:
        Unsupported: The expression is wrong, or more than what is carried out here.
    """
    parser = _Parser(expression, subject)
    found = parser.either()
    if parser.peek():
        raise Unsupported(f"unexpected {parser.peek()!r}")
    return found


class _Parser:
    def __init__(self, text: str, subject: Subject) -> None:
        self.subject = subject
        self.tokens: list[str] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            found = _TOKENS.match(text, at)
            if found is None:
                raise Unsupported(f"cannot read {text[at : at + 30]!r}")
            self.tokens.append(found[1])
            at = found.end()

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if not token or (wanted and token not in wanted):
            raise Unsupported(f"expected {' or '.join(wanted) or 'more'}, not {token!r}")
        return self.tokens.pop(0)

    # Both sides are always evaluated: an unsupported part must not hide behind a true one.
    def either(self) -> bool:
        found = self.both()
        while self.peek() == "||":
            self.take()
            found = self.both() or found
        return found

    def both(self) -> bool:
        found = self.one()
        while self.peek() == "&&":
            self.take()
            found = self.one() and found
        return found

    def one(self) -> bool:
        if self.peek() == "!":
            self.take()
            return not self.one()
        if self.peek() == "(":
            self.take()
            found = self.either()
            self.take(")")
            return found
        value = self.attribute()
        if self.peek() == ".startsWith":
            self.take()
            self.take("(")
            prefix = self.text()
            self.take(")")
            return value.startswith(prefix)
        negated = self.take("==", "!=") == "!="
        return (value == self.text()) != negated

    def attribute(self) -> str:
        token = self.take()
        if token == "resource.name":
            return self.subject.name
        if token == "resource.type":
            return self.subject.type
        if token == "api.getAttribute":
            self.take("(")
            name = self.text()
            self.take(",")
            default = self.text()
            self.take(")")
            if name != _LIST_PREFIX:
                raise Unsupported(f"the attribute {name!r}")
            return self.subject.list_prefix or default
        raise Unsupported(f"{token!r}")

    def text(self) -> str:
        token = self.take()
        if token[0] not in "\"'":
            raise Unsupported(f"expected a text, not {token!r}")
        return token[1:-1]
