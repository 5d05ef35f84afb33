"""Findings of a policy pack, from the engine's event log of the same preview."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.errors import ByobError, Fault

_CODE = re.compile(r"\bBYOB-POL-[A-Z0-9]+(?:-[0-9]+)?\b")
_COLOURS = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class PolicyFinding:
    """One violation.

    Args:
        code: Our stable code where the message holds one, else the policy's name.
        policy: The policy's name.
        pack: The pack.
        resource: `Bucket vision`, or an empty text.
        urn: The resource.
        mandatory: Whether it blocks.
        text: What it says.
    """

    code: str
    policy: str
    pack: str
    resource: str
    urn: str
    mandatory: bool
    text: str


def read_policies(text: str) -> list[PolicyFinding]:
    """The violations of an event log.

    Args:
        text: What `pulumi preview --event-log FILE` wrote: one JSON object a line.

    Raises:
        ByobError: It is something else.
    """
    found: dict[PolicyFinding, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line).get("policyEvent")
        except (ValueError, AttributeError):
            what = f"has no JSON object in line {number}"
            fix = "run `PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack policies --event-log events.json`"
            fault = Fault("BYOB-REV-092", "policies", what, None, "the engine's event log", fix)
            raise ByobError([fault], "byob review") from None
        if event:
            one = _finding(event)
            found[one] = None  # a preview and its update tell the same
    return list(found)


def _finding(event: Mapping[str, Any]) -> PolicyFinding:
    text = _COLOURS.sub("", event.get("message", "")).strip()
    urn, name = event.get("resourceUrn", ""), event.get("policyName", "")
    resource = ""
    if urn.count("::") >= 3:
        types, own = urn.split("::", 3)[2:4]
        resource = f"{types.rpartition(':')[2]} {own}"
    code = _CODE.search(text)
    mandatory = event.get("enforcementLevel") == "mandatory"
    return PolicyFinding(
        code[0] if code else name, name, event.get("policyPackName", ""), resource, urn, mandatory, text
    )
