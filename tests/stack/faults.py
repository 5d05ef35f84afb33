"""A configuration and the text of every fault in it, for the tests of both."""

from __future__ import annotations

from typing import Any

from byob_components.errors import ByobError
from byob_components.stack import load

TEAM = {"deployment": "dedicated", "level": "team"}
INSTANCE = {"deployment": "dedicated", "level": "instance"}
SECRET = "hunter2-and-more"
ROLE = "arn:aws:iam::830241207209:role/acme-node"


def faults(config: dict[str, Any], secret_keys: tuple[str, ...] = ()) -> list[str]:
    try:
        load(config, secret_keys)
    except ByobError as error:
        told = error
    else:
        return []
    assert told.subject == "stack configuration"
    assert SECRET not in str(told)
    return [str(fault) for fault in told.faults]
