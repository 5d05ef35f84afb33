"""The token endpoint: a service account proves itself with an assertion signed by one of its keys."""

from __future__ import annotations

import time
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from sandbox.clouds.gcp.apis.directory import TOKEN_SECONDS, Directory, claims, unpadded
from sandbox.clouds.gcp.apis.web import Answer, Request, Router

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_GOOGLE = "https://oauth2.googleapis.com/token"
"""The audience that Google's Python library always names, wherever the key file sends it."""


def add_routes(router: Router, directory: Directory, token_uri: str) -> None:
    """Serve the endpoint.

    Args:
        router: Where.
        directory: Who there is.
        token_uri: The endpoint's own address.
    """

    def token(request: Request) -> Answer:
        form = parse_qs(request.body.decode())
        if form.get("grant_type") != [_GRANT]:
            return _refused("unsupported_grant_type", "Only service accounts get tokens here.")
        assertion = form.get("assertion", [""])[0]
        try:
            head, body, signature = assertion.split(".")
            who, algorithm = claims(body), claims(head).get("alg")
            if algorithm != "RS256":
                return _refused("invalid_grant", "Invalid JWT: the algorithm must be RS256.")
        except ValueError:
            return _refused("invalid_grant", "Invalid JWT.")
        email = str(who.get("iss", ""))
        if not any(_signed(key, f"{head}.{body}", signature) for key in directory.public_keys(email)):
            return _refused("invalid_grant", "Invalid JWT Signature.")
        if who.get("aud") not in (token_uri, _GOOGLE):
            return _refused("invalid_grant", f"Invalid JWT: the audience must be {token_uri}.")
        if not float(who.get("iat", 0)) - 300 <= time.time() <= float(who.get("exp", 0)):
            return _refused("invalid_grant", "Invalid JWT: Token must be a short-lived token.")
        return Answer.of({"access_token": directory.token(email), "expires_in": TOKEN_SECONDS, "token_type": "Bearer"})

    router.add("POST", "/token", token)


def _signed(key, text: str, signature: str) -> bool:  # type: ignore[no-untyped-def]
    try:
        key.verify(unpadded(signature), text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _refused(error: str, description: str) -> Answer:
    return Answer.of({"error": error, "error_description": description}, 400)
