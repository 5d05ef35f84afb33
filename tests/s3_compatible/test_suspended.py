"""Suspended paths keep data, address and hand-off, and lose the grant, where the bucket's policy is what lets W&B in."""

import json
from collections.abc import Mapping
from typing import Any

from byob_components.s3_compatible import S3CompatibleByob
from tests.conformance.suspended import SuspendedContract
from tests.mocks.aws import record
from tests.mocks.monitor import Run

STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "server": "seaweedfs",
    "endpoint": "store.acme.example:8333",
    "access_key": "id",
    "secret_key": "key",
    "principals": ["arn:aws:iam::000000000000:user/wandb"],
}
SHARED: dict[str, Any] = {**STORE, "paths": ["vision", "nlp"]}
SUSPENDED: dict[str, dict[str, Any]] = {
    f"{name}, {access}": {**given, "access": access}
    for access in ("documented", "minimal")
    for name, given in (
        ("root", {**STORE, "suspended_paths": ["/"]}),
        ("all paths", {**SHARED, "suspended_paths": ["nlp", "vision"]}),
    )
}
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({**SHARED, "suspended_paths": ["other"]}, "BYOB-S3C-029"),
    ({**SHARED, "suspended_paths": ["nlp"]}, "BYOB-S3C-030"),
    ({**STORE, "server": "minio", "principals": [], "suspended_paths": ["/"]}, "BYOB-S3C-032"),
    ({**STORE, "principals": [], "suspended_paths": ["/"]}, "BYOB-S3C-032"),
]


def sids(seen: Run) -> list[str]:
    return [one["Sid"] for one in json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"]]


class TestS3Compatible(SuspendedContract):
    composite = S3CompatibleByob
    record = staticmethod(record)
    stores = SUSPENDED
    changed = frozenset({"BucketPolicy"})
    refusals = REFUSALS

    def no_grant(self, seen: Run, given: Mapping[str, Any]) -> None:
        assert sids(seen) == ["DenyInsecureTransport"]


def test_a_server_without_a_deny_loses_its_policy() -> None:
    seen = record(S3CompatibleByob, {**STORE, "server": "ceph", "suspended_paths": ["/"]})
    assert not [r.key for r in seen.resources if r.kind == "BucketPolicy"]


def test_one_of_two_paths() -> None:
    seen = record(S3CompatibleByob, {**SHARED, "access": "minimal", "suspended_paths": ["nlp"]})
    objects = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"][-1]
    assert objects["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]
    assert list(seen.value("storage_addresses")) == ["vision", "nlp"]
