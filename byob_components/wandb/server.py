"""What a W&B server that the customer runs is told about its storage: by environment, or by its Helm chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from byob_components.wandb.address import StorageAddress, build, parse, supported_file_stores
from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.names import Surface, provider_name
from byob_components.wandb.source import BARE_METAL, BYOB, ENVIRONMENT, HELM, OPERATOR_PAGE

BUCKET = "BUCKET"
REGION = "AWS_REGION"
KMS_KEY = "AWS_S3_KMS_ID"
SUPPORTED_FILE_STORES = "GORILLA_SUPPORTED_FILE_STORES"
"""Team stores; not for the instance bucket (BYOB; an older name without GORILLA_ does nothing)."""
GARBAGE_COLLECTION = "GORILLA_ARTIFACT_GC_ENABLED"
"""Off in the chart; safe once versioning or soft delete is on, without which the server cleans no bucket."""
AZURE_KEY = "AZURE_STORAGE_KEY"
"""The account key of an instance's storage, raw: the one key that is not percent-encoded."""
BUCKET_QUEUE = "BUCKET_QUEUE"
INTERNAL_QUEUE = "internal://"
"""The queue that works with every store; others bring no gain (OPERATOR_PAGE), and S3-compatible stores need this one
(BARE_METAL)."""
SECRET_KEYS = ("ACCESS_KEY", "SECRET_KEY")
"""The keys of the Kubernetes secret that the chart reads by default. Its values stand in a URL for s3 and cw, so they must
be percent-encoded there; for az the first one is the account key, raw (HELM)."""
SOURCES = (ENVIRONMENT, HELM, BYOB, OPERATOR_PAGE, BARE_METAL)


@dataclass(frozen=True)
class ServerSettings:
    """Environment variables of the server.

    Args:
        env: Without secrets.
        secrets: Those that hold keys.
    """

    env: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def is_configured_by_customer(deployment: Deployment) -> bool:
    """Whether the server's environment is the customer's to set; else W&B runs the server.

    Args:
        deployment: Where W&B runs.
    """
    return deployment is Deployment.SELF_MANAGED


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
        level: What the bucket serves. A team's store stands in the environment when it has keys, or is at CoreWeave.
        addresses: Path to storage address; of an instance's, the first one counts.
        region: The bucket's region.
        kms_key_id: The key on AWS, empty for the provider's.
        versioned: Whether artifact clean-up is safe: versioning on, or soft delete on Azure.

    Raises:
        ByobError: An address is none; it is not repeated.
    """
    if not is_configured_by_customer(deployment):
        return ServerSettings({})
    env = {GARBAGE_COLLECTION: "true"} if versioned else {}
    parts = [parse(address) for address in addresses.values()]
    if level is Level.INSTANCE:
        return _instance(env, parts[0], region, kms_key_id)
    listed = [part for part in parts if part.secret_key or part.cloud is Cloud.COREWEAVE]
    if not listed:
        return ServerSettings(env)
    value = supported_file_stores([build(part) for part in listed])
    # CoreWeave's one entry holds no key, whatever the address has.
    if all(part.cloud is Cloud.COREWEAVE for part in listed):
        return ServerSettings({**env, SUPPORTED_FILE_STORES: value})
    return ServerSettings(env, {SUPPORTED_FILE_STORES: value})


def _instance(env: dict[str, str], address: StorageAddress, region: str, kms_key_id: str) -> ServerSettings:
    if address.cloud is Cloud.AWS:
        env |= {name: value for name, value in ((REGION, region), (KMS_KEY, kms_key_id)) if value}
    if address.cloud is Cloud.S3_COMPATIBLE:
        env[BUCKET_QUEUE] = INTERNAL_QUEUE
    if not address.secret_key:
        return ServerSettings({**env, BUCKET: build(address)})
    if address.cloud is Cloud.AZURE:
        plain = build(replace(address, secret_key=""))
        return ServerSettings({**env, BUCKET: plain}, {AZURE_KEY: address.secret_key})
    return ServerSettings(env, {BUCKET: build(address)})


def helm_values(
    address: StorageAddress,
    *,
    region: str = "",
    kms_key_id: str = "",
    azure_tenant_id: str = "",
    azure_client_id: str = "",
    secret_name: str = "",
) -> dict[str, str]:
    """The chart's values for an instance's bucket, by dotted name; they lock the page in the System Console.

    Args:
        address: The bucket. Its keys are not part of the result: the chart reads them from a Kubernetes secret.
        region: The bucket's region, for S3.
        kms_key_id: The key on AWS, empty for the provider's.
        azure_tenant_id: The tenant of the identity, for keyless storage on Azure (chart 0.44.0 or newer).
        azure_client_id: The client id of that identity.
        secret_name: The Kubernetes secret that holds the keys, where the address has any.

    Returns:
        Names and values. Empty for Google with keys: the chart has no place for them, the variable BUCKET has.
    """
    keyed, cloud = bool(address.secret_key), address.cloud
    if keyed and cloud is Cloud.GCP:
        return {}
    name, inner = address.bucket, address.path
    if cloud is Cloud.AZURE or address.endpoint:
        name, inner = address.account or address.endpoint, "/".join(p for p in (address.bucket, address.path) if p)
    if address.endpoint:
        flags = {"tls": address.tls, "forcePathStyle": address.force_path_style}
        said = [f"{flag}={str(value).lower()}" for flag, value in flags.items() if value is not None]
        inner += f"?{'&'.join(said)}" if said else ""
    s3 = cloud in (Cloud.AWS, Cloud.S3_COMPATIBLE)
    values = {
        "global.bucket.provider": provider_name(cloud, Surface.HELM),
        "global.bucket.name": name,
        "global.bucket.path": inner,
        "global.bucket.region": (address.region or region) if s3 else "",
        # Outside AWS it must be null, not empty (OPERATOR_PAGE).
        "global.bucket.kmsKey": kms_key_id if cloud is Cloud.AWS else "null" if cloud is Cloud.S3_COMPATIBLE else "",
    }
    if keyed:
        values["global.bucket.secret.secretName"] = secret_name
        values["global.bucket.secret.accessKeyName"] = SECRET_KEYS[0]
        values["global.bucket.secret.secretKeyName"] = "" if cloud is Cloud.AZURE else SECRET_KEYS[1]
    elif cloud is Cloud.AZURE:
        values["global.azureStorageIdentity.tenantId"] = azure_tenant_id
        values["global.azureStorageIdentity.clientId"] = azure_client_id
    return {name: value for name, value in values.items() if value}
