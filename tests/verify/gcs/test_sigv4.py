"""Signed URLs: Google's library signs the same request with the same bytes."""

import datetime
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.cloud.storage._signing import generate_signed_url_v4
from google.oauth2 import service_account

from byob_components.verify.gcs.sigv4 import Signer, encode_key

MOMENT = datetime.datetime(2026, 5, 24, 10, 20, 30, tzinfo=datetime.UTC)
WHO = "wandb@wandb-production.iam.gserviceaccount.com"


@cache
def credentials() -> Any:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    info = {"client_email": WHO, "token_uri": "https://oauth2.googleapis.com/token", "private_key": pem}
    return service_account.Credentials.from_service_account_info(info)


@pytest.mark.parametrize(
    ("method", "key", "query", "headers"),
    [
        ("PUT", "a b/100%+ü.txt", {"X-User": "a b"}, {"Content-Type": "text/plain", "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}),
        ("GET", "~tilde/(x)!*'.txt", {"generation": "1700000000000000", "empty": ""}, {}),
        ("DELETE", "🙂", {}, {}),
        ("HEAD", "plain", {"X-User": "me"}, {}),
    ],
)  # fmt: skip
def test_googles_library_signs_alike(method: str, key: str, query: dict[str, str], headers: dict[str, str]) -> None:
    where = "https://storage.googleapis.com:8443"
    ours = Signer(WHO, credentials().sign_bytes).presign(
        method, f"{where}/bucket/{encode_key(key)}", query=query, headers=headers, expires=300, at=MOMENT
    )
    theirs = generate_signed_url_v4(
        credentials(), f"/bucket/{encode_key(key)}", 300, where, method, headers=dict(headers), query_parameters=dict(query),
        _request_timestamp="20260524T102030Z",
    )  # fmt: skip
    assert ours == theirs


def test_what_is_signed_is_what_the_specification_says() -> None:
    seen: list[bytes] = []
    url = Signer(WHO, lambda data: seen.append(data) or b"\x00\xff").presign(
        "GET", "https://storage.googleapis.com/bucket/key", expires=60, at=MOMENT
    )
    assert url == (
        "https://storage.googleapis.com/bucket/key?X-Goog-Algorithm=GOOG4-RSA-SHA256"
        "&X-Goog-Credential=wandb%40wandb-production.iam.gserviceaccount.com%2F20260524%2Fauto%2Fstorage%2Fgoog4_request"
        "&X-Goog-Date=20260524T102030Z&X-Goog-Expires=60&X-Goog-SignedHeaders=host&X-Goog-Signature=00ff"
    )
    lines = seen[0].decode().split("\n")
    assert lines[:3] == ["GOOG4-RSA-SHA256", "20260524T102030Z", "20260524/auto/storage/goog4_request"]
    assert len(lines[3]) == 64


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("plain/path.txt", "plain/path.txt"),
        ("100% a+b", "100%25%20a%2Bb"),
        ("q?x=1&y#z", "q%3Fx%3D1%26y%23z"),
        ("ü~", "%C3%BC~"),
    ],
)
def test_keys_are_encoded_once(key: str, written: str) -> None:
    assert encode_key(key) == written


def test_a_signer_does_not_show_how_it_signs() -> None:
    assert repr(Signer("w@p.iam.gserviceaccount.com", len)) == "Signer(email='w@p.iam.gserviceaccount.com')"  # type: ignore[arg-type]
