"""Where requests go: addresses of objects on AWS and elsewhere, and that this machine's configuration does not lead astray."""

from typing import Any

import pytest

from byob_components.verify import Cast, Identity, S3Store
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.s3.stage import Stage, upload_headers

WANDB, OWNER = Identity("W&B", "AKIAW", "secret"), Identity("owner", "AKIAO", "secret")


def stage(cast: Cast[Identity] | None = None, **declared: Any) -> Stage:
    store = S3Store(**{"bucket": "acme-wandb", "region": "eu-west-1", **declared})
    return Stage(store, cast or Cast(wandb=WANDB, owner=OWNER), "run", Mask())


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ({}, "https://acme-wandb.s3.eu-west-1.amazonaws.com/a%20b.txt"),
        ({"region": "cn-north-1"}, "https://acme-wandb.s3.cn-north-1.amazonaws.com.cn/a%20b.txt"),
        ({"region": "us-gov-west-1"}, "https://acme-wandb.s3.us-gov-west-1.amazonaws.com/a%20b.txt"),
        ({"bucket": "acme.wandb"}, "https://s3.eu-west-1.amazonaws.com/acme.wandb/a%20b.txt"),
        ({"path_style": True}, "https://s3.eu-west-1.amazonaws.com/acme-wandb/a%20b.txt"),
        ({"endpoint": "https://minio.example.com:9000"}, "https://acme-wandb.minio.example.com:9000/a%20b.txt"),
        ({"endpoint": "https://minio.example.com:9000/", "path_style": True}, "https://minio.example.com:9000/acme-wandb/a%20b.txt"),
    ],
)  # fmt: skip
def test_the_address_of_an_object(monkeypatch: pytest.MonkeyPatch, declared: dict[str, Any], url: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "there-is-no-such-profile")
    with stage(**declared) as made:
        assert made.url("a b.txt") == url


def test_the_plain_address_is_of_the_same_bucket() -> None:
    with stage() as made:
        plain = "http://s3.eu-west-1.amazonaws.com"
        assert made.url("k", plain) == "http://acme-wandb.s3.eu-west-1.amazonaws.com/k"


@pytest.mark.parametrize(
    ("path", "prefix", "outside"),
    [
        ("", ".wandb-byob-verify/run/", ()),
        ("vision", "vision/.wandb-byob-verify/run/", (".wandb-byob-verify/run/", "vision.wandb-byob-verify/run/")),
    ],
)
def test_the_folders_of_a_run(path: str, prefix: str, outside: tuple[str, ...]) -> None:
    with stage(path=path) as made:
        assert (made.prefix, made.outside) == (prefix, outside)


def test_uploads_carry_the_headers_of_the_sdk() -> None:
    assert upload_headers(b"") == {
        "Content-Type": "application/octet-stream",
        "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==",
    }


def test_who_acts_is_noted() -> None:
    with stage() as made:
        record = Record()
        assert made.wandb(record).name == "W&B"
        assert made.owner(record).name == "owner"
        assert record.actors == ["W&B", "owner"]
    with stage(Cast(wandb=WANDB)) as made, pytest.raises(UndecidedError, match="no identity of the owner was given"):
        made.owner(Record())
