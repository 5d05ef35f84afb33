"""W&B's rights on a bucket made elsewhere: additive members, named so that rotating one leaves the others alone."""

from typing import Any

import pulumi
import pytest

from byob_components.gcp import GcpGrant
from byob_components.store import ByobRunError
from tests.mocks.gcp import record
from tests.mocks.monitor import Run

NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
OTHER = "wandb@acme-servers.iam.gserviceaccount.com"
GRANT: dict[str, Any] = {
    "deployment": "dedicated",
    "bucket_name": "theirs",
    "principals": [NODE],
    "access": "documented",
}


def members(seen: Run) -> dict[str, tuple[str, str]]:
    return {
        r.name: (r.inputs["role"], r.inputs["member"].removeprefix("serviceAccount:"))
        for r in seen.resources
        if r.kind == "BucketIAMMember"
    }


def test_it_adds_a_member_and_touches_nothing_else() -> None:
    seen = record(GcpGrant, GRANT)
    assert sorted(seen.keys()) == ["BucketIAMMember::vision-storage-admin-f555fdfa", "GcpGrant::vision"]
    one = seen.one("BucketIAMMember")
    assert (one.protect, one.retain_on_delete, one.deleted_with, one.ignore_changes) == (False, None, "", ())
    assert one.parent == "wandb-byob:index:GcpGrant::vision"
    assert seen.calls == []
    assert (seen.value("bucket_name"), seen.value("principals")) == ("theirs", [NODE])
    assert seen.registered_outputs == ["wandb-byob:index:GcpGrant::vision"]


def test_minimal_is_two_roles_for_each_principal() -> None:
    seen = record(GcpGrant, {**GRANT, "access": "minimal", "principals": [NODE, OTHER]})
    assert sorted(members(seen).values()) == sorted(
        (role, who)
        for role in ("roles/storage.objectUser", "roles/storage.legacyBucketReader")
        for who in (NODE, OTHER)
    )


def test_the_preset_of_the_deployment() -> None:
    given = {k: v for k, v in GRANT.items() if k != "principals"}
    assert record(GcpGrant, given).value("principals") == ["deploy@wandb-production.iam.gserviceaccount.com"]
    multi = record(GcpGrant, {**given, "deployment": "multi_tenant"})
    assert multi.value("principals") == ["wandb-integration@wandb-production.iam.gserviceaccount.com"]
    with pytest.raises(ByobRunError, match="BYOB-WANDB-010"):
        record(GcpGrant, {**given, "deployment": "self_managed"})


def test_revoking_and_rotating() -> None:
    both = members(record(GcpGrant, {**GRANT, "principals": [NODE, OTHER]}))
    assert members(record(GcpGrant, {**GRANT, "principals": [OTHER, NODE]})) == both
    assert members(record(GcpGrant, {**GRANT, "principals": [OTHER]})).items() < both.items()
    assert members(record(GcpGrant, {**GRANT, "principals": []})) == {}


def test_a_principal_that_is_known_late_is_named_by_its_place() -> None:
    seen = record(GcpGrant, {**GRANT, "principals": [NODE, pulumi.Output.from_input(OTHER)]})
    assert sorted(members(seen)) == ["vision-storage-admin-1", "vision-storage-admin-f555fdfa"]


def test_the_signer_signs_as_itself_and_stays() -> None:
    given = {**GRANT, "deployment": "self_managed", "principals": [NODE, OTHER], "signer": True}
    found = [r for r in record(GcpGrant, given).resources if r.kind == "IAMMember"]
    assert {r.name: r.inputs for r in found} == {
        f"vision-signer-{ending}": {
            "serviceAccountId": f"projects/-/serviceAccounts/{who}",
            "role": "roles/iam.serviceAccountTokenCreator",
            "member": f"serviceAccount:{who}",
        }
        for ending, who in (("f555fdfa", NODE), ("1ecaffd9", OTHER))
    }
    assert {(r.protect, r.retain_on_delete) for r in found} == {(False, True)}


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"signer": True}, ["BYOB-GCP-018"]),
        ({"signer": True, "deployment": "multi_tenant"}, ["BYOB-GCP-018"]),
        ({"principals": ["allUsers"]}, ["BYOB-WANDB-011"]),
        ({"principals": ["allAuthenticatedUsers"], "signer": True}, ["BYOB-WANDB-011", "BYOB-GCP-018"]),
        ({"principals": [f"serviceAccount:{NODE}"]}, ["BYOB-WANDB-012"]),
        ({"principals": [NODE, NODE]}, ["BYOB-WANDB-014"]),
        ({"bucket_name": "gs://theirs"}, ["BYOB-WANDB-027"]),
    ],
)
def test_what_is_refused(given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(ByobRunError) as refused:
        record(GcpGrant, {**GRANT, **given})
    assert [fault.code for fault in refused.value.faults] == codes
