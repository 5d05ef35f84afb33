"""The good stacks: every store of the conformance tests, as its program registers it."""

from __future__ import annotations

from functools import cache
from typing import Any

from byob_components.policies.view import Resource
from tests.conformance.test_aws import TestAws
from tests.conformance.test_azure import TestAzure
from tests.conformance.test_gcp import TestGcp
from tests.policies.made import registered

CONTRACTS = {"aws": TestAws, "gcp": TestGcp, "azure": TestAzure}
"""Cloud to its conformance class."""
LISTED: dict[str, Any] = {
    "byob-aws-key-grant-principals": {"principals": ("arn:aws:iam::444455556666:role/wandb",)},
    "byob-aws-bucket-grant-principals": {"principals": ("arn:aws:iam::444455556666:role/wandb",)},
    "byob-gcp-bucket-grant-principals": {"principals": ("wandb@acme-servers.iam.gserviceaccount.com",)},
}
"""What must be listed so that the good stacks are good: principals that are neither W&B's nor known."""


@cache
def stacks() -> dict[str, dict[str, tuple[Resource, ...]]]:
    """Cloud to store to what the program registers, with every value known."""
    found = {}
    for cloud, kind in CONTRACTS.items():
        contract = kind()
        found[cloud] = {
            store or "smallest": tuple(registered(contract.make(contract.args(store))))
            for store in ["", *contract.stores]
        }
        found[cloud]["full"] = tuple(registered(contract.make(contract.full)))
    return found
