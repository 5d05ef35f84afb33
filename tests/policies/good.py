"""The good stacks: every store of the conformance tests, as its program registers it."""

from __future__ import annotations

from functools import cache
from typing import Any

from byob_components.policies.view import Resource
from tests.conformance.test_aws import TestAws
from tests.conformance.test_azure import TestAzure
from tests.conformance.test_coreweave import TestCoreWeave
from tests.conformance.test_gcp import TestGcp
from tests.conformance.test_s3_compatible import TestS3Compatible
from tests.policies.made import registered

CONTRACTS = {
    "aws": {"": TestAws},
    "gcp": {"": TestGcp},
    "azure": {"": TestAzure},
    "s3": {"": TestS3Compatible, "coreweave ": TestCoreWeave},
}
"""Cloud, as in the names of its rules, to its conformance classes, each with what its stores' names begin with."""
LISTED: dict[str, Any] = {
    "byob-aws-key-grant-principals": {"principals": ("arn:aws:iam::444455556666:role/wandb",)},
    "byob-aws-bucket-grant-principals": {"principals": ("arn:aws:iam::444455556666:role/wandb",)},
    # The full stores of S3-compatible servers keep the versions below one prefix for three days only.
    "byob-aws-bucket-noncurrent-days": {"minimum_days": 3},
    "byob-gcp-bucket-grant-principals": {"principals": ("wandb@acme-servers.iam.gserviceaccount.com",)},
}
"""What must be configured so that the good stacks are good: principals that are neither W&B's nor known, and days."""


@cache
def stacks() -> dict[str, dict[str, tuple[Resource, ...]]]:
    """Cloud to store to what the program registers, with every value known."""
    found: dict[str, dict[str, tuple[Resource, ...]]] = {cloud: {} for cloud in CONTRACTS}
    for cloud, kinds in CONTRACTS.items():
        for begin, kind in kinds.items():
            contract = kind()
            for store in ["", *contract.stores]:
                made = registered(contract.make(contract.args(store)))
                found[cloud][f"{begin}{store or 'smallest'}"] = tuple(made)
            found[cloud][f"{begin}full"] = tuple(registered(contract.make(contract.full)))
    return found
