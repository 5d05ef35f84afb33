"""What the local Cloud Storage takes for a bucket."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.clouds.gcp.apis.web import ApiError
from sandbox.clouds.gcp.storage.buckets import merged, new, patched

DAY = 86400


def test_defaults() -> None:
    found = new({"name": "plain-bucket"})
    found["softDeletePolicy"].pop("effectiveTime")
    assert found == {
        "name": "plain-bucket", "location": "US", "storageClass": "STANDARD", "softDeletePolicy": {"retentionDurationSeconds": "604800"},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}, "publicAccessPrevention": "inherited"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"name": "Ab"}, 400, "Invalid bucket name"),
        ({"name": "my-google-bucket"}, 400, "Invalid bucket name"),
        ({"location": "atlantis"}, 400, "location constraint is not valid: ATLANTIS"),
        ({"softDeletePolicy": {"retentionDurationSeconds": 6 * DAY}}, 400, "Soft delete policies"),
        ({"softDeletePolicy": {"retentionDurationSeconds": 91 * DAY}}, 400, "Soft delete policies"),
        ({"cors": [{"origin": ["*"], "exposeHeaders": ["ETag"]}]}, 400, 'Unknown name "exposeHeaders"'),
        ({"lifecycle": {"rule": [{"action": {"type": "Burn"}, "condition": {"age": 1}}]}}, 400, "Invalid lifecycle action: Burn"),
        ({"lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {}}]}}, 400, "must have a condition"),
        ({"lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"weight": 1}}]}}, 400, "condition: weight"),
        ({"lifecycle": {"rule": [{"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"isLive": True}}]}}, 400, "takes the conditions"),
        ({"labels": {"Team": "x"}}, 400, "Invalid label"),
        ({"iamConfiguration": {"publicAccessPrevention": "maybe"}}, 400, "Invalid publicAccessPrevention"),
        ({"storageClass": "GOLD"}, 400, "Invalid storage class"),
        ({"encryption": {"defaultKmsKeyName": "my-key"}}, 400, "Invalid Cloud KMS key name"),
        ({"location": "us-east1", "encryption": {"defaultKmsKeyName": "projects/p/locations/us/keyRings/r/cryptoKeys/k"}}, 400, "needs one in us-east1"),
        ({"location": "EU", "encryption": {"defaultKmsKeyName": "projects/p/locations/eu/keyRings/r/cryptoKeys/k"}}, 400, "needs one in europe"),
        ({"retentionPolicy": {"retentionPeriod": "60"}}, 501, "'retentionPolicy' is not carried out"),
        ({"billing": {"requesterPays": True}}, 501, "'billing' is not carried out"),
        ({"hierarchicalNamespace": {"enabled": True}}, 501, "'hierarchicalNamespace' is not carried out"),
    ],
)  # fmt: skip
def test_refused(body: dict[str, Any], code: int, message: str) -> None:
    with pytest.raises(ApiError, match=message) as refused:
        new({"name": "plain-bucket", **body})
    assert refused.value.code == code


def test_soft_delete_can_be_switched_off_and_switched_off_settings_are_no_settings() -> None:
    found = new(
        {
            "name": "plain-bucket",
            "softDeletePolicy": {"retentionDurationSeconds": 0},
            "billing": {"requesterPays": False},
        }
    )
    assert found["softDeletePolicy"]["retentionDurationSeconds"] == 0


def test_a_patch_merges_objects_replaces_lists_and_removes_by_null() -> None:
    old = {"labels": {"a": "1", "b": "2"}, "cors": [{"origin": ["x"]}], "encryption": {"defaultKmsKeyName": "k"}}
    patch = {"labels": {"a": None, "c": "3"}, "cors": [], "encryption": None}
    assert merged(old, patch) == {"labels": {"b": "2", "c": "3"}, "cors": []}


def test_name_and_location_stay() -> None:
    made = new({"name": "plain-bucket", "location": "europe-west1"})
    assert patched(made, {"location": "EUROPE-WEST1", "versioning": {"enabled": True}})["versioning"] == {
        "enabled": True
    }
    with pytest.raises(ApiError, match="location of a bucket cannot be changed"):
        patched(made, {"location": "us-east1"})
