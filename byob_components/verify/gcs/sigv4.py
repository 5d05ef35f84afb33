"""Signed URLs of Cloud Storage, version 4, for any moment and any endpoint.

Google's library signs for now only. A verifier also needs an URL that expired long ago, without waiting for it, and one for
the plain-HTTP port. Specification: Google, "V4 signing process with your own program".
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_ALGORITHM = "GOOG4-RSA-SHA256"


@dataclass(frozen=True)
class Signer:
    """Signs for one service account.

    Args:
        email: Whose e-mail address the URLs name.
        sign: Gives the RSA-SHA256 signature of some bytes: by the account's private key, or by IAM.
    """

    email: str
    sign: Callable[[bytes], bytes] = field(repr=False)

    def presign(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        expires: int,
        at: datetime.datetime,
    ) -> str:
        """An URL that lets whoever holds it make one kind of request.

        Args:
            method: The request's method.
            url: The object's address, its path percent-encoded once, without a query.
            query: Parameters to add and sign.
            headers: Headers that the request will have to carry, beside `Host`.
            expires: Seconds from `at` on.
            at: When it is signed, in UTC.
        """
        parts = urlsplit(url)
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{stamp[:8]}/auto/storage/goog4_request"
        signed = {"host": parts.netloc, **{k.lower(): " ".join(v.split()) for k, v in (headers or {}).items()}}
        names = ";".join(sorted(signed))
        asked = {
            **(query or {}),
            "X-Goog-Algorithm": _ALGORITHM,
            "X-Goog-Credential": f"{self.email}/{scope}",
            "X-Goog-Date": stamp,
            "X-Goog-Expires": str(expires),
            "X-Goog-SignedHeaders": names,
        }
        text = "&".join(f"{name}={value}" for name, value in sorted((_q(k), _q(v)) for k, v in asked.items()))
        lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
        canonical = "\n".join([method, parts.path or "/", text, *lines, "", names, "UNSIGNED-PAYLOAD"])
        to_sign = "\n".join([_ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        return f"{url}?{text}&X-Goog-Signature={self.sign(to_sign.encode()).hex()}"


def encode_key(key: str) -> str:
    """An object's key as it stands in an address.

    Args:
        key: The key.
    """
    return quote(key, safe="/~")


def _q(text: str) -> str:
    return quote(text, safe="~")
