"""The declaration of a store on S3, or on a server that speaks its protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from byob_components.declared.export import Child, Holder
from byob_components.errors import ByobError, Fault
from byob_components.verify import Lack, S3Store
from byob_components.wandb.access import Access
from byob_components.wandb.address import COREWEAVE_HOST, StorageAddress
from byob_components.wandb.deployment import Cloud

_OBJECT_SIDS = ("WAndBObjectAccess", "AllowWandbUserObjects")
"""Statements that only `minimal` access has: objects apart from the bucket."""


def declare(holder: Holder, path: str, address: StorageAddress | None) -> S3Store:
    """The store, as its children in the state say it was asked for.

    Args:
        holder: The store's component.
        path: One of its paths.
        address: W&B's address, where the export shows it.
    """
    bucket = holder.first("Bucket", "BucketV2")
    provider = bucket.provider if bucket else {}
    key = _text(holder.outputs.get("kmsKeyId"))
    statements = list(_statements(holder))
    aws = holder.cloud is Cloud.AWS
    return S3Store(
        bucket=holder.outputs["bucketName"],
        region=_region(holder, provider, address),
        path=path,
        cloud=holder.cloud,
        endpoint=_endpoint(holder, provider, address),
        kms_endpoint=_service(provider, "kms") if aws else "",
        path_style=_path_style(holder, provider, address),
        encryption=_algorithm(holder, key) if aws else "",
        kms_key_id=key if aws else "",
        access=Access.MINIMAL if any(s.get("Sid") in _OBJECT_SIDS for s in statements) else Access.DOCUMENTED,
        cors_origins=_origins(holder),
        noncurrent_days=_noncurrent_days(holder),
        account_id=key.split(":")[4] if key.startswith("arn:") else "",
        tls_only=any(_denies_plain_http(statement) for statement in statements),
        lacks=() if aws else _lacks(holder),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _statements(holder: Holder) -> Iterator[Mapping[str, Any]]:
    for child in (*holder.of("BucketPolicy"), *holder.of("UserPolicy")):
        document = child.inputs.get("policy")
        found = json.loads(document) if isinstance(document, str) else document
        yield from (one for one in (found or {}).get("Statement", []) if isinstance(one, dict))


def _denies_plain_http(statement: Mapping[str, Any]) -> bool:
    condition = statement.get("Condition") or {}
    return (
        statement.get("Effect") == "Deny" and str((condition.get("Bool") or {}).get("aws:SecureTransport")) == "false"
    )


def _region(holder: Holder, provider: Mapping[str, Any], address: StorageAddress | None) -> str:
    told = _text(holder.outputs.get("region"))
    # Elsewhere than at AWS the provider tells us-east-1 for a region whose name is none of Amazon's.
    elsewhere = (address.region if address else "") or _text(provider.get("region"))
    return told if holder.cloud is Cloud.AWS else elsewhere or told


def _endpoint(holder: Holder, provider: Mapping[str, Any], address: StorageAddress | None) -> str:
    """Where W&B reaches the store; at AWS nothing, unless the provider was sent elsewhere."""
    if holder.cloud is Cloud.S3_COMPATIBLE and address is not None:
        return f"http{'' if address.tls is False else 's'}://{address.endpoint}"
    found = _service(provider, "s3") or (f"https://{COREWEAVE_HOST}" if holder.cloud is Cloud.COREWEAVE else "")
    if not found and holder.cloud is Cloud.S3_COMPATIBLE:
        what = f"does not show where the server of {holder.name!r} is: that is a secret of it"
        fix = "name the stack with --stack, or pipe `pulumi stack export --show-secrets` in"
        raise ByobError([Fault("BYOB-CLI-004", "stack", what, None, "an export with secrets", fix)], "byob verify")
    return found


def _service(provider: Mapping[str, Any], service: str) -> str:
    """The endpoint of a service in a provider's inputs, which hold lists as JSON text."""
    found = provider.get("endpoints")
    entries = json.loads(found) if isinstance(found, str) else found
    named = entries if isinstance(entries, list) else []
    return next((_text(one[service]) for one in named if isinstance(one, dict) and one.get(service)), "")


def sts_endpoint(provider: Mapping[str, Any]) -> str:
    """Where the provider asks who somebody is; empty for AWS's own.

    Args:
        provider: The inputs of the provider that made the bucket.
    """
    return _service(provider, "sts")


def _path_style(holder: Holder, provider: Mapping[str, Any], address: StorageAddress | None) -> bool:
    if address is not None and address.force_path_style is not None:
        return address.force_path_style
    asked = str(provider.get("s3UsePathStyle")).lower()
    # A server of one's own rarely has a name for each bucket; CoreWeave knows a bucket by its name only.
    return asked == "true" or (asked != "false" and holder.cloud is Cloud.S3_COMPATIBLE)


def _algorithm(holder: Holder, key: str) -> str:
    rules = [
        rule for one in _settings(holder, "BucketServerSideEncryptionConfiguration") for rule in one.inputs["rules"]
    ]
    defaults = [rule.get("applyServerSideEncryptionByDefault") or {} for rule in rules]
    return next((_text(one["sseAlgorithm"]) for one in defaults if one), "aws:kms" if key else "")


def _settings(holder: Holder, type_: str) -> list[Child]:
    return [*holder.of(type_), *holder.of(f"{type_}V2")]


def _origins(holder: Holder) -> tuple[str, ...]:
    rules = [rule for one in _settings(holder, "BucketCorsConfiguration") for rule in one.inputs["corsRules"]]
    return tuple(dict.fromkeys(origin for rule in rules for origin in rule["allowedOrigins"])) or ("*",)


def _noncurrent_days(holder: Holder) -> int:
    """Days after which old versions go, by rules for the whole bucket; 0 when nobody asked for that."""
    rules = [rule for one in _settings(holder, "BucketLifecycleConfiguration") for rule in one.inputs["rules"]]
    split = [rule.get("noncurrentVersionExpiration") or {} for rule in rules if _whole(rule)]
    days = [one.get("noncurrentDays") for one in split if not one.get("newerNoncurrentVersions")]
    # On servers that are not AWS the rules stand on the bucket itself.
    inline = [rule for one in holder.of("Bucket") for rule in one.inputs.get("lifecycleRules") or ()]
    days += [(rule.get("noncurrentVersionExpiration") or {}).get("days") for rule in inline if not rule.get("prefix")]
    return int(min((one for one in days if one), default=0))


def _whole(rule: Mapping[str, Any]) -> bool:
    chosen = rule.get("filter") or {}
    return rule.get("status") == "Enabled" and not any(chosen.values()) and not rule.get("prefix")


def _lacks(holder: Holder) -> list[Lack]:
    """What nobody asked the server for: it is left out where the server does not have it."""
    return [
        *([] if holder.first("BucketPublicAccessBlock") else [Lack.PUBLIC_ACCESS_BLOCK]),
        *([] if holder.first("BucketCorsConfiguration", "BucketCorsConfigurationV2") else [Lack.CORS]),
        *([] if holder.first("BucketVersioning", "BucketVersioningV2") else [Lack.VERSIONING]),
    ]
