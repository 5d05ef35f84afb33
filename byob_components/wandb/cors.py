"""The one CORS rule: W&B's pages read and write the bucket from the browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from byob_components.errors import ByobError, Fault
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
_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:(?P<port>[0-9]{1,5}))?"
)
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


def rendered(cloud: Cloud, rule: CorsRule) -> dict[str, Any]:
    """The rule with the field names of a cloud's own API, as its console and command line take it.

    Args:
        cloud: Whose API. AWS, CoreWeave and S3-compatible stores share S3's; Google has one list, `responseHeader`, for
            the headers a page may send and those it may read; Azure's values are those of its blob service.
        rule: From `cors_rule`.
    """
    origins, methods = list(rule.allowed_origins), list(rule.allowed_methods)
    if cloud is Cloud.GCP:
        return {
            "origin": origins,
            "method": methods,
            "responseHeader": list(rule.expose_headers),
            "maxAgeSeconds": rule.max_age_seconds,
        }
    if cloud is Cloud.AZURE:
        return {
            "allowedOrigins": origins,
            "allowedMethods": methods,
            "allowedHeaders": list(rule.allowed_headers),
            "exposedHeaders": list(rule.expose_headers),
            "maxAgeInSeconds": rule.max_age_seconds,
        }
    return {
        "AllowedHeaders": list(rule.allowed_headers),
        "AllowedMethods": methods,
        "AllowedOrigins": origins,
        "ExposeHeaders": list(rule.expose_headers),
        "MaxAgeSeconds": rule.max_age_seconds,
    }


_DEFAULT_PORTS = {"https": 443, "http": 80}


def origins_for(host: str) -> tuple[str, ...]:
    """The origins of a W&B host, to narrow the rule.

    Args:
        host: The host of the W&B server, as its address bar or its variable HOST shows it, for example
            `wandb.example.com` or `https://wandb.example.com/home`; `wandb.ai` for Multi-tenant Cloud.

    Returns:
        The origin as a browser sends it: lower case, without a path and without a default port.

    Raises:
        ByobError: It is not a host.
    """
    text = host if "://" in host else f"https://{host}"
    scheme, _, rest = text.partition("://")
    place = rest.split("/")[0].lower()
    name, _, port = place.partition(":")
    kept = f":{port}" if port and port != str(_DEFAULT_PORTS.get(scheme.lower())) else ""
    origin = f"{scheme.lower()}://{name}{kept}"
    faults = check_origins([origin], "host")
    if faults:
        raise ByobError(faults)
    return (origin,)


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
    return [_not_an_origin(origin, where) for origin in origins if origin != "*" and not _is_origin(origin)]


def _is_origin(text: str) -> bool:
    match = _ORIGIN.fullmatch(text)
    if match is None or match["port"] is None:
        return match is not None
    port = int(match["port"])
    # A browser leaves a default port out, so that a rule with one would never match.
    return 0 < port < 65536 and port != _DEFAULT_PORTS[match["scheme"]]


def _not_an_origin(text: str, where: str) -> Fault:
    return Fault(
        "BYOB-WANDB-031",
        where,
        "holds what is not an origin",
        text,
        "'*', or scheme://host[:port] in lower case, without a path and without a default port",
        "give the origin as a browser sends it, for example 'https://wandb.example.com'",
    )


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
