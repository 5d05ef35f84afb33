"""Presigned URLs of S3, signed for any moment and any endpoint.

boto3 signs for now and for its own endpoint only. A verifier also needs an URL that expired long ago, without waiting for
it; one for the plain-HTTP port; and one with a query parameter of W&B's own. Specification: AWS, "Authenticating requests:
using query parameters (AWS Signature Version 4)".
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Signer:
    """Signs for one identity.

    Args:
        region: The bucket's region.
        access_key: The access key id.
        secret_key: The secret.
        session_token: The token of temporary keys; empty for others.
    """

    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)

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
        stamp, day = at.strftime("%Y%m%dT%H%M%SZ"), at.strftime("%Y%m%d")
        scope = f"{day}/{self.region}/s3/aws4_request"
        signed = {"host": parts.netloc, **{k.lower(): " ".join(v.split()) for k, v in (headers or {}).items()}}
        names = ";".join(sorted(signed))
        asked = {
            **(query or {}),
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{self.access_key}/{scope}",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": str(expires),
            "X-Amz-SignedHeaders": names,
            **({"X-Amz-Security-Token": self.session_token} if self.session_token else {}),
        }
        text = "&".join(f"{name}={value}" for name, value in sorted((_q(k), _q(v)) for k, v in asked.items()))
        canonical = "\n".join(
            [
                method,
                parts.path or "/",
                text,
                *(f"{name}:{signed[name]}" for name in sorted(signed)),
                "",
                names,
                "UNSIGNED-PAYLOAD",
            ]
        )
        to_sign = "\n".join([_ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = _hmac(key, part)
        return f"{url}?{text}&X-Amz-Signature={_hmac(key, to_sign).hex()}"


def encode_key(key: str) -> str:
    """An object's key as it stands in an address.

    Args:
        key: The key.
    """
    return quote(key, safe="/~")


def _q(text: str) -> str:
    return quote(text, safe="~")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
