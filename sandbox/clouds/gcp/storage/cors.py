"""CORS of a bucket, for the XML API, which signed URLs use.

The first rule that fits origin and method decides. `responseHeader` is both the list of request headers that are allowed and the
list of response headers that are exposed. A preflight that fits no rule gets 200 without CORS headers, which a browser takes for a no.
Source: cloud.google.com/storage/docs/cross-origin, …/xml-api/put-bucket-cors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_ALWAYS_EXPOSED = ("Content-Length", "Content-Type", "Date", "Server", "Transfer-Encoding", "X-GUploader-UploadID", "X-Google-Trace")  # fmt: skip


def _rule(rules: Sequence[Mapping[str, Any]], origin: str, method: str) -> Mapping[str, Any] | None:
    for rule in rules:
        fits = any(o in ("*", origin) for o in rule.get("origin", []))
        if fits and any(m in ("*", method) for m in rule.get("method", [])):
            return rule
    return None


def _origin(rule: Mapping[str, Any], origin: str) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": "*" if "*" in rule["origin"] else origin, "Vary": "Origin"}


def preflight(rules: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> dict[str, str]:
    """The CORS headers for an OPTIONS request; none when it is not allowed.

    Args:
        rules: The bucket's.
        headers: The request's, names in lower case.
    """
    origin, method = headers.get("origin", ""), headers.get("access-control-request-method", "")
    rule = _rule(rules, origin, method) if origin and method else None
    if rule is None:
        return {}
    allowed = rule.get("responseHeader", [])
    asked = headers.get("access-control-request-headers", "")
    listed = asked if "*" in allowed else ", ".join(allowed)
    return {
        **_origin(rule, origin),
        "Access-Control-Allow-Methods": ", ".join(rule["method"]),
        "Access-Control-Max-Age": str(rule.get("maxAgeSeconds", 3600)),
        **({"Access-Control-Allow-Headers": listed} if listed else {}),
    }


def simple(rules: Sequence[Mapping[str, Any]], headers: Mapping[str, str], method: str) -> dict[str, str]:
    """The CORS headers for the request itself.

    Args:
        rules: The bucket's.
        headers: The request's, names in lower case.
        method: The request's.
    """
    origin = headers.get("origin", "")
    rule = _rule(rules, origin, method) if origin else None
    if rule is None:
        return {}
    return {**_origin(rule, origin), "Access-Control-Expose-Headers": ", ".join([*rule.get("responseHeader", []), *_ALWAYS_EXPOSED])}  # fmt: skip
