"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_aws

from byob_components.s3_compatible import S3CompatibleByob
from tests.conformance.transforms import TransformsContract
from tests.mocks.aws import AwsMocks, record

STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "server": "seaweedfs",
    "endpoint": "store.acme.example:8333",
    "access_key": "id",
    "secret_key": "key",
    "principals": ["arn:aws:iam::000000000000:user/wandb"],
}
KINDS = dict.fromkeys(("Bucket", "BucketCorsConfiguration", "BucketPolicy", "BucketVersioning"), 1)


class TestS3Compatible(TransformsContract):
    composite = S3CompatibleByob
    mocks = AwsMocks
    package = "aws"
    store = STORE
    kinds = KINDS
    unprotected = frozenset({"BucketPolicy"})

    @staticmethod
    def provider() -> pulumi.ProviderResource:
        return pulumi_aws.Provider("there", region="us-east-1", s3_use_path_style=True)

    def test_no_child_has_tags_or_a_region_of_its_own(self) -> None:
        """Tags at creation are dropped by other servers without a word; the region is the provider's."""
        for resource in record(S3CompatibleByob, {**STORE, "region": "north-1"}).resources:
            assert not {"tags", "region"} & resource.inputs.keys(), resource.key
