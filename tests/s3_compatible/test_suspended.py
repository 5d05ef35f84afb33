"""Suspended paths keep data, address and hand-off, and lose the grant, where the bucket's policy is what lets W&B in."""

import json
from typing import Any

import pytest

from byob_components.s3_compatible import S3CompatibleByob
from byob_components.store import ByobRunError
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


def sids(seen: Run) -> list[str]:
    return [one["Sid"] for one in json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"]]


@pytest.mark.parametrize(("given", "suspended"), [(STORE, ["/"]), (SHARED, ["nlp", "vision"])])
@pytest.mark.parametrize("access", ["documented", "minimal"])
def test_every_path(given: dict[str, Any], suspended: list[str], access: str) -> None:
    usual = record(S3CompatibleByob, {**given, "access": access})
    seen = record(S3CompatibleByob, {**given, "access": access, "suspended_paths": suspended})
    assert sids(seen) == ["DenyInsecureTransport"]
    assert seen.value("principals") == []
    for kept in ("storage_addresses", "paths", "bucket_name"):
        assert seen.value(kept) == usual.value(kept)
    assert list(seen.value("handoffs")) == list(usual.value("handoffs"))
    others = {r.key: r.inputs for r in usual.resources if r.kind != "BucketPolicy"}
    assert {r.key: r.inputs for r in seen.resources if r.kind != "BucketPolicy"} == others


def test_a_server_without_a_deny_loses_its_policy() -> None:
    seen = record(S3CompatibleByob, {**STORE, "server": "ceph", "suspended_paths": ["/"]})
    assert not [r.key for r in seen.resources if r.kind == "BucketPolicy"]


def test_one_of_two_paths() -> None:
    seen = record(S3CompatibleByob, {**SHARED, "access": "minimal", "suspended_paths": ["nlp"]})
    objects = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"][-1]
    assert objects["Resource"] == ["arn:aws:s3:::vision-a1b2c3d/vision/*"]
    assert list(seen.value("storage_addresses")) == ["vision", "nlp"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**SHARED, "suspended_paths": ["other"]}, "BYOB-S3C-029"),
        ({**SHARED, "suspended_paths": ["nlp"]}, "BYOB-S3C-030"),
        ({**STORE, "server": "minio", "principals": [], "suspended_paths": ["/"]}, "BYOB-S3C-032"),
        ({**STORE, "principals": [], "suspended_paths": ["/"]}, "BYOB-S3C-032"),
    ],
)
def test_what_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(S3CompatibleByob, given)
    assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize(("server", "told"), [("ceph", True), ("generic", True), ("seaweedfs", False)])
def test_where_uploaders_own_their_objects_the_keys_must_go_too(server: str, told: bool) -> None:
    args = {**STORE, "server": server}
    seen = record(S3CompatibleByob, {**args, "suspended_paths": ["/"]})
    warnings = seen.value("handoffs")["/"]["warnings"]
    assert ("disable its keys in the store's own administration too" in str(warnings)) is told
    active = record(S3CompatibleByob, args).value("handoffs")["/"]["warnings"]
    assert "disable its keys" not in str(active)
