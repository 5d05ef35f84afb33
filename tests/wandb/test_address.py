"""Storage addresses: every row of W&B's formats written down, built and read; and the traps."""

from __future__ import annotations

import pytest

from byob_components.errors import ByobError
from byob_components.wandb.address import (
    StorageAddress,
    build,
    check_address,
    masked,
    parse,
    supported_file_stores,
)
from byob_components.wandb.deployment import Cloud

A, C = StorageAddress, Cloud
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE+v/Q=\n-----END PRIVATE KEY-----\n"
PEM_ENCODED = "-----BEGIN%20PRIVATE%20KEY-----%0AMIIE%2Bv%2FQ%3D%0A-----END%20PRIVATE%20KEY-----%0A"

# parts, the address, the address as a screen may show it
ROWS = [
    (A(C.AWS, "acme-wandb"), "s3://acme-wandb", "s3://acme-wandb"),
    (A(C.AWS, "acme-wandb", "teams/vision"), "s3://acme-wandb/teams/vision", "s3://acme-wandb/teams/vision"),
    # An instance with keys, as the chart writes it.
    (
        A(C.AWS, "acme-wandb", "runs", region="eu-west-1", access_key="AKIAEXAMPLE", secret_key="a/b+c"),
        "s3://AKIAEXAMPLE:a%2Fb%2Bc@acme-wandb/runs?region=eu-west-1",
        "s3://****:****@acme-wandb/runs?region=eu-west-1",
    ),
    # A team's store in another cloud.
    (
        A(
            C.AWS,
            "acme-wandb",
            endpoint="s3.eu-west-1.amazonaws.com",
            region="eu-west-1",
            access_key="AKIAEXAMPLE",
            secret_key="a/b+c=:@?#%",
        ),
        "s3://AKIAEXAMPLE:a%2Fb%2Bc%3D%3A%40%3F%23%25@s3.eu-west-1.amazonaws.com/acme-wandb?region=eu-west-1",
        "s3://****:****@s3.eu-west-1.amazonaws.com/acme-wandb?region=eu-west-1",
    ),
    (
        A(
            C.AWS,
            "acme-wandb",
            endpoint="s3.cn-north-1.amazonaws.com.cn",
            region="cn-north-1",
            access_key="AKIAEXAMPLE",
            secret_key="s",
        ),
        "s3://AKIAEXAMPLE:s@s3.cn-north-1.amazonaws.com.cn/acme-wandb?region=cn-north-1",
        "s3://****:****@s3.cn-north-1.amazonaws.com.cn/acme-wandb?region=cn-north-1",
    ),
    # S3-compatible: the second parameter is joined with '&'.
    (
        A(
            C.S3_COMPATIBLE,
            "wandb",
            "runs",
            endpoint="minio.corp:9000",
            region="us-east-1",
            access_key="minio user",
            secret_key="pass&word",
            tls=True,
        ),
        "s3://minio%20user:pass%26word@minio.corp:9000/wandb/runs?region=us-east-1&tls=true",
        "s3://****:****@minio.corp:9000/wandb/runs?region=us-east-1&tls=true",
    ),
    (
        A(
            C.S3_COMPATIBLE,
            "wandb",
            endpoint="ceph.corp",
            region="default",
            access_key="k",
            secret_key="s",
            tls=False,
            force_path_style=True,
        ),
        "s3://k:s@ceph.corp/wandb?region=default&tls=false&forcePathStyle=true",
        "s3://****:****@ceph.corp/wandb?region=default&tls=false&forcePathStyle=true",
    ),
    (A(C.GCP, "acme-wandb", "runs"), "gs://acme-wandb/runs", "gs://acme-wandb/runs"),
    (
        A(C.GCP, "acme-wandb", access_key="wandb@acme.iam.gserviceaccount.com", secret_key=PEM),
        f"gs://wandb%40acme.iam.gserviceaccount.com:{PEM_ENCODED}@acme-wandb",
        "gs://****:****@acme-wandb",
    ),
    (A(C.AZURE, "wandb", account="acmewandb"), "az://acmewandb/wandb", "az://acmewandb/wandb"),
    (A(C.AZURE, "wandb", "a/b", account="acmewandb"), "az://acmewandb/wandb/a/b", "az://acmewandb/wandb/a/b"),
    (
        A(C.AZURE, "wandb", account="acmewandb", secret_key="k/e+y=="),
        "az://:k%2Fe%2By%3D%3D@acmewandb/wandb",
        "az://:****@acmewandb/wandb",
    ),
    (A(C.COREWEAVE, "acme-wandb"), "cw://acme-wandb", "cw://acme-wandb"),
    (A(C.COREWEAVE, "acme-wandb", "runs"), "cw://acme-wandb/runs", "cw://acme-wandb/runs"),
    (
        A(C.COREWEAVE, "acme-wandb", endpoint="cwobject.com", access_key="CWKEY", secret_key="cw/s", tls=True),
        "cw://CWKEY:cw%2Fs@cwobject.com/acme-wandb?tls=true",
        "cw://****:****@cwobject.com/acme-wandb?tls=true",
    ),
    # As the chart writes it.
    (
        A(C.COREWEAVE, "acme-wandb", "runs", access_key="CWKEY", secret_key="cw/s"),
        "cw://CWKEY:cw%2Fs@acme-wandb/runs",
        "cw://****:****@acme-wandb/runs",
    ),
    (A(C.AWS, "acme-wandb", "team=a b/v1.0"), "s3://acme-wandb/team=a%20b/v1.0", "s3://acme-wandb/team=a%20b/v1.0"),
]
IDS = [row[2] for row in ROWS]


@pytest.mark.parametrize(("parts", "text", "shown"), ROWS, ids=IDS)
def test_every_row_is_built_and_read(parts: StorageAddress, text: str, shown: str) -> None:
    assert build(parts) == text
    assert parse(text) == parts
    assert masked(parts) == masked(text) == shown
    assert check_address(parts) == []


# Other ways of writing an address that are in use, and what they mean.
READ = [
    ("s3://acme.wandb.old/runs", A(C.AWS, "acme.wandb.old", "runs")),
    ("s3://acme-wandb/", A(C.AWS, "acme-wandb")),
    ("s3:///acme-wandb/runs", A(C.AWS, "acme-wandb", "runs")),
    ("s3://acme-wandb/runs?region=eu-west-1", A(C.AWS, "acme-wandb", "runs", region="eu-west-1")),
    # W&B's older page has no region; the chart never writes one.
    (
        "s3://AK:sk@s3.us-west-2.amazonaws.com/acme-wandb",
        A(C.AWS, "acme-wandb", endpoint="s3.us-west-2.amazonaws.com", access_key="AK", secret_key="sk"),
    ),
    (
        "s3://AK:sk@10.0.0.5:9000/wandb?tls=true&region=x",
        A(C.S3_COMPATIBLE, "wandb", endpoint="10.0.0.5:9000", region="x", access_key="AK", secret_key="sk", tls=True),
    ),
    # '+', '=' and ':' may stand in a URL's keys as they are, '@' too when it is not the last one.
    ("s3://AK:a+b==@acme-wandb", A(C.AWS, "acme-wandb", access_key="AK", secret_key="a+b==")),
    ("gs://sa@acme.iam.gserviceaccount.com:pem@bkt", A(C.GCP, "bkt", access_key="sa@acme.iam.gserviceaccount.com",
                                                     secret_key="pem")),
    ("cw://acme-wandb.cwobject.com/runs", A(C.COREWEAVE, "acme-wandb", "runs")),
    (
        "cw://AK:sk@acme-wandb.cwobject.com/runs?tls=true",
        A(C.COREWEAVE, "acme-wandb", "runs", endpoint="cwobject.com", access_key="AK", secret_key="sk", tls=True),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), READ, ids=[str(i) for i in range(len(READ))])
def test_other_spellings_are_read(text: str, parts: StorageAddress) -> None:
    assert parse(text) == parts


SECRET = "TOPSECRET"
REFUSED = [
    ("acme-wandb", "BYOB-WANDB-040", "start with one of the schemes"),
    (f"gcs://a:{SECRET}@acme-wandb", "BYOB-WANDB-040", "write gs://"),
    (f"azure://:{SECRET}@acme/wandb", "BYOB-WANDB-040", "write az://"),
    ("S3://acme-wandb", "BYOB-WANDB-040", "write s3://"),
    (f"minio://k:{SECRET}@h:1/b", "BYOB-WANDB-040", "write s3://"),
    (f"https://k:{SECRET}@s3.amazonaws.com/b", "BYOB-WANDB-040", "start with one of the schemes"),
    # The bug of W&B's older pages.
    (f"s3://k:{SECRET}@h:1/bkt?region=r?tls=true", "BYOB-WANDB-041", "join parameters with '&'"),
    (f"s3://{SECRET}@acme-wandb", "BYOB-WANDB-042", "give both"),
    ("s3://AK:@acme-wandb", "BYOB-WANDB-042", "give both"),
    (f"s3://:{SECRET}@acme-wandb", "BYOB-WANDB-042", "give both"),
    (f"az://acme:{SECRET}@acme/wandb", "BYOB-WANDB-042", "drop it"),
    (f"s3://AK:{SECRET}/x@acme-wandb", "BYOB-WANDB-049", "urllib.parse.quote"),
    (f"s3://AK:{SECRET}#x@acme-wandb", "BYOB-WANDB-049", "urllib.parse.quote"),
    (f"s3://AK:{SECRET}%zz@acme-wandb", "BYOB-WANDB-049", "urllib.parse.quote"),
    (f"s3://AK:{SECRET}%FF@acme-wandb", "BYOB-WANDB-049", "urllib.parse.quote"),
    (f"gs://sa:-----BEGIN\n{SECRET}@acme-wandb", "BYOB-WANDB-049", "urllib.parse.quote"),
    # A raw '?' ends the part before the query.
    (f"s3://AK:{SECRET}?x@acme-wandb", "BYOB-WANDB-048", "keep to the known parameters"),
    # The host forgotten.
    (f"s3://AK:{SECRET}", "BYOB-WANDB-043", "add the bucket's name"),
    (f"s3://AK:{SECRET}/acme-wandb", "BYOB-WANDB-050", "drop scheme and slashes"),
    (f"s3://{SECRET}+x/y", "BYOB-WANDB-043", "add the bucket's name"),
    ("s3://", "BYOB-WANDB-043", "add the bucket's name"),
    ("az://acmewandb", "BYOB-WANDB-043", "add the bucket's name"),
    ("az://Acme/wandb", "BYOB-WANDB-044", "put the account first"),
    ("az://acme.blob.core.windows.net/wandb", "BYOB-WANDB-044", "put the account first"),
    ("s3://acme-wandb?kms=arn", "BYOB-WANDB-048", "a KMS key has no place"),
    ("s3://acme-wandb?region=", "BYOB-WANDB-048", "keep to the known parameters"),
    ("s3://acme-wandb?region=a&region=b", "BYOB-WANDB-048", "keep to the known parameters"),
    (f"s3://k:{SECRET}@h:1/bkt?region=r&tls=yes", "BYOB-WANDB-048", "keep to the known parameters"),
    (f"s3://k:{SECRET}@h:1/bkt?region=eu west", "BYOB-WANDB-046", "give the region's name"),
    (f"s3://k:{SECRET}@h:99999/bkt?region=r", "BYOB-WANDB-050", "drop scheme and slashes"),
    ("s3://acme-wandb//runs", "BYOB-WANDB-052", "change the path"),
    ("s3://acme-wandb/../x", "BYOB-WANDB-052", "change the path"),
    ("s3://acme-wandb/a%2F%2Fb", "BYOB-WANDB-052", "change the path"),
    ("cw://cwobject.com/acme-wandb", "BYOB-WANDB-051", "write the bucket's name alone"),
    (f"cw://k:{SECRET}@cwlota.com/acme-wandb?tls=true", "BYOB-WANDB-051", "use that endpoint"),
    ("cw://", "BYOB-WANDB-043", "add the bucket's name"),
]


@pytest.mark.parametrize(("text", "code", "fix"), REFUSED, ids=[str(i) for i in range(len(REFUSED))])
def test_what_is_no_address(text: str, code: str, fix: str) -> None:
    with pytest.raises(ByobError) as told:
        parse(text)
    faults = {fault.code: fault for fault in told.value.faults}
    assert code in faults
    assert fix in faults[code].fix
    assert all(fault.value is None and fault.where == "address" and fault.allowed for fault in faults.values())
    _silent(told.value)


def _silent(error: BaseException) -> None:
    """Nothing that a traceback prints holds the secret."""
    assert SECRET not in str(error)
    assert error.__cause__ is None
    assert SECRET not in repr(error.__context__)


# Parts that can be read, and lack what W&B needs.
LACKING = [
    (A(C.AWS, "acme-wandb", access_key="AK", secret_key=SECRET), ["BYOB-WANDB-046"]),
    (A(C.S3_COMPATIBLE, "wandb", endpoint="h:1", access_key="AK", secret_key=SECRET), ["BYOB-WANDB-046"]),
    (A(C.S3_COMPATIBLE, "wandb", region="r", access_key="AK", secret_key=SECRET), ["BYOB-WANDB-045"]),
    (A(C.S3_COMPATIBLE, "wandb", endpoint="h:1", region="r"), ["BYOB-WANDB-045", "BYOB-WANDB-047"]),
    (
        A(C.S3_COMPATIBLE, "wandb", endpoint="minio", region="r", access_key="AK", secret_key=SECRET),
        ["BYOB-WANDB-050"],
    ),
    (
        A(C.S3_COMPATIBLE, "wandb", endpoint="s3.r.amazonaws.com", region="r", access_key="AK", secret_key=SECRET),
        ["BYOB-WANDB-050"],
    ),
    (A(C.AWS, "acme-wandb", endpoint="s3.eu-west-1.amazonaws.com"), ["BYOB-WANDB-047"]),
    (
        A(C.AWS, "acme-wandb", endpoint="minio.corp", region="r", access_key="AK", secret_key=SECRET),
        ["BYOB-WANDB-050"],
    ),
    (
        A(
            C.AWS,
            "acme-wandb",
            endpoint="s3.eu-west-1.amazonaws.com",
            region="us-east-1",
            access_key="AK",
            secret_key=SECRET,
        ),
        ["BYOB-WANDB-050"],
    ),
    (
        A(
            C.AWS,
            "acme-wandb",
            endpoint="s3-fips.us-gov-west-1.amazonaws.com",
            region="us-gov-east-1",
            access_key="AK",
            secret_key=SECRET,
        ),
        ["BYOB-WANDB-050"],
    ),
    (A(C.AWS, "acme.wandb", region="r", access_key="AK", secret_key=SECRET), ["BYOB-WANDB-050"]),
    (A(C.AWS, "acme-wandb", access_key="AK"), ["BYOB-WANDB-042"]),
    (A(C.GCP, "acme-wandb", secret_key=SECRET), ["BYOB-WANDB-042"]),
    (A(C.GCP, "acme-wandb", region="eu"), ["BYOB-WANDB-048"]),
    (A(C.AZURE, "wandb", account="acme", tls=True), ["BYOB-WANDB-048"]),
    (A(C.GCP, "acme-wandb", endpoint="storage.googleapis.com"), ["BYOB-WANDB-047", "BYOB-WANDB-047"]),
    (A(C.GCP, "acme-wandb", account="acme"), ["BYOB-WANDB-044"]),
    (A(C.AZURE, "wandb"), ["BYOB-WANDB-044"]),
    (
        A(C.COREWEAVE, "acme-wandb", endpoint="cwobject.com", access_key="AK", secret_key=SECRET),
        ["BYOB-WANDB-051"],
    ),
    (
        A(C.COREWEAVE, "acme-wandb", endpoint="cwobject.com", access_key="AK", secret_key=SECRET, tls=False),
        ["BYOB-WANDB-051"],
    ),
]


@pytest.mark.parametrize(("parts", "codes"), LACKING, ids=[str(i) for i in range(len(LACKING))])
def test_what_w_and_b_could_not_use_is_not_built(parts: StorageAddress, codes: list[str]) -> None:
    with pytest.raises(ByobError) as told:
        build(parts)
    assert [fault.code for fault in told.value.faults] == codes
    assert all(fault.value is None and fault.allowed and fault.fix for fault in told.value.faults)
    _silent(told.value)
    assert SECRET not in repr(parts)


def test_an_endpoint_of_amazon_without_a_region_of_its_own_is_taken_as_it_is() -> None:
    for endpoint in (
        "s3.amazonaws.com",
        "vpce-1a2b.s3.eu-west-1.vpce.amazonaws.com",
        "s3.dualstack.eu-west-1.amazonaws.com",
    ):
        parts = A(C.AWS, "bkt", endpoint=endpoint, region="eu-west-1", access_key="AK", secret_key="sk")
        assert parse(build(parts)) == parts


def test_the_list_of_a_servers_stores() -> None:
    listed = [
        "s3://AK:s%2Fk@s3.eu-west-1.amazonaws.com/acme-a/vision?region=eu-west-1",
        "s3://AK:s%2Fk@s3.eu-west-1.amazonaws.com/acme-a/speech?region=eu-west-1",
        "gs://acme-b/x",
        "cw://acme-c/x",
        "cw://AK:sk@cwobject.com/acme-d?tls=true",
        "az://:k%3D@acme/wandb/p",
    ]
    assert supported_file_stores(listed) == (
        "s3://AK:s%2Fk@s3.eu-west-1.amazonaws.com/acme-a?region=eu-west-1,gs://acme-b,cw://,az://:k%3D@acme/wandb"
    )
    assert supported_file_stores([]) == ""
    with pytest.raises(ByobError) as told:
        supported_file_stores([f"gcs://a:{SECRET}@b"])
    _silent(told.value)
