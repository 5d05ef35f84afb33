"""What a browser asks before it lets a page call a store, and whether the answer lets it. The same for every cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from byob_components.verify.web import Answer
from byob_components.wandb.cors import EXPOSED, MULTI_TENANT_HOST, origins_for

FOREIGN_ORIGIN = "https://byob-verify.invalid"
"""An origin that nobody can have: `.invalid` is reserved (RFC 2606)."""
Send = Callable[[str, str, Mapping[str, str]], Answer]


def page_origins(allowed: Sequence[str]) -> tuple[str, ...]:
    """The origins to play: one for each that shall be allowed.

    Args:
        allowed: As they are declared; for `*` W&B's own page stands for everybody's, and `https://*.host` becomes
            a page on some host below it.
    """
    everybody = origins_for(MULTI_TENANT_HOST)[0]
    return tuple(dict.fromkeys(everybody if o == "*" else o.replace("*", "byob-verify") for o in allowed))


def question(origin: str, method: str, headers: Sequence[str]) -> dict[str, str]:
    """The headers of a preflight.

    Args:
        origin: The page's.
        method: What the page wants to do.
        headers: What it wants to send.
    """
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = ",".join(sorted(h.lower() for h in headers))
    return asked


def objection(answer: Answer, origin: str, method: str, headers: Sequence[str]) -> str:
    """Why a preflight's answer stops the page; empty when it lets it through (Fetch standard, CORS-preflight fetch).

    Args:
        answer: To the preflight.
        origin: The page's.
        method: What it asked for.
        headers: What it asked to send.
    """
    if not answer.ok:
        return f"the preflight for {method} is answered {answer}"
    if not _lets_in(answer, origin):
        return f"the preflight for {method} names another origin: {_shown(answer, 'access-control-allow-origin')}"
    methods = {m.upper() for m in _listed(answer, "access-control-allow-methods")}
    if not methods & {"*", method}:
        return f"{method} is not among the methods: {_shown(answer, 'access-control-allow-methods')}"
    allowed = {h.lower() for h in _listed(answer, "access-control-allow-headers")}
    refused = [h for h in headers if "*" not in allowed and h.lower() not in allowed]
    if refused:
        return f"{method} may not send {', '.join(refused)}: {_shown(answer, 'access-control-allow-headers')}"
    return ""


def lets_read(answer: Answer, origin: str) -> bool:
    """Whether a page may see the answer to its call.

    Args:
        answer: To the call itself, not to a preflight.
        origin: The page's.
    """
    return _lets_in(answer, origin)


def shows_etag(answer: Answer) -> bool:
    """Whether a page may read the one header that W&B's pages need.

    Args:
        answer: To the call itself.
    """
    exposed = {h.lower() for h in _listed(answer, "access-control-expose-headers")}
    return bool(exposed & {"*", EXPOSED.lower()}) and EXPOSED.lower() in answer.headers


def _lets_in(answer: Answer, origin: str) -> bool:
    return answer.headers.get("access-control-allow-origin") in ("*", origin)


def _listed(answer: Answer, header: str) -> list[str]:
    return [part.strip() for part in answer.headers.get(header, "").split(",") if part.strip()]


def _shown(answer: Answer, header: str) -> str:
    return f"{header}: {answer.headers[header]}" if header in answer.headers else f"no {header}"
