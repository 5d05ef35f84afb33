"""The programs that are measured, cloud by cloud: a composite for each store, and the same resources written by hand, once under bare
components and once loose.

The hand-written ones take nothing from byob_components: the policies, rules and options are spelled out, as somebody would who
does not know the library. tests/benchmarks holds them against the composite, registration by registration, so that the comparison
stays one of like with like. `loose` is what one would write first: the same resources and inputs, with no components and no options.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

Program = Callable[[int], None]
"""Makes that many stores."""
KINDS = ("composite", "bare", "loose")
"""The programs of each cloud."""
CLOUDS = ("aws", "gcp", "azure", "s3_compatible", "coreweave")
"""The clouds that are measured."""


def programs(cloud: str) -> dict[str, Program]:
    """A cloud's programs; its SDK, and no other, is loaded now.

    Args:
        cloud: One of CLOUDS.
    """
    found: dict[str, Program] = importlib.import_module(f"benchmarks.programs.{cloud}").PROGRAMS
    return found


def names(count: int) -> list[str]:
    """Names of the stores.

    Args:
        count: How many.
    """
    return [f"team-{n:03}" for n in range(count)]


def export(name: str, addresses: Any, bucket: Any, region: Any, key: Any) -> None:
    """The values that a W&B administrator asks for.

    Args:
        name: The store's.
        addresses: Path to storage address.
        bucket: The bucket's name.
        region: Where it is.
        key: The key's id, or an empty text.
    """
    import pulumi

    pulumi.export(name, {"addresses": addresses, "bucket": bucket, "region": region, "key": key})
