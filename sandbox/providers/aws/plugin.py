"""The `aws` stand-in, put together."""

from sandbox.providers.aws import (
    cloud,
    functions,
    iam,
    iam_policy,
    kms,
    s3,
    s3_access,
    s3_lifecycle,
    s3_notification,
    s3_settings,
    sqs,
)
from sandbox.providers.framework.service import Plugin

RESOURCES = (
    s3.Bucket(),
    s3_access.BucketPublicAccessBlock(),
    s3_access.BucketOwnershipControls(),
    s3_access.BucketPolicy(),
    s3_settings.BucketVersioning(),
    s3_settings.BucketServerSideEncryptionConfiguration(),
    s3_settings.BucketCorsConfiguration(),
    s3_settings.BucketLogging(),
    s3_lifecycle.BucketLifecycleConfiguration(),
    s3_notification.BucketNotification(),
    kms.Key(),
    kms.Alias(),
    kms.Grant(),
    iam.User(),
    iam.AccessKey(),
    iam.UserPolicy(),
    iam.Role(),
    iam.RolePolicy(),
    iam_policy.Policy(),
    iam_policy.UserPolicyAttachment(),
    iam_policy.RolePolicyAttachment(),
    sqs.Queue(),
    sqs.QueuePolicy(),
)

PLUGIN = Plugin(
    name="aws",
    sdk="pulumi_aws",
    resources=RESOURCES,
    functions=functions.FUNCTIONS,
    settings=cloud.SETTINGS,
    configure=cloud.configure,
    region_like=frozenset({"region"}),
    split_id=cloud.split_id,
)
