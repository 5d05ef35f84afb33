"""The pin of a server's public key, so that a browser trusts one server of a private authority and nothing else."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 10


def pin(url: str, ca_bundle: str) -> str:
    """The pin of the certificate that a server shows, after it has been verified.

    Args:
        url: The server's address, https.
        ca_bundle: The authorities that must vouch for it.

    Returns:
        SHA-256 of the public key (SubjectPublicKeyInfo), Base64: what Chromium's
        `--ignore-certificate-errors-spki-list` takes.

    Raises:
        OSError: No connection, or nobody vouches for the certificate.
    """
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=ca_bundle)
    host, port = parts.hostname or "", parts.port or 443
    with (
        socket.create_connection((host, port), timeout=_TIMEOUT_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        shown = secure.getpeercert(binary_form=True)
    if shown is None:
        raise OSError("the server showed no certificate")
    return base64.b64encode(hashlib.sha256(public_key_info(shown)).digest()).decode()


def public_key_info(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a certificate, with its own tag and length (RFC 5280, 4.1).

    Args:
        certificate: In DER.
    """
    _, at, _ = _element(certificate, 0)  # Certificate
    _, at, _ = _element(certificate, at)  # TBSCertificate
    tag, _, end = _element(certificate, at)
    if tag == 0xA0:  # [0] version, absent in version 1
        at = end
    for _ in ("serialNumber", "signature", "issuer", "validity", "subject"):
        at = _element(certificate, at)[2]
    return certificate[at : _element(certificate, at)[2]]


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, start of the content and end of the DER element at a place."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    return tag, start, start + length
