"""Network rules of accounts and vaults: everybody on this machine has one address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

HERE = "127.0.0.1"


def inside(rules: Mapping[str, Any]) -> bool:
    """Whether the rules' addresses include this machine's.

    Args:
        rules: With `ipRules`, each with a `value`.
    """
    here = ipaddress.ip_address(HERE)
    return any(here in ipaddress.ip_network(one["value"], strict=False) for one in rules.get("ipRules") or [])
