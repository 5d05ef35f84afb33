"""A user's transforms reach every child, and their provider and options too."""

from typing import Any

import pulumi
import pulumi_aws

from byob_components.coreweave import CoreWeaveByob
from tests.conformance.transforms import TransformsContract
from tests.mocks.aws import AwsMocks, record

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
KINDS = dict.fromkeys(("Bucket", "BucketCorsConfiguration", "BucketPolicy", "BucketVersioning"), 1)


class TestCoreWeave(TransformsContract):
    composite = CoreWeaveByob
    mocks = AwsMocks
    package = "aws"
    store = STORE
    kinds = KINDS
    unprotected = frozenset({"BucketPolicy"})

    @staticmethod
    def provider() -> pulumi.ProviderResource:
        return pulumi_aws.Provider("there", region="US-EAST-04A")

    def test_no_child_has_tags_or_a_region_of_its_own(self) -> None:
        """Tags at creation are dropped by other servers without a word; the region is the provider's."""
        for resource in record(CoreWeaveByob, STORE).resources:
            assert not {"tags", "region"} & resource.inputs.keys(), resource.key
