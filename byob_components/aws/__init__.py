"""Stores on AWS."""

try:
    import pulumi_aws  # noqa: F401 - only whether it is there
except ModuleNotFoundError as missing:
    if missing.name != "pulumi_aws":
        raise
    raise ModuleNotFoundError(
        "byob_components.aws needs pulumi_aws, which is not installed: pip install 'byob-components[aws]'",
        name=missing.name,
    ) from None

from byob_components.aws.bucket import AwsBucket, AwsBucketArgs
from byob_components.aws.byob import AwsByob, AwsByobArgs
from byob_components.aws.credential import AwsCredential, AwsCredentialArgs
from byob_components.aws.grant import AwsGrant, AwsGrantArgs
from byob_components.aws.key import AwsKey, AwsKeyArgs
from byob_components.aws.lifecycle import AwsLifecycleRuleArgs, AwsStorageClass

__all__ = [
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
]
