"""What may be declared of a store, and what is refused before anything is called."""

import shutil
from pathlib import Path

import certifi
import pytest

from byob_components.errors import ByobError
from byob_components.verify import Identity, Lack, S3Store
from byob_components.wandb.access import Access
from byob_components.wandb.deployment import Cloud

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"bucket": ""}, ["bucket"]),
        ({"region": ""}, ["region"]),
        ({"path": "vision/"}, ["path"]),
        ({"path": "a//b"}, ["path"]),
        ({"cloud": "gcp"}, ["cloud"]),
        ({"access": "everything"}, ["access"]),
        ({"encryption": "aws:kms"}, ["kms_key_id"]),
        ({"encryption": "AES256", "kms_key_id": KEY}, ["kms_key_id"]),
        ({"kms_key_id": KEY}, ["kms_key_id"]),
        ({"encryption": "aws:kms", "kms_key_id": "alias/wandb"}, ["kms_key_id"]),
        ({"encryption": "rot13"}, ["encryption"]),
        ({"endpoint": "minio.example.com"}, ["endpoint"]),
        ({"endpoint": "https://minio.example.com/bucket"}, ["endpoint"]),
        ({"plain_endpoint": "https://minio.example.com"}, ["plain_endpoint"]),
        ({"kms_endpoint": "ftp://kms"}, ["kms_endpoint"]),
        ({"ca_bundle": "/nowhere/ca.pem"}, ["ca_bundle"]),
        ({"noncurrent_days": -1}, ["noncurrent_days"]),
        ({"cors_origins": []}, ["cors_origins"]),
        ({"cors_origins": ["wandb.example.com"]}, ["cors_origins"]),
        ({"bucket": "", "region": "", "noncurrent_days": -1}, ["bucket", "region", "noncurrent_days"]),
    ],
)
def test_declarations_that_make_no_sense(changes: dict[str, object], places: list[str]) -> None:
    with pytest.raises(ByobError) as refused:
        S3Store(**{"bucket": "b", "region": "eu-west-1", **changes})
    assert [fault.where for fault in refused.value.faults] == places
    assert all(fault.allowed for fault in refused.value.faults)
    shared = {"path", "cors_origins"}  # rules that every part of this library has
    assert all(f.code == "BYOB-VERIFY-011" for f in refused.value.faults if f.where not in shared)


def test_the_smallest_declaration_is_a_bucket_of_aws_as_on_wandbs_page() -> None:
    store = S3Store("b", "eu-west-1")
    assert (store.cloud, store.access, store.cors_origins, store.tls_only) == (
        Cloud.AWS,
        Access.DOCUMENTED,
        ("*",),
        True,
    )
    assert (store.path, store.encryption, store.noncurrent_days, store.restricted) == ("", "", 0, False)


def test_text_becomes_the_enum_it_means(tmp_path: Path) -> None:
    shutil.copy(certifi.where(), tmp_path / "ca.pem")
    store = S3Store(
        "b", "x", path="/", access="minimal", cors_origins=["https://a.example"], ca_bundle=str(tmp_path / "ca.pem")
    )
    assert store.access is Access.MINIMAL
    assert (store.path, store.cors_origins, store.restricted) == ("", ("https://a.example",), True)


@pytest.mark.parametrize(("bucket", "asked", "in_path"), [("b", False, False), ("b", True, True), ("b.c", False, True)])
def test_where_the_bucket_stands_in_an_address(bucket: str, asked: bool, in_path: bool) -> None:
    assert S3Store(bucket, "eu-west-1", path_style=asked).path_in_url is in_path


def test_what_a_server_lacks_is_one_of_three_and_never_said_of_aws() -> None:
    store = S3Store("b", "x", cloud="s3_compatible", endpoint="https://s3.example", lacks=["cors", "versioning"])
    assert store.lacks == (Lack.CORS, Lack.VERSIONING)
    assert store.subject()["lacks"] == ["cors", "versioning"]
    with pytest.raises(
        ByobError, match=r"lacks: 'tags' is none of the choices.*'public_access_block', 'cors', 'versioning'"
    ):
        S3Store("b", "x", cloud="s3_compatible", endpoint="https://s3.example", lacks=["tags"])
    with pytest.raises(ByobError, match="lacks: is for servers other than AWS"):
        S3Store("b", "eu-west-1", lacks=["cors"])


class Session:
    def __init__(self, found: object) -> None:
        self.found = found

    def get_credentials(self) -> object:
        return self.found


class Found:
    access_key, secret_key, token = "AKIA", "planted-secret", None

    def get_frozen_credentials(self) -> "Found":
        return self


def test_an_identity_is_taken_from_a_session() -> None:
    assert Identity.from_session("me", Session(Found())) == Identity("me", "AKIA", "planted-secret", "")


def test_a_session_without_credentials_is_refused() -> None:
    with pytest.raises(ByobError, match="BYOB-VERIFY-010 session: 'me' holds no credentials"):
        Identity.from_session("me", Session(None))


def test_keys_are_never_shown() -> None:
    assert repr(Identity("me", "AKIA", "planted-secret", "planted-token")) == "Identity(name='me')"
