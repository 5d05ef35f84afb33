"""Names of buckets, accounts, endpoints and paths, and how each surface of W&B spells a cloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byob_components.errors import ByobError
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.names import (
    Surface,
    check_account_name,
    check_bucket_name,
    check_endpoint,
    check_path,
    check_paths,
    parse_provider,
    provider_name,
)

SPELLINGS = {
    Cloud.AWS: ("s3", "s3", "s3", "AWS"),
    Cloud.GCP: ("gs", "gcs", "gcs", "GCP"),
    Cloud.AZURE: ("az", "az", "azure", "AZURE"),
    Cloud.S3_COMPATIBLE: ("s3", "s3", "s3", "MINIO"),
    Cloud.COREWEAVE: ("cw", "cw", "s3", "COREWEAVE"),
}


@pytest.mark.parametrize("cloud", list(Cloud))
def test_spellings(cloud: Cloud) -> None:
    surfaces = (Surface.ADDRESS, Surface.HELM, Surface.OPERATOR, Surface.SCIM)
    assert tuple(provider_name(cloud, surface) for surface in surfaces) == SPELLINGS[cloud]


@pytest.mark.parametrize(
    ("text", "cloud"),
    [
        ("s3", Cloud.AWS),
        ("AWS", Cloud.AWS),
        ("gs", Cloud.GCP),
        ("gcs", Cloud.GCP),
        ("az", Cloud.AZURE),
        ("Azure", Cloud.AZURE),
        ("MINIO", Cloud.S3_COMPATIBLE),
        ("s3_compatible", Cloud.S3_COMPATIBLE),
        ("cw", Cloud.COREWEAVE),
        ("COREWEAVE", Cloud.COREWEAVE),
    ],
)
def test_spellings_are_read(text: str, cloud: Cloud) -> None:
    assert parse_provider(text) is cloud


def test_an_unknown_spelling() -> None:
    with pytest.raises(ByobError, match="BYOB-WANDB-055 provider: 'amazon' is no provider's name"):
        parse_provider("amazon")


@pytest.mark.parametrize("path", ["runs", "a/b/c", "team=vision", "My Team", "v1.2", "_", "a-b_c.d=e/f", "p" * 512])
def test_paths(path: str) -> None:
    assert check_path(path, "paths[0]") == []


@pytest.mark.parametrize(
    ("path", "code", "fix"),
    [
        ("", "BYOB-WANDB-020", "leave paths out"),
        ("/", "BYOB-WANDB-020", "leave paths out"),
        ("/runs", "BYOB-WANDB-021", "write 'runs'"),
        ("runs/", "BYOB-WANDB-021", "write 'runs'"),
        ("a//b", "BYOB-WANDB-022", "name every folder"),
        ("a/../b", "BYOB-WANDB-022", "name every folder"),
        (".", "BYOB-WANDB-022", "name every folder"),
        ("a/*", "BYOB-WANDB-023", "keep to"),
        ("a?b", "BYOB-WANDB-023", "keep to"),
        ("a#b", "BYOB-WANDB-023", "keep to"),
        ("a%2Fb", "BYOB-WANDB-023", "keep to"),
        ("${aws:username}", "BYOB-WANDB-023", "keep to"),
        ("Übung", "BYOB-WANDB-023", "keep to"),
        (" a", "BYOB-WANDB-023", "keep to"),
        ("a /b", "BYOB-WANDB-023", "keep to"),
        ("a\n", "BYOB-WANDB-023", "keep to"),
        ("a\\b", "BYOB-WANDB-023", "keep to"),
        ("p" * 513, "BYOB-WANDB-024", "shorten"),
    ],
)
def test_bad_paths(path: str, code: str, fix: str) -> None:
    [fault] = check_path(path, "paths[0]")
    assert (fault.code, fault.where, fault.value) == (code, "paths[0]", path)
    assert fix in fault.fix
    assert fault.allowed


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ([], []),
        (["a", "b/c", "ab"], []),
        (["a", "a"], [("BYOB-WANDB-025", "paths[1]")]),
        (["a", "a/b"], [("BYOB-WANDB-026", "paths[1]")]),
        (["a/b/c", "a"], [("BYOB-WANDB-026", "paths[1]")]),
        (["a", "b", "c/", "b"], [("BYOB-WANDB-021", "paths[2]"), ("BYOB-WANDB-025", "paths[3]")]),
    ],
)
def test_paths_together(paths: list[str], found: list[tuple[str, str]]) -> None:
    assert [(fault.code, fault.where) for fault in check_paths(paths)] == found


NAMES = [
    (Cloud.AWS, "acme-vision", ""),
    (Cloud.AWS, "a1b", ""),
    (Cloud.AWS, "a" * 63, ""),
    (Cloud.AWS, "ab", "BYOB-WANDB-027"),
    (Cloud.AWS, "a" * 64, "BYOB-WANDB-027"),
    (Cloud.AWS, "Acme", "BYOB-WANDB-027"),
    (Cloud.AWS, "acme_vision", "BYOB-WANDB-027"),
    (Cloud.AWS, "acme.vision", "BYOB-WANDB-027"),
    (Cloud.AWS, "-acme", "BYOB-WANDB-027"),
    (Cloud.AWS, "acme\n", "BYOB-WANDB-027"),
    (Cloud.AWS, "xn--acme", "BYOB-WANDB-028"),
    (Cloud.AWS, "acme-s3alias", "BYOB-WANDB-028"),
    (Cloud.GCP, "acme_vision", ""),
    (Cloud.GCP, "acme.vision", "BYOB-WANDB-027"),
    (Cloud.GCP, "goog-acme", "BYOB-WANDB-028"),
    (Cloud.GCP, "my-google-data", "BYOB-WANDB-028"),
    (Cloud.AZURE, "wandb", ""),
    (Cloud.AZURE, "a--b", "BYOB-WANDB-027"),
    (Cloud.AZURE, "$root", "BYOB-WANDB-027"),
    (Cloud.COREWEAVE, "acme-vision", ""),
    (Cloud.COREWEAVE, "acme_vision", "BYOB-WANDB-027"),
    (Cloud.COREWEAVE, "cw-acme", "BYOB-WANDB-028"),
    (Cloud.COREWEAVE, "vip-acme", "BYOB-WANDB-028"),
    (Cloud.S3_COMPATIBLE, "wandb-files", ""),
    (Cloud.S3_COMPATIBLE, "wandb files", "BYOB-WANDB-027"),
]


@pytest.mark.parametrize(("cloud", "name", "code"), NAMES)
def test_bucket_names(cloud: Cloud, name: str, code: str) -> None:
    faults = check_bucket_name(cloud, name)
    assert [(f.code, f.where, f.value) for f in faults] == ([(code, "bucket_name", name)] if code else [])
    assert all(f.allowed and f.fix for f in faults)


@pytest.mark.parametrize(
    ("name", "fits"),
    [("acme1", True), ("a" * 24, True), ("ab", False), ("a" * 25, False), ("Acme", False), ("acme-1", False)],
)
def test_account_names(name: str, fits: bool) -> None:
    assert [f.code for f in check_account_name(name)] == ([] if fits else ["BYOB-WANDB-029"])


@pytest.mark.parametrize(
    ("endpoint", "fits"),
    [
        ("minio.corp:9000", True),
        ("s3.eu-west-1.amazonaws.com", True),
        ("10.0.0.1", True),
        ("https://minio.corp", False),
        ("minio.corp/bucket", False),
        ("minio.corp:0", False),
        ("minio.corp:65536", False),
        ("minio.corp:", False),
        ("user@minio.corp", False),
        ("", False),
    ],
)
def test_endpoints(endpoint: str, fits: bool) -> None:
    assert [f.code for f in check_endpoint(endpoint)] == ([] if fits else ["BYOB-WANDB-050"])


@given(st.text(max_size=40))
def test_a_path_that_passes_is_what_it_looks_like(path: str) -> None:
    if not check_path(path, "path"):
        assert path == path.strip("/ ")
        assert all(segment not in ("", ".", "..") for segment in path.split("/"))
        assert path.isascii()
        assert not set(path) & set("*?#%&$+:@\\\"'<>|{}[]^`~\n\t")
