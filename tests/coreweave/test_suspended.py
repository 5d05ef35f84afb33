"""Suspended paths keep data, address and hand-off, and lose the grant."""

import json
from collections.abc import Mapping
from typing import Any

from byob_components.coreweave import CoreWeaveByob
from tests.conformance.suspended import SuspendedContract
from tests.mocks.aws import record
from tests.mocks.monitor import Run

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
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
    ({**SHARED, "suspended_paths": ["other"]}, "BYOB-CW-029"),
    ({**SHARED, "suspended_paths": ["nlp"]}, "BYOB-CW-030"),
]


class TestCoreWeave(SuspendedContract):
    composite = CoreWeaveByob
    record = staticmethod(record)
    stores = SUSPENDED
    changed = frozenset({"BucketPolicy"})
    refusals = REFUSALS

    def no_grant(self, seen: Run, given: Mapping[str, Any]) -> None:
        assert not [r.key for r in seen.resources if r.kind == "BucketPolicy"]


def test_your_own_people_stay() -> None:
    seen = record(CoreWeaveByob, {**STORE, "storage_organization_id": "ab1cd2", "suspended_paths": ["/"]})
    (left,) = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"]
    assert left["Sid"] == "AllowUsersInOrg"


def test_one_of_two_paths() -> None:
    seen = record(CoreWeaveByob, {**SHARED, "access": "minimal", "suspended_paths": ["nlp"]})
    objects = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"][-1]
    assert objects["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]
    assert list(seen.value("storage_addresses")) == ["vision", "nlp"]
