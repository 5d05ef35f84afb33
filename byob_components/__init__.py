"""Pulumi components for the storage that Weights & Biases needs when a company brings its own bucket.

The names below are the public API. Each cloud's SDK is loaded when one of its names is first used, and a missing one is
answered with the line that installs it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from byob_components.errors import ByobError, Fault

if TYPE_CHECKING:
    from byob_components.aws import (
        AwsBucket,
        AwsBucketArgs,
        AwsByob,
        AwsByobArgs,
        AwsCredential,
        AwsCredentialArgs,
        AwsGrant,
        AwsGrantArgs,
        AwsKey,
        AwsKeyArgs,
        AwsLifecycleRuleArgs,
        AwsStorageClass,
    )
    from byob_components.azure import (
        AzureAccessTier,
        AzureAccountKey,
        AzureByob,
        AzureByobArgs,
        AzureContainer,
        AzureContainerArgs,
        AzureGrant,
        AzureGrantArgs,
        AzureKey,
        AzureKeyArgs,
        AzureLifecycleRuleArgs,
        AzureRedundancy,
    )
    from byob_components.coreweave import (
        CoreWeaveBucket,
        CoreWeaveBucketArgs,
        CoreWeaveByob,
        CoreWeaveByobArgs,
        CoreWeaveGrant,
        CoreWeaveGrantArgs,
        CoreWeaveLifecycleRuleArgs,
    )
    from byob_components.gcp import (
        GcpBucket,
        GcpBucketArgs,
        GcpByob,
        GcpByobArgs,
        GcpCredential,
        GcpCredentialArgs,
        GcpGrant,
        GcpGrantArgs,
        GcpKey,
        GcpKeyArgs,
        GcpLifecycleRuleArgs,
        GcpStorageClass,
    )
    from byob_components.s3_compatible import (
        S3CompatibleBucket,
        S3CompatibleBucketArgs,
        S3CompatibleByob,
        S3CompatibleByobArgs,
        S3CompatibleCapability,
        S3CompatibleGrant,
        S3CompatibleGrantArgs,
        S3CompatibleLifecycleRuleArgs,
        S3CompatibleServer,
    )
    from byob_components.store import Encryption, Protection, Store
    from byob_components.wandb.access import Access, AzureMode
    from byob_components.wandb.deployment import Cloud, Deployment, Level

__version__ = "0.1.0"

_HOMES = {
    "byob_components.store": ("Encryption", "Protection", "Store"),
    "byob_components.wandb.access": ("Access", "AzureMode"),
    "byob_components.wandb.deployment": ("Cloud", "Deployment", "Level"),
    "byob_components.aws": (
        "AwsBucket",
        "AwsBucketArgs",
        "AwsByob",
        "AwsByobArgs",
        "AwsCredential",
        "AwsCredentialArgs",
        "AwsGrant",
        "AwsGrantArgs",
        "AwsKey",
        "AwsKeyArgs",
        "AwsLifecycleRuleArgs",
        "AwsStorageClass",
    ),
    "byob_components.azure": (
        "AzureAccessTier",
        "AzureAccountKey",
        "AzureByob",
        "AzureByobArgs",
        "AzureContainer",
        "AzureContainerArgs",
        "AzureGrant",
        "AzureGrantArgs",
        "AzureKey",
        "AzureKeyArgs",
        "AzureLifecycleRuleArgs",
        "AzureRedundancy",
    ),
    "byob_components.gcp": (
        "GcpBucket",
        "GcpBucketArgs",
        "GcpByob",
        "GcpByobArgs",
        "GcpCredential",
        "GcpCredentialArgs",
        "GcpGrant",
        "GcpGrantArgs",
        "GcpKey",
        "GcpKeyArgs",
        "GcpLifecycleRuleArgs",
        "GcpStorageClass",
    ),
    "byob_components.s3_compatible": (
        "S3CompatibleBucket",
        "S3CompatibleBucketArgs",
        "S3CompatibleByob",
        "S3CompatibleByobArgs",
        "S3CompatibleCapability",
        "S3CompatibleGrant",
        "S3CompatibleGrantArgs",
        "S3CompatibleLifecycleRuleArgs",
        "S3CompatibleServer",
    ),
    "byob_components.coreweave": (
        "CoreWeaveBucket",
        "CoreWeaveBucketArgs",
        "CoreWeaveByob",
        "CoreWeaveByobArgs",
        "CoreWeaveGrant",
        "CoreWeaveGrantArgs",
        "CoreWeaveLifecycleRuleArgs",
    ),
}
_EXTRAS = {"pulumi_aws": "aws", "pulumi_azure_native": "azure", "pulumi_gcp": "gcp"}
_home_of = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _home_of:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = importlib.import_module(_home_of[name])
    except ModuleNotFoundError as missing:
        extra = _EXTRAS.get(missing.name or "")
        if extra is None:
            raise
        raise ModuleNotFoundError(
            f"{name} needs {missing.name}, which is not installed: pip install 'byob-components[{extra}]'",
            name=missing.name,
        ) from None
    return getattr(module, name)


def __dir__() -> list[str]:
    return __all__


__all__ = [
    "Access",
    "AwsBucket",
    "AwsBucketArgs",
    "AwsByob",
    "AwsByobArgs",
    "AwsCredential",
    "AwsCredentialArgs",
    "AwsGrant",
    "AwsGrantArgs",
    "AwsKey",
    "AwsKeyArgs",
    "AwsLifecycleRuleArgs",
    "AwsStorageClass",
    "AzureAccessTier",
    "AzureAccountKey",
    "AzureByob",
    "AzureByobArgs",
    "AzureContainer",
    "AzureContainerArgs",
    "AzureGrant",
    "AzureGrantArgs",
    "AzureKey",
    "AzureKeyArgs",
    "AzureLifecycleRuleArgs",
    "AzureMode",
    "AzureRedundancy",
    "ByobError",
    "Cloud",
    "CoreWeaveBucket",
    "CoreWeaveBucketArgs",
    "CoreWeaveByob",
    "CoreWeaveByobArgs",
    "CoreWeaveGrant",
    "CoreWeaveGrantArgs",
    "CoreWeaveLifecycleRuleArgs",
    "Deployment",
    "Encryption",
    "Fault",
    "GcpBucket",
    "GcpBucketArgs",
    "GcpByob",
    "GcpByobArgs",
    "GcpCredential",
    "GcpCredentialArgs",
    "GcpGrant",
    "GcpGrantArgs",
    "GcpKey",
    "GcpKeyArgs",
    "GcpLifecycleRuleArgs",
    "GcpStorageClass",
    "Level",
    "Protection",
    "S3CompatibleBucket",
    "S3CompatibleBucketArgs",
    "S3CompatibleByob",
    "S3CompatibleByobArgs",
    "S3CompatibleCapability",
    "S3CompatibleGrant",
    "S3CompatibleGrantArgs",
    "S3CompatibleLifecycleRuleArgs",
    "S3CompatibleServer",
    "Store",
]
