"""CORS answers, by the bucket's rules."""

from __future__ import annotations

import pytest

from sandbox.clouds.gcp.storage.cors import preflight, simple

WANDB = {
    "origin": ["https://wandb.example.com"],
    "method": ["GET", "HEAD", "PUT"],
    "responseHeader": ["*"],
    "maxAgeSeconds": 3000,
}
OPEN = {"origin": ["*"], "method": ["GET"], "responseHeader": ["Content-Type", "ETag"], "maxAgeSeconds": 60}
BARE = {"origin": ["https://bare.example.com"], "method": ["*"]}
RULES = [WANDB, OPEN, BARE]
ALWAYS = "Content-Length, Content-Type, Date, Server, Transfer-Encoding, X-GUploader-UploadID, X-Google-Trace"


def asked(origin: str, method: str, headers: str = "") -> dict[str, str]:
    return {"origin": origin, "access-control-request-method": method, **({"access-control-request-headers": headers} if headers else {})}  # fmt: skip


@pytest.mark.parametrize(
    ("request_headers", "answer"),
    [
        (asked("https://wandb.example.com", "PUT", "content-type,x-user"), {"Access-Control-Allow-Origin": "https://wandb.example.com", "Access-Control-Allow-Methods": "GET, HEAD, PUT", "Access-Control-Max-Age": "3000", "Access-Control-Allow-Headers": "content-type,x-user", "Vary": "Origin"}),
        (asked("https://elsewhere.example.com", "GET", "x-user"), {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET", "Access-Control-Max-Age": "60", "Access-Control-Allow-Headers": "Content-Type, ETag", "Vary": "Origin"}),
        (asked("https://bare.example.com", "DELETE"), {"Access-Control-Allow-Origin": "https://bare.example.com", "Access-Control-Allow-Methods": "*", "Access-Control-Max-Age": "3600", "Vary": "Origin"}),
        (asked("https://elsewhere.example.com", "PUT"), {}),
        (asked("https://wandb.example.com", "DELETE"), {}),
        (asked("http://wandb.example.com", "PUT"), {}),
        ({"origin": "https://wandb.example.com"}, {}),
        ({"access-control-request-method": "GET"}, {}),
    ],
)  # fmt: skip
def test_preflight(request_headers: dict[str, str], answer: dict[str, str]) -> None:
    assert preflight(RULES, request_headers) == answer


def test_no_rules_no_headers() -> None:
    assert preflight([], asked("https://wandb.example.com", "GET")) == {}
    assert simple([], {"origin": "https://wandb.example.com"}, "GET") == {}


def test_the_first_rule_that_fits_decides() -> None:
    assert preflight([OPEN, WANDB], asked("https://wandb.example.com", "GET"))["Access-Control-Allow-Origin"] == "*"
    assert preflight([OPEN, WANDB], asked("https://wandb.example.com", "PUT"))["Access-Control-Max-Age"] == "3000"


def test_the_list_of_headers_is_exposed_too() -> None:
    found = simple(RULES, {"origin": "https://wandb.example.com"}, "PUT")
    assert found == {"Access-Control-Allow-Origin": "https://wandb.example.com", "Vary": "Origin", "Access-Control-Expose-Headers": f"*, {ALWAYS}"}  # fmt: skip
    assert simple(RULES, {"origin": "https://x.example.com"}, "GET")["Access-Control-Expose-Headers"] == f"Content-Type, ETag, {ALWAYS}"  # fmt: skip
    assert simple(RULES, {"origin": "https://x.example.com"}, "PUT") == {}
    assert simple(RULES, {}, "GET") == {}
