"""Storage addresses of any content: the round trip, one URL each, and keys that never show."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from byob_components.errors import ByobError
from byob_components.wandb.address import StorageAddress, build, masked, parse
from byob_components.wandb.deployment import Cloud

A, C = StorageAddress, Cloud
SECRET = "TOPSECRET"


def silent(error: BaseException) -> None:
    """Nothing that a traceback prints holds the secret."""
    assert SECRET not in str(error)
    assert error.__cause__ is None
    assert SECRET not in repr(error.__context__)


_KEY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60) | st.text(
    "/+=:@?#%&\n\r \t,;!$'()*[]\\\"<>~aZ0", min_size=1, max_size=40
)
_BUCKET = st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)
_SEGMENT = st.from_regex(r"[A-Za-z0-9_=-][A-Za-z0-9_.= -]{0,8}[A-Za-z0-9_=-]", fullmatch=True)
_PATH = st.lists(_SEGMENT, max_size=3).map("/".join)
_REGION = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
_HOST = st.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){1,3}(:[1-9][0-9]{0,3})?", fullmatch=True)
_FLAG = st.none() | st.booleans()


@st.composite
def addresses(draw: st.DrawFn) -> StorageAddress:
    """Addresses that W&B takes, of every cloud, with and without keys."""
    cloud = draw(st.sampled_from(list(Cloud)))
    parts = A(cloud, draw(_BUCKET), draw(_PATH))
    keyed = cloud is C.S3_COMPATIBLE or draw(st.booleans())
    if keyed:
        access_key = "" if cloud is C.AZURE else draw(_KEY)
        parts = replace(parts, access_key=access_key, secret_key=draw(_KEY))
    if cloud is C.AZURE:
        return replace(parts, account=draw(st.from_regex(r"[a-z0-9]{3,24}", fullmatch=True)))
    if cloud is C.COREWEAVE and keyed and draw(st.booleans()):
        return replace(parts, endpoint="cwobject.com", tls=True)
    if cloud is C.AWS and keyed:
        region = draw(st.sampled_from(["eu-west-1", "us-gov-east-1", "cn-north-1"]))
        host = draw(st.sampled_from(["", f"s3.{region}.amazonaws.com"]))
        return replace(parts, region=region, endpoint=host, force_path_style=draw(_FLAG))
    if cloud is C.S3_COMPATIBLE:
        flags = {"tls": draw(_FLAG), "force_path_style": draw(_FLAG)}
        return replace(parts, endpoint=draw(_HOST), region=draw(_REGION), **flags)
    return parts


@given(addresses())
def test_round_trip(parts: StorageAddress) -> None:
    text = build(parts)
    assert parse(text) == parts
    assert build(parse(text)) == text


@given(addresses())
def test_the_text_is_one_url(parts: StorageAddress) -> None:
    text = build(parts)
    assert text.isascii()
    assert re.fullmatch(r"(s3|gs|az|cw)://[^/?#\s@]*@?[^?#\s@]+(\?[^?#\s]+)?", text)
    assert text.count("?") <= 1
    assert text.count("@") == bool(parts.secret_key)
    if parts.cloud is C.S3_COMPATIBLE:
        assert f"?region={parts.region}" in text


@given(addresses(), _KEY)
def test_a_mask_does_not_depend_on_the_keys(parts: StorageAddress, other: str) -> None:
    # What is the same for all keys says nothing about any.
    changed = replace(parts, secret_key=other) if parts.secret_key else parts
    if parts.access_key:
        changed = replace(changed, access_key=other[::-1])
    assert masked(parts) == masked(changed) == masked(build(parts))
    assert ("****@" in masked(parts)) is bool(parts.secret_key)


@given(addresses())
def test_an_address_shows_no_key_of_its_own(parts: StorageAddress) -> None:
    marked = replace(parts, secret_key=SECRET) if parts.secret_key else parts
    assert SECRET not in repr(marked)
    assert SECRET not in masked(marked)


@given(st.text(max_size=60), st.sampled_from(["s3", "gs", "az", "cw", "gcs", "", "S3"]))
def test_reading_never_repeats_and_never_fails_otherwise(rest: str, scheme: str) -> None:
    text = f"{scheme}://{SECRET}{rest}"
    try:
        parts = parse(text)
    except ByobError as error:
        silent(error)
    else:
        assert parse(text) == parts


@given(addresses(), st.data())
def test_reading_a_broken_address_never_repeats_it(parts: StorageAddress, data: st.DataObject) -> None:
    text = build(replace(parts, secret_key=SECRET) if parts.secret_key else parts)
    at = data.draw(st.integers(0, len(text) - 1))
    broken = text[:at] + data.draw(st.sampled_from(["", "?", "#", "@", "/", "%", ":", "&", " ", "\n"])) + text[at + 1 :]
    try:
        parse(broken)
    except ByobError as error:
        silent(error)


@given(_KEY)
def test_every_key_is_one_encoded_segment(key: str) -> None:
    text = build(A(C.AZURE, "wandb", account="acme", secret_key=key))
    inner = text.removeprefix("az://:").removesuffix("@acme/wandb")
    assert re.fullmatch(r"([A-Za-z0-9._~-]|%[0-9A-F]{2})+", inner)
    assert inner == quote(key, safe="")
