"""Signed URLs, version 4: what Cloud Storage checks before it looks at rights.

Source: cloud.google.com/storage/docs/authentication/signatures, …/canonical-requests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ALGORITHM = "GOOG4-RSA-SHA256"
LONGEST = 7 * 86400
"""Seconds that a URL may live."""
_SKEW = timedelta(minutes=15)


class BadSignature(Exception):
    """A signed URL is refused.

    Args:
        status: HTTP status.
        code: The XML error's code.
        message: For the user.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def canonical_request(method: str, target: str, headers: dict[str, str], signed: list[str]) -> str:
    """The text that is signed.

    Args:
        method: In capitals.
        target: Path and query as sent.
        headers: Names in lower case.
        signed: The names of the signed headers.
    """
    parts = urlsplit(target)
    pairs = [
        (_encoded(k), _encoded(v)) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "X-Goog-Signature"
    ]
    query = "&".join(f"{k}={v}" for k, v in sorted(pairs))
    lines = "".join(f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in signed)
    payload = headers.get("x-goog-content-sha256", "") if "x-goog-content-sha256" in signed else ""
    path = quote(unquote(parts.path), safe="/~-_.")
    return "\n".join([method, path, query, lines, ";".join(signed), payload or "UNSIGNED-PAYLOAD"])


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def signer(
    method: str,
    target: str,
    headers: dict[str, str],
    keys: Callable[[str], list[rsa.RSAPublicKey]],
    at: datetime | None = None,
) -> str:
    """Who signed a URL.

    Args:
        method: The request's, in capitals.
        target: Path and query as sent.
        headers: The request's, names in lower case.
        keys: The public keys of a service account; none when there is no such account.
        at: The moment to check at; default now.

    Returns:
        The service account's address.

    Raises:
        BadSignature: The URL is malformed, too old, or not signed for this request.
    """
    given = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
    moment = at or datetime.now(UTC)
    try:
        email, date, _, service, end = given["X-Goog-Credential"].split("/")
        begin = datetime.strptime(given["X-Goog-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        seconds, signed = int(given["X-Goog-Expires"]), given["X-Goog-SignedHeaders"].split(";")
        signature = bytes.fromhex(given["X-Goog-Signature"])
    except (KeyError, ValueError) as problem:
        raise BadSignature(400, "MalformedSecurityHeader", f"A parameter of the signed URL is missing or wrong: {problem}") from None  # fmt: skip
    if given.get("X-Goog-Algorithm") != ALGORITHM:
        raise BadSignature(400, "InvalidArgument", f"The algorithm must be {ALGORITHM}; HMAC keys are not carried out by the local cloud.")  # fmt: skip
    if (service, end) != ("storage", "goog4_request") or date != given["X-Goog-Date"][:8]:
        raise BadSignature(400, "MalformedSecurityHeader", "The credential scope is wrong.")
    if not 1 <= seconds <= LONGEST:
        raise BadSignature(400, "InvalidArgument", f"X-Goog-Expires must be between 1 and {LONGEST}.")
    if loose := sorted(name for name in headers if name.startswith("x-goog-") and name not in signed):
        raise BadSignature(400, "MalformedSecurityHeader", f"Header was included in the request, but not in signedheaders: {loose[0]}")  # fmt: skip
    if "host" not in signed:
        raise BadSignature(400, "MalformedSecurityHeader", "The host header must be signed.")
    if begin > moment + _SKEW:
        raise BadSignature(403, "AccessDenied", "The signed URL is not valid yet.")
    if moment > begin + timedelta(seconds=seconds):
        raise BadSignature(400, "ExpiredToken", "The provided token has expired. Request signature expired.")
    canonical = canonical_request(method, target, headers, signed)
    scope = given["X-Goog-Credential"].split("/", 1)[1]
    text = "\n".join([ALGORITHM, given["X-Goog-Date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    for key in keys(email):
        try:
            key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
            return email
        except InvalidSignature:
            continue
    raise BadSignature(403, "SignatureDoesNotMatch", "Access denied. The request signature we calculated does not match the signature you provided.")  # fmt: skip
