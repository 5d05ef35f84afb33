"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

from typing import Any

from byob_components.coreweave import (
    CoreWeaveBucket,
    CoreWeaveByob,
    CoreWeaveByobArgs,
    CoreWeaveGrant,
)
from tests.conformance.bad_input import BadInputContract
from tests.coreweave.bad_input import COMBINED, OWN, SINGLE, STORE, WANDB
from tests.mocks.aws import AwsMocks

GRANT: dict[str, Any] = {
    "deployment": "dedicated",
    "wandb_organization_id": "acme",
    "bucket_name": "theirs",
    "bucket_policy_statements": [],
}
PARTS: list[Any] = [
    (CoreWeaveBucket, {"principals": [WANDB]}, ["BYOB-ARG-002"]),
    (CoreWeaveBucket, {"wandb_organization_id": "acme", "deployment": "dedicated"}, ["BYOB-ARG-001"]),
    (
        CoreWeaveBucket,
        {"wandb_organization_id": "acme", "force_destroy": True, "tags": {}},
        ["BYOB-CW-016", "BYOB-CW-021"],
    ),
    (CoreWeaveBucket, {"force_destroy": True}, ["BYOB-ARG-002", "BYOB-CW-021"]),
    (CoreWeaveGrant, {**GRANT, "principals": []}, ["BYOB-CW-010"]),
    (CoreWeaveGrant, {**GRANT, "principals": [], "deployment": "saas"}, ["BYOB-ARG-005", "BYOB-CW-010"]),
    (CoreWeaveGrant, {**GRANT, "principals": [5]}, ["BYOB-ARG-004"]),
    (CoreWeaveGrant, {**GRANT, "bucket_name": "vip-1", "principals": ["*"]}, ["BYOB-WANDB-011", "BYOB-WANDB-028"]),
    (CoreWeaveGrant, {**GRANT, "bucket_policy_statements": [OWN, OWN]}, ["BYOB-CW-019"]),
    (CoreWeaveGrant, {"deployment": "dedicated"}, ["BYOB-ARG-002", "BYOB-ARG-002", "BYOB-ARG-002"]),
]


class TestCoreWeave(BadInputContract):
    composite = CoreWeaveByob
    arguments = CoreWeaveByobArgs
    mocks = AwsMocks
    store = STORE
    single = SINGLE
    combined = COMBINED
    parts = PARTS
    names = {"BYOB-CW-031": ["my_vision", "a" * 56, "-a", "cw-vision", "vip-vision"]}  # noqa: RUF012
    given_name = ("bucket_name", "acme")
    prefix = "BYOB-CW"
    elsewhere = frozenset({"BYOB-CW-031", "BYOB-CW-028", "BYOB-CW-010", "BYOB-CW-033"})
    """They are about the resource's name, and about a bucket made elsewhere: tested with grants."""
    least = 40
    planted = ("confidential",)

    def test_why_an_argument_of_other_clouds_is_none_here(self) -> None:
        assert "W&B supports no customer key there" in str(self.refused({"kms_key_arn": "x"}))
        assert "W&B reaches CoreWeave by its own identity" in str(self.refused({"credential_keys": ["a"]}))
        assert "cwobject.com" in str(self.refused({"endpoint": "cwlota.com"}))
        assert "the Availability Zone that is the provider's region" in str(self.refused({"zone": "US-EAST-04A"}))
        assert "let other customers of W&B in" in str(self.refused({"wandb_organization_id": "*"}))
