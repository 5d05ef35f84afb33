"""Presigned URLs: AWS's published example, and botocore's signature for the same request."""

import datetime
from urllib.parse import parse_qs, urlsplit

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from byob_components.verify.s3.sigv4 import Signer, encode_key

MOMENT = datetime.datetime(2013, 5, 24, tzinfo=datetime.UTC)


def test_the_example_of_the_specification() -> None:
    signer = Signer("us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    assert signer.presign("GET", "https://examplebucket.s3.amazonaws.com/test.txt", expires=86400, at=MOMENT) == (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


@pytest.mark.parametrize(
    ("method", "key", "query", "headers", "token"),
    [
        ("PUT", "a b/100%+ü.txt", {"X-User": "a b"}, {"Content-Type": "text/plain", "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, ""),
        ("PUT", "parts.bin", {"partNumber": "2", "uploadId": "a/b+c=="}, {}, "FwoGZXIvYXdz/+=="),
        ("GET", "~tilde/(x)!*'.txt", {"versionId": "null", "empty": ""}, {}, "token"),
        ("DELETE", "🙂", {}, {}, ""),
    ],
)  # fmt: skip
def test_botocore_signs_alike(
    monkeypatch: pytest.MonkeyPatch, method: str, key: str, query: dict[str, str], headers: dict[str, str], token: str
) -> None:
    url = f"https://localhost:9000/bucket/{encode_key(key)}"
    ours = Signer("eu-west-1", "AKIA", "secret", token).presign(
        method, url, query=query, headers=headers, expires=300, at=MOMENT
    )
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: MOMENT)
    request = AWSRequest(method, url, headers=dict(headers), params=dict(query))
    botocore.auth.S3SigV4QueryAuth(Credentials("AKIA", "secret", token or None), "s3", "eu-west-1", 300).add_auth(
        request
    )
    theirs = parse_qs(urlsplit(request.url).query, keep_blank_values=True)
    assert parse_qs(urlsplit(ours).query, keep_blank_values=True) == theirs


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


def test_a_signer_does_not_show_its_keys() -> None:
    assert repr(Signer("eu-west-1", "AKIA", "secret", "token")) == "Signer(region='eu-west-1')"
