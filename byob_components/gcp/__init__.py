"""Stores on Google Cloud."""

from byob_components.gcp.bucket import GcpBucket, GcpBucketArgs
from byob_components.gcp.byob import GcpByob, GcpByobArgs
from byob_components.gcp.credential import GcpCredential, GcpCredentialArgs
from byob_components.gcp.grant import GcpGrant, GcpGrantArgs
from byob_components.gcp.key import GcpKey, GcpKeyArgs
from byob_components.gcp.lifecycle import GcpLifecycleRuleArgs, GcpStorageClass

__all__ = [
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
]
