"""What S3-compatible servers accept: one check a value, used at construction and, for values known later, inside `apply`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from byob_components.aws import policy
from byob_components.errors import Check, Fault
from byob_components.limits import between
from byob_components.s3_compatible.capability import check_capabilities
from byob_components.wandb import cors, names, principal
from byob_components.wandb.address import COREWEAVE_HOST
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.transfer import WRITE_URL_HOURS

_OWN_CODES = {
    "BYOB-AWS-015": "BYOB-S3C-015",
    "BYOB-AWS-017": "BYOB-S3C-017",
    "BYOB-AWS-018": "BYOB-S3C-018",
    "BYOB-AWS-019": "BYOB-S3C-019",
    "BYOB-AWS-020": "BYOB-S3C-020",
}
"""Codes of the rules and statements that S3 has everywhere."""
_ELSEWHERE = {
    "amazonaws.com": "is Amazon's: such a store is on the cloud 'aws'",
    "amazonaws.com.cn": "is Amazon's: such a store is on the cloud 'aws'",
    COREWEAVE_HOST: "is CoreWeave's: such a store is on the cloud 'coreweave'",
    "cwlota.com": "is CoreWeave's: such a store is on the cloud 'coreweave'",
    "blob.core.windows.net": "is Azure's, whose blob storage does not speak S3: such a store is on the cloud 'azure'",
}


def own_codes(faults: Sequence[Fault]) -> list[Fault]:
    """Faults of what is S3's own, by the codes of this cloud.

    Args:
        faults: From the pure rooms of `aws`.
    """
    return [replace(fault, code=_OWN_CODES.get(fault.code, fault.code)) for fault in faults]


def endpoint(value: str, where: str) -> list[Fault]:
    """`host[:port]` of a server that is none of the clouds that have components of their own."""
    faults = names.check_endpoint(value, where)
    if faults:
        return faults
    host = value.partition(":")[0].lower()
    allowed = "host.domain, or host:port"
    for domain, what in _ELSEWHERE.items():
        if host == domain or host.endswith(f".{domain}"):
            return [Fault("BYOB-S3C-001", where, what, value, allowed, "set `cloud`, and use that cloud's component")]
    if not re.search(r"[.:]", value):
        what, fix = "is one word, which W&B's server reads as a bucket", "add the domain or the port"
        return [Fault("BYOB-S3C-001", where, what, value, allowed, fix)]
    return []


def key(value: str, where: str) -> list[Fault]:
    """An access key or its secret; its value is never shown."""
    if value and value.isprintable() and " " not in value and len(value) <= 256:
        return []
    allowed, fix = "1 to 256 printable characters without spaces", "copy it again from the store's administration"
    return [
        Fault(
            "BYOB-S3C-002", where, "is not a key: it is empty, too long or has a space or line end", None, allowed, fix
        )
    ]


def region(value: str, where: str) -> list[Fault]:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", value):
        return []
    allowed = "letters, digits, '-' and '_'"
    fix = "give the region that the server is set up with; 'us-east-1' where it has none"
    return [Fault("BYOB-S3C-003", where, "is not the name of a region", value, allowed, fix)]


noncurrent_days = between(
    "BYOB-S3C-012", 1, 36500, "days", "W&B cannot delete old versions itself, so they must expire, and not at once"
)
abort_upload_days = between("BYOB-S3C-014", 2, 3650, "days", f"W&B's upload URLs live for {WRITE_URL_HOURS} hours")


def bucket_name(value: str, where: str) -> list[Fault]:
    return names.check_bucket_name(Cloud.S3_COMPATIBLE, value, where)


def resource_name(name: str, values: Mapping[str, Any]) -> list[Fault]:
    """Whether Pulumi can make a bucket's name from the resource's: it puts a hyphen and seven digits behind it.

    Args:
        name: The resource name.
        values: The arguments that were given; with `bucket_name` among them the resource's name is free.
    """
    if "bucket_name" in values or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,54}", name):
        return []
    allowed = "1 to 55 letters, digits or '-', a letter or digit first"
    fix = "choose another resource name, or give bucket_name"
    return [Fault("BYOB-S3C-031", "name", "cannot be the start of the bucket's name", name, allowed, fix)]


def principals(values: list[str], where: str) -> list[Fault]:
    return principal.check_principals(Cloud.S3_COMPATIBLE, values, where)


def cors_origins(values: list[str], where: str) -> list[Fault]:
    return cors.check_origins(values, where)


def cors_max_age_seconds(value: int, where: str) -> list[Fault]:
    return cors.check_max_age(value, where)


def paths(values: list[str], where: str) -> list[Fault]:
    return names.check_paths(values, where)


def statements(reserved: Sequence[str]) -> Check:
    """The check of statements of the user's own.

    Args:
        reserved: Sids that the component writes itself.
    """
    return lambda values, where: own_codes(policy.check_statements(values, where, reserved))


BY_NAME: dict[str, Check] = {
    "abort_upload_days": abort_upload_days,
    "access_key": key,
    "bucket_name": bucket_name,
    "capabilities": check_capabilities,
    "cors_max_age_seconds": cors_max_age_seconds,
    "cors_origins": cors_origins,
    "endpoint": endpoint,
    "noncurrent_days": noncurrent_days,
    "paths": paths,
    "principals": principals,
    "region": region,
    "secret_key": key,
}
"""Argument name to its check, the same for every component that has the argument."""
