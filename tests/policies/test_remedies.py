"""What is mended at level `remediate` is mended so that the rule is kept, and nothing else is touched."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from byob_components.policies import RULES, rule
from byob_components.policies.tree import UNKNOWN, NotKnown
from tests.policies.made import judged, made, outcome, session

DAY = 86400
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
GCP, ACCOUNT, SERVICE = (
    "gcp:storage/bucket:Bucket",
    "azure-native:storage:StorageAccount",
    "azure-native:storage:BlobServiceProperties",
)
Changes = dict[tuple[str, ...], Any]
CASES: list[tuple[str, str, dict[str, Any], Changes]] = [
    ("byob-aws-bucket-versioning", VERSIONING, {"versioningConfiguration": {"status": "Suspended", "mfaDelete": "Disabled"}}, {("versioningConfiguration", "status"): "Enabled"}),
    ("byob-aws-bucket-public-access", BLOCK, {"blockPublicAcls": True, "ignorePublicAcls": False}, {("blockPublicPolicy",): True, ("ignorePublicAcls",): True, ("restrictPublicBuckets",): True}),
    ("byob-gcp-bucket-versioning", GCP, {}, {("versioning", "enabled"): True}),
    ("byob-gcp-bucket-soft-delete", GCP, {"softDeletePolicy": {"retentionDurationSeconds": 0}}, {("softDeletePolicy", "retentionDurationSeconds"): 7 * DAY}),
    ("byob-gcp-bucket-public-access", GCP, {"publicAccessPrevention": "inherited"}, {("publicAccessPrevention",): "enforced"}),
    ("byob-azure-public-access", ACCOUNT, {}, {("allowBlobPublicAccess",): False}),
    ("byob-azure-blob-versioning", SERVICE, {"isVersioningEnabled": False}, {("isVersioningEnabled",): True}),
    ("byob-azure-blob-soft-delete", SERVICE, {"deleteRetentionPolicy": {"enabled": True, "days": 1}}, {("deleteRetentionPolicy", "enabled"): True, ("deleteRetentionPolicy", "days"): 7}),
    ("byob-azure-container-soft-delete", SERVICE, {}, {("containerDeleteRetentionPolicy", "enabled"): True, ("containerDeleteRetentionPolicy", "days"): 7}),
]  # fmt: skip
each = pytest.mark.parametrize(("name", "type_", "inputs", "wanted"), CASES, ids=[case[0] for case in CASES])


def mended(inputs: Mapping[str, Any], changes: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """The properties with the changes."""
    made_ = copy.deepcopy(dict(inputs))
    for place, value in changes.items():
        here = made_
        for name in place[:-1]:
            here = here.setdefault(name, {})
        here[place[-1]] = value
    return made_


def test_every_remedy_is_tested() -> None:
    assert {case[0] for case in CASES} == {one.name for one in RULES if one.remedy is not None}


@each
def test_what_is_broken_is_mended(name: str, type_: str, inputs: dict[str, Any], wanted: Changes) -> None:
    assert outcome(judged(name, made(type_, inputs))) == "violation"
    changes = session().remedy(rule(name), made(type_, inputs))
    assert changes == wanted
    better = made(type_, mended(inputs, changes))
    assert outcome(judged(name, better)) == "fine"
    assert session().remedy(rule(name), better) == {}


@each
def test_what_is_excluded_or_not_known_is_left_alone(
    name: str, type_: str, inputs: dict[str, Any], wanted: Changes
) -> None:
    assert session({name: {"exclude": ("vision",)}}).remedy(rule(name), made(type_, inputs)) == {}
    first = next(iter(wanted))[0]
    with pytest.raises(NotKnown):
        session().remedy(rule(name), made(type_, {**inputs, first: UNKNOWN}))


def test_inline_properties_and_containers_are_left_alone() -> None:
    inline = made("aws:s3/bucket:Bucket", {"versioning": {"enabled": False}})
    assert session().remedy(rule("byob-aws-bucket-versioning"), inline) == {}
    container = made("azure-native:storage:BlobContainer", {"publicAccess": "Blob"})
    assert session().remedy(rule("byob-azure-public-access"), container) == {}
    assert session().remedy(rule("byob-aws-bucket-tls"), made("aws:s3/bucketPolicy:BucketPolicy", {})) == {}
