"""The one CORS rule, in each cloud's own words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byob_components.errors import ByobError
from byob_components.wandb.cors import check_max_age, check_origins, cors_rule, origins_for, rendered
from byob_components.wandb.deployment import Cloud

S3: dict[str, Any] = {
    "AllowedHeaders": ["*"],
    "AllowedMethods": ["GET", "HEAD", "PUT"],
    "AllowedOrigins": ["*"],
    "ExposeHeaders": ["ETag"],
    "MaxAgeSeconds": 3000,
}
RENDERED: dict[Cloud, dict[str, Any]] = {
    Cloud.AWS: S3,
    Cloud.COREWEAVE: S3,
    Cloud.S3_COMPATIBLE: S3,
    # Google knows neither allowed nor exposed headers: responseHeader is both, so that only '*' is wide enough.
    Cloud.GCP: {"origin": ["*"], "method": ["GET", "HEAD", "PUT"], "responseHeader": ["*"], "maxAgeSeconds": 3000},
    Cloud.AZURE: {
        "allowedOrigins": ["*"],
        "allowedMethods": ["GET", "HEAD", "PUT"],
        "allowedHeaders": ["*"],
        "exposedHeaders": ["*"],
        "maxAgeInSeconds": 3000,
    },
}


@pytest.mark.parametrize("cloud", list(Cloud))
def test_the_rule_in_each_clouds_words(cloud: Cloud) -> None:
    assert rendered(cloud, cors_rule(cloud)) == RENDERED[cloud]


@pytest.mark.parametrize("cloud", list(Cloud))
def test_narrowed(cloud: Cloud) -> None:
    rule = rendered(cloud, cors_rule(cloud, ["https://wandb.example.com", "http://10.0.0.1:8080"], 600))
    named = {"AllowedOrigins", "origin", "allowedOrigins"} & rule.keys()
    assert [rule[name] for name in named] == [["https://wandb.example.com", "http://10.0.0.1:8080"]]
    ages = {"MaxAgeSeconds", "maxAgeSeconds", "maxAgeInSeconds"} & rule.keys()
    assert [rule[name] for name in ages] == [600]


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("wandb.ai", "https://wandb.ai"),
        ("wandb.example.com/", "https://wandb.example.com"),
        ("https://wandb.example.com", "https://wandb.example.com"),
        ("https://WANDB.Example.com/home?x=1", "https://wandb.example.com"),
        ("https://wandb.example.com:443", "https://wandb.example.com"),
        ("http://wandb.corp:80/", "http://wandb.corp"),
        ("http://wandb.corp:8080/", "http://wandb.corp:8080"),
        ("10.1.2.3:8443", "https://10.1.2.3:8443"),
    ],
)
def test_origins_of_a_host(host: str, origin: str) -> None:
    assert origins_for(host) == (origin,)


@pytest.mark.parametrize("host", ["", "https://", "a b", "wandb..example.com", "ftp://wandb.example.com"])
def test_what_is_no_host(host: str) -> None:
    with pytest.raises(ByobError, match="BYOB-WANDB-031 host:"):
        origins_for(host)


GOOD = [
    "*",
    "https://wandb.ai",
    "https://*.example.com",
    "http://localhost:8080",
    "https://10.0.0.1",
    "https://a:65535",
]
BAD = [
    "wandb.ai",
    "https://wandb.ai/",
    "https://wandb.ai/home",
    "https://Wandb.ai",
    "HTTPS://wandb.ai",
    "https://wandb.ai:443",
    "http://wandb.ai:80",
    "https://wandb.ai:0",
    "https://wandb.ai:65536",
    "https://wandb..ai",
    "https://-wandb.ai",
    "https://*.*.example.com",
    "https://a.*.example.com",
    "https://user@wandb.ai",
    "null",
    "",
    "https://wandb.ai\n",
]


@pytest.mark.parametrize("origin", GOOD)
def test_what_is_an_origin(origin: str) -> None:
    assert check_origins([origin]) == []


@pytest.mark.parametrize("origin", BAD)
def test_what_is_not(origin: str) -> None:
    [fault] = check_origins(["*", origin, "https://wandb.ai"], "cors_origins")
    assert (fault.code, fault.where, fault.value) == ("BYOB-WANDB-031", "cors_origins", origin)
    assert fault.allowed
    assert fault.fix


def test_no_origin_at_all() -> None:
    [fault] = check_origins([])
    assert (fault.code, fault.where) == ("BYOB-WANDB-030", "cors_origins")


@pytest.mark.parametrize(("seconds", "fits"), [(-1, False), (0, True), (3000, True), (86400, True), (86401, False)])
def test_max_age(seconds: int, fits: bool) -> None:
    assert [f.code for f in check_max_age(seconds)] == ([] if fits else ["BYOB-WANDB-032"])


_LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@given(
    labels=st.lists(_LABEL, min_size=1, max_size=4),
    scheme=st.sampled_from(["http", "https"]),
    port=st.none() | st.integers(1, 65535),
    path=st.sampled_from(["", "/", "/home", "/a/b"]),
)
def test_an_origin_made_of_a_host_is_an_origin(labels: list[str], scheme: str, port: int | None, path: str) -> None:
    host = ".".join(labels)
    [origin] = origins_for(f"{scheme}://{host}{'' if port is None else f':{port}'}{path}")
    assert check_origins([origin]) == []
    default = {"http": 80, "https": 443}[scheme]
    assert origin == f"{scheme}://{host}" + ("" if port in (None, default) else f":{port}")
