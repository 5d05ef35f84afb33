"""Which resources hold data, keys or rights, in every SDK that programs use for the three clouds."""

from __future__ import annotations

BUCKETS = frozenset(
    {
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketV2:BucketV2",
        "aws-native:s3:Bucket",
        "gcp:storage/bucket:Bucket",
        "azure-native:storage:StorageAccount",
        "azure-native:storage:BlobContainer",
        "azure:storage/account:Account",
        "azure:storage/container:Container",
    }
)
"""Where objects lie: deleting or replacing one loses them, or leaves them behind."""
KEYS = frozenset(
    {
        "aws:kms/key:Key",
        "aws:kms/replicaKey:ReplicaKey",
        "aws-native:kms:Key",
        "gcp:kms/cryptoKey:CryptoKey",
        "gcp:kms/keyRing:KeyRing",
        "azure-native:keyvault:Key",
        "azure-native:keyvault:Vault",
        "azure:keyvault/key:Key",
        "azure:keyvault/keyVault:KeyVault",
    }
)
"""What objects are encrypted with: without it they cannot be read."""
DATA = BUCKETS | KEYS

VERSIONING = frozenset({"aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"})
PUBLIC_ACCESS = frozenset({"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"})
ENCRYPTION = frozenset(
    {
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
    }
)
LIFECYCLE = frozenset(
    {
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
    }
)
CORS = frozenset(
    {
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
    }
)
BUCKET_POLICY = frozenset({"aws:s3/bucketPolicy:BucketPolicy"})
SETTINGS = VERSIONING | PUBLIC_ACCESS | ENCRYPTION | LIFECYCLE | CORS | BUCKET_POLICY
"""A bucket's settings that are resources of their own: deleting one turns the setting off."""
BLOB_SERVICE = frozenset({"azure-native:storage:BlobServiceProperties"})
LOCK = frozenset({"azure-native:authorization:ManagementLockByScope", "azure:management/lock:Lock"})
