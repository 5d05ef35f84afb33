"""Suspended paths keep data, address and hand-off, and lose the grant."""

import json
from typing import Any

import pytest

from byob_components.coreweave import CoreWeaveByob
from byob_components.store import ByobRunError
from tests.mocks.aws import record

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
SHARED: dict[str, Any] = {**STORE, "paths": ["vision", "nlp"]}


@pytest.mark.parametrize(("given", "suspended"), [(STORE, ["/"]), (SHARED, ["nlp", "vision"])])
@pytest.mark.parametrize("access", ["documented", "minimal"])
def test_every_path(given: dict[str, Any], suspended: list[str], access: str) -> None:
    usual = record(CoreWeaveByob, {**given, "access": access})
    seen = record(CoreWeaveByob, {**given, "access": access, "suspended_paths": suspended})
    assert not [r.key for r in seen.resources if r.kind == "BucketPolicy"]
    assert (seen.value("principals"), seen.value("principals_date")) == ([], "")
    for kept in ("storage_addresses", "paths", "bucket_name"):
        assert seen.value(kept) == usual.value(kept)
    assert list(seen.value("handoffs")) == list(usual.value("handoffs"))
    others = {r.key: r.inputs for r in usual.resources if r.kind != "BucketPolicy"}
    assert {r.key: r.inputs for r in seen.resources if r.kind != "BucketPolicy"} == others


def test_your_own_people_stay() -> None:
    seen = record(CoreWeaveByob, {**STORE, "storage_organization_id": "ab1cd2", "suspended_paths": ["/"]})
    (left,) = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"]
    assert left["Sid"] == "AllowUsersInOrg"


def test_one_of_two_paths() -> None:
    seen = record(CoreWeaveByob, {**SHARED, "access": "minimal", "suspended_paths": ["nlp"]})
    objects = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"][-1]
    assert objects["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]
    assert list(seen.value("storage_addresses")) == ["vision", "nlp"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**SHARED, "suspended_paths": ["other"]}, "BYOB-CW-029"),
        ({**SHARED, "suspended_paths": ["nlp"]}, "BYOB-CW-030"),
    ],
)
def test_what_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(CoreWeaveByob, given)
    assert [fault.code for fault in refused.value.faults] == [code]
