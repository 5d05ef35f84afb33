"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_aws

from byob_components.aws import AwsByob
from tests.conformance.transforms import TransformsContract
from tests.mocks.aws import AwsMocks

STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "credential_keys": ["a"],
    "access_log_bucket": "acme-logs",
}
KINDS = dict.fromkeys(
    (
        "Key",
        "Alias",
        "Bucket",
        "BucketPublicAccessBlock",
        "BucketOwnershipControls",
        "BucketVersioning",
        "BucketServerSideEncryptionConfiguration",
        "BucketPolicy",
        "BucketCorsConfiguration",
        "BucketLifecycleConfiguration",
        "BucketLogging",
        "User",
        "AccessKey",
        "UserPolicy",
    ),
    1,
)


class TestAws(TransformsContract):
    composite = AwsByob
    mocks = AwsMocks
    package = "aws"
    store = STORE
    kinds = KINDS
    looked_up = ("getCallerIdentity",)
    unprotected = frozenset({"BucketPolicy", "AccessKey"})

    @staticmethod
    def provider() -> pulumi.ProviderResource:
        return pulumi_aws.Provider("there", region="us-west-2")
