"""What a W&B server that the customer runs is told about its storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from byob_components.wandb.address import StorageAddress, parse, supported_file_stores
from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.source import BYOB, ENVIRONMENT, HELM

BUCKET = "BUCKET"
REGION = "AWS_REGION"
KMS_KEY = "AWS_S3_KMS_ID"
SUPPORTED_FILE_STORES = "GORILLA_SUPPORTED_FILE_STORES"
"""Team stores with keys; not for the instance bucket (BYOB; an older name without GORILLA_ does nothing)."""
GARBAGE_COLLECTION = "GORILLA_ARTIFACT_GC_ENABLED"
"""Off in the chart; safe once versioning or soft delete is on."""
AZURE_KEY = "AZURE_STORAGE_KEY"
SOURCES = (ENVIRONMENT, HELM, BYOB)


@dataclass(frozen=True)
class ServerSettings:
    """Environment variables of the server.

    Args:
        env: Without secrets.
        secrets: Those that hold keys.
    """

    env: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def server_settings(
    deployment: Deployment,
    level: Level,
    addresses: Mapping[str, str],
    region: str = "",
    kms_key_id: str = "",
    versioned: bool = True,
) -> ServerSettings:
    """The environment of a self-managed server; empty where W&B runs the server.

    Args:
        deployment: Where W&B runs.
        level: What the bucket serves.
        addresses: Path to storage address; an instance has one.
        region: The bucket's region.
        kms_key_id: The key on AWS, empty for the provider's.
        versioned: Whether artifact clean-up is safe.
    """
    if deployment is not Deployment.SELF_MANAGED:
        return ServerSettings({})
    parts = [parse(address) for address in addresses.values()]
    env = {GARBAGE_COLLECTION: "true"} if versioned else {}
    if level is Level.INSTANCE:
        address, first = next(iter(addresses.values())), parts[0]
        if first.cloud is Cloud.AWS:
            env |= {name: value for name, value in ((REGION, region), (KMS_KEY, kms_key_id)) if value}
        return _with_keys(env, BUCKET, address, [first])
    listed = [
        (text, part)
        for text, part in zip(addresses.values(), parts, strict=True)
        if part.secret_key or part.cloud is Cloud.COREWEAVE
    ]
    if not listed:
        return ServerSettings(env)
    return _with_keys(
        env, SUPPORTED_FILE_STORES, supported_file_stores([text for text, _ in listed]), [part for _, part in listed]
    )


def _with_keys(env: dict[str, str], name: str, value: str, parts: list[StorageAddress]) -> ServerSettings:
    if any(part.secret_key for part in parts) and value != "cw://":
        return ServerSettings(env, {name: value})
    return ServerSettings({**env, name: value})
