"""JSON Web Tokens: made and checked for our own issuer, and checked for the issuers that identities trust."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def padded(text: str) -> bytes:
    """The bytes of unpadded URL-safe base64."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def unpadded(raw: bytes) -> str:
    """Unpadded URL-safe base64 of bytes."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign(key: rsa.RSAPrivateKey, claims: dict[str, Any], kid: str) -> str:
    """A token signed with RS256.

    Args:
        key: The issuer's key.
        claims: What it says.
        kid: The key's id.
    """
    head = {"alg": "RS256", "typ": "JWT", "kid": kid}
    text = ".".join(unpadded(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
    return f"{text}.{unpadded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def unverified(token: str) -> dict[str, Any]:
    """What a token says, true or not.

    Raises:
        ValueError: It is no token.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("not a token")
    found = json.loads(padded(parts[1]))
    if not isinstance(found, dict):
        raise ValueError("not a token")
    return found


def verified(token: str, key: rsa.RSAPublicKey) -> dict[str, Any]:
    """What a token says, when its signature and its times hold.

    Args:
        token: The token.
        key: Its issuer's public key.

    Raises:
        ValueError: It is no token, or the signature or a time does not hold.
    """
    said = unverified(token)
    head, body, signature = token.split(".")
    if json.loads(padded(head)).get("alg") != "RS256":
        raise ValueError("the algorithm must be RS256")
    try:
        key.verify(padded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise ValueError("the signature does not hold") from None
    now = time.time()
    if not float(said.get("nbf", said.get("iat", 0))) - 300 <= now <= float(said.get("exp", 0)):
        raise ValueError("it has expired, or is not valid yet")
    return said


def jwk(key: rsa.RSAPublicKey, kid: str) -> dict[str, str]:
    """A public key, as issuers publish it."""
    numbers = key.public_numbers()
    n, e = (unpadded(x.to_bytes((x.bit_length() + 7) // 8)) for x in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": n, "e": e}
