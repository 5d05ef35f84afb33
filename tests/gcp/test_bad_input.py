"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

from typing import Any

from byob_components.gcp import GcpBucket, GcpByob, GcpByobArgs, GcpCredential, GcpGrant, GcpKey
from tests.conformance.bad_input import BadInputContract
from tests.gcp.bad_input import COMBINED, KEY, NODE, SINGLE, STORE
from tests.mocks.gcp import GcpMocks

PARTS: list[Any] = [
    (GcpKey, {"location": "mars", "kms_rotation_days": 0}, ["BYOB-GCP-002", "BYOB-GCP-007"]),
    (GcpKey, {"requester_pays": True}, ["BYOB-ARG-002", "BYOB-GCP-016"]),
    (
        GcpBucket,
        {"location": "EU", "force_destroy": True, "soft_delete_days": 0, "encryption": "new_key"},
        ["BYOB-GCP-008", "BYOB-GCP-011", "BYOB-GCP-021"],
    ),
    (GcpBucket, {"location": "EU", "encryption": "new_key", "kms_key_id": KEY}, ["BYOB-GCP-027"]),
    (GcpBucket, {"location": "EU", "principals": [NODE], "paths": ["vision"]}, ["BYOB-ARG-001"]),
    (
        GcpBucket,
        {"force_destroy": True, "encryption": "existing_key", "soft_delete_days": "0"},
        ["BYOB-ARG-002", "BYOB-ARG-004", "BYOB-GCP-008", "BYOB-GCP-021"],
    ),
    (GcpGrant, {"deployment": "dedicated", "signer": True}, ["BYOB-ARG-002", "BYOB-GCP-018"]),
    (GcpGrant, {"bucket_name": "acme", "signer": True}, ["BYOB-ARG-002"]),
    (GcpGrant, {"bucket_name": 5, "deployment": "self_managed"}, ["BYOB-ARG-004", "BYOB-WANDB-010"]),
    (GcpCredential, {"bucket_name": "B", "credential_keys": []}, ["BYOB-GCP-022", "BYOB-WANDB-027"]),
]


class TestGcp(BadInputContract):
    composite = GcpByob
    arguments = GcpByobArgs
    mocks = GcpMocks
    store = STORE
    single = SINGLE
    combined = COMBINED
    parts = PARTS
    names = {"BYOB-GCP-031": ["my_google", "a" * 56, "-a"]}  # noqa: RUF012
    given_name = ("bucket_name", "acme-vision")
    prefix = "BYOB-GCP"
    elsewhere = frozenset({"BYOB-GCP-031", "BYOB-GCP-032", "BYOB-GCP-033"})
    """They are about the resource's name: below, and with credentials."""

    def test_why_soft_delete_stays_on_and_why_settings_are_refused(self) -> None:
        assert "W&B's server refuses such a bucket" in str(self.refused({"soft_delete_days": 0}))
        assert "W&B's requests name none: all would fail" in str(self.refused({"requester_pays": True}))
        assert "excludes object versioning" in str(self.refused({"hierarchical_namespace": {"enabled": True}}))
        assert "forbids to overwrite and delete objects" in str(self.refused({"retention_policy": {}}))
