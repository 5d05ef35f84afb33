"""Storage addresses: the strings that W&B takes, built and read.

The formats are those of W&B's page (BYOB), of its operator's connection settings (OPERATOR) and of its chart (HELM).
Every part before the `@` is percent-encoded as one path segment, parameters are joined with `&`, and an address with keys
for S3 always names its region.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes, urlencode

from byob_components.errors import ByobError, Fault
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.names import (
    ROOT,
    Surface,
    check_account_name,
    check_bucket_name,
    check_endpoint,
    check_path,
    check_paths,
    parse_provider,
    provider_name,
)
from byob_components.wandb.source import BYOB, HELM, OPERATOR

__all__ = [
    "ROOT",
    "StorageAddress",
    "Surface",
    "build",
    "check_account_name",
    "check_address",
    "check_bucket_name",
    "check_endpoint",
    "check_path",
    "check_paths",
    "masked",
    "parse",
    "parse_provider",
    "provider_name",
    "supported_file_stores",
]

FORMATS_SOURCE = (BYOB, OPERATOR, HELM)
COREWEAVE_HOST = "cwobject.com"
"""CoreWeave's one endpoint that W&B supports, over TLS 1.3 (BYOB)."""
COREWEAVE_ALLOWED = "cw://"
"""What GORILLA_SUPPORTED_FILE_STORES holds for CoreWeave, exactly, whatever the bucket (BYOB)."""
STORES_SEPARATOR = ","
"""Between several entries of GORILLA_SUPPORTED_FILE_STORES: an assumption (doubt.STORES_SEPARATOR)."""
_MASK = "****"
_WRONG_SCHEMES = {"gcs": "gs", "azure": "az", "s3a": "s3", "coreweave": "cw", "minio": "s3", "https": "", "http": ""}
_PARAMETERS = ("region", "tls", "forcePathStyle")
_USER = re.compile(r"([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*")
"""What may stand before the last `@` of a URL (Go's net/url, which W&B's server reads addresses with)."""
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,221}")
_REGION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_AMAZON = (".amazonaws.com", ".amazonaws.com.cn")
_AMAZON_REGION = re.compile(r"(?:^|[.-])([a-z]{2}(?:-[a-z]+)+-[0-9])\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$")


@dataclass(frozen=True)
class StorageAddress:
    """The parts of an address.

    Args:
        cloud: Who stores the bytes.
        bucket: The bucket; on Azure the container.
        path: The sub-path, without slashes at the ends; empty for the root.
        account: Azure's storage account.
        endpoint: `host[:port]`, where keys are given for a store at that place.
        region: The region; required with keys for S3.
        access_key: The access key id; on Google the service account's e-mail; empty on Azure.
        secret_key: The secret: secret key, PEM private key or account key.
        tls: Whether the store speaks TLS, where the address says so.
        force_path_style: Whether the bucket stands in the path, where the address says so.
    """

    cloud: Cloud
    bucket: str
    path: str = ""
    account: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    tls: bool | None = None
    force_path_style: bool | None = None


def build(address: StorageAddress) -> str:
    """The address as text; a secret when it holds keys.

    Args:
        address: The parts.

    Raises:
        ByobError: With everything that `check_address` finds.
    """
    faults = check_address(address)
    if faults:
        raise ByobError(faults, "storage address")
    return _text(address)


def _text(address: StorageAddress) -> str:
    scheme = provider_name(address.cloud, Surface.ADDRESS)
    user = ""
    if address.secret_key:
        user = f"{quote(address.access_key, safe='')}:{quote(address.secret_key, safe='')}@"
    place = (address.endpoint, address.account, address.bucket, quote(address.path, safe="/="))
    pairs = (
        ("region", address.region),
        ("tls", _flag(address.tls)),
        ("forcePathStyle", _flag(address.force_path_style)),
    )
    query = urlencode([(name, value) for name, value in pairs if value])
    return f"{scheme}://{user}{'/'.join(part for part in place if part)}" + (f"?{query}" if query else "")


def parse(text: str) -> StorageAddress:
    """The parts of an address, in any of W&B's formats.

    An address that can be read may still lack what W&B needs, such as the region: `check_address` tells.

    Args:
        text: The address. CoreWeave's `cw://<bucket>.cwobject.com` is read as `cw://<bucket>`.

    Raises:
        ByobError: It is not an address; the text is never repeated, because it may hold keys.
    """
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("s3", "gs", "az", "cw"):
        right = _WRONG_SCHEMES.get(scheme.lower()) or (scheme.lower() if scheme.lower() != scheme else "")
        fix = f"write {right}://" if right else "start with one of the schemes"
        raise _error("BYOB-WANDB-040", "does not start with a scheme that W&B takes", "s3://, gs://, az://, cw://", fix)
    rest, _, query = rest.partition("?")
    if "?" in query:
        raise _error("BYOB-WANDB-041", "has a second '?'", "?region=…&tls=…", "join parameters with '&'")
    user, at, place = rest.rpartition("@")
    access_key, secret_key = _keys(user) if at else ("", "")
    options = _options(query)
    parts = [unquote(part) for part in place.strip("/").split("/")]
    address = replace(
        _place(scheme, parts, with_keys=bool(at)),
        access_key=access_key,
        secret_key=secret_key,
        region=options.get("region", ""),
        tls=_truth(options, "tls"),
        force_path_style=_truth(options, "forcePathStyle"),
    )
    faults = _check_form(address)
    if faults:
        raise ByobError(faults, "storage address")
    return address


def masked(address: StorageAddress | str) -> str:
    """The address with its keys hidden, fit for a screen.

    Args:
        address: Parts or text.

    Raises:
        ByobError: The text is not an address; it is not repeated.
    """
    parts = parse(address) if isinstance(address, str) else address
    if not parts.secret_key:
        return _text(replace(parts, access_key=""))
    scheme, _, rest = _text(replace(parts, access_key="", secret_key="")).partition("://")
    return f"{scheme}://{_MASK if parts.access_key else ''}:{_MASK}@{rest}"


def supported_file_stores(addresses: Sequence[str]) -> str:
    """The value of GORILLA_SUPPORTED_FILE_STORES: the team stores of a server. A secret when an address is one.

    Args:
        addresses: Storage addresses. Each store becomes one entry, without a path (doubt.ENTRY_WITHOUT_PATH); those of
            CoreWeave become the one entry that W&B wants.

    Raises:
        ByobError: One of them is not an address; it is not repeated.
    """
    entries = [_entry(parse(address)) for address in addresses]
    return STORES_SEPARATOR.join(dict.fromkeys(entries))


def _entry(address: StorageAddress) -> str:
    return COREWEAVE_ALLOWED if address.cloud is Cloud.COREWEAVE else _text(replace(address, path=""))


# ------------------------------------------------------------------------------------------ what is wrong
def check_address(address: StorageAddress) -> list[Fault]:
    """What is wrong with the parts of an address, or missing for W&B; no value is shown.

    Args:
        address: The parts.
    """
    return [*_check_form(address), *_check_needs(address)]


def _check_form(address: StorageAddress) -> list[Fault]:
    """Parts that cannot be what they stand for."""
    faults: list[Fault] = []
    azure = address.cloud is Cloud.AZURE
    if not _BUCKET.fullmatch(address.bucket):
        what = f"holds what cannot be a {'container' if azure else 'bucket'}" if address.bucket else "names no bucket"
        faults.append(_fault("BYOB-WANDB-043", what, "letters, digits, '.', '_' and '-'", "add the bucket's name"))
    if azure and check_account_name(address.account):
        allowed = "az://<account>/<container>, the account 3 to 24 lower-case letters and digits"
        faults.append(_fault("BYOB-WANDB-044", "names no storage account", allowed, "put the account first"))
    if address.path and check_path(address.path, "address"):
        allowed = check_path(address.path, "address")[0].allowed
        faults.append(_fault("BYOB-WANDB-052", "has a path that W&B cannot use", allowed, "change the path"))
    if bool(address.access_key) != bool(address.secret_key) and not (azure and not address.access_key):
        faults.append(
            _fault("BYOB-WANDB-042", "has only one of access key and secret", "<key>:<secret>@", "give both or none")
        )
    if azure and address.access_key:
        faults.append(
            _fault("BYOB-WANDB-042", "has an access key, and Azure has none", "az://:<account key>@…", "drop it")
        )
    if address.endpoint and check_endpoint(address.endpoint, "address"):
        faults.append(
            _fault("BYOB-WANDB-050", "has no host where the endpoint stands", "host[:port]", "drop scheme and slashes")
        )
    if address.region and not _REGION.fullmatch(address.region):
        allowed = "letters, digits, '-' and '_'"
        faults.append(_fault("BYOB-WANDB-046", "has no region where one stands", allowed, "give the region's name"))
    host = address.endpoint.partition(":")[0]
    if address.cloud is Cloud.COREWEAVE and (host or COREWEAVE_HOST) != COREWEAVE_HOST:
        what = "names a host of CoreWeave that W&B does not support, such as LOTA's cwlota.com"
        faults.append(_fault("BYOB-WANDB-051", what, f"the endpoint {COREWEAVE_HOST}", "use that endpoint"))
    return faults


def _check_needs(address: StorageAddress) -> list[Fault]:
    """Parts that W&B needs beside the others."""
    faults: list[Fault] = []
    keys, store = bool(address.secret_key), address.cloud is Cloud.S3_COMPATIBLE
    if store and not (keys and address.endpoint):
        allowed = "s3://<key>:<secret>@<endpoint>/<bucket>?region=<region>&tls=true"
        faults.append(
            _fault("BYOB-WANDB-045", "of an S3-compatible store lacks endpoint or keys", allowed, "give both")
        )
    elif store and not re.search(r"[.:]", address.endpoint):
        fix = "add the port or the domain: a bare word reads as a bucket"
        faults.append(_fault("BYOB-WANDB-050", "has an endpoint of one word", "host.domain or host:port", fix))
    if keys and address.cloud in (Cloud.AWS, Cloud.S3_COMPATIBLE) and not address.region:
        fix = "add the region: the server falls back to one of its own"
        faults.append(_fault("BYOB-WANDB-046", "with keys names no region", "?region=<region>", fix))
    if address.endpoint and not keys:
        what, fix = "has an endpoint without keys", "a bucket that W&B reaches by its identity needs neither"
        faults.append(_fault("BYOB-WANDB-047", what, "both, or neither", fix))
    if address.endpoint and address.cloud in (Cloud.GCP, Cloud.AZURE):
        faults.append(_fault("BYOB-WANDB-047", "has an endpoint, and only S3 has one", "none", "drop it"))
    if address.account and address.cloud is not Cloud.AZURE:
        faults.append(_fault("BYOB-WANDB-044", "names a storage account, and only Azure has one", "none", "drop it"))
    amazon = address.endpoint.endswith(_AMAZON)
    region = _AMAZON_REGION.search(address.endpoint)
    if store and amazon:
        what, fix = "of an S3-compatible store has an endpoint of Amazon's", "say that the cloud is AWS"
        faults.append(_fault("BYOB-WANDB-050", what, "the store's own endpoint", fix))
    if address.cloud is Cloud.AWS and address.endpoint and not amazon:
        allowed, fix = "s3.<region>.amazonaws.com", "use the region's endpoint; another store is 's3_compatible'"
        faults.append(_fault("BYOB-WANDB-050", "for AWS has an endpoint that is not Amazon's", allowed, fix))
    elif address.cloud is Cloud.AWS and region and address.region and region[1] != address.region:
        faults.append(
            _fault(
                "BYOB-WANDB-050", "has an endpoint of another region", "the same region twice", "correct one of them"
            )
        )
    if address.cloud is Cloud.AWS and keys and not address.endpoint and "." in address.bucket:
        fix = "name the endpoint too: s3.<region>.amazonaws.com"
        faults.append(_fault("BYOB-WANDB-050", "has a bucket that reads as an endpoint", "no dot in the bucket", fix))
    if address.cloud is Cloud.COREWEAVE and address.endpoint and address.tls is not True:
        faults.append(_fault("BYOB-WANDB-051", "does not say tls=true", "?tls=true", "CoreWeave takes TLS 1.3 only"))
    extra = address.region or address.tls is not None or address.force_path_style is not None
    if extra and address.cloud in (Cloud.GCP, Cloud.AZURE):
        faults.append(_fault("BYOB-WANDB-048", "has a parameter, and only S3 takes one", "none", "drop it"))
    return faults


def _fault(code: str, what: str, allowed: str, fix: str) -> Fault:
    return Fault(code, "address", what, None, allowed, fix)


def _error(code: str, what: str, allowed: str, fix: str) -> ByobError:
    return ByobError([_fault(code, what, allowed, fix)], "storage address")


# ------------------------------------------------------------------------------------------ reading
def _keys(user: str) -> tuple[str, str]:
    access_key, colon, secret_key = user.partition(":")
    if not _USER.fullmatch(user) or not all(_is_utf8(part) for part in (access_key, secret_key)):
        fix = "encode / + = : @ ? # % and newlines of each key: Python's urllib.parse.quote(key, safe='')"
        raise _error("BYOB-WANDB-049", "holds keys that are not percent-encoded", "<key>:<secret>@, encoded", fix)
    if not colon or not secret_key:
        fix = "give both, each percent-encoded, or none"
        raise _error("BYOB-WANDB-042", "has only one of access key and secret", "<key>:<secret>@", fix)
    return unquote(access_key), unquote(secret_key)


def _is_utf8(part: str) -> bool:
    try:
        unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        return False
    return True


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _truth(options: dict[str, str], name: str) -> bool | None:
    return None if name not in options else options[name] == "true"


def _options(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    known = [n for n, value in pairs if n in _PARAMETERS and value and (n == "region" or value in ("true", "false"))]
    if len(known) != len(pairs) or len(set(known)) != len(known):
        what = "has a parameter that W&B does not know, or twice, or without a value"
        fix = "keep to the known parameters; a KMS key has no place in an address"
        raise _error("BYOB-WANDB-048", what, ", ".join(_PARAMETERS), fix)
    return dict(pairs)


def _place(scheme: str, parts: list[str], with_keys: bool) -> StorageAddress:
    first, (inner, path) = parts[0], _split(parts[1:])
    if scheme == "az":
        return StorageAddress(Cloud.AZURE, inner, path, account=first)
    whole = "/".join(parts[1:])
    if scheme == "gs":
        return StorageAddress(Cloud.GCP, first, whole)
    if scheme == "cw":
        return _coreweave(first, parts[1:], with_keys)
    # Behind keys a bucket has no dot and no port, and a host has one of the two. Without keys a dot belongs to the
    # bucket: such buckets exist, and an endpoint without keys is nothing W&B knows.
    amazon = first.endswith(_AMAZON)
    if amazon or ":" in first or (with_keys and "." in first):
        return StorageAddress(Cloud.AWS if amazon else Cloud.S3_COMPATIBLE, inner, path, endpoint=first)
    return StorageAddress(Cloud.AWS, first, whole)


def _split(parts: list[str]) -> tuple[str, str]:
    return (parts[0] if parts else "", "/".join(parts[1:]))


def _coreweave(first: str, rest: list[str], with_keys: bool) -> StorageAddress:
    host = first.partition(":")[0]
    if host.endswith(f".{COREWEAVE_HOST}"):
        bucket = host.removesuffix(f".{COREWEAVE_HOST}")
        endpoint = first.removeprefix(f"{bucket}.") if with_keys else ""
        return StorageAddress(Cloud.COREWEAVE, bucket, "/".join(rest), endpoint=endpoint)
    if not re.search(r"[.:]", first):
        return StorageAddress(Cloud.COREWEAVE, first, "/".join(rest))
    if not with_keys and host == COREWEAVE_HOST:
        what = "names CoreWeave's host before the bucket, which works with keys only"
        raise _error("BYOB-WANDB-051", what, "cw://<bucket>", "write the bucket's name alone")
    return StorageAddress(Cloud.COREWEAVE, *_split(rest), endpoint=first)
