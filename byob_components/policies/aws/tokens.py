"""The resource types of the AWS provider that the rules look at; those with V2 are the older names of the same."""

from __future__ import annotations

from byob_components.policies.view import Resource, Settings, Stack

BUCKET = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
VERSIONING = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
PUBLIC_ACCESS = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)
OWNERSHIP = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
ACL = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
POLICY = ("aws:s3/bucketPolicy:BucketPolicy",)
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
CORS = (
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
)
LIFECYCLE = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
LOGGING = ("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2")
OBJECT_LOCK = (
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
)
PAYER = (
    "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration",
    "aws:s3/bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2",
)
TIERING = ("aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",)
SETTINGS = (
    *VERSIONING,
    *PUBLIC_ACCESS,
    *OWNERSHIP,
    *ACL,
    *POLICY,
    *ENCRYPTION,
    *CORS,
    *LIFECYCLE,
    *LOGGING,
    *OBJECT_LOCK,
    *PAYER,
    *TIERING,
)
"""Every type that is a setting of a bucket."""
KEY = ("aws:kms/key:Key",)
KEYS = (
    *KEY,
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)
KEY_POLICY = ("aws:kms/keyPolicy:KeyPolicy",)
KEY_GRANT = ("aws:kms/grant:Grant",)


def of_bucket(stack: Stack, bucket: Resource, types: tuple[str, ...]) -> Settings:
    """The settings of some types that belong to a bucket.

    Args:
        stack: The stack.
        bucket: The bucket.
        types: Of the settings.
    """
    return stack.settings(bucket, types, "bucket", BUCKET, "bucket")
