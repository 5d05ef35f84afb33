"""Which settings of key and retention a record tells, by the provider's own names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from byob_components.policies.tree import Node, NotKnown
from byob_components.policies.view import Resource

KEY: dict[str, tuple[str, ...]] = {
    "aws:kms/key:Key": (
        "isEnabled",
        "enableKeyRotation",
        "rotationPeriodInDays",
        "deletionWindowInDays",
        "customerMasterKeySpec",
    ),
    "gcp:kms/cryptoKey:CryptoKey": ("rotationPeriod", "destroyScheduledDuration", "purpose"),
    "azure-native:keyvault:Key": (
        "properties.kty",
        "properties.keySize",
        "properties.attributes.enabled",
        "properties.rotationPolicy.lifetimeActions.trigger.timeAfterCreate",
    ),
    "azure-native:keyvault:Vault": ("properties.enablePurgeProtection", "properties.softDeleteRetentionInDays"),
}
"""Type to properties of a key and of what holds it."""
CREDENTIALS: dict[str, tuple[str, ...]] = {
    "aws:iam/accessKey:AccessKey": ("user", "status"),
    "gcp:serviceaccount/key:Key": ("serviceAccountId",),
}
"""Type to properties of static keys: whose they are, never what they are."""
_LIFECYCLE = ("rules",)
_VERSIONING = ("versioningConfiguration.status",)
RETENTION: dict[str, tuple[str, ...]] = {
    "aws:s3/bucketVersioning:BucketVersioning": _VERSIONING,
    "aws:s3/bucketVersioningV2:BucketVersioningV2": _VERSIONING,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _LIFECYCLE,
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": _LIFECYCLE,
    "gcp:storage/bucket:Bucket": (
        "versioning.enabled",
        "softDeletePolicy.retentionDurationSeconds",
        "retentionPolicy.retentionPeriod",
        "lifecycleRules",
    ),
    "azure-native:storage:BlobServiceProperties": (
        "isVersioningEnabled",
        "deleteRetentionPolicy.days",
        "containerDeleteRetentionPolicy.days",
    ),
    "azure-native:storage:ManagementPolicy": ("policy.rules",),
}
"""Type to properties that decide how long deleted data stays."""


def told(resources: Iterable[Resource], table: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The settings of a table that resources have.

    Args:
        resources: Those of a store.
        table: Type to properties.
    """
    found = []
    for one in resources:
        values = {place: value for place in table.get(one.type, ()) if (value := _value(one, place)) is not None}
        if values:
            found.append({"resource": title(one), "settings": values})
    return found


def title(one: Resource) -> str:
    """`Bucket vision`.

    Args:
        one: The resource.
    """
    return f"{one.type.rpartition(':')[2]} {one.name}"


def _value(one: Resource, place: str) -> Any:
    try:
        return _plain(one.inputs.at(*place.split(".")))
    except NotKnown:
        return "(not known)"


def _plain(node: Node) -> Any:
    """The value as data; nothing where it is a secret."""
    if node.secret:
        return "(secret)"
    value = node.plain()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in node.entries()}
    return [_plain(inner) for inner in node.items()] if isinstance(value, list) else value
