"""Storage addresses: the strings that W&B takes, built and read.

The formats are those of W&B's page (BYOB), its operator's connection settings (OPERATOR) and its chart (HELM). Every
part before the `@`
is percent-encoded as one path segment; parameters are joined with `&`; an address with keys always names its region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode

from byob_components.errors import ByobError, Fault
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.names import (
    ROOT,
    Surface,
    check_bucket_name,
    check_path,
    check_paths,
    parse_provider,
    provider_name,
)
from byob_components.wandb.source import BYOB, OPERATOR, SCIM

__all__ = [
    "ROOT",
    "StorageAddress",
    "Surface",
    "build",
    "check_bucket_name",
    "check_path",
    "check_paths",
    "masked",
    "parse",
    "parse_provider",
    "provider_name",
    "scim_storage_bucket",
    "supported_file_stores",
]

FORMATS_SOURCE = (BYOB, OPERATOR)
COREWEAVE_HOST = "cwobject.com"
COREWEAVE_ALLOWED = "cw://"
"""What GORILLA_SUPPORTED_FILE_STORES holds for CoreWeave, exactly, whatever the bucket (BYOB)."""
STORES_SEPARATOR = ","
"""Between several entries of GORILLA_SUPPORTED_FILE_STORES. Not documented by W&B: an assumption to be checked with
the instance."""
_MASK = "****"
_WRONG_SCHEMES = {"gcs": "gs", "azure": "az", "s3a": "s3", "coreweave": "cw", "minio": "s3"}
_PARAMETERS = ("region", "tls", "forcePathStyle")


@dataclass(frozen=True)
class StorageAddress:
    """The parts of an address.

    Args:
        cloud: Who stores the bytes.
        bucket: The bucket; on Azure the container.
        path: The sub-path, without slashes at the ends; empty for the root.
        account: Azure's storage account.
        endpoint: `host[:port]`, where keys are given for a store at that place.
        region: The region; required with keys on AWS and on S3-compatible stores.
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
        ByobError: Parts are missing that W&B needs, or contradict each other.
    """
    faults = _check(address)
    if faults:
        raise ByobError(faults, "storage address")
    scheme = provider_name(address.cloud, Surface.ADDRESS)
    user = ""
    if address.secret_key:
        user = f"{quote(address.access_key, safe='')}:{quote(address.secret_key, safe='')}@"
    place = [
        part for part in (address.endpoint, address.account, address.bucket, quote(address.path, safe="/=")) if part
    ]
    pairs = [
        ("region", address.region),
        ("tls", _flag(address.tls)),
        ("forcePathStyle", _flag(address.force_path_style)),
    ]
    query = urlencode([(name, value) for name, value in pairs if value and (address.endpoint or name != "region")])
    return f"{scheme}://{user}{'/'.join(place)}" + (f"?{query}" if query else "")


def parse(text: str) -> StorageAddress:
    """The parts of an address.

    Args:
        text: An address in one of W&B's formats.

    Raises:
        ByobError: It is not one; the text is never repeated, because it may hold keys.
    """
    scheme, separator, rest = text.partition("://")
    if not separator or scheme in _WRONG_SCHEMES or scheme not in ("s3", "gs", "az", "cw"):
        right = _WRONG_SCHEMES.get(scheme)
        fix = f"write {right}://" if right else "start with one of the schemes"
        raise ByobError(
            [_fault("BYOB-WANDB-040", "does not start with a scheme that W&B takes", "s3://, gs://, az://, cw://", fix)]
        )
    rest, _, query = rest.partition("?")
    if "?" in query:
        raise ByobError([_fault("BYOB-WANDB-041", "has a second '?'", "?region=…&tls=…", "join parameters with '&'")])
    user, at, place = rest.rpartition("@")
    access_key, _, secret_key = (unquote(part) for part in user.partition(":"))
    if at and not secret_key:
        raise ByobError(
            [
                _fault(
                    "BYOB-WANDB-042",
                    "has an access key without its secret",
                    "<key>:<secret>@",
                    "give both, each percent-encoded, or none",
                )
            ]
        )
    options = _options(query)
    parts = [unquote(part) for part in place.strip("/").split("/")]
    found = _place(scheme, parts, with_keys=bool(at), is_store="region" in options or "tls" in options)
    made = replace(
        found,
        access_key=access_key,
        secret_key=secret_key,
        region=options.get("region", ""),
        tls=_truth(options, "tls"),
        force_path_style=_truth(options, "forcePathStyle"),
    )
    faults = _check(made)
    if faults:
        raise ByobError(faults, "storage address")
    return made


def masked(address: StorageAddress | str) -> str:
    """The address with its keys hidden, fit for a screen.

    Args:
        address: Parts or text.
    """
    parts = parse(address) if isinstance(address, str) else address
    if not parts.secret_key:
        return build(parts)
    hidden = replace(parts, access_key="BYOBMASK" if parts.access_key else "", secret_key="BYOBMASK")
    return build(hidden).replace("BYOBMASK", _MASK)


def supported_file_stores(addresses: Sequence[str]) -> str:
    """The value of GORILLA_SUPPORTED_FILE_STORES: team stores that a server reaches with keys. A secret when an
    address is one.

    Args:
        addresses: Storage addresses; those of CoreWeave become the one entry that W&B wants.
    """
    entries = [COREWEAVE_ALLOWED if a.startswith(COREWEAVE_ALLOWED) else a for a in addresses]
    return STORES_SEPARATOR.join(dict.fromkeys(entries))


def scim_storage_bucket(
    address: StorageAddress,
    *,
    kms_key_arn: str = "",
    azure_tenant_id: str = "",
    azure_client_id: str = "",
    aws_external_id: str = "",
) -> dict[str, str]:
    """`storageBucket` of the SCIM call that creates a team.

    Args:
        address: The store; keys are not part of it.
        kms_key_arn: The key, on AWS.
        azure_tenant_id: The tenant of the identity, on Azure.
        azure_client_id: The client id of the identity, on Azure.
        aws_external_id: Passed on as it is: no W&B page explains it.
    """
    azure = address.cloud is Cloud.AZURE
    path = "/".join(part for part in (address.bucket if azure else "", address.path) if part)
    values = {
        "name": address.account if azure else address.bucket,
        "provider": provider_name(address.cloud, Surface.SCIM),
        "path": path,
        "kmsKeyId": kms_key_arn,
        "awsExternalId": aws_external_id,
        "azureTenantId": azure_tenant_id,
        "azureClientId": azure_client_id,
    }
    return {name: value for name, value in values.items() if value}


SCIM_SOURCE = SCIM


def _check(address: StorageAddress) -> list[Fault]:
    faults: list[Fault] = []
    keys, store = bool(address.secret_key), address.cloud is Cloud.S3_COMPATIBLE
    if not address.bucket:
        faults.append(_fault("BYOB-WANDB-043", "names no bucket", "a bucket", "add the bucket's name"))
    if address.cloud is Cloud.AZURE and not address.account:
        faults.append(
            _fault("BYOB-WANDB-044", "names no storage account", "az://<account>/<container>", "put the account first")
        )
    if address.access_key and not keys:
        faults.append(
            _fault("BYOB-WANDB-042", "has an access key without its secret", "<key>:<secret>@", "give both or none")
        )
    if store and not (keys and address.endpoint):
        faults.append(
            _fault(
                "BYOB-WANDB-045",
                "of an S3-compatible store lacks endpoint or keys",
                "s3://<key>:<secret>@<endpoint>/<bucket>…",
                "give both",
            )
        )
    if address.endpoint and address.cloud in (Cloud.AWS, Cloud.S3_COMPATIBLE) and not address.region:
        faults.append(
            _fault(
                "BYOB-WANDB-046",
                "with keys names no region",
                "?region=<region>",
                "add the region: the server's own default is another",
            )
        )
    if address.cloud is Cloud.AWS and keys != bool(address.endpoint):
        faults.append(
            _fault(
                "BYOB-WANDB-047",
                "has only one of keys and endpoint",
                "both, or neither",
                "a bucket reached by identity needs neither",
            )
        )
    return faults


def _fault(code: str, what: str, allowed: str, fix: str) -> Fault:
    return Fault(code, "address", what, None, allowed, fix)


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _truth(options: dict[str, str], name: str) -> bool | None:
    return None if name not in options else options[name] == "true"


def _options(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    known = [
        name
        for name, value in pairs
        if name in _PARAMETERS and value and (name == "region" or value in ("true", "false"))
    ]
    if len(known) != len(pairs) or len(set(known)) != len(known):
        raise ByobError(
            [
                _fault(
                    "BYOB-WANDB-048",
                    "has a parameter that W&B does not know, or twice, or without a value",
                    ", ".join(_PARAMETERS),
                    "keep to the known parameters; a KMS key has no place in an address",
                )
            ]
        )
    return dict(pairs)


def _place(scheme: str, parts: list[str], with_keys: bool, is_store: bool) -> StorageAddress:
    if scheme == "az":
        account, container, *path = [*parts, "", ""]
        return StorageAddress(Cloud.AZURE, container, _join(path), account=account)
    if scheme == "gs":
        return StorageAddress(Cloud.GCP, parts[0], _join(parts[1:]))
    endpoint, inner = (parts[0], parts[1:]) if with_keys or is_store else ("", parts)
    bucket, path = (inner[0] if inner else ""), inner[1:]
    if scheme == "cw":
        return StorageAddress(Cloud.COREWEAVE, bucket, _join(path), endpoint=endpoint)
    amazon = not endpoint or endpoint.endswith((".amazonaws.com", ".amazonaws.com.cn"))
    return StorageAddress(Cloud.AWS if amazon else Cloud.S3_COMPATIBLE, bucket, _join(path), endpoint=endpoint)


def _join(parts: list[str]) -> str:
    return "/".join(part for part in parts if part)
