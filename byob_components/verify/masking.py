"""Keeps secrets out of what is told: signatures and tokens in URLs, and the secrets of everybody who acts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "****"
_PARAMETERS = re.compile(
    r"((?:X-Amz-(?:Signature|Security-Token|Credential)|X-Goog-(?:Signature|Credential)|AWSAccessKeyId|Signature|sig|upload_id)=)"
    r"[^&\s\"'<>]+",
    re.IGNORECASE,
)


class Mask:
    """Hides secrets in text.

    Args:
        secrets: Texts that must never be shown, whatever surrounds them; empty ones are ignored.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: list[str] = []
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide more, which became known on the way: tokens, or keys that a server hands out.

        Args:
            secrets: As at the beginning.
        """
        forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        # The longest first: a secret may be the beginning of another one.
        self._forms = sorted(forms.union(self._forms), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without its secrets.

        Args:
            text: Whatever is about to be told.
        """
        for form in self._forms:
            text = text.replace(form, MASK)
        return _PARAMETERS.sub(rf"\1{MASK}", text)
