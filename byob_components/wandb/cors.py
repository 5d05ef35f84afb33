"""The one CORS rule: W&B's pages read and write the bucket from the browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from byob_components.errors import Fault
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.source import BYOB

METHODS = ("GET", "HEAD", "PUT")
"""What a page calls (BYOB; the server's own check wants these three)."""
EXPOSED = "ETag"
"""What a page must be able to read: multipart uploads need it (BYOB)."""
DEFAULT_MAX_AGE_SECONDS = 3000
"""BYOB; older pages and the Azure module say 3600."""
MULTI_TENANT_HOST = "wandb.ai"
SOURCE = BYOB
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?")
_MAX_AGE_LIMIT = 86400


@dataclass(frozen=True)
class CorsRule:
    """A CORS rule in the terms of S3, which every cloud's rule can be written from."""

    allowed_methods: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    allowed_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    max_age_seconds: int


def cors_rule(
    cloud: Cloud, origins: Sequence[str] = ("*",), max_age_seconds: int = DEFAULT_MAX_AGE_SECONDS
) -> CorsRule:
    """The rule of a cloud.

    Args:
        cloud: On Google `expose_headers` is the `responseHeader`, allow list and expose list in one; on Azure all
        headers are exposed.
        origins: Whose pages may call; default everybody's, as on W&B's page.
        max_age_seconds: How long a browser may keep a preflight's answer; default 3000.
    """
    exposed = ("*",) if cloud in (Cloud.GCP, Cloud.AZURE) else (EXPOSED,)
    return CorsRule(METHODS, tuple(origins), ("*",), exposed, max_age_seconds)


def origins_for(host: str) -> tuple[str, ...]:
    """The origins of a W&B host, to narrow the rule.

    Args:
        host: The host of the W&B server, with or without scheme, for example `wandb.example.com`; `wandb.ai` for
        Multi-tenant Cloud.
    """
    return (host.rstrip("/") if "://" in host else f"https://{host.rstrip('/')}",)


def check_origins(origins: Sequence[str], where: str = "cors_origins") -> list[Fault]:
    """What is wrong with a list of origins.

    Args:
        origins: Known values.
        where: The argument's name.
    """
    if not origins:
        return [
            Fault(
                "BYOB-WANDB-030",
                where,
                "is empty: no page of W&B could show a file",
                list(origins),
                "'*' or origins",
                "leave it out for '*', or give your W&B host's origin",
            )
        ]
    return [
        Fault(
            "BYOB-WANDB-031",
            where,
            "holds what is not an origin",
            origin,
            "'*', or scheme://host[:port] without a path",
            "give the origin as a browser sends it, for example 'https://wandb.example.com'",
        )
        for origin in origins
        if origin != "*" and not _ORIGIN.fullmatch(origin)
    ]


def check_max_age(seconds: int, where: str = "cors_max_age_seconds") -> list[Fault]:
    """What is wrong with a preflight's life time.

    Args:
        seconds: The value.
        where: The argument's name.
    """
    if 0 <= seconds <= _MAX_AGE_LIMIT:
        return []
    return [
        Fault(
            "BYOB-WANDB-032",
            where,
            "is out of range",
            seconds,
            f"0 to {_MAX_AGE_LIMIT} seconds",
            "give 3000, W&B's value",
        )
    ]
