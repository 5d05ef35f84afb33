"""Signatures of the blob service: shared key, and shared access signatures by account key or by user delegation key.

Source: learn.microsoft.com/rest/api/storageservices, "Authorize with Shared Key", "Create a service SAS", "Create an account SAS"
and "Create a user delegation SAS". Only the versions since 2020-12-06 are known, which is what current clients write.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import unquote

FIRST_VERSION = "2020-12-06"
_SIGNED_HEADERS = ("content-encoding", "content-language", "content-length", "content-md5", "content-type", "date", "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range")  # fmt: skip
_OVERRIDES = ("rscc", "rscd", "rsce", "rscl", "rsct")


def digest(key: str, text: str) -> str:
    """HMAC-SHA256 in base64, by a key in base64."""
    return b64encode(hmac.new(b64decode(key), text.encode(), sha256).digest()).decode()


def same(a: str, b: str) -> bool:
    """Whether two signatures are the same."""
    return hmac.compare_digest(a.encode(), b.encode())


def shared_key(method: str, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str], account: str, key: str) -> str:  # fmt: skip
    """The signature of a request by account key.

    Args:
        method: In capitals.
        path: As sent, percent-encoded, with the account as its first part.
        query: Its parameters, decoded.
        headers: Names in lower case.
        account: The account's name.
        key: One of its keys.
    """
    own = dict(headers)
    if own.get("content-length") == "0":
        own["content-length"] = ""
    if "x-ms-date" in own:
        own["date"] = ""
    lines = [method, *(own.get(name, "") for name in _SIGNED_HEADERS)]
    lines += [f"{name}:{' '.join(own[name].split())}" for name in sorted(own) if name.startswith("x-ms-")]
    lines.append(f"/{account}{path}")
    lines += [f"{name.lower()}:{','.join(sorted(query[name]))}" for name in sorted(query, key=str.lower)]
    return digest(key, "\n".join(lines))


def _resource(account: str, container: str, blob: str, kind: str) -> str:
    """What a service SAS is about."""
    return f"/blob/{account}/{container}/{blob}" if kind in ("b", "bs", "bv") else f"/blob/{account}/{container}"


def service(given: Mapping[str, str], account: str, container: str, blob: str, key: str) -> str:
    """The signature of a service SAS by account key.

    Args:
        given: Its fields, decoded.
        account: The account's name.
        container: The container.
        blob: The blob, decoded; empty for a container.
        key: One of the account's keys.
    """
    f = given.get
    what = _resource(account, container, blob, f("sr", ""))
    fields = [f("sp", ""), f("st", ""), f("se", ""), what, f("si", ""), f("sip", ""), f("spr", ""), f("sv", ""), f("sr", ""), f("snapshot", "") or f("sst", ""), f("ses", "")]  # fmt: skip
    return digest(key, "\n".join([*fields, *(f(name, "") for name in _OVERRIDES)]))


def account_wide(given: Mapping[str, str], account: str, key: str) -> str:
    """The signature of an account SAS.

    Args:
        given: Its fields, decoded.
        account: The account's name.
        key: One of its keys.
    """
    names = ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses")
    return digest(key, "\n".join([account, *(given.get(name, "") for name in names), ""]))


def by_delegation(given: Mapping[str, str], account: str, container: str, blob: str, key: str) -> str:
    """The signature of a user delegation SAS.

    Args:
        given: Its fields, decoded.
        account: The account's name.
        container: The container.
        blob: The blob, decoded; empty for a container.
        key: The user delegation key's value.
    """
    f, version = given.get, given.get("sv", "")
    fields = [f("sp", ""), f("st", ""), f("se", ""), _resource(account, container, blob, f("sr", ""))]
    fields += [f(name, "") for name in ("skoid", "sktid", "skt", "ske", "sks", "skv", "saoid", "suoid", "scid")]
    if version >= "2025-07-05":
        fields += [f("skdutid", ""), f("sduoid", "")]
    fields += [f("sip", ""), f("spr", ""), version, f("sr", ""), f("snapshot", ""), f("ses", "")]
    if version >= "2026-04-06":
        fields += ["", ""]  # signed request headers and query parameters, which are refused
    return digest(key, "\n".join([*fields, *(f(name, "") for name in _OVERRIDES)]))


def decoded(path: str) -> tuple[str, str, str]:
    """Account, container and blob of a path."""
    account, _, rest = unquote(path).lstrip("/").partition("/")
    container, _, blob = rest.partition("/")
    return account, container, blob
