"""Stores on servers that speak S3 and are not AWS: MinIO, AIStor, Ceph, SeaweedFS and the like."""

try:
    import pulumi_aws  # noqa: F401 - only whether it is there
except ModuleNotFoundError as missing:
    if missing.name != "pulumi_aws":
        raise
    raise ModuleNotFoundError(
        "byob_components.s3_compatible needs pulumi_aws, which is not installed: pip install 'byob-components[aws]'",
        name=missing.name,
    ) from None

from byob_components.s3_compatible.bucket import S3CompatibleBucket, S3CompatibleBucketArgs
from byob_components.s3_compatible.byob import S3CompatibleByob, S3CompatibleByobArgs
from byob_components.s3_compatible.capability import S3CompatibleCapability, S3CompatibleServer
from byob_components.s3_compatible.grant import S3CompatibleGrant, S3CompatibleGrantArgs
from byob_components.s3_compatible.lifecycle import S3CompatibleLifecycleRuleArgs

__all__ = [
    "S3CompatibleBucket",
    "S3CompatibleBucketArgs",
    "S3CompatibleByob",
    "S3CompatibleByobArgs",
    "S3CompatibleCapability",
    "S3CompatibleGrant",
    "S3CompatibleGrantArgs",
    "S3CompatibleLifecycleRuleArgs",
    "S3CompatibleServer",
]
