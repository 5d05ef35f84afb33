"""Signed URLs: what is signed, and what is refused before anybody's rights are looked at."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.clouds.gcp.storage.signatures import BadSignature, canonical_request, signer

EMAIL = "signer@byob-customer.iam.gserviceaccount.com"
KEY = rsa.generate_private_key(65537, 2048)
AT = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
HEADERS = {"host": "localhost:9101"}
QUERY = {
    "X-Goog-Algorithm": "GOOG4-RSA-SHA256", "X-Goog-Credential": f"{EMAIL}/20261124/auto/storage/goog4_request",
    "X-Goog-Date": "20261124T120000Z", "X-Goog-Expires": "300", "X-Goog-SignedHeaders": "host",
}  # fmt: skip


def test_the_text_that_is_signed() -> None:
    target = "/bucket/a%20b/%C3%A9~x?X-Goog-Date=20261124T120000Z&X-User=me%40x&X-Goog-Signature=ab&a=%2F"
    headers = {"host": "localhost:9101", "content-type": "  text/plain   utf8 "}
    assert canonical_request("PUT", target, headers, ["content-type", "host"]) == (
        "PUT\n/bucket/a%20b/%C3%A9~x\nX-Goog-Date=20261124T120000Z&X-User=me%40x&a=%2F\n"
        "content-type:text/plain utf8\nhost:localhost:9101\n\ncontent-type;host\nUNSIGNED-PAYLOAD"
    )


def signed(
    method: str = "GET", path: str = "/bucket/name", headers: dict[str, str] | None = None, **changes: str
) -> str:
    """A URL signed by hand, after the published rules and not by the code under test."""
    query = {**QUERY, **{k.replace("_", "-"): v for k, v in changes.items()}}
    quoted = "&".join(
        f"{k}={v.replace('@', '%40').replace('/', '%2F').replace(';', '%3B')}" for k, v in sorted(query.items())
    )
    names = query["X-Goog-SignedHeaders"].split(";")
    lines = "".join(f"{n}:{(headers or HEADERS).get(n, '')}\n" for n in names)
    canonical = f"{method}\n{path}\n{quoted}\n{lines}\n{';'.join(names)}\nUNSIGNED-PAYLOAD"
    scope = query["X-Goog-Credential"].split("/", 1)[1]
    text = f"GOOG4-RSA-SHA256\n{query['X-Goog-Date']}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return f"{path}?{quoted}&X-Goog-Signature={KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()).hex()}"


def check(url: str, method: str = "GET", at: datetime = AT, headers: dict[str, str] | None = None) -> str:
    keys = {EMAIL: [KEY.public_key()]}
    return signer(method, url, headers or HEADERS, lambda email: keys.get(email, []), at)


def test_a_good_url_says_who_signed_it() -> None:
    assert check(signed()) == EMAIL
    assert check(signed("PUT"), "PUT", AT + timedelta(seconds=300)) == EMAIL


NOT_YET, TOO_LATE = AT - timedelta(minutes=16), AT + timedelta(seconds=301)
REFUSED = {
    "expired": (signed(), "GET", TOO_LATE, 400, "ExpiredToken"),
    "not yet": (signed(), "GET", NOT_YET, 403, "AccessDenied"),
    "other method": (signed(), "PUT", AT, 403, "SignatureDoesNotMatch"),
    "other name": (signed().replace("/bucket/name", "/bucket/other"), "GET", AT, 403, "SignatureDoesNotMatch"),
    "one more parameter": (signed() + "&X-User=me", "GET", AT, 403, "SignatureDoesNotMatch"),
    "longer life": (signed().replace("Expires=300", "Expires=301"), "GET", AT, 403, "SignatureDoesNotMatch"),
    "last digit": (signed()[:-1] + ("0" if signed()[-1] != "0" else "1"), "GET", AT, 403, "SignatureDoesNotMatch"),
    "half a byte": (signed()[:-1], "GET", AT, 400, "MalformedSecurityHeader"),
    "somebody else": (signed(X_Goog_Credential="other@x.iam.gserviceaccount.com/20261124/auto/storage/goog4_request"), "GET", AT, 403, "SignatureDoesNotMatch"),
    "other service": (signed(X_Goog_Credential=f"{EMAIL}/20261124/auto/s3/goog4_request"), "GET", AT, 400, "MalformedSecurityHeader"),
    "other day": (signed(X_Goog_Credential=f"{EMAIL}/20261123/auto/storage/goog4_request"), "GET", AT, 400, "MalformedSecurityHeader"),
    "eight days": (signed(X_Goog_Expires="691200"), "GET", AT, 400, "InvalidArgument"),
    "HMAC": (signed(X_Goog_Algorithm="GOOG4-HMAC-SHA256"), "GET", AT, 400, "InvalidArgument"),
    "no host": (signed(X_Goog_SignedHeaders="content-type"), "GET", AT, 400, "MalformedSecurityHeader"),
    "no date": (signed().replace("X-Goog-Date=", "X-Goog-Day="), "GET", AT, 400, "MalformedSecurityHeader"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    url, method, at, status, code = REFUSED[name]
    with pytest.raises(BadSignature) as refused:
        check(url, method, at)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_an_extension_header_must_be_signed() -> None:
    loose = {**HEADERS, "x-goog-meta-team": "vision"}
    with pytest.raises(BadSignature, match="x-goog-meta-team"):
        check(signed(), headers=loose)
    url = signed(headers=loose, X_Goog_SignedHeaders="host;x-goog-meta-team")
    assert check(url, headers=loose) == EMAIL
    with pytest.raises(BadSignature, match="signature"):
        check(url, headers={**HEADERS, "x-goog-meta-team": "robotics"})
