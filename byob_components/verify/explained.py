"""What exceptions mean that have nothing to do with the cloud: no answer, a server's own trouble, a browser that ended."""

from __future__ import annotations

import httpx

from byob_components.verify.browser import BrowserError
from byob_components.verify.result import Trouble
from byob_components.verify.runner import Explained
from byob_components.verify.web import ServerError


def explain_any(problem: Exception) -> Explained | None:
    """What an exception means for a check, on every cloud.

    Args:
        problem: What httpx, the machine or the browser raised.
    """
    if isinstance(problem, ServerError):
        return Explained(f"the server has a problem of its own: {problem}", Trouble.NETWORK)
    if isinstance(problem, httpx.TransportError | OSError):
        return Explained(f"no answer: {type(problem).__name__}: {problem}", Trouble.NETWORK)
    if isinstance(problem, BrowserError):
        return Explained(f"the browser: {problem}", Trouble.TOOL)
    return None
